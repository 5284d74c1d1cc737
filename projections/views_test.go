package projections_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections"
	"github.com/entente-ledger/entente/projections/projectiontest"
)

// seeded returns choices from a seed.
func seeded(seed uint64) projectiontest.Choose {
	return rand.New(rand.NewPCG(seed, 1)).IntN
}

// drawn returns choices that rapid makes, and shrinks.
func drawn(t *rapid.T) projectiontest.Choose {
	return func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "choice") }
}

// world returns a world after a number of steps.
func world(t require.TestingT, choose projectiontest.Choose, steps int) (*projectiontest.World, *projectiontest.Store) {
	store := projectiontest.NewStore()
	w, err := projectiontest.NewWorld(store, choose)
	require.NoError(t, err)
	for range steps {
		require.NoError(t, w.Step())
	}
	return w, store
}

// catchUp brings the views up to date as cfg says, and closes them.
func catchUp(t require.TestingT, cfg projections.Config) {
	r, err := projections.Open(cfg)
	require.NoError(t, err)
	require.NoError(t, r.CatchUp(context.Background()))
	require.NoError(t, r.Close())
}

// read reads the views in dir.
func read(t require.TestingT, dir string, use func(conn *sqlite.Conn)) {
	v := projections.OpenViews(dir)
	require.NoError(t, v.Read(context.Background(), func(conn *sqlite.Conn, _ projections.Checkpoint) error {
		use(conn)
		return nil
	}))
	require.NoError(t, v.Close())
}

// dump returns all that the views in dir hold.
func dump(t require.TestingT, dir string) (text string) {
	read(t, dir, func(conn *sqlite.Conn) {
		var err error
		text, err = projectiontest.Dump(conn)
		require.NoError(t, err)
	})
	return text
}

// rebuilt returns the dump of views that are built at once from a store.
func rebuilt(t *testing.T, store es.Store) string {
	dir := t.TempDir()
	catchUp(t, projections.Config{Dir: dir, Store: store})
	return dump(t, dir)
}
