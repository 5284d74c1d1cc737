package history

import (
	"fmt"
	"reflect"
	"time"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/terms"
)

// Line is what is told of one event.
type Line struct {
	Sequence uint64
	Position es.Position
	Stream   string
	Revision es.Revision
	ID       uuid.UUID
	Type     string

	Occurred  edtf.Date
	Effective edtf.Date // from which the fact counts
	Status    terms.Status
	Source    terms.Citation
	Authority terms.Ref
	// Target is the revision, in the same stream, that a correction, voiding
	// or dispute is about, or of the dispute that a ruling settles; else 0.
	Target es.Revision

	Known time.Time
	// Requested is the instant asked for where Known had to be raised; else
	// zero.
	Requested   time.Time
	Recorded    time.Time
	Actor       string
	ApprovedBy  string
	Cause       uuid.UUID
	Correlation uuid.UUID
	Visibility  terms.Visibility
	Backfill    bool // carried over from elsewhere

	Event  any // as the Go type of its aggregate
	Record es.Record
}

// LineOf returns the line of a record with its sequence, or fails with [es.ErrCorrupt] or
// [es.ErrNewer] if it does not decode.
func LineOf(sequence uint64, r es.Record) (Line, error) {
	meta, err := es.DecodeMeta(r.Meta)
	if err != nil {
		return Line{}, fmt.Errorf("decode %s at revision %d: %w", r.Stream, r.Revision, err)
	}
	event, err := ledger.Decode(r)
	if err != nil {
		return Line{}, err
	}
	l := Line{
		Sequence: sequence, Position: r.Position, Stream: r.Stream, Revision: r.Revision, ID: r.ID, Type: r.Type,
		Known: meta.KnownAt, Requested: meta.KnownRequested, Recorded: meta.RecordedAt, Actor: meta.Actor,
		ApprovedBy: meta.ApprovedBy, Cause: meta.Cause, Correlation: meta.Correlation, Visibility: meta.Visibility, Backfill: meta.Backfill,
		Event: event, Record: r, Target: target(event),
	}
	if e, ok := event.(interface{ About() terms.Fact }); ok {
		f := e.About()
		l.Occurred, l.Effective, l.Status, l.Source, l.Authority = f.Occurred, f.From(), f.Status, f.Source, f.Authority
	}
	return l, nil
}

// target returns the revision that an event about another one names. Such
// events, of every aggregate, embed those of domain/book, and only they have a
// revision called Of.
func target(event any) es.Revision {
	v := reflect.ValueOf(event)
	if v.Kind() != reflect.Struct {
		return 0
	}
	of := v.FieldByName("Of")
	if !of.IsValid() {
		return 0
	}
	r, _ := of.Interface().(es.Revision)
	return r
}
