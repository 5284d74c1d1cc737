package roster_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
	"github.com/entente-ledger/entente/projections/roster"
)

func TestDiscreet(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		choose := func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "choice") }
		w := &town{clerk: newClerk(rt, choose), choose: choose}
		for range rapid.IntRange(20, 150).Draw(rt, "steps") {
			require.NoError(rt, w.step())
		}
		log := w.store.Records()
		at, on := w.At(len(log)), drawDate(rt)
		projectiontest.Discreet(t, rt, log, func(conn *sqlite.Conn, sees es.Visibility) (all []projectiontest.Answer) {
			at.Sees = sees
			all = projectiontest.Paged(func(after string) ([]roster.Network, string, error) {
				return roster.List(conn, roster.Filter{At: at, On: on, Limit: 1, After: after})
			})
			for _, network := range w.networks {
				all = append(all, projectiontest.Answered(roster.Get(conn, network, at, on)))
			}
			for _, stream := range w.memberships {
				network, party, err := roster.Pair(conn, stream, at)
				all = append(all, projectiontest.Answered([]terms.PartyID{network, party}, err))
			}
			for _, about := range append([]string{""}, w.networks...) {
				within := readmodel.Within{At: at, From: day("2018").Earliest(), To: day("2020").Latest(), About: about}
				all = append(all, projectiontest.Answered(roster.Moves(conn, within)), projectiontest.Answered(roster.Held(conn, within)))
			}
			return all
		})
	})
}
