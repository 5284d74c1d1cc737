package source

import "github.com/entente-ledger/entente/domain/es"

// Command asks for one change of one source; the set is closed. A command has
// the members of the event it leads to.
//
//sumtype:decl
type Command interface{ event() Event }

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
	// RemoveEntry says that a register does not have something any more.
	RemoveEntry EntryRemoved
	// RestoreEntry says that a register has something again.
	RestoreEntry EntryRestored
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

func (c Register) event() Event     { return Registered(c) }
func (c CarryOver) event() Event    { return CarriedOver(c) }
func (c Attribute) event() Event    { return Attributed(c) }
func (c AttachFile) event() Event   { return FileAttached(c) }
func (c RecordNote) event() Event   { return NoteRecorded(c) }
func (c Replace) event() Event      { return Replaced(c) }
func (c RemoveEntry) event() Event  { return EntryRemoved(c) }
func (c RestoreEntry) event() Event { return EntryRestored(c) }
func (c Correct) event() Event      { return Corrected(c) }
func (c Void) event() Event         { return Voided(c) }
func (c Dispute) event() Event      { return Disputed(c) }
func (c Rule) event() Event         { return Ruled(c) }
func (c Reclassify) event() Event   { return Reclassified(c) }

// Commands ties the commands to their names.
var Commands = es.NewCommands[Command](
	Events,
	es.Def[Register]("source.register"),
	es.Def[CarryOver]("source.carry_over"),
	es.Def[Attribute]("source.attribute"),
	es.Def[AttachFile]("source.attach_file"),
	es.Def[RecordNote]("source.record_note"),
	es.Def[Replace]("source.replace"),
	es.Def[RemoveEntry]("source.remove_entry"),
	es.Def[RestoreEntry]("source.restore_entry"),
	es.Def[Correct]("source.correct"),
	es.Def[Void]("source.void"),
	es.Def[Dispute]("source.dispute"),
	es.Def[Rule]("source.rule"),
	es.Def[Reclassify]("source.reclassify"),
)
