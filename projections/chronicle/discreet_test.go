package chronicle_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/chronicle"
	"github.com/entente-ledger/entente/projections/projectiontest"
)

func TestDiscreet(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newTown(rt, func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "choice") })
		for range rapid.IntRange(20, 150).Draw(rt, "steps") {
			require.NoError(rt, w.step())
		}
		q := question(rt, w)
		projectiontest.Discreet(t, rt, w.store.Records(), func(conn *sqlite.Conn, sees es.Visibility) []projectiontest.Answer {
			q.At.Sees = sees
			return []projectiontest.Answer{
				projectiontest.Answered(chronicle.List(conn, q, chronicle.Headings()...)),
				projectiontest.Answered(chronicle.Monthly(conn, q, 0)),
			}
		})
	})
}
