package projections_test

import (
	"context"
	"errors"
	"iter"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections"
	"github.com/entente-ledger/entente/projections/projectiontest"
)

// TestRebuiltEqualsLive checks that what the views hold follows from the log
// alone: not from the size of batches or of the cache, nor from when the runner
// was started, stopped or interrupted.
func TestRebuiltEqualsLive(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		require.NoError(rt, err)
		w, store := world(rt, drawn(rt), 10)
		cfg := projections.Config{
			Dir: dir, Store: store, Batch: rapid.IntRange(1, 20).Draw(rt, "batch"),
			Cache: rapid.SampledFrom([]int{1, 7, 1000}).Draw(rt, "cache"), Workers: rapid.IntRange(1, 3).Draw(rt, "workers"),
		}
		for range rapid.IntRange(1, 5).Draw(rt, "runs") {
			for range rapid.IntRange(0, 15).Draw(rt, "steps") {
				require.NoError(rt, w.Step())
			}
			failing := cfg
			failing.Store = &cutStore{Store: store, left: rapid.IntRange(0, 20).Draw(rt, "cut")}
			r, err := projections.Open(failing)
			require.NoError(rt, err)
			if err := r.CatchUp(context.Background()); err != nil {
				require.ErrorIs(rt, err, errCut)
			}
			require.NoError(rt, r.Close())
		}
		catchUp(rt, cfg)
		require.Equal(rt, rebuilt(t, store), dump(rt, dir))
	})
}

var errCut = errors.New("the connection was cut")

// cutStore is a store whose log breaks off after some records.
type cutStore struct {
	es.Store
	left int
}

func (s *cutStore) ReadAll(ctx context.Context, after es.Position) iter.Seq2[es.Record, error] {
	return func(yield func(es.Record, error) bool) {
		for r, err := range s.Store.ReadAll(ctx, after) {
			if s.left--; s.left < 0 {
				yield(es.Record{}, errCut)
				return
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

func TestRunFollows(t *testing.T) {
	w, store := world(t, seeded(2), 50)
	dir := t.TempDir()
	r, err := projections.Open(projections.Config{Dir: dir, Store: store, Batch: 7, Cache: 50})
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()

	v := projections.OpenViews(dir)
	for range 30 {
		for range 10 {
			require.NoError(t, w.Step())
		}
		head, err := store.Head(ctx)
		require.NoError(t, err)
		require.NoError(t, v.WaitFor(ctx, head))
	}
	require.NoError(t, r.Rebuild(ctx), "beside Run")
	for range 100 {
		require.NoError(t, w.Step())
	}
	head, err := store.Head(ctx)
	require.NoError(t, err)
	require.NoError(t, v.WaitFor(ctx, head))
	require.Equal(t, head, r.Checkpoint().Position)
	stop()
	require.ErrorIs(t, <-done, context.Canceled)
	require.NoError(t, v.Close())
	require.NoError(t, r.Close())
	require.Equal(t, rebuilt(t, store), dump(t, dir))
}

// TestCheckpoint checks what the views say of themselves, and that it is told.
func TestCheckpoint(t *testing.T) {
	w, store := world(t, seeded(3), 40)
	var told []projections.Progress
	r, err := projections.Open(projections.Config{
		Dir: t.TempDir(), Store: store, Batch: 10, Progress: func(p projections.Progress) { told = append(told, p) },
	})
	require.NoError(t, err)
	require.Zero(t, r.Checkpoint())
	require.NoError(t, r.CatchUp(context.Background()))
	all := store.Records()
	last := all[len(all)-1]
	require.Equal(t, projections.Checkpoint{
		Ledger: w.Ledger.ID, Position: last.Position, Events: uint64(len(all)),
		Last: projections.Place{Stream: last.Stream, Revision: last.Revision, ID: last.ID, Position: last.Position},
	}, r.Checkpoint())
	require.Len(t, told, (len(all)+9)/10)
	tenth, err := es.DecodeMeta(all[9].Meta)
	require.NoError(t, err)
	require.Equal(t, projections.Progress{Generation: 1, Building: true, Events: 10, Position: all[9].Position, Head: last.Position, Recorded: tenth.RecordedAt}, told[0])
	require.NoError(t, r.Close())
}

// TestOtherRecords checks that a system's own streams take no sequence, and
// that the views come past them.
func TestOtherRecords(t *testing.T) {
	w, store := world(t, seeded(4), 20)
	events := len(store.Records())
	store.Put(es.Record{Stream: "entente_lease", Revision: 1, Type: "lease", Schema: 1})
	dir := t.TempDir()
	cfg := projections.Config{Dir: dir, Store: store}
	catchUp(t, cfg)
	v := projections.OpenViews(dir)
	head, err := store.Head(t.Context())
	require.NoError(t, err)
	require.NoError(t, v.WaitFor(t.Context(), head))
	at, err := v.Checkpoint(t.Context())
	require.NoError(t, err)
	require.Equal(t, uint64(events), at.Events)
	for range 20 {
		require.NoError(t, w.Step())
	}
	catchUp(t, cfg)
	at, err = v.Checkpoint(t.Context())
	require.NoError(t, err)
	require.Equal(t, uint64(len(store.Records())-1), at.Events)
	require.NoError(t, v.Close())
}

func TestEmptyStore(t *testing.T) {
	dir := t.TempDir()
	catchUp(t, projections.Config{Dir: dir, Store: projectiontest.NewStore()})
	v := projections.OpenViews(dir)
	at, err := v.Checkpoint(t.Context())
	require.NoError(t, err)
	require.Zero(t, at)
	require.NoError(t, v.Close())
}
