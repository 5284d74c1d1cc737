package memorandum

import (
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
)

// Aggregate is the agreement as the ledger runs it.
var Aggregate = es.NewAggregate("memorandum", Decider, Commands, Events)

// Decider decides commands on one agreement.
var Decider = es.Decider[Command, State, Event]{Decide: decide, Evolve: evolve}

var rules = book.NewRules("memorandum", "agreement", check)

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
	switch e := e.(type) {
	case Drafted:
		return rules.Open(&s.book, e)
	case CarriedOver: // opens the record, or is what another register says
		if s.book.Revision() == 0 {
			return rules.Open(&s.book, e)
		}
		return s.record(e)
	case Corrected:
		return s.correct(e)
	case Voided, Disputed, Ruled:
		return rules.Amend(&s.book, e)
	default:
		return s.record(e)
	}
}

// record records a fact unless a guard stands against it.
func (s *State) record(e Event) ([]Event, error) {
	events, err := rules.Record(&s.book, e)
	if err != nil || len(events) == 0 {
		return nil, err
	}
	return events, s.guard(e, s.book.Revision()+1)
}

// correct gives a fact new values, unless a guard stands against what the fact
// then says.
func (s *State) correct(e Corrected) ([]Event, error) {
	events, err := rules.Amend(&s.book, e)
	if err != nil || len(events) == 0 {
		return nil, err
	}
	without := s.with(Voided{book.Voided{Of: e.Of}})
	if !without.Exists() {
		return events, nil // the opening itself
	}
	return events, without.guard(e.As, e.Of)
}
