package history

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Projection keeps the index.
type Projection struct{}

// New returns the projection.
func New() Projection { return Projection{} }

// Name implements [readmodel.Projection].
func (Projection) Name() string { return "history" }

// Version implements [readmodel.Projection].
func (Projection) Version() int { return 2 }

// DDL implements [readmodel.Projection]. The day columns bound the date from
// which the fact counts; both are NULL for what states no fact.
func (Projection) DDL() (tables, indexes string) {
	return `
CREATE TABLE history (
	sequence INTEGER PRIMARY KEY,
	position INTEGER NOT NULL,
	stream INTEGER NOT NULL,
	revision INTEGER NOT NULL,
	id BLOB NOT NULL,
	type INTEGER NOT NULL, -- a word
	recorded INTEGER NOT NULL,
	known INTEGER NOT NULL,
	cause BLOB NOT NULL,
	source INTEGER, -- the stream of the source it was read in, if one is named
	earliest INTEGER,
	latest INTEGER
) STRICT;
`, `
CREATE UNIQUE INDEX IF NOT EXISTS history_stream ON history (stream, revision);
CREATE INDEX IF NOT EXISTS history_type ON history (type);
CREATE UNIQUE INDEX IF NOT EXISTS history_id ON history (id);
CREATE INDEX IF NOT EXISTS history_source ON history (source, stream) WHERE source IS NOT NULL;
`
}

// Derive implements [readmodel.Projection].
func (Projection) Derive(any, readmodel.State) (after, change any) { return nil, nil }

const add = `INSERT INTO history (sequence, position, stream, revision, id, type, recorded, known, cause, source, earliest, latest)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

// Apply implements [readmodel.Projection].
func (Projection) Apply(tx *readmodel.Tx, e readmodel.Event, _ any) error {
	b := tx.Prepare(add)
	b.Int(int64(e.Sequence))
	b.Int(int64(e.Record.Position))
	b.Stream(e.Record.Stream)
	b.Int(int64(e.Record.Revision))
	b.Bytes(e.Record.ID[:])
	b.Word(e.Record.Type)
	b.Instant(e.Meta.RecordedAt)
	b.Instant(e.Meta.KnownAt)
	b.Bytes(e.Meta.Cause[:])
	fact, ok := factOf(e.Event)
	if fact.Source.ID == "" {
		b.Null()
	} else {
		b.Stream(string(fact.Source.ID))
	}
	if from := fact.From(); ok {
		b.Day(from.Earliest())
		b.Day(from.Latest())
	} else {
		b.Null()
		b.Null()
	}
	if _, err := b.Exec(); err != nil {
		return fmt.Errorf("add an event to the history: %w", err)
	}
	return nil
}

// factOf returns the fact that an event states, if it states one.
func factOf(event any) (terms.Fact, bool) {
	f, ok := event.(interface{ About() terms.Fact })
	if !ok {
		return terms.Fact{}, false
	}
	return f.About(), true
}
