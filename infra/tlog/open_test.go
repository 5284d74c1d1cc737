package tlog_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/memory"
	"github.com/entente-ledger/entente/infra/tlog"
)

// copyOf returns a store with what another has, as edit would have it.
func copyOf(t *testing.T, from es.Store, edit func(i int, r *es.Record) (keep bool)) es.Store {
	t.Helper()
	to := memory.Open()
	revisions := map[string]es.Revision{}
	i := 0
	for r, err := range from.ReadAll(t.Context(), 0) {
		require.NoError(t, err)
		if edit(i, &r) {
			_, err := to.Append(t.Context(), r.Stream, revisions[r.Stream], r)
			require.NoError(t, err)
			revisions[r.Stream]++
		}
		i++
	}
	return to
}

// TestOpen checks what must be noticed before anything is signed.
func TestOpen(t *testing.T) {
	const sealed = 700
	checkpoint := func(r *es.Record) bool { return r.Stream == tlog.CheckpointStream }
	flipped := func(t *testing.T, path ...string) {
		t.Helper()
		file := filepath.Join(path...)
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		content[len(content)-9] ^= 1
		require.NoError(t, os.WriteFile(file, content, 0o600))
	}
	for name, c := range map[string]struct {
		edit   func(i int, r *es.Record) bool // of the store, nil: none
		damage func(t *testing.T, dir string) // of the folder, nil: none
		code   string
	}{
		"untouched": {},
		"a_store_shorter_than_the_tree": {
			edit: func(i int, r *es.Record) bool { return checkpoint(r) || i < sealed-1 },
			code: "tlog.store_short",
		},
		"a_store_restored_without_the_last_checkpoint": {
			edit: func(i int, r *es.Record) bool { return !checkpoint(r) || i < sealed },
			code: "tlog.store_behind",
		},
		"the_last_event_is_another": {
			edit: func(i int, r *es.Record) bool {
				if i == sealed {
					r.Data = []byte(`{"n":-1}`)
				}
				return true
			},
			code: "tlog.store_changed",
		},
		"an_event_of_the_last_bundle_is_gone": {
			edit: func(i int, _ *es.Record) bool { return i != sealed-20 },
			code: "tlog.store_changed",
		},
		"the_last_checkpoint_is_none": {
			edit: func(i int, r *es.Record) bool {
				if checkpoint(r) && i > sealed {
					r.Data = bytes.Replace(r.Data, []byte(`\n`), []byte(`\nx`), 1)
				}
				return true
			},
			code: "tlog.bad_kept",
		},
		"the_published_checkpoint_is_none": {
			damage: func(t *testing.T, dir string) { flipped(t, dir, "tlog", "checkpoint") },
			code:   "tlog.bad_published",
		},
		"another_key": {
			damage: func(t *testing.T, dir string) { require.NoError(t, os.Remove(filepath.Join(dir, "log.key"))) },
			code:   "tlog.bad_kept",
		},
		"a_tile_of_the_edge": {
			damage: func(t *testing.T, dir string) { flipped(t, dir, "tlog", "tile", "0", "002.p", "188") },
			code:   "tlog.tiles_damaged",
		},
		"a_tile_above": {
			damage: func(t *testing.T, dir string) { flipped(t, dir, "tlog", "tile", "1", "000.p", "2") },
			code:   "tlog.tiles_damaged",
		},
		"the_last_bundle": {
			damage: func(t *testing.T, dir string) { flipped(t, dir, "tlog", "tile", "entries", "002.p", "188") },
			code:   "tlog.store_changed",
		},
		"the_last_bundle_is_gone": {
			damage: func(t *testing.T, dir string) {
				require.NoError(t, os.Remove(filepath.Join(dir, "tlog", "tile", "entries", "002.p", "188")))
			},
			code: "tlog.tiles_damaged",
		},
	} {
		t.Run(name, func(t *testing.T) {
			store, dir := es.Store(memory.Open()), t.TempDir()
			s, err := tlog.Open(t.Context(), config(t, store, dir))
			require.NoError(t, err)
			for _, n := range []int{400, sealed - 400} {
				_, err = store.Append(t.Context(), newStream(), 0, events(t, n)...)
				require.NoError(t, err)
				_, err = s.Seal(t.Context())
				require.NoError(t, err)
			}
			if c.edit != nil {
				store = copyOf(t, store, c.edit)
			}
			if c.damage != nil {
				c.damage(t, dir)
			}
			before := checkpoints(t, store)
			_, err = tlog.Open(t.Context(), config(t, store, dir))
			if c.code == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, es.ErrCorrupt)
			require.ErrorIs(t, err, &es.Error{Code: c.code})
			require.Equal(t, before, checkpoints(t, store), "nothing was signed")
		})
	}
}

// checkpoints counts those in a store.
func checkpoints(t *testing.T, store es.Store) (n int) {
	t.Helper()
	for _, err := range store.ReadStream(t.Context(), tlog.CheckpointStream, 0) {
		require.NoError(t, err)
		n++
	}
	return n
}

// TestRecount checks that a log recomputed from its leaves, from anywhere, is the log.
func TestRecount(t *testing.T) {
	store, dir := memory.Open(), t.TempDir()
	cfg := config(t, store, dir)
	s, err := tlog.Open(t.Context(), cfg)
	require.NoError(t, err)
	for range 67 { // 256 hashes of the second level and more
		_, err = store.Append(t.Context(), newStream(), 0, events(t, 990)...)
		require.NoError(t, err)
	}
	c, err := s.Seal(t.Context())
	require.NoError(t, err)
	_, err = store.Append(t.Context(), newStream(), 0, events(t, 100)...)
	require.NoError(t, err)
	earlier := c
	c, err = s.Seal(t.Context())
	require.NoError(t, err)
	for _, from := range []int64{0, 256, 65_280, 65_536, 66_304} {
		r, err := cfg.Dir.Recount(from, c.Tree.N)
		require.NoError(t, err)
		for first := from; first < c.Tree.N; first += tlog.Width {
			hashes, err := cfg.Dir.LeafHashes(first, c.Tree.N)
			require.NoError(t, err)
			for _, h := range hashes {
				damaged, err := r.Add(h)
				require.NoError(t, err)
				require.Empty(t, damaged)
				if r.Size() == earlier.Tree.N {
					require.Equal(t, earlier.Tree, r.Tree())
				}
			}
		}
		require.Equal(t, c.Tree, r.Tree())
		damaged, err := r.Edge()
		require.NoError(t, err)
		require.Empty(t, damaged)
	}
	full := filepath.Join(string(cfg.Dir), "tile", "1", "000")
	content, err := os.ReadFile(full)
	require.NoError(t, err)
	content[100] ^= 1
	require.NoError(t, os.WriteFile(full, content, 0o600))
	r, err := cfg.Dir.Recount(0, c.Tree.N)
	require.NoError(t, err)
	var said []string
	for first := int64(0); first < c.Tree.N; first += tlog.Width {
		hashes, err := cfg.Dir.LeafHashes(first, c.Tree.N)
		require.NoError(t, err)
		for _, h := range hashes {
			damaged, err := r.Add(h)
			require.NoError(t, err)
			if damaged != "" {
				said = append(said, damaged)
			}
		}
	}
	require.Equal(t, []string{"tile/1/000 does not have the hashes that the leaves give"}, said)
}
