package tlog_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/tlog"
	"github.com/entente-ledger/entente/infra/tlog/tsatest"
)

func TestStamp(t *testing.T) {
	p, a := newPlace(t), tsatest.New(t)
	tsa := tlog.Authority{URL: a.URL, Roots: a.Roots(t)}
	now := time.Now()
	_, err := p.tlog().Stamp(t.Context(), tsa, now)
	require.ErrorIs(t, err, es.ErrNotFound)
	s := p.open(t)
	p.seal(t, s, 3)
	first, err := p.tlog().Stamp(t.Context(), tsa, now)
	require.NoError(t, err)
	require.Equal(t, int64(3), first.Size)
	require.True(t, first.Trusted)
	require.Contains(t, first.By, "Time Stamping Authority")
	require.WithinDuration(t, now, first.Time, time.Minute)

	p.seal(t, s, 4)
	same, err := p.tlog().Stamp(t.Context(), tsa, now.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, first, same, "once a day")
	require.Equal(t, 1, a.Asked)
	second, err := p.tlog().Stamp(t.Context(), tsa, now.Add(25*time.Hour))
	require.NoError(t, err)
	require.Equal(t, int64(7), second.Size)
	_, err = p.tlog().Stamp(t.Context(), tsa, now.Add(50*time.Hour))
	require.NoError(t, err)
	require.Equal(t, 2, a.Asked, "the same checkpoint")

	for _, size := range []string{"3", "7"} {
		tsatest.OpenSSL(t, a.Dir, "ts", "-verify", "-in", p.file("timestamps/"+size+".tsr"), "-data", p.file("timestamps/"+size+".checkpoint"), "-CAfile", "ca.pem")
	}
	good, bad, err := tlog.VerifyTimestamps(p.tlog(), p.chain(t), a.Roots(t), nil)
	require.NoError(t, err)
	require.Empty(t, bad)
	require.Equal(t, []tlog.Stamp{first, second}, good)

	t.Run("of_an_authority_nobody_trusts", func(t *testing.T) {
		good, bad, err := tlog.VerifyTimestamps(p.tlog(), p.chain(t), tsatest.New(t).Roots(t), nil)
		require.NoError(t, err)
		require.Empty(t, good)
		require.Len(t, bad, 2)
		good, bad, err = tlog.VerifyTimestamps(p.tlog(), p.chain(t), nil, nil)
		require.NoError(t, err)
		require.Empty(t, bad)
		require.False(t, good[0].Trusted)
	})
	t.Run("of_another_log", func(t *testing.T) {
		other := newPlace(t)
		other.seal(t, other.open(t), 1)
		_, bad, err := tlog.VerifyTimestamps(p.tlog(), other.chain(t), a.Roots(t), nil)
		require.NoError(t, err)
		require.Len(t, bad, 2)
	})
	t.Run("of_a_tree_that_is_not_the_logs", func(t *testing.T) {
		_, bad, err := tlog.VerifyTimestamps(p.tlog(), p.chain(t), a.Roots(t), func(c tlog.Checkpoint) error {
			if c.Tree.N == 7 {
				return errCrash
			}
			return nil
		})
		require.NoError(t, err)
		require.Equal(t, []tlog.BadStamp{{7, errCrash}}, bad)
	})
	t.Run("of_a_changed_checkpoint", func(t *testing.T) {
		text := p.read(t, "timestamps/3.checkpoint")
		defer func() { require.NoError(t, os.WriteFile(p.file("timestamps/3.checkpoint"), text, 0o600)) }()
		require.NoError(t, os.WriteFile(p.file("timestamps/3.checkpoint"), p.read(t, "timestamps/7.checkpoint"), 0o600))
		_, bad, err := tlog.VerifyTimestamps(p.tlog(), p.chain(t), a.Roots(t), nil)
		require.NoError(t, err)
		require.Len(t, bad, 1)
		require.Equal(t, int64(3), bad[0].Size)
	})
	t.Run("with_a_byte_changed", func(t *testing.T) {
		stamp := p.read(t, "timestamps/3.tsr")
		defer func() { require.NoError(t, os.WriteFile(p.file("timestamps/3.tsr"), stamp, 0o600)) }()
		for i := len(stamp) - 1; i > len(stamp)-200; i -= 20 { // the signature
			changed := append([]byte{}, stamp...)
			changed[i] ^= 1
			require.NoError(t, os.WriteFile(p.file("timestamps/3.tsr"), changed, 0o600))
			_, bad, err := tlog.VerifyTimestamps(p.tlog(), p.chain(t), a.Roots(t), nil)
			require.NoError(t, err)
			require.Len(t, bad, 1, "byte %d", i)
		}
	})
}

func TestStampRefused(t *testing.T) {
	p, a := newPlace(t), tsatest.New(t)
	p.seal(t, p.open(t), 3)
	tsa := tlog.Authority{URL: a.URL, Roots: a.Roots(t)}
	// somebody else's question about the same, without a nonce
	tsatest.OpenSSL(t, a.Dir, "ts", "-query", "-data", p.file("checkpoint"), "-sha256", "-cert", "-no_nonce", "-out", "other.tsq")
	other, err := os.ReadFile(filepath.Join(a.Dir, "other.tsq"))
	require.NoError(t, err)
	for name, prepare := range map[string]func(*testing.T){
		"of_another_question": func(*testing.T) { a.Query = other },
		"damaged":             func(*testing.T) { a.Change = func(b []byte) []byte { b[len(b)-9] ^= 1; return b } },
		"nothing":             func(*testing.T) { a.Change = func([]byte) []byte { return nil } },
		"of_an_authority_nobody_trusts": func(t *testing.T) {
			tsa.Roots = tsatest.New(t).Roots(t)
		},
		"nobody_there": func(*testing.T) { tsa.URL = "http://127.0.0.1:1/" },
		"a_refusal": func(*testing.T) {
			a.Query = []byte("no query")
		},
	} {
		t.Run(name, func(t *testing.T) {
			a.Query, a.Change, tsa = nil, nil, tlog.Authority{URL: a.URL, Roots: a.Roots(t)}
			prepare(t)
			_, err := p.tlog().Stamp(t.Context(), tsa, time.Now())
			require.Error(t, err)
			require.NoDirExists(t, p.file("timestamps"))
		})
	}
}
