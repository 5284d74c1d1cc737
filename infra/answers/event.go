package answers

import (
	"context"
	"iter"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Event is a line of the log. Instants are RFC 3339 UTC, ids of events and
// commands UUIDs.
type Event struct {
	Sequence uint64      `json:"sequence"` // its index in the log, from 0
	Stream   string      `json:"stream"`
	Revision es.Revision `json:"revision"` // its place in the stream, from 1
	ID       uuid.UUID   `json:"id"`
	Type     string      `json:"type"` // as in docs/events.md: memorandum.signed
	Schema   int         `json:"schema"`
	Occurred edtf.Date   `json:"occurred"`
	// Effective is from when the fact counts.
	Effective edtf.Date      `json:"effective"`
	Status    terms.Status   `json:"status"`
	Source    terms.Citation `json:"source"`
	Authority terms.Ref      `json:"authority"` // on whose decision, or ""
	// About is the revision that a correction, voiding or dispute is about, or of the
	// dispute that a ruling settles; else 0.
	About es.Revision `json:"about"`
	// KnownAt is from when the registrar vouches for it. Requested is the instant
	// that was asked for where KnownAt had to be raised, else "".
	KnownAt     string           `json:"knownAt"`
	Requested   string           `json:"knownRequested"`
	RecordedAt  string           `json:"recordedAt"`
	Actor       string           `json:"actor"` // opaque id of who recorded it
	ApprovedBy  string           `json:"approvedBy"`
	Cause       uuid.UUID        `json:"cause"` // the command
	Correlation uuid.UUID        `json:"correlation"`
	Visibility  terms.Visibility `json:"visibility"` // that the stream has after it
	Backfill    bool             `json:"backfill"`   // carried over from elsewhere
	Data        jsontext.Value   `json:"data"`       // an object, as first written

	// Line is the event with its instants and decoded data.
	Line history.Line `json:"-"`
}

// EventOf tells of an event.
func EventOf(l history.Line) Event {
	return Event{
		l.Sequence, l.Stream, l.Revision, l.ID, l.Type, l.Record.Schema, l.Occurred, l.Effective, l.Status, l.Source, l.Authority, l.Target,
		es.FormatInstant(l.Known), es.FormatInstant(l.Requested), es.FormatInstant(l.Recorded), l.Actor, l.ApprovedBy,
		l.Cause, l.Correlation, l.Visibility, l.Backfill, l.Record.Data, l,
	}
}

// LogFilter says which events of the log are wanted, all of its fields together;
// of each list, any.
type LogFilter struct {
	From    uint64   // the lowest sequence
	Streams []string // none: any
	Kinds   []string // of streams, "party"; none: any
	Types   []string // none: any
	Limit   int      // at most so many, as [readmodel.Limit] has it
	After   string   // a cursor from [Desk.Log], with the same filter; "" for the beginning
}

// Log answers a page of the log, in its order. A page can hold fewer events than
// asked for, or none, although others follow: so many are looked at, of which
// those are left out that the filter or the desk's knowledge does not have. It
// fails with [history.ErrTooMany] if a list is too long.
func (d *Desk) Log(ctx context.Context, f LogFilter) (Page[Event], error) {
	from, err := sequenceAfter(f.After)
	if err != nil {
		return Page[Event]{}, err
	}
	lines, next, end, err := d.log().Select(ctx, history.Select{From: max(from, f.From), Streams: f.Streams, Kinds: f.Kinds, Types: f.Types, Limit: f.Limit})
	if err != nil {
		return Page[Event]{}, err
	}
	p := Page[Event]{Items: each(lines, EventOf)}
	if next < end {
		p.Next = strconv.FormatUint(next, 10)
	}
	return p, nil
}

// AllLog yields the events that match f from its cursor on, at most f.Limit or, if
// that is 0, all. After an error it ends.
func (d *Desk) AllLog(ctx context.Context, f LogFilter) iter.Seq2[Event, error] {
	return whole(f.Limit, f.After, func(limit int, after string) (Page[Event], error) {
		f.Limit, f.After = limit, after
		return d.Log(ctx, f)
	})
}

// sequenceAfter reads a cursor of events, 0 for the beginning.
func sequenceAfter(cursor string) (uint64, error) {
	if cursor == "" {
		return 0, nil
	}
	from, err := strconv.ParseUint(cursor, 10, 62)
	if err != nil {
		return 0, es.Invalid("readmodel.bad_cursor", "this does not continue a list of events", "the cursor that came with the page before")
	}
	return from, nil
}

// History answers a page of what happened in a stream, after a cursor of it, "" for
// the beginning.
func (d *Desk) History(ctx context.Context, stream string, limit int, after string) (Page[Event], error) {
	revision, err := sequenceAfter(after)
	if err != nil {
		return Page[Event]{}, err
	}
	limit = readmodel.Limit(limit)
	lines, err := d.log().Stream(ctx, stream, es.Revision(revision), limit)
	if err == nil && after == "" && len(lines) == 0 {
		err = nothingCalled(stream)
	}
	p := Page[Event]{Items: each(lines, EventOf)}
	if len(lines) == limit {
		p.Next = strconv.FormatUint(uint64(lines[limit-1].Revision), 10)
	}
	return p, err
}

// AllHistory yields all events of a stream. After an error it ends.
func (d *Desk) AllHistory(ctx context.Context, stream string) iter.Seq2[Event, error] {
	return whole(0, "", func(limit int, after string) (Page[Event], error) { return d.History(ctx, stream, limit, after) })
}
