package progress

import (
	"cmp"

	"github.com/go-json-experiment/json"

	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/namekey"
)

// kept is all rows of one plan.
type kept struct {
	plans      []plan // one
	phases     []phase
	actions    []action
	statuses   []status
	milestones []milestone
	indicators []indicator
	readings   []reading
	lines      []line
	reports    []report
}

// In each row n is the place among its like, from 0.
type (
	plan struct {
		exists                        bool // its opening was not voided
		titles, sort, parties, themes string
		under                         terms.Ref
		from, until                   edtf.Date
		version, inForce              int
		visibility                    terms.Visibility
	}
	phase struct {
		n int
		actionplan.Span
	}
	action struct {
		n           int
		key         actionplan.Key
		title       terms.Text
		owner, unit terms.PartyRef
		themes      string
		start, end  edtf.Date
	}
	status struct {
		action actionplan.Key
		n      int
		actionplan.StatusSpan
	}
	milestone struct {
		n int
		actionplan.Milestone
		reachedOn edtf.Date
		by        es.Revision
	}
	indicator struct {
		n int
		actionplan.Indicator
	}
	reading struct {
		indicator actionplan.Key
		n         int
		actionplan.Reading
	}
	line struct {
		n int
		Line
	}
	report struct {
		place int // of the report among the reports
		n     int // among the times that it is due
		key   actionplan.Key
		due   edtf.Date
		last  edtf.Date // on which it is in time
		outcome
	}
	// outcome is after what a report is not owed any more.
	outcome struct {
		by      es.Revision
		done    edtf.Date // when that was
		dropped bool
	}
)

// rowsOf returns the rows of a plan in state s.
func rowsOf(s *actionplan.State, visibility terms.Visibility) (kept, error) {
	d := s.Describe()
	p := plan{
		exists: s.Exists(), under: d.Under, from: d.From, until: d.Until, sort: namekey.Of(s.Title().Value),
		version: s.Version(), inForce: s.InForce(), visibility: visibility,
	}
	err := terms.First(encode(d.Titles, &p.titles), encode(d.Parties, &p.parties), encode(d.Themes, &p.themes))
	k := kept{plans: []plan{p}}
	for n, span := range s.Phases() {
		k.phases = append(k.phases, phase{n, span})
	}
	for n, a := range s.Actions() {
		row := action{n: n, key: a.Key, title: a.Title, owner: a.Owner, unit: a.Unit, start: a.Start, end: a.End}
		err = terms.First(err, encode(a.Themes, &row.themes))
		k.actions = append(k.actions, row)
		for n, span := range a.Statuses {
			k.statuses = append(k.statuses, status{a.Key, n, span})
		}
	}
	for n, m := range s.Milestones() {
		row := milestone{n, m.Milestone, m.ReachedOn, m.Reached}
		row.Due = m.On
		k.milestones = append(k.milestones, row)
	}
	for n, i := range s.Indicators() {
		k.indicators = append(k.indicators, indicator{n, i.Indicator})
		for n, r := range i.Readings {
			k.readings = append(k.readings, reading{i.Key, n, r})
		}
	}
	for n, l := range s.Budget().Lines {
		k.lines = append(k.lines, line{n, Line{l.Line, l.Funded}})
	}
	k.reports = reportsOf(s)
	return k, err
}

func encode(v any, into *string) error {
	text, err := json.Marshal(v)
	*into = string(text)
	return err
}

// reportsOf returns a row for each time that a report is due.
func reportsOf(s *actionplan.State) []report {
	var rows []report
	settled := settledBy(s)
	for place, r := range s.Reports() {
		for n, o := range r.Occurrences {
			row := report{place: place, n: n, key: r.Key, due: o.Due, last: o.On}
			by := settled[owed{cmp.Or(o.Extended, r.At), string(r.Key), o.On}]
			switch spans := s.Phases(); {
			case o.Submitted != 0:
				row.outcome = outcome{by: o.Submitted, done: o.SubmittedOn}
			case by != 0: // by the end of the plan, its last phase
				row.outcome = outcome{by, spans[len(spans)-1].From, true}
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// owed is by what one time that a report is due is told from all else that falls
// due: no event determines two things of different rules with one key.
type owed struct {
	of  es.Revision
	key string
	on  edtf.Date
}

// settledBy returns the events after which what falls due is not owed any more.
func settledBy(s *actionplan.State) map[owed]es.Revision {
	all := map[owed]es.Revision{}
	for _, d := range s.Dues() {
		all[owed{d.Of, d.Key, d.On}] = d.Settled
	}
	return all
}
