package offices_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/person"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/offices"
	"github.com/entente-ledger/entente/projections/projectiontest"
)

func TestMain(m *testing.M) {
	if err := projectiontest.Checks(20); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// TestOracle checks who holds what at each party, on all axes, against the
// folded prefixes of the persons.
func TestOracle(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w, store := projectiontest.Random(rt, 20, 80, func(w *projectiontest.World) { w.Staffed = true })
		dir, err := os.MkdirTemp(t.TempDir(), "")
		require.NoError(rt, err)
		projectiontest.Read(rt, dir, store, func(conn *sqlite.Conn) {
			for range 5 {
				compare(rt, conn, store.Records(), w)
			}
		})
	})
}

func compare(t *rapid.T, conn *sqlite.Conn, log []es.Record, w *projectiontest.World) {
	at, on := w.At(len(log)), w.Date()
	want := map[terms.PartyID][]offices.Holder{}
	for _, stream := range w.Persons() {
		recs, err := projectiontest.Prefix(log, stream, at)
		require.NoError(t, err)
		s, err := projectiontest.Fold(person.Decider, recs)
		require.NoError(t, err)
		for h := range s.Book().Held() {
			f, ok := h.Event.(person.FunctionHeld)
			began, ended := edtf.Before(on, f.From()).Not(), edtf.No
			if !f.Until.IsUnknown() {
				ended = edtf.Before(on, f.Until).Not()
			}
			if held := began.And(ended.Not()); ok && h.Moves() && held != edtf.No {
				want[f.At] = append(want[f.At], offices.Holder{
					Person: terms.PersonID(stream), By: h.Revision, Held: held,
					Function: person.Function{Title: f.Function, At: f.At, From: f.From(), Until: f.Until},
				})
			}
		}
	}
	for _, party := range w.Parties() {
		got, err := offices.At(conn, terms.PartyID(party), on, at)
		require.NoError(t, err)
		require.Equal(t, want[terms.PartyID(party)], got)
	}
}
