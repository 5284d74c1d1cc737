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
	switch c := c.(type) {
	case Register:
		return rules.Open(&s.book, Registered(c))
	case CarryOver:
		return rules.Open(&s.book, CarriedOver(c))
	case Attribute:
		return rules.Record(&s.book, Attributed(c))
	case AttachFile:
		return rules.Record(&s.book, FileAttached(c))
	case RecordNote:
		return rules.Record(&s.book, NoteRecorded(c))
	case Replace:
		return rules.Record(&s.book, Replaced(c))
	case Correct:
		return rules.Amend(&s.book, Corrected(c))
	case Void:
		return rules.Amend(&s.book, Voided(c))
	case Dispute:
		return rules.Amend(&s.book, Disputed(c))
	case Rule:
		return rules.Amend(&s.book, Ruled(c))
	case Reclassify:
		return rules.Record(&s.book, Reclassified(c))
	}
	panic(fmt.Sprintf("decide: unknown command %T", c))
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
	case Reclassified:
		return terms.CheckText("/reason", e.Reason)
	case Corrected, Voided, Disputed, Ruled:
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
