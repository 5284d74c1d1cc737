package es

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/google/uuid"
)

// Store is the event store port. Every adapter passes storetest.Run. Its
// methods are safe for concurrent use.
type Store interface {
	// Append adds recs to stream if it is at revision at, all of them or none,
	// and returns the position of the last. They are durable when it returns.
	// It reads Stream, Revision and Position from its own arguments and the
	// order of recs; the caller sets ID, Type, Schema, Data and Meta.
	//
	// If the stream has moved on and the records just after at have the same
	// ids as recs, they are the same append: it returns the first result. If
	// it moved on otherwise, it fails with [ErrConflict]. It fails with
	// [ErrInvalid] beyond the limits of [CheckAppend].
	Append(ctx context.Context, stream string, at Revision, recs ...Record) (Position, error)

	// ReadStream yields the records of stream after a revision, in order, then
	// ends at what was there when it began. A stream that does not exist is
	// empty. Like what the other readers return, it can be ranged over again.
	ReadStream(ctx context.Context, stream string, after Revision) iter.Seq2[Record, error]

	// ReadAll yields the records of all streams, the system's too, after a
	// position, in the order of the log, then ends at what was there when it
	// began.
	ReadAll(ctx context.Context, after Position) iter.Seq2[Record, error]

	// Subscribe is ReadAll that waits for more until ctx is done. Each time it
	// has nothing more to yield it yields a marker, see [Record.IsMarker],
	// with the position reached. The subscriber owns its checkpoint; nothing
	// is missed or repeated between history and live. An error, ctx's own
	// included, is the last yield.
	Subscribe(ctx context.Context, after Position) iter.Seq2[Record, error]

	// Head returns the position of the last record, 0 if there is none.
	Head(ctx context.Context) (Position, error)

	// Close releases the store. Appends under way end first; what is called
	// afterwards fails with an error that wraps fs.ErrClosed.
	Close() error
}

// Limits that every store shares.
const (
	MaxAppendBytes   = 1 << 20 // Data and Meta of one append together
	MaxAppendRecords = 1000    // records of one append
	MaxNameBytes     = 200     // a stream's or a type's name
)

// CheckAppend fails with [ErrInvalid] if an append is beyond the limits, is
// empty, or lacks what the caller owes. Every store calls it first.
func CheckAppend(stream string, recs []Record) error {
	bad := func(format string, args ...any) error {
		return &Error{Kind: ErrInvalid, Code: "es.bad_append", Message: fmt.Sprintf(format, args...)}
	}
	if !strings.HasPrefix(stream, SystemPrefix) {
		if _, _, err := ParseStream(stream); err != nil {
			return err
		}
	}
	if len(stream) > MaxNameBytes {
		return bad("a stream's name has %d bytes; at most %d are allowed", len(stream), MaxNameBytes)
	}
	if n := len(recs); n == 0 || n > MaxAppendRecords {
		return bad("an append has %d records; it must have 1 to %d", n, MaxAppendRecords)
	}
	size := 0
	for i, r := range recs {
		if r.ID == uuid.Nil || r.Type == "" || len(r.Type) > MaxNameBytes || r.Schema < 1 {
			return bad("record %d of an append lacks an id, a type of 1 to %d bytes, or a schema", i, MaxNameBytes)
		}
		size += len(r.Data) + len(r.Meta)
	}
	if size > MaxAppendBytes {
		return bad("an append has %d bytes; at most %d are allowed", size, MaxAppendBytes)
	}
	return nil
}

// SameIDs reports whether stored are the records that appending recs again
// would repeat.
func SameIDs(stored, recs []Record) bool {
	if len(stored) < len(recs) {
		return false
	}
	for i := range recs {
		if stored[i].ID != recs[i].ID {
			return false
		}
	}
	return true
}

// ConflictError says that stream was to be at one revision and is at another.
func ConflictError(stream string, want, have Revision) error {
	return &Error{
		Kind: ErrConflict, Code: "es.conflict",
		Message: fmt.Sprintf("%s is at revision %d, not %d", stream, have, want),
		Want:    "read it again and decide on what is there now",
	}
}
