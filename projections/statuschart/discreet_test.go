package statuschart_test

import (
	"testing"

	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/statuschart"
)

func TestDiscreet(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w, store := projectiontest.Random(rt, 20, 80, nil)
		log := store.Records()
		at := w.At(len(log))
		projectiontest.Discreet(t, rt, log, func(conn *sqlite.Conn, sees es.Visibility) (all []projectiontest.Answer) {
			at.Sees = sees
			for _, stream := range w.Agreements() {
				all = append(all, projectiontest.Answered(statuschart.Get(conn, stream, at)))
			}
			for _, party := range w.Parties() {
				all = append(all, projectiontest.Answered(statuschart.ByParty(conn, party, at)))
			}
			return all
		})
	})
}
