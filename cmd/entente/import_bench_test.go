//go:build linux

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
	"github.com/entente-ledger/entente/infra/intake"
)

// BenchmarkImport is a list of twin towns, each of its own, carried over into an
// empty ledger, and the same file again; and beside it the bare appends of the
// same events, stream by stream. The views are not counted.
func BenchmarkImport(b *testing.B) {
	for _, rows := range []int{20_000, 100_000} {
		b.Run(fmt.Sprintf("rows=%d", rows), func(b *testing.B) {
			for b.Loop() {
				importTwins(b, rows)
			}
		})
	}
}

func importTwins(b *testing.B, rows int) {
	dir := b.TempDir()
	path := filepath.Join(dir, "twins.csv")
	f, err := os.Create(path)
	require.NoError(b, err)
	w := bufio.NewWriter(f)
	_, err = w.WriteString(heading)
	require.NoError(b, err)
	for i := range rows {
		_, err = fmt.Fprintf(w, "%d;Town %d;DE;Q%d;%d;aktiv;\n", i, i, i, 1950+i%70)
		require.NoError(b, err)
	}
	require.NoError(b, w.Flush())
	require.NoError(b, f.Close())
	mapping := filepath.Join(dir, "twins.yaml")
	require.NoError(b, os.WriteFile(mapping, []byte(twins), 0o600))
	m, err := intake.ReadMapping(mapping)
	require.NoError(b, err)
	a := &app{data: filepath.Join(dir, "data"), out: io.Discard, errs: io.Discard}
	for _, what := range []string{"first", "again"} {
		require.NoError(b, a.withLedger(b.Context(), "clerk", func(l *opened) error {
			require.NoError(b, l.catchUp(b.Context()))
			var peak uint64
			began := time.Now()
			res, err := intake.Run(b.Context(), intake.Config{
				Ledger: l.Ledger, Directory: directory{l}, Cited: l.cited, Keep: func(context.Context, string) error { return nil },
				Actor: "clerk", Now: time.Now, Mapping: m, Path: path,
				Progress: func(string, int, int) { peak = max(peak, resident(b)) },
			})
			took := time.Since(began)
			require.NoError(b, err)
			require.Equal(b, rows, res.Recorded+res.Unchanged)
			b.ReportMetric(float64(rows)/took.Seconds(), what+"_rows/s")
			b.ReportMetric(float64(peak)/(1<<20), what+"_peak_MiB")
			return res.Close()
		}))
	}
	b.ReportMetric(float64(rows)/bareAppends(b, a.data).Seconds(), "bare_rows/s")
}

// bareAppends appends the events of a store to another, as many streams at a time as
// an import records, and returns how long that took.
func bareAppends(b *testing.B, data string) time.Duration {
	from, err := embedded.Open(b.Context(), data, embedded.Options{ReadOnly: true})
	require.NoError(b, err)
	streams := map[string][]es.Record{}
	for r, err := range from.ReadAll(b.Context(), 0) {
		require.NoError(b, err)
		streams[r.Stream] = append(streams[r.Stream], r)
	}
	require.NoError(b, from.Close())
	to, err := embedded.Open(b.Context(), b.TempDir(), embedded.Options{})
	require.NoError(b, err)
	runtime.GC()
	began := time.Now()
	g, ctx := errgroup.WithContext(b.Context())
	g.SetLimit(64)
	for name, recs := range streams {
		g.Go(func() error {
			_, err := to.Append(ctx, name, 0, recs...)
			return err
		})
	}
	require.NoError(b, g.Wait())
	took := time.Since(began)
	require.NoError(b, to.Close())
	return took
}
