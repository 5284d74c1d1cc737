package readmodel

import (
	"errors"
	"time"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
)

// Binder binds the parameters of a statement in their order, and keeps the
// first error.
type Binder struct {
	tx     *Tx
	stmt   *sqlite.Stmt
	broken error // the statement could not be prepared
	next   int
	err    error
}

// param returns the number of the next parameter, 0 if there was an error.
func (b *Binder) param() int {
	if b.err != nil {
		return 0
	}
	b.next++
	return b.next
}

// Int binds a number.
func (b *Binder) Int(v int64) {
	if p := b.param(); p > 0 {
		b.stmt.BindInt64(p, v)
	}
}

// Text binds a text.
func (b *Binder) Text(v string) {
	if p := b.param(); p > 0 {
		b.stmt.BindText(p, v)
	}
}

// Bytes binds a blob.
func (b *Binder) Bytes(v []byte) {
	if p := b.param(); p > 0 {
		b.stmt.BindBytes(p, v)
	}
}

// Null binds NULL.
func (b *Binder) Null() {
	if p := b.param(); p > 0 {
		b.stmt.BindNull(p)
	}
}

// Bool binds 0 or 1.
func (b *Binder) Bool(v bool) {
	if p := b.param(); p > 0 {
		b.stmt.BindBool(p, v)
	}
}

// Day binds a day, an unbounded one as [edtf.MinDay] or [edtf.MaxDay].
func (b *Binder) Day(v edtf.Day) { b.Int(int64(v)) }

// Instant binds an instant in microseconds since 1970.
func (b *Binder) Instant(v time.Time) { b.Int(Micros(v)) }

// Stream binds the number of a stream, 0 if it has no name.
func (b *Binder) Stream(name string) {
	if name == "" {
		b.Int(0)
		return
	}
	id, err := b.tx.Stream(name)
	b.err = errors.Join(b.err, err)
	b.Int(id)
}

// Word binds the number of a word.
func (b *Binder) Word(text string) {
	id, err := b.tx.Word(text)
	b.err = errors.Join(b.err, err)
	b.Int(id)
}

// Exec runs the statement and returns how many rows it changed.
func (b *Binder) Exec() (changed int, err error) {
	if b.err != nil {
		return 0, b.err
	}
	if _, err := b.stmt.Step(); err != nil {
		return 0, err // Step has reset stmt
	}
	changed = b.tx.conn.Changes()
	return changed, b.stmt.Reset()
}

// Each runs the statement and calls visit for every row. Neither visit nor
// what it calls may use the same statement.
func (b *Binder) Each(visit func(row *sqlite.Stmt)) error {
	for b.err == nil {
		row, err := b.stmt.Step()
		if err != nil {
			return err
		}
		if !row {
			return b.stmt.Reset()
		}
		visit(b.stmt)
	}
	return b.err
}
