package activity

// Command asks for one change of one activity; the set is closed. A command has
// the members of the event it leads to.
//
//sumtype:decl
type Command interface{ event() Event }

// The commands.
type (
	// Register opens the record of an activity.
	Register Registered
	// CarryOver enters an activity in the state an older register gives it.
	CarryOver CarriedOver
	// AddTitle adds a title in another language.
	AddTitle Titled
	// NameSeries says which series the activity belongs to.
	NameSeries SeriesNamed
	// Locate says where the activity is.
	Locate Located
	// Announce says that somebody announced the activity.
	Announce Announced
	// Schedule fixes when the activity is to take place.
	Schedule Scheduled
	// Reschedule fixes another time in place of the one before.
	Reschedule Rescheduled
	// Postpone puts the activity off.
	Postpone Postponed
	// Hold says that the activity took place.
	Hold Held
	// Cancel says that the activity will not take place.
	Cancel Cancelled
	// NameHost names somebody who hosts the activity or stands behind it.
	NameHost HostNamed
	// RecordParticipant says who takes part, as what, and whether they came.
	RecordParticipant ParticipantRecorded
	// CountParticipants says how many take part, named or not.
	CountParticipants ParticipantsCounted
	// SetAgenda says what the activity is about.
	SetAgenda AgendaSet
	// RecordOutput says what came out of the activity.
	RecordOutput OutputRecorded
	// Relate says how the activity stands to something else.
	Relate Related
	// Correct gives an earlier event new values.
	Correct Corrected
	// Void says that an event was recorded in error.
	Void Voided
	// Dispute says that somebody contests an event.
	Dispute Disputed
	// Rule settles a dispute.
	Rule Ruled
	// Reclassify changes who may see the activity.
	Reclassify Reclassified
)

func (c Register) event() Event          { return Registered(c) }
func (c CarryOver) event() Event         { return CarriedOver(c) }
func (c AddTitle) event() Event          { return Titled(c) }
func (c NameSeries) event() Event        { return SeriesNamed(c) }
func (c Locate) event() Event            { return Located(c) }
func (c Announce) event() Event          { return Announced(c) }
func (c Schedule) event() Event          { return Scheduled(c) }
func (c Reschedule) event() Event        { return Rescheduled(c) }
func (c Postpone) event() Event          { return Postponed(c) }
func (c Hold) event() Event              { return Held(c) }
func (c Cancel) event() Event            { return Cancelled(c) }
func (c NameHost) event() Event          { return HostNamed(c) }
func (c RecordParticipant) event() Event { return ParticipantRecorded(c) }
func (c CountParticipants) event() Event { return ParticipantsCounted(c) }
func (c SetAgenda) event() Event         { return AgendaSet(c) }
func (c RecordOutput) event() Event      { return OutputRecorded(c) }
func (c Relate) event() Event            { return Related(c) }
func (c Correct) event() Event           { return Corrected(c) }
func (c Void) event() Event              { return Voided(c) }
func (c Dispute) event() Event           { return Disputed(c) }
func (c Rule) event() Event              { return Ruled(c) }
func (c Reclassify) event() Event        { return Reclassified(c) }
