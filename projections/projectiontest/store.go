package projectiontest

import (
	"context"
	"iter"
	"slices"
	"sync"

	"github.com/entente-ledger/entente/domain/es"
)

// Store is an event store in memory. Its positions have gaps, as those of some
// stores do.
type Store struct {
	mu      sync.Mutex
	log     []es.Record
	streams map[string][]int
	grown   chan struct{} // closed when the log grows
}

var _ es.Store = (*Store)(nil)

// NewStore returns an empty store.
func NewStore() *Store { return &Store{streams: map[string][]int{}, grown: make(chan struct{})} }

// gap is the distance of positions.
const gap = 3

// Append implements [es.Store].
func (s *Store) Append(_ context.Context, stream string, at es.Revision, recs ...es.Record) (es.Position, error) {
	if err := es.CheckAppend(stream, recs); err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if have := es.Revision(len(s.streams[stream])); have != at {
		return 0, es.ConflictError(stream, at, have)
	}
	for _, r := range recs {
		at++
		r.Stream, r.Revision, r.Position = stream, at, es.Position(gap*(len(s.log)+1))
		s.streams[stream] = append(s.streams[stream], len(s.log))
		s.log = append(s.log, r)
	}
	close(s.grown)
	s.grown = make(chan struct{})
	return es.Position(gap * len(s.log)), nil
}

// Put appends a record to the log as it is, but for its position: for logs
// that no ledger writes.
func (s *Store) Put(r es.Record) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.Position = es.Position(gap * (len(s.log) + 1))
	s.streams[r.Stream] = append(s.streams[r.Stream], len(s.log))
	s.log = append(s.log, r)
}

// Prefix returns a store with the first n records of s.
func (s *Store) Prefix(n int) *Store {
	p := NewStore()
	for _, r := range s.Records()[:n] {
		p.Put(r)
	}
	return p
}

// Records returns the log.
func (s *Store) Records() []es.Record {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.log)
}

// ReadStream implements [es.Store].
func (s *Store) ReadStream(ctx context.Context, stream string, after es.Revision) iter.Seq2[es.Record, error] {
	return func(yield func(es.Record, error) bool) {
		for i := int(after); ; i++ {
			s.mu.Lock()
			places := s.streams[stream]
			if i >= len(places) {
				s.mu.Unlock()
				return
			}
			r := s.log[places[i]]
			s.mu.Unlock()
			if !yield(r, ctx.Err()) || ctx.Err() != nil {
				return
			}
		}
	}
}

// after returns the records after a position, and what is closed when there
// are more.
func (s *Store) after(p es.Position) ([]es.Record, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := min(int(p+gap)/gap-1, len(s.log))
	return s.log[i:len(s.log):len(s.log)], s.grown
}

// ReadAll implements [es.Store].
func (s *Store) ReadAll(ctx context.Context, after es.Position) iter.Seq2[es.Record, error] {
	return func(yield func(es.Record, error) bool) {
		recs, _ := s.after(after)
		for _, r := range recs {
			if err := ctx.Err(); err != nil {
				yield(es.Record{}, err)
				return
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

// Subscribe implements [es.Store].
func (s *Store) Subscribe(ctx context.Context, after es.Position) iter.Seq2[es.Record, error] {
	return func(yield func(es.Record, error) bool) {
		for {
			recs, more := s.after(after)
			for _, r := range recs {
				after = r.Position
				if !yield(r, nil) {
					return
				}
			}
			if !yield(es.Record{Position: after}, nil) {
				return
			}
			select {
			case <-more:
			case <-ctx.Done():
				yield(es.Record{}, ctx.Err())
				return
			}
		}
	}
}

// Head implements [es.Store].
func (s *Store) Head(context.Context) (es.Position, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return es.Position(gap * len(s.log)), nil
}

// Close implements [es.Store].
func (s *Store) Close() error { return nil }
