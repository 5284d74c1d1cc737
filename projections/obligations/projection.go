package obligations

import (
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Projection keeps what falls due.
type Projection struct {
	dues      *readmodel.Table[due]
	fallen    *readmodel.Table[place]
	reminders *readmodel.Table[reminder]
}

// New returns the projection.
func New() Projection { return Projection{dueTable(), fallenTable(), reminderTable()} }

// Name implements [readmodel.Projection].
func (Projection) Name() string { return "obligations" }

// Version implements [readmodel.Projection].
func (Projection) Version() int { return 4 }

// DDL implements [readmodel.Projection].
func (p Projection) DDL() (tables, indexes string) {
	return p.dues.DDL() + p.fallen.DDL() + p.reminders.DDL(), `
CREATE INDEX IF NOT EXISTS obligations_due_day ON obligations_due (latest, stream);
CREATE INDEX IF NOT EXISTS obligations_due_party ON obligations_due (party, latest);
`
}

// due is a row.
type due struct {
	rule          string
	of            es.Revision
	key           string
	on            string // EDTF
	n             int    // among those that are the same but for this
	kind          terms.DueKind
	lo, hi        edtf.Day
	party, toward string
	what, lang    string
	settled       es.Revision
	done          edtf.Date // from when the event that settled it counts
}

// kept is all rows of one stream. That a day came, and that somebody was
// reminded, is kept apart from what falls due, which it does not change.
type kept struct {
	dues      []due
	fallen    []place
	reminders []reminder
}

type changed struct {
	dues      readmodel.Change[due]
	fallen    readmodel.Change[place]
	reminders readmodel.Change[reminder]
}

// place is by what a due day is told from others.
type place struct {
	rule string
	of   es.Revision
	key  string
	on   string
}

// Derive implements [readmodel.Projection].
func (Projection) Derive(before any, s readmodel.State) (after, change any) {
	if s.Dues == nil {
		return nil, nil
	}
	old, _ := before.(kept)
	now := kept{rowsOf(s), fallen(s), reminders(s)}
	return now, changed{
		readmodel.Diff(old.dues, now.dues), readmodel.Diff(old.fallen, now.fallen), readmodel.Diff(old.reminders, now.reminders),
	}
}

// fallen returns the days that are recorded to have come, each once.
func fallen(s readmodel.State) (all []place) {
	for fact := range s.Held {
		if e, ok := fact.Event.(interface{ Fell() book.FellDue }); ok {
			f := e.Fell()
			if at := (place{f.Rule, f.Of, f.Key, f.On.String()}); !slices.Contains(all, at) {
				all = append(all, at)
			}
		}
	}
	return all
}

func rowsOf(s readmodel.State) []due {
	dues := s.Dues()
	rows := make([]due, len(dues))
	seen := map[place]int{}
	counted := effective(s, dues)
	for i, d := range dues {
		at := place{d.Rule, d.Of, d.Key, d.On.String()}
		rows[i] = due{
			rule: d.Rule, of: d.Of, key: d.Key, on: at.on, n: seen[at], kind: d.Kind,
			lo: d.On.Earliest(), hi: d.On.Latest(), party: string(d.By), toward: string(d.To),
			what: d.What.Value, lang: string(d.What.Lang), settled: d.Settled, done: counted[d.Settled],
		}
		seen[at]++
	}
	return rows
}

// effective returns from when the events count that settle dues, by revision.
func effective(s readmodel.State, dues []terms.Due) map[es.Revision]edtf.Date {
	if !slices.ContainsFunc(dues, func(d terms.Due) bool { return d.Settled != 0 }) {
		return nil
	}
	all := map[es.Revision]edtf.Date{}
	for fact := range s.Held {
		if e, ok := fact.Event.(interface{ About() terms.Fact }); ok {
			all[fact.Revision] = e.About().From()
		}
	}
	return all
}

// Apply implements [readmodel.Projection].
func (p Projection) Apply(tx *readmodel.Tx, e readmodel.Event, change any) error {
	c, ok := change.(changed)
	if !ok {
		return nil
	}
	if err := p.dues.Apply(tx, e.Record.Stream, c.dues); err != nil {
		return err
	}
	if err := p.fallen.Apply(tx, e.Record.Stream, c.fallen); err != nil {
		return err
	}
	return p.reminders.Apply(tx, e.Record.Stream, c.reminders)
}

func fallenTable() *readmodel.Table[place] {
	return readmodel.NewTable("obligations_fallen",
		readmodel.Columns[place]{Names: []string{"rule TEXT", "of INTEGER", "key TEXT", "day TEXT"}, Bind: func(b *readmodel.Binder, p place) {
			b.Text(p.rule)
			b.Int(int64(p.of))
			b.Text(p.key)
			b.Text(p.on)
		}},
		readmodel.Columns[place]{Bind: func(*readmodel.Binder, place) {}})
}

func dueTable() *readmodel.Table[due] {
	return readmodel.NewTable("obligations_due",
		readmodel.Columns[due]{
			Names: []string{"rule TEXT", "of INTEGER", "key TEXT", "day TEXT", "n INTEGER"},
			Bind: func(b *readmodel.Binder, r due) {
				b.Text(r.rule)
				b.Int(int64(r.of))
				b.Text(r.key)
				b.Text(r.on)
				b.Int(int64(r.n))
			},
		},
		readmodel.Columns[due]{
			Names: []string{
				"kind TEXT", "earliest INTEGER", "latest INTEGER", "party INTEGER", "toward INTEGER",
				"what TEXT", "lang TEXT", "settled INTEGER", "done TEXT", "done_latest INTEGER",
			},
			Bind: func(b *readmodel.Binder, r due) {
				b.Text(string(r.kind))
				b.Day(r.lo)
				b.Day(r.hi)
				b.Stream(r.party)
				b.Stream(r.toward)
				b.Text(r.what)
				b.Text(r.lang)
				b.Int(int64(r.settled))
				b.Text(r.done.String())
				b.Day(r.done.Latest())
			},
		})
}
