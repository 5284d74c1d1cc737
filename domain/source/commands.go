package source

import "github.com/entente-ledger/entente/domain/es"

// Command asks for one change of one source; the set is closed. A command has
// the members of the event it leads to.
//
//sumtype:decl
type Command interface{ command() }

// The commands.
type (
	// Register opens the record of a source.
	Register Registered
	// CarryOver enters a source in the state an older register gives it.
	CarryOver CarriedOver
	// Attribute says who issued the source.
	Attribute Attributed
	// AttachFile says that a copy is kept in documents/.
	AttachFile FileAttached
	// RecordNote says what the source says about something.
	RecordNote NoteRecorded
	// Replace says that another source took the place of this one.
	Replace Replaced
	// Correct gives an earlier event new values.
	Correct Corrected
	// Void says that an event was recorded in error.
	Void Voided
	// Dispute says that somebody contests an event.
	Dispute Disputed
	// Rule settles a dispute.
	Rule Ruled
	// Reclassify changes who may see the source.
	Reclassify Reclassified
)

func (Register) command()   {}
func (CarryOver) command()  {}
func (Attribute) command()  {}
func (AttachFile) command() {}
func (RecordNote) command() {}
func (Replace) command()    {}
func (Correct) command()    {}
func (Void) command()       {}
func (Dispute) command()    {}
func (Rule) command()       {}
func (Reclassify) command() {}

// Commands ties the commands to their names.
var Commands = es.NewCommands[Command](
	Events,
	es.Def[Register]("source.register"),
	es.Def[CarryOver]("source.carry_over"),
	es.Def[Attribute]("source.attribute"),
	es.Def[AttachFile]("source.attach_file"),
	es.Def[RecordNote]("source.record_note"),
	es.Def[Replace]("source.replace"),
	es.Def[Correct]("source.correct"),
	es.Def[Void]("source.void"),
	es.Def[Dispute]("source.dispute"),
	es.Def[Rule]("source.rule"),
	es.Def[Reclassify]("source.reclassify"),
)
