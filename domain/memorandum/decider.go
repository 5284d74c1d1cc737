package memorandum

import (
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
)

// Aggregate is the agreement as the ledger runs it.
var Aggregate = es.NewAggregate("memorandum", Decider, Commands, Events)

// Decider decides commands on one agreement.
var Decider = es.Decider[Command, State, Event]{Decide: decide, Evolve: evolve}

var rules = book.NewRules("memorandum", "agreement", check).With(guarded)

// Errors of the decider, besides those of [book.Rules].
var (
	ErrNotInvited     = es.Rejected("memorandum.not_invited", "only an invited party may sign or consent")
	ErrNotOpen        = es.Rejected("memorandum.not_open", "the agreement was closed for signature by then")
	ErrEnded          = es.Rejected("memorandum.ended", "the agreement had ended by then")
	ErrInForce        = es.Rejected("memorandum.in_force", "an agreement in force is terminated, not abandoned")
	ErrAlreadyParty   = es.Rejected("memorandum.already_party", "the party has consented otherwise already, and has not withdrawn since")
	ErrNotParty       = es.Rejected("memorandum.not_party", "the party neither signed nor consented")
	ErrNoNotice       = es.Rejected("memorandum.no_notice", "the party has given no notice of withdrawal")
	ErrKeyTaken       = es.Rejected("memorandum.key_taken", "the key is used already for something else")
	ErrNoReservation  = es.Rejected("memorandum.no_reservation", "there is no reservation with this key")
	ErrNoAmendment    = es.Rejected("memorandum.no_amendment", "there is no amendment with this key")
	ErrNoUndertaking  = es.Rejected("memorandum.no_undertaking", "there is no undertaking with this key")
	ErrNotSuspended   = es.Rejected("memorandum.not_suspended", "nothing is suspended that could be resumed")
	ErrNotProvisional = es.Rejected("memorandum.not_provisional", "the agreement is not provisionally applied")
)

// decide decides c, and adds what follows from the decision by the agreement's
// own terms.
func decide(c Command, s State) ([]Event, error) {
	events, err := s.decide(c.event())
	if err != nil || len(events) == 0 {
		return nil, err
	}
	after := s.with(events...)
	return append(events, after.changes()...), nil
}

// guarded runs the guards of e on what b holds besides it.
func guarded(b *book.Book[Event], e Event, at es.Revision) error {
	s := State{book: *b}
	return s.guard(e, at)
}

func evolve(s State, _ es.Revision, e Event) State {
	s.book.Add(e)
	s.reading, s.determined = nil, nil
	return s
}

// with returns a copy of s to which events were added.
func (s *State) with(events ...Event) State {
	after := State{book: s.book.Clone()}
	for _, e := range events {
		after.book.Add(e)
	}
	return after
}

// decide returns e if it is to be recorded.
func (s *State) decide(e Event) ([]Event, error) {
	_, carried := e.(CarriedOver)
	if carried && s.book.Revision() == 0 { // later, it is what another register says
		return rules.Open(&s.book, e)
	}
	switch e.(type) {
	case Drafted:
		return rules.Open(&s.book, e)
	case Corrected, Voided, Disputed, Ruled:
		return rules.Amend(&s.book, e)
	default:
		return rules.Record(&s.book, e)
	}
}
