package person

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Aggregate is the person as the ledger runs it.
var Aggregate = es.NewAggregate("person", Decider, Commands, Events)

// Decider decides commands on one person.
var Decider = es.Decider[Command, State, Event]{Decide: decide, Evolve: evolve}

var rules = book.NewRules("person", "person", check)

// Errors of the decider.
var (
	ErrErased = es.Rejected("person.erased", "this person is erased, and nothing new can be said of them",
		"nothing new; what was recorded before can be corrected")
	ErrFinal = es.Rejected("person.erasure_final", "an erasure is final: what the vault deleted cannot be brought back",
		"an event other than the erasure")
	ErrUnsure = es.Invalid("person.erasure_unsure", "an erasure is recorded or not made at all", "recorded").At("/fact/status")
)

func decide(c Command, s State) ([]Event, error) {
	switch e := c.event().(type) {
	case Registered, CarriedOver:
		return rules.Open(&s.book, e)
	case FunctionHeld:
		return holdFunction(s, e)
	case Erased:
		return erase(s, e)
	case Corrected:
		return amend(s, e, e.Of)
	case Voided:
		return amend(s, e, e.Of)
	case Disputed:
		return amend(s, e, e.Of)
	case Ruled:
		return amend(s, e, e.Of)
	default:
		return rules.Record(&s.book, e)
	}
}

func evolve(s State, at es.Revision, e Event) State {
	s.book.Add(e)
	if e, ok := e.(Erased); ok && s.erased == 0 {
		s.erasure, s.erased = e, at
	}
	return s
}

// holdFunction records a function. What the book says already meets no error
// although the person was erased since: the command is only given again.
func holdFunction(s State, e FunctionHeld) ([]Event, error) {
	events, err := rules.Record(&s.book, e)
	if len(events) > 0 && s.Erased() {
		return nil, ErrErased
	}
	return events, err
}

// erase records an erasure, also of a person whose record was voided: the
// vault may still hold the data.
func erase(s State, e Erased) ([]Event, error) {
	switch {
	case s.book.Revision() == 0:
		return nil, rules.ErrUnknown
	case e.Status != terms.Recorded:
		return nil, ErrUnsure
	case s.Erased() && s.erasure == e:
		return nil, nil
	case s.Erased():
		return nil, ErrErased
	}
	if err := check(e); err != nil {
		return nil, err
	}
	return []Event{e}, nil
}

// amend records an event about the event at a revision, which may be any but
// the erasure.
func amend(s State, e Event, of es.Revision) ([]Event, error) {
	if s.Erased() && of == s.erased {
		return nil, ErrFinal
	}
	return rules.Amend(&s.book, e)
}

// check fails with [es.ErrInvalid] unless e is complete in itself.
func check(e Event) error {
	switch e := e.(type) {
	case Registered:
		return e.Commitment.check("/commitment")
	case CarriedOver:
		err := e.Commitment.check("/commitment")
		for i, f := range e.Functions {
			err = terms.First(err, terms.CheckText(fmt.Sprintf("/functions/%d/title/value", i), f.Title.Value))
		}
		return err
	case FunctionHeld:
		return terms.CheckText("/function/value", e.Function.Value)
	case Erased:
		return terms.CheckWord("/reason", e.Reason)
	case Reclassified:
		return terms.CheckText("/reason", e.Reason)
	case Corrected, Voided, Disputed, Ruled:
	}
	return nil
}
