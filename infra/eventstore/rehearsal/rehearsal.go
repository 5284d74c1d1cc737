// Package rehearsal is a store on which commands can be tried: it holds what
// another store holds, and what is appended to it stays in memory.
package rehearsal

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"sync"

	"github.com/entente-ledger/entente/domain/es"
)

// Store is a store over another one, which it only reads. A stream to which it was
// appended no longer follows the other store. It is safe for concurrent use.
type Store struct {
	base es.Store

	mu     sync.Mutex
	head   es.Position
	log    []es.Record // what was appended, in order
	starts map[string]es.Revision
	closed bool
}

// New returns a store with what base holds now. It need not be closed, and base
// must stay open for as long as it is used.
func New(ctx context.Context, base es.Store) (*Store, error) {
	head, err := base.Head(ctx)
	if err != nil {
		return nil, fmt.Errorf("rehearse: %w", err)
	}
	return &Store{base: base, head: head, starts: map[string]es.Revision{}}, nil
}

// Append implements [es.Store], but for durability.
func (s *Store) Append(ctx context.Context, stream string, at es.Revision, recs ...es.Record) (es.Position, error) {
	if err := es.CheckAppend(stream, recs); err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return 0, errClosed
	}
	have := es.Revision(0)
	for r, err := range s.stream(ctx, stream, 0) {
		if err != nil {
			return 0, err
		}
		have = r.Revision
	}
	if have != at {
		var after []es.Record
		for r, err := range s.stream(ctx, stream, at) {
			if err != nil {
				return 0, err
			}
			after = append(after, r)
		}
		if es.SameIDs(after, recs) {
			return after[len(recs)-1].Position, nil
		}
		return 0, es.ConflictError(stream, at, have)
	}
	if _, ok := s.starts[stream]; !ok {
		s.starts[stream] = at
	}
	for i, r := range recs {
		r.Stream, r.Revision = stream, at+es.Revision(i)+1
		s.head++
		r.Position = s.head
		s.log = append(s.log, r)
	}
	return s.head, nil
}

var errClosed = fmt.Errorf("use a rehearsal: %w", fs.ErrClosed)

// ReadStream implements [es.Store].
func (s *Store) ReadStream(ctx context.Context, stream string, after es.Revision) iter.Seq2[es.Record, error] {
	return func(yield func(es.Record, error) bool) {
		s.mu.Lock()
		records := s.stream(ctx, stream, after)
		s.mu.Unlock()
		for r, err := range records {
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

// stream yields what the stream holds: up to where it was first appended to here,
// the base's, then ours.
func (s *Store) stream(ctx context.Context, stream string, after es.Revision) iter.Seq2[es.Record, error] {
	start, ours := s.starts[stream]
	own := s.log
	closed := s.closed
	return func(yield func(es.Record, error) bool) {
		if closed {
			yield(es.Record{}, errClosed)
			return
		}
		if !ours || after < start {
			for r, err := range s.base.ReadStream(ctx, stream, after) {
				if ours && err == nil && r.Revision > start {
					break
				}
				if !yield(r, err) || err != nil {
					return
				}
			}
		}
		for _, r := range own {
			if r.Stream == stream && r.Revision > after && !yield(r, nil) {
				return
			}
		}
	}
}

// ReadAll implements [es.Store].
func (s *Store) ReadAll(ctx context.Context, after es.Position) iter.Seq2[es.Record, error] {
	return func(yield func(es.Record, error) bool) {
		s.mu.Lock()
		own, closed, end := s.log, s.closed, s.head-es.Position(len(s.log))
		s.mu.Unlock()
		if closed {
			yield(es.Record{}, errClosed)
			return
		}
		if after < end {
			for r, err := range s.base.ReadAll(ctx, after) {
				if err == nil && r.Position > end {
					break
				}
				if !yield(r, err) || err != nil {
					return
				}
			}
		}
		for _, r := range own {
			if r.Position > after && !yield(r, nil) {
				return
			}
		}
	}
}

// Subscribe fails: nobody follows a rehearsal.
func (s *Store) Subscribe(context.Context, es.Position) iter.Seq2[es.Record, error] {
	return func(yield func(es.Record, error) bool) {
		yield(es.Record{}, errors.New("subscribe: a rehearsal cannot be followed"))
	}
}

// Head implements [es.Store].
func (s *Store) Head(context.Context) (es.Position, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return 0, errClosed
	}
	return s.head, nil
}

// Close ends the rehearsal, and leaves the store below open.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return nil
}
