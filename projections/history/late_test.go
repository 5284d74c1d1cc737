package history_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// TestLate compares what was recorded later with the metadata of the log.
func TestLate(t *testing.T) {
	store := projectiontest.NewStore()
	n := 0
	w, err := projectiontest.NewWorld(store, func(of int) int { n++; return (n*7919 + n/3) % of })
	require.NoError(t, err)
	for range 150 {
		require.NoError(t, w.Step())
	}
	dir := t.TempDir()
	r, err := projections.Open(projections.Config{Dir: dir, Store: store})
	require.NoError(t, err)
	require.NoError(t, r.CatchUp(t.Context()))
	require.NoError(t, r.Close())
	metas := map[string][]es.Meta{}
	var instants []time.Time
	for _, rec := range store.Records() {
		m, err := es.DecodeMeta(rec.Meta)
		require.NoError(t, err)
		metas[rec.Stream] = append(metas[rec.Stream], m)
		instants = append(instants, m.KnownAt, m.RecordedAt)
	}
	v := projections.OpenViews(dir)
	found := 0
	require.NoError(t, v.Read(t.Context(), func(conn *sqlite.Conn, _ projections.Checkpoint) error {
		for i, known := range instants {
			for stream, all := range metas {
				at := readmodel.At{Known: known, Recorded: instants[(i*31)%len(instants)]}
				var want []es.Revision
				for j, m := range all {
					if !m.KnownAt.After(known) && m.RecordedAt.After(known) && !m.RecordedAt.After(at.Recorded) {
						want = append(want, es.Revision(j+1))
					}
				}
				got, err := history.Late(conn, stream, at)
				require.NoError(t, err)
				require.Equal(t, want, got)
				found += len(got)
			}
		}
		none, err := history.Late(conn, "party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55", readmodel.At{})
		require.NoError(t, err)
		require.Empty(t, none)
		return nil
	}))
	require.NoError(t, v.Close())
	require.Positive(t, found, "nothing was recorded later than it was known")
}
