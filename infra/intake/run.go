package intake

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/infra/tabular"
)

// Directory is what is asked of the ledger's views while parties are matched.
type Directory interface {
	// Identified returns the parties with an identifier.
	Identified(ctx context.Context, scheme, value string) ([]Known, error)
	// Named returns the parties with a name, but for case, accents and spacing,
	// that are in a country or of which none is known; "" is any country.
	Named(ctx context.Context, key, country string) ([]Known, error)
	// Get returns the party with an id; Exists is false if there is none.
	Get(ctx context.Context, id string) (Known, error)
}

// Known is a party of the ledger.
type Known struct {
	Stream, Title string
	Kind          party.Kind // network, of a network
	Identifiers   []party.Identifier
	// Instead is the record to go by, if this one was linked to another.
	Instead string
}

// Config says what is imported, and how. All but Known and Progress are
// required.
type Config struct {
	Ledger    *ledger.Ledger
	Directory Directory
	// Cited calls visit with each stream that has an event read in a source.
	Cited func(ctx context.Context, source string, visit func(stream string) error) error
	// Keep keeps the file by its content.
	Keep  func(ctx context.Context, path string) error
	Actor string
	Now   func() time.Time

	Mapping *Mapping
	Path    string
	// AsOf is the date of the snapshot; unknown: that of a constant knownAt,
	// else today.
	AsOf edtf.Date
	// Known is from when the registrar vouches for what rows say that do not
	// say it themselves; zero: as the mapping has it.
	Known time.Time
	// Progress is told how much is done in a step, and of how much; -1 if that
	// is not known yet.
	Progress func(step string, done, total int)
}

// Result is what an import led to.
type Result struct {
	ID       uuid.UUID // of the import, and the correlation of what it records
	Register string    // the source
	Hash     string    // of the file
	// First is whether the ledger had no earlier snapshot of the register.
	First bool
	// The rows, by what became of them; a row that led to something new of
	// which a person should look counts as flagged, by [Result.Flag].
	Rows, Recorded, Unchanged, Flagged, Refused int
	Events                                      int // that were recorded
	// Removed and Restored are entries that the register does not have any
	// more, and has again.
	Removed, Restored int

	status []status
	work   *work
}

// status is what became of a row.
type status uint8

const (
	unchanged status = iota
	recorded
	flagged
	refused
)

// Run imports a file. It fails with [es.ErrInvalid] if the mapping does not fit
// the file, with [es.ErrConflict] if the snapshot is older than the last one of
// the register, and otherwise only if the store does: what is wrong with rows
// is in the result, which is to be closed. After an error, or a crash, the same
// import again goes on where it ended.
func Run(ctx context.Context, c Config) (*Result, error) {
	o := c.Mapping.options()
	file, err := tabular.Open(c.Path, o)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	r := &run{Config: c, file: file, result: &Result{Hash: file.Hash}, total: -1}
	if r.work, err = newWork(); err != nil {
		return nil, err
	}
	r.result.work = r.work
	if err := r.all(ctx); err != nil {
		_ = r.work.close()
		return nil, fmt.Errorf("import %s: %w", filepath.Base(c.Path), err)
	}
	return r.result, nil
}

// Close removes what the import kept aside.
func (r *Result) Close() error { return r.work.close() }

// run is an import under way.
type run struct {
	Config
	file    *tabular.File
	work    *work
	planner *planner
	ids     ids
	asOf    edtf.Date
	known   time.Time // of rows that do not say it
	first   bool
	result  *Result

	total int // rows of the file, -1 while they are not known

	mu       sync.Mutex // for the result and what follows, while claims are recorded
	step     string
	done, of int // claims of the step
}

func (r *run) all(ctx context.Context) error {
	bound, err := r.bind()
	if err != nil {
		return err
	}
	if r.planner, err = newPlanner(r.Mapping, r.networks(ctx)); err != nil {
		return err
	}
	if err := r.begin(ctx); err != nil {
		return err
	}
	r.planner.ids, r.planner.asOf = r.ids, r.asOf
	for _, step := range []func() error{
		func() error { return r.readMentions(ctx, bound) },
		func() error { return r.match(ctx) },
		func() error { return r.recordParties(ctx) },
		func() error { return r.readClaims(ctx, bound) },
		func() error { return r.arrange(ctx) },
		func() error { return r.record(ctx) },
		func() error { return r.entries(ctx) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	r.tally()
	return nil
}

// boundSheet is a sheet with the tables that are read from it.
type boundSheet struct {
	tabular.Sheet
	at     map[string]int
	tables []*Table
}

// bind finds the columns of the mapping in the file.
func (r *run) bind() ([]boundSheet, error) {
	var all []boundSheet
	for _, sheet := range r.file.Sheets() {
		b := boundSheet{Sheet: sheet, at: map[string]int{}}
		for i, heading := range sheet.Headings() {
			b.at[heading] = i
		}
		for i := range r.Mapping.Tables {
			t := &r.Mapping.Tables[i]
			if t.Sheet != "" && t.Sheet != sheet.Name() {
				continue
			}
			if err := t.fits(b.at, sheet.Headings()); err != nil {
				return nil, err
			}
			b.tables = append(b.tables, t)
		}
		all = append(all, b)
	}
	for _, column := range r.Mapping.Known.columns() {
		for _, b := range all {
			if _, ok := b.at[column]; !ok {
				return nil, noColumn(column, b.Headings())
			}
		}
	}
	return all, nil
}

// rows calls visit with each row that has a table, by its number in the file
// from 0.
func (r *run) rows(ctx context.Context, step string, bound []boundSheet, visit func(n int, place place, t *Table, l line, err error) error) error {
	n := 0
	for _, b := range bound {
		for row, err := range b.Rows(ctx) {
			if err != nil {
				return err
			}
			for _, t := range b.tables {
				if err := visit(n, place{row.Sheet, row.Number}, t, line{b.at, row.Cells}, row.Err); err != nil {
					return err
				}
			}
			if n++; n%500 == 0 {
				r.progress(step, n, r.total)
			}
		}
	}
	r.total = n
	return nil
}

func (r *run) progress(step string, done, total int) {
	if r.Progress != nil {
		r.Progress(step, done, total)
	}
}

// place is where a row stands in the file.
type place struct {
	sheet  string
	number int
}

// locator is the place of a row as the source of an event.
func (p place) locator(hash string) string {
	if p.sheet == "" {
		return fmt.Sprintf("%s#%d", hash, p.number)
	}
	return fmt.Sprintf("%s#%s!%d", hash, p.sheet, p.number)
}

// workers is how many streams are recorded at a time: they wait for the disk
// together.
const workers = 64

// group returns what runs the workers.
func group(ctx context.Context) (*errgroup.Group, context.Context) {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(workers)
	return g, ctx
}

// asError returns err as an error with a code.
func asError(err error) *es.Error {
	var e *es.Error
	if !errors.As(err, &e) {
		if p, ok := errors.AsType[*problem](err); ok {
			return es.Invalid(p.code, p.message, p.want)
		}
		return &es.Error{Code: "internal", Message: err.Error()}
	}
	return e
}
