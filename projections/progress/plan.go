package progress

import (
	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Plan is an action plan as of a date. Its parts are each in the order of first
// mention.
type Plan struct {
	Stream string
	Exists bool // its opening was not voided
	actionplan.Description
	// Version is the number of the last version, and InForce that of the one
	// approved last; 0: there is none.
	Version, InForce int
	Visibility       terms.Visibility
	Phase            Phase

	Actions    []Action
	Milestones []Milestone
	Indicators []Indicator
	Lines      []Line
	// Reports are by report, then by due date.
	Reports []Report
}

// Title returns the main title.
func (p Plan) Title() terms.Text {
	if len(p.Titles) == 0 {
		return terms.Text{}
	}
	return p.Titles[0]
}

// Phase is in which phase a plan is as of a date.
type Phase struct {
	// Certain is the span that certainly holds, zero if none does.
	Certain actionplan.Span
	// Perhaps are those that perhaps hold instead.
	Perhaps []actionplan.Span
}

// Action is an action with its status as of a date.
type Action struct {
	actionplan.Action
	// Certain is the status that certainly holds, zero if none does.
	Certain actionplan.StatusSpan
	// Perhaps are those that perhaps hold instead.
	Perhaps []actionplan.StatusSpan
}

// Milestone is a milestone; its Due is the day to which it was moved, if it was.
type Milestone struct {
	actionplan.Milestone
	// ReachedOn is when it was reached, by the event By; 0 if it is not known to
	// be.
	ReachedOn edtf.Date
	By        es.Revision
	// Reached says whether it was reached by the date that was asked for.
	Reached edtf.Truth
}

// Indicator is an indicator with what was measured by a date.
type Indicator struct {
	actionplan.Indicator
	// Readings are by date; those certainly taken later are left out.
	Readings []Reading
	// Progress is by the readings that were certainly taken by then.
	Progress actionplan.Progress
}

// Reading is a reading that was taken by a date.
type Reading struct {
	actionplan.Reading
	Taken edtf.Truth // yes or undecidable
}

// Line is a budget line.
type Line struct {
	actionplan.Line
	// Funded is what was promised for it in the currency of the line, in its minor
	// unit. What was promised in another currency is not in it.
	Funded int64
}

// Report is one time that a report is due.
type Report struct {
	Key actionplan.Key
	// Due is the day by the schedule, and On the last one in time: Due, or the
	// one to which it was extended.
	Due, On edtf.Date
	// By is the event by which it was handed in or, if Dropped, by which the plan
	// ended, after which it is not owed any more; 0 while there is none. DoneOn is
	// when that was.
	By      es.Revision
	DoneOn  edtf.Date
	Dropped bool
	// Open says whether it is still to come as of the date that was asked for, and
	// Overdue whether it is open and the last day in time is over.
	Open, Overdue edtf.Truth
}
