package actionplan

import "github.com/entente-ledger/entente/domain/es"

// Classifies implements [es.Classifier].
func (e Drafted) Classifies() es.Visibility { return e.Visibility }

// Classifies implements [es.Classifier].
func (e CarriedOver) Classifies() es.Visibility { return e.Visibility }

func (Drafted) actionplan()               {}
func (CarriedOver) actionplan()           {}
func (Titled) actionplan()                {}
func (ThemesSet) actionplan()             {}
func (Submitted) actionplan()             {}
func (Returned) actionplan()              {}
func (ProvisionallyApproved) actionplan() {}
func (Approved) actionplan()              {}
func (ImplementationBegun) actionplan()   {}
func (Completed) actionplan()             {}
func (Abandoned) actionplan()             {}
func (Revised) actionplan()               {}
func (ActionAdded) actionplan()           {}
func (ActionStatusSet) actionplan()       {}
func (MilestoneSet) actionplan()          {}
func (MilestoneReached) actionplan()      {}
func (MilestoneMoved) actionplan()        {}
func (IndicatorSet) actionplan()          {}
func (ReadingTaken) actionplan()          {}
func (BudgetLineSet) actionplan()         {}
func (FundingCommitted) actionplan()      {}
func (ReportDueSet) actionplan()          {}
func (ReportSubmitted) actionplan()       {}
func (ReportExtended) actionplan()        {}
func (Corrected) actionplan()             {}
func (Voided) actionplan()                {}
func (Disputed) actionplan()              {}
func (Ruled) actionplan()                 {}
func (Reclassified) actionplan()          {}
func (FellDue) actionplan()               {}

// Events ties the events to their stored names, which are permanent.
var Events = es.NewRegistry[Event](
	es.Def[Drafted]("actionplan.drafted"),
	es.Def[CarriedOver]("actionplan.carried_over"),
	es.Def[Titled]("actionplan.titled"),
	es.Def[ThemesSet]("actionplan.themes_set"),
	es.Def[Submitted]("actionplan.submitted"),
	es.Def[Returned]("actionplan.returned"),
	es.Def[ProvisionallyApproved]("actionplan.provisionally_approved"),
	es.Def[Approved]("actionplan.approved"),
	es.Def[ImplementationBegun]("actionplan.implementation_begun"),
	es.Def[Completed]("actionplan.completed"),
	es.Def[Abandoned]("actionplan.abandoned"),
	es.Def[Revised]("actionplan.revised"),
	es.Def[ActionAdded]("actionplan.action_added"),
	es.Def[ActionStatusSet]("actionplan.action_status_set"),
	es.Def[MilestoneSet]("actionplan.milestone_set"),
	es.Def[MilestoneReached]("actionplan.milestone_reached"),
	es.Def[MilestoneMoved]("actionplan.milestone_moved"),
	es.Def[IndicatorSet]("actionplan.indicator_set"),
	es.Def[ReadingTaken]("actionplan.reading_taken"),
	es.Def[BudgetLineSet]("actionplan.budget_line_set"),
	es.Def[FundingCommitted]("actionplan.funding_committed"),
	es.Def[ReportDueSet]("actionplan.report_due_set"),
	es.Def[ReportSubmitted]("actionplan.report_submitted"),
	es.Def[ReportExtended]("actionplan.report_extended"),
	es.Def[Corrected]("actionplan.corrected"),
	es.Def[Voided]("actionplan.voided"),
	es.Def[Disputed]("actionplan.disputed"),
	es.Def[Ruled]("actionplan.ruled"),
	es.Def[Reclassified]("actionplan.reclassified"),
	es.Def[FellDue]("actionplan.fell_due"),
)
