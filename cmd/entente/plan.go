package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/projections/progress"
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
		return a.reading(ctx, func(l reading) error {
			if len(args) == 0 {
				return l.ask(ctx, func(d answering) error { return a.printPlans(d, day) })
			}
			id, err := l.resolve(ctx, args[0])
			if err != nil {
				return err
			}
			return l.ask(ctx, func(d answering) error { return a.printPlan(d, id, day) })
		})
	}
	return c
}

func (a *app) printPlans(d answering, on edtf.Date) error {
	t := table{head: []string{"ID", "TITLE", "PHASE", "VERSION", "PARTIES"}}
	err := printAll(a, d.AllPlans(progress.Filter{On: on}), func(p answers.PlanLine) {
		title := ""
		if len(p.Titles) > 0 {
			title = p.Titles[0].Value
		}
		t.add(short(p.ID), title, certainty(p.Phase, p.Perhaps), versionOf(p), ownersOf(p))
	})
	if err != nil || a.json {
		return err
	}
	if len(t.rows) == 0 {
		return a.printf("no plans\n")
	}
	return a.printTable(t)
}

func versionOf(l answers.PlanLine) string {
	if l.Version == 0 {
		return "-"
	}
	return fmt.Sprint(l.Version)
}

// ownersOf names the parties whose plan it is.
func ownersOf(l answers.PlanLine) string {
	all := make([]string, len(l.Parties))
	for i, p := range l.Parties {
		all[i] = p.Name
	}
	return strings.Join(all, ", ")
}

func (a *app) printPlan(d answering, id string, on edtf.Date) error {
	whole, err := d.Plan(id, on)
	if err != nil {
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
	p.line("as of %s: %s%s", on, certainty(whole.Phase, whole.Perhaps), mark(whole.Late))
	p.line("version: %s", versionOf(whole.PlanLine))
	if whole.InForce > 0 && whole.LastVersion > whole.InForce {
		p.line("version %d is not approved", whole.LastVersion)
	}
	for _, one := range []struct{ label, value string }{
		{"parties", ownersOf(whole.PlanLine)},
		{"under", whole.Under.Name},
		{"from", whole.From.String()},
		{"until", whole.Until.String()},
		{"themes", strings.Trim(fmt.Sprint(whole.Themes), "[]")},
	} {
		if one.value != "" {
			p.line("%s: %s", one.label, one.value)
		}
	}
	for _, t := range planTables(whole) {
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
