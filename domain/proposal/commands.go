package proposal

import "github.com/entente-ledger/entente/domain/es"

// Command asks for one change of one proposal; the set is closed. A command has
// the members of the event it leads to.
//
//sumtype:decl
type Command interface{ event() Event }

// The commands.
type (
	// Make proposes a command.
	Make Made
	// Withdraw takes a proposal back; only who made it can.
	Withdraw Withdrawn
	// Approve says that a second person agrees.
	Approve Approved
	// Refuse says that a second person does not agree.
	Refuse Refused
	// CarryOut says what the command led to.
	CarryOut CarriedOut
	// Fail says that the command was rejected.
	Fail Failed
	// Correct gives an earlier event another date, reason or source; not what
	// was proposed, who decided, or what came of it.
	Correct Corrected
	// Void says that an event was recorded in error.
	Void Voided
	// Dispute says that somebody contests a refusal or a withdrawal.
	Dispute Disputed
	// Rule settles a dispute.
	Rule Ruled
	// Reclassify changes who may see the proposal.
	Reclassify Reclassified
)

func (c Make) event() Event       { return Made(c) }
func (c Withdraw) event() Event   { return Withdrawn(c) }
func (c Approve) event() Event    { return Approved(c) }
func (c Refuse) event() Event     { return Refused(c) }
func (c CarryOut) event() Event   { return CarriedOut(c) }
func (c Fail) event() Event       { return Failed(c) }
func (c Correct) event() Event    { return Corrected(c) }
func (c Void) event() Event       { return Voided(c) }
func (c Dispute) event() Event    { return Disputed(c) }
func (c Rule) event() Event       { return Ruled(c) }
func (c Reclassify) event() Event { return Reclassified(c) }

// Commands ties the commands to their names.
var Commands = es.NewCommands[Command](
	Events,
	es.Def[Make]("proposal.make"),
	es.Def[Withdraw]("proposal.withdraw"),
	es.Def[Approve]("proposal.approve"),
	es.Def[Refuse]("proposal.refuse"),
	es.Def[CarryOut]("proposal.carry_out"),
	es.Def[Fail]("proposal.fail"),
	es.Def[Correct]("proposal.correct"),
	es.Def[Void]("proposal.void"),
	es.Def[Dispute]("proposal.dispute"),
	es.Def[Rule]("proposal.rule"),
	es.Def[Reclassify]("proposal.reclassify"),
)
