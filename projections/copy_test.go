package projections_test

import (
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/projections"
	"github.com/entente-ledger/entente/projections/projectiontest"
)

func TestCopy(t *testing.T) {
	store := projectiontest.NewStore()
	w, err := projectiontest.NewWorld(store, rand.New(rand.NewPCG(1, 1)).IntN)
	require.NoError(t, err)
	for range 30 {
		require.NoError(t, w.Step())
	}
	from, to := t.TempDir(), filepath.Join(t.TempDir(), "copy")
	require.NoError(t, projections.Copy(t.Context(), filepath.Join(from, "none"), to), "there is nothing to copy yet")
	r, err := projections.Open(projections.Config{Dir: from, Store: store})
	require.NoError(t, err)
	require.NoError(t, r.CatchUp(t.Context()))
	require.NoError(t, projections.Copy(t.Context(), from, to), "while a runner has them open")
	require.NoError(t, r.Close())

	at := func(dir string) projections.Checkpoint {
		v := projections.OpenViews(dir)
		c, err := v.Checkpoint(t.Context())
		require.NoError(t, err)
		require.NoError(t, v.Close())
		return c
	}
	require.Equal(t, at(from), at(to))
	for range 5 {
		require.NoError(t, w.Step())
	}
	r, err = projections.Open(projections.Config{Dir: to, Store: store})
	require.NoError(t, err)
	require.NoError(t, r.CatchUp(t.Context()), "the copy goes on")
	require.NoError(t, r.Close())
	require.Less(t, at(from).Events, at(to).Events)
}
