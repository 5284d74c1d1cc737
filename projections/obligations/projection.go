package obligations

import (
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Projection keeps what falls due.
type Projection struct{ dues *readmodel.Table[due] }

// New returns the projection.
func New() Projection { return Projection{table()} }

// Name implements [readmodel.Projection].
func (Projection) Name() string { return "obligations" }

// Version implements [readmodel.Projection].
func (Projection) Version() int { return 1 }

// DDL implements [readmodel.Projection].
func (p Projection) DDL() (tables, indexes string) {
	return p.dues.DDL(), `
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
	fell          bool // it is recorded that the day came
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
	old, _ := before.([]due)
	now := rowsOf(s)
	return now, readmodel.Diff(old, now)
}

func rowsOf(s readmodel.State) []due {
	dues := s.Dues()
	if len(dues) == 0 {
		return nil
	}
	fell := map[place]bool{}
	for fact := range s.Held {
		if e, ok := fact.Event.(interface{ Fell() book.FellDue }); ok {
			f := e.Fell()
			fell[place{f.Rule, f.Of, f.Key, f.On.String()}] = true
		}
	}
	rows := make([]due, len(dues))
	seen := map[place]int{}
	for i, d := range dues {
		at := place{d.Rule, d.Of, d.Key, d.On.String()}
		rows[i] = due{
			rule: d.Rule, of: d.Of, key: d.Key, on: at.on, n: seen[at], kind: d.Kind,
			lo: d.On.Earliest(), hi: d.On.Latest(), party: string(d.By), toward: string(d.To),
			what: d.What.Value, lang: string(d.What.Lang), settled: d.Settled, fell: fell[at],
		}
		seen[at]++
	}
	return rows
}

// Apply implements [readmodel.Projection].
func (p Projection) Apply(tx *readmodel.Tx, e readmodel.Event, change any) error {
	c, ok := change.(readmodel.Change[due])
	if !ok {
		return nil
	}
	return p.dues.Apply(tx, e.Record.Stream, c)
}

func table() *readmodel.Table[due] {
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
				"what TEXT", "lang TEXT", "settled INTEGER", "fell INTEGER",
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
				b.Bool(r.fell)
			},
		})
}
