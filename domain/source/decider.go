package source

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Aggregate is the source as the ledger runs it.
var Aggregate = es.NewAggregate("source", Decider, Commands, Events)

// Decider decides commands on one source.
var Decider = es.Decider[Command, State, Event]{Decide: decide, Evolve: evolve}

var rules = book.NewRules("source", "source", check)

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

func evolve(s State, _ es.Revision, e Event) State {
	s.book.Add(e)
	return s
}

// check fails with [es.ErrInvalid] unless e is complete in itself.
func check(e Event) error {
	switch e := e.(type) {
	case Registered:
		return e.check("/description")
	case CarriedOver:
		return checkCarried(e)
	case Attributed:
		return terms.CheckRef("/issuer", e.Issuer)
	case FileAttached:
		return e.File.check("/file")
	case NoteRecorded:
		return e.Note.check("/note")
	case Replaced:
		return terms.CheckRef("/by", e.By)
	case EntryRemoved:
		return checkEntry(e.Of)
	case EntryRestored:
		return checkEntry(e.Of)
	case Reclassified:
		return terms.CheckText("/reason", e.Reason)
	case Corrected, Voided, Disputed, Ruled:
	}
	return nil
}

func checkEntry(of terms.Ref) error {
	if _, at := of.Target(); at == 0 {
		return es.Invalid("source.bad_entry", "it is not said what was recorded from the register", "an event, as stream@revision").At("/of")
	}
	return nil
}

func checkCarried(e CarriedOver) error {
	err := e.check("/description")
	for i, f := range e.Files {
		err = terms.First(err, f.check(fmt.Sprintf("/files/%d", i)))
	}
	for i, n := range e.Notes {
		err = terms.First(err, n.check(fmt.Sprintf("/notes/%d", i)))
	}
	return err
}
