package memorandum

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
)

// Aggregate is the agreement as the ledger runs it.
var Aggregate = es.NewAggregate("memorandum", Decider, Commands, Events)

// Decider decides commands on one agreement.
var Decider = es.Decider[Command, State, Event]{Decide: decideAndDerive, Evolve: evolve}

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
	ErrKeyTaken       = es.Rejected("memorandum.key_taken", "the key is used already")
	ErrNoReservation  = es.Rejected("memorandum.no_reservation", "there is no reservation with this key")
	ErrNoAmendment    = es.Rejected("memorandum.no_amendment", "there is no amendment with this key")
	ErrNoUndertaking  = es.Rejected("memorandum.no_undertaking", "there is no undertaking with this key")
	ErrNotSuspended   = es.Rejected("memorandum.not_suspended", "nothing is suspended that could be resumed")
	ErrNotProvisional = es.Rejected("memorandum.not_provisional", "the agreement is not provisionally applied")
)

// decideAndDerive decides c, and adds what follows from the decision by the
// agreement's own terms.
func decideAndDerive(c Command, s State) ([]Event, error) {
	events, err := decide(c, s)
	if err != nil || len(events) == 0 {
		return nil, err
	}
	after := State{book: s.book.Clone()}
	for _, e := range events {
		after.book.Add(e)
	}
	return append(events, after.changes()...), nil
}

func evolve(s State, _ es.Revision, e Event) State {
	s.book.Add(e)
	return s
}

func decide(c Command, s State) ([]Event, error) {
	b := &s.book
	switch c := c.(type) {
	case Draft:
		return rules.Open(b, Drafted(c))
	case CarryOver:
		return s.carryOver(CarriedOver(c))
	case AddTitle:
		return rules.Record(b, Titled(c))
	case Relate:
		return rules.Record(b, Related(c))
	case SetThemes:
		return rules.Record(b, ThemesSet(c))
	case NameUnit:
		return s.record(UnitNamed(c), known(c.Party))
	case SetTerms:
		return rules.Record(b, TermsSet(c))
	case AddText:
		return rules.Record(b, TextAdded(c))
	case CorrectText:
		return rules.Record(b, TextCorrected(c))
	case Adopt:
		return s.record(Adopted(c), notEnded)
	case Invite:
		return s.record(Invited(c), notEnded)
	case Open:
		return s.record(Opened(c), notEnded)
	case Close:
		return rules.Record(b, Closed(c))
	case Sign:
		return s.record(Signed(c), mayJoin(c.Party.ID), notClosed, notEnded)
	case Count:
		return rules.Record(b, Counted(c))
	case Consent:
		return s.record(Consented(c), mayJoin(c.Party.ID), notTwice(Consented(c)), notEnded)
	case Weigh:
		return rules.Record(b, Weighed(c))
	case ApplyProvisionally:
		return s.record(Provisional(c), notEnded)
	case EndProvisional:
		return s.record(ProvisionalEnded(c), provisional)
	case Reserve:
		return s.recordAny(Reserved(c), unused(Reserved(c)))
	case Object:
		return s.recordAny(Objected(c), reserved(c.Reservation))
	case Unreserve:
		return s.recordAny(Unreserved(c), reserved(c.Reservation))
	case AdoptAmendment:
		return s.recordAny(AmendmentAdopted(c), unused(AmendmentAdopted(c)))
	case AcceptAmendment:
		return s.recordAny(AmendmentAccepted(c), amended(c.Amendment), party(c.Party))
	case Renew:
		return rules.Record(b, Renewed(c))
	case DeclineRenewal:
		return s.record(RenewalDeclined(c), party(c.Party))
	case Suspend:
		return s.record(Suspended(c), party(c.Parties...), notEnded)
	case Resume:
		return s.record(Resumed(c), suspended)
	case GiveNotice:
		return s.record(NoticeGiven(c), party(c.Party))
	case RevokeNotice:
		return s.record(NoticeRevoked(c), noticed(c.Party))
	case Withdraw:
		return s.record(Withdrawn(c), party(c.Party))
	case Terminate:
		return rules.Record(b, Terminated(c))
	case Supersede:
		return rules.Record(b, Superseded(c))
	case Abandon:
		return s.record(Abandoned(c), notInForce)
	case RecordAxis:
		return rules.Record(b, AxisRecorded(c))
	case Undertake:
		return s.recordAny(Undertaken(c), unused(Undertaken(c)))
	case Meet:
		return s.recordAny(Met(c), undertaken(c.Undertaking))
	case Waive:
		return s.recordAny(Waived(c), undertaken(c.Undertaking))
	case Extend:
		return s.recordAny(Extended(c), undertaken(c.Undertaking))
	case Notify:
		return rules.Record(b, Notified(c))
	case Correct:
		return rules.Amend(b, Corrected(c))
	case Void:
		return rules.Amend(b, Voided(c))
	case Dispute:
		return rules.Amend(b, Disputed(c))
	case Rule:
		return rules.Amend(b, Ruled(c))
	case Reclassify:
		return rules.Record(b, Reclassified(c))
	}
	panic(fmt.Sprintf("decide: unknown command %T", c))
}
