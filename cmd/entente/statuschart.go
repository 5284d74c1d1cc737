package main

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/statuschart"
)

// standing is a row of a status chart, as JSON. An act by event 0 was not done.
type standing struct {
	Agreement    string             `json:"agreement"`
	Party        terms.PartyID      `json:"party"`
	Name         string             `json:"name"`
	Round        int                `json:"round"`
	Signed       statuschart.Act    `json:"signed"`
	Consented    statuschart.Act    `json:"consented"`
	Letter       statuschart.Letter `json:"letter"`
	Means        memorandum.Means   `json:"means"`
	InForce      statuschart.Act    `json:"inForce"`
	InForceMet   edtf.Truth         `json:"inForceEver"`
	Noticed      statuschart.Act    `json:"noticed"`
	Left         statuschart.Act    `json:"left"`
	Reservations int                `json:"reservations"`
	Objections   int                `json:"objections"`
	Doubt        bool               `json:"inDoubt"`
	// Late are the events of the agreement that were recorded after the instant
	// as known at which is answered.
	Late late `json:"recordedLater"`
}

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
			return a.withReader(ctx, func(l *opened) error {
				id, err := l.resolve(ctx, args[0])
				if err != nil {
					return err
				}
				return l.read(ctx, func(conn *sqlite.Conn) error { return a.printChart(conn, id) })
			})
		},
	}
	a.axes(c)
	return c
}

func (a *app) printChart(conn *sqlite.Conn, id string) error {
	chart, err := statuschart.Get(conn, id, a.at)
	if err != nil {
		return err
	}
	late, err := a.late(conn, id)
	if err != nil {
		return err
	}
	t := table{head: []string{"PARTY", "SIGNED", "CONSENT", "IN FORCE", "LEFT", "RESERVATIONS"}}
	names := names{conn: conn, at: a.at}
	for _, r := range chart.Rows {
		name, err := names.of(string(r.Party))
		if err != nil {
			return err
		}
		if a.json {
			err := a.printJSON(standing{
				r.Agreement, r.Party, name, r.Round, r.Signed, r.Consented, r.Letter, r.Means, r.InForce, r.InForceMet,
				r.Noticed, r.Left, r.Reservations, r.Objections, r.Doubt, late,
			})
			if err != nil {
				return err
			}
			continue
		}
		t.add(chartCells(name, r, late)...)
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
func chartCells(name string, r statuschart.Row, l late) []string {
	if r.Doubt {
		name += " (in doubt)"
	}
	inForce, reservations := actDate(r.InForce, l), ""
	if r.InForceMet == edtf.Maybe {
		inForce = "undecidable"
	}
	if r.Reservations > 0 {
		reservations = strconv.Itoa(r.Reservations)
	}
	consent := strings.TrimSpace(actDate(r.Consented, l) + " " + string(r.Letter))
	return []string{name, actDate(r.Signed, l), consent, inForce, actDate(r.Left, l), reservations}
}

// actDate is the date of an act with its mark, blank if it was not done.
func actDate(a statuschart.Act, l late) string {
	if !a.Done() {
		return ""
	}
	return cmp.Or(a.On.String(), "unknown date") + l.mark(a.By)
}
