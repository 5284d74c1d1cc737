package grant

import "github.com/entente-ledger/entente/domain/es"

// Command asks for one change of one grant; the set is closed. A command has
// the members of the event it leads to.
//
//sumtype:decl
type Command interface{ event() Event }

// The commands.
type (
	// Register opens the record of a grant.
	Register Registered
	// CarryOver enters a grant with the sums an older register gives it.
	CarryOver CarriedOver
	// OpenCall opens a call for applications.
	OpenCall CallOpened
	// CloseCall closes a call.
	CloseCall CallClosed
	// Award promises a party money.
	Award Awarded
	// Disburse says that a part of an award was paid.
	Disburse Disbursed
	// Report says that the party reported on the use of an award.
	Report Reported
	// CloseAward says that nothing more is paid of an award.
	CloseAward AwardClosed
	// ClawBack says that a part of what was disbursed was paid back.
	ClawBack ClawedBack
	// Correct gives an earlier event new values.
	Correct Corrected
	// Void says that an event was recorded in error.
	Void Voided
	// Dispute says that somebody contests an event.
	Dispute Disputed
	// Rule settles a dispute.
	Rule Ruled
	// Reclassify changes who may see the grant.
	Reclassify Reclassified
	// MarkDue says that a day came that follows from the terms.
	MarkDue FellDue
)

func (c Register) event() Event   { return Registered(c) }
func (c CarryOver) event() Event  { return CarriedOver(c) }
func (c OpenCall) event() Event   { return CallOpened(c) }
func (c CloseCall) event() Event  { return CallClosed(c) }
func (c Award) event() Event      { return Awarded(c) }
func (c Disburse) event() Event   { return Disbursed(c) }
func (c Report) event() Event     { return Reported(c) }
func (c CloseAward) event() Event { return AwardClosed(c) }
func (c ClawBack) event() Event   { return ClawedBack(c) }
func (c Correct) event() Event    { return Corrected(c) }
func (c Void) event() Event       { return Voided(c) }
func (c Dispute) event() Event    { return Disputed(c) }
func (c Rule) event() Event       { return Ruled(c) }
func (c Reclassify) event() Event { return Reclassified(c) }
func (c MarkDue) event() Event    { return FellDue(c) }

// Commands ties the commands to their names.
var Commands = es.NewCommands[Command](
	Events,
	es.Def[Register]("grant.register"),
	es.Def[CarryOver]("grant.carry_over"),
	es.Def[OpenCall]("grant.open_call"),
	es.Def[CloseCall]("grant.close_call"),
	es.Def[Award]("grant.award"),
	es.Def[Disburse]("grant.disburse"),
	es.Def[Report]("grant.report"),
	es.Def[CloseAward]("grant.close_award"),
	es.Def[ClawBack]("grant.claw_back"),
	es.Def[Correct]("grant.correct"),
	es.Def[Void]("grant.void"),
	es.Def[Dispute]("grant.dispute"),
	es.Def[Rule]("grant.rule"),
	es.Def[Reclassify]("grant.reclassify"),
	es.Def[MarkDue]("grant.mark_due"),
)
