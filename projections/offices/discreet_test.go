package offices_test

import (
	"testing"

	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/offices"
	"github.com/entente-ledger/entente/projections/projectiontest"
)

func TestDiscreet(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w, store := projectiontest.Random(rt, 20, 80, func(w *projectiontest.World) { w.Staffed = true })
		log := store.Records()
		at, on := w.At(len(log)), w.Date()
		projectiontest.Discreet(t, rt, log, func(conn *sqlite.Conn, sees es.Visibility) (all []projectiontest.Answer) {
			at.Sees = sees
			for _, party := range w.Parties() {
				all = append(all, projectiontest.Answered(offices.At(conn, terms.PartyID(party), on, at)))
			}
			return all
		})
	})
}
