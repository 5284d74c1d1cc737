package register

import (
	"github.com/entente-ledger/entente/projections/readmodel"
)

func agreementTable() *readmodel.Table[agreement] {
	return readmodel.NewTable("register_agreement",
		readmodel.Columns[agreement]{Bind: func(*readmodel.Binder, agreement) {}},
		readmodel.Columns[agreement]{
			Names: []string{
				"live INTEGER", "kind TEXT", "title TEXT", "lang TEXT", "sort TEXT", "titles TEXT", "themes TEXT", "texts TEXT",
				"links TEXT", "reference TEXT", "visibility TEXT", "open INTEGER", "unnamed INTEGER",
				"entry_met INTEGER", "entry TEXT", "entry_earliest INTEGER", "entry_latest INTEGER", "entry_by INTEGER",
				"end_cause TEXT", "end_on TEXT", "end_earliest INTEGER", "end_latest INTEGER", "end_by INTEGER",
			},
			Bind: func(b *readmodel.Binder, r agreement) {
				b.Bool(r.exists)
				for _, text := range []string{r.kind, r.title, r.lang, r.sort, r.titles, r.themes, r.texts, r.links, r.reference, r.visibility} {
					b.Text(text)
				}
				b.Bool(r.open)
				b.Int(int64(r.unnamed))
				b.Int(int64(r.met))
				b.Text(r.entry)
				b.Day(r.entryLo)
				b.Day(r.entryHi)
				b.Int(int64(r.entryBy))
				b.Text(r.cause)
				b.Text(r.end)
				b.Day(r.endLo)
				b.Day(r.endHi)
				b.Int(int64(r.endBy))
			},
		})
}

func themeTable() *readmodel.Table[string] {
	return readmodel.NewTable("register_theme",
		readmodel.Columns[string]{Names: []string{"theme TEXT"}, Bind: func(b *readmodel.Binder, theme string) { b.Text(theme) }},
		readmodel.Columns[string]{Bind: func(*readmodel.Binder, string) {}})
}

func (s span) bindKeys(b *readmodel.Binder) {
	b.Int(int64(s.rank))
	b.Day(s.lo)
	b.Int(int64(s.n))
}

func (s span) bindValues(b *readmodel.Binder) {
	b.Day(s.hi)
	b.Text(s.from)
	b.Bool(s.doubt)
	b.Int(int64(s.by))
}

func phaseTable() *readmodel.Table[phase] {
	return readmodel.NewTable("register_phase",
		readmodel.Columns[phase]{
			Names: []string{"rank INTEGER", "earliest INTEGER", "n INTEGER"},
			Bind:  func(b *readmodel.Binder, r phase) { r.bindKeys(b) },
		},
		readmodel.Columns[phase]{
			Names: []string{"latest INTEGER", "since TEXT", "doubt INTEGER", "by_revision INTEGER", "phase TEXT"},
			Bind: func(b *readmodel.Binder, r phase) {
				r.bindValues(b)
				b.Text(r.phase)
			},
		})
}

func partTable() *readmodel.Table[part] {
	return readmodel.NewTable("register_part",
		readmodel.Columns[part]{
			Names: []string{"party INTEGER", "round INTEGER", "rank INTEGER", "earliest INTEGER", "n INTEGER"},
			Bind: func(b *readmodel.Binder, r part) {
				b.Stream(r.party)
				b.Int(int64(r.round))
				r.bindKeys(b)
			},
		},
		readmodel.Columns[part]{
			Names: []string{"latest INTEGER", "since TEXT", "doubt INTEGER", "by_revision INTEGER", "part TEXT", "place INTEGER"},
			Bind: func(b *readmodel.Binder, r part) {
				r.bindValues(b)
				b.Text(r.part)
				b.Int(int64(r.place))
			},
		})
}
