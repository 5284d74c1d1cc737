package audit_test

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/audit"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
	"github.com/entente-ledger/entente/projections/projectiontest"
)

// BenchmarkVerify verifies a whole ledger in the embedded store, of as many
// events as ENTENTE_BENCH_EVENTS says, by default 20,000; beside plain SHA-256 of
// the same bytes.
func BenchmarkVerify(b *testing.B) {
	wanted := 20_000
	if n, err := strconv.Atoi(os.Getenv("ENTENTE_BENCH_EVENTS")); err == nil {
		wanted = n
	}
	dir := b.TempDir()
	store, err := embedded.Open(b.Context(), dir, embedded.Options{})
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, store.Close()) })
	require.NoError(b, fill(b.Context(), store, wanted))
	l := seal(b, store, dir)
	events, size := 0, 0
	b.ReportAllocs()
	for r, err := range store.ReadAll(b.Context(), 0) {
		require.NoError(b, err)
		events++
		size += len(r.Data) + len(r.Meta)
	}
	b.Run("full", func(b *testing.B) {
		for b.Loop() {
			report, err := audit.Verify(b.Context(), l.config(audit.Config{Full: true}), nil)
			require.NoError(b, err)
			require.Zero(b, report.Damaged, report.Damages)
		}
		b.ReportMetric(float64(events)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
	})
	b.Run("sha256_of_the_same_bytes", func(b *testing.B) {
		b.SetBytes(int64(size))
		bytes := make([]byte, size)
		for b.Loop() {
			sha256.Sum256(bytes)
		}
		b.ReportMetric(float64(events)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
	})
}

// fill records what a random ledger has, over and over in other streams, until
// there are so many events.
func fill(ctx context.Context, store es.Store, events int) error {
	sample := projectiontest.NewStore()
	random := rand.New(rand.NewPCG(1, 2))
	w, err := projectiontest.NewWorld(sample, random.IntN)
	if err != nil {
		return err
	}
	for i := range 5000 {
		if err := w.Step(); err != nil {
			return err
		}
		if i%500 == 0 {
			w.Forget(20)
		}
	}
	streams := map[string][]es.Record{}
	var names []string
	for r, err := range sample.ReadAll(ctx, 0) {
		if err != nil {
			return err
		}
		if streams[r.Stream] == nil {
			names = append(names, r.Stream)
		}
		streams[r.Stream] = append(streams[r.Stream], r)
	}
	if _, err := store.Append(ctx, names[0], 0, streams[names[0]]...); err != nil { // the opening
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(256) // the store writes together what waits together
	for n, round := 0, uint32(0); n < events; round++ {
		for _, name := range names[1:] {
			recs := streams[name]
			kind, id, err := es.ParseStream(name)
			if err != nil {
				return err
			}
			binary.BigEndian.PutUint32(id[:], round)
			group.Go(func() error {
				for part := range slices.Chunk(recs, 500) {
					if _, err := store.Append(ctx, es.StreamName(kind, id), part[0].Revision-1, part...); err != nil {
						return err
					}
				}
				return nil
			})
			n += len(recs)
		}
	}
	return group.Wait()
}
