package embedded

import (
	"fmt"
	"math"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
)

// Limits of one chunk. A read transaction is open for one chunk and no longer,
// so that a slow consumer holds neither a connection nor the WAL.
const (
	firstChunk    = 32      // records
	laterChunks   = 512     // records
	maxChunkBytes = 1 << 20 // a chunk ends with the record that reaches this
)

// sqlRecord are the columns that [reader.record] reads.
const sqlRecord = "SELECT position, stream, revision, type, id, data, meta FROM events "

// reader is a connection for reading with its statements. It is for one
// goroutine at a time.
type reader struct {
	conn                         *sqlite.Conn
	all, stream, head, name, typ *sqlite.Stmt
	allBack, streamBack          *sqlite.Stmt

	names *table[string]    // by streams.id, shared by all readers
	types *table[eventType] // by types.id, shared by all readers
}

type eventType struct {
	name   string
	schema int
}

func openReader(path string, names *table[string], types *table[eventType]) (_ *reader, err error) {
	conn, err := openConn(path, sqlite.OpenReadOnly, readCacheKiB)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = conn.Close() // err says more
		}
	}()
	r := &reader{conn: conn, names: names, types: types}
	if err := checkFormat(conn); err != nil {
		return nil, err
	}
	err = prepare(conn, []query{
		{&r.all, sqlRecord + "WHERE position > ? ORDER BY position"},
		{&r.stream, sqlRecord + "WHERE stream = (SELECT id FROM streams WHERE name = ?) AND revision > ? ORDER BY revision"},
		{&r.allBack, sqlRecord + "WHERE position < ? ORDER BY position DESC"},
		{&r.streamBack, sqlRecord + "WHERE stream = (SELECT id FROM streams WHERE name = ?) AND revision < ? ORDER BY revision DESC"},
		{&r.head, "SELECT max(position) FROM events"},
		{&r.name, "SELECT id, name FROM streams WHERE id >= ? AND id < ?"},
		{&r.typ, "SELECT id, name, schema FROM types WHERE id >= ? AND id < ?"},
	})
	return r, err
}

// chunk is a run of consecutive records.
type chunk struct {
	stream string // of all records, "" if they may differ
	recs   []es.Record
	full   bool // there may be more
	room   room
}

// read fills c with at most limit rows of stmt, up to the position end.
func (r *reader) read(stmt *sqlite.Stmt, c *chunk, limit int, end es.Position) error {
	c.recs, c.full = c.recs[:0], false
	for size := 0; size < maxChunkBytes && len(c.recs) < limit; {
		row, err := stmt.Step()
		if err != nil {
			return err // Step has reset stmt
		}
		if !row {
			return stmt.Reset()
		}
		c.recs = append(c.recs, es.Record{})
		rec := &c.recs[len(c.recs)-1]
		if err := r.record(stmt, rec, c); err != nil {
			_ = stmt.Reset() // err says more
			return c.cut(len(c.recs)-1, err)
		}
		if rec.Position > end {
			c.recs = c.recs[:len(c.recs)-1]
			return stmt.Reset()
		}
		size += len(rec.Data) + len(rec.Meta)
	}
	c.full = true
	return stmt.Reset()
}

// cut keeps the first n records of c, and leaves what is wrong with the next
// one for the chunk that begins with it, so that all before it is seen.
func (c *chunk) cut(n int, err error) error {
	if n == 0 {
		return err
	}
	c.recs, c.full = c.recs[:n], true
	return nil
}

// logChunk reads at most limit records after a position, up to the position end.
func (r *reader) logChunk(c *chunk, after es.Position, limit int, end es.Position) error {
	r.all.BindInt64(1, int64(after))
	if err := r.read(r.all, c, limit, end); err != nil {
		return err
	}
	for i := range c.recs {
		if want := after + es.Position(i) + 1; c.recs[i].Position != want {
			return c.cut(i, corrupt(fmt.Sprintf("the log has a gap after position %d", want-1), nil))
		}
	}
	if len(c.recs) == 0 && after < end {
		return corrupt(fmt.Sprintf("the log has a gap after position %d", after), nil)
	}
	return nil
}

// logChunkBack reads at most limit records before a position, the last one first.
func (r *reader) logChunkBack(c *chunk, before es.Position, limit int) error {
	r.allBack.BindInt64(1, int64(min(before, math.MaxInt64)))
	if err := r.read(r.allBack, c, limit, math.MaxInt64); err != nil {
		return err
	}
	if n := len(c.recs); n > 0 && c.recs[0].Position != c.recs[n-1].Position+es.Position(n-1) {
		return corrupt(fmt.Sprintf("the log has a gap before position %d", c.recs[0].Position), nil)
	}
	return nil
}

// streamChunkBack reads at most limit records of c.stream before a revision,
// the last one first.
func (r *reader) streamChunkBack(c *chunk, before es.Revision, limit int) error {
	r.streamBack.BindText(1, c.stream)
	r.streamBack.BindInt64(2, int64(min(before, math.MaxInt64)))
	if err := r.read(r.streamBack, c, limit, math.MaxInt64); err != nil {
		return err
	}
	if n := len(c.recs); n > 0 && c.recs[0].Revision != c.recs[n-1].Revision+es.Revision(n-1) {
		return corrupt(fmt.Sprintf("%s has a gap before revision %d", c.stream, c.recs[0].Revision), nil)
	}
	return nil
}

// streamChunk reads at most limit records of c.stream after a revision, up to
// the position end.
func (r *reader) streamChunk(c *chunk, after es.Revision, limit int, end es.Position) error {
	r.stream.BindText(1, c.stream)
	r.stream.BindInt64(2, int64(min(after, 1<<62)))
	if err := r.read(r.stream, c, limit, end); err != nil {
		return err
	}
	for i := range c.recs {
		if want := after + es.Revision(i) + 1; c.recs[i].Revision != want {
			return c.cut(i, corrupt(fmt.Sprintf("%s has a gap after revision %d", c.stream, want-1), nil))
		}
	}
	return nil
}

// record reads the row of stmt.
func (r *reader) record(stmt *sqlite.Stmt, rec *es.Record, c *chunk) (err error) {
	if rec.Stream = c.stream; rec.Stream == "" {
		id := stmt.ColumnInt64(1)
		if rec.Stream = r.names.get(id); rec.Stream == "" {
			if rec.Stream, err = r.streamName(id); err != nil {
				return err
			}
		}
	}
	typ := stmt.ColumnInt64(3)
	t := r.types.get(typ)
	if t.name == "" {
		if t, err = r.eventType(typ); err != nil {
			return err
		}
	}
	rec.Type, rec.Schema = t.name, t.schema
	rec.Position = es.Position(stmt.ColumnInt64(0))
	rec.Revision = es.Revision(stmt.ColumnInt64(2))
	if n := stmt.ColumnBytes(4, rec.ID[:]); n != len(uuid.UUID{}) {
		return corrupt(fmt.Sprintf("the id at position %d has %d bytes", rec.Position, n), nil)
	}
	rec.Data = c.room.column(stmt, 5)
	rec.Meta = c.room.column(stmt, 6)
	return nil
}

// streamName looks up the name of a stream, and on the way those of its block.
func (r *reader) streamName(id int64) (string, error) {
	b := block[string]{first: id - id%blockRows}
	err := fill(r.name, &b, func() string { return r.name.ColumnText(1) })
	if err != nil {
		return "", err
	}
	r.names.put(&b)
	if name := b.values[id%blockRows]; name != "" {
		return name, nil
	}
	return "", corrupt(fmt.Sprintf("stream %d has no name", id), nil)
}

// eventType looks up a type, and on the way those of its block.
func (r *reader) eventType(id int64) (eventType, error) {
	b := block[eventType]{first: id - id%blockRows}
	err := fill(r.typ, &b, func() eventType { return eventType{r.typ.ColumnText(1), r.typ.ColumnInt(2)} })
	if err != nil {
		return eventType{}, err
	}
	r.types.put(&b)
	if t := b.values[id%blockRows]; t.name != "" {
		return t, nil
	}
	return eventType{}, corrupt(fmt.Sprintf("type %d has no name", id), nil)
}

// fill reads the rows of b with stmt, whose first column is their id.
func fill[V comparable](stmt *sqlite.Stmt, b *block[V], value func() V) error {
	stmt.BindInt64(1, b.first)
	stmt.BindInt64(2, b.first+blockRows)
	for {
		row, err := stmt.Step()
		if err != nil {
			return err
		}
		if !row {
			return stmt.Reset()
		}
		b.values[stmt.ColumnInt64(0)%blockRows] = value()
	}
}

// last returns the position of the last record.
func (r *reader) last() (es.Position, error) {
	p, err := one(r.head)
	return es.Position(p), err
}

// room is where payloads are copied to: blocks that are handed out once and
// never used again, so that what is cut from them belongs to the receiver. A
// receiver that keeps a record keeps its block, of at most maxBlock bytes if
// the record is smaller.
type room struct {
	free []byte
	next int // size of the next block
}

const (
	minBlock = 4 << 10
	maxBlock = 32 << 10
)

// column returns a copy of a column.
func (r *room) column(stmt *sqlite.Stmt, col int) []byte {
	n := stmt.ColumnBytes(col, r.free)
	if n == len(r.free) { // it may not have fitted
		n = stmt.ColumnLen(col)
		r.reserve(n)
		n = stmt.ColumnBytes(col, r.free)
	}
	out := r.free[:n:n]
	r.free = r.free[n:]
	return out
}

func (r *room) reserve(n int) {
	if n <= len(r.free) {
		return
	}
	r.next = min(max(2*r.next, minBlock), maxBlock)
	r.free = make([]byte, max(r.next, n))
}
