package offices

import (
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/person"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Projection keeps the functions that are held at parties.
type Projection struct{ functions *readmodel.Table[function] }

// New returns the projection.
func New() Projection { return Projection{functionTable()} }

// Name implements [readmodel.Projection].
func (Projection) Name() string { return "offices" }

// Version implements [readmodel.Projection].
func (Projection) Version() int { return 1 }

// DDL implements [readmodel.Projection].
func (p Projection) DDL() (tables, indexes string) {
	return p.functions.DDL(), "CREATE INDEX IF NOT EXISTS offices_function_party ON offices_function (party);\n"
}

// function is a row.
type function struct {
	n           int // among those of the person, from 0
	at          string
	title, lang string
	from, until string // EDTF
	by          es.Revision
}

// Derive implements [readmodel.Projection].
func (Projection) Derive(before any, s readmodel.State) (after, change any) {
	state, ok := s.Of.(*person.State)
	if !ok {
		return nil, nil
	}
	var now []function
	for i, f := range state.Functions() {
		if f.At != "" {
			now = append(now, function{i, string(f.At), f.Title.Value, string(f.Title.Lang), f.From.String(), f.Until.String(), f.Revision})
		}
	}
	old, _ := before.([]function)
	return now, readmodel.Diff(old, now)
}

// Apply implements [readmodel.Projection].
func (p Projection) Apply(tx *readmodel.Tx, e readmodel.Event, change any) error {
	c, ok := change.(readmodel.Change[function])
	if !ok {
		return nil
	}
	return p.functions.Apply(tx, e.Record.Stream, c)
}

func functionTable() *readmodel.Table[function] {
	return readmodel.NewTable("offices_function",
		readmodel.Columns[function]{Names: []string{"n INTEGER"}, Bind: func(b *readmodel.Binder, r function) { b.Int(int64(r.n)) }},
		readmodel.Columns[function]{
			Names: []string{"party INTEGER", "title TEXT", "lang TEXT", "since TEXT", "until TEXT", "by_revision INTEGER"},
			Bind: func(b *readmodel.Binder, r function) {
				b.Stream(r.at)
				for _, text := range []string{r.title, r.lang, r.from, r.until} {
					b.Text(text)
				}
				b.Int(int64(r.by))
			},
		})
}
