package person

import "github.com/entente-ledger/entente/domain/es"

// Command asks for one change of one person; the set is closed. A command has
// the members of the event it leads to.
//
//sumtype:decl
type Command interface{ event() Event }

// The commands.
type (
	// Register opens the record of a person.
	Register Registered
	// CarryOver enters a person with the functions an older register gives.
	CarryOver CarriedOver
	// HoldFunction says that the person held an office or task.
	HoldFunction FunctionHeld
	// Erase has the vault delete the person's data, for ever.
	Erase Erased
	// Correct gives an earlier event new values.
	Correct Corrected
	// Void says that an event was recorded in error.
	Void Voided
	// Dispute says that somebody contests an event.
	Dispute Disputed
	// Rule settles a dispute.
	Rule Ruled
	// Reclassify changes who may see the person.
	Reclassify Reclassified
)

func (c Register) event() Event     { return Registered(c) }
func (c CarryOver) event() Event    { return CarriedOver(c) }
func (c HoldFunction) event() Event { return FunctionHeld(c) }
func (c Erase) event() Event        { return Erased(c) }
func (c Correct) event() Event      { return Corrected(c) }
func (c Void) event() Event         { return Voided(c) }
func (c Dispute) event() Event      { return Disputed(c) }
func (c Rule) event() Event         { return Ruled(c) }
func (c Reclassify) event() Event   { return Reclassified(c) }

// Commands ties the commands to their names.
var Commands = es.NewCommands[Command](
	Events,
	es.Def[Register]("person.register"),
	es.Def[CarryOver]("person.carry_over"),
	es.Def[HoldFunction]("person.hold_function"),
	es.Def[Erase]("person.erase"),
	es.Def[Correct]("person.correct"),
	es.Def[Void]("person.void"),
	es.Def[Dispute]("person.dispute"),
	es.Def[Rule]("person.rule"),
	es.Def[Reclassify]("person.reclassify"),
)
