package main

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/projections/readmodel"
)

const (
	monthsShown = 24   // if no span is asked for
	mostMonths  = 2400 // that can be asked for
	barWidth    = 20
)

func (a *app) statsCommand() *cobra.Command {
	var from, to, format string
	c := &cobra.Command{
		Use:   "stats",
		Short: "Count by months what was signed, entered into force, ended and held, who joined and left, and what was recorded",
		Long: "stats prints a line a month: agreements signed (by the first of their parties), entered into force and\n" +
			"ended, members that joined and left, activities held, and events that this ledger recorded (UTC). Without\n" +
			"a span they are the last 24 months until today that have anything. The last line counts what dates or\n" +
			"disputes leave open: what perhaps happened in these months, and what did, nobody knows in which. The bars\n" +
			"are as long as what happened and was not only recorded.",
		Example: "  entente stats\n  entente stats --from 2018-01 --to 2019-12 --format csv",
	}
	flags := c.Flags()
	flags.StringVar(&from, "from", "", "first month, or year (default: see above)")
	flags.StringVar(&to, "to", "", "last month, or year (default: this month)")
	flags.StringVar(&format, "format", "text", "text or csv")
	read := a.spanOfDays(c, &from, &to, &format, "text", "csv")
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		w, err := read()
		if err != nil {
			return err
		}
		for flag, text := range map[string]string{"--from": from, "--to": to} {
			if len(text) > len("2019-05") {
				return es.Invalid("cli.bad_date", flag+" "+text+" is not a month or year", "2019-05 or 2019")
			}
		}
		last := 0
		if to == "" {
			w.To = a.answeredOn().Latest().FirstOfNextMonth() - 1
		}
		if from == "" {
			last = monthsShown
		}
		switch {
		case w.From > w.To:
			return es.Invalid("cli.bad_span", "--from "+from+" is after the last month", "--to, or a month that has begun")
		case last == 0 && w.To-w.From > mostMonths*31:
			return es.Invalid("cli.bad_span", "that is too many months", fmt.Sprintf("at most %d", mostMonths))
		}
		ctx := cmd.Context()
		return a.reading(ctx, func(l reading) error {
			return l.ask(ctx, func(d answering) error { return a.printStats(d, w, last, format) })
		})
	}
	return c
}

// answeredOn is the day on which a question would have been answered by the
// knowledge that is asked for.
func (a *app) answeredOn() edtf.Date {
	day := today()
	for _, at := range []time.Time{a.at.Known, a.at.Recorded} {
		if on := edtf.OfTime(at.UTC()); !at.IsZero() && on.Latest() < day.Latest() {
			day = on
		}
	}
	return day
}

func (a *app) printStats(d answering, w readmodel.Within, last int, format string) error {
	all, err := d.Months(w, last)
	if err != nil {
		return err
	}
	switch {
	case a.json:
		for _, m := range all {
			if err := a.printJSON(m); err != nil {
				return err
			}
		}
		return nil
	case format == "csv":
		return a.statsCSV(all)
	case len(all) == 1: // what dates or disputes leave open
		return a.printf("nothing is recorded of these months\n")
	}
	return a.printTable(statsTable(all))
}

// counts are the counts of what happened, in the order of the columns.
func counts(m answers.Month) []int {
	return []int{m.Signed, m.InForce, m.Ended, m.Joined, m.Left, m.Held}
}

func sum(m answers.Month) (n int) {
	for _, one := range counts(m) {
		n += one
	}
	return n
}

func statsTable(all []answers.Month) table {
	t := table{head: []string{"MONTH", "SIGNED", "IN FORCE", "ENDED", "JOINED", "LEFT", "HELD", "EVENTS", ""}}
	most := 1
	for _, m := range all[:len(all)-1] {
		most = max(most, sum(m))
	}
	for _, m := range all {
		row := []string{m.Month}
		for _, n := range append(counts(m), m.Events) {
			row = append(row, number(n))
		}
		if m.Perhaps {
			row[0] = "perhaps"
			t.add(row...)
			break
		}
		long := sum(m)
		if most > barWidth {
			long = (sum(m)*barWidth + most - 1) / most
		}
		t.add(append(row, strings.Repeat("▇", long))...)
	}
	return t
}

// number is a count, in which nothing stands out by being blank.
func number(n int) string {
	if n == 0 {
		return "·"
	}
	return strconv.Itoa(n)
}

func (a *app) statsCSV(all []answers.Month) error {
	w := csv.NewWriter(a.out)
	rows := [][]string{{"month", "signed", "entered_into_force", "ended", "joined", "left", "held", "events_recorded"}}
	for _, m := range all {
		row := []string{m.Month}
		if m.Perhaps {
			row[0] = "perhaps"
		}
		for _, n := range append(counts(m), m.Events) {
			row = append(row, strconv.Itoa(n))
		}
		rows = append(rows, row)
	}
	return w.WriteAll(rows)
}
