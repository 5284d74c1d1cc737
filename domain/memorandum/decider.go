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
	ErrNotInvited = es.Rejected("memorandum.not_invited", "only an invited party may sign or consent",
		"the party invited first (`memorandum.invite`), or an agreement that is open to any party")
	ErrNotOpen = es.Rejected("memorandum.not_open", "the agreement was closed for signature by then",
		"a date on which it was open, a new opening first (`memorandum.open_for_signature`), or consent other than by signature")
	ErrEnded = es.Rejected("memorandum.ended", "the agreement had ended by then",
		"a date no later than the end; else a new agreement, which renews this one")
	ErrInForce = es.Rejected("memorandum.in_force", "an agreement in force is terminated, not abandoned",
		"its end by other means (`memorandum.terminate`)")
	ErrAlreadyParty = es.Rejected("memorandum.already_party", "the party has consented otherwise already, and has not withdrawn since",
		"a withdrawal recorded before; the same means from another source is no contradiction")
	ErrNotParty = es.Rejected("memorandum.not_party", "the party neither signed nor consented",
		"the party's signature or consent recorded first (`memorandum.sign`, `memorandum.consent`)")
	ErrNoNotice = es.Rejected("memorandum.no_notice", "the party has given no notice of withdrawal",
		"the notice recorded first (`memorandum.give_notice`)")
	ErrKeyTaken = es.Rejected("memorandum.key_taken", "the key is used already for something else",
		"a key of its own; the same thing from another source is told in the same words")
	ErrNoReservation = es.Rejected("memorandum.no_reservation", "there is no reservation with this key",
		"the reservation recorded first (`memorandum.make_reservation`)")
	ErrNoAmendment = es.Rejected("memorandum.no_amendment", "there is no amendment with this key",
		"the amendment adopted first (`memorandum.adopt_amendment`)")
	ErrNoUndertaking = es.Rejected("memorandum.no_undertaking", "there is no undertaking with this key",
		"the undertaking recorded first (`memorandum.record_undertaking`)")
	ErrNotSuspended = es.Rejected("memorandum.not_suspended", "nothing is suspended that could be resumed",
		"the suspension recorded first (`memorandum.suspend`)")
	ErrNotProvisional = es.Rejected("memorandum.not_provisional", "the agreement is not provisionally applied",
		"the provisional application recorded first (`memorandum.apply_provisionally`)")
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
	s.reading, s.determined, s.parts = nil, nil, nil
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
	case FellDue:
		return rules.Mark(&s.book, e, s.Dues())
	default:
		return rules.Record(&s.book, e)
	}
}
