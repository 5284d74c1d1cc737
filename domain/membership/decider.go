package membership

import (
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Aggregate is the membership as the ledger runs it.
var Aggregate = es.NewAggregate("membership", Decider, Commands, Events)

// Decider decides commands on one membership.
var Decider = es.Decider[Command, State, Event]{Decide: decide, Evolve: evolve}

var rules = book.NewRules("membership", "membership", check).With(guarded).Reopening()

// Errors of the decider, besides those of [book.Rules].
var (
	ErrOtherPair = es.Rejected("membership.other_pair", "the record is of one network and one party, and a correction names another",
		"the same network and party; another pair has a record of its own (`membership.register`)")
	ErrMember = es.Rejected("membership.member", "the party is a member already on that day",
		"the end of the membership recorded first; the same admission from another source is no contradiction")
	ErrNotMember = es.Rejected("membership.not_member", "the party was never admitted", "the admission recorded first (`membership.admit`)")
	ErrEnded     = es.Rejected("membership.ended", "the membership had ended by then",
		"a date before the end, or a new admission (`membership.admit`)")
	ErrNoNotice = es.Rejected("membership.no_notice", "the party has given no notice of withdrawal",
		"the notice recorded first (`membership.give_notice`)")
	ErrKeyTaken = es.Rejected("membership.key_taken", "the key is used already for another duty", "a key of its own")
	ErrNoDuty   = es.Rejected("membership.no_duty", "there is no duty with this key", "the duty set first (`membership.set_duty`)")
)

func decide(c Command, s State) ([]Event, error) {
	switch e := c.event().(type) {
	case Registered, CarriedOver:
		return rules.Open(&s.book, e)
	case Corrected:
		events, err := rules.Amend(&s.book, e)
		if err == nil && s.otherPair(e.As) {
			return nil, ErrOtherPair
		}
		return events, err
	case Voided, Disputed, Ruled:
		return rules.Amend(&s.book, e)
	case FellDue:
		return rules.Mark(&s.book, e, s.Dues())
	default:
		return rules.Record(&s.book, e)
	}
}

// otherPair reports whether e opens a record, of another pair than this: the
// name of the stream follows from the pair.
func (s *State) otherPair(e Event) bool {
	network, party := s.Pair()
	n, p := pairOf(e)
	return isOpening(e) && naturalKey(n, p.ID) != naturalKey(network, party.ID)
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
		return checkPair(e.Network, e.Party)
	case CarriedOver:
		return terms.First(checkPair(e.Network, e.Party), terms.CheckWord("/standing", e.Standing))
	case ClassChanged:
		if e.OwnClass == "" {
			return terms.CheckWord("/class", e.Class)
		}
	case Rejected:
		return terms.CheckOptional("/reason", e.Reason)
	case PutOnHold:
		return terms.CheckOptional("/reason", e.Reason)
	case SuspensionNoticed:
		return terms.CheckOptional("/reason", e.Reason)
	case Suspended:
		return terms.CheckOptional("/reason", e.Reason)
	case Withdrawn:
		return terms.CheckOptional("/reason", e.Reason)
	case Expelled:
		return terms.CheckOptional("/reason", e.Reason)
	case Lapsed:
		return terms.CheckOptional("/reason", e.Reason)
	case DutySet:
		return terms.First(need("/key", e.Key), terms.CheckWord("/kind", e.Kind), terms.CheckText("/what/value", e.What.Value))
	case DutyMet:
		return need("/duty", e.Duty)
	case DutyWaived:
		return terms.First(need("/duty", e.Duty), terms.CheckOptional("/reason", e.Reason))
	case DutyExtended:
		return terms.First(need("/duty", e.Duty), checkTo(e.To))
	case Reclassified:
		return terms.CheckText("/reason", e.Reason)
	case Invited, Applied, ReviewBegun, Admitted, Signed, Activated, Resumed, NoticeGiven, NoticeRevoked, Succeeded,
		FellDue, Corrected, Voided, Disputed, Ruled:
	}
	return nil
}

func checkPair(network terms.PartyID, party terms.PartyRef) error {
	if network != "" && network == party.ID {
		return es.Invalid("membership.own_member", "a network is no member of itself", "another party").At("/party/id")
	}
	return terms.First(terms.CheckRef("/network", network), terms.CheckRef("/party/id", party.ID))
}

func checkTo(to edtf.Date) error {
	if to.IsUnknown() {
		return es.Invalid("terms.missing", "an extension without a date", "the new due date").At("/to")
	}
	return nil
}

func need(field string, k Key) error {
	if k == "" {
		return es.Invalid("terms.missing", "a key is missing", "that of a duty").At(field)
	}
	return nil
}
