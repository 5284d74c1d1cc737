package memorandum

import (
	"iter"
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// State is what the ledger holds of an agreement. The zero State is of none.
// It is the book; what is read off it is kept until the next event.
type State struct {
	book       book.Book[Event]
	reading    *reading
	determined *determined
	parts      []Span
}

// Book returns the facts by revision.
func (s *State) Book() *book.Book[Event] { return &s.book }

// Facts returns the facts by revision, for who does not know their type.
func (s *State) Facts() iter.Seq[book.Fact] { return s.book.Facts() }

// Exists reports whether there is such an agreement: it was opened, and the
// opening was not voided.
func (s *State) Exists() bool { return s.book.Exists() }

// determination is a derived event as it was last recorded.
type determination[E Event] struct {
	event E
	at    es.Revision // 0: none was
	since es.Revision // the first that gave this answer with no other between
	// A dispute or a ruling is about an answer, in whichever determination it was
	// given: what is determined anew for a late party, or after a correction is
	// taken back, does not undo it.
	doubt    bool // in dispute
	setAside bool // by a ruling: as though the conditions were not met
}

// last returns the last determination of a type. Two give the same answer if
// the events are alike.
func last[E Event](all []book.Held[Event], alike func(a, b E) bool) determination[E] {
	var d determination[E]
	changed := false // whether another answer came between
	for _, h := range slices.Backward(all) {
		e, ok := h.Event.(E)
		switch {
		case !ok:
			continue
		case d.at == 0:
			d.event, d.at = e, h.Revision
		case !alike(e, d.event):
			changed = true
			continue
		}
		if !changed {
			d.since = h.Revision
		}
		d.doubt = d.doubt || h.Dispute != 0
		d.setAside = d.setAside || h.SetAside != 0
	}
	return d
}

// force is the last determination for one round of a party.
type force struct {
	Force
	at es.Revision
}

// determined are the last determinations as they were recorded.
type determined struct {
	entry      determination[EntryDetermined]
	parties    []force
	end        determination[EndDetermined]
	amendments []AmendmentDetermined
}

// recorded returns the last determinations.
func (s *State) recorded() *determined {
	if s.determined == nil {
		s.determined = s.findDetermined()
	}
	return s.determined
}

func (s *State) findDetermined() *determined {
	var all []book.Held[Event]
	for h := range s.book.Held() {
		if _, ok := h.Event.(book.Derived); ok {
			all = append(all, h)
		}
	}
	d := &determined{
		entry: last(all, func(a, b EntryDetermined) bool { return a.Met == b.Met && a.From == b.From }),
		end:   last(all, func(a, b EndDetermined) bool { return a.Cause == b.Cause && a.On == b.On }),
	}
	for _, h := range all {
		switch e := h.Event.(type) {
		case EntryDetermined:
			for _, f := range e.Parties {
				d.party(force{f, h.Revision})
			}
		case AmendmentDetermined:
			i := slices.IndexFunc(d.amendments, func(a AmendmentDetermined) bool { return a.Amendment == e.Amendment })
			if i < 0 {
				d.amendments = append(d.amendments, e)
			} else {
				d.amendments[i] = e
			}
		default:
		}
	}
	return d
}

func (d *determined) party(f force) {
	i := slices.IndexFunc(d.parties, func(g force) bool { return g.same(f.Force) })
	if i < 0 {
		d.parties = append(d.parties, f)
	} else {
		d.parties[i] = f
	}
}

// inForce is whether the agreement is in force at some time, rulings and
// disputes considered.
func (d *determined) inForce() edtf.Truth {
	switch {
	case d.entry.setAside:
		return edtf.No
	case d.entry.doubt:
		return min(d.entry.event.Met, edtf.Maybe)
	}
	return d.entry.event.Met
}

// changes returns the derived events by which what follows now differs from
// what was last recorded. A ruling on a determination is not answered by
// determining the same again.
func (s *State) changes() []Event {
	now, last := s.read().derive(), s.recorded()
	var events []Event
	changed := changedForces(last.parties, now.entry.Parties)
	if was := last.entry.event; len(changed) > 0 || now.entry.Met != was.Met || now.entry.From != was.From ||
		now.entry.Met != edtf.No && !same(now.entry.Rule, was.Rule, now.entry.Basis, was.Basis) {
		now.entry.Parties = changed
		events = append(events, now.entry)
	}
	if was := last.end.event; now.end.Cause != was.Cause || now.end.On != was.On ||
		now.end.Cause != "" && !same(now.end.Rule, was.Rule, now.end.Basis, was.Basis) {
		events = append(events, now.end)
	}
	for _, a := range now.amendments {
		i := slices.IndexFunc(last.amendments, func(b AmendmentDetermined) bool { return b.Amendment == a.Amendment })
		if i < 0 && a.Met != edtf.No || i >= 0 && a.differs(last.amendments[i]) {
			events = append(events, a)
		}
	}
	for _, a := range last.amendments { // of what was voided since
		gone := !slices.ContainsFunc(now.amendments, func(b AmendmentDetermined) bool { return b.Amendment == a.Amendment })
		if gone && a.Met != edtf.No {
			events = append(events, AmendmentDetermined{Amendment: a.Amendment})
		}
	}
	return events
}

func (e AmendmentDetermined) differs(last AmendmentDetermined) bool {
	return e.Met != last.Met || e.From != last.From ||
		e.Met != edtf.No && !same(e.Rule, last.Rule, e.Basis, last.Basis)
}

// same reports whether two determinations rest on the same rule and basis.
func same(rule, was string, basis, wasBasis []es.Revision) bool {
	return rule == was && slices.Equal(basis, wasBasis)
}

// changedForces returns what differs in now: the rows that are new or other,
// and those that are gone, as not met. Consent that led to nothing is no news.
func changedForces(last []force, now []Force) []Force {
	var changed []Force
	for _, f := range now {
		was := Force{Party: f.Party, Round: f.Round}
		if i := slices.IndexFunc(last, func(l force) bool { return l.same(f) }); i >= 0 {
			was = last[i].Force
		}
		if f != was {
			changed = append(changed, f)
		}
	}
	for _, f := range last {
		gone := Force{Party: f.Party, Round: f.Round}
		if f.Force != gone && !slices.ContainsFunc(now, f.same) {
			changed = append(changed, gone)
		}
	}
	return changed
}

func (f Force) same(g Force) bool { return f.Party == g.Party && f.Round == g.Round }

// Entry returns when and for whom the agreement is in force by its own terms,
// with all parties for which it is or was, as last determined, and at which
// revision; 0 if it never was. What a ruling set aside is returned as not met.
func (s *State) Entry() (EntryDetermined, es.Revision) {
	d := s.recorded()
	e := d.entry.event
	e.Parties = nil
	if d.entry.setAside {
		e.Met, e.From = edtf.No, edtf.Date{}
		return e, d.entry.at
	}
	for _, f := range d.parties {
		if f.Met != edtf.No {
			e.Parties = append(e.Parties, f.Force)
		}
	}
	return e, d.entry.at
}

// End returns when the agreement ends by its own terms, as last determined,
// and at which revision; 0 if it never was. What a ruling set aside is returned
// as no end.
func (s *State) End() (EndDetermined, es.Revision) {
	end := s.recorded().end
	if end.setAside {
		return EndDetermined{}, end.at
	}
	return end.event, end.at
}

// Description is what the agreement is about, by its opening and the facts that
// move state.
type Description struct {
	Kind      Kind
	Titles    []terms.Text
	Themes    []terms.Theme
	Reference string
	Open      bool
	Terms     Terms
	Texts     []TextAdded
	Relations []Related
	Axes      []AxisRecorded
	Units     []UnitNamed
}

// Describe returns what the agreement is about.
func (s *State) Describe() Description {
	var d Description
	for h := range s.book.Describing() {
		switch e := h.Event.(type) {
		case Drafted:
			d.Kind, d.Themes, d.Reference, d.Open, d.Terms = e.Kind, e.Themes, e.Reference, e.Open, e.Terms
			d.Titles = append(d.Titles, e.Titles...)
			if e.Under != "" {
				d.Relations = append(d.Relations, Related{Fact: e.Fact, To: e.Under, Relation: "under"})
			}
		case CarriedOver:
			if d.Kind == "" { // else it competes with the opening, which stands
				d.Kind, d.Themes, d.Reference, d.Open, d.Terms = e.Kind, e.Themes, e.Reference, e.Open, e.Terms
				d.Titles = append(d.Titles, e.Titles...)
			}
		case Titled:
			d.Titles = append(d.Titles, e.Title)
		case ThemesSet:
			d.Themes = e.Themes
		case TermsSet:
			d.Terms = e.Terms
		case TextAdded:
			d.Texts = append(d.Texts, e)
		case Related:
			d.Relations = append(d.Relations, e)
		case AxisRecorded:
			d.Axes = append(d.Axes, e)
		case UnitNamed:
			d.Units = append(d.Units, e)
		default: // says nothing about what it is about
		}
	}
	return d
}
