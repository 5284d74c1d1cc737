package obligations_test

import (
	"testing"

	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/obligations"
	"github.com/entente-ledger/entente/projections/projectiontest"
)

func TestDiscreet(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w, store := projectiontest.Random(rt, 20, 80, func(w *projectiontest.World) { w.Owing = true })
		log := store.Records()
		at, on := w.At(len(log)), edtf.MustParse("2020-06-30")
		projectiontest.Discreet(t, rt, log, func(conn *sqlite.Conn, sees es.Visibility) (all []projectiontest.Answer) {
			at.Sees = sees
			filters := []obligations.Filter{
				{At: at, Limit: 2},
				{At: at, On: on, Open: true},
				{At: at, Overdue: on},
				{At: at, Unmet: on},
				{At: at, Came: on, Limit: 1},
				{At: at, Kind: terms.Duty, From: on},
			}
			for _, party := range w.Parties() {
				filters = append(filters, obligations.Filter{At: at, Party: terms.PartyID(party)}, obligations.Filter{At: at, By: terms.PartyID(party)})
			}
			for _, stream := range w.Agreements() {
				filters = append(filters, obligations.Filter{At: at, Stream: stream})
			}
			for _, f := range filters {
				all = append(all, projectiontest.Paged(func(after string) ([]obligations.Obligation, string, error) {
					f.After = after
					return obligations.List(conn, f)
				})...)
			}
			return all
		})
	})
}
