package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/progress"
)

// The JSON of a plan. Amounts are in minor units, progress in thousandths.
type (
	planLine struct {
		ID      string             `json:"id"`
		Titles  []terms.Text       `json:"titles"`
		Parties []planName         `json:"parties"`
		Under   planName           `json:"under"`
		Themes  []terms.Theme      `json:"themes"`
		From    edtf.Date          `json:"from"`
		Until   edtf.Date          `json:"until"`
		AsOf    edtf.Date          `json:"asOf"`
		Phase   actionplan.Phase   `json:"phase"` // that certainly holds, or ""
		Perhaps []actionplan.Phase `json:"perhaps"`
		// Version is of the phase, LastVersion the last one and InForce the one
		// approved last; 0: there is none.
		Version     int              `json:"version"`
		LastVersion int              `json:"lastVersion"`
		InForce     int              `json:"versionInForce"`
		Visibility  terms.Visibility `json:"visibility"`
		Recorded    bool             `json:"exists"` // false: recorded in error
	}
	planName struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	planWhole struct {
		planLine
		Actions    []planAction    `json:"actions"`
		Milestones []planMilestone `json:"milestones"`
		Indicators []planIndicator `json:"indicators"`
		Budget     []planBudget    `json:"budget"`
		Reports    []planReport    `json:"reports"`
		Late       late            `json:"recordedLater"` // see [late]
	}
	planAction struct {
		actionplan.Action
		OwnerName string                    `json:"ownerName"`
		Status    actionplan.ActionStatus   `json:"status"` // that certainly holds, or ""
		Since     edtf.Date                 `json:"since"`
		Perhaps   []actionplan.ActionStatus `json:"perhaps"`
	}
	planMilestone struct {
		actionplan.Milestone
		Reached   edtf.Truth `json:"reached"`
		ReachedOn edtf.Date  `json:"reachedOn"`
	}
	planIndicator struct {
		actionplan.Indicator
		Readings []planReading       `json:"readings"`
		Last     actionplan.Quantity `json:"last"` // "" if there is none, or dates leave it open
		Permille int                 `json:"permille"`
		Known    bool                `json:"permilleKnown"`
		Reached  edtf.Truth          `json:"reached"`
	}
	planReading struct {
		On    edtf.Date           `json:"on"`
		Value actionplan.Quantity `json:"value"`
		Taken edtf.Truth          `json:"taken"`
	}
	planBudget struct {
		actionplan.Line
		Funded terms.Money `json:"funded"`
	}
	planReport struct {
		Key     actionplan.Key `json:"key"`
		Due     edtf.Date      `json:"due"` // by the schedule
		On      edtf.Date      `json:"on"`  // the last day in time, as extended
		DoneOn  edtf.Date      `json:"doneOn"`
		Dropped bool           `json:"dropped"` // not owed after the end of the plan
		Open    edtf.Truth     `json:"open"`
		Overdue edtf.Truth     `json:"overdue"`
	}
)

func (a *app) planCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "plan [ID]",
		Short: "Show an action plan with what became of it, or list the plans",
		Long: "plan shows in which phase an action plan is, and its actions, milestones, indicators, budget and reports;\n" +
			"without an id it lists the plans. Progress is how much of the way from the baseline to the target the\n" +
			"last reading is that was certainly taken by the date. Of a report that is due again and again only the\n" +
			"next time is shown; --json has all.",
		Example: "  entente plan\n  entente plan actionplan-3c --as-of 2020-06",
		Args:    cobra.MaximumNArgs(1),
	}
	on := asOf(c, "it is shown")
	a.axes(c)
	c.RunE = func(cmd *cobra.Command, args []string) error {
		day, err := on()
		if err != nil {
			return err
		}
		ctx := cmd.Context()
		return a.withReader(ctx, func(l *opened) error {
			if len(args) == 0 {
				return l.read(ctx, func(conn *sqlite.Conn) error { return a.printPlans(conn, day) })
			}
			id, err := l.resolve(ctx, args[0])
			if err != nil {
				return err
			}
			return l.read(ctx, func(conn *sqlite.Conn) error { return a.printPlan(conn, id, day) })
		})
	}
	return c
}

func (a *app) printPlans(conn *sqlite.Conn, on edtf.Date) error {
	t := table{head: []string{"ID", "TITLE", "PHASE", "VERSION", "PARTIES"}}
	names := names{conn: conn, at: a.at}
	err := pages(0, func(limit int, after string) (int, string, error) {
		found, next, err := progress.List(conn, progress.Filter{At: a.at, On: on, Limit: limit, After: after})
		for _, p := range found {
			line, nameErr := names.plan(p, on)
			if err = cmp.Or(err, nameErr); err != nil {
				break
			}
			if a.json {
				err = a.printJSON(line)
				continue
			}
			t.add(short(line.ID), p.Title().Value, certainty(line.Phase, line.Perhaps), line.version(), line.parties())
		}
		return len(found), next, err
	})
	if err != nil || a.json {
		return err
	}
	if len(t.rows) == 0 {
		return a.printf("no plans\n")
	}
	return a.printTable(t)
}

func (n *names) plan(p progress.Plan, on edtf.Date) (planLine, error) {
	line := planLine{
		ID: p.Stream, Titles: p.Titles, Parties: []planName{}, Under: planName{ID: string(p.Under)}, Themes: p.Themes, From: p.From, Until: p.Until,
		AsOf: on, Phase: p.Phase.Certain.Phase, Perhaps: []actionplan.Phase{}, Version: p.Phase.Certain.Version, LastVersion: p.Version,
		InForce: p.InForce, Visibility: p.Visibility, Recorded: p.Exists,
	}
	for _, s := range p.Phase.Perhaps {
		line.Perhaps = append(line.Perhaps, s.Phase)
	}
	for _, r := range p.Parties {
		name, err := n.of(string(r.ID))
		if err != nil {
			return line, err
		}
		line.Parties = append(line.Parties, planName{string(r.ID), name})
	}
	stream, _ := p.Under.Target()
	var err error
	line.Under.Name, err = n.orNone(stream)
	return line, err
}

func (l planLine) version() string {
	if l.Version == 0 {
		return "-"
	}
	return fmt.Sprint(l.Version)
}

func (l planLine) parties() string {
	all := make([]string, len(l.Parties))
	for i, p := range l.Parties {
		all[i] = p.Name
	}
	return strings.Join(all, ", ")
}

func (a *app) printPlan(conn *sqlite.Conn, id string, on edtf.Date) error {
	plan, err := progress.Get(conn, id, a.at, on)
	if err != nil {
		return err
	}
	names := names{conn: conn, at: a.at}
	whole, err := names.planWhole(plan, on)
	if err != nil {
		return err
	}
	if whole.Late, err = a.late(conn, id); err != nil {
		return err
	}
	if a.json {
		return a.printJSON(whole)
	}
	p := &printer{app: a}
	for _, t := range whole.Titles {
		p.line("%s", t.Value)
	}
	p.line("%s, %s", id, whole.Visibility)
	if !whole.Recorded {
		p.line("recorded in error")
	}
	p.line("")
	p.line("as of %s: %s%s", on, certainty(whole.Phase, whole.Perhaps), whole.Late.mark())
	p.line("version: %s", whole.version())
	if whole.InForce > 0 && whole.LastVersion > whole.InForce {
		p.line("version %d is not approved", whole.LastVersion)
	}
	for _, one := range []struct{ label, value string }{
		{"parties", whole.parties()},
		{"under", whole.Under.Name},
		{"from", whole.From.String()},
		{"until", whole.Until.String()},
		{"themes", strings.Trim(fmt.Sprint(whole.Themes), "[]")},
	} {
		if one.value != "" {
			p.line("%s: %s", one.label, one.value)
		}
	}
	for _, t := range whole.tables() {
		if len(t.rows) > 0 {
			p.line("")
			p.table(t)
		}
	}
	if marks := a.explainMarks(); marks != "" {
		p.line("%s", marks)
	}
	return p.err
}

// planWhole adds what became of the parts of a plan.
func (n *names) planWhole(p progress.Plan, on edtf.Date) (planWhole, error) {
	w := planWhole{
		Actions: []planAction{}, Milestones: []planMilestone{}, Indicators: []planIndicator{}, Budget: []planBudget{}, Reports: []planReport{},
	}
	var err error
	w.planLine, err = n.plan(p, on)
	for _, a := range p.Actions {
		one := planAction{Action: a.Action, Status: a.Certain.Status, Since: a.Certain.From, Perhaps: []actionplan.ActionStatus{}}
		for _, s := range a.Perhaps {
			one.Perhaps = append(one.Perhaps, s.Status)
		}
		owner, nameErr := n.orNone(string(a.Owner.ID))
		err = cmp.Or(err, nameErr)
		one.OwnerName = cmp.Or(owner, a.Owner.As)
		w.Actions = append(w.Actions, one)
	}
	for _, m := range p.Milestones {
		w.Milestones = append(w.Milestones, planMilestone{m.Milestone, m.Reached, m.ReachedOn})
	}
	for _, i := range p.Indicators {
		one := planIndicator{i.Indicator, []planReading{}, i.Progress.Value, i.Progress.Permille, i.Progress.Known, i.Progress.Reached}
		for _, r := range i.Readings {
			one.Readings = append(one.Readings, planReading{r.On, r.Value, r.Taken})
		}
		w.Indicators = append(w.Indicators, one)
	}
	for _, l := range p.Lines {
		w.Budget = append(w.Budget, planBudget{l.Line, terms.Money{Minor: l.Funded, Currency: l.Amount.Currency}})
	}
	for _, r := range p.Reports {
		w.Reports = append(w.Reports, planReport{r.Key, r.Due, r.On, r.DoneOn, r.Dropped, r.Open, r.Overdue})
	}
	return w, err
}
