package programme

import (
	"iter"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/terms"
)

// State is what the ledger holds of a programme. The zero State is of none.
type State struct{ book book.Book[Event] }

// Book returns the facts by revision.
func (s *State) Book() *book.Book[Event] { return &s.book }

// Facts returns the facts by revision, for who does not know their type.
func (s *State) Facts() iter.Seq[book.Fact] { return s.book.Facts() }

// Exists reports whether there is such a programme: it was opened, and the
// opening was not voided.
func (s *State) Exists() bool { return s.book.Exists() }

// Description is what the programme is about, by its opening, whatever the
// status of that, and the facts that move state.
type Description struct {
	Titles []terms.Text
	// Owner is who was last said to run it; empty if nobody is.
	Owner   terms.PartyRef
	Purpose Purpose // the last one stated
}

// Describe returns what the programme is about; nothing of one that was voided.
func (s *State) Describe() Description {
	var d Description
	if !s.Exists() {
		return d
	}
	for h := range s.book.Describing() {
		switch e := h.Event.(type) {
		case Registered:
			d = Description{e.Titles, e.Owner, e.Purpose}
		case CarriedOver:
			d = Description{e.Titles, e.Owner, e.Purpose}
		case Launched:
			if !e.Purpose.empty() {
				d.Purpose = e.Purpose
			}
		case PurposeStated:
			d.Purpose = e.Purpose
		case OwnerNamed:
			d.Owner = e.Owner
		default: // says nothing about what it is about
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

// Unnamed returns how many of what is counted in the whole programme are not
// named, by the recorded numbers; the highest stands.
func (s *State) Unnamed(what What) int {
	r := s.read()
	highest := 0
	for _, c := range r.counts {
		if c.What == what && c.Call == "" {
			highest = max(highest, c.Number)
		}
	}
	return max(highest-r.named(what, ""), 0)
}
