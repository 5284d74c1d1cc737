package network

import (
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
)

// Aggregate is the network as the ledger runs it.
var Aggregate = es.NewAggregate("network", Decider, Commands, Events)

// Decider decides commands on one network.
var Decider = es.Decider[Command, State, Event]{Decide: decide, Evolve: evolve}

var rules = book.NewRules("network", "network", check)

// Errors of the decider, besides those of [book.Rules]. Where structure is
// broken all the same, by a voiding, a dispute, a ruling or a correction of a
// body, the finding has the code of the error.
var (
	ErrKeyTaken = es.Rejected("network.key_taken", "the key is used already for something else",
		"a key of its own; bodies and classes of members share one set of keys")
	ErrNoBody = es.Rejected("network.no_body", "there is no body with this key", "the body established first (`network.establish_body`)")
	ErrNoSeat = es.Rejected("network.no_seat", "more seats of the body are held at once than it has",
		"a seat vacated first (`network.vacate_seat`), or a larger or approximate capacity")
	ErrSeated = es.Rejected("network.seated", "the party has a seat in the body at that time, and can have one only",
		"the seat vacated first (`network.vacate_seat`)")
	ErrNotSeated = es.Rejected("network.not_seated", "the party has no seat in the body that it could leave by then",
		"the seat filled first (`network.fill_seat`), or a date on which it is held")
	ErrInOffice = es.Rejected("network.in_office", "somebody is the secretariat at that time, who has to leave or be replaced first",
		"who is replaced named in `replaces`, or the office ended first (`network.end_secretariat`)")
	ErrNotInOffice = es.Rejected("network.not_in_office", "the party is not the secretariat, which it could leave by then",
		"the party that has the office, or a date on which it has it")
	ErrDissolved = es.Rejected("network.dissolved", "the network was dissolved by then",
		"a date no later than the dissolution; or, if it was not dissolved, that fact corrected or voided first")
)

func decide(c Command, s State) ([]Event, error) {
	e := c.event()
	events, err := s.decide(e)
	if err != nil || len(events) == 0 {
		return nil, err
	}
	switch e.(type) {
	case Voided, Disputed, Ruled, FellDue: // recorded whatever follows
		return events, nil
	default:
	}
	if err := s.guard(events[0]); err != nil {
		return nil, err
	}
	return events, nil
}

func (s *State) decide(e Event) ([]Event, error) {
	switch e := e.(type) {
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

func evolve(s State, _ es.Revision, e Event) State {
	s.book.Add(e)
	return s
}
