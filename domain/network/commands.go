package network

import "github.com/entente-ledger/entente/domain/es"

// Command asks for one change of one network; the set is closed. A command has
// the members of the event it leads to.
//
//sumtype:decl
type Command interface{ event() Event }

// The commands.
type (
	// Register opens the record of a network.
	Register Registered
	// CarryOver enters a network in the state an older register gives it.
	CarryOver CarriedOver
	// AddTitle adds a title.
	AddTitle Titled
	// Found says that the network was founded.
	Found Founded
	// Launch says that the network began its work in public.
	Launch Launched
	// Dissolve ends the network.
	Dissolve Dissolved
	// StatePurpose says what the network is for.
	StatePurpose PurposeStated
	// SetPriorities says what the network turns to first.
	SetPriorities PrioritiesSet
	// OpenToJoin says that the network takes members.
	OpenToJoin OpenedToJoin
	// CloseToJoin says that the network takes no more members.
	CloseToJoin ClosedToJoin
	// DefineClass defines a class of members.
	DefineClass ClassDefined
	// DesignateSecretariat says that a party runs the network.
	DesignateSecretariat SecretariatDesignated
	// EndSecretariat says that a party no longer runs the network.
	EndSecretariat SecretariatEnded
	// EstablishBody sets a body up.
	EstablishBody BodyEstablished
	// DissolveBody ends a body.
	DissolveBody BodyDissolved
	// NominateSeat says that a party was put forward for a seat.
	NominateSeat SeatNominated
	// FillSeat says that a party has a seat.
	FillSeat SeatFilled
	// VacateSeat says that a party no longer has a seat.
	VacateSeat SeatVacated
	// AddSupporter says that a party supports the network.
	AddSupporter SupporterAdded
	// EndSupporter says that a party no longer supports the network.
	EndSupporter SupporterEnded
	// Count states how many there are, named or not.
	Count Counted
	// RecordDecision says what was decided.
	RecordDecision DecisionRecorded
	// Correct gives an earlier event new values.
	Correct Corrected
	// Void says that an event was recorded in error.
	Void Voided
	// Dispute says that somebody contests an event.
	Dispute Disputed
	// Rule settles a dispute.
	Rule Ruled
	// Reclassify changes who may see the network.
	Reclassify Reclassified
	// MarkDue says that a day came that followed from an earlier event.
	MarkDue FellDue
)

func (c Register) event() Event             { return Registered(c) }
func (c CarryOver) event() Event            { return CarriedOver(c) }
func (c AddTitle) event() Event             { return Titled(c) }
func (c Found) event() Event                { return Founded(c) }
func (c Launch) event() Event               { return Launched(c) }
func (c Dissolve) event() Event             { return Dissolved(c) }
func (c StatePurpose) event() Event         { return PurposeStated(c) }
func (c SetPriorities) event() Event        { return PrioritiesSet(c) }
func (c OpenToJoin) event() Event           { return OpenedToJoin(c) }
func (c CloseToJoin) event() Event          { return ClosedToJoin(c) }
func (c DefineClass) event() Event          { return ClassDefined(c) }
func (c DesignateSecretariat) event() Event { return SecretariatDesignated(c) }
func (c EndSecretariat) event() Event       { return SecretariatEnded(c) }
func (c EstablishBody) event() Event        { return BodyEstablished(c) }
func (c DissolveBody) event() Event         { return BodyDissolved(c) }
func (c NominateSeat) event() Event         { return SeatNominated(c) }
func (c FillSeat) event() Event             { return SeatFilled(c) }
func (c VacateSeat) event() Event           { return SeatVacated(c) }
func (c AddSupporter) event() Event         { return SupporterAdded(c) }
func (c EndSupporter) event() Event         { return SupporterEnded(c) }
func (c Count) event() Event                { return Counted(c) }
func (c RecordDecision) event() Event       { return DecisionRecorded(c) }
func (c Correct) event() Event              { return Corrected(c) }
func (c Void) event() Event                 { return Voided(c) }
func (c Dispute) event() Event              { return Disputed(c) }
func (c Rule) event() Event                 { return Ruled(c) }
func (c Reclassify) event() Event           { return Reclassified(c) }
func (c MarkDue) event() Event              { return FellDue(c) }

// Commands ties the commands to their names.
var Commands = es.NewCommands[Command](
	Events,
	es.Def[Register]("network.register"),
	es.Def[CarryOver]("network.carry_over"),
	es.Def[AddTitle]("network.add_title"),
	es.Def[Found]("network.found"),
	es.Def[Launch]("network.launch"),
	es.Def[Dissolve]("network.dissolve"),
	es.Def[StatePurpose]("network.state_purpose"),
	es.Def[SetPriorities]("network.set_priorities"),
	es.Def[OpenToJoin]("network.open_to_join"),
	es.Def[CloseToJoin]("network.close_to_join"),
	es.Def[DefineClass]("network.define_class"),
	es.Def[DesignateSecretariat]("network.designate_secretariat"),
	es.Def[EndSecretariat]("network.end_secretariat"),
	es.Def[EstablishBody]("network.establish_body"),
	es.Def[DissolveBody]("network.dissolve_body"),
	es.Def[NominateSeat]("network.nominate_seat"),
	es.Def[FillSeat]("network.fill_seat"),
	es.Def[VacateSeat]("network.vacate_seat"),
	es.Def[AddSupporter]("network.add_supporter"),
	es.Def[EndSupporter]("network.end_supporter"),
	es.Def[Count]("network.count"),
	es.Def[RecordDecision]("network.record_decision"),
	es.Def[Correct]("network.correct"),
	es.Def[Void]("network.void"),
	es.Def[Dispute]("network.dispute"),
	es.Def[Rule]("network.rule"),
	es.Def[Reclassify]("network.reclassify"),
	es.Def[MarkDue]("network.mark_due"),
)
