package search

import (
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/namekey"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// kept is all rows of one stream.
type kept struct {
	heads  []head // one
	texts  []text
	themes []terms.Theme
}

type (
	head struct {
		kind, title, lang string
		sort, visibility  string
		date              string // EDTF
		lo, hi            edtf.Day
	}
	text struct {
		n                   int // among those of the stream
		lang, value, folded string
	}
	// keyed is a text of which the folded form has a number.
	keyed struct {
		text
		key int64
	}
)

// rowsOf returns the rows of a document. What was folded for the rows before is
// not folded again.
func rowsOf(d document, kind string, visibility terms.Visibility, before kept) kept {
	sort := ""
	if len(before.heads) > 0 && before.heads[0].title == d.title.Value {
		sort = before.heads[0].sort
	} else {
		sort = namekey.Of(d.title.Value)
	}
	k := kept{themes: distinct(d.themes), heads: []head{{
		kind: kind, title: d.title.Value, lang: string(d.title.Lang), sort: sort,
		visibility: string(visibility), date: d.date.String(), lo: d.date.Earliest(), hi: d.date.Latest(),
	}}}
	for _, t := range distinct(d.texts) {
		if folded := before.fold(t.Value); folded != "" {
			k.texts = append(k.texts, text{len(k.texts), string(t.Lang), t.Value, folded})
		}
	}
	return k
}

// fold is [Fold], of what the rows have already read off them.
func (k kept) fold(value string) string {
	for _, t := range k.texts {
		if t.value == value {
			return t.folded
		}
	}
	return Fold(value)
}

func distinct[T comparable](all []T) []T {
	var once []T
	seen := make(map[T]struct{}, len(all))
	for _, one := range all {
		if _, ok := seen[one]; !ok {
			once = append(once, one)
		}
		seen[one] = struct{}{}
	}
	return once
}

// withKeys returns a change with the numbers of the folded texts that it opens.
func withKeys(tx *readmodel.Tx, c readmodel.Change[text]) (readmodel.Change[keyed], error) {
	var numbered readmodel.Change[keyed]
	for _, t := range c.Closed {
		numbered.Closed = append(numbered.Closed, keyed{text: t})
	}
	for _, t := range c.Opened {
		key, err := keyOf(tx, t.folded)
		if err != nil {
			return numbered, err
		}
		numbered.Opened = append(numbered.Opened, keyed{t, key})
	}
	return numbered, nil
}

// keyOf returns the number of a folded text, a new one if it has none.
func keyOf(tx *readmodel.Tx, folded string) (key int64, err error) {
	read := func(row *sqlite.Stmt) { key = row.ColumnInt64(0) }
	find := tx.Prepare("SELECT id FROM search_key WHERE folded = ?")
	find.Text(folded)
	if err := find.Each(read); err != nil || key > 0 {
		return key, err
	}
	add := tx.Prepare("INSERT INTO search_key (folded, pairs) VALUES (?, ?) RETURNING id")
	add.Text(folded)
	add.Text(pairs(folded))
	return key, add.Each(read)
}

func headTable() *readmodel.Table[head] {
	return readmodel.NewTable("search_head",
		readmodel.Columns[head]{Bind: func(*readmodel.Binder, head) {}},
		readmodel.Columns[head]{
			Names: []string{
				"kind TEXT", "title TEXT", "lang TEXT", "sort TEXT", "visibility TEXT",
				"date TEXT", "earliest INTEGER", "latest INTEGER",
			},
			Bind: func(b *readmodel.Binder, r head) {
				for _, text := range []string{r.kind, r.title, r.lang, r.sort, r.visibility, r.date} {
					b.Text(text)
				}
				b.Day(r.lo)
				b.Day(r.hi)
			},
		})
}

func textTable() *readmodel.Table[keyed] {
	return readmodel.NewTable("search_text",
		readmodel.Columns[keyed]{Names: []string{"n INTEGER"}, Bind: func(b *readmodel.Binder, r keyed) { b.Int(int64(r.n)) }},
		readmodel.Columns[keyed]{Names: []string{"lang TEXT", "value TEXT", "key INTEGER"}, Bind: func(b *readmodel.Binder, r keyed) {
			b.Text(r.lang)
			b.Text(r.value)
			b.Int(r.key)
		}})
}

func themeTable() *readmodel.Table[terms.Theme] {
	return readmodel.NewTable("search_theme",
		readmodel.Columns[terms.Theme]{Names: []string{"theme TEXT"}, Bind: func(b *readmodel.Binder, theme terms.Theme) { b.Text(string(theme)) }},
		readmodel.Columns[terms.Theme]{Bind: func(*readmodel.Binder, terms.Theme) {}})
}
