package resource

// Command asks for one change of one resource; the set is closed. A command has
// the members of the event it leads to.
//
//sumtype:decl
type Command interface{ event() Event }

// The commands.
type (
	// Register opens the record of a resource.
	Register Registered
	// CarryOver enters a resource in the state an older register gives it.
	CarryOver CarriedOver
	// AddTitle adds a title in another language.
	AddTitle Titled
	// SetThemes says what the resource is about.
	SetThemes ThemesSet
	// NameOwner says which party answers for the resource.
	NameOwner OwnerNamed
	// Relate says how the resource stands to something else.
	Relate Related
	// Propose puts the resource forward for publication.
	Propose Proposed
	// Review says what a review of the resource came to.
	Review Reviewed
	// Publish makes the resource available.
	Publish Published
	// RecordCopy says where the resource can be had too.
	RecordCopy CopyRecorded
	// Retire says that the resource is not to be used any more.
	Retire Retired
	// Correct gives an earlier event new values.
	Correct Corrected
	// Void says that an event was recorded in error.
	Void Voided
	// Dispute says that somebody contests an event.
	Dispute Disputed
	// Rule settles a dispute.
	Rule Ruled
	// Reclassify changes who may see the resource.
	Reclassify Reclassified
)

func (c Register) event() Event   { return Registered(c) }
func (c CarryOver) event() Event  { return CarriedOver(c) }
func (c AddTitle) event() Event   { return Titled(c) }
func (c SetThemes) event() Event  { return ThemesSet(c) }
func (c NameOwner) event() Event  { return OwnerNamed(c) }
func (c Relate) event() Event     { return Related(c) }
func (c Propose) event() Event    { return Proposed(c) }
func (c Review) event() Event     { return Reviewed(c) }
func (c Publish) event() Event    { return Published(c) }
func (c RecordCopy) event() Event { return CopyRecorded(c) }
func (c Retire) event() Event     { return Retired(c) }
func (c Correct) event() Event    { return Corrected(c) }
func (c Void) event() Event       { return Voided(c) }
func (c Dispute) event() Event    { return Disputed(c) }
func (c Rule) event() Event       { return Ruled(c) }
func (c Reclassify) event() Event { return Reclassified(c) }
