package parties_test

import (
	"testing"

	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/projections/parties"
	"github.com/entente-ledger/entente/projections/projectiontest"
)

func TestDiscreet(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w, store := projectiontest.Random(rt, 20, 80, nil)
		log := store.Records()
		at := w.At(len(log))
		projectiontest.Discreet(t, rt, log, func(conn *sqlite.Conn, sees es.Visibility) (all []projectiontest.Answer) {
			at.Sees = sees
			for _, f := range []parties.Filter{{At: at, Limit: 2, Whole: true}, {At: at, Kind: "municipality"}, {At: at, Country: "IT", Limit: 1}} {
				all = append(all, projectiontest.Paged(func(after string) ([]parties.Party, string, error) {
					f.After = after
					return parties.List(conn, f)
				})...)
			}
			for _, stream := range w.Parties() {
				all = append(all, projectiontest.Answered(parties.Get(conn, stream, at)))
			}
			for _, name := range []string{"Citta di Ancona", "Ιωάννινα", "Ikoma"} {
				all = append(all, projectiontest.Answered(parties.ByName(conn, name, at)))
			}
			return append(
				all, projectiontest.Answered(parties.ByIdentifier(conn, party.Identifier{Scheme: "wikidata", Value: "Q1"}, at)),
			)
		})
	})
}
