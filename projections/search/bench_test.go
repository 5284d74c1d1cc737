package search_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/projections/readmodel"
	"github.com/entente-ledger/entente/projections/search"
)

// syllables are what the names of the benchmark are made of.
var syllables = []string{
	"an", "co", "na", "ro", "ma", "por", "to", "lis", "bo", "gra", "nù", "mil", "fi", "ren", "ze", "tor", "ba", "ri", "sa", "lè",
}

// BenchmarkFind looks for names among 100,000 documents, some selective, some
// not; beside it, in the same views, is the raw limit of doing without an
// index: a scan of all folded texts with LIKE, which neither ranks nor sorts.
func BenchmarkFind(b *testing.B) {
	const documents = 100_000
	w := newWorld(b, seeded(1))
	r := rand.New(rand.NewPCG(1, 2))
	word := func() (s string) {
		for range 2 + r.IntN(3) {
			s += syllables[r.IntN(len(syllables))]
		}
		return s
	}
	for range documents {
		w.register(b, fmt.Sprintf("Comune di %s %s, %s", word(), word(), word()))
	}
	dir := b.TempDir()
	catchUp(b, dir, w.store, 0)
	for _, words := range []string{"anconaroma portoliscomil", "portolisbo", "anconar grami", "nconar", "fi re", "ancona", "comune"} {
		pattern := "%" + search.Fold(words) + "%"
		b.Run(words, func(b *testing.B) {
			read(b, dir, func(conn *sqlite.Conn) {
				found := 0
				for b.Loop() {
					hits, _, err := search.Find(conn, search.Query{Words: words, Limit: 20})
					require.NoError(b, err)
					found = len(hits)
				}
				b.ReportMetric(float64(found), "hits")
			})
		})
		b.Run(words+"_by_scan", func(b *testing.B) {
			read(b, dir, func(conn *sqlite.Conn) {
				for b.Loop() {
					require.NoError(b, readmodel.Query(conn, "SELECT count(*) FROM search_key WHERE folded LIKE $pattern",
						readmodel.Arguments{"$pattern": pattern}, func(*readmodel.Row) error { return nil }))
				}
			})
		})
	}
}
