//go:build linux

package embedded_test

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
)

// Each benchmark runs beside the same bytes in a raw file (on=raw), so that
// their ratio, unlike their figures, can be compared between machines.

// appender is either kind of log.
type appender func(stream string, at es.Revision, recs []es.Record) error

func eachLog(b *testing.B, f func(b *testing.B, add appender)) {
	b.Run("on=raw", func(b *testing.B) { f(b, openRaw(b).append) })
	b.Run("on=store", func(b *testing.B) {
		s := open(b, b.TempDir())
		f(b, func(stream string, at es.Revision, recs []es.Record) error {
			_, err := s.Append(context.Background(), stream, at, recs...)
			return err
		})
	})
}

// BenchmarkAppend is one durable record a call, each writer on a stream of its
// own, a new one after 10 records.
func BenchmarkAppend(b *testing.B) {
	for name, writers := range map[string]int{"writers=1": 1, "writers=64": 64} {
		b.Run(name, func(b *testing.B) {
			eachLog(b, func(b *testing.B, add appender) {
				var left atomic.Int64
				left.Store(int64(b.N))
				var wg sync.WaitGroup
				b.ReportAllocs()
				b.ResetTimer()
				for range writers {
					wg.Go(func() {
						recs, stream, at := batch(1), newStream(), es.Revision(0)
						for left.Add(-1) >= 0 {
							recs[0].ID[0]++
							if err := add(stream, at, recs); err != nil {
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

// BenchmarkImport is 100 records a call from 4 writers.
func BenchmarkImport(b *testing.B) {
	const size, writers = 100, 4
	eachLog(b, func(b *testing.B, add appender) {
		var left atomic.Int64
		left.Store(int64(b.N))
		var wg sync.WaitGroup
		b.ResetTimer()
		for range writers {
			wg.Go(func() {
				recs := batch(size)
				for left.Add(-1) >= 0 {
					if err := add(newStream(), 0, recs); err != nil {
						b.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "events/s")
	})
}

// million is a store of 1,000,000 records in 100,000 streams of 10, written as
// by 50 writers in turn, and the same bytes in a raw file.
type million struct {
	dir, raw string
	streams  []string
}

const millionSize = 1_000_000

func writeMillion(b *testing.B) million {
	m := million{dir: b.TempDir(), raw: filepath.Join(b.TempDir(), "raw")}
	s, err := embedded.Open(context.Background(), m.dir, embedded.Options{})
	require.NoError(b, err)
	raw, err := os.Create(m.raw)
	require.NoError(b, err)
	var wg sync.WaitGroup
	var mu sync.Mutex
	const writers = 50
	for range writers {
		wg.Go(func() {
			recs := batch(5)
			for range millionSize / writers / 10 {
				stream := newStream()
				var buf []byte
				for at := es.Revision(0); at < 10; at += 5 {
					if _, err := s.Append(context.Background(), stream, at, recs...); err != nil {
						b.Error(err)
					}
					for i, r := range recs {
						buf = rawRecord(buf, stream, at+es.Revision(i)+1, r)
					}
				}
				mu.Lock()
				_, err := raw.Write(buf)
				m.streams = append(m.streams, stream)
				mu.Unlock()
				if err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
	require.NoError(b, s.Close())
	require.NoError(b, raw.Close())
	return m
}

// BenchmarkRead reads a log of a million records: all of it, and one stream.
func BenchmarkRead(b *testing.B) {
	m := writeMillion(b)
	info, err := os.Stat(filepath.Join(m.dir, "events.db"))
	require.NoError(b, err)
	b.Run("replay/on=raw", func(b *testing.B) {
		buf := make([]byte, 1<<20)
		for b.Loop() {
			readRaw(b, m.raw, buf)
		}
		b.ReportMetric(float64(b.N*millionSize)/b.Elapsed().Seconds(), "records/s")
	})
	s := open(b, m.dir)
	b.Run("replay/on=store", func(b *testing.B) {
		peak := watchMemory(b)
		for b.Loop() {
			n := 0
			for r, err := range s.ReadAll(context.Background(), 0) {
				if err != nil || len(r.Data) == 0 {
					b.Fatal(err)
				}
				n++
			}
			require.Equal(b, millionSize, n)
		}
		b.ReportMetric(float64(b.N*millionSize)/b.Elapsed().Seconds(), "records/s")
		b.ReportMetric(float64(peak())/(1<<20), "peak-MiB")
		b.ReportMetric(float64(info.Size())/millionSize, "disk-B/event")
	})
	b.Run("stream/of=100000", func(b *testing.B) { readStreams(b, s, m.streams) })
	b.Run("stream/of=100", func(b *testing.B) { readStreams(b, s, m.streams[:100]) })
}

// readStreams reads streams of 10 records, one after another at random.
func readStreams(b *testing.B, s es.Store, streams []string) {
	b.ReportAllocs()
	took := make([]time.Duration, 0, 1<<16)
	for b.Loop() {
		stream := streams[rand.IntN(len(streams))]
		start := time.Now()
		n := 0
		for _, err := range s.ReadStream(context.Background(), stream, 0) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		took = append(took, time.Since(start))
		if n != 10 {
			b.Fatal(n, "records")
		}
	}
	reportQuantiles(b, took)
}

// BenchmarkRepeat appends again what was appended, at the beginning of a
// stream that has gone on: no commit, a look at the ids.
func BenchmarkRepeat(b *testing.B) {
	ctx, s := context.Background(), open(b, b.TempDir())
	for name, n := range map[string]int{"records=1": 1, "records=100": 100} {
		b.Run(name, func(b *testing.B) {
			stream, recs := newStream(), batch(n)
			first, err := s.Append(ctx, stream, 0, recs...)
			require.NoError(b, err)
			_, err = s.Append(ctx, stream, es.Revision(n), batch(100)...)
			require.NoError(b, err)
			b.ReportAllocs()
			for b.Loop() {
				if p, err := s.Append(ctx, stream, 0, recs...); err != nil || p != first {
					b.Fatal(p, err)
				}
			}
		})
	}
}

func reportQuantiles(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	for name, q := range map[string]int{"p50-us": 50, "p99-us": 99} {
		b.ReportMetric(float64(took[len(took)*q/100].Nanoseconds())/1000, name)
	}
}

// watchMemory samples the resident memory of the process above what it is now,
// until the function it returns is called, which returns the peak in bytes.
func watchMemory(b *testing.B) func() int64 {
	runtime.GC()
	base, peak := resident(b), int64(0)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for tick := time.Tick(5 * time.Millisecond); ; {
			select {
			case <-tick:
				peak = max(peak, resident(b)-base)
			case <-stop:
				return
			}
		}
	}()
	return func() int64 {
		close(stop)
		<-stopped
		return peak
	}
}

func resident(b *testing.B) int64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		b.Error(err)
		return 0
	}
	var pages int64
	for _, c := range strings.Fields(string(text))[1] {
		pages = pages*10 + int64(c-'0')
	}
	return pages * int64(os.Getpagesize())
}
