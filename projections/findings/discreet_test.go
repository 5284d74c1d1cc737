package findings_test

import (
	"testing"

	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/findings"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
)

func TestDiscreet(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w, store := projectiontest.Random(rt, 20, 80, nil)
		log := store.Records()
		at := w.At(len(log))
		projectiontest.Discreet(t, rt, log, func(conn *sqlite.Conn, sees es.Visibility) (all []projectiontest.Answer) {
			at.Sees = sees
			filters := []findings.Filter{{At: at, Limit: 2}, {At: at, Accepted: true}, {At: at, Code: findings.Duplicate}, {At: at, Kind: "party", Limit: 1}}
			for _, stream := range append(w.Parties(), w.Agreements()...) {
				filters = append(filters, findings.Filter{At: at, Stream: stream})
			}
			for _, f := range filters {
				all = append(all, projectiontest.Paged(func(after string) ([]findings.Finding, string, error) {
					f.After = after
					return findings.List(conn, f)
				})...)
			}
			for _, digit := range "0123456789abcdef" {
				all = append(all, projectiontest.Answered(findings.Resolve(conn, string(digit), readmodel.At{Sees: sees})))
			}
			return all
		})
	})
}
