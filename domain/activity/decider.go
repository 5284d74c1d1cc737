package activity

import (
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Aggregate is the activity as the ledger runs it.
var Aggregate = es.NewAggregate("activity", Decider, Commands, Events)

// Decider decides commands on one activity.
var Decider = es.Decider[Command, State, Event]{Decide: decide, Evolve: evolve}

var rules = book.NewRules("activity", "activity", check).With(guarded)

// Errors of the decider, besides those of [book.Rules].
var (
	ErrHeld = es.Rejected("activity.held", "the activity had been held by then",
		"a date no later than when it was held; or, if it was not held then, that fact corrected or voided first")
	ErrCancelled = es.Rejected("activity.cancelled", "the activity was cancelled before; one that is revived is another activity",
		"another activity that replaces this one; or, if it was not cancelled, the cancellation voided first")
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
// activity's life as it stood on the day e takes effect: what was held is over,
// and what was cancelled is not held. What the dates leave undecided passes, and
// becomes a finding (rules 4 and 6 of the ledger).
func (s *State) guard(e Event) error {
	if e.About().Status != terms.Recorded {
		return nil // rule 5: it moves nothing
	}
	on := e.About().From()
	switch e := e.(type) {
	case Scheduled, Rescheduled, Postponed:
		return terms.First(s.notBefore(on, PhaseHeld, ErrHeld), s.notBefore(on, PhaseCancelled, ErrCancelled))
	case Cancelled:
		return s.notBefore(on, PhaseHeld, ErrHeld)
	case Held:
		return s.notBefore(on, PhaseCancelled, ErrCancelled)
	case ParticipantRecorded:
		if e.Presence == "present" {
			return s.notBefore(on, PhaseCancelled, ErrCancelled)
		}
	default:
	}
	return nil
}

// notBefore fails with an error if the activity had certainly come to a phase, in
// which it ends, before a date.
func (s *State) notBefore(on edtf.Date, end Phase, err error) error {
	if o, ok := s.Outcome(); ok && o.Phase == end && edtf.Before(o.From, on) == edtf.Yes {
		return err
	}
	return nil
}
