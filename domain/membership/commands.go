package membership

import (
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Command asks for one change of one membership; the set is closed. A command
// has the members of the event it leads to.
//
//sumtype:decl
type Command interface{ event() Event }

// The commands.
type (
	// Register opens the record of a pair.
	Register Registered
	// CarryOver enters a membership in the standing an older register gives it.
	CarryOver CarriedOver
	// Invite says that the party was asked to join.
	Invite Invited
	// Apply says that the party asked to be admitted.
	Apply Applied
	// BeginReview says that the network began to look into it.
	BeginReview ReviewBegun
	// Reject says that the party was not admitted.
	Reject Rejected
	// Admit says that the party was admitted.
	Admit Admitted
	// Sign says that the party signed what members sign.
	Sign Signed
	// Activate says that the party takes part with all rights.
	Activate Activated
	// ChangeClass says that the party is a member as something else.
	ChangeClass ClassChanged
	// Hold says that the membership rests.
	Hold PutOnHold
	// NoticeSuspension says that written notice of a suspension was given.
	NoticeSuspension SuspensionNoticed
	// Suspend says that the membership was suspended.
	Suspend Suspended
	// Resume ends a hold or a suspension.
	Resume Resumed
	// GiveNotice says that the party gave notice of withdrawal.
	GiveNotice NoticeGiven
	// RevokeNotice takes a notice of withdrawal back.
	RevokeNotice NoticeRevoked
	// Withdraw says that the party left.
	Withdraw Withdrawn
	// Expel says that the network ended the membership.
	Expel Expelled
	// Lapse says that the membership ended because something was not done.
	Lapse Lapsed
	// Succeed says that another party took the membership over.
	Succeed Succeeded
	// SetDuty says what the party owes the network.
	SetDuty DutySet
	// MeetDuty says that a duty was met.
	MeetDuty DutyMet
	// WaiveDuty says that a duty need not be met.
	WaiveDuty DutyWaived
	// ExtendDuty gives more time for a duty.
	ExtendDuty DutyExtended
	// Correct gives an earlier event new values.
	Correct Corrected
	// Void says that an event was recorded in error.
	Void Voided
	// Dispute says that somebody contests an event.
	Dispute Disputed
	// Rule settles a dispute.
	Rule Ruled
	// Reclassify changes who may see the membership.
	Reclassify Reclassified
	// MarkDue says that a day came that follows from the facts.
	MarkDue FellDue
)

// NaturalKey implements [es.Keyed]: a stream is of one network and one party.
func (c Register) NaturalKey() string { return naturalKey(c.Network, c.Party.ID) }

// NaturalKey implements [es.Keyed].
func (c CarryOver) NaturalKey() string { return naturalKey(c.Network, c.Party.ID) }

func naturalKey(network, party terms.PartyID) string { return string(network) + " " + string(party) }

func (c Register) event() Event         { return Registered(c) }
func (c CarryOver) event() Event        { return CarriedOver(c) }
func (c Invite) event() Event           { return Invited(c) }
func (c Apply) event() Event            { return Applied(c) }
func (c BeginReview) event() Event      { return ReviewBegun(c) }
func (c Reject) event() Event           { return Rejected(c) }
func (c Admit) event() Event            { return Admitted(c) }
func (c Sign) event() Event             { return Signed(c) }
func (c Activate) event() Event         { return Activated(c) }
func (c ChangeClass) event() Event      { return ClassChanged(c) }
func (c Hold) event() Event             { return PutOnHold(c) }
func (c NoticeSuspension) event() Event { return SuspensionNoticed(c) }
func (c Suspend) event() Event          { return Suspended(c) }
func (c Resume) event() Event           { return Resumed(c) }
func (c GiveNotice) event() Event       { return NoticeGiven(c) }
func (c RevokeNotice) event() Event     { return NoticeRevoked(c) }
func (c Withdraw) event() Event         { return Withdrawn(c) }
func (c Expel) event() Event            { return Expelled(c) }
func (c Lapse) event() Event            { return Lapsed(c) }
func (c Succeed) event() Event          { return Succeeded(c) }
func (c SetDuty) event() Event          { return DutySet(c) }
func (c MeetDuty) event() Event         { return DutyMet(c) }
func (c WaiveDuty) event() Event        { return DutyWaived(c) }
func (c ExtendDuty) event() Event       { return DutyExtended(c) }
func (c Correct) event() Event          { return Corrected(c) }
func (c Void) event() Event             { return Voided(c) }
func (c Dispute) event() Event          { return Disputed(c) }
func (c Rule) event() Event             { return Ruled(c) }
func (c Reclassify) event() Event       { return Reclassified(c) }
func (c MarkDue) event() Event          { return FellDue(c) }

// Commands ties the commands to their names.
var Commands = es.NewCommands[Command](
	Events,
	es.Def[Register]("membership.register"),
	es.Def[CarryOver]("membership.carry_over"),
	es.Def[Invite]("membership.invite"),
	es.Def[Apply]("membership.apply"),
	es.Def[BeginReview]("membership.begin_review"),
	es.Def[Reject]("membership.reject"),
	es.Def[Admit]("membership.admit"),
	es.Def[Sign]("membership.sign"),
	es.Def[Activate]("membership.activate"),
	es.Def[ChangeClass]("membership.change_class"),
	es.Def[Hold]("membership.hold"),
	es.Def[NoticeSuspension]("membership.notice_suspension"),
	es.Def[Suspend]("membership.suspend"),
	es.Def[Resume]("membership.resume"),
	es.Def[GiveNotice]("membership.give_notice"),
	es.Def[RevokeNotice]("membership.revoke_notice"),
	es.Def[Withdraw]("membership.withdraw"),
	es.Def[Expel]("membership.expel"),
	es.Def[Lapse]("membership.lapse"),
	es.Def[Succeed]("membership.succeed"),
	es.Def[SetDuty]("membership.set_duty"),
	es.Def[MeetDuty]("membership.meet_duty"),
	es.Def[WaiveDuty]("membership.waive_duty"),
	es.Def[ExtendDuty]("membership.extend_duty"),
	es.Def[Correct]("membership.correct"),
	es.Def[Void]("membership.void"),
	es.Def[Dispute]("membership.dispute"),
	es.Def[Rule]("membership.rule"),
	es.Def[Reclassify]("membership.reclassify"),
	es.Def[MarkDue]("membership.mark_due"),
)
