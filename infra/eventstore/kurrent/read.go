package kurrent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/eventstore/internal/wirename"
)

var errUnreadable = errors.New("the server sent an event without what an event has")

// item is what the server sends: a record, or how far it is.
type item struct {
	kind   kind
	at     es.Position // of a record or a checkpoint
	record es.Record   // its stream is empty if it is not one of ours
}

type kind int

const (
	opened kind = iota
	event
	checkpoint
	caughtUp
	fellBehind
)

// isOurs reports whether a stream is one that a store yields: the ledger's or
// the system's.
func isOurs(stream string) bool {
	if strings.HasPrefix(stream, es.SystemPrefix) {
		return true
	}
	_, _, err := es.ParseStream(stream)
	return err == nil && ledger.Owns(stream)
}

// itemOf returns the item of an event. When it was created is of no interest.
func itemOf(resolved *esdb.ResolvedEvent) (item, error) {
	e := resolved.OriginalEvent()
	if e == nil || e.EventNumber >= math.MaxInt64 {
		return item{}, errUnreadable
	}
	it := item{kind: event, at: es.Position(e.Position.Commit)}
	if isOurs(e.StreamID) {
		if it.at == 0 || it.at >= math.MaxInt64 {
			return item{}, es.Invalid("esdb.no_position", "the server does not say at which position an event is", wantedServer)
		}
		typ, schema := wirename.Split(e.EventType)
		it.record = es.Record{
			Position: it.at, Stream: e.StreamID, Revision: es.Revision(e.EventNumber) + 1,
			ID: e.EventID, Type: typ, Schema: schema, Data: e.Data, Meta: e.UserMetadata,
		}
	}
	return it, nil
}

// receiver returns what an opener does, of a read.
func receiver(read *esdb.ReadStream, err error) (func() (item, error), func(), error) {
	if err != nil {
		return nil, nil, err
	}
	return func() (item, error) {
		e, err := read.Recv()
		if isMissing(err) {
			return item{}, io.EOF
		}
		if err != nil {
			return item{}, err
		}
		return itemOf(e)
	}, read.Close, nil
}

// after returns where the server is to begin for what comes after a position.
// Reads include the event at the position itself.
func after(p es.Position) esdb.AllPosition {
	if p == 0 {
		return esdb.Start{}
	}
	return esdb.Position{Commit: uint64(p), Prepare: uint64(p)}
}

// ReadStream implements [es.Store].
func (s *Store) ReadStream(ctx context.Context, stream string, after es.Revision) iter.Seq2[es.Record, error] {
	return func(yield func(es.Record, error) bool) {
		if err := s.readStream(ctx, stream, after, yield); err != nil {
			yield(es.Record{}, fmt.Errorf("read %s: %w", stream, err))
		}
	}
}

// firstPage is how many records of a stream are read before the first is
// yielded. A stream that has fewer is read with one call, and it is known where
// it ended; of a longer one the end is asked for.
const firstPage = 128

func (s *Store) readStream(ctx context.Context, stream string, after es.Revision, yield func(es.Record, error) bool) error {
	ctx, leave := s.link.join(ctx)
	defer leave()
	if err := ended(ctx); err != nil || after >= math.MaxInt64 {
		return err
	}
	var page []es.Record
	if err := s.span(ctx, stream, after, firstPage, func(r es.Record) bool {
		page = append(page, r)
		return true
	}); err != nil {
		return err
	}
	end := after + es.Revision(len(page))
	if len(page) == firstPage {
		bounded, cancel := s.bounded(ctx)
		defer cancel()
		last, err := s.lastRevision(bounded, stream)
		if err != nil {
			return err
		}
		end = max(end, last)
	}
	for _, r := range page {
		if err := ended(ctx); err != nil || !yield(r, nil) {
			return err
		}
	}
	at := after + es.Revision(len(page))
	return s.span(ctx, stream, at, uint64(end-at), func(r es.Record) bool { return yield(r, nil) })
}

// span takes at most count records of a stream after a revision, until take
// has enough.
func (s *Store) span(ctx context.Context, stream string, at es.Revision, count uint64, take func(r es.Record) bool) error {
	if count == 0 {
		return nil
	}
	end := at + es.Revision(count)
	return s.follow(ctx, following{
		open: func(ctx context.Context, c *esdb.Client) (func() (item, error), func(), error) {
			return receiver(c.ReadStream(ctx, stream, esdb.ReadStreamOptions{From: esdb.Revision(uint64(at))}, uint64(end-at)))
		},
		take: func(it item) (bool, error) {
			if it.record.Stream != stream || it.record.Revision != at+1 {
				return false, &es.Error{
					Kind: es.ErrCorrupt, Code: "esdb.gap",
					Message: fmt.Sprintf("after revision %d of %s the server has revision %d: the stream was truncated", at, stream, it.record.Revision),
				}
			}
			at++
			return take(it.record) && at < end, nil
		},
	})
}

// ReadAll implements [es.Store]. The server cannot filter what this reads, so
// it reads all that others wrote to it, too.
func (s *Store) ReadAll(ctx context.Context, after es.Position) iter.Seq2[es.Record, error] {
	return func(yield func(es.Record, error) bool) {
		if err := s.readAll(ctx, after, yield); err != nil {
			yield(es.Record{}, fmt.Errorf("read the log: %w", err))
		}
	}
}

func (s *Store) readAll(ctx context.Context, at es.Position, yield func(es.Record, error) bool) error {
	ctx, leave := s.link.join(ctx)
	defer leave()
	bounded, cancel := s.bounded(ctx)
	defer cancel()
	end, err := try(bounded, s.link, head)
	if err != nil || at >= end {
		return err
	}
	return s.follow(ctx, following{
		open: func(ctx context.Context, c *esdb.Client) (func() (item, error), func(), error) {
			return receiver(c.ReadAll(ctx, esdb.ReadAllOptions{From: after(at)}, math.MaxInt64))
		},
		take: func(it item) (bool, error) {
			if it.at <= at {
				return true, nil
			}
			if it.at > end {
				return false, nil
			}
			at = it.at
			return (it.record.Stream == "" || yield(it.record, nil)) && at < end, nil
		},
	})
}

// Head implements [es.Store]. It is the position of our last record; or, if
// others have written more than a thousand since, one after which there is none
// of ours. So whoever follows our records comes to it, and need not wait for
// the server to tell of others'.
func (s *Store) Head(ctx context.Context) (es.Position, error) {
	ctx, cancel := s.bounded(ctx)
	defer cancel()
	err := ended(ctx)
	var p es.Position
	if err == nil {
		p, err = try(ctx, s.link, head)
	}
	if err != nil {
		return 0, fmt.Errorf("read head: %w", err)
	}
	return p, nil
}

// farBack is how many events head looks at: more than a server looks at
// between two checkpoints of a filtered subscription.
const farBack = 1000

func head(ctx context.Context, c *esdb.Client) (es.Position, error) {
	read, err := c.ReadAll(ctx, esdb.ReadAllOptions{Direction: esdb.Backwards, From: esdb.End{}}, farBack)
	if err != nil {
		return 0, err
	}
	defer read.Close()
	receive, _, _ := receiver(read, nil)
	p := es.Position(0)
	for range farBack {
		it, err := receive()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return 0, err
		}
		if p = it.at; it.record.Stream != "" {
			break
		}
	}
	return p, nil
}
