package resource

import (
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Aggregate is the resource as the ledger runs it.
var Aggregate = es.NewAggregate("resource", Decider, Commands, Events)

// Decider decides commands on one resource.
var Decider = es.Decider[Command, State, Event]{Decide: decide, Evolve: evolve}

var rules = book.NewRules("resource", "resource", check).With(guarded)

// Errors of the decider, besides those of [book.Rules].
var (
	ErrPublished = es.Rejected("resource.published", "the resource was published before; a new version is another resource, which replaces it",
		"another resource that replaces this one (`resource.register`, `resource.relate`)")
	ErrRetired = es.Rejected("resource.retired", "the resource had been retired by then",
		"a date no later than the retirement; or, if it was not retired, that fact corrected or voided first")
)

func decide(c Command, s State) ([]Event, error) {
	switch e := c.event().(type) {
	case Registered, CarriedOver:
		return rules.Open(&s.book, e)
	case Corrected, Voided, Disputed, Ruled:
		return rules.Amend(&s.book, e)
	default:
		return rules.Record(&s.book, e)
	}
}

// guarded runs the guards of e on what b holds besides it.
func guarded(b *book.Book[Event], e Event, _ es.Revision) error {
	s := State{book: *b}
	return s.guard(e)
}

func evolve(s State, _ es.Revision, e Event) State {
	s.book.Add(e)
	return s
}

// guard fails with [es.ErrRejected] if e would break the structure of the
// resource's life as it stood on the day e takes effect: what was published is
// not proposed, and what was retired is over. What the dates leave undecided
// passes, and becomes a finding (rules 4 and 6 of the ledger).
func (s *State) guard(e Event) error {
	if e.About().Status != terms.Recorded {
		return nil // rule 5: it moves nothing
	}
	on := e.About().From()
	switch e.(type) {
	case Proposed:
		return terms.First(s.notBefore(on, PhaseRetired, ErrRetired), s.notBefore(on, PhasePublished, ErrPublished))
	case Reviewed, Published:
		return s.notBefore(on, PhaseRetired, ErrRetired)
	default:
		return nil
	}
}

// notBefore fails with an error if the resource had certainly come to a phase
// before a date.
func (s *State) notBefore(on edtf.Date, phase Phase, err error) error {
	for _, span := range s.Phases() {
		if span.Phase == phase && edtf.Before(span.From, on) == edtf.Yes {
			return err
		}
	}
	return nil
}
