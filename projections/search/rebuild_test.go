package search_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/search"
)

// own returns what the views hold, but for the tables in which the full-text
// indexes lay out what they hold.
func own(t *testing.T, conn *sqlite.Conn) string {
	all, err := projectiontest.Dump(conn)
	require.NoError(t, err)
	var lines []string
	for line := range strings.Lines(all) {
		table, _, _ := strings.Cut(line, "|")
		switch table {
		case "search_head", "search_text", "search_theme", "search_key", "search_word", "search_gram":
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

// TestRebuild checks that views that followed the log, in batches of any size,
// hold and find the same as those that are built at once, and that both indexes
// hold what the texts say.
func TestRebuild(t *testing.T) {
	w := newWorld(t, seeded(9))
	for i := range 150 {
		require.NoError(t, w.Step())
		if i%10 == 0 {
			w.register(t, strings.Repeat("生駒", 1+i/10)+" 市")
		}
	}
	queries := []string{"a", "an", "ancona", "citt", "駒", "生駒", "駒生", "ιωαν", "ωαν", "市", "oan"}
	answers := func(dir string) (rows string, all [][]search.Hit) {
		read(t, dir, func(conn *sqlite.Conn) {
			rows = own(t, conn)
			for _, words := range queries {
				all = append(all, find(t, conn, search.Query{Words: words}))
			}
		})
		return rows, all
	}
	whole := t.TempDir()
	catchUp(t, whole, w.store, 0)
	rows, found := answers(whole)
	for i, hits := range found {
		require.NotEmpty(t, hits, queries[i])
	}
	for _, batch := range []int{1, 7} {
		followed := t.TempDir()
		catchUp(t, followed, w.store.Prefix(20), 0)
		catchUp(t, followed, w.store.Prefix(90), batch)
		catchUp(t, followed, w.store, batch)
		again, same := answers(followed)
		require.Equal(t, rows, again)
		require.Equal(t, found, same)
		sound(t, followed)
	}
	sound(t, whole)
}

// sound checks the full-text indexes against what they are of.
func sound(t *testing.T, dir string) {
	conn, err := sqlite.OpenConn(filepath.Join(dir, "1.db"), sqlite.OpenReadWrite)
	require.NoError(t, err)
	for _, index := range []string{"search_word", "search_gram"} {
		require.NoError(t, sqlitex.ExecuteTransient(conn, "INSERT INTO "+index+" ("+index+", rank) VALUES ('integrity-check', 1)", nil))
	}
	require.NoError(t, conn.Close())
}
