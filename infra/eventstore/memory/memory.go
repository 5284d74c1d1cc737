// Package memory is an event store in memory, for tests and for trying things
// out. Nothing outlives the process.
package memory

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"iter"
	"sync"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/internal/watermark"
)

// Store is an [es.Store] in memory. Positions are dense and begin at 1.
type Store struct {
	head watermark.Mark

	mu      sync.RWMutex
	closed  bool
	log     []es.Record // the record at position p is log[p-1]
	streams map[string][]es.Position
}

var _ es.Store = (*Store)(nil)

// Open returns an empty store.
func Open() *Store { return &Store{streams: map[string][]es.Position{}} }

// Append implements [es.Store]. It copies Data and Meta.
func (s *Store) Append(ctx context.Context, stream string, at es.Revision, recs ...es.Record) (es.Position, error) {
	if err := es.CheckAppend(stream, recs); err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return 0, fmt.Errorf("append to %s: %w", stream, err)
	}
	if s.closed {
		return 0, fmt.Errorf("append to %s: %w", stream, fs.ErrClosed)
	}
	places := s.streams[stream]
	if have := es.Revision(len(places)); have != at {
		if have < at || !es.SameIDs(s.records(places[at:]), recs) {
			return 0, es.ConflictError(stream, at, have)
		}
		return places[at:][len(recs)-1], nil
	}
	for i, r := range recs {
		r.Stream, r.Revision = stream, at+es.Revision(i)+1
		r.Position = es.Position(len(s.log) + 1)
		r.Data, r.Meta = bytes.Clone(r.Data), bytes.Clone(r.Meta)
		s.log = append(s.log, r)
		places = append(places, r.Position)
	}
	s.streams[stream] = places
	last := es.Position(len(s.log))
	s.head.Raise(last)
	return last, nil
}

func (s *Store) records(places []es.Position) []es.Record {
	recs := make([]es.Record, len(places))
	for i, p := range places {
		recs[i] = s.log[p-1]
	}
	return recs
}

// ReadStream implements [es.Store]. It ends at what was there when it began.
func (s *Store) ReadStream(ctx context.Context, stream string, after es.Revision) iter.Seq2[es.Record, error] {
	return func(yield func(es.Record, error) bool) {
		s.mu.RLock()
		places := s.streams[stream]
		s.mu.RUnlock()
		for i := int(min(after, es.Revision(len(places)))); ; i++ {
			var p es.Position
			if i < len(places) {
				p = places[i]
			}
			if !s.yieldAt(ctx, p, yield) {
				return
			}
		}
	}
}

// ReadAll implements [es.Store]. It ends at what was there when it began.
func (s *Store) ReadAll(ctx context.Context, after es.Position) iter.Seq2[es.Record, error] {
	return func(yield func(es.Record, error) bool) {
		end := s.head.At()
		for p := after + 1; ; p++ {
			if p > end {
				p = 0
			}
			if !s.yieldAt(ctx, p, yield) {
				return
			}
		}
	}
}

// yieldAt yields the record at p, or why it cannot; p is 0 at the end. It
// reports whether to go on.
func (s *Store) yieldAt(ctx context.Context, p es.Position, yield func(es.Record, error) bool) bool {
	s.mu.RLock()
	err := ctx.Err()
	if s.closed {
		err = fs.ErrClosed
	}
	var r es.Record
	if p > 0 {
		r = s.log[p-1]
	}
	s.mu.RUnlock()
	if err != nil {
		yield(es.Record{}, fmt.Errorf("read: %w", err))
		return false
	}
	return p > 0 && yield(r, nil)
}

// Subscribe implements [es.Store].
func (s *Store) Subscribe(ctx context.Context, after es.Position) iter.Seq2[es.Record, error] {
	return func(yield func(es.Record, error) bool) {
		at := after
		for {
			for end := s.head.At(); at < end; {
				at++
				if !s.yieldAt(ctx, at, yield) {
					return
				}
			}
			if s.head.At() > at {
				continue
			}
			if !yield(es.Record{Position: at}, nil) {
				return
			}
			if err := s.head.Wait(ctx, at); err != nil {
				yield(es.Record{}, fmt.Errorf("subscribe: %w", err))
				return
			}
		}
	}
}

// Head implements [es.Store].
func (s *Store) Head(ctx context.Context) (es.Position, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return 0, fmt.Errorf("read head: %w", fs.ErrClosed)
	}
	if err := ctx.Err(); err != nil {
		return 0, fmt.Errorf("read head: %w", err)
	}
	return s.head.At(), nil
}

// Close implements [es.Store]. What was recorded is gone. Closing again does
// nothing.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.head.Close()
	return nil
}
