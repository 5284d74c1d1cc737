package ledger_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/programme"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestMarkDue(t *testing.T) {
	store := &memory{}
	noon := time.Date(2020, time.May, 1, 12, 0, 0, 0, time.UTC)
	l, err := ledger.Open(t.Context(), store, func() time.Time { return noon }, func() [16]byte { return uuid.New() },
		ledger.Opening{ID: uuid.New(), Origin: "ledger.example/test", Actor: "clerk"})
	require.NoError(t, err)
	opened, err := l.Do(t.Context(), command("programme.register", "", `{"titles":[{"lang":"en","value":"Cities"}]}`))
	require.NoError(t, err)
	call := func(key, until string) es.Result {
		res, err := l.Do(t.Context(), command("programme.open_call", opened.Stream, `{"key":"`+key+`","until":"`+until+`"}`))
		require.NoError(t, err)
		return res
	}
	mark := func(res es.Result, key, on string) error {
		cmd, err := ledger.MarkDue(opened.Stream, res.Events[0].ID,
			terms.Due{Kind: terms.Deadline, Rule: programme.DueCall, Of: res.Revision, Key: key, On: edtf.MustParse(on)})
		require.NoError(t, err)
		_, err = l.Do(t.Context(), cmd)
		return err
	}
	past, next, vague := call("past", "2020-05-01"), call("next", "2020-05-02"), call("vague", "2020-05")
	require.NoError(t, mark(past, "past", "2020-05-01"))
	at := len(store.log)
	require.Equal(t, "programme.fell_due", store.log[at-1].Type)
	meta, err := es.DecodeMeta(store.log[at-1].Meta)
	require.NoError(t, err)
	require.Equal(t, ledger.Clock, meta.Actor)
	require.NoError(t, mark(past, "past", "2020-05-01"), "the same again")
	require.ErrorIs(t, mark(next, "next", "2020-05-02"), ledger.ErrNotYet)
	require.ErrorIs(t, mark(vague, "vague", "2020-05"), ledger.ErrNotYet)
	require.Error(t, mark(next, "next", "2020-04-30"), "nothing is due then")
	require.Len(t, store.log, at)
}
