package memorandum

import (
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// State is what the ledger holds of an agreement. The zero State is of none.
type State struct{ book book.Book[Event] }

// Book returns the facts by revision.
func (s *State) Book() *book.Book[Event] { return &s.book }

// Exists reports whether there is such an agreement: it was opened, and the
// opening was not voided.
func (s *State) Exists() bool { return s.book.Revision() > 0 && !s.book.Voided(1) }

// determination is a derived event as it was last recorded.
type determination[E Event] struct {
	event E
	at    es.Revision // 0: none was
	// doubt says that it is in dispute. One that a ruling set aside is as
	// though the conditions were not met.
	doubt bool
}

// determined returns the last determinations of entry into force, with the
// dates of all parties, and of the end.
func (s *State) determined() (entry determination[EntryDetermined], end determination[EndDetermined]) {
	var parties []Force
	for h := range s.book.Held() {
		switch e := h.Event.(type) {
		case EntryDetermined:
			for _, f := range e.Parties {
				i := slices.IndexFunc(parties, func(x Force) bool { return x.Party == f.Party && x.Round == f.Round })
				if i < 0 {
					parties = append(parties, f)
				} else {
					parties[i] = f
				}
			}
			entry = determination[EntryDetermined]{e, h.Revision, h.Dispute != 0}
			entry.event.Parties = parties
			if h.SetAside != 0 {
				entry.event.Met = edtf.No
				entry.event.Parties = nil
			}
		case EndDetermined:
			end = determination[EndDetermined]{e, h.Revision, h.Dispute != 0}
			if h.SetAside != 0 {
				end.event.Cause = ""
			}
		}
	}
	return entry, end
}

// changes returns the derived events by which what follows now differs from
// what was last recorded.
func (s *State) changes() []Event {
	r := s.read()
	now := r.derive()
	entry, end := s.recorded()
	var events []Event
	if changed := changedForces(entry.event.Parties, now.entry.Parties); len(changed) > 0 ||
		now.entry.Met != entry.event.Met || now.entry.From != entry.event.From {
		now.entry.Parties = changed
		events = append(events, now.entry)
	}
	if now.end.Cause != end.event.Cause || now.end.On != end.event.On {
		events = append(events, now.end)
	}
	for _, a := range now.amendments {
		if last := s.amendment(a.Amendment); last.Met != a.Met || last.From != a.From {
			events = append(events, a)
		}
	}
	return events
}

// recorded is determined as it was recorded, rulings on it apart: a ruling is
// not answered by determining the same again.
func (s *State) recorded() (determination[EntryDetermined], determination[EndDetermined]) {
	plain := State{}
	for h := range s.book.Held() {
		if _, ok := h.Event.(book.Derived); ok {
			plain.book.Add(h.Event)
		}
	}
	return plain.determined()
}

// changedForces returns what differs in now: the rows that are new or other,
// and those that are gone, as not met.
func changedForces(last, now []Force) []Force {
	var changed []Force
	for _, f := range now {
		if f.Met == edtf.No && !f.Left && !slices.ContainsFunc(last, f.same) {
			continue // consent that has not led to anything is no news
		}
		if !slices.Contains(last, f) {
			changed = append(changed, f)
		}
	}
	for _, f := range last {
		if !slices.ContainsFunc(now, f.same) && f.Met != edtf.No {
			changed = append(changed, Force{Party: f.Party, Round: f.Round})
		}
	}
	return changed
}

func (f Force) same(g Force) bool { return f.Party == g.Party && f.Round == g.Round }

func (s *State) amendment(key Key) AmendmentDetermined {
	var last AmendmentDetermined
	for h := range s.book.Held() {
		if e, ok := h.Event.(AmendmentDetermined); ok && e.Amendment == key {
			last = e
		}
	}
	return last
}

// Entry returns when and for whom the agreement is in force by its own terms,
// as last determined, and at which revision; 0 if it never was.
func (s *State) Entry() (EntryDetermined, es.Revision) {
	entry, _ := s.determined()
	return entry.event, entry.at
}

// End returns when the agreement ends by its own terms, as last determined,
// and at which revision; 0 if it never was.
func (s *State) End() (EndDetermined, es.Revision) {
	_, end := s.determined()
	return end.event, end.at
}

// Description is what the agreement is about, by the facts that move state.
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
	for h := range s.book.Moving() {
		switch e := h.Event.(type) {
		case Drafted:
			d.Kind, d.Themes, d.Reference, d.Open, d.Terms = e.Kind, e.Themes, e.Reference, e.Open, e.Terms
			d.Titles = append(d.Titles, e.Titles...)
			if e.Under != "" {
				d.Relations = append(d.Relations, Related{Fact: e.Fact, To: e.Under, Relation: "under"})
			}
		case CarriedOver:
			if h.Revision == 1 {
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
