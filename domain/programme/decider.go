package programme

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Aggregate is the programme as the ledger runs it.
var Aggregate = es.NewAggregate("programme", Decider, Commands, Events)

// Decider decides commands on one programme.
var Decider = es.Decider[Command, State, Event]{Decide: decide, Evolve: evolve}

var rules = book.NewRules("programme", "programme", check).With(guarded)

// Errors of the decider, besides those of [book.Rules].
var (
	ErrKeyTaken = es.Rejected("programme.key_taken", "the key is used already for another call",
		"a key of its own; the same call from another source has the same last day")
	ErrNoCall = es.Rejected("programme.no_call", "there is no call with this key", "the call opened first (`programme.open_call`)")
	ErrEnded  = es.Rejected("programme.ended", "the programme was closed by then",
		"a date no later than the closing; or, if it was not closed then, the closing corrected or voided first")
)

func decide(c Command, s State) ([]Event, error) {
	switch e := c.event().(type) {
	case Registered, CarriedOver:
		return rules.Open(&s.book, e)
	case Corrected, Voided, Disputed, Ruled:
		return rules.Amend(&s.book, e)
	case FellDue:
		return rules.Mark(&s.book, e, s.Dues())
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

// check fails with [es.ErrInvalid] unless e is complete in itself.
func check(e Event) error {
	switch e := e.(type) {
	case Registered:
		return terms.First(terms.CheckTexts("/titles", e.Titles), e.Purpose.check("/purpose"))
	case CarriedOver:
		return e.check()
	case Launched:
		return e.Purpose.check("/purpose")
	case PurposeStated:
		return terms.First(terms.CheckText("/purpose/gist/value", e.Purpose.Gist.Value), e.Purpose.check("/purpose"))
	case OwnerNamed:
		return terms.CheckRef("/owner/id", e.Owner.ID)
	case CallOpened:
		return terms.First(need("/key", e.Key), terms.CheckOptional("/title/value", e.Title.Value))
	case CallClosed:
		return need("/call", e.Call)
	case ApplicationReceived:
		return terms.First(terms.CheckRef("/party/id", e.Party.ID), terms.CheckOptional("/project/value", e.Project.Value))
	case Selected:
		return terms.CheckRef("/party/id", e.Party.ID)
	case Rejected:
		return terms.First(terms.CheckRef("/party/id", e.Party.ID), terms.CheckOptional("/reason", e.Reason))
	case Counted:
		return terms.First(terms.CheckWord("/what", e.What), number("/number", e.Number))
	case Paired:
		return terms.First(terms.CheckRef("/first/id", e.First.ID), checkPair("/second/id", e.First.ID, e.Second.ID))
	case Closed:
		return terms.CheckOptional("/reason", e.Reason)
	case Reclassified:
		return terms.CheckText("/reason", e.Reason)
	case FellDue, Corrected, Voided, Disputed, Ruled:
	}
	return nil
}

func (e CarriedOver) check() error {
	err := terms.First(terms.CheckTexts("/titles", e.Titles), e.Purpose.check("/purpose"), terms.CheckWord("/phase", e.Phase))
	for i, p := range e.Parts {
		err = terms.First(err, p.check(fmt.Sprintf("/parts/%d", i)))
	}
	return err
}

func need(field string, k Key) error {
	if k == "" {
		return es.Invalid("terms.missing", "a key is missing", "that of a call").At(field)
	}
	return nil
}

// maxNumber bounds stated numbers of parties.
const maxNumber = 1_000_000

func number(field string, n int) error {
	if n < 1 || n > maxNumber {
		return es.Invalid("programme.bad_number", fmt.Sprintf("%d parties cannot be meant", n), fmt.Sprintf("1 to %d", maxNumber)).At(field)
	}
	return nil
}
