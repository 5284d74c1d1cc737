package readmodel

import (
	"fmt"
	"slices"
	"time"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
)

// Tables are those that the runner itself keeps for all projections: the names
// of streams and other words as numbers, which are given in the order of the
// log. With a stream is its present visibility, by its index in sights;
// restricted until it has an event.
const Tables = `
CREATE TABLE stream (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, visibility INTEGER NOT NULL DEFAULT 2) STRICT;
CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
`

// Tx is the transaction of a batch, at one event. It is used by one goroutine.
type Tx struct {
	conn    *sqlite.Conn
	streams numbers
	words   numbers
	at      Moment

	statements map[string]*Binder
}

// NewTx returns a Tx that writes through conn.
func NewTx(conn *sqlite.Conn) *Tx {
	return &Tx{
		conn: conn, statements: map[string]*Binder{},
		streams: numbers{find: "SELECT id FROM stream WHERE name = ?", add: "INSERT INTO stream (name) VALUES (?)"},
		words:   numbers{find: "SELECT id FROM word WHERE text = ?", add: "INSERT INTO word (text) VALUES (?)"},
	}
}

// Turn says that what is written from now on is due to e.
func (tx *Tx) Turn(e Event) { tx.at = MomentOf(e) }

// Moment returns the place of the event that is being applied.
func (tx *Tx) Moment() Moment { return tx.at }

// Stream returns the number of a stream, a new one if it has none.
func (tx *Tx) Stream(name string) (int64, error) { return tx.streams.of(tx.conn, name) }

// Classify keeps the visibility that a stream has from now on.
func (tx *Tx) Classify(stream string, v es.Visibility) error {
	id, err := tx.Stream(stream)
	if err != nil {
		return err
	}
	b := tx.Prepare("UPDATE stream SET visibility = ? WHERE id = ?")
	b.Int(int64(slices.Index(sights, v)))
	b.Int(id)
	_, err = b.Exec()
	return err
}

// Word returns the number of a word of a small vocabulary, a new one if it has
// none.
func (tx *Tx) Word(text string) (int64, error) { return tx.words.of(tx.conn, text) }

// Prepare returns the statement of a query, ready to be bound from its first
// parameter on. All parameters are to be bound each time. It is prepared once.
func (tx *Tx) Prepare(query string) *Binder {
	b, ok := tx.statements[query]
	if !ok {
		b = &Binder{tx: tx}
		b.stmt, b.broken = tx.conn.Prepare(query)
		tx.statements[query] = b
	}
	b.next, b.err = 0, b.broken
	return b
}

// Moment is the place of an event: its revision in its stream, its sequence in
// the ledger, and when it was known and recorded.
type Moment struct {
	Revision es.Revision
	Sequence uint64
	Known    time.Time
	Recorded time.Time
}

// MomentOf returns the place of e.
func MomentOf(e Event) Moment {
	return Moment{e.Record.Revision, e.Sequence, e.Meta.KnownAt, e.Meta.RecordedAt}
}

// numbers gives numbers to names, and remembers a bounded number of them.
type numbers struct {
	find, add string
	known     map[string]int64
}

const maxNumbers = 1 << 16

func (n *numbers) of(conn *sqlite.Conn, name string) (int64, error) {
	if id, ok := n.known[name]; ok {
		return id, nil
	}
	if n.known == nil || len(n.known) >= maxNumbers {
		n.known = map[string]int64{}
	}
	stmt, err := conn.Prepare(n.find)
	if err != nil {
		return 0, err
	}
	stmt.BindText(1, name)
	found, err := stmt.Step()
	if err != nil {
		return 0, err
	}
	if found {
		n.known[name] = stmt.ColumnInt64(0)
		return n.known[name], stmt.Reset()
	}
	if stmt, err = conn.Prepare(n.add); err != nil {
		return 0, err
	}
	stmt.BindText(1, name)
	if _, err := stmt.Step(); err != nil {
		return 0, fmt.Errorf("number %.80q: %w", name, err)
	}
	n.known[name] = conn.LastInsertRowID()
	return n.known[name], stmt.Reset()
}

// Micros returns an instant as it is stored: microseconds since 1970.
func Micros(t time.Time) int64 { return t.UnixMicro() }

// Instant returns the instant of a stored number.
func Instant(micros int64) time.Time { return time.UnixMicro(micros).UTC() }
