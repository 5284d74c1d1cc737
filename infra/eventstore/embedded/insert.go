package embedded

import (
	"bytes"

	"github.com/entente-ledger/entente/domain/es"
)

// repeat decides on an append to a stream that is not where it should be: the
// same records at the same place are the same append.
func (t *transaction) repeat(req *request, h streamHead) error {
	req.err = es.ConflictError(req.stream, req.expected.at, h.revision)
	if req.expected.at+es.Revision(len(req.rows)) > h.revision {
		return nil
	}
	if err := t.flush(); err != nil { // it may repeat one of this group
		return err
	}
	t.ids.BindInt64(1, h.id)
	t.ids.BindInt64(2, int64(req.expected.at))
	t.ids.BindInt64(3, int64(len(req.rows)))
	var id [16]byte
	for i := range req.rows {
		row, err := t.ids.Step()
		if err != nil {
			return err
		}
		if !row {
			return corrupt("the stream "+req.stream+" has a gap", t.ids.Reset())
		}
		if t.ids.ColumnBytes(1, id[:]); !bytes.Equal(id[:], req.rows[i].id) {
			return t.ids.Reset()
		}
	}
	req.appended, req.err = Appended{es.Position(t.ids.ColumnInt64(0)), req.expected.at + es.Revision(len(req.rows))}, nil
	return t.ids.Reset()
}

// recent decides on an append that expects no revision: whether it repeats one
// of those at the end of the stream. It reports whether it decided.
func (t *transaction) recent(req *request, h streamHead) (settled bool, err error) {
	if h.id == 0 {
		return false, nil
	}
	if _, here := t.staged[req.stream]; here { // it may repeat one of this group
		if err := t.flush(); err != nil {
			return false, err
		}
	}
	index := make(map[[16]byte]int, len(req.rows))
	for i, r := range req.rows {
		index[[16]byte(r.id)] = i
	}
	t.lately.BindInt64(1, h.id)
	t.lately.BindInt64(2, max(lookBack, int64(len(req.rows))))
	found, consecutive, last := 0, true, Appended{}
	for {
		row, err := t.lately.Step()
		if err != nil {
			return false, err
		}
		if !row {
			if err := t.lately.Reset(); err != nil {
				return false, err
			}
			break
		}
		var id [16]byte
		t.lately.ColumnBytes(2, id[:])
		i, ok := index[id]
		if !ok {
			consecutive = consecutive && (found == 0 || found == len(req.rows))
			continue
		}
		if found == 0 {
			last = Appended{es.Position(t.lately.ColumnInt64(0)), es.Revision(t.lately.ColumnInt64(1))}
		}
		found++
		consecutive = consecutive && i == len(req.rows)-found
	}
	switch {
	case found == 0:
		return false, nil
	case found == len(req.rows) && consecutive:
		req.appended = last
	default:
		req.err = repeatedError(req.stream)
	}
	return true, nil
}

func absentError(stream string) error {
	return &es.Error{Kind: es.ErrConflict, Code: "es.conflict", Message: stream + " does not exist", Want: "a stream that exists"}
}

func repeatedError(stream string) error {
	return &es.Error{
		Kind: es.ErrConflict, Code: "es.conflict", Message: "some of these records are in " + stream + " already",
		Want: "all of them again in the same order, or others",
	}
}

// flush inserts the pending rows, many to a statement.
func (t *transaction) flush() error {
	rest := t.pending
	for i, size := range insertSizes {
		stmt := t.inserts[i]
		for len(rest) >= size {
			for j := range size {
				t.next++
				r, at := &rest[j], j*insertColumns
				stmt.BindInt64(at+1, int64(t.next))
				stmt.BindInt64(at+2, r.stream)
				stmt.BindInt64(at+3, int64(r.revision))
				stmt.BindInt64(at+4, r.typ)
				stmt.BindBytes(at+5, r.id)
				stmt.BindText(at+6, r.data)
				stmt.BindText(at+7, r.meta)
			}
			if err := exec(stmt); err != nil {
				return err
			}
			rest = rest[size:]
		}
	}
	clear(t.pending)
	t.pending = t.pending[:0]
	return nil
}

// streamHead returns where a stream ends, this group's appends included.
func (t *transaction) streamHead(name string) (h streamHead, err error) {
	h, ok := t.staged[name]
	if ok {
		return h, nil
	}
	if h, ok = t.heads.get(name); ok {
		return h, nil
	}
	t.findStream.BindText(1, name)
	if h.id, err = one(t.findStream); err != nil || h.id == 0 {
		return streamHead{}, err
	}
	t.findEnd.BindInt64(1, h.id)
	if row, err := t.findEnd.Step(); err != nil {
		return streamHead{}, err
	} else if row {
		h.revision, h.sealed = es.Revision(t.findEnd.ColumnInt64(0)), t.findEnd.ColumnInt64(1) != 0
	}
	if err := t.findEnd.Reset(); err != nil {
		return streamHead{}, err
	}
	t.heads.put(name, h)
	return h, nil
}

// typeID returns the row id of a type, adding it if it is new.
func (t *transaction) typeID(typ eventType) (int64, error) {
	if id, ok := t.newTypes[typ]; ok {
		return id, nil
	}
	if id, ok := t.types.get(typ); ok {
		return id, nil
	}
	t.findType.BindText(1, typ.name)
	t.findType.BindInt64(2, int64(typ.schema))
	id, err := one(t.findType)
	if err != nil {
		return 0, err
	}
	if id != 0 {
		t.types.put(typ, id)
		return id, nil
	}
	t.nextType++
	t.addType.BindInt64(1, t.nextType)
	t.addType.BindText(2, typ.name)
	t.addType.BindInt64(3, int64(typ.schema))
	if err := exec(t.addType); err != nil {
		return 0, err
	}
	t.newTypes[typ] = t.nextType
	return t.nextType, nil
}
