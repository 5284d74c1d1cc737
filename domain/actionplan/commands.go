package actionplan

import "github.com/entente-ledger/entente/domain/es"

// Command asks for one change of one plan; the set is closed. A command has the
// members of the event it leads to.
//
//sumtype:decl
type Command interface{ event() Event }

// The commands.
type (
	// Draft opens the record of a plan.
	Draft Drafted
	// CarryOver enters a plan in the state an older register gives it.
	CarryOver CarriedOver
	// AddTitle adds a title in another language.
	AddTitle Titled
	// SetThemes says what the plan is about.
	SetThemes ThemesSet
	// Submit says that the plan was submitted for approval.
	Submit Submitted
	// Return says that the plan was sent back.
	Return Returned
	// ApproveProvisionally says that the plan was provisionally approved.
	ApproveProvisionally ProvisionallyApproved
	// Approve says that the plan was approved.
	Approve Approved
	// BeginImplementation says that the plan began to be carried out.
	BeginImplementation ImplementationBegun
	// Complete says that the plan was carried out.
	Complete Completed
	// Abandon says that the plan was given up.
	Abandon Abandoned
	// Revise opens the next version of the plan.
	Revise Revised
	// AddAction says what the plan will do.
	AddAction ActionAdded
	// SetActionStatus says how an action stands.
	SetActionStatus ActionStatusSet
	// SetMilestone says that a point is to be reached.
	SetMilestone MilestoneSet
	// ReachMilestone says that a milestone was reached.
	ReachMilestone MilestoneReached
	// MoveMilestone gives a milestone another day.
	MoveMilestone MilestoneMoved
	// SetIndicator says what is measured and aimed at.
	SetIndicator IndicatorSet
	// TakeReading says what an indicator stood at.
	TakeReading ReadingTaken
	// SetBudgetLine says what something is planned to cost.
	SetBudgetLine BudgetLineSet
	// CommitFunding says that somebody promised money.
	CommitFunding FundingCommitted
	// SetReportDue says that a report is owed.
	SetReportDue ReportDueSet
	// SubmitReport says that a report was handed in.
	SubmitReport ReportSubmitted
	// ExtendReport gives a report a later day.
	ExtendReport ReportExtended
	// Correct gives an earlier event new values.
	Correct Corrected
	// Void says that an event was recorded in error.
	Void Voided
	// Dispute says that somebody contests an event.
	Dispute Disputed
	// Rule settles a dispute.
	Rule Ruled
	// Reclassify changes who may see the plan.
	Reclassify Reclassified
	// MarkDue says that a day of the plan came, or passed.
	MarkDue FellDue
)

func (c Draft) event() Event                { return Drafted(c) }
func (c CarryOver) event() Event            { return CarriedOver(c) }
func (c AddTitle) event() Event             { return Titled(c) }
func (c SetThemes) event() Event            { return ThemesSet(c) }
func (c Submit) event() Event               { return Submitted(c) }
func (c Return) event() Event               { return Returned(c) }
func (c ApproveProvisionally) event() Event { return ProvisionallyApproved(c) }
func (c Approve) event() Event              { return Approved(c) }
func (c BeginImplementation) event() Event  { return ImplementationBegun(c) }
func (c Complete) event() Event             { return Completed(c) }
func (c Abandon) event() Event              { return Abandoned(c) }
func (c Revise) event() Event               { return Revised(c) }
func (c AddAction) event() Event            { return ActionAdded(c) }
func (c SetActionStatus) event() Event      { return ActionStatusSet(c) }
func (c SetMilestone) event() Event         { return MilestoneSet(c) }
func (c ReachMilestone) event() Event       { return MilestoneReached(c) }
func (c MoveMilestone) event() Event        { return MilestoneMoved(c) }
func (c SetIndicator) event() Event         { return IndicatorSet(c) }
func (c TakeReading) event() Event          { return ReadingTaken(c) }
func (c SetBudgetLine) event() Event        { return BudgetLineSet(c) }
func (c CommitFunding) event() Event        { return FundingCommitted(c) }
func (c SetReportDue) event() Event         { return ReportDueSet(c) }
func (c SubmitReport) event() Event         { return ReportSubmitted(c) }
func (c ExtendReport) event() Event         { return ReportExtended(c) }
func (c Correct) event() Event              { return Corrected(c) }
func (c Void) event() Event                 { return Voided(c) }
func (c Dispute) event() Event              { return Disputed(c) }
func (c Rule) event() Event                 { return Ruled(c) }
func (c Reclassify) event() Event           { return Reclassified(c) }
func (c MarkDue) event() Event              { return FellDue(c) }

// Commands ties the commands to their names.
var Commands = es.NewCommands[Command](
	Events,
	es.Def[Draft]("actionplan.draft"),
	es.Def[CarryOver]("actionplan.carry_over"),
	es.Def[AddTitle]("actionplan.add_title"),
	es.Def[SetThemes]("actionplan.set_themes"),
	es.Def[Submit]("actionplan.submit"),
	es.Def[Return]("actionplan.return"),
	es.Def[ApproveProvisionally]("actionplan.approve_provisionally"),
	es.Def[Approve]("actionplan.approve"),
	es.Def[BeginImplementation]("actionplan.begin_implementation"),
	es.Def[Complete]("actionplan.complete"),
	es.Def[Abandon]("actionplan.abandon"),
	es.Def[Revise]("actionplan.revise"),
	es.Def[AddAction]("actionplan.add_action"),
	es.Def[SetActionStatus]("actionplan.set_action_status"),
	es.Def[SetMilestone]("actionplan.set_milestone"),
	es.Def[ReachMilestone]("actionplan.reach_milestone"),
	es.Def[MoveMilestone]("actionplan.move_milestone"),
	es.Def[SetIndicator]("actionplan.set_indicator"),
	es.Def[TakeReading]("actionplan.take_reading"),
	es.Def[SetBudgetLine]("actionplan.set_budget_line"),
	es.Def[CommitFunding]("actionplan.commit_funding"),
	es.Def[SetReportDue]("actionplan.set_report_due"),
	es.Def[SubmitReport]("actionplan.submit_report"),
	es.Def[ExtendReport]("actionplan.extend_report"),
	es.Def[Correct]("actionplan.correct"),
	es.Def[Void]("actionplan.void"),
	es.Def[Dispute]("actionplan.dispute"),
	es.Def[Rule]("actionplan.rule"),
	es.Def[Reclassify]("actionplan.reclassify"),
	es.Def[MarkDue]("actionplan.mark_due"),
)
