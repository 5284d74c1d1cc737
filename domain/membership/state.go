package membership

import (
	"iter"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/terms"
)

// State is what the ledger holds of a membership. The zero State is of none.
type State struct{ book book.Book[Event] }

// Book returns the facts by revision.
func (s *State) Book() *book.Book[Event] { return &s.book }

// Facts returns the facts by revision, for who does not know their type.
func (s *State) Facts() iter.Seq[book.Fact] { return s.book.Facts() }

// Exists reports whether there is such a record: it was opened, and the opening
// was not voided.
func (s *State) Exists() bool { return s.book.Exists() }

// Pair returns the network and the party, by the opening, whatever its status;
// nothing of a record that was voided.
func (s *State) Pair() (network terms.PartyID, party terms.PartyRef) {
	if !s.Exists() {
		return "", terms.PartyRef{}
	}
	h, _ := s.book.Opening()
	return pairOf(h.Event)
}

// pairOf returns the pair that an opening names, nothing of other events.
func pairOf(e Event) (network terms.PartyID, party terms.PartyRef) {
	switch e := e.(type) {
	case Registered:
		return e.Network, e.Party
	case CarriedOver:
		return e.Network, e.Party
	default:
		return "", terms.PartyRef{}
	}
}

// Description is what the membership is about, by its opening, whatever the
// status of that, and the facts that move state.
type Description struct {
	Network terms.PartyID
	Party   terms.PartyRef
	// Class is the one last recorded, and OwnClass the key of the network's own;
	// empty if none is. That as of a date is in [State.Spans].
	Class    Class
	OwnClass Key
	Heir     terms.PartyRef // the one last recorded
}

// Describe returns what the membership is about; nothing of one that was
// voided.
func (s *State) Describe() Description {
	var d Description
	if !s.Exists() {
		return d
	}
	class := func(c Class, own Key) {
		if c != "" || own != "" {
			d.Class, d.OwnClass = c, own
		}
	}
	for h := range s.book.Describing() {
		switch e := h.Event.(type) {
		case Registered:
			d.Network, d.Party = e.Network, e.Party
		case CarriedOver:
			d.Network, d.Party = e.Network, e.Party
			class(e.Class, e.OwnClass)
		case Admitted:
			class(e.Class, e.OwnClass)
		case ClassChanged:
			class(e.Class, e.OwnClass)
		case Succeeded:
			d.Heir = e.By
		default: // says nothing about what it is about
		}
	}
	return d
}

// Title returns the party as the source of the opening names it.
func (s *State) Title() terms.Text {
	_, party := s.Pair()
	return terms.Text{Value: party.As}
}

// Status says how surely the party is said to be a member, or to have been one:
// the surest status of the facts that say so or, if none does, of the opening.
// One that is contested, set aside or not there is disputed.
func (s *State) Status() terms.Status {
	if !s.Exists() {
		return terms.Disputed
	}
	opening, _ := s.book.Opening()
	surest, said := statusOf(opening), false
	for h := range s.book.Held() {
		switch says := saysMember(h.Event); {
		case says && !said:
			surest, said = statusOf(h), true
		case says:
			surest = min(surest, statusOf(h))
		}
	}
	return surest
}

func statusOf(h book.Held[Event]) terms.Status {
	if h.Dispute != 0 || h.SetAside != 0 {
		return terms.Disputed
	}
	return h.Fact.Status
}

func isOpening(e Event) bool {
	switch e.(type) {
	case Registered, CarriedOver:
		return true
	default:
		return false
	}
}

// saysMember reports whether e says that the party is or was a member.
func saysMember(e Event) bool {
	switch e := e.(type) {
	case CarriedOver:
		return e.Standing.rank() >= StandingAdmitted.rank()
	case Admitted, Activated:
		return true
	default:
		return false
	}
}
