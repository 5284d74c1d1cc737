package tlog_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	sumdb "golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/memory"
	"github.com/entente-ledger/entente/infra/tlog"
)

const origin = "ledger.example/entente"

var ledgerID = uuid.MustParse("0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55")

// events returns n events as a ledger records them.
func events(t require.TestingT, n int) []es.Record {
	recs := make([]es.Record, n)
	for i := range recs {
		id := uuid.New()
		m := es.Meta{RecordedAt: time.Unix(1_700_000_000, 0), KnownAt: time.Unix(1_700_000_000, 0), Cause: id, Correlation: id, Actor: "clerk-7", Visibility: es.Internal}
		copy(m.Nonce[:], id[:])
		meta, err := m.Encode()
		require.NoError(t, err)
		recs[i] = es.Record{ID: id, Type: "memorandum.signed", Schema: 1, Data: fmt.Appendf(nil, `{"n":%d}`, i), Meta: meta}
	}
	return recs
}

func newStream() string { return es.StreamName("memorandum", uuid.New()) }

func config(t require.TestingT, store es.Store, dir string) tlog.Config {
	key, err := tlog.LoadKey(filepath.Join(dir, "log.key"), origin)
	require.NoError(t, err)
	return tlog.Config{Store: store, Ledger: ledgerID, Origin: origin, Key: key, Dir: tlog.Dir(filepath.Join(dir, "tlog"))}
}

// reference is the tree of RFC 6962 over the leaves of a store, by another way.
type reference struct {
	at     es.Position
	n      int64
	hashes []sumdb.Hash
}

func (r *reference) ReadHashes(indexes []int64) ([]sumdb.Hash, error) {
	out := make([]sumdb.Hash, len(indexes))
	for i, x := range indexes {
		out[i] = r.hashes[x]
	}
	return out, nil
}

// follow adds what is new in a store.
func (r *reference) follow(t require.TestingT, store es.Store) {
	for rec, err := range store.ReadAll(context.Background(), r.at) {
		require.NoError(t, err)
		r.at = rec.Position
		if rec.Stream[:7] == "entente" {
			continue
		}
		leaf, err := tlog.LeafOf(ledgerID, rec)
		require.NoError(t, err)
		text, err := leaf.Encode()
		require.NoError(t, err)
		more, err := sumdb.StoredHashes(r.n, text, r)
		require.NoError(t, err)
		r.hashes = append(r.hashes, more...)
		r.n++
	}
}

// tree returns the tree of the first n.
func (r *reference) tree(t require.TestingT, n int64) sumdb.Tree {
	require.LessOrEqual(t, n, r.n)
	root, err := sumdb.TreeHash(n, r)
	require.NoError(t, err)
	return sumdb.Tree{N: n, Hash: root}
}

func rootOf(t require.TestingT, store es.Store) (n int64, root sumdb.Hash) {
	var r reference
	r.follow(t, store)
	return r.n, r.tree(t, r.n).Hash
}

func TestSeal(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		store := memory.Open()
		dir, err := os.MkdirTemp(t.TempDir(), "")
		require.NoError(rt, err)
		cfg := config(rt, store, dir)
		s, err := tlog.Open(rt.Context(), cfg)
		require.NoError(rt, err)
		for range rapid.IntRange(1, 8).Draw(rt, "rounds") {
			for range rapid.IntRange(0, 3).Draw(rt, "appends") {
				_, err := store.Append(rt.Context(), newStream(), 0, events(rt, rapid.SampledFrom([]int{1, 2, 100, 255, 256, 257, 700}).Draw(rt, "events"))...)
				require.NoError(rt, err)
			}
			c, err := s.Seal(rt.Context())
			require.NoError(rt, err)
			n, root := rootOf(rt, store)
			require.Equal(rt, n, c.Tree.N)
			if n > 0 {
				require.Equal(rt, root, c.Tree.Hash)
				text, err := os.ReadFile(filepath.Join(string(cfg.Dir), "checkpoint"))
				require.NoError(rt, err)
				published, err := cfg.Key.Keys.Checkpoint(text)
				require.NoError(rt, err)
				require.Equal(rt, c, published)
			}
			switch rapid.SampledFrom([]string{"goes_on", "opens_again", "on_another_node", "without_cursor"}).Draw(rt, "then") {
			case "goes_on":
				continue
			case "on_another_node":
				cfg.Dir = tlog.Dir(filepath.Join(dir, uuid.NewString()))
			case "without_cursor":
				_ = os.Remove(filepath.Join(string(cfg.Dir), ".cursor"))
			}
			s, err = tlog.Open(rt.Context(), cfg)
			require.NoError(rt, err)
		}
	})
}

func TestLeaf(t *testing.T) {
	r := events(t, 1)[0]
	r.Stream, r.Revision = newStream(), 7
	leaf, err := tlog.LeafOf(ledgerID, r)
	require.NoError(t, err)
	text, err := leaf.Encode()
	require.NoError(t, err)
	again, err := json.Marshal(leaf)
	require.NoError(t, err)
	require.Equal(t, string(again), string(text))
}

// TestTwoNodes checks that nodes that seal at the same time sign one log.
func TestTwoNodes(t *testing.T) {
	store := memory.Open()
	one := config(t, store, t.TempDir())
	two := one
	two.Dir = tlog.Dir(filepath.Join(t.TempDir(), "tlog"))
	a, err := tlog.Open(t.Context(), one)
	require.NoError(t, err)
	b, err := tlog.Open(t.Context(), two)
	require.NoError(t, err)
	for i := range 30 {
		_, err := store.Append(t.Context(), newStream(), 0, events(t, 100)...)
		require.NoError(t, err)
		first, second := a, b
		if i%3 == 0 {
			first, second = b, a
		}
		c, err := first.Seal(t.Context())
		require.NoError(t, err)
		if i%2 == 0 {
			_, err = store.Append(t.Context(), newStream(), 0, events(t, 1)...)
			require.NoError(t, err)
		}
		d, err := second.Seal(t.Context())
		require.NoError(t, err)
		if i%2 == 1 {
			require.Equal(t, c, d)
		}
		n, root := rootOf(t, store)
		require.Equal(t, sumdb.Tree{N: n, Hash: root}, d.Tree)
	}
}
