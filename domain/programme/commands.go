package programme

import "github.com/entente-ledger/entente/domain/es"

// Command asks for one change of one programme; the set is closed. A command has
// the members of the event it leads to.
//
//sumtype:decl
type Command interface{ event() Event }

// The commands.
type (
	// Register opens the record of a programme.
	Register Registered
	// CarryOver enters a programme in the state an older register gives it.
	CarryOver CarriedOver
	// Launch says that the programme began.
	Launch Launched
	// StatePurpose says what the programme is for.
	StatePurpose PurposeStated
	// NameOwner says who runs the programme.
	NameOwner OwnerNamed
	// OpenCall opens a call for applications.
	OpenCall CallOpened
	// CloseCall closes a call.
	CloseCall CallClosed
	// ReceiveApplication says that a party applied.
	ReceiveApplication ApplicationReceived
	// Select says that a party was selected.
	Select Selected
	// Reject says that a party was not selected.
	Reject Rejected
	// Count states how many there are, named or not.
	Count Counted
	// Pair says that two parties are to work with each other.
	Pair Paired
	// Close ends the programme.
	Close Closed
	// Correct gives an earlier event new values.
	Correct Corrected
	// Void says that an event was recorded in error.
	Void Voided
	// Dispute says that somebody contests an event.
	Dispute Disputed
	// Rule settles a dispute.
	Rule Ruled
	// Reclassify changes who may see the programme.
	Reclassify Reclassified
	// MarkDue says that a day came that follows from the terms.
	MarkDue FellDue
)

func (c Register) event() Event           { return Registered(c) }
func (c CarryOver) event() Event          { return CarriedOver(c) }
func (c Launch) event() Event             { return Launched(c) }
func (c StatePurpose) event() Event       { return PurposeStated(c) }
func (c NameOwner) event() Event          { return OwnerNamed(c) }
func (c OpenCall) event() Event           { return CallOpened(c) }
func (c CloseCall) event() Event          { return CallClosed(c) }
func (c ReceiveApplication) event() Event { return ApplicationReceived(c) }
func (c Select) event() Event             { return Selected(c) }
func (c Reject) event() Event             { return Rejected(c) }
func (c Count) event() Event              { return Counted(c) }
func (c Pair) event() Event               { return Paired(c) }
func (c Close) event() Event              { return Closed(c) }
func (c Correct) event() Event            { return Corrected(c) }
func (c Void) event() Event               { return Voided(c) }
func (c Dispute) event() Event            { return Disputed(c) }
func (c Rule) event() Event               { return Ruled(c) }
func (c Reclassify) event() Event         { return Reclassified(c) }
func (c MarkDue) event() Event            { return FellDue(c) }

// Commands ties the commands to their names.
var Commands = es.NewCommands[Command](
	Events,
	es.Def[Register]("programme.register"),
	es.Def[CarryOver]("programme.carry_over"),
	es.Def[Launch]("programme.launch"),
	es.Def[StatePurpose]("programme.state_purpose"),
	es.Def[NameOwner]("programme.name_owner"),
	es.Def[OpenCall]("programme.open_call"),
	es.Def[CloseCall]("programme.close_call"),
	es.Def[ReceiveApplication]("programme.receive_application"),
	es.Def[Select]("programme.select"),
	es.Def[Reject]("programme.reject"),
	es.Def[Count]("programme.count"),
	es.Def[Pair]("programme.pair"),
	es.Def[Close]("programme.close"),
	es.Def[Correct]("programme.correct"),
	es.Def[Void]("programme.void"),
	es.Def[Dispute]("programme.dispute"),
	es.Def[Rule]("programme.rule"),
	es.Def[Reclassify]("programme.reclassify"),
	es.Def[MarkDue]("programme.mark_due"),
)
