package projectiontest

import (
	"context"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Read has the views in a folder catch up with a log, all or those that are
// named, and calls use with them.
func Read(t require.TestingT, dir string, store es.Store, use func(conn *sqlite.Conn), named ...readmodel.Projection) {
	r, err := projections.Open(projections.Config{Dir: dir, Store: store, Projections: named})
	require.NoError(t, err)
	require.NoError(t, r.CatchUp(context.Background()))
	require.NoError(t, r.Close())
	v := projections.OpenViews(dir, named...)
	require.NoError(t, v.Read(context.Background(), func(conn *sqlite.Conn, _ projections.Checkpoint) error {
		use(conn)
		return nil
	}))
	require.NoError(t, v.Close())
}

// Random returns a world that t chooses, of so many steps, and its store. Like,
// if it is not nil, says before the first step what the world is like.
func Random(t *rapid.T, least, most int, like func(w *World)) (*World, *Store) {
	store := NewStore()
	w, err := NewWorld(store, func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "choice") })
	require.NoError(t, err)
	if like != nil {
		like(w)
	}
	for range rapid.IntRange(least, most).Draw(t, "steps") {
		require.NoError(t, w.Step())
	}
	return w, store
}
