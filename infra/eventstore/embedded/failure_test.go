package embedded_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
)

// A full disk fails the appends, all of each, and nothing else; when there is
// room again they succeed.
func TestFullDisk(t *testing.T) {
	ctx, s := context.Background(), open(t, t.TempDir())
	stream, recs := newStream(), batch(1000)
	require.NoError(t, s.OnWriter("PRAGMA max_page_count = 12"))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			_, err := s.Append(ctx, newStream(), 0, batch(1000)...)
			if err == nil {
				t.Error("the disk is full")
			}
		})
	}
	wg.Wait()
	_, err := s.Append(ctx, stream, 0, recs...)
	require.ErrorContains(t, err, "full")
	head, err := s.Head(ctx)
	require.NoError(t, err)
	require.Zero(t, head)
	for range s.ReadAll(ctx, 0) {
		t.Error("half an append")
	}
	_, err = s.Append(ctx, newStream(), 0, batch(1)...)
	require.NoError(t, err, "what fits is appended")
	require.NoError(t, s.OnWriter("PRAGMA max_page_count = 1000000"))
	p, err := s.Append(ctx, stream, 0, recs...)
	require.NoError(t, err)
	require.Equal(t, es.Position(1001), p)
}

// After any other failure nobody knows what is on the disk: the store stops
// appending, and says so.
func TestFailedCommit(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	s, err := embedded.Open(ctx, dir, embedded.Options{})
	require.NoError(t, err)
	stream := newStream()
	_, err = s.Append(ctx, stream, 0, batch(1)...)
	require.NoError(t, err)
	require.NoError(t, s.OnWriter("PRAGMA query_only = 1"))
	_, err = s.Append(ctx, stream, 1, batch(1)...)
	require.ErrorContains(t, err, "must be opened again")
	require.NoError(t, s.OnWriter("PRAGMA query_only = 0"))
	_, err = s.Append(ctx, stream, 1, batch(1)...)
	require.ErrorContains(t, err, "must be opened again")
	n := 0
	for _, err := range s.ReadStream(ctx, stream, 0) {
		require.NoError(t, err)
		n++
	}
	require.Equal(t, 1, n)
	require.NoError(t, s.Close())
	_, err = open(t, dir).Append(ctx, stream, 1, batch(1)...)
	require.NoError(t, err)
}

// The WAL is copied and begun anew while appends go on and a consumer sleeps.
func TestWALStaysShort(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	s := open(t, dir)
	_, err := s.Append(ctx, newStream(), 0, batch(1)...)
	require.NoError(t, err)
	for _, err := range s.ReadAll(ctx, 0) { // a consumer in the middle of a read
		require.NoError(t, err)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				recs := batch(1000)
				for range 20 {
					if _, err := s.Append(ctx, newStream(), 0, recs...); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
	}
	db, err := os.Stat(filepath.Join(dir, "events.db"))
	require.NoError(t, err)
	require.Greater(t, db.Size(), int64(16<<20))
	wal, err := os.Stat(filepath.Join(dir, "events.db-wal"))
	require.NoError(t, err)
	require.Less(t, wal.Size(), int64(64<<20))
}

func TestRecentIsBounded(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		size := rapid.IntRange(1, 8).Draw(rt, "size")
		get, put, held := embedded.NewRecent(size)
		model, uses := map[int]int{}, []int{}
		for i, k := range rapid.SliceOf(rapid.IntRange(0, 12)).Draw(rt, "keys") {
			if v, ok := get(k); ok {
				require.Equal(rt, model[k], v)
			} else {
				before := map[int]bool{}
				for j := len(uses) - 1; j >= 0 && len(before) < size; j-- {
					before[uses[j]] = true
				}
				require.False(rt, before[k], "%d is among the last %d used", k, size)
			}
			put(k, i)
			model[k], uses = i, append(uses, k)
			require.LessOrEqual(rt, held(), 2*size)
		}
	})
}
