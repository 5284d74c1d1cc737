package embedded

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
)

// Log is all that is in a store: the ledger's records, and those of other
// programs, which [Store] never shows. A record of another program has schema
// 0; its stream may have any name, and its data and metadata may be any bytes.
type Log struct{ s *Store }

// Log returns all that is in the store. It lives as long as the store.
func (s *Store) Log() Log { return Log{s} }

// Limits of records with schema 0; those of the ledger are in [es.CheckAppend].
const (
	MaxForeignName  = 1 << 10          // bytes of the name of a stream or a type
	MaxForeignBytes = 16 << 20         // Data and Meta of one append together
	maxForeignRecs  = 64 << 10         // records of one append
	lookBack        = 256              // records in which a repeat is looked for where any revision will do
	sealType        = "$streamDeleted" // of the record that ends a stream, as EventStoreDB has it
)

// ErrSealed says that a stream was ended for good.
var ErrSealed = errors.New("the stream is sealed")

// Expected is where a stream must be for an append. The zero Expected is a
// stream that does not exist.
type Expected struct {
	kind expectation
	at   es.Revision
}

type expectation int

const (
	exactly expectation = iota
	anywhere
	existing
)

// At expects a stream at a revision, 0 for one that does not exist.
func At(r es.Revision) Expected { return Expected{exactly, r} }

// Anywhere expects nothing.
func Anywhere() Expected { return Expected{kind: anywhere} }

// Existing expects a stream that exists.
func Existing() Expected { return Expected{kind: existing} }

// Appended is where an append came to be.
type Appended struct {
	Position es.Position // of its last record
	Revision es.Revision // likewise
}

// Append is [Store.Append] for any stream. With [At] a repeated append is
// recognised wherever it is in the stream; with [Anywhere] and [Existing] it is
// if it is whole among the last 256 records. It fails with [es.ErrConflict] if the
// stream is not where it is expected, or if only some of the records are there
// already, and with [ErrSealed].
func (l Log) Append(ctx context.Context, stream string, expected Expected, recs ...es.Record) (Appended, error) {
	check := es.CheckAppend
	if len(recs) > 0 && recs[0].Schema == 0 {
		check = checkForeign
	}
	if err := check(stream, recs); err != nil {
		return Appended{}, err
	}
	return l.s.append(ctx, stream, expected, recs)
}

// Seal appends a last record to a stream, after which it accepts no more. The
// record, which has schema 0, is as any other for those who read. It fails as
// Append does.
func (l Log) Seal(ctx context.Context, stream string, expected Expected, id uuid.UUID, meta []byte) (Appended, error) {
	return l.Append(ctx, stream, expected, es.Record{ID: id, Type: sealType, Meta: meta})
}

// IsSeal reports whether r is the record with which a stream was sealed.
func IsSeal(r es.Record) bool { return r.Schema == 0 && r.Type == sealType }

func checkForeign(stream string, recs []es.Record) error {
	bad := func(format string, args ...any) error {
		return es.Invalid("store.bad_append", fmt.Sprintf(format, args...), "")
	}
	if stream == "" || len(stream) > MaxForeignName {
		return bad("a stream's name has %d bytes; it must have 1 to %d", len(stream), MaxForeignName)
	}
	if len(recs) > maxForeignRecs {
		return bad("an append has %d records; at most %d are allowed", len(recs), maxForeignRecs)
	}
	size := 0
	for i, r := range recs {
		if r.ID == uuid.Nil || len(r.Type) > MaxForeignName || r.Schema != 0 {
			return bad("record %d of an append lacks an id, or has a type of more than %d bytes or a schema", i, MaxForeignName)
		}
		size += len(r.Data) + len(r.Meta)
	}
	if size > MaxForeignBytes {
		return bad("an append has %d bytes; at most %d are allowed", size, MaxForeignBytes)
	}
	return nil
}

// Head is [Store.Head].
func (l Log) Head(ctx context.Context) (es.Position, error) { return l.s.Head(ctx) }

// Last returns the revision of a stream's last record, 0 if there is none.
func (l Log) Last(ctx context.Context, stream string) (es.Revision, error) {
	for r, err := range l.ReadStreamBack(ctx, stream, math.MaxInt64) {
		return r.Revision, err
	}
	return 0, nil
}

// ReadStream is [Store.ReadStream] for any stream.
func (l Log) ReadStream(ctx context.Context, stream string, after es.Revision) iter.Seq2[es.Record, error] {
	return func(yield func(es.Record, error) bool) {
		l.s.readStream(ctx, stream, after, yield)
	}
}

// ReadStreamBack yields the records of a stream before a revision, the last
// one first.
func (l Log) ReadStreamBack(ctx context.Context, stream string, before es.Revision) iter.Seq2[es.Record, error] {
	return func(yield func(es.Record, error) bool) {
		l.s.readStreamBack(ctx, stream, before, yield)
	}
}

// ReadAll is [Store.ReadAll] with the records of other programs.
func (l Log) ReadAll(ctx context.Context, after es.Position) iter.Seq2[es.Record, error] {
	return func(yield func(es.Record, error) bool) { l.s.readAll(ctx, after, yield) }
}

// ReadAllBack yields the records before a position, the last one first.
func (l Log) ReadAllBack(ctx context.Context, before es.Position) iter.Seq2[es.Record, error] {
	return func(yield func(es.Record, error) bool) { l.s.readAllBack(ctx, before, yield) }
}

// Subscribe is [Store.Subscribe] with the records of other programs.
func (l Log) Subscribe(ctx context.Context, after es.Position) iter.Seq2[es.Record, error] {
	return func(yield func(es.Record, error) bool) { l.s.subscribe(ctx, after, yield) }
}

// owned passes on what is the ledger's.
func owned(yield func(es.Record, error) bool) func(es.Record, error) bool {
	return func(r es.Record, err error) bool {
		if r.Schema == 0 && err == nil && !r.IsMarker() {
			return true
		}
		return yield(r, err)
	}
}
