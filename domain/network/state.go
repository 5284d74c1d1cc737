package network

import (
	"iter"
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
)

// State is what the ledger holds of a network. The zero State is of none.
type State struct{ book book.Book[Event] }

// Book returns the facts by revision.
func (s *State) Book() *book.Book[Event] { return &s.book }

// Facts returns the facts by revision, for who does not know their type.
func (s *State) Facts() iter.Seq[book.Fact] { return s.book.Facts() }

// Exists reports whether there is such a network: it was opened, and the
// opening was not voided.
func (s *State) Exists() bool { return s.book.Exists() }

// Description is what the network is called and for, by its opening, whatever
// the status of that, and the facts that move state.
type Description struct {
	Titles     []terms.Text
	Purpose    terms.Text // the last one stated
	Themes     []terms.Theme
	Priorities []terms.Text // those last set
}

// Describe returns what the network is called and for; nothing of one that was
// voided.
func (s *State) Describe() Description {
	var d Description
	if !s.Exists() {
		return d
	}
	for h := range s.book.Describing() {
		switch e := h.Event.(type) {
		case Registered:
			d = Description{slices.Clip(e.Titles), e.Purpose, e.Themes, nil}
		case CarriedOver:
			d = Description{slices.Clip(e.Titles), e.Purpose, e.Themes, nil}
		case Titled:
			d.Titles = append(d.Titles, e.Title)
		case PurposeStated:
			d.Purpose = e.Purpose
		case PrioritiesSet:
			d.Priorities = e.Priorities
			if len(e.Themes) > 0 {
				d.Themes = e.Themes
			}
		default: // says nothing about what it is called or for
		}
	}
	return d
}

// Title returns the first title.
func (s *State) Title() terms.Text {
	if d := s.Describe(); len(d.Titles) > 0 {
		return d.Titles[0]
	}
	return terms.Text{}
}

// Founders returns who founded the network, by the first fact that names any.
func (s *State) Founders() []terms.PartyRef {
	for h := range s.moving() {
		switch e := h.Event.(type) {
		case CarriedOver:
			if len(e.Founders) > 0 {
				return e.Founders
			}
		case Founded:
			if len(e.Founders) > 0 {
				return e.Founders
			}
		default:
		}
	}
	return nil
}

// Classes returns the classes of members of this network, each once for every
// language of its title.
func (s *State) Classes() []Class {
	var all []Class
	for h := range s.moving() {
		for _, c := range classesOf(h.Event) {
			if !slices.Contains(all, c) {
				all = append(all, c)
			}
		}
	}
	return all
}

func classesOf(e Event) []Class {
	switch e := e.(type) {
	case CarriedOver:
		return e.Classes
	case ClassDefined:
		return []Class{e.Class}
	default:
		return nil
	}
}

// moving yields the facts that move state, none of a network that was voided.
func (s *State) moving() iter.Seq[book.Held[Event]] {
	if !s.Exists() {
		return func(func(book.Held[Event]) bool) {}
	}
	return s.book.Moving()
}

// shown yields the facts that were not set aside, and how surely they say what
// they do; none of a network that was voided.
func (s *State) shown() iter.Seq2[dated, Event] {
	return func(yield func(dated, Event) bool) {
		if !s.Exists() {
			return
		}
		for h := range s.book.Held() {
			if h.SetAside == 0 && !yield(datedOf(h), h.Event) {
				return
			}
		}
	}
}

// Body is a body of the network. One that is only announced has no tenure that
// counts, and binds nobody.
type Body struct {
	Key     Key
	Charter Charter
	Tenure
	Said
}

// Bodies returns the bodies, each once by the first fact that moves state, else
// by the first there is; in the order of first mention.
func (s *State) Bodies() []Body {
	r := s.read()
	var all []Body
	for _, key := range r.order {
		if b := r.bodies[key]; b.shown.By != 0 {
			all = append(all, b.shown)
		}
	}
	return all
}

// Seat is somebody's seat in a body.
type Seat struct {
	Body   Key
	Party  terms.PartyRef
	Person terms.PersonID
	Role   SeatRole
	Tenure
	Said
}

// Seats returns the seats that are, were or are said to be filled, in order of
// recording. The same seat from another source, on the same date, is there once.
func (s *State) Seats() []Seat {
	var all []Seat
	for _, x := range s.read().seats {
		all = append(all, Seat{x.says.Body, x.says.Party, x.says.Person, x.says.Role, x.tenure(), x.Said})
	}
	return all
}

// Nomination is that a party was put forward for a seat, by a person or nobody
// in particular.
type Nomination struct {
	Body     Key
	Party    terms.PartyRef
	Proposer terms.PersonID
	On       edtf.Date
	Said
}

// Nominations returns who was put forward for a seat, in order of recording.
func (s *State) Nominations() []Nomination {
	var all []Nomination
	for d, e := range s.shown() {
		if e, ok := e.(SeatNominated); ok {
			all = append(all, Nomination{e.Body, e.Party, e.By, d.from, d.Said})
		}
	}
	return all
}

// Secretariat is a party's time in the office of running the network.
type Secretariat struct {
	Party  terms.PartyRef
	Office Office
	Tenure
	Said
}

// Secretariats returns who runs, ran or is said to run the network, in order of
// recording.
func (s *State) Secretariats() []Secretariat {
	var all []Secretariat
	for _, o := range s.read().offices {
		all = append(all, Secretariat{o.says.Party, o.says.Office, o.tenure(), o.Said})
	}
	return all
}

// Supporter is a party's support of the network.
type Supporter struct {
	Party terms.PartyRef
	Kind  SupportKind
	Tenure
	Said
}

// Supporters returns who supports, supported or is said to support the network,
// in order of recording.
func (s *State) Supporters() []Supporter {
	var all []Supporter
	for _, x := range s.read().supports {
		all = append(all, Supporter{x.says.Party, x.says.Kind, x.tenure(), x.Said})
	}
	return all
}

// Opening is that the network takes members.
type Opening struct {
	To terms.Text // who may join, in own words, or nothing
	Tenure
	Said
}

// Open returns when and to whom the network is, was or is said to be open to
// join, in order of recording.
func (s *State) Open() []Opening {
	var all []Opening
	for _, o := range s.read().openings {
		all = append(all, Opening{o.says.To, o.tenure(), o.Said})
	}
	return all
}

// Decision is what the network or a body of it decided.
type Decision struct {
	Recorded DecisionRecorded
	Said
}

// Decisions returns the decisions, in order of recording.
func (s *State) Decisions() []Decision {
	var all []Decision
	for d, e := range s.shown() {
		if e, ok := e.(DecisionRecorded); ok {
			all = append(all, Decision{e, d.Said})
		}
	}
	return all
}
