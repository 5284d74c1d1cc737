package readmodel

import (
	"fmt"
	"slices"
	"strings"
)

// Table is a bitemporal table: what is said of a stream, row by row, each with
// known bounds, which are the places of the event that began it and of the
// event that ended it, NULL while the row holds:
//
//	rev_from, seq_from, known_from, recorded_from, rev_to, seq_to, known_to, recorded_to
//
// Effective bounds, if any, are columns of the row. Instants are microseconds
// since 1970, days are days since 1970 with [edtf.MinDay] and [edtf.MaxDay] for
// unbounded. Rows are closed and added, never changed otherwise.
//
// [edtf.MinDay]: https://pkg.go.dev/github.com/entente-ledger/entente/domain/edtf
type Table[R comparable] struct {
	name                  string
	bindKeys, bindValues  func(b *Binder, r R)
	ddl, opening, closing string
}

// Columns are columns of a table, each with its type ("rank INTEGER"), and how
// those of a row are bound, in the same order.
type Columns[R comparable] struct {
	Names []string
	Bind  func(b *Binder, r R)
}

// NewTable returns a table of a name. The keys tell the rows of a stream apart
// that hold at the same time; its primary key is the stream, the keys, and
// seq_from.
func NewTable[R comparable](name string, keys, values Columns[R]) *Table[R] {
	columns := slices.Concat([]string{"stream INTEGER"}, keys.Names, values.Names,
		[]string{"rev_from INTEGER", "seq_from INTEGER", "known_from INTEGER", "recorded_from INTEGER"})
	key := strings.Join(slices.Concat([]string{"stream"}, names(keys.Names), []string{"seq_from"}), ", ")
	var where strings.Builder
	for _, k := range names(keys.Names) {
		where.WriteString(" AND " + k + " = ?")
	}
	return &Table[R]{
		name: name, bindKeys: keys.Bind, bindValues: values.Bind,
		ddl: fmt.Sprintf("CREATE TABLE %s (%s, rev_to INTEGER, seq_to INTEGER, known_to INTEGER, recorded_to INTEGER, "+
			"PRIMARY KEY (%s)) STRICT, WITHOUT ROWID;\n", name, strings.Join(columns, " NOT NULL, ")+" NOT NULL", key),
		opening: fmt.Sprintf("INSERT INTO %s (%s) VALUES (?%s)", name,
			strings.Join(names(columns), ", "), strings.Repeat(", ?", len(columns)-1)),
		closing: "UPDATE " + name + " SET rev_to = ?, seq_to = ?, known_to = ?, recorded_to = ? WHERE stream = ?" + where.String() + " AND seq_to IS NULL",
	}
}

// DDL returns the statement that makes the table.
func (t *Table[R]) DDL() string { return t.ddl }

func names(columns []string) []string {
	all := make([]string, len(columns))
	for i, c := range columns {
		all[i], _, _ = strings.Cut(c, " ")
	}
	return all
}

// Change is the rows of one stream that an event ended and began.
type Change[R comparable] struct{ Closed, Opened []R }

// Diff returns the change from the rows before to those after, in which the
// order has no meaning and each row occurs once.
func Diff[R comparable](before, after []R) Change[R] {
	same := 0
	for same < min(len(before), len(after)) && before[same] == after[same] {
		same++
	}
	before, after = before[same:], after[same:]
	for n := len(before); n > 0 && len(after) > 0 && before[n-1] == after[len(after)-1]; n = len(before) {
		before, after = before[:n-1], after[:len(after)-1]
	}
	return Change[R]{without(before, after), without(after, before)}
}

// without returns those rows of all that are not among others.
func without[R comparable](all, others []R) []R {
	if len(all) == 0 || len(others) == 0 {
		return all
	}
	known := make(map[R]struct{}, len(others))
	for _, r := range others {
		known[r] = struct{}{}
	}
	var rest []R
	for _, r := range all {
		if _, ok := known[r]; !ok {
			rest = append(rest, r)
		}
	}
	return rest
}

// Apply writes a change of a stream, as of the event that is being applied.
func (t *Table[R]) Apply(tx *Tx, stream string, c Change[R]) error {
	if len(c.Closed) == 0 && len(c.Opened) == 0 {
		return nil
	}
	id, err := tx.Stream(stream)
	if err != nil {
		return err
	}
	for _, r := range c.Closed {
		b := tx.Prepare(t.closing)
		b.place(tx.at)
		b.Int(id)
		t.bindKeys(b, r)
		if n, err := b.Exec(); err != nil || n != 1 {
			return fmt.Errorf("end a row of %s, found %d: %w", t.name, n, err)
		}
	}
	for _, r := range c.Opened {
		b := tx.Prepare(t.opening)
		b.Int(id)
		t.bindKeys(b, r)
		t.bindValues(b, r)
		b.place(tx.at)
		if _, err := b.Exec(); err != nil {
			return fmt.Errorf("add a row to %s: %w", t.name, err)
		}
	}
	return nil
}

func (b *Binder) place(m Moment) {
	b.Int(int64(m.Revision))
	b.Int(int64(m.Sequence))
	b.Instant(m.Known)
	b.Instant(m.Recorded)
}
