package grant

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Aggregate is the grant as the ledger runs it.
var Aggregate = es.NewAggregate("grant", Decider, Commands, Events)

// Decider decides commands on one grant.
var Decider = es.Decider[Command, State, Event]{Decide: decide, Evolve: evolve}

var rules = book.NewRules("grant", "grant", check)

// Errors of the decider, besides those of [book.Rules]. Where a sum or a key is
// broken all the same, by a voiding or a ruling, the finding has the code of
// the error.
var (
	ErrKeyTaken = es.Rejected("grant.key_taken", "the key is used already for something else",
		"a key of its own; the same thing from another source has the same party, or award, and amount")
	ErrNoCall     = es.Rejected("grant.no_call", "there is no call with this key", "the call opened first (`grant.open_call`)")
	ErrNoAward    = es.Rejected("grant.no_award", "there is no award with this key", "the award recorded first (`grant.award`)")
	ErrNotAwarded = es.Rejected("grant.not_awarded", "nothing moves on an award that is not recorded as certain",
		"an award whose status is recorded and that is not in dispute")
	ErrOtherCurrency = es.Rejected("grant.other_currency", "the amount is in another currency",
		"the currency of the envelope, which is that of the awards and their payments")
	ErrOverEnvelope = es.Rejected("grant.over_envelope", "the awards exceed the envelope",
		"awards within the envelope, or the envelope corrected first")
	ErrOverAward = es.Rejected("grant.over_award", "the disbursements less the clawbacks exceed the award",
		"payments within the award, or the award corrected first")
	ErrOverDisbursed = es.Rejected("grant.over_disbursed", "the clawbacks exceed the disbursements", "at most what was disbursed")
	ErrAwardClosed   = es.Rejected("grant.award_closed", "the award was closed by then", "a payment no later than the closing of the award")
)

func decide(c Command, s State) ([]Event, error) {
	e := c.event()
	events, err := s.decide(e)
	if err != nil || len(events) == 0 {
		return nil, err
	}
	switch e.(type) {
	case Voided, Disputed, Ruled: // recorded whatever follows
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

// check fails with [es.ErrInvalid] unless e is complete in itself.
func check(e Event) error {
	switch e := e.(type) {
	case Registered:
		return terms.First(terms.CheckTexts("/titles", e.Titles), checkEnvelope(e.Envelope))
	case CarriedOver:
		err := terms.First(terms.CheckTexts("/titles", e.Titles), checkEnvelope(e.Envelope))
		for i, a := range e.Awards {
			err = terms.First(err, a.check(fmt.Sprintf("/awards/%d", i)))
		}
		return err
	case CallOpened:
		return terms.First(need("/key", e.Key), terms.CheckOptional("/title/value", e.Title.Value))
	case CallClosed:
		return need("/call", e.Call)
	case Awarded:
		return terms.First(need("/key", e.Key), terms.CheckRef("/party/id", e.Party.ID), checkMoney("/amount", e.Amount))
	case Disbursed:
		return terms.First(need("/key", e.Key), need("/award", e.Award), checkMoney("/amount", e.Amount))
	case Reported:
		return need("/award", e.Award)
	case AwardClosed:
		return terms.First(need("/award", e.Award), terms.CheckOptional("/reason", e.Reason))
	case ClawedBack:
		return terms.First(need("/key", e.Key), need("/award", e.Award), checkMoney("/amount", e.Amount), terms.CheckText("/reason", e.Reason))
	case Reclassified:
		return terms.CheckText("/reason", e.Reason)
	case FellDue, Corrected, Voided, Disputed, Ruled:
	}
	return nil
}

func checkEnvelope(m *terms.Money) error {
	if m == nil {
		return nil
	}
	return checkMoney("/envelope", *m)
}
