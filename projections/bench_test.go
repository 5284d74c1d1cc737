package projections_test

import (
	"context"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/projections"
	"github.com/entente-ledger/entente/projections/projectiontest"
)

// BenchmarkRebuild builds all views from as many events as
// ENTENTE_BENCH_EVENTS says, by default 200,000: streams of some ten events,
// interleaved twenty at a time.
func BenchmarkRebuild(b *testing.B) {
	events := 200_000
	if n, err := strconv.Atoi(os.Getenv("ENTENTE_BENCH_EVENTS")); err == nil {
		events = n
	}
	store := bigLog(b, events)
	b.ReportAllocs()
	cache, _ := strconv.Atoi(os.Getenv("ENTENTE_BENCH_CACHE")) // 0: the default
	runtime.GC()
	debug.FreeOSMemory()
	base, peak := memory(), uint64(0)
	for b.Loop() {
		dir := b.TempDir()
		r, err := projections.Open(projections.Config{Dir: dir, Store: store, Cache: cache, Progress: func(projections.Progress) { peak = max(peak, memory()) }})
		require.NoError(b, err)
		require.NoError(b, r.CatchUp(context.Background()))
		require.NoError(b, r.Close())
		b.StopTimer()
		size(b, dir)
		b.StartTimer()
	}
	b.ReportMetric(float64(events)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(peak-base)/(1<<20), "peak-MiB") // without the log itself, which is in memory here
}

// BenchmarkRead is the raw limit beside it: the same log, decoded by nobody.
func BenchmarkRead(b *testing.B) {
	store := bigLog(b, 200_000)
	n := 0
	for b.Loop() {
		for _, err := range store.ReadAll(context.Background(), 0) {
			require.NoError(b, err)
			n++
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkLag is how long a reader waits for the views to have one more event.
func BenchmarkLag(b *testing.B) {
	w, store := world(b, seeded(1), 2000)
	dir := b.TempDir()
	r, err := projections.Open(projections.Config{Dir: dir, Store: store})
	require.NoError(b, err)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	v := r.Views()
	for b.Loop() {
		require.NoError(b, w.Step())
		head, err := store.Head(ctx)
		require.NoError(b, err)
		require.NoError(b, v.WaitFor(ctx, head))
	}
	stop()
	require.ErrorIs(b, <-done, context.Canceled)
	require.NoError(b, v.Close())
	require.NoError(b, r.Close())
}

// bigLog returns a log of at least n events, in streams of about ten.
func bigLog(b *testing.B, n int) *projectiontest.Store {
	b.Helper()
	start := time.Now()
	store := projectiontest.NewStore()
	w, err := projectiontest.NewWorld(store, seeded(1))
	require.NoError(b, err)
	w.Distinct = true
	for len(store.Records()) < n {
		for range 500 {
			require.NoError(b, w.Step())
		}
		w.Forget(20)
	}
	b.Logf("made %d events in %v", len(store.Records()), time.Since(start).Round(time.Second))
	return store.Prefix(n)
}

// memory returns the bytes that the process has from the operating system and
// did not give back.
func memory() uint64 {
	s := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64() - s[1].Value.Uint64()
}

func size(b *testing.B, dir string) {
	b.Helper()
	info, err := os.Stat(dir + "/1.db")
	require.NoError(b, err)
	b.ReportMetric(float64(info.Size())/(1<<20), "views-MiB")
}
