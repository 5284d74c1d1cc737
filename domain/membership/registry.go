package membership

import "github.com/entente-ledger/entente/domain/es"

func (Registered) membership()        {}
func (CarriedOver) membership()       {}
func (Invited) membership()           {}
func (Applied) membership()           {}
func (ReviewBegun) membership()       {}
func (Rejected) membership()          {}
func (Admitted) membership()          {}
func (Signed) membership()            {}
func (Activated) membership()         {}
func (ClassChanged) membership()      {}
func (PutOnHold) membership()         {}
func (SuspensionNoticed) membership() {}
func (Suspended) membership()         {}
func (Resumed) membership()           {}
func (NoticeGiven) membership()       {}
func (NoticeRevoked) membership()     {}
func (Withdrawn) membership()         {}
func (Expelled) membership()          {}
func (Lapsed) membership()            {}
func (Succeeded) membership()         {}
func (DutySet) membership()           {}
func (DutyMet) membership()           {}
func (DutyWaived) membership()        {}
func (DutyExtended) membership()      {}
func (Corrected) membership()         {}
func (Voided) membership()            {}
func (Disputed) membership()          {}
func (Ruled) membership()             {}
func (Reclassified) membership()      {}
func (FellDue) membership()           {}

// Events ties the events to their stored names, which are permanent.
var Events = es.NewRegistry[Event](
	es.Def[Registered]("membership.registered"),
	es.Def[CarriedOver]("membership.carried_over"),
	es.Def[Invited]("membership.invited"),
	es.Def[Applied]("membership.applied"),
	es.Def[ReviewBegun]("membership.review_begun"),
	es.Def[Rejected]("membership.rejected"),
	es.Def[Admitted]("membership.admitted"),
	es.Def[Signed]("membership.signed"),
	es.Def[Activated]("membership.activated"),
	es.Def[ClassChanged]("membership.class_changed"),
	es.Def[PutOnHold]("membership.put_on_hold"),
	es.Def[SuspensionNoticed]("membership.suspension_noticed"),
	es.Def[Suspended]("membership.suspended"),
	es.Def[Resumed]("membership.resumed"),
	es.Def[NoticeGiven]("membership.notice_given"),
	es.Def[NoticeRevoked]("membership.notice_revoked"),
	es.Def[Withdrawn]("membership.withdrawn"),
	es.Def[Expelled]("membership.expelled"),
	es.Def[Lapsed]("membership.lapsed"),
	es.Def[Succeeded]("membership.succeeded"),
	es.Def[DutySet]("membership.duty_set"),
	es.Def[DutyMet]("membership.duty_met"),
	es.Def[DutyWaived]("membership.duty_waived"),
	es.Def[DutyExtended]("membership.duty_extended"),
	es.Def[Corrected]("membership.corrected"),
	es.Def[Voided]("membership.voided"),
	es.Def[Disputed]("membership.disputed"),
	es.Def[Ruled]("membership.ruled"),
	es.Def[Reclassified]("membership.reclassified"),
	es.Def[FellDue]("membership.fell_due"),
)
