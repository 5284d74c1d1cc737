package kurrent

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/internal/wirename"
)

// Append implements [es.Store]. What fails for a while is sent again until the
// deadline: the ids and the revision make that safe. It copies Data and Meta.
func (s *Store) Append(ctx context.Context, stream string, at es.Revision, recs ...es.Record) (es.Position, error) {
	if err := es.CheckAppend(stream, recs); err != nil {
		return 0, err
	}
	p, err := s.append(ctx, stream, at, recs)
	if err != nil {
		return 0, fmt.Errorf("append to %s: %w", stream, err)
	}
	return p, nil
}

func (s *Store) append(ctx context.Context, stream string, at es.Revision, recs []es.Record) (es.Position, error) {
	if err := s.enter(); err != nil {
		return 0, err
	}
	defer s.appends.Done()
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	if err := ended(ctx); err != nil {
		return 0, err
	}
	before, send := s.seen.Load(), sending(stream, at, recs)
	var done *esdb.WriteResult
	attempts := 0
	err := persist(ctx, func() (err error) {
		attempts++
		done, err = call(ctx, s.link, send)
		return err
	})
	switch {
	case err != nil && !isConflict(err):
		return 0, err
	case err != nil || attempts > 1 || done.CommitPosition <= before || done.NextExpectedVersion+1 != uint64(at)+uint64(len(recs)):
		return s.settle(ctx, stream, at, recs, err == nil)
	}
	s.saw(done.CommitPosition)
	return es.Position(done.CommitPosition), nil
}

// saw notes the position that an append was answered with.
func (s *Store) saw(p uint64) {
	for {
		old := s.seen.Load()
		if p <= old || s.seen.CompareAndSwap(old, p) {
			return
		}
	}
}

// sending returns what sends recs to a stream. It has copies, as a call that
// was left may go on reading them for a while.
func sending(stream string, at es.Revision, recs []es.Record) func(ctx context.Context, c *esdb.Client) (*esdb.WriteResult, error) {
	var expected esdb.ExpectedRevision = esdb.NoStream{}
	if at > 0 {
		expected = esdb.Revision(uint64(at) - 1)
	}
	events := make([]esdb.EventData, len(recs))
	for i, r := range recs {
		events[i] = esdb.EventData{
			EventID: r.ID, EventType: wirename.Join(r.Type, r.Schema), ContentType: esdb.ContentTypeJson,
			Data: bytes.Clone(r.Data), Metadata: bytes.Clone(r.Meta),
		}
	}
	return func(ctx context.Context, c *esdb.Client) (*esdb.WriteResult, error) {
		return c.AppendToStream(ctx, stream, esdb.AppendToStreamOptions{ExpectedRevision: expected}, events...)
	}
}

// settle finds out what became of an append that was in conflict, or that
// succeeded (acknowledged) in a way that may be a repeat: servers answer a
// repeat with the position of another record, or with none.
func (s *Store) settle(ctx context.Context, stream string, at es.Revision, recs []es.Record, acknowledged bool) (es.Position, error) {
	var stored []es.Record
	err := s.span(ctx, stream, at, uint64(len(recs)), func(r es.Record) bool {
		stored = append(stored, r)
		return true
	})
	switch {
	case err != nil:
		return 0, err
	case es.SameIDs(stored, recs):
		p := stored[len(recs)-1].Position
		s.saw(uint64(p))
		return p, nil
	case acknowledged:
		return 0, &es.Error{
			Kind: es.ErrCorrupt, Code: "esdb.misplaced",
			Message: fmt.Sprintf("the server acknowledged an append after revision %d and does not hold it there: was the stream deleted or truncated?", at),
		}
	}
	have, err := s.lastRevision(ctx, stream)
	if err != nil {
		return 0, err
	}
	return 0, es.ConflictError(stream, at, have)
}

// lastRevision returns the revision of a stream's last record, 0 if there is
// none.
func (s *Store) lastRevision(ctx context.Context, stream string) (es.Revision, error) {
	return try(ctx, s.link, func(ctx context.Context, c *esdb.Client) (es.Revision, error) {
		read, err := c.ReadStream(ctx, stream, esdb.ReadStreamOptions{Direction: esdb.Backwards, From: esdb.End{}}, 1)
		if err != nil {
			return 0, err
		}
		defer read.Close()
		e, err := read.Recv()
		switch {
		case errors.Is(err, io.EOF) || isMissing(err):
			return 0, nil
		case err != nil:
			return 0, err
		case e.OriginalEvent() == nil || e.OriginalEvent().EventNumber >= math.MaxInt64:
			return 0, errUnreadable
		}
		return es.Revision(e.OriginalEvent().EventNumber) + 1, nil
	})
}
