package tlog

import (
	"crypto/sha256"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"
)

// reference is the root of RFC 6962, 2.1, by its definition.
func reference(entries [][]byte) tlog.Hash {
	switch len(entries) {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return sha256.Sum256(append([]byte{0}, entries[0]...))
	}
	k := 1
	for k*2 < len(entries) {
		k *= 2
	}
	left, right := reference(entries[:k]), reference(entries[k:])
	return sha256.Sum256(append(append([]byte{1}, left[:]...), right[:]...))
}

func TestEdge(t *testing.T) {
	var e edge
	var entries [][]byte
	full := map[tile][]byte{}
	for i := range 70_000 {
		if i < 520 || i == 65_535 || i == 65_536 || i == 65_537 || i == 69_999 {
			got, err := e.tree()
			require.NoError(t, err)
			require.Equal(t, tlog.Tree{N: int64(i), Hash: reference(entries)}, got)
		}
		entry := fmt.Appendf(nil, "entry %d", i)
		entries = append(entries, entry)
		e.add(entry, func(p piece) { full[p.tile] = p.data })
	}
	require.Len(t, full, 2*(70_000/256)+1)
	top := full[tile{1, 0, 256}]
	require.Equal(t, reference(entries[:256]), tlog.Hash(top[:32]))
	got, err := splitBundle(full[tile{entriesLevel, 3, 256}], 256)
	require.NoError(t, err)
	require.Equal(t, entries[768:1024], got)
	var rest []tile
	for _, p := range e.rest() {
		rest = append(rest, p.tile)
	}
	require.Equal(t, []tile{{entriesLevel, 273, 112}, {0, 273, 112}, {1, 1, 17}, {2, 0, 1}}, rest)
}

func TestPaths(t *testing.T) {
	for want, tl := range map[string]tile{
		"tile/0/000":                  {0, 0, 256},
		"tile/0/x001/x234/067":        {0, 1234067, 256},
		"tile/3/x001/000.p/5":         {3, 1000, 5},
		"tile/entries/x273/999.p/255": {entriesLevel, 273999, 255},
	} {
		require.Equal(t, want, tl.path())
	}
	require.Equal(t, tile{0, 1, 44}, at(0, 299, 300))
	require.Equal(t, tile{0, 0, 256}, at(0, 0, 300))
	require.Equal(t, tile{1, 0, 1}, at(1, 0, 300))
	require.Equal(t, tile{entriesLevel, 1, 44}, at(entriesLevel, 256, 300))
}
