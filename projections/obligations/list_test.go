package obligations_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/projections"
	"github.com/entente-ledger/entente/projections/obligations"
	"github.com/entente-ledger/entente/projections/projectiontest"
)

// What the clock has recorded is not asked for again, and is listed still.
func TestList_came(t *testing.T) {
	store := projectiontest.NewStore()
	l, err := ledger.Open(t.Context(), store, time.Now, func() [16]byte { return uuid.New() },
		ledger.Opening{ID: uuid.New(), Origin: "ledger.example/test", Actor: "clerk"})
	require.NoError(t, err)
	do := func(name, stream, payload string) es.Result {
		res, err := l.Do(t.Context(), es.Command{ID: uuid.New(), Name: name, Stream: stream, Payload: []byte(payload), Actor: "clerk"})
		require.NoError(t, err)
		return res
	}
	lviv := do("party.register", "", `{"kind":"municipality","name":{"lang":"uk","value":"Львів"}}`).Stream
	pact := do("memorandum.draft", "", `{"kind":"mou","titles":[{"lang":"en","value":"Rivers"}],"parties":[{"id":"`+lviv+`"}]}`).Stream
	do("memorandum.record_undertaking", pact, `{"key":"report","by":{"id":"`+lviv+`"},"what":{"lang":"en","value":"a report"},"due":"2019-03-31","every":"P1Y"}`)
	dir := t.TempDir()
	list := func(f obligations.Filter) (all []obligations.Obligation) {
		r, err := projections.Open(projections.Config{Dir: dir, Store: store})
		require.NoError(t, err)
		require.NoError(t, r.CatchUp(t.Context()))
		require.NoError(t, r.Close())
		v := projections.OpenViews(dir)
		require.NoError(t, v.Read(t.Context(), func(conn *sqlite.Conn, _ projections.Checkpoint) error {
			all, _, err = obligations.List(conn, f)
			return err
		}))
		require.NoError(t, v.Close())
		return all
	}
	came := obligations.Filter{Came: edtf.MustParse("2020-04-01")}
	require.Len(t, list(came), 2)
	require.Len(t, list(obligations.Filter{Came: edtf.MustParse("2020-03-31")}), 1, "it is in time on the day itself")
	first := list(came)[0]
	require.Equal(t, "a report", first.What.Value)
	cmd, err := ledger.MarkDue(pact, uuid.New(), first.Due)
	require.NoError(t, err)
	_, err = l.Do(t.Context(), cmd)
	require.NoError(t, err)
	left := list(came)
	require.Len(t, left, 1)
	require.Equal(t, "2020-03-31", left[0].On.String())
	all := list(obligations.Filter{To: edtf.MustParse("2020-04-01")})
	require.Len(t, all, 2)
	require.True(t, all[0].Fell)
	require.False(t, all[1].Fell)
	_, _, err = obligations.List(nil, obligations.Filter{After: "nonsense"})
	require.ErrorIs(t, err, es.ErrInvalid)
}
