package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/infra/answers"
)

// planTables are the parts of a plan, as people read them.
func planTables(w answers.Plan) []table {
	actions := table{head: []string{"ACTION", "OWNER", "STATUS", "SINCE", "END"}}
	for _, a := range w.Actions {
		actions.add(a.Title.Value, dash(a.OwnerName), certainty(a.Status, a.Perhaps), dash(a.Since.String()), dash(a.End.String()))
	}
	milestones := table{head: []string{"MILESTONE", "DUE", "REACHED"}}
	for _, m := range w.Milestones {
		milestones.add(m.Title.Value, dash(m.Due.String()), happened(m.Reached, m.ReachedOn))
	}
	indicators := table{head: []string{"INDICATOR", "BASELINE", "LAST READING", "TARGET", "PROGRESS", "BY"}}
	for _, i := range w.Indicators {
		title := i.Title.Value
		if i.Unit != "" {
			title += " (" + i.Unit + ")"
		}
		indicators.add(title, dash(string(i.Baseline)), lastReading(i), dash(string(i.Target)), progressOf(i), dash(i.By.String()))
	}
	budget := table{head: []string{"LINE", "AMOUNT", "FUNDED"}}
	for _, l := range w.Budget {
		budget.add(l.Title.Value, money(l.Amount), money(l.Funded))
	}
	reports := table{head: []string{"REPORT", "DUE", "HANDED IN"}}
	for i, r := range w.Reports {
		if i > 0 && r.Key == w.Reports[i-1].Key && ahead(r) && ahead(w.Reports[i-1]) {
			continue
		}
		reports.add(string(r.Key), r.On.String(), handedIn(r))
	}
	return []table{actions, milestones, indicators, budget, reports}
}

// happened puts into words whether and when something happened.
func happened(is edtf.Truth, on edtf.Date) string {
	when := cmp.Or(on.String(), "unknown date")
	switch is {
	case edtf.No:
		return "-"
	case edtf.Maybe:
		return "perhaps " + when
	case edtf.Yes:
	}
	return when
}

// lastReading is the last reading, and those that were perhaps taken since.
func lastReading(i answers.Indicator) string {
	var perhaps []string
	certain := false
	for _, r := range i.Readings {
		if certain = certain || r.Taken == edtf.Yes; r.Taken == edtf.Maybe {
			perhaps = append(perhaps, string(r.Value))
		}
	}
	last := string(i.Last)
	if last == "" && certain {
		last = "undecidable"
	}
	return certainty(last, perhaps)
}

func progressOf(i answers.Indicator) string {
	switch {
	case i.Known:
		return fmt.Sprintf("%d %%", i.Permille/10)
	case i.Reached == edtf.Yes:
		return "reached"
	default:
		return "-"
	}
}

// ahead reports whether there is nothing to say yet of one time that a report is
// due, or not any more.
func ahead(r answers.PlanReport) bool {
	return r.Overdue == edtf.No && (r.Dropped || r.Open == edtf.Yes)
}

func handedIn(r answers.PlanReport) string {
	done := happened(r.Open.Not(), r.DoneOn)
	switch {
	case r.Dropped && r.Open != edtf.Yes:
		return "not owed since " + done
	case r.Overdue == edtf.Yes:
		return "overdue"
	case r.Overdue == edtf.Maybe:
		return strings.TrimPrefix(done+", perhaps overdue", "-, ")
	default:
		return done
	}
}

// decimals are the digits of the minor unit of the currencies of which it does
// not have two (ISO 4217).
var decimals = map[terms.Currency]int{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0, "UGX": 0, "UYI": 0, "VND": 0,
	"VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0, "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3, "CLF": 4, "UYW": 4,
}

// money puts an amount, which is not negative, into words: 12.50 EUR.
func money(m terms.Money) string {
	places, odd := decimals[m.Currency]
	if !odd {
		places = 2
	}
	digits := fmt.Sprintf("%0*d", places+1, m.Minor)
	point := len(digits) - places
	if places > 0 {
		digits = digits[:point] + "." + digits[point:]
	}
	return digits + " " + string(m.Currency)
}
