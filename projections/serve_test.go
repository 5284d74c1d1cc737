package projections_test

import (
	"context"
	"errors"
	"iter"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// flakyStore is a store whose subscriptions each break off after some records.
type flakyStore struct {
	es.Store
	after int
}

func (s *flakyStore) Subscribe(ctx context.Context, after es.Position) iter.Seq2[es.Record, error] {
	return func(yield func(es.Record, error) bool) {
		left := s.after
		for r, err := range s.Store.Subscribe(ctx, after) {
			if left--; left < 0 {
				yield(es.Record{}, errCut)
				return
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// TestServe checks that readers who wait see what was recorded, while the store
// breaks off again and again and somebody rebuilds the views.
func TestServe(t *testing.T) {
	w, store := world(t, seeded(5), 50)
	dir := t.TempDir()
	var outlived atomic.Int64
	r, err := projections.Open(projections.Config{Dir: dir, Store: &flakyStore{store, 60}, Outlived: func(err error) {
		if !errors.Is(err, errCut) {
			t.Errorf("outlived: %v", err)
		}
		outlived.Add(1)
	}})
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- r.Serve(ctx) }()
	v := r.Views()
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			for outlived.Load() < 5 {
				follow(t, v, store)
			}
		})
	}
	for steps := 0; outlived.Load() < 5; steps++ {
		require.NoError(t, w.Step())
		if steps == 50 {
			require.NoError(t, r.Rebuild(ctx))
		}
		follow(t, v, store)
	}
	readers.Wait()
	follow(t, v, store)
	since, err := r.Behind(ctx)
	require.NoError(t, err)
	require.Zero(t, since)
	stop()
	require.ErrorIs(t, <-done, context.Canceled)
	require.NoError(t, v.Close())
	require.NoError(t, r.Close())
	require.Equal(t, rebuilt(t, store), dump(t, dir))
}

// follow reads at the head of the store, and requires that all is there.
func follow(t *testing.T, v *projections.Views, store es.Store) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	head, err := store.Head(ctx)
	require.NoError(t, err)
	require.NoError(t, v.ReadAt(ctx, head, func(conn *sqlite.Conn, at projections.Checkpoint) error {
		require.GreaterOrEqual(t, at.Position, head)
		return readmodel.Query(conn, "SELECT count(*) FROM history", nil, func(r *readmodel.Row) error {
			require.Equal(t, at.Events, uint64(r.Int()))
			return nil
		})
	}))
}

// TestLagging checks what is said of views that have not come far enough: while
// there are none, and when they are behind the store.
func TestLagging(t *testing.T) {
	w, store := world(t, seeded(6), 30)
	r, err := projections.Open(projections.Config{Dir: t.TempDir(), Store: store})
	require.NoError(t, err)
	for _, v := range []*projections.Views{r.Views(), r.Views()} {
		late, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		head, err := store.Head(t.Context())
		require.NoError(t, err)
		err = v.ReadAt(late, head, func(*sqlite.Conn, projections.Checkpoint) error { return nil })
		cancel()
		require.ErrorIs(t, err, es.ErrConflict)
		require.ErrorContains(t, err, "views.lagging")
		since, err := r.Behind(t.Context())
		require.NoError(t, err)
		first, err := es.DecodeMeta(store.Records()[r.Checkpoint().Events].Meta)
		require.NoError(t, err)
		require.Equal(t, first.RecordedAt, since)

		require.NoError(t, r.CatchUp(t.Context()))
		require.NoError(t, v.WaitFor(t.Context(), head))
		require.NoError(t, v.Close())
		for range 30 {
			require.NoError(t, w.Step())
		}
	}
	require.NoError(t, r.Close())
}

// TestServeGivesUp checks that what only a person can remedy is not tried again.
func TestServeGivesUp(t *testing.T) {
	_, store := world(t, seeded(7), 20)
	dir := t.TempDir()
	catchUp(t, projections.Config{Dir: dir, Store: store})
	r, err := projections.Open(projections.Config{Dir: dir, Store: store.Prefix(10)})
	require.NoError(t, err)
	require.ErrorIs(t, r.Serve(t.Context()), es.ErrCorrupt)
	require.NoError(t, r.Close())
}
