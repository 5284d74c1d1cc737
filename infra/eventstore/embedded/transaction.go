package embedded

import (
	"errors"
	"fmt"
	"strings"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
)

// insertSizes are the rows of the prepared inserts, from most to fewest.
var insertSizes = [...]int{64, 16, 4, 1}

const insertColumns = 7

// transaction inserts groups of appends, each group in one SQLite transaction.
// It knows where every stream ends without asking, as nobody else writes. It
// is for one goroutine.
type transaction struct {
	conn                                       *sqlite.Conn
	begin, end, undo                           *sqlite.Stmt
	findStream, findEnd, findType, ids, lately *sqlite.Stmt
	addStream, addType                         *sqlite.Stmt
	inserts                                    [len(insertSizes)]*sqlite.Stmt

	heads *recent[string, streamHead]
	types *recent[eventType, int64]

	last                 es.Position // of the last group that was committed
	lastStream, lastType int64       // row ids, likewise
	written              int         // bytes of payload of the last group

	// What the group adds, forgotten if it fails.
	pending    []pendingRow
	next       es.Position
	nextStream int64
	nextType   int64
	staged     map[string]streamHead
	newTypes   map[eventType]int64
}

type streamHead struct {
	id       int64 // 0: the stream does not exist
	revision es.Revision
	sealed   bool
}

type pendingRow struct {
	stream   int64
	revision es.Revision
	typ      int64
	*row
}

func openTransaction(path string, last es.Position) (_ *transaction, err error) {
	conn, err := openConn(path, sqlite.OpenReadWrite, writeCacheKiB)
	if err != nil {
		return nil, err
	}
	t := &transaction{
		conn: conn, last: last,
		heads: newRecent[string, streamHead](cachedHeads), types: newRecent[eventType, int64](cachedTypes),
		staged: map[string]streamHead{}, newTypes: map[eventType]int64{},
	}
	if err := t.prepare(); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return t, nil
}

func (t *transaction) prepare() (err error) {
	queries := []query{
		{&t.begin, "BEGIN IMMEDIATE"},
		{&t.end, "COMMIT"},
		{&t.undo, "ROLLBACK"},
		{&t.findStream, "SELECT id FROM streams WHERE name = ?"},
		{&t.findEnd, "SELECT e.revision, t.schema = 0 AND t.name = '" + sealType + "' FROM events AS e JOIN types AS t ON t.id = e.type" +
			" WHERE e.stream = ? ORDER BY e.revision DESC LIMIT 1"},
		{&t.findType, "SELECT id FROM types WHERE name = ? AND schema = ?"},
		{&t.ids, "SELECT position, id FROM events WHERE stream = ? AND revision > ? ORDER BY revision LIMIT ?"},
		{&t.lately, "SELECT position, revision, id FROM events WHERE stream = ? ORDER BY revision DESC LIMIT ?"},
		{&t.addStream, "INSERT INTO streams (id, name) VALUES (?, ?)"},
		{&t.addType, "INSERT INTO types (id, name, schema) VALUES (?, ?, ?)"},
	}
	values := "(?" + strings.Repeat(", ?", insertColumns-1) + ")"
	for i, n := range insertSizes {
		queries = append(queries, query{
			&t.inserts[i],
			"INSERT INTO events (position, stream, revision, type, id, data, meta) VALUES " +
				values + strings.Repeat(", "+values, n-1),
		})
	}
	if err := prepare(t.conn, queries); err != nil {
		return err
	}
	if t.lastStream, err = number(t.conn, "SELECT max(id) FROM streams"); err != nil {
		return err
	}
	t.lastType, err = number(t.conn, "SELECT max(id) FROM types")
	return err
}

// commit sets the outcome of each request of group and makes them durable
// together. An append that is in conflict fails alone. If commit fails, it
// has left nothing behind and the outcomes mean nothing.
func (t *transaction) commit(group []*request) error {
	t.next, t.nextStream, t.nextType, t.written = t.last, t.lastStream, t.lastType, 0
	t.pending = t.pending[:0]
	clear(t.staged)
	clear(t.newTypes)
	err := t.run(group)
	if err != nil {
		return errors.Join(err, rollback(t.conn, t.undo))
	}
	t.last, t.lastStream, t.lastType = t.next, t.nextStream, t.nextType
	for name, h := range t.staged {
		t.heads.put(name, h)
	}
	for typ, id := range t.newTypes {
		t.types.put(typ, id)
	}
	return nil
}

func (t *transaction) run(group []*request) error {
	if err := exec(t.begin); err != nil {
		return err
	}
	for _, req := range group {
		select {
		case <-req.cancelled: // whoever asked has gone, or is about to
			req.err = fmt.Errorf("append to %s: cancelled", req.stream)
			continue
		default:
		}
		if err := t.apply(req); err != nil {
			return err
		}
	}
	if err := t.flush(); err != nil {
		return err
	}
	return exec(t.end)
}

// apply sets the outcome of req. An error concerns the group.
func (t *transaction) apply(req *request) error {
	h, err := t.streamHead(req.stream)
	if err != nil {
		return err
	}
	switch {
	case h.sealed:
		req.err = ErrSealed
		return nil
	case req.expected.kind == exactly && h.revision != req.expected.at:
		return t.repeat(req, h)
	case req.expected.kind == existing && h.revision == 0:
		req.err = absentError(req.stream)
		return nil
	case req.expected.kind != exactly:
		if settled, err := t.recent(req, h); settled || err != nil {
			return err
		}
	}
	if h.id == 0 {
		t.nextStream++
		h.id = t.nextStream
		t.addStream.BindInt64(1, h.id)
		t.addStream.BindText(2, req.stream)
		if err := exec(t.addStream); err != nil {
			return err
		}
	}
	for i := range req.rows {
		r := &req.rows[i]
		typ, err := t.typeID(r.typ)
		if err != nil {
			return err
		}
		h.revision++
		t.pending = append(t.pending, pendingRow{h.id, h.revision, typ, r})
		t.written += len(r.data) + len(r.meta)
	}
	h.sealed = req.rows[len(req.rows)-1].typ == eventType{name: sealType}
	t.staged[req.stream] = h
	req.appended = Appended{t.next + es.Position(len(t.pending)), h.revision}
	return nil
}
