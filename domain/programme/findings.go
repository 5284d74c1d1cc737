package programme

import (
	"fmt"
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// findings collects what a person should look at.
type findings struct{ all []terms.Finding }

func (f *findings) add(code, detail string, events ...es.Revision) {
	slices.Sort(events)
	f.all = append(f.all, terms.Finding{Code: "programme." + code, Detail: detail, Events: slices.Compact(events)})
}

// Findings returns what a person should look at: contradictions of dates, what
// partial dates leave undecided, selection without application, facts that
// compete, unnamed places, calls that are named and not there.
func (s *State) Findings() []terms.Finding {
	if !s.Exists() {
		return nil // nothing more is said of what was voided
	}
	f := &findings{all: book.Findings("programme", &s.book)}
	r := s.read()
	f.dates(s)
	f.competing(r)
	f.order(r)
	f.way(r)
	f.late(r)
	f.places(s, r)
	f.dangling(s)
	return f.all
}

// dates finds steps that are undated or vaguely dated.
func (f *findings) dates(s *State) {
	for h := range s.book.Held() {
		switch h.Event.(type) {
		case Launched, CallOpened, CallClosed, ApplicationReceived, Selected, Rejected, Paired, Closed:
		default:
			continue
		}
		from := h.Fact.From()
		lo, hi := from.Earliest().Bounded(), from.Latest().Bounded()
		switch {
		case from.IsUnknown():
			f.add("undated", "nothing is known of the date", h.Revision)
		case lo != hi:
			f.add("open_date", fmt.Sprintf("the date %s is bounded on one side only", from), h.Revision)
		case from.Qualified():
			f.add("uncertain_date", fmt.Sprintf("the date %s is uncertain or approximate", from), h.Revision)
		}
	}
}

// competing finds facts of which only one can be so. The one recorded first
// stands until it is corrected, voided or ruled on.
func (f *findings) competing(r *reading) {
	check := func(what string, ds []dated) {
		for _, d := range ds[min(1, len(ds)):] {
			if d.from != ds[0].from {
				f.add("competing", what+" is asserted with different dates; the first stands", ds[0].at, d.at)
			}
		}
	}
	check("the launch", r.launched)
	check("the end", r.closed)
	for _, call := range r.calls {
		check("the opening of a call", r.opened[call])
		check("the closing of a call", r.shut[call])
	}
	for i, o := range r.owners {
		if i > 0 && o.id != r.owners[i-1].id && edtf.Before(r.owners[i-1].from, o.from) != edtf.Yes {
			f.add("owners_differ", "different owners are named and no dates say that one followed the other", r.owners[i-1].at, o.at)
		}
	}
}

// order finds steps of the programme whose dates contradict their order, or
// leave it open.
func (f *findings) order(r *reading) {
	end, _ := r.ended()
	f.inOrder("closed before it was launched", one(r.launched), end)
	for _, call := range r.calls {
		f.inOrder("a call was closed before it was opened", one(r.opened[call]), one(r.shut[call]))
		f.inOrder("a call was opened after the end of the programme", one(r.opened[call]), end)
	}
	for _, s := range r.steps {
		if s.part != PartRejected {
			f.inOrder("the programme was closed before a party "+verbs[s.part], s.dated, end)
		}
	}
}

// verbs says what happened when a party came to have a part.
var verbs = map[Part]string{
	PartApplied: "applied", PartSelected: "was selected", PartRejected: "was rejected", PartPaired: "was paired",
}

// inOrder finds fault unless then came after first.
func (f *findings) inOrder(what string, first, then dated) {
	if first.at == 0 || then.at == 0 || first.at == then.at || first.from.IsUnknown() || then.from.IsUnknown() {
		return
	}
	switch edtf.Before(then.from, first.from) {
	case edtf.Yes:
		f.add("contradiction", fmt.Sprintf("%s: %s before %s", what, then.from, first.from), first.at, then.at)
	case edtf.Maybe:
		f.add("undecidable", fmt.Sprintf("perhaps %s: %s and %s", what, then.from, first.from), first.at, then.at)
	case edtf.No:
	}
}

// way finds steps of a party that lack the one before, contradict it, or came
// too early. What an older register carries over needs no step before.
func (f *findings) way(r *reading) {
	for _, s := range r.steps {
		switch s.part {
		case PartApplied:
		case PartSelected, PartRejected:
			applied := r.first(s.party, s.call, PartApplied)
			f.inOrder("a party "+verbs[s.part]+" before it applied", applied, s.dated)
			if applied.at == 0 && s.at != r.begun.By {
				f.add("no_application", "a party "+verbs[s.part]+" of which no application is recorded", s.at)
			}
			if rejected := r.first(s.party, s.call, PartRejected); s.part == PartSelected && rejected.at != 0 {
				f.add("selected_and_rejected", "a party was both selected and rejected in one call", s.at, rejected.at)
			}
		case PartPaired:
			own, other := r.first(s.party, s.call, PartSelected), r.first(s.with, s.call, PartSelected)
			f.inOrder("a party was paired before it was selected", own, s.dated)
			if own.at == 0 && other.at == 0 && s.at != r.begun.By && s.party < s.with {
				f.add("no_selection", "two parties were paired of which neither is known to have been selected", s.at)
			}
		}
	}
}

// first is the first fact that gives a party a part in a call, zero if there is
// none.
func (r *reading) first(party terms.PartyID, call Key, part Part) dated {
	for _, s := range r.steps {
		if s.party == party && s.part == part && (s.call == call || s.call == "" || call == "") {
			return s.dated
		}
	}
	return dated{}
}

// late finds applications that came, or perhaps came, when the call was closed.
func (f *findings) late(r *reading) {
	for _, s := range r.steps {
		if s.part != PartApplied || s.from.IsUnknown() {
			continue
		}
		closed := edtf.No
		if d := one(r.shut[s.call]); d.at != 0 {
			closed = edtf.Before(d.from, s.from)
		} else if d := one(r.opened[s.call]); d.at != 0 && !d.until.IsUnknown() {
			closed = edtf.Before(d.until, s.from)
		}
		switch closed {
		case edtf.Yes:
			f.add("late", fmt.Sprintf("a party applied when the call was closed: %s", s.from), s.at)
		case edtf.Maybe:
			f.add("undecidable", fmt.Sprintf("perhaps a party applied when the call was closed: %s", s.from), s.at)
		case edtf.No:
		}
	}
}

// places finds those that are counted and not named.
func (f *findings) places(s *State, r *reading) {
	for h := range s.book.Held() {
		e, ok := h.Event.(Counted)
		if !ok || h.SetAside != 0 {
			continue
		}
		perhaps := ""
		if !h.Moves() {
			perhaps = "perhaps "
		}
		named := r.named(e.What, e.Call)
		switch n := e.Number - named; {
		case n > 0:
			f.add("unnamed_places", fmt.Sprintf("%s%d %s, of which %d are not named", perhaps, e.Number, e.What, n), h.Revision)
		case n < 0:
			f.add("more_named", fmt.Sprintf("%s%d %s, but %d are named", perhaps, e.Number, e.What, named), h.Revision)
		}
	}
}

// dangling finds calls that are named and, since they were corrected or voided,
// not there.
func (f *findings) dangling(s *State) {
	for h := range s.book.Held() {
		if call := callOf(h.Event); call != "" && !s.hasCall(call) {
			f.add("no_call", fmt.Sprintf("the fact names the call %s, which is not there", call), h.Revision)
		}
	}
}
