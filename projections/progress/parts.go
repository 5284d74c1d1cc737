package progress

import (
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// asked is a question about one plan as of a date.
type asked struct {
	conn *sqlite.Conn
	plan string
	at   readmodel.At
	on   edtf.Date
}

// ask makes a question. Of a date-time the day counts, so that what is answered
// from the rows in Go agrees with what is in SQL.
func ask(conn *sqlite.Conn, plan string, at readmodel.At, on edtf.Date) asked {
	return asked{conn, plan, at, edtf.Between(on.Earliest(), on.Latest())}
}

// thePlan is the number of the plan that is asked about.
const thePlan = "(SELECT id FROM stream WHERE name = $plan)"

func (q asked) arguments() readmodel.Arguments {
	args := q.at.Arguments()
	args["$plan"] = q.plan
	return args
}

// each calls visit for every row that the plan has in a table, which is x in the
// query.
func (q asked) each(columns, table, order string, visit func(r *reader)) error {
	return readmodel.Query(q.conn, "SELECT "+columns+" FROM "+table+" WHERE x.stream = "+thePlan+" AND "+q.at.Clause("x")+
		" ORDER BY "+order, q.arguments(), func(row *readmodel.Row) error {
		r := &reader{Row: row}
		visit(r)
		return r.err
	})
}

func (q asked) phase(into *Plan) error {
	var spans []actionplan.Span
	err := q.each("x.phase, x.version, x.rank, x.since, x.by_revision", "progress_phase x", "x.n", func(r *reader) {
		spans = append(spans, actionplan.Span{
			Phase: actionplan.Phase(r.Text()), Version: int(r.Int()), Rank: int(r.Int()), From: r.date(), By: r.revision(),
		})
	})
	into.Phase.Certain, into.Phase.Perhaps = actionplan.AsOf(spans, q.on)
	return err
}

func (q asked) actions(into *Plan) error {
	statuses := map[actionplan.Key][]actionplan.StatusSpan{}
	err := q.each("x.action, x.status, x.note, x.lang, x.since, x.by_revision", "progress_status x", "x.action, x.n", func(r *reader) {
		key := r.key()
		statuses[key] = append(statuses[key], actionplan.StatusSpan{
			Status: actionplan.ActionStatus(r.Text()), Note: r.text(), From: r.date(), By: r.revision(),
		})
	})
	return terms.First(err, q.each("x.key, x.title, x.lang, o.name, x.owner_as, u.name, x.unit_as, x.themes, x.starts, x.ends",
		"progress_action x LEFT JOIN stream o ON o.id = x.owner LEFT JOIN stream u ON u.id = x.unit", "x.n", func(r *reader) {
			var a Action
			a.Key, a.Title, a.Owner, a.Unit = r.key(), r.text(), r.party(), r.party()
			r.json(&a.Themes)
			a.Start, a.End = r.date(), r.date()
			a.Certain, a.Perhaps = book.AsOf(statuses[a.Key], q.on)
			into.Actions = append(into.Actions, a)
		}))
}

func (q asked) milestones(into *Plan) error {
	return q.each("x.key, x.action, x.title, x.lang, x.due, x.reached, x.by_revision", "progress_milestone x", "x.n", func(r *reader) {
		m := Milestone{
			Milestone: actionplan.Milestone{Key: r.key(), Action: r.key(), Title: r.text(), Due: r.date()},
			ReachedOn: r.date(), By: r.revision(),
		}
		if m.By != 0 {
			m.Reached = m.ReachedOn.HeldBy(q.on)
		}
		into.Milestones = append(into.Milestones, m)
	})
}

func (q asked) indicators(into *Plan) error {
	readings := map[actionplan.Key][]Reading{}
	err := q.each("x.indicator, x.day, x.value, x.by_revision", "progress_reading x", "x.indicator, x.n", func(r *reader) {
		key := r.key()
		one := Reading{Reading: actionplan.Reading{On: r.date(), Value: actionplan.Quantity(r.Text()), By: r.revision()}}
		if one.Taken = one.On.HeldBy(q.on); one.Taken != edtf.No {
			readings[key] = append(readings[key], one)
		}
	})
	return terms.First(err, q.each("x.key, x.action, x.title, x.lang, x.unit, x.baseline, x.target, x.direction, x.target_day",
		"progress_indicator x", "x.n", func(r *reader) {
			i := Indicator{Indicator: actionplan.Indicator{
				Key: r.key(), Action: r.key(), Title: r.text(), Unit: r.Text(), Baseline: actionplan.Quantity(r.Text()),
				Target: actionplan.Quantity(r.Text()), Direction: actionplan.Direction(r.Text()), By: r.date(),
			}}
			i.Readings = readings[i.Key]
			i.Progress = i.progress()
			into.Indicators = append(into.Indicators, i)
		}))
}

// progress asks the aggregate how far the readings that were certainly taken
// are, on a plan that has nothing but the indicator and them.
func (i Indicator) progress() actionplan.Progress {
	events := []actionplan.Event{actionplan.Drafted{}, actionplan.IndicatorSet{Indicator: i.Indicator}}
	var taken []Reading
	for _, r := range i.Readings {
		if r.Taken == edtf.Yes {
			taken = append(taken, r)
			events = append(events, actionplan.ReadingTaken{Fact: terms.Fact{Occurred: r.On}, Indicator: i.Key, Value: r.Value})
		}
	}
	s := actionplan.Decider.Fold(events...)
	p := s.Indicators()[0].Progress
	if p.By != 0 {
		p.By = taken[int(p.By)-(len(events)-len(taken))-1].By
	}
	return p
}

func (q asked) lines(into *Plan) error {
	return q.each("x.key, x.action, x.title, x.lang, x.amount, x.currency, x.funded", "progress_line x", "x.n", func(r *reader) {
		into.Lines = append(into.Lines, Line{
			Line: actionplan.Line{
				Key: r.key(), Action: r.key(), Title: r.text(), Amount: terms.Money{Minor: r.Int(), Currency: terms.Currency(r.Text())},
			},
			Funded: r.Int(),
		})
	})
}

func (q asked) reports(into *Plan) error {
	return q.each("x.key, x.due, x.last_day, x.done, x.by_revision, x.dropped", "progress_report x", "x.place, x.n", func(r *reader) {
		one := Report{Key: r.key(), Due: r.date(), On: r.date(), DoneOn: r.date(), By: r.revision(), Dropped: r.Bool(), Open: edtf.Yes}
		if one.By != 0 {
			one.Open = one.DoneOn.HeldBy(q.on).Not()
		}
		one.Overdue = one.Open.And(edtf.Before(one.On, q.on))
		into.Reports = append(into.Reports, one)
	})
}
