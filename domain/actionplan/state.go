package actionplan

import (
	"iter"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
)

// State is what the ledger holds of a plan. The zero State is of none.
type State struct{ book book.Book[Event] }

// Book returns the facts by revision.
func (s *State) Book() *book.Book[Event] { return &s.book }

// Facts returns the facts by revision, for who does not know their type.
func (s *State) Facts() iter.Seq[book.Fact] { return s.book.Facts() }

// Exists reports whether there is such a plan: it was opened, and the opening
// was not voided.
func (s *State) Exists() bool { return s.book.Exists() }

// Description is what the plan is about, by its opening, whatever the status of
// that, and the facts that move state.
type Description struct {
	Titles  []terms.Text
	Parties []terms.PartyRef
	Under   terms.Ref
	Themes  []terms.Theme
	From    edtf.Date
	Until   edtf.Date
}

// Describe returns what the plan is about; nothing of one that was voided.
func (s *State) Describe() Description {
	var d Description
	if !s.Exists() {
		return d
	}
	for h := range s.book.Describing() {
		switch e := h.Event.(type) {
		case Drafted:
			d = Description{e.Titles, e.Parties, e.Under, e.Themes, e.From, e.Until}
		case CarriedOver:
			d = Description{e.Titles, e.Parties, e.Under, e.Themes, e.From, e.Until}
		case Titled:
			d.Titles = append(d.Titles[:len(d.Titles):len(d.Titles)], e.Title) // not into the event
		case ThemesSet:
			d.Themes = e.Themes
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
