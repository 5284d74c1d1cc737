package network

import (
	"iter"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Name is a title with the event that gave it.
type Name struct {
	Text     terms.Text
	From     edtf.Date // from when it counts
	Revision es.Revision
}

// Titles yields the titles in the order of recording; none of a network that
// was voided.
func (s *State) Titles() iter.Seq[Name] {
	return func(yield func(Name) bool) {
		for h := range s.book.Describing() {
			for _, t := range titlesOf(h.Event) {
				if !yield(Name{t, h.Fact.From(), h.Revision}) {
					return
				}
			}
		}
	}
}

func titlesOf(e Event) []terms.Text {
	switch e := e.(type) {
	case Registered:
		return e.Titles
	case CarriedOver:
		return e.Titles
	case Titled:
		return []terms.Text{e.Title}
	default:
		return nil
	}
}
