package projections

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Checkpoint says how far a generation of the views has come.
type Checkpoint struct {
	// Ledger is the identity of the ledger, Nil before its first event.
	Ledger uuid.UUID
	// Position is that up to which the store was read.
	Position es.Position
	// Events is how many of the ledger's events are in the views: the sequence
	// of the next one.
	Events uint64
	// Last is where the last event stands, and its id.
	Last Place
}

// Place is the place of an event, with its id.
type Place struct {
	Stream   string
	Revision es.Revision
	ID       uuid.UUID
	Position es.Position // in the store that was read
}

// format is the version of what the runner itself keeps in a views file.
const format = 3

// views is the table with one row in which a generation describes itself.
const views = `
CREATE TABLE views (
	format INTEGER NOT NULL,
	projections TEXT NOT NULL, -- name:version of each, by name
	complete INTEGER NOT NULL,
	ledger BLOB NOT NULL, position INTEGER NOT NULL, events INTEGER NOT NULL,
	last_stream TEXT NOT NULL, last_revision INTEGER NOT NULL, last_id BLOB NOT NULL,
	last_position INTEGER NOT NULL
) STRICT;
`

// header is what a generation says of itself.
type header struct {
	format      int
	projections string
	complete    bool
	at          Checkpoint
}

func readHeader(conn *sqlite.Conn) (header, error) {
	var h header
	found := false
	err := readmodel.Query(conn, "SELECT format, projections, complete FROM views", nil, func(r *readmodel.Row) error {
		found = true
		h.format, h.projections, h.complete = int(r.Int()), r.Text(), r.Bool()
		return nil
	})
	if err == nil && !found {
		err = &es.Error{Kind: es.ErrCorrupt, Code: "views.damaged", Message: "the views file does not say what it is", Want: "a rebuild: `entente rebuild`"}
	}
	if err != nil || h.format != format {
		return h, err
	}
	err = readmodel.Query(conn, `SELECT ledger, position, events,
		last_stream, last_revision, last_id, last_position FROM views`, nil, func(r *readmodel.Row) error {
		r.Bytes(h.at.Ledger[:])
		h.at.Position, h.at.Events = es.Position(r.Int()), uint64(r.Int())
		h.at.Last.Stream, h.at.Last.Revision = r.Text(), es.Revision(r.Int())
		r.Bytes(h.at.Last.ID[:])
		h.at.Last.Position = es.Position(r.Int())
		return nil
	})
	return h, err
}

func (c Checkpoint) write(tx *readmodel.Tx) error {
	b := tx.Prepare("UPDATE views SET ledger = ?, position = ?, events = ?, last_stream = ?, last_revision = ?, last_id = ?, last_position = ?")
	b.Bytes(c.Ledger[:])
	b.Int(int64(c.Position))
	b.Int(int64(c.Events))
	b.Text(c.Last.Stream)
	b.Int(int64(c.Last.Revision))
	b.Bytes(c.Last.ID[:])
	b.Int(int64(c.Last.Position))
	_, err := b.Exec()
	return err
}

// after returns the checkpoint after an event.
func (c Checkpoint) after(e readmodel.Event) Checkpoint {
	if opened, ok := e.Event.(ledger.Opened); ok && e.Sequence == 0 {
		c.Ledger = opened.ID
	}
	r := e.Record
	return Checkpoint{c.Ledger, r.Position, e.Sequence + 1, Place{r.Stream, r.Revision, r.ID, r.Position}}
}

// errMoved says that the ledger is in another store than the one that was read,
// which has other positions.
var errMoved = errors.New("the ledger has moved to another store")

// check fails with [es.ErrCorrupt] unless the store holds what c reflects: the
// last event, at its place, in the same ledger. A log only grows, so that event
// stands for those before it. If only its position is another, it fails with
// errMoved.
func (c Checkpoint) check(ctx context.Context, store es.Store) error {
	if c.Events == 0 {
		return nil
	}
	if err := c.checkLedger(ctx, store); err != nil {
		return err
	}
	for r, err := range store.ReadStream(ctx, c.Last.Stream, c.Last.Revision-1) {
		if err != nil {
			return fmt.Errorf("read the last event in the views: %w", err)
		}
		if r.ID == c.Last.ID && r.Position != c.Last.Position {
			return errMoved
		}
		if r.ID == c.Last.ID {
			return nil
		}
		break
	}
	return &es.Error{
		Kind: es.ErrCorrupt, Code: "views.ahead",
		Message: fmt.Sprintf("the views hold %d events, the last of which (%s at revision %d) is not in the store, or elsewhere: the store was restored from an older copy, or is another one",
			c.Events, c.Last.Stream, c.Last.Revision),
		Want: "the store that the views were made from; or, if this is the right one, new views: `entente rebuild`",
	}
}

func (c Checkpoint) checkLedger(ctx context.Context, store es.Store) error {
	for r, err := range ledger.Own(store.ReadAll(ctx, 0)) {
		if err != nil {
			return fmt.Errorf("read the opening of the ledger: %w", err)
		}
		e, err := ledger.Decode(r)
		if err != nil {
			return err
		}
		if opened, ok := e.(ledger.Opened); ok && opened.ID == c.Ledger {
			return nil
		}
		break
	}
	return &es.Error{
		Kind: es.ErrCorrupt, Code: "views.other_ledger",
		Message: fmt.Sprintf("the views are of the ledger %s, which is not the one in the store", c.Ledger),
		Want:    "the store of that ledger; or, if this is the right one, new views: `entente rebuild`",
	}
}

// signature says which projections keep the views, and in which versions.
func signature(all []readmodel.Projection) string {
	names := make([]string, len(all))
	for i, p := range all {
		names[i] = fmt.Sprintf("%s:%d", p.Name(), p.Version())
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// newer reports whether h was written by a newer entente than one with these
// projections.
func (h header) newer(all []readmodel.Projection) bool {
	versions := map[string]int{}
	for _, p := range all {
		versions[p.Name()] = p.Version()
	}
	for entry := range strings.FieldsSeq(h.projections) {
		name, version, _ := strings.Cut(entry, ":")
		var v int
		if _, err := fmt.Sscan(version, &v); err == nil && versions[name] > 0 && v > versions[name] {
			return true
		}
	}
	return h.format > format
}
