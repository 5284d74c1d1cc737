package party

import "github.com/entente-ledger/entente/domain/es"

// Command asks for one change of one party; the set is closed. A command has
// the members of the event it leads to.
//
//sumtype:decl
type Command interface{ event() Event }

// The commands.
type (
	// Register opens the record of a party.
	Register Registered
	// CarryOver enters a party in the state an older register gives it.
	CarryOver CarriedOver
	// AddName adds a name in another language, script or form.
	AddName Named
	// Rename gives the party a new official name.
	Rename Renamed
	// Identify adds an identifier from elsewhere.
	Identify Identified
	// Locate says where the party is.
	Locate Located
	// Relate says how the party stands to another.
	Relate Related
	// Merge says that the party was merged into another.
	Merge Merged
	// Divide says that the party was split into others.
	Divide Split
	// Succeed says that another party took the place of this one.
	Succeed Succeeded
	// Link says that this record and another are of one party.
	Link Linked
	// Unlink takes a link back.
	Unlink Unlinked
	// Correct gives an earlier event new values.
	Correct Corrected
	// Void says that an event was recorded in error.
	Void Voided
	// Dispute says that somebody contests an event.
	Dispute Disputed
	// Rule settles a dispute.
	Rule Ruled
	// Reclassify changes who may see the party.
	Reclassify Reclassified
)

func (c Register) event() Event   { return Registered(c) }
func (c CarryOver) event() Event  { return CarriedOver(c) }
func (c AddName) event() Event    { return Named(c) }
func (c Rename) event() Event     { return Renamed(c) }
func (c Identify) event() Event   { return Identified(c) }
func (c Locate) event() Event     { return Located(c) }
func (c Relate) event() Event     { return Related(c) }
func (c Merge) event() Event      { return Merged(c) }
func (c Divide) event() Event     { return Split(c) }
func (c Succeed) event() Event    { return Succeeded(c) }
func (c Link) event() Event       { return Linked(c) }
func (c Unlink) event() Event     { return Unlinked(c) }
func (c Correct) event() Event    { return Corrected(c) }
func (c Void) event() Event       { return Voided(c) }
func (c Dispute) event() Event    { return Disputed(c) }
func (c Rule) event() Event       { return Ruled(c) }
func (c Reclassify) event() Event { return Reclassified(c) }

// Commands ties the commands to their names.
var Commands = es.NewCommands[Command](
	Events,
	es.Def[Register]("party.register"),
	es.Def[CarryOver]("party.carry_over"),
	es.Def[AddName]("party.add_name"),
	es.Def[Rename]("party.rename"),
	es.Def[Identify]("party.identify"),
	es.Def[Locate]("party.locate"),
	es.Def[Relate]("party.relate"),
	es.Def[Merge]("party.merge"),
	es.Def[Divide]("party.divide"),
	es.Def[Succeed]("party.succeed"),
	es.Def[Link]("party.link"),
	es.Def[Unlink]("party.unlink"),
	es.Def[Correct]("party.correct"),
	es.Def[Void]("party.void"),
	es.Def[Dispute]("party.dispute"),
	es.Def[Rule]("party.rule"),
	es.Def[Reclassify]("party.reclassify"),
)
