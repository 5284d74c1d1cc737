package kurrent_test

import (
	"context"
	"iter"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
)

// Each benchmark runs on the embedded store itself (on=embedded) and through
// its server on loopback (on=server), so that the ratio of the two can be
// compared between machines.

func eachStore(b *testing.B, f func(b *testing.B, s es.Store)) {
	b.Run("on=embedded", func(b *testing.B) {
		s, err := embedded.Open(context.Background(), b.TempDir(), embedded.Options{})
		require.NoError(b, err)
		b.Cleanup(func() { require.NoError(b, s.Close()) })
		f(b, s)
	})
	b.Run("on=server", func(b *testing.B) {
		s, err := serve(b, b.TempDir()).open(context.Background())
		require.NoError(b, err)
		b.Cleanup(func() { require.NoError(b, s.Close()) })
		f(b, s)
	})
}

// batch returns records of 350 bytes of data and metadata.
func batch(n int) []es.Record {
	recs := records(n)
	for i := range recs {
		recs[i].Data = []byte(`{"text":"` + strings.Repeat("x", 337) + `"}`)
	}
	return recs
}

// BenchmarkAppend is one record a call, each writer on a stream of its own, a
// new one after 10 records.
func BenchmarkAppend(b *testing.B) {
	for name, writers := range map[string]int{"writers=1": 1, "writers=64": 64} {
		b.Run(name, func(b *testing.B) {
			eachStore(b, func(b *testing.B, s es.Store) {
				var left atomic.Int64
				left.Store(int64(b.N))
				var wg sync.WaitGroup
				b.ResetTimer()
				for range writers {
					wg.Go(func() {
						recs, stream, at := batch(1), newStream(), es.Revision(0)
						for left.Add(-1) >= 0 {
							recs[0].ID = uuid.New()
							if _, err := s.Append(context.Background(), stream, at, recs...); err != nil {
								b.Error(err)
								return
							}
							if at++; at == 10 {
								stream, at = newStream(), 0
							}
						}
					})
				}
				wg.Wait()
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "appends/s")
			})
		})
	}
}

// BenchmarkRead is 100,000 records in streams of 500, read and caught up with.
func BenchmarkRead(b *testing.B) {
	const streams, each = 200, 500
	eachStore(b, func(b *testing.B, s es.Store) {
		for range streams {
			_, err := s.Append(context.Background(), newStream(), 0, batch(each)...)
			require.NoError(b, err)
		}
		for name, log := range map[string]func(context.Context, es.Position) iter.Seq2[es.Record, error]{
			"log": s.ReadAll, "catch_up": s.Subscribe,
		} {
			b.Run(name, func(b *testing.B) {
				for b.Loop() {
					n := 0
					for r, err := range log(context.Background(), 0) {
						if err != nil {
							b.Fatal(err)
						}
						if r.IsMarker() {
							break
						}
						n++
					}
					require.Equal(b, streams*each, n)
				}
				b.ReportMetric(float64(b.N*streams*each)/b.Elapsed().Seconds(), "records/s")
			})
		}
	})
}
