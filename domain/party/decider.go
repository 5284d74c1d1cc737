package party

import (
	"fmt"
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Aggregate is the party as the ledger runs it.
var Aggregate = es.NewAggregate("party", Decider, Commands, Events)

// Decider decides commands on one party.
var Decider = es.Decider[Command, State, Event]{Decide: decide, Evolve: evolve}

var rules = book.NewRules("party", "party", check)

// Errors of the decider.
var (
	ErrNoLink   = es.Rejected("party.not_linked", "the party is not linked to that one", "the party that this one is linked to")
	ErrBadPlace = es.Invalid("party.bad_place", "the coordinates are not on earth",
		"millionths of a degree, latitude within 90000000 and longitude within 180000000")
)

func decide(c Command, s State) ([]Event, error) {
	switch e := c.event().(type) {
	case Registered, CarriedOver:
		return rules.Open(&s.book, e)
	case Unlinked:
		return unlink(s, e)
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

func unlink(s State, e Unlinked) ([]Event, error) {
	events, err := rules.Record(&s.book, e)
	if len(events) > 0 && e.Status == terms.Recorded && s.LinkedTo() != e.From {
		return nil, ErrNoLink
	}
	return events, err
}

// check fails with [es.ErrInvalid] unless e is complete in itself.
func check(e Event) error {
	switch e := e.(type) {
	case Registered:
		return terms.First(terms.CheckWord("/kind", e.Kind), terms.CheckText("/name/value", e.Name.Value))
	case CarriedOver:
		return checkCarried(e)
	case Named:
		return e.Name.check("/name")
	case Renamed:
		return terms.CheckText("/name/value", e.Name.Value)
	case Identified:
		return e.Identifier.check("/identifier")
	case Located:
		const degree = 1_000_000
		if e.Latitude < -90*degree || e.Latitude > 90*degree || e.Longitude < -180*degree || e.Longitude > 180*degree {
			return ErrBadPlace
		}
	case Related:
		return terms.First(terms.CheckRef("/to", e.To), terms.CheckWord("/relation", e.Relation))
	case Merged:
		return terms.CheckRef("/into", e.Into)
	case Split:
		return checkSplit(e)
	case Succeeded:
		return terms.CheckRef("/by", e.By)
	case Linked:
		return terms.First(terms.CheckRef("/to", e.To), terms.CheckText("/reason", e.Reason))
	case Unlinked:
		return terms.First(terms.CheckRef("/from", e.From), terms.CheckText("/reason", e.Reason))
	case Reclassified:
		return terms.CheckText("/reason", e.Reason)
	case Corrected, Voided, Disputed, Ruled:
	}
	return nil
}

func checkSplit(e Split) error {
	if len(e.Into) < 2 {
		return es.Invalid("party.bad_split", "a split has at least two successors", "two or more").At("/into")
	}
	for i, heir := range e.Into {
		field := fmt.Sprintf("/into/%d", i)
		if err := terms.CheckRef(field, heir); err != nil {
			return err
		}
		if slices.Contains(e.Into[:i], heir) {
			return es.Invalid("party.bad_split", "a successor is named twice", "each once").At(field)
		}
	}
	return nil
}

func checkCarried(e CarriedOver) error {
	if len(e.Names) == 0 {
		return es.Invalid("terms.missing", "a name is missing", "at least one").At("/names")
	}
	err := terms.CheckWord("/kind", e.Kind)
	for i, n := range e.Names {
		err = terms.First(err, n.check(fmt.Sprintf("/names/%d", i)))
	}
	for i, id := range e.IDs {
		err = terms.First(err, id.check(fmt.Sprintf("/identifiers/%d", i)))
	}
	return err
}
