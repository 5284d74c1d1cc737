package httpapi

import (
	"fmt"
	"reflect"
	"regexp"
	"time"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/projections/readmodel"
)

const (
	monthsShown = 24
	mostMonths  = 2400
)

// Months counts by months what happened.
type Months struct {
	// Months are in their order; the last has what dates or disputes leave open.
	Months []answers.Month `json:"months"`
}

func (a *API) stats() question {
	return question{
		path: "/v1/stats", id: "stats", tag: "report", summary: "Count by months what happened",
		about:  "Agreements signed, in force and ended, members joined and left, activities held, events recorded (UTC). Without from, the last 24 months that have anything.",
		answer: reflect.TypeFor[Months](), formats: tables(),
		takes: append([]parameter{texts("from", "The first month, or year"), texts("to", "The last month, or year; left out: this month")}, axes()...),
		read:  readStats,
	}
}

func readStats(q *asked) (reply, error) {
	for _, name := range []string{"from", "to"} {
		if len(q.text(name)) > len("2019-05") {
			return reply{}, bad(name, "this is no month or year", "2019-05 or 2019")
		}
	}
	w, err := q.within()
	if err != nil {
		return reply{}, err
	}
	last := 0
	if !q.has("to") {
		w.To = q.answeredOn().Latest().FirstOfNextMonth() - 1
	}
	if !q.has("from") {
		last = monthsShown
	}
	switch {
	case w.From > w.To:
		return reply{}, bad("from", "the span ends before it begins", "a first month that is not after the last")
	case last == 0 && w.To-w.From > mostMonths*31:
		return reply{}, bad("from", "these are too many months", fmt.Sprintf("at most %d", mostMonths))
	}
	rep := one("", func(d *answers.Desk) (Months, error) {
		all, err := d.Months(w, last)
		return Months{all}, err
	})
	rep.lines = func(whole any) []any { return boxed(whole.(Months).Months) }
	return rep, nil
}

// answeredOn is the day on which q would have been answered by the knowledge that
// it asks for.
func (q *asked) answeredOn() edtf.Date {
	day := q.on
	for _, at := range []time.Time{q.at.Known, q.at.Recorded} {
		if on := edtf.OfTime(at.UTC()); !at.IsZero() && on.Latest() < day.Latest() {
			day = on
		}
	}
	return day
}

func (a *API) report() question {
	return question{
		path: "/v1/report", id: "report", tag: "report", summary: "Report what happened within a span of days",
		about:  "Who signed, joined and left, what entered into force and ended, what was held and reached, what is overdue as of the last day.",
		answer: reflect.TypeFor[answers.Report](), formats: tables(),
		takes: append([]parameter{
			texts("from", "The first day, or the month or year that begins with it"), texts("to", "The last day, or the month or year that ends with it"),
			texts("about", "Only what is about this network or party: its id"),
		}, axes()...),
		read: readReport,
	}
}

func readReport(q *asked) (reply, error) {
	for _, name := range []string{"from", "to"} {
		if !q.has(name) {
			return reply{}, bad(name, "a report is of a span of days", "from and to, such as from=2019&to=2019")
		}
	}
	w, err := q.within()
	if err == nil {
		w.About, err = q.stream("about", "network", "party")
	}
	if err != nil {
		return reply{}, err
	}
	rep := one(w.About, func(d *answers.Desk) (answers.Report, error) { return d.Report(w) })
	rep.lines = func(whole any) (lines []any) {
		for _, s := range whole.(answers.Report).Headings {
			lines = append(lines, boxed(s.Entries)...)
		}
		return lines
	}
	return rep, nil
}

var plainDate = regexp.MustCompile(`^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$`)

// within reads from and to: days, months or years without doubt; a bound that is
// not given is open.
func (q *asked) within() (readmodel.Within, error) {
	w := readmodel.Within{From: edtf.MinDay, To: edtf.MaxDay}
	for _, name := range []string{"from", "to"} {
		d, err := q.date(name)
		if err == nil && q.has(name) && !plainDate.MatchString(q.text(name)) {
			err = bad(name, "this is no plain day, month or year", "2019, 2019-03 or 2019-03-31")
		}
		switch {
		case err != nil:
			return w, err
		case !q.has(name):
		case name == "from":
			w.From = d.Earliest()
		default:
			w.To = d.Latest()
		}
	}
	if w.From > w.To {
		return w, bad("from", "the span ends before it begins", "a first day that is not after the last")
	}
	return w, nil
}
