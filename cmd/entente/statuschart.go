package main

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/projections/statuschart"
)

func (a *app) statuschartCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "statuschart ID",
		Short: "Show who signed and consented to an agreement, as depositaries do",
		Long: "statuschart prints a row a party, and another one if it came back after a withdrawal. The letter after\n" +
			"the date of a consent to be bound says how it was given: none by ratification, a by accession,\n" +
			"A by acceptance, AA by approval, c by formal confirmation, d by succession, s by a definitive signature; n stands for\n" +
			"provisional application without consent.",
		Example: "  entente statuschart memorandum-f6\n  entente statuschart f6f61c0b --json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			return a.reading(ctx, func(l reading) error {
				id, err := l.resolve(ctx, args[0])
				if err != nil {
					return err
				}
				return l.ask(ctx, func(d answering) error { return a.printChart(d, id) })
			})
		},
	}
	a.axes(c)
	return c
}

func (a *app) printChart(d answering, id string) error {
	chart, err := d.Chart(id)
	if err != nil {
		return err
	}
	t := table{head: []string{"PARTY", "SIGNED", "CONSENT", "IN FORCE", "LEFT", "RESERVATIONS"}}
	for _, r := range chart.Rows {
		if a.json {
			if err := a.printJSON(r); err != nil {
				return err
			}
			continue
		}
		t.add(chartCells(r)...)
	}
	switch {
	case a.json:
		return nil
	case !chart.Exists:
		return a.printf("recorded in error\n")
	case len(t.rows) == 0:
		return a.printf("no parties\n")
	}
	return a.printMarked(t)
}

// chartCells returns the cells of a row, in which blanks stay blank.
func chartCells(r answers.Standing) []string {
	name := r.Name
	if r.Doubt {
		name += " (in doubt)"
	}
	inForce, reservations := actDate(r.InForce, r.Late), ""
	if r.InForceMet == edtf.Maybe {
		inForce = "undecidable"
	}
	if r.Reservations > 0 {
		reservations = strconv.Itoa(r.Reservations)
	}
	consent := strings.TrimSpace(actDate(r.Consented, r.Late) + " " + string(r.Letter))
	return []string{name, actDate(r.Signed, r.Late), consent, inForce, actDate(r.Left, r.Late), reservations}
}

// actDate is the date of an act with its mark, blank if it was not done.
func actDate(a statuschart.Act, late answers.Late) string {
	if !a.Done() {
		return ""
	}
	return cmp.Or(a.On.String(), "unknown date") + mark(late, a.By)
}
