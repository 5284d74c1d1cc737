package obligations_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/projections/obligations"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// owing is a ledger with an agreement under which a report is due every year.
type owing struct {
	*testing.T
	*ledger.Ledger
	store *projectiontest.Store
	views string
	pact  string
}

func newOwing(t *testing.T) owing {
	store := projectiontest.NewStore()
	l, err := ledger.Open(t.Context(), store, time.Now, func() [16]byte { return uuid.New() },
		ledger.Opening{ID: uuid.New(), Origin: "ledger.example/test", Actor: "clerk"})
	require.NoError(t, err)
	o := owing{T: t, Ledger: l, store: store, views: t.TempDir()}
	lviv := o.do("party.register", "", `{"kind":"municipality","name":{"lang":"uk","value":"Львів"}}`).Stream
	o.pact = o.do("memorandum.draft", "", `{"kind":"mou","titles":[{"lang":"en","value":"Rivers"}],"parties":[{"id":"`+lviv+`"}]}`).Stream
	o.do("memorandum.record_undertaking", o.pact, `{"key":"report","by":{"id":"`+lviv+`"},"what":{"lang":"en","value":"a report"},"due":"2019-03-31","every":"P1Y"}`)
	return o
}

func (o owing) do(name, stream, payload string) es.Result {
	o.Helper()
	res, err := o.Do(o.Context(), es.Command{ID: uuid.New(), Name: name, Stream: stream, Payload: []byte(payload), Actor: "clerk"})
	require.NoError(o, err)
	return res
}

func (o owing) list(f obligations.Filter) (all []obligations.Obligation) {
	projectiontest.Read(o, o.views, o.store, func(conn *sqlite.Conn) {
		var err error
		all, _, err = obligations.List(conn, f)
		require.NoError(o, err)
	})
	return all
}

// What the clock has recorded is not asked for again, and is listed still.
func TestList_came(t *testing.T) {
	o := newOwing(t)
	came := obligations.Filter{Came: edtf.MustParse("2020-04-01")}
	require.Len(t, o.list(came), 2)
	require.Len(t, o.list(obligations.Filter{Came: edtf.MustParse("2020-03-31")}), 1, "it is in time on the day itself")
	first := o.list(came)[0]
	require.Equal(t, "a report", first.What.Value)
	cmd, err := ledger.MarkDue(o.pact, uuid.New(), first.Due)
	require.NoError(t, err)
	_, err = o.Do(t.Context(), cmd)
	require.NoError(t, err)
	left := o.list(came)
	require.Len(t, left, 1)
	require.Equal(t, "2020-03-31", left[0].On.String())
	all := o.list(obligations.Filter{To: edtf.MustParse("2020-04-01")})
	require.Len(t, all, 2)
	require.True(t, all[0].Fell)
	require.False(t, all[1].Fell)
	_, _, err = obligations.List(nil, obligations.Filter{After: "nonsense"})
	require.ErrorIs(t, err, es.ErrInvalid)
}

// A reminder is of one day or of all that the event determines, and shows when
// it was sent by what was held then.
func TestList_reminded(t *testing.T) {
	o := newOwing(t)
	sent := func(f obligations.Filter) (all []string) {
		f.To = edtf.MustParse("2021-03-31")
		for _, due := range o.list(f) {
			all = append(all, due.Reminded.String())
		}
		return all
	}
	remind := func(on, day string) es.Revision {
		return o.do("memorandum.notify", o.pact, `{"fact":{"occurred":"`+on+`"},"matter":"reminder","concerning":2,"due":"`+day+`"}`).Revision
	}
	require.Equal(t, []string{"", "", ""}, sent(obligations.Filter{}))
	first := remind("2020-04-02", "2020-03-31")
	require.Equal(t, []string{"", "2020-04-02", ""}, sent(obligations.Filter{}))
	held := uint64(len(o.store.Records()))
	remind("2020-05-02", "")
	require.Equal(t, []string{"2020-05-02", "2020-05-02", "2020-05-02"}, sent(obligations.Filter{}))
	o.do("memorandum.correct", o.pact, fmt.Sprintf(`{"of":%d,"reason":"misread","as":{"type":"memorandum.notified","schema":1,`+
		`"data":{"fact":{"occurred":"2020-04-20"},"matter":"reminder","to":[],"concerning":2}}}`, first))
	april := edtf.MustParse("2020-04-30")
	require.Equal(t, []string{"2020-04-20", "2020-04-20", "2020-04-20"}, sent(obligations.Filter{On: april}))
	require.Equal(t, []string{"", "2020-04-02", ""}, sent(obligations.Filter{At: readmodel.At{Events: held}, On: april}))
	require.Equal(t, []string{"", "", ""}, sent(obligations.Filter{On: edtf.MustParse("2020-04-01")}))
}
