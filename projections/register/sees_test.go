package register_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
	"github.com/entente-ledger/entente/projections/register"
)

// TestPresentVisibilityGoverns checks that what is hidden now is hidden in the
// past too, and what is shown now is shown there.
func TestPresentVisibilityGoverns(t *testing.T) {
	store := projectiontest.NewStore()
	w, err := projectiontest.NewWorld(store, func(int) int { return 0 })
	require.NoError(t, err)
	given := byte(0)
	do := func(name, stream, payload string) string {
		given++
		res, err := w.Ledger.Do(t.Context(), es.Command{ID: uuid.NewSHA1(uuid.Nil, []byte{given}), Name: name, Stream: stream, Payload: []byte(payload), Actor: "clerk"})
		require.NoError(t, err)
		return res.Stream
	}
	leaked := do("memorandum.draft", "", `{"kind":"mou","titles":[{"lang":"en","value":"Leaked"}],"visibility":"public"}`)
	opened := do("memorandum.draft", "", `{"kind":"mou","titles":[{"lang":"en","value":"Opened"}],"visibility":"restricted"}`)
	before := uint64(len(store.Records()))
	do("memorandum.reclassify", leaked, `{"visibility":"restricted","reason":"was never to be public"}`)
	do("memorandum.reclassify", opened, `{"visibility":"public","reason":"announced"}`)
	projectiontest.Read(t, t.TempDir(), store, func(conn *sqlite.Conn) {
		for _, events := range []uint64{before, 0} {
			at := readmodel.At{Events: events, Sees: es.Public}
			all, _, err := register.List(conn, register.Filter{At: at})
			require.NoError(t, err)
			require.Len(t, all, 1)
			require.Equal(t, opened, all[0].Stream)
			_, err = register.Get(conn, leaked, at, edtf.Date{})
			require.EqualError(t, err, "memorandum.unknown: there is no agreement "+leaked)
			got, err := register.Get(conn, opened, at, edtf.Date{})
			require.NoError(t, err)
			at.Sees = ""
			want, err := register.Get(conn, opened, at, edtf.Date{})
			require.NoError(t, err)
			require.Equal(t, want, got)
		}
	})
}
