package storetest

import (
	"context"
	"errors"
	"maps"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
)

var endTests = []test{
	{"closed_store_refuses", func(t *testing.T, b Backend) {
		s, stream := open(t, b), newStream()
		appendTo(t, s, stream, 0, 1)
		require.NoError(t, s.Close())
		require.NoError(t, s.Close(), "again")
		_, err := s.Append(testContext(t), stream, 1, newRecords(1)...)
		require.Error(t, err)
		_, err = s.Head(testContext(t))
		require.Error(t, err)
		for name, seq := range sequences(testContext(t), s, stream) {
			require.Error(t, last(t, seq, func() { t.Error(name + " yields") }), name)
		}
	}},
	{"close_ends_subscriptions", func(t *testing.T, b Backend) {
		s := open(t, b)
		ctx := testContext(t)
		var wg sync.WaitGroup
		marked := make(chan struct{}, 8)
		errs := make(chan error, 8)
		for range 8 {
			wg.Go(func() {
				first := true
				for r, err := range s.Subscribe(ctx, 0) {
					if err != nil {
						errs <- err
					} else if r.IsMarker() && first {
						first = false
						marked <- struct{}{}
					}
				}
			})
		}
		for range 8 {
			<-marked
		}
		require.NoError(t, s.Close())
		wg.Wait()
		require.Len(t, errs, 8)
		require.NoError(t, ctx.Err())
	}},
	{"close_inside_a_loop", func(t *testing.T, b Backend) {
		s, stream := open(t, b), newStream()
		appendTo(t, s, stream, 0, es.MaxAppendRecords)
		require.Error(t, last(t, s.ReadStream(testContext(t), stream, 0), func() { require.NoError(t, s.Close()) }))
	}},
	{"close_finishes_what_was_accepted", func(t *testing.T, b Backend) {
		s, ctx := open(t, b), testContext(t)
		acked := ackedUntil(t, s, func() { require.NoError(t, s.Close()) })
		if b.Volatile {
			return
		}
		s = open(t, b)
		requireAcked(ctx, t, s, acked)
	}},
	{"reopened_store_goes_on", func(t *testing.T, b Backend) {
		if b.Volatile {
			t.Skip("nothing outlives this store")
		}
		s, stream, recs := open(t, b), newStream(), newRecords(3)
		first, err := s.Append(testContext(t), stream, 0, recs...)
		require.NoError(t, err)
		before := head(t, s)
		require.NoError(t, s.Close())
		s = open(t, b)
		require.GreaterOrEqual(t, head(t, s), before)
		again, err := s.Append(testContext(t), stream, 0, recs...)
		require.NoError(t, err)
		require.Equal(t, first, again)
		_, err = s.Append(testContext(t), stream, 0, newRecords(1)...)
		require.ErrorIs(t, err, es.ErrConflict)
		want := append(placed(stream, 0, recs), appendTo(t, s, stream, 3, 2)...)
		want = append(want, appendTo(t, s, stream, 5, 1)...)
		requireStream(t, s, stream, want)
		requireSound(t, s, 0)
	}},
	{"unclean_end_keeps_what_was_acknowledged", func(t *testing.T, b Backend) {
		if b.Crash == nil {
			t.Skip("this store cannot be crashed")
		}
		s := open(t, b)
		var after Backend
		acked := ackedUntil(t, s, func() { after = b.Crash(t) })
		for range 2 { // the second time after a clean end
			s = open(t, after)
			requireAcked(testContext(t), t, s, acked)
			requireSound(t, s, 0)
			appendTo(t, s, newStream(), 0, 1)
			require.NoError(t, s.Close())
		}
	}},
}

// ackedUntil lets writers append until each has at least 5 records, calls end
// while they go on, and returns what was acknowledged before end began.
func ackedUntil(t *testing.T, s es.Store, end func()) map[string][]es.Record {
	t.Helper()
	ctx, cancel := context.WithCancel(testContext(t))
	defer cancel()
	var mu sync.Mutex
	acked := map[string][]es.Record{}
	var wg, warm sync.WaitGroup
	warm.Add(8)
	for range 8 {
		wg.Go(func() {
			stream := newStream()
			for at := es.Revision(0); ctx.Err() == nil; at++ {
				if at == 5 {
					warm.Done()
				}
				recs := newRecords(1)
				if _, err := s.Append(ctx, stream, at, recs...); err != nil {
					if errors.Is(err, es.ErrConflict) {
						t.Error(err)
					}
					return
				}
				mu.Lock()
				acked[stream] = append(acked[stream], placed(stream, at, recs)...)
				mu.Unlock()
			}
		})
	}
	warm.Wait()
	mu.Lock()
	before := map[string][]es.Record{}
	maps.Copy(before, acked)
	mu.Unlock()
	end()
	cancel()
	wg.Wait()
	return before
}

// requireAcked fails unless every stream begins with what was acknowledged.
func requireAcked(ctx context.Context, t *testing.T, s es.Store, acked map[string][]es.Record) {
	t.Helper()
	require.NotEmpty(t, acked)
	for stream, want := range acked {
		got := all(t, s.ReadStream(ctx, stream, 0))
		require.GreaterOrEqual(t, len(got), len(want))
		requireSame(t, want, got[:len(want)])
	}
}
