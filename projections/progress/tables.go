package progress

import (
	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

func planTable() *readmodel.Table[plan] {
	return readmodel.NewTable("progress_plan",
		readmodel.Columns[plan]{Bind: func(*readmodel.Binder, plan) {}},
		readmodel.Columns[plan]{
			Names: []string{
				"live INTEGER", "titles TEXT", "sort TEXT", "parties TEXT", "under TEXT", "themes TEXT", "since TEXT", "until TEXT",
				"version INTEGER", "in_force INTEGER", "visibility TEXT",
			},
			Bind: func(b *readmodel.Binder, r plan) {
				b.Bool(r.exists)
				for _, text := range []string{r.titles, r.sort, r.parties, string(r.under), r.themes} {
					b.Text(text)
				}
				bindDates(b, r.from, r.until)
				b.Int(int64(r.version))
				b.Int(int64(r.inForce))
				b.Text(string(r.visibility))
			},
		})
}

func phaseTable() *readmodel.Table[phase] {
	return readmodel.NewTable("progress_phase",
		readmodel.Columns[phase]{
			Names: []string{"n INTEGER"},
			Bind:  func(b *readmodel.Binder, r phase) { b.Int(int64(r.n)) },
		},
		readmodel.Columns[phase]{
			Names: []string{"phase TEXT", "version INTEGER", "rank INTEGER", "since TEXT", "latest INTEGER", "by_revision INTEGER"},
			Bind: func(b *readmodel.Binder, r phase) {
				b.Text(string(r.Phase))
				b.Int(int64(r.Version))
				b.Int(int64(r.Rank))
				bindDates(b, r.From)
				b.Day(r.From.Latest())
				b.Int(int64(r.By))
			},
		})
}

func actionTable() *readmodel.Table[action] {
	return readmodel.NewTable("progress_action",
		key(func(r action) actionplan.Key { return r.key }),
		readmodel.Columns[action]{
			Names: []string{
				"n INTEGER", "title TEXT", "lang TEXT", "owner INTEGER", "owner_as TEXT", "unit INTEGER", "unit_as TEXT", "themes TEXT",
				"starts TEXT", "ends TEXT",
			},
			Bind: func(b *readmodel.Binder, r action) {
				b.Int(int64(r.n))
				bindText(b, r.title)
				for _, p := range []terms.PartyRef{r.owner, r.unit} {
					b.Stream(string(p.ID))
					b.Text(p.As)
				}
				b.Text(r.themes)
				bindDates(b, r.start, r.end)
			},
		})
}

func statusTable() *readmodel.Table[status] {
	return readmodel.NewTable("progress_status",
		numbered("action", func(r status) (actionplan.Key, int) { return r.action, r.n }),
		readmodel.Columns[status]{
			Names: []string{"status TEXT", "note TEXT", "lang TEXT", "since TEXT", "by_revision INTEGER"},
			Bind: func(b *readmodel.Binder, r status) {
				b.Text(string(r.Status))
				bindText(b, r.Note)
				bindDates(b, r.From)
				b.Int(int64(r.By))
			},
		})
}

func milestoneTable() *readmodel.Table[milestone] {
	return readmodel.NewTable("progress_milestone",
		key(func(r milestone) actionplan.Key { return r.Key }),
		readmodel.Columns[milestone]{
			Names: []string{"n INTEGER", "action TEXT", "title TEXT", "lang TEXT", "due TEXT", "reached TEXT", "by_revision INTEGER"},
			Bind: func(b *readmodel.Binder, r milestone) {
				b.Int(int64(r.n))
				b.Text(string(r.Action))
				bindText(b, r.Title)
				bindDates(b, r.Due, r.reachedOn)
				b.Int(int64(r.by))
			},
		})
}

func indicatorTable() *readmodel.Table[indicator] {
	return readmodel.NewTable("progress_indicator",
		key(func(r indicator) actionplan.Key { return r.Key }),
		readmodel.Columns[indicator]{
			Names: []string{
				"n INTEGER", "action TEXT", "title TEXT", "lang TEXT", "unit TEXT", "baseline TEXT", "target TEXT", "direction TEXT", "target_day TEXT",
			},
			Bind: func(b *readmodel.Binder, r indicator) {
				b.Int(int64(r.n))
				b.Text(string(r.Action))
				bindText(b, r.Title)
				for _, text := range []string{r.Unit, string(r.Baseline), string(r.Target), string(r.Direction)} {
					b.Text(text)
				}
				bindDates(b, r.By)
			},
		})
}

func readingTable() *readmodel.Table[reading] {
	return readmodel.NewTable("progress_reading",
		numbered("indicator", func(r reading) (actionplan.Key, int) { return r.indicator, r.n }),
		readmodel.Columns[reading]{
			Names: []string{"day TEXT", "value TEXT", "by_revision INTEGER"},
			Bind: func(b *readmodel.Binder, r reading) {
				bindDates(b, r.On)
				b.Text(string(r.Value))
				b.Int(int64(r.By))
			},
		})
}

func lineTable() *readmodel.Table[line] {
	return readmodel.NewTable("progress_line",
		key(func(r line) actionplan.Key { return r.Key }),
		readmodel.Columns[line]{
			Names: []string{"n INTEGER", "action TEXT", "title TEXT", "lang TEXT", "amount INTEGER", "currency TEXT", "funded INTEGER"},
			Bind: func(b *readmodel.Binder, r line) {
				b.Int(int64(r.n))
				b.Text(string(r.Action))
				bindText(b, r.Title)
				b.Int(r.Amount.Minor)
				b.Text(string(r.Amount.Currency))
				b.Int(r.Funded)
			},
		})
}

func reportTable() *readmodel.Table[report] {
	return readmodel.NewTable("progress_report",
		numbered("key", func(r report) (actionplan.Key, int) { return r.key, r.n }),
		readmodel.Columns[report]{
			Names: []string{"place INTEGER", "due TEXT", "last_day TEXT", "done TEXT", "by_revision INTEGER", "dropped INTEGER"},
			Bind: func(b *readmodel.Binder, r report) {
				b.Int(int64(r.place))
				bindDates(b, r.due, r.last, r.done)
				b.Int(int64(r.by))
				b.Bool(r.dropped)
			},
		})
}

// key tells rows apart by a key of the plan.
func key[R comparable](of func(R) actionplan.Key) readmodel.Columns[R] {
	return readmodel.Columns[R]{
		Names: []string{"key TEXT"},
		Bind:  func(b *readmodel.Binder, r R) { b.Text(string(of(r))) },
	}
}

// numbered tells rows apart by a key of the plan, in a column of a name, and a
// number.
func numbered[R comparable](column string, of func(R) (actionplan.Key, int)) readmodel.Columns[R] {
	return readmodel.Columns[R]{
		Names: []string{column + " TEXT", "n INTEGER"},
		Bind: func(b *readmodel.Binder, r R) {
			key, n := of(r)
			b.Text(string(key))
			b.Int(int64(n))
		},
	}
}

func bindText(b *readmodel.Binder, t terms.Text) {
	b.Text(t.Value)
	b.Text(string(t.Lang))
}

func bindDates(b *readmodel.Binder, all ...edtf.Date) {
	for _, d := range all {
		b.Text(d.String())
	}
}
