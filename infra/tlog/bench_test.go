package tlog_test

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
	"github.com/entente-ledger/entente/infra/tlog"
)

func store(b *testing.B) *embedded.Store {
	s, err := embedded.Open(context.Background(), b.TempDir(), embedded.Options{})
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, s.Close()) })
	return s
}

// fill appends n events from 4 writers, 100 at a time.
func fill(b *testing.B, s *embedded.Store, n int) {
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			recs := events(b, 100)
			for range n / 400 {
				if _, err := s.Append(context.Background(), newStream(), 0, recs...); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

const sealed = 100_000 // events

// BenchmarkSeal seals a log that is there, beside the appending of it.
func BenchmarkSeal(b *testing.B) {
	b.Run("on=append", func(b *testing.B) {
		for b.Loop() {
			fill(b, store(b), sealed)
		}
		b.ReportMetric(float64(b.N*sealed)/b.Elapsed().Seconds(), "events/s")
	})
	b.Run("on=seal", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			s := store(b)
			fill(b, s, sealed)
			cfg := config(b, s, b.TempDir())
			sealer, err := tlog.Open(context.Background(), cfg)
			require.NoError(b, err)
			b.StartTimer()
			_, err = sealer.Seal(context.Background())
			require.NoError(b, err)
		}
		b.ReportMetric(float64(b.N*sealed)/b.Elapsed().Seconds(), "events/s")
	})
}

// BenchmarkAppendSealed is one event a call from 64 writers, with and without
// the log following, and how long after an append the checkpoint is there.
func BenchmarkAppendSealed(b *testing.B) {
	for name, on := range map[string]bool{"log=off": false, "log=on": true} {
		b.Run(name, func(b *testing.B) {
			s := store(b)
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			l := &lags{}
			ended := make(chan error, 1)
			if on {
				sealer, err := tlog.Open(ctx, config(b, s, b.TempDir()))
				require.NoError(b, err)
				go func() { ended <- sealer.Run(ctx, l.sealed) }()
			}
			var left atomic.Int64
			left.Store(int64(b.N))
			var wg sync.WaitGroup
			b.ResetTimer()
			for range 64 {
				wg.Go(func() {
					recs, stream, at := events(b, 1), newStream(), es.Revision(0)
					for left.Add(-1) >= 0 {
						recs[0].ID[0]++
						if _, err := s.Append(ctx, stream, at, recs...); err != nil {
							b.Error(err)
							return
						}
						l.appended()
						if at++; at == 10 {
							stream, at = newStream(), 0
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "appends/s")
			b.StopTimer()
			if on {
				for l.waiting() {
					time.Sleep(time.Millisecond)
				}
				cancel()
				<-ended
				l.report(b)
			}
		})
	}
}

// lags measures the time from the n-th append to a checkpoint of n events.
type lags struct {
	mu    sync.Mutex
	at    []time.Time
	done  int
	waits []time.Duration
}

func (l *lags) appended() {
	l.mu.Lock()
	l.at = append(l.at, time.Now())
	l.mu.Unlock()
}

func (l *lags) sealed(c tlog.Checkpoint) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	for ; l.done < min(len(l.at), int(c.Tree.N)); l.done++ {
		l.waits = append(l.waits, now.Sub(l.at[l.done]))
	}
}

func (l *lags) waiting() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.done < len(l.at)
}

func (l *lags) report(b *testing.B) {
	slices.Sort(l.waits)
	for name, q := range map[string]int{"p50-ms": 50, "p99-ms": 99} {
		b.ReportMetric(float64(l.waits[len(l.waits)*q/100].Microseconds())/1000, name)
	}
}

func BenchmarkReceipt(b *testing.B) {
	s := store(b)
	fill(b, s, sealed)
	cfg := config(b, s, b.TempDir())
	sealer, err := tlog.Open(context.Background(), cfg)
	require.NoError(b, err)
	c, err := sealer.Seal(context.Background())
	require.NoError(b, err)
	b.Run("make", func(b *testing.B) {
		for b.Loop() {
			if _, err := cfg.Dir.Receipt(70_001, c); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("verify", func(b *testing.B) {
		r, err := cfg.Dir.Receipt(70_001, c)
		require.NoError(b, err)
		text := r.Encode()
		for b.Loop() {
			r, err := tlog.ParseReceipt(text)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := r.Verify(r.Leaf, cfg.Key.Keys); err != nil {
				b.Fatal(err)
			}
		}
	})
}
