package activity

import (
	"iter"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// State is what the ledger holds of an activity. The zero State is of none.
type State struct{ book book.Book[Event] }

// Book returns the facts by revision.
func (s *State) Book() *book.Book[Event] { return &s.book }

// Facts returns the facts by revision, for who does not know their type.
func (s *State) Facts() iter.Seq[book.Fact] { return s.book.Facts() }

// Exists reports whether there is such an activity: it was opened, and the
// opening was not voided.
func (s *State) Exists() bool { return s.book.Exists() }

// Describe returns what the activity is called and belongs to, also if it is
// only announced or contested.
func (s *State) Describe() Description {
	var d Description
	open := func(as Description) {
		d = as
		d.Titles = d.Titles[:len(d.Titles):len(d.Titles)] // a title added later stays out of the event
	}
	for h := range s.book.Describing() {
		switch e := h.Event.(type) {
		case Registered:
			open(e.Description)
		case CarriedOver:
			open(e.Description)
		case Titled:
			d.Titles = append(d.Titles, e.Title)
		case SeriesNamed:
			d.Series, d.Number = e.Series, e.Number
		default:
		}
	}
	return d
}

// Title returns the main title.
func (s *State) Title() terms.Text {
	if titles := s.Describe().Titles; len(titles) > 0 {
		return titles[0]
	}
	return terms.Text{}
}

// Place returns where the activity is, by the last fact that says so; zero if
// none does.
func (s *State) Place() Place {
	var p Place
	for h := range s.book.Describing() {
		switch e := h.Event.(type) {
		case CarriedOver:
			p = e.Place
		case Located:
			p = e.Place
		default:
		}
	}
	return p
}

// Agenda returns the themes and items of the last agenda.
func (s *State) Agenda() ([]terms.Theme, []terms.Text) {
	var last AgendaSet
	for h := range s.book.Moving() {
		if e, ok := h.Event.(AgendaSet); ok {
			last = e
		}
	}
	return last.Themes, last.Items
}

// Said is something a fact says, with how surely it does.
type Said[T any] struct {
	What T
	// Status is that of the fact, and Moves whether it counts: it is recorded
	// and not in dispute. What does not is there to be shown as what it is.
	Status   terms.Status
	Moves    bool
	Revision es.Revision
}

// said returns what the facts say that were not set aside, in order of
// recording.
func said[T any](s *State, pick func(Event) []T) []Said[T] {
	var all []Said[T]
	for h := range s.book.Held() {
		if h.SetAside != 0 {
			continue
		}
		for _, what := range pick(h.Event) {
			all = append(all, Said[T]{what, h.Fact.Status, h.Moves(), h.Revision})
		}
	}
	return all
}

// Host is somebody who hosts the activity or stands behind it.
type Host struct {
	Party terms.PartyRef
	As    HostRole
}

// Hosts returns who is named as one, in order of recording.
func (s *State) Hosts() []Said[Host] {
	return said(s, func(e Event) []Host {
		if e, ok := e.(HostNamed); ok {
			return []Host{{e.Party, e.As}}
		}
		return nil
	})
}

// Participants returns who is named as one, in order of recording. To have been
// present says nothing of membership in anything.
func (s *State) Participants() []Said[Participation] {
	return said(s, func(e Event) []Participation {
		switch e := e.(type) {
		case CarriedOver:
			return e.Participants
		case ParticipantRecorded:
			return []Participation{e.Participation}
		default:
			return nil
		}
	})
}

// Outputs returns what came out of the activity, in order of recording.
func (s *State) Outputs() []Said[Output] {
	return said(s, func(e Event) []Output {
		if e, ok := e.(OutputRecorded); ok {
			return []Output{e.Output}
		}
		return nil
	})
}

// Relative is something an activity stands in a relation to.
type Relative struct {
	To       terms.Ref
	Relation Relation
}

// Relations returns how the activity stands to others, its parent first.
func (s *State) Relations() []Said[Relative] {
	return said(s, func(e Event) []Relative {
		var parent terms.Ref
		switch e := e.(type) {
		case Registered:
			parent = e.Parent
		case CarriedOver:
			parent = e.Parent
		case Related:
			return []Relative{{e.To, e.Relation}}
		default:
		}
		if parent == "" {
			return nil
		}
		return []Relative{{parent, "part_of"}}
	})
}

// Counted is a stated count of participants with those named.
type Counted struct {
	Count
	// Named is how many parties or people of those counted are named. The rest
	// are unnamed places, which no guard counts (rule 8 of the ledger).
	Named int
}

// Unnamed returns the number of unnamed places, 0 if all are named.
func (c Counted) Unnamed() int { return max(c.Number-c.Named, 0) }

// Counts returns the stated counts, in order of recording.
func (s *State) Counts() []Said[Counted] {
	who := s.Participants()
	return said(s, func(e Event) []Counted {
		if e, ok := e.(ParticipantsCounted); ok {
			return []Counted{{e.Count, e.Count.named(who)}}
		}
		return nil
	})
}

// named counts the participants of whom c is, by the facts that move state. A
// party or person named twice is one, a class of parties nobody. Who came or
// stayed away was expected.
func (c Count) named(who []Said[Participation]) int {
	seen := map[string]bool{}
	for _, p := range who {
		id := string(p.What.Party.ID)
		if c.Of == "people" {
			id = string(p.What.Person)
		}
		if p.Moves && id != "" && !p.What.Class && (c.Presence == "expected" || p.What.Presence == c.Presence) &&
			(c.Among == "all" || string(c.Among) == string(p.What.Role)) {
			seen[id] = true
		}
	}
	return len(seen)
}
