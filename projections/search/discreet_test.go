package search_test

import (
	"testing"

	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/search"
)

func TestDiscreet(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w, store := projectiontest.Random(rt, 20, 80, nil)
		log := store.Records()
		at, on := w.At(len(log)), w.Date()
		projectiontest.Discreet(t, rt, log, func(conn *sqlite.Conn, sees es.Visibility) (all []projectiontest.Answer) {
			at.Sees = sees
			for _, q := range []search.Query{
				{At: at, Words: "ancona", Limit: 1},
				{At: at, Words: "i", Limit: 2},
				{At: at, Words: "citta di ancona", Kind: "memorandum"},
				{At: at, Words: "kom", Theme: "sdg:11"},
				{At: at, Words: "生駒", During: on},
			} {
				all = append(all, projectiontest.Paged(func(after string) ([]search.Hit, string, error) {
					q.After = after
					return search.Find(conn, q)
				})...)
			}
			for _, stream := range append(w.Parties(), w.Agreements()...) {
				all = append(all, projectiontest.Answered(search.Title(conn, stream, at)))
			}
			return all
		})
	})
}
