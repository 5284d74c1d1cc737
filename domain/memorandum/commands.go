package memorandum

import "github.com/entente-ledger/entente/domain/es"

// Command asks for one change of one agreement; the set is closed. A command
// has the members of the event it leads to.
//
//sumtype:decl
type Command interface{ event() Event }

// The commands.
type (
	// Draft opens the record of an agreement.
	Draft Drafted
	// CarryOver enters an agreement in the state an older register gives it.
	CarryOver CarriedOver
	// CarryOverPart enters a party's part in the state an older register gives it.
	CarryOverPart PartCarriedOver
	// AddTitle adds a title in another language.
	AddTitle Titled
	// Relate says how the agreement stands to another.
	Relate Related
	// SetThemes says what the agreement is about.
	SetThemes ThemesSet
	// NameUnit names a unit of a party that is responsible.
	NameUnit UnitNamed
	// SetTerms states the terms.
	SetTerms TermsSet
	// AddText adds a language version.
	AddText TextAdded
	// CorrectText records a correction of an error in the text.
	CorrectText TextCorrected
	// Adopt says that the text was settled.
	Adopt Adopted
	// Invite says that a party may sign.
	Invite Invited
	// Open opens the agreement for signature.
	Open Opened
	// Close closes the agreement for signature.
	Close Closed
	// Sign records a signature for a party.
	Sign Signed
	// Count states how many signed.
	Count Counted
	// Consent records a party's consent to be bound.
	Consent Consented
	// Weigh states a party's weight.
	Weigh Weighed
	// ApplyProvisionally says that the agreement is applied before it is in force.
	ApplyProvisionally Provisional
	// EndProvisional ends the provisional application.
	EndProvisional ProvisionalEnded
	// Reserve records a reservation.
	Reserve Reserved
	// Object records an objection to a reservation.
	Object Objected
	// Unreserve withdraws a reservation.
	Unreserve Unreserved
	// AdoptAmendment adopts an amendment or a protocol.
	AdoptAmendment AmendmentAdopted
	// AcceptAmendment records a party's consent to an amendment.
	AcceptAmendment AmendmentAccepted
	// Renew renews the agreement until a date.
	Renew Renewed
	// DeclineRenewal records that a party does not want a tacit renewal.
	DeclineRenewal RenewalDeclined
	// Suspend suspends the agreement, for all or for some.
	Suspend Suspended
	// Resume ends a suspension.
	Resume Resumed
	// GiveNotice records a party's notice of withdrawal.
	GiveNotice NoticeGiven
	// RevokeNotice takes a notice of withdrawal back.
	RevokeNotice NoticeRevoked
	// Withdraw says that a party left.
	Withdraw Withdrawn
	// Terminate ends the agreement.
	Terminate Terminated
	// Supersede ends the agreement by a later one.
	Supersede Superseded
	// Abandon gives the agreement up before it was in force.
	Abandon Abandoned
	// RecordAxis records an axis of cooperation.
	RecordAxis AxisRecorded
	// Undertake records what one party owes another.
	Undertake Undertaken
	// Meet says that an undertaking was kept.
	Meet Met
	// Waive releases from an undertaking.
	Waive Waived
	// Extend gives an undertaking a later due date.
	Extend Extended
	// Notify says that a reminder or a notice was sent.
	Notify Notified
	// Correct gives an earlier event new values.
	Correct Corrected
	// Void says that an event was recorded in error.
	Void Voided
	// Dispute says that somebody contests an event.
	Dispute Disputed
	// Rule settles a dispute.
	Rule Ruled
	// Reclassify changes who may see the agreement.
	Reclassify Reclassified
	// MarkDue says that a day came that follows from the terms.
	MarkDue FellDue
)

func (c Draft) event() Event              { return Drafted(c) }
func (c CarryOver) event() Event          { return CarriedOver(c) }
func (c CarryOverPart) event() Event      { return PartCarriedOver(c) }
func (c AddTitle) event() Event           { return Titled(c) }
func (c Relate) event() Event             { return Related(c) }
func (c SetThemes) event() Event          { return ThemesSet(c) }
func (c NameUnit) event() Event           { return UnitNamed(c) }
func (c SetTerms) event() Event           { return TermsSet(c) }
func (c AddText) event() Event            { return TextAdded(c) }
func (c CorrectText) event() Event        { return TextCorrected(c) }
func (c Adopt) event() Event              { return Adopted(c) }
func (c Invite) event() Event             { return Invited(c) }
func (c Open) event() Event               { return Opened(c) }
func (c Close) event() Event              { return Closed(c) }
func (c Sign) event() Event               { return Signed(c) }
func (c Count) event() Event              { return Counted(c) }
func (c Consent) event() Event            { return Consented(c) }
func (c Weigh) event() Event              { return Weighed(c) }
func (c ApplyProvisionally) event() Event { return Provisional(c) }
func (c EndProvisional) event() Event     { return ProvisionalEnded(c) }
func (c Reserve) event() Event            { return Reserved(c) }
func (c Object) event() Event             { return Objected(c) }
func (c Unreserve) event() Event          { return Unreserved(c) }
func (c AdoptAmendment) event() Event     { return AmendmentAdopted(c) }
func (c AcceptAmendment) event() Event    { return AmendmentAccepted(c) }
func (c Renew) event() Event              { return Renewed(c) }
func (c DeclineRenewal) event() Event     { return RenewalDeclined(c) }
func (c Suspend) event() Event            { return Suspended(c) }
func (c Resume) event() Event             { return Resumed(c) }
func (c GiveNotice) event() Event         { return NoticeGiven(c) }
func (c RevokeNotice) event() Event       { return NoticeRevoked(c) }
func (c Withdraw) event() Event           { return Withdrawn(c) }
func (c Terminate) event() Event          { return Terminated(c) }
func (c Supersede) event() Event          { return Superseded(c) }
func (c Abandon) event() Event            { return Abandoned(c) }
func (c RecordAxis) event() Event         { return AxisRecorded(c) }
func (c Undertake) event() Event          { return Undertaken(c) }
func (c Meet) event() Event               { return Met(c) }
func (c Waive) event() Event              { return Waived(c) }
func (c Extend) event() Event             { return Extended(c) }
func (c Notify) event() Event             { return Notified(c) }
func (c Correct) event() Event            { return Corrected(c) }
func (c Void) event() Event               { return Voided(c) }
func (c Dispute) event() Event            { return Disputed(c) }
func (c Rule) event() Event               { return Ruled(c) }
func (c Reclassify) event() Event         { return Reclassified(c) }
func (c MarkDue) event() Event            { return FellDue(c) }

// Commands ties the commands to their names.
var Commands = es.NewCommands[Command](
	Events,
	es.Def[Draft]("memorandum.draft"),
	es.Def[CarryOver]("memorandum.carry_over"),
	es.Def[CarryOverPart]("memorandum.carry_over_part"),
	es.Def[AddTitle]("memorandum.add_title"),
	es.Def[Relate]("memorandum.relate"),
	es.Def[SetThemes]("memorandum.set_themes"),
	es.Def[NameUnit]("memorandum.name_unit"),
	es.Def[SetTerms]("memorandum.set_terms"),
	es.Def[AddText]("memorandum.add_text"),
	es.Def[CorrectText]("memorandum.correct_text"),
	es.Def[Adopt]("memorandum.adopt"),
	es.Def[Invite]("memorandum.invite"),
	es.Def[Open]("memorandum.open_for_signature"),
	es.Def[Close]("memorandum.close_for_signature"),
	es.Def[Sign]("memorandum.sign"),
	es.Def[Count]("memorandum.count_signatories"),
	es.Def[Consent]("memorandum.consent"),
	es.Def[Weigh]("memorandum.state_weight"),
	es.Def[ApplyProvisionally]("memorandum.apply_provisionally"),
	es.Def[EndProvisional]("memorandum.end_provisional_application"),
	es.Def[Reserve]("memorandum.make_reservation"),
	es.Def[Object]("memorandum.object_to_reservation"),
	es.Def[Unreserve]("memorandum.withdraw_reservation"),
	es.Def[AdoptAmendment]("memorandum.adopt_amendment"),
	es.Def[AcceptAmendment]("memorandum.accept_amendment"),
	es.Def[Renew]("memorandum.renew"),
	es.Def[DeclineRenewal]("memorandum.decline_renewal"),
	es.Def[Suspend]("memorandum.suspend"),
	es.Def[Resume]("memorandum.resume"),
	es.Def[GiveNotice]("memorandum.give_notice"),
	es.Def[RevokeNotice]("memorandum.revoke_notice"),
	es.Def[Withdraw]("memorandum.withdraw"),
	es.Def[Terminate]("memorandum.terminate"),
	es.Def[Supersede]("memorandum.supersede"),
	es.Def[Abandon]("memorandum.abandon"),
	es.Def[RecordAxis]("memorandum.record_axis"),
	es.Def[Undertake]("memorandum.record_undertaking"),
	es.Def[Meet]("memorandum.meet_undertaking"),
	es.Def[Waive]("memorandum.waive_undertaking"),
	es.Def[Extend]("memorandum.extend_undertaking"),
	es.Def[Notify]("memorandum.notify"),
	es.Def[Correct]("memorandum.correct"),
	es.Def[Void]("memorandum.void"),
	es.Def[Dispute]("memorandum.dispute"),
	es.Def[Rule]("memorandum.rule"),
	es.Def[Reclassify]("memorandum.reclassify"),
	es.Def[MarkDue]("memorandum.mark_due"),
)
