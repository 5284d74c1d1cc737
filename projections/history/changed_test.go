package history_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// TestChanged compares what has changed, and who may see it, with the log.
func TestChanged(t *testing.T) {
	store := projectiontest.NewStore()
	n := 0
	w, err := projectiontest.NewWorld(store, func(of int) int { n++; return (n*7919 + n/3) % of })
	require.NoError(t, err)
	for range 150 {
		require.NoError(t, w.Step())
	}
	log := store.Records()
	last := map[string]uint64{}
	for i, r := range log {
		last[r.Stream] = uint64(i)
	}
	sights := projectiontest.Visibilities(log)
	projectiontest.Read(t, t.TempDir(), store, func(conn *sqlite.Conn) {
		for stream, at := range last {
			for since := range uint64(len(log) + 1) {
				changed, err := history.Changed(conn, stream, since)
				require.NoError(t, err)
				require.Equal(t, at > since, changed, stream)
			}
			sight, err := readmodel.Visibility(conn, stream)
			require.NoError(t, err)
			require.Equal(t, sights[stream], sight, stream)
		}
		const none = "party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55"
		changed, err := history.Changed(conn, none, 0)
		require.NoError(t, err)
		require.False(t, changed)
		sight, err := readmodel.Visibility(conn, none)
		require.NoError(t, err)
		require.Equal(t, es.Visibility(""), sight)
	})
}
