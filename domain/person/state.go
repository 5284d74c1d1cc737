package person

import (
	"fmt"
	"iter"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// State is what the ledger holds of a person. The zero State is of none.
type State struct {
	book book.Book[Event]
	// The first erasure, and where it stands; kept apart because nothing undoes
	// it.
	erasure Erased
	erased  es.Revision
}

// Book returns the facts by revision.
func (s *State) Book() *book.Book[Event] { return &s.book }

// Facts returns the facts by revision, for who does not know their type.
func (s *State) Facts() iter.Seq[book.Fact] { return s.book.Facts() }

// Commitment returns the commitment to the data in the vault, "" if there is
// no such person or the opening was voided.
func (s *State) Commitment() Commitment {
	h, _ := s.book.Opening()
	switch e := h.Event.(type) {
	case Registered:
		return e.Commitment
	case CarriedOver:
		return e.Commitment
	default:
	}
	return ""
}

// Erased reports whether the person was erased. Neither a voided opening nor
// anything else recorded later changes the answer.
func (s *State) Erased() bool { return s.erased != 0 }

// Held is a function with the event that recorded it.
type Held struct {
	Function
	Revision es.Revision
}

// Functions returns the functions, in the order of recording.
func (s *State) Functions() []Held {
	var all []Held
	for h := range s.book.Moving() {
		switch e := h.Event.(type) {
		case CarriedOver:
			for _, f := range e.Functions {
				all = append(all, Held{f, h.Revision})
			}
		case FunctionHeld:
			all = append(all, Held{Function{e.Function, e.At, h.Fact.From(), e.Until}, h.Revision})
		default:
		}
	}
	return all
}

// Findings returns what a person should look at.
func (s *State) Findings() []terms.Finding {
	found := book.Findings("person", &s.book)
	for _, f := range s.Functions() {
		if edtf.Before(f.Until, f.From) == edtf.Yes {
			found = append(found, terms.Finding{
				Code: "person.dates_reversed", Events: []es.Revision{f.Revision},
				Detail: fmt.Sprintf("a function ended on %v, before it began on %v", f.Until, f.From),
			})
		}
		if f.From.IsUnknown() && f.Until.IsUnknown() {
			found = append(found, terms.Finding{
				Code: "person.undated", Events: []es.Revision{f.Revision}, Detail: "it is not known when a function was held",
			})
		}
	}
	return found
}
