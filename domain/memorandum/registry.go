package memorandum

import "github.com/entente-ledger/entente/domain/es"

// Events ties the events to their stored names, which are permanent.
var Events = es.NewRegistry[Event](
	es.Def[Drafted]("memorandum.drafted"),
	es.Def[CarriedOver]("memorandum.carried_over"),
	es.Def[PartCarriedOver]("memorandum.part_carried_over"),
	es.Def[Titled]("memorandum.titled"),
	es.Def[Related]("memorandum.related"),
	es.Def[ThemesSet]("memorandum.themes_set"),
	es.Def[UnitNamed]("memorandum.unit_named"),
	es.Def[TermsSet]("memorandum.terms_set"),
	es.Def[TextAdded]("memorandum.text_added"),
	es.Def[TextCorrected]("memorandum.text_corrected"),
	es.Def[Adopted]("memorandum.adopted"),
	es.Def[Invited]("memorandum.invited"),
	es.Def[Opened]("memorandum.opened_for_signature"),
	es.Def[Closed]("memorandum.closed_for_signature"),
	es.Def[Signed]("memorandum.signed"),
	es.Def[Counted]("memorandum.signatories_counted"),
	es.Def[Consented]("memorandum.consented"),
	es.Def[Weighed]("memorandum.weight_stated"),
	es.Def[EntryDetermined]("memorandum.entry_determined"),
	es.Def[EndDetermined]("memorandum.end_determined"),
	es.Def[Provisional]("memorandum.provisionally_applied"),
	es.Def[ProvisionalEnded]("memorandum.provisional_application_ended"),
	es.Def[Reserved]("memorandum.reservation_made"),
	es.Def[Objected]("memorandum.reservation_objected"),
	es.Def[Unreserved]("memorandum.reservation_withdrawn"),
	es.Def[AmendmentAdopted]("memorandum.amendment_adopted"),
	es.Def[AmendmentAccepted]("memorandum.amendment_accepted"),
	es.Def[AmendmentDetermined]("memorandum.amendment_determined"),
	es.Def[Renewed]("memorandum.renewed"),
	es.Def[RenewalDeclined]("memorandum.renewal_declined"),
	es.Def[Suspended]("memorandum.suspended"),
	es.Def[Resumed]("memorandum.resumed"),
	es.Def[NoticeGiven]("memorandum.notice_given"),
	es.Def[NoticeRevoked]("memorandum.notice_revoked"),
	es.Def[Withdrawn]("memorandum.withdrawn"),
	es.Def[Terminated]("memorandum.terminated"),
	es.Def[Superseded]("memorandum.superseded"),
	es.Def[Abandoned]("memorandum.abandoned"),
	es.Def[AxisRecorded]("memorandum.axis_recorded"),
	es.Def[Undertaken]("memorandum.undertaking_recorded"),
	es.Def[Met]("memorandum.undertaking_met"),
	es.Def[Waived]("memorandum.undertaking_waived"),
	es.Def[Extended]("memorandum.undertaking_extended"),
	es.Def[Notified]("memorandum.notified", asItIs),
	es.Def[Corrected]("memorandum.corrected"),
	es.Def[Voided]("memorandum.voided"),
	es.Def[Disputed]("memorandum.disputed"),
	es.Def[Ruled]("memorandum.ruled"),
	es.Def[Reclassified]("memorandum.reclassified"),
	es.Def[FellDue]("memorandum.fell_due"),
)

// asItIs upcasts to a schema that only adds members of which the empty value
// stands for what was said before there were any.
func asItIs(old []byte) ([]byte, error) { return old, nil }

func (Drafted) memorandum()             {}
func (CarriedOver) memorandum()         {}
func (PartCarriedOver) memorandum()     {}
func (Titled) memorandum()              {}
func (Related) memorandum()             {}
func (ThemesSet) memorandum()           {}
func (UnitNamed) memorandum()           {}
func (TermsSet) memorandum()            {}
func (TextAdded) memorandum()           {}
func (TextCorrected) memorandum()       {}
func (Adopted) memorandum()             {}
func (Invited) memorandum()             {}
func (Opened) memorandum()              {}
func (Closed) memorandum()              {}
func (Signed) memorandum()              {}
func (Counted) memorandum()             {}
func (Consented) memorandum()           {}
func (Weighed) memorandum()             {}
func (EntryDetermined) memorandum()     {}
func (EndDetermined) memorandum()       {}
func (Provisional) memorandum()         {}
func (ProvisionalEnded) memorandum()    {}
func (Reserved) memorandum()            {}
func (Objected) memorandum()            {}
func (Unreserved) memorandum()          {}
func (AmendmentAdopted) memorandum()    {}
func (AmendmentAccepted) memorandum()   {}
func (AmendmentDetermined) memorandum() {}
func (Renewed) memorandum()             {}
func (RenewalDeclined) memorandum()     {}
func (Suspended) memorandum()           {}
func (Resumed) memorandum()             {}
func (NoticeGiven) memorandum()         {}
func (NoticeRevoked) memorandum()       {}
func (Withdrawn) memorandum()           {}
func (Terminated) memorandum()          {}
func (Superseded) memorandum()          {}
func (Abandoned) memorandum()           {}
func (AxisRecorded) memorandum()        {}
func (Undertaken) memorandum()          {}
func (Met) memorandum()                 {}
func (Waived) memorandum()              {}
func (Extended) memorandum()            {}
func (Notified) memorandum()            {}
func (Corrected) memorandum()           {}
func (Voided) memorandum()              {}
func (Disputed) memorandum()            {}
func (Ruled) memorandum()               {}
func (Reclassified) memorandum()        {}
func (FellDue) memorandum()             {}
