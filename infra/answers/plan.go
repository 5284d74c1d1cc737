package answers

import (
	"iter"

	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/progress"
)

// PlanLine is a line of the list of action plans, as of a date.
type PlanLine struct {
	ID      string             `json:"id"`     // actionplan-UUID
	Titles  []terms.Text       `json:"titles"` // the main one first
	Parties []PlanName         `json:"parties"`
	Under   PlanName           `json:"under"` // an agreement, programme or network, or ""
	Themes  []terms.Theme      `json:"themes"`
	From    edtf.Date          `json:"from"`
	Until   edtf.Date          `json:"until"`
	AsOf    edtf.Date          `json:"asOf"`
	Phase   actionplan.Phase   `json:"phase"`   // that certainly holds, or ""
	Perhaps []actionplan.Phase `json:"perhaps"` // that perhaps hold instead
	// Version is of the phase, LastVersion the last one and InForce the one
	// approved last; 0: there is none.
	Version     int              `json:"version"`
	LastVersion int              `json:"lastVersion"`
	InForce     int              `json:"versionInForce"`
	Visibility  terms.Visibility `json:"visibility"`
	Recorded    bool             `json:"exists"` // false: recorded in error
}

// PlanName is an id with what it is called.
type PlanName struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Plan is an action plan with what became of its parts, each in the order of
// first mention. Amounts are in minor units.
type Plan struct {
	PlanLine
	Actions    []Action     `json:"actions"`
	Milestones []Milestone  `json:"milestones"`
	Indicators []Indicator  `json:"indicators"`
	Budget     []BudgetLine `json:"budget"`
	Reports    []PlanReport `json:"reports"` // by report, then by due date
	// Late are the events on which the answer rests although they were recorded
	// after the instant as known at which is answered.
	Late Late `json:"recordedLater"`
}

// Action is an action with its status as of a date.
type Action struct {
	actionplan.Action
	OwnerName string                    `json:"ownerName"`
	Status    actionplan.ActionStatus   `json:"status"` // that certainly holds, or ""
	Since     edtf.Date                 `json:"since"`
	Perhaps   []actionplan.ActionStatus `json:"perhaps"` // that perhaps hold instead
}

// Milestone is a milestone; its due day is the one to which it was moved, if it
// was.
type Milestone struct {
	actionplan.Milestone
	Reached   edtf.Truth `json:"reached"` // by the date
	ReachedOn edtf.Date  `json:"reachedOn"`
}

// Indicator is an indicator with what was measured by a date.
type Indicator struct {
	actionplan.Indicator
	Readings []Reading           `json:"readings"` // by date
	Last     actionplan.Quantity `json:"last"`     // "" if there is none, or dates leave it open
	// Permille is how much of the way from the baseline to the target was made, in
	// thousandths, if Known.
	Permille int        `json:"permille"`
	Known    bool       `json:"permilleKnown"`
	Reached  edtf.Truth `json:"reached"`
}

// Reading is a reading of an indicator.
type Reading struct {
	On    edtf.Date           `json:"on"`
	Value actionplan.Quantity `json:"value"`
	Taken edtf.Truth          `json:"taken"` // by the date: yes or undecidable
}

// BudgetLine is a line of a budget.
type BudgetLine struct {
	actionplan.Line
	Funded terms.Money `json:"funded"` // what was promised in the currency of the line
}

// PlanReport is one time that a report is due.
type PlanReport struct {
	Key     actionplan.Key `json:"key"`
	Due     edtf.Date      `json:"due"` // by the schedule
	On      edtf.Date      `json:"on"`  // the last day in time, as extended
	DoneOn  edtf.Date      `json:"doneOn"`
	Dropped bool           `json:"dropped"` // not owed after the end of the plan
	Open    edtf.Truth     `json:"open"`
	Overdue edtf.Truth     `json:"overdue"`
}

// Plans answers a page of the action plans that exist, by their titles.
func (d *Desk) Plans(f progress.Filter) (Page[PlanLine], error) {
	f.At = d.At
	rows, next, err := progress.List(d.Conn, f)
	return paged(rows, next, err, func(p progress.Plan) (PlanLine, error) { return d.planLine(p, f.On) })
}

// AllPlans yields the action plans that match f from its cursor on, at most
// f.Limit or, if that is 0, all. After an error it ends.
func (d *Desk) AllPlans(f progress.Filter) iter.Seq2[PlanLine, error] {
	return whole(f.Limit, f.After, func(limit int, after string) (Page[PlanLine], error) {
		f.Limit, f.After = limit, after
		return d.Plans(f)
	})
}

// Plan answers what became of an action plan by a date.
func (d *Desk) Plan(id string, on edtf.Date) (Plan, error) {
	p, err := progress.Get(d.Conn, id, d.At, on)
	if err != nil {
		return Plan{}, err
	}
	w := Plan{
		Milestones: each(p.Milestones, func(m progress.Milestone) Milestone { return Milestone{m.Milestone, m.Reached, m.ReachedOn} }),
		Indicators: each(p.Indicators, indicator),
		Budget: each(p.Lines, func(l progress.Line) BudgetLine {
			return BudgetLine{l.Line, terms.Money{Minor: l.Funded, Currency: l.Amount.Currency}}
		}),
		Reports: each(p.Reports, func(r progress.Report) PlanReport {
			return PlanReport{r.Key, r.Due, r.On, r.DoneOn, r.Dropped, r.Open, r.Overdue}
		}),
	}
	if w.PlanLine, err = d.planLine(p, on); err != nil {
		return w, err
	}
	if w.Actions, err = tried(p.Actions, d.action); err != nil {
		return w, err
	}
	w.Late, err = d.Late(id)
	return w, err
}

func (d *Desk) planLine(p progress.Plan, on edtf.Date) (PlanLine, error) {
	line := PlanLine{
		ID: p.Stream, Titles: p.Titles, Under: PlanName{ID: string(p.Under)}, Themes: p.Themes, From: p.From, Until: p.Until,
		AsOf: on, Phase: p.Phase.Certain.Phase, Version: p.Phase.Certain.Version, LastVersion: p.Version,
		InForce: p.InForce, Visibility: p.Visibility, Recorded: p.Exists,
		Perhaps: each(p.Phase.Perhaps, func(s actionplan.Span) actionplan.Phase { return s.Phase }),
	}
	var err error
	line.Parties, err = tried(p.Parties, func(r terms.PartyRef) (PlanName, error) {
		name, err := d.Name(string(r.ID))
		return PlanName{string(r.ID), name}, err
	})
	if err != nil {
		return line, err
	}
	stream, _ := p.Under.Target()
	line.Under.Name, err = d.Name(stream)
	return line, err
}

func (d *Desk) action(a progress.Action) (Action, error) {
	one := Action{
		Action: a.Action, OwnerName: a.Owner.As, Status: a.Certain.Status, Since: a.Certain.From,
		Perhaps: each(a.Perhaps, func(s actionplan.StatusSpan) actionplan.ActionStatus { return s.Status }),
	}
	name, err := d.Name(string(a.Owner.ID))
	if name != "" {
		one.OwnerName = name
	}
	return one, err
}

func indicator(i progress.Indicator) Indicator {
	return Indicator{
		i.Indicator, each(i.Readings, func(r progress.Reading) Reading { return Reading{r.On, r.Value, r.Taken} }),
		i.Progress.Value, i.Progress.Permille, i.Progress.Known, i.Progress.Reached,
	}
}
