package memorandum

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Field is what can be explained of an agreement.
type Field string

// The fields.
const (
	FieldEntry Field = "inForceFrom"
	FieldEnd   Field = "ends"
	FieldPhase Field = "phase"
	FieldPart  Field = "part"
)

// Words returns the fields.
func (Field) Words() []string {
	return []string{string(FieldEntry), string(FieldEnd), string(FieldPhase), string(FieldPart)}
}

// UnmarshalText accepts one of the fields.
func (f *Field) UnmarshalText(text []byte) error { return terms.ReadWord(f, text) }

// Explanation says why an answer is what it is.
type Explanation struct {
	// Answer is in words or an EDTF date. That of phase and part is in Spans.
	Answer string
	Spans  []Span
	Rule   string
	// Used are the facts that the answer rests on, Ignored those of the same
	// subject that were left out, by revision. No revision is in both.
	Used, Ignored []Evidence
}

// Evidence is what one event says: a fact, or a correction of one.
type Evidence struct {
	Revision es.Revision    `json:"revision"`
	Type     string         `json:"type"`  // of the fact, as stored: memorandum.signed
	Party    terms.PartyID  `json:"party"` // that it is about, or empty
	Date     edtf.Date      `json:"date"`  // from which it counts
	Source   terms.Citation `json:"source"`
	// Why says why it was left out, and By is the event because of which, or 0.
	Why string      `json:"why"`
	By  es.Revision `json:"by"`
}

// explaining is an explanation as it is made.
type explaining struct {
	Explanation
	field  Field
	state  *State
	r      *reading
	d      *determined
	events []Event
	used   map[es.Revision]bool // facts as first recorded
}

// Explain explains what a field is after the events of a stream. It is given the
// events because a state does not keep what was voided or corrected.
func Explain(field Field, events ...Event) Explanation {
	s := Decider.Fold(events...)
	x := explaining{field: field, state: &s, r: s.read(), d: s.recorded(), events: events, used: map[es.Revision]bool{}}
	if opening, ok := s.book.Opening(); ok {
		x.use(opening.Revision)
	}
	switch field {
	case FieldEntry:
		x.explainEntry()
	case FieldEnd:
		x.explainEnd()
	case FieldPhase:
		x.explainSpans(s.Phases(), "the last phase that has begun, in the order of an agreement's life")
	case FieldPart:
		x.explainSpans(s.Parts(), "the last part that has begun, of a party's last participation")
	default:
		panic(fmt.Sprintf("explain: unknown field %q", field))
	}
	for i, e := range events {
		x.place(es.Revision(i+1), e)
	}
	return x.Explanation
}

func (x *explaining) use(at ...es.Revision) {
	for _, r := range at {
		x.used[r] = true
	}
}

// explainSpans uses what spans rest on: of what was determined, its basis.
func (x *explaining) explainSpans(spans []Span, rule string) {
	x.explainEntry()
	x.Answer, x.Spans, x.Rule = "", spans, rule+"; in force by: "+x.Rule
	if x.field == FieldPart {
		for _, c := range x.r.consents() {
			if c.force != nil {
				x.use(c.force.at)
			}
		}
	}
	for _, span := range spans {
		x.use(span.By)
		if e, ok := x.events[span.By-1].(EndDetermined); ok {
			x.use(e.Basis...)
		}
	}
}

// explainEntry uses the consents that met the conditions, or else those there
// are, and what the conditions count.
func (x *explaining) explainEntry() {
	x.Answer = answer(x.d.inForce(), "", x.d.entry.event.From)
	entry, e := x.d.entry.event, x.r.terms.Entry
	rule, _ := x.r.determineEntry(x.r.consents())
	_, carried := x.r.carriedInForce()
	x.use(entry.Basis...)
	switch x.Rule = rule; {
	case carried:
		return
	case rule == "":
		x.Rule = "none: anybody may join, and the terms are silent"
	case e.IsZero():
		x.Rule += ": the terms are silent, so all who negotiated must consent (VCLT art. 24(2))"
	default:
		x.Rule += ", by the terms"
	}
	for _, c := range x.r.consents() {
		if entry.Met == edtf.No {
			x.use(c.at)
		}
		if c.leave != nil && edtf.Before(c.leave.from, entry.From) != edtf.No {
			x.use(c.leave.at)
		}
	}
	latest := map[terms.PartyID]es.Revision{}
	for h := range x.state.book.Moving() {
		switch about := subject(h.Event); h.Event.(type) {
		case TermsSet:
			latest[""] = h.Revision
		case Weighed:
			if e.Share > 0 {
				latest[about.party] = h.Revision
			}
		case Invited:
			x.used[h.Revision] = e.All || e.IsZero()
		case PartCarriedOver:
			p := x.r.parties[about.party]
			if p.carried.at == h.Revision && (e.All || e.IsZero() || e.Share > 0 && !p.weighed) {
				x.use(h.Revision)
			}
		default: // no condition counts it
		}
	}
	for _, at := range latest {
		x.use(at)
	}
}

func (x *explaining) explainEnd() {
	x.explainEntry()
	end, last := x.d.end, lastRenewal(x.r.renewed)
	x.Answer = "no end"
	i := slices.IndexFunc(x.r.phases(x.d), func(s Span) bool { return s.Rank == rankEnded })
	if i >= 0 {
		span := x.r.phases(x.d)[i]
		so := edtf.Yes
		if span.Doubt {
			so = edtf.Maybe
		}
		x.Answer = answer(so, string(span.Phase)+" ", span.From)
		if _, derived := x.events[span.By-1].(EndDetermined); !derived {
			clear(x.used)
			x.use(span.By)
			x.Rule = "what ended it, not its terms (VCLT art. 54, 59)"
			return
		}
	}
	x.use(end.event.Basis...)
	if last != nil {
		x.use(last.at)
	}
	switch {
	case x.d.inForce() == edtf.No:
		x.Rule = "what is not in force does not end by its terms; in force by: " + x.Rule
	case end.event.Cause != "":
		x.Rule = end.event.Rule + ", by the terms"
	case last != nil && last.until.IsForever():
		x.Rule = "renewed without an end"
	case x.r.terms.Renewal.Tacit:
		x.Rule = "renewed tacitly by the terms until a party declines"
	default:
		x.Rule = "the terms set no end"
	}
}

// answer puts a date into words on which something is so, if it is.
func answer(so edtf.Truth, what string, from edtf.Date) string {
	what += cmp.Or(from.String(), "on a day that is not known")
	return map[edtf.Truth]string{edtf.No: "not in force", edtf.Maybe: "perhaps " + what, edtf.Yes: what}[so]
}

// place puts an event where it belongs, if it is a fact of the field or one
// that the answer rests on, or a correction of such a fact.
func (x *explaining) place(at es.Revision, e Event) {
	of, by := at, at
	if c, ok := e.(Corrected); ok {
		of, e = c.Of, c.As
	}
	about := subject(e)
	if !slices.Contains(about.fields, x.field) && !x.used[of] {
		return
	}
	h, held := x.state.book.At(of)
	if held {
		by = h.By
	}
	f := e.About()
	one := Evidence{Revision: at, Type: Events.Name(e), Party: about.party, Date: f.From(), Source: f.Source}
	_, derived := e.(book.Derived)
	opening, opened := x.state.book.Opening()
	unmoving := !h.Moves() && of != opening.Revision // what opens it describes it, however sure
	switch {
	case x.state.book.Voided(at) || x.state.book.Voided(of):
		one.Why = "voided: recorded in error"
	case by != at:
		one.Why, one.By = "superseded by a correction", by
	case !opened:
		one.Why = "the agreement was opened in error"
	case unmoving && h.Fact.Status != terms.Recorded:
		one.Why = h.Fact.Status.String() + ": only what is recorded moves anything (rule 5 of the ledger)"
	case unmoving && h.Dispute != 0:
		one.Why, one.By = "disputed, without a ruling", h.Dispute
	case unmoving:
		one.Why, one.By = "set aside by a ruling", h.SetAside
	case derived:
		return // its basis is placed instead
	case x.used[of]:
		x.Used = append(x.Used, one)
		return
	default:
		one.Why, one.By = x.unused(h)
	}
	x.Ignored = append(x.Ignored, one)
}

// unused says why a fact that moves state does not move this answer.
func (x *explaining) unused(h book.Held[Event]) (why string, by es.Revision) {
	if signed, ok := h.Event.(Signed); ok && !x.r.binds(dated{binds: signed.Definitive}) {
		return "not binding: a signature is no consent by these terms (VCLT art. 12)", 0
	}
	about := subject(h.Event)
	if part, ok := h.Event.(PartCarriedOver); ok {
		if first := x.r.parties[part.Party.ID].carried.at; first != h.Revision {
			return "competing: the first recorded stands", first
		}
	}
	why = "the answer does not rest on it"
	for rival := range x.state.book.Moving() {
		if other := subject(rival.Event); !x.used[rival.Revision] || about.only == "" || other.only != about.only || other.party != about.party {
			continue
		}
		switch {
		case x.roundOf(rival.Revision) != x.roundOf(h.Revision):
			why, by = "of another round of participation", rival.Revision
		case rival.Revision < h.Revision:
			return "competing: the first recorded stands", rival.Revision
		default:
			why, by = "stated anew later", rival.Revision
		}
	}
	return why, by
}

// roundOf returns the round of participation of a signature or consent, else 0.
func (x *explaining) roundOf(at es.Revision) int {
	for _, p := range x.r.parties {
		for i, round := range x.r.rounds(p) {
			if slices.ContainsFunc(slices.Concat(round.signed, round.consented), func(d dated) bool { return d.at == at }) {
				return i + 1
			}
		}
	}
	return 0
}

// about is what an event is a fact of.
type about struct {
	fields []Field
	party  terms.PartyID
	only   string // what only one of several facts can say, or ""
}

func subject(e Event) about {
	every := []Field{FieldEntry, FieldPart, FieldPhase, FieldEnd}
	switch e := e.(type) {
	case Drafted, EntryDetermined:
		return about{every, "", ""}
	case CarriedOver, TermsSet:
		return about{every, "", Events.Name(e)}
	case PartCarriedOver:
		return about{every, e.Party.ID, ""}
	case Withdrawn:
		return about{every, e.Party, "withdrawal"}
	case NoticeGiven:
		return about{every, e.Party, ""}
	case NoticeRevoked:
		return about{every, e.Party, ""}
	case Invited:
		return about{every[:3], e.Party.ID, ""}
	case Signed:
		return about{every[:3], e.Party.ID, "signature"}
	case Consented:
		return about{every[:3], e.Party.ID, "consent"}
	case Weighed:
		return about{every[:3], e.Party, "weight"}
	case RenewalDeclined:
		return about{every[1:], e.Party, ""}
	case Renewed, EndDetermined:
		return about{every[1:], "", ""}
	case Terminated, Superseded, Abandoned:
		return about{every[1:], "", "end"}
	case Suspended, Resumed:
		return about{every[1:3], "", ""}
	case Adopted, Opened:
		return about{every[2:3], "", Events.Name(e)}
	case Provisional, ProvisionalEnded:
		return about{every[2:3], "", ""}
	default:
		return about{}
	}
}
