package actionplan

import (
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
)

// Event is a fact about one action plan; the set is closed.
//
//sumtype:decl
type Event interface {
	book.Event
	actionplan()
}

// Drafted opens the record of a plan: it is being drafted, from the date of the
// fact on. If the fact is announced, the plan is no more than that.
type Drafted struct {
	terms.Fact `json:"fact"`
	Titles     []terms.Text `json:"titles"`
	// Parties are those whose plan it is, at least one; a joint plan has more.
	Parties []terms.PartyRef `json:"parties"`
	// Under is the memorandum, programme or network under which it is drawn up,
	// or empty.
	Under  terms.Ref     `json:"under"`
	Themes []terms.Theme `json:"themes"`
	// From is the first day that the plan is for and Until the last; unknown:
	// not stated.
	From       edtf.Date        `json:"from"`
	Until      edtf.Date        `json:"until"`
	Visibility terms.Visibility `json:"visibility"`
}

// CarriedOver enters a plan in the state an older register gives it, without
// inventing the steps before. The date of the fact is that as of which the
// register says so: what it does not date was so by then.
type CarriedOver struct {
	terms.Fact `json:"fact"`
	Titles     []terms.Text     `json:"titles"`
	Parties    []terms.PartyRef `json:"parties"`
	Under      terms.Ref        `json:"under"`
	Themes     []terms.Theme    `json:"themes"`
	From       edtf.Date        `json:"from"`
	Until      edtf.Date        `json:"until"`
	// Phase is its state there, and Since from when.
	Phase Phase     `json:"phase"`
	Since edtf.Date `json:"since"`
	// Version is the number of the version in that state, from 1.
	Version    int              `json:"version"`
	Actions    []CarriedAction  `json:"actions"`
	Visibility terms.Visibility `json:"visibility"`
}

// Titled adds a title in another language.
type Titled struct {
	terms.Fact `json:"fact"`
	Title      terms.Text `json:"title"`
}

// ThemesSet says what the plan is about, instead of what was said before.
type ThemesSet struct {
	terms.Fact `json:"fact"`
	Themes     []terms.Theme `json:"themes"`
}

// Submitted says that the plan was submitted for approval, or submitted again
// after it was returned.
type Submitted struct {
	terms.Fact `json:"fact"`
	// To is who is to approve it; its id is empty if that is not known.
	To terms.PartyRef `json:"to"`
}

// Returned says that the plan was sent back to be submitted again.
type Returned struct {
	terms.Fact `json:"fact"`
	// By is who did; its id is empty if that is not known.
	By terms.PartyRef `json:"by"`
	// Reason is in own words, or empty.
	Reason string `json:"reason"`
}

// ProvisionallyApproved says that the plan was approved until a definitive
// approval.
type ProvisionallyApproved struct {
	terms.Fact `json:"fact"`
	// By is who approved; its id is empty if that is not known.
	By terms.PartyRef `json:"by"`
}

// Approved says that the plan was approved; its version is in force from then
// on.
type Approved struct {
	terms.Fact `json:"fact"`
	// By is who approved; its id is empty if that is not known.
	By terms.PartyRef `json:"by"`
	// Definitive says that the source calls it definitive: there was a
	// provisional approval before.
	Definitive bool `json:"definitive"`
}

// ImplementationBegun says that the plan began to be carried out. It goes on
// under the versions that are approved later.
type ImplementationBegun struct {
	terms.Fact `json:"fact"`
}

// Completed says that the plan was carried out.
type Completed struct {
	terms.Fact `json:"fact"`
}

// Abandoned says that the plan was given up, in whatever state it was.
type Abandoned struct {
	terms.Fact `json:"fact"`
	// Reason is in own words, or empty.
	Reason string `json:"reason"`
}

// Revised opens the next version of the plan, which begins as a draft. What it
// says anew of what has a key already is added and set again.
type Revised struct {
	terms.Fact `json:"fact"`
	// Version is its number, the last one plus 1.
	Version int `json:"version"`
	// Reason is in own words, or empty.
	Reason string `json:"reason"`
}

// ActionAdded says that something is among what the plan will do.
type ActionAdded struct {
	terms.Fact `json:"fact"`
	Action
}

// ActionStatusSet says how an action stands, from the effective date on.
type ActionStatusSet struct {
	terms.Fact `json:"fact"`
	Action     Key          `json:"action"`
	Status     ActionStatus `json:"status"`
	// Note says more, in own words, or nothing.
	Note terms.Text `json:"note"`
}

// MilestoneSet says that a point is to be reached.
type MilestoneSet struct {
	terms.Fact `json:"fact"`
	Milestone
}

// MilestoneReached says that a milestone was reached.
type MilestoneReached struct {
	terms.Fact `json:"fact"`
	Milestone  Key `json:"milestone"`
}

// MilestoneMoved gives a milestone another day, earlier or later.
type MilestoneMoved struct {
	terms.Fact `json:"fact"`
	Milestone  Key       `json:"milestone"`
	Due        edtf.Date `json:"due"`
	// Reason is in own words, or empty.
	Reason string `json:"reason"`
}

// IndicatorSet says what is measured, and what is aimed at.
type IndicatorSet struct {
	terms.Fact `json:"fact"`
	Indicator
}

// ReadingTaken says what an indicator stood at on the date of the fact.
type ReadingTaken struct {
	terms.Fact `json:"fact"`
	Indicator  Key      `json:"indicator"`
	Value      Quantity `json:"value"`
}

// BudgetLineSet says what something is planned to cost.
type BudgetLineSet struct {
	terms.Fact `json:"fact"`
	Line
}

// FundingCommitted says that somebody promised money for the plan.
type FundingCommitted struct {
	terms.Fact `json:"fact"`
	Commitment
}

// ReportDueSet says that a report on the plan is owed.
type ReportDueSet struct {
	terms.Fact `json:"fact"`
	Report
}

// ReportSubmitted says that a report was handed in.
type ReportSubmitted struct {
	terms.Fact `json:"fact"`
	Report     Key `json:"report"`
	// Due is the due date that it is for; it may be unknown of a report that is
	// due once.
	Due edtf.Date `json:"due"`
	// Document is the report itself as a source, with its file and hash; empty
	// if it is not kept.
	Document terms.SourceID `json:"document"`
}

// ReportExtended gives a report a later day, once for each due date.
type ReportExtended struct {
	terms.Fact `json:"fact"`
	Report     Key `json:"report"`
	// Due is the due date that is extended, and To the new one.
	Due edtf.Date `json:"due"`
	To  edtf.Date `json:"to"`
}

// What is said of earlier events, and what follows from them with time.
type (
	// Corrected gives an earlier event new values.
	Corrected struct{ book.Corrected[Event] }
	// Voided says that an event was recorded in error.
	Voided struct{ book.Voided }
	// Disputed says that somebody contests an event.
	Disputed struct{ book.Disputed }
	// Ruled settles a dispute.
	Ruled struct{ book.Ruled }
	// Reclassified changes who may see the plan.
	Reclassified struct{ book.Reclassified }
	// FellDue says that a day of the plan came, or passed.
	FellDue struct{ book.FellDue }
)
