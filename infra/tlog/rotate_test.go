package tlog_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/memory"
	"github.com/entente-ledger/entente/infra/tlog"
)

// place is a data folder over a store.
type place struct {
	store es.Store
	dir   string
}

func newPlace(t *testing.T) place { return place{memory.Open(), t.TempDir()} }

func (p place) key() string    { return filepath.Join(p.dir, "log.key") }
func (p place) tlog() tlog.Dir { return tlog.Dir(filepath.Join(p.dir, "tlog")) }
func (p place) file(name string) string {
	return filepath.Join(string(p.tlog()), name)
}

func (p place) config(ctx context.Context) (tlog.Config, error) {
	key, err := tlog.OpenKey(ctx, p.store, p.key(), origin, p.tlog())
	return tlog.Config{Store: p.store, Ledger: ledgerID, Origin: origin, Key: key, Dir: p.tlog()}, err
}

func (p place) open(t *testing.T) *tlog.Sealer {
	t.Helper()
	cfg, err := p.config(t.Context())
	require.NoError(t, err)
	s, err := tlog.Open(t.Context(), cfg)
	require.NoError(t, err)
	return s
}

// fails opens the log, which must be refused with a code.
func (p place) fails(t *testing.T, code string) {
	t.Helper()
	cfg, err := p.config(t.Context())
	if err == nil {
		_, err = tlog.Open(t.Context(), cfg)
	}
	require.ErrorIs(t, err, es.ErrCorrupt)
	require.Equal(t, code, codeOf(err), err)
}

func codeOf(err error) string {
	if e, ok := errors.AsType[*es.Error](err); ok {
		return e.Code
	}
	return ""
}

// seal records n events and seals them.
func (p place) seal(t *testing.T, s *tlog.Sealer, n int) tlog.Checkpoint {
	t.Helper()
	p.record(t, n)
	c, err := s.Seal(t.Context())
	require.NoError(t, err)
	return c
}

func (p place) record(t *testing.T, n int) {
	t.Helper()
	_, err := p.store.Append(t.Context(), newStream(), 0, events(t, n)...)
	require.NoError(t, err)
}

// chain reads what is published.
func (p place) chain(t *testing.T) tlog.Chain {
	t.Helper()
	text, err := os.ReadFile(p.file("keys"))
	require.NoError(t, err)
	c, err := tlog.ParseChain(text)
	require.NoError(t, err)
	return c
}

// crashing is a store whose process ends before or after an append to a stream.
type crashing struct {
	es.Store
	stream string
	after  bool
}

var errCrash = errors.New("the process ended")

func (c crashing) Append(ctx context.Context, stream string, at es.Revision, recs ...es.Record) (es.Position, error) {
	if stream != c.stream {
		return c.Store.Append(ctx, stream, at, recs...)
	}
	if c.after {
		if _, err := c.Store.Append(ctx, stream, at, recs...); err != nil {
			return 0, err
		}
	}
	return 0, errCrash
}

func TestRotate(t *testing.T) {
	p := newPlace(t)
	s := p.open(t)
	first := p.seal(t, s, 3)
	before, err := os.ReadFile(p.file("log.vkey"))
	require.NoError(t, err)
	st, err := s.Rotate(t.Context(), p.key())
	require.NoError(t, err)
	require.Equal(t, int64(4), st.From)
	second := p.seal(t, s, 2) // the same sealer goes on
	s = p.open(t)
	third := p.seal(t, s, 400)

	chain := p.chain(t)
	for _, c := range []tlog.Checkpoint{first, second, third} {
		got, err := chain.Checkpoint(c.Note)
		require.NoError(t, err)
		require.Equal(t, c, got)
	}
	kept, err := tlog.StoredChain(t.Context(), p.store, "")
	require.NoError(t, err)
	require.Equal(t, chain.Encode(), kept.Encode())
	trusted, err := chain.Since(string(before))
	require.NoError(t, err)
	_, err = trusted.Checkpoint(third.Note)
	require.NoError(t, err)
	after, err := os.ReadFile(p.file("log.vkey"))
	require.NoError(t, err)
	require.NotEqual(t, string(before), string(after))

	t.Run("a_later_key_vouches_for_nothing_before_it", func(t *testing.T) {
		later, err := chain.Since(string(after))
		require.NoError(t, err)
		_, err = later.Checkpoint(third.Note)
		require.NoError(t, err)
		_, err = later.Checkpoint(first.Note)
		require.ErrorIs(t, err, es.ErrInvalid)
	})
	t.Run("a_key_signs_only_its_range", func(t *testing.T) {
		old, err := tlog.ParseKeys(string(before))
		require.NoError(t, err)
		_, err = old.Checkpoint(first.Note)
		require.NoError(t, err)
		_, err = old.Checkpoint(third.Note)
		require.ErrorIs(t, err, es.ErrInvalid)
	})
	t.Run("another_key_is_unknown", func(t *testing.T) {
		other := newPlace(t)
		_ = other.open(t)
		vkey, err := os.ReadFile(other.file("log.vkey"))
		require.NoError(t, err)
		_, err = chain.Since(string(vkey))
		require.Equal(t, "tlog.key_unstated", codeOf(err))
	})
	t.Run("the_text_is_what_was_signed", func(t *testing.T) {
		text, err := os.ReadFile(p.file("keys"))
		require.NoError(t, err)
		for i := range text {
			changed := append([]byte{}, text...)
			changed[i] ^= 1
			c, err := tlog.ParseChain(changed)
			if err != nil {
				continue
			}
			// what is left is bits of base64 that mean nothing
			c.Statements[0].Note = chain.Statements[0].Note
			require.Equal(t, chain.Statements, c.Statements, "byte %d", i)
			_, err = c.Since(string(before))
			require.NoError(t, err)
		}
	})
}

// A rotation that is cut short after any of its steps leaves the old key or the
// new one in force, and the log goes on.
func TestRotateCrash(t *testing.T) {
	for name, c := range map[string]struct {
		crash   func(t *testing.T, p place)
		rotated bool
	}{
		"after_the_pair_was_written": {func(t *testing.T, p place) {
			cut(t, p, crashing{p.store, tlog.KeyStream, false})
		}, false},
		"after_the_statement": {func(t *testing.T, p place) {
			cut(t, p, crashing{p.store, tlog.KeyStream, true})
		}, true},
		"after_the_key_was_moved": {func(t *testing.T, p place) {
			keys, err := os.ReadFile(p.file("keys"))
			require.NoError(t, err)
			vkey, err := os.ReadFile(p.file("log.vkey"))
			require.NoError(t, err)
			_, err = p.open(t).Rotate(t.Context(), p.key())
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(p.file("keys"), keys, 0o600))
			require.NoError(t, os.WriteFile(p.file("log.vkey"), vkey, 0o600))
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t)
			old := p.seal(t, p.open(t), 3)
			before, err := os.ReadFile(p.key())
			require.NoError(t, err)
			c.crash(t, p)
			s := p.open(t)
			now := p.seal(t, s, 3)
			chain := p.chain(t)
			require.Equal(t, c.rotated, len(chain.Statements) == 1)
			key, err := os.ReadFile(p.key())
			require.NoError(t, err)
			require.Equal(t, c.rotated, string(key) != string(before))
			for _, one := range []tlog.Checkpoint{old, now} {
				_, err := chain.Checkpoint(one.Note)
				require.NoError(t, err)
			}
			_, err = s.Rotate(t.Context(), p.key())
			require.NoError(t, err)
			p.seal(t, s, 1)
			require.NoFileExists(t, p.key()+".next")
			p.open(t)
		})
	}
}

// cut rotates over a store that ends the process.
func cut(t *testing.T, p place, c crashing) {
	t.Helper()
	p.store = c
	_, err := p.open(t).Rotate(t.Context(), p.key())
	require.ErrorIs(t, err, errCrash)
}

func TestChangedKey(t *testing.T) {
	other := func(t *testing.T) []byte {
		stranger := newPlace(t)
		_ = stranger.open(t)
		text, err := os.ReadFile(stranger.key())
		require.NoError(t, err)
		return text
	}
	t.Run("without_a_statement_is_an_alarm", func(t *testing.T) {
		p := newPlace(t)
		p.seal(t, p.open(t), 3)
		require.NoError(t, os.WriteFile(p.key(), other(t), 0o600))
		p.fails(t, "tlog.keys_differ")
		require.NoError(t, os.RemoveAll(string(p.tlog())))
		p.fails(t, "tlog.bad_kept")
	})
	t.Run("after_a_rotation_too", func(t *testing.T) {
		p := newPlace(t)
		s := p.open(t)
		p.seal(t, s, 3)
		_, err := s.Rotate(t.Context(), p.key())
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(p.key(), other(t), 0o600))
		p.fails(t, "tlog.key_unstated")
	})
	t.Run("by_another_process_stops_the_one_that_seals", func(t *testing.T) {
		p := newPlace(t)
		s := p.open(t)
		p.seal(t, s, 3)
		_, err := p.open(t).Rotate(t.Context(), p.key())
		require.NoError(t, err)
		p.record(t, 1)
		_, err = s.Seal(t.Context())
		require.Equal(t, "tlog.key_changed", codeOf(err))
		p.seal(t, p.open(t), 1)
	})
	t.Run("statements_that_the_store_lost", func(t *testing.T) {
		p := newPlace(t)
		s := p.open(t)
		p.seal(t, s, 3)
		_, err := s.Rotate(t.Context(), p.key())
		require.NoError(t, err)
		older := place{memory.Open(), p.dir}
		older.fails(t, "tlog.store_behind")
		backup := size(t, p)
		_, err = s.Rotate(t.Context(), p.key())
		require.NoError(t, err)
		restored(t, p, backup).fails(t, "tlog.store_behind")
	})
	t.Run("a_statement_by_a_stranger", func(t *testing.T) {
		p, q := newPlace(t), newPlace(t)
		for _, one := range []place{p, q} {
			s := one.open(t)
			one.seal(t, s, 3)
			_, err := s.Rotate(t.Context(), one.key())
			require.NoError(t, err)
		}
		for r, err := range q.store.ReadStream(t.Context(), tlog.KeyStream, 0) {
			require.NoError(t, err)
			_, err = p.store.Append(t.Context(), tlog.KeyStream, 1, r)
			require.NoError(t, err)
		}
		p.fails(t, "tlog.bad_kept")
	})
}

func TestRecover(t *testing.T) {
	p := newPlace(t)
	s := p.open(t)
	first := p.seal(t, s, 3)
	anchor, err := os.ReadFile(p.file("log.vkey"))
	require.NoError(t, err)
	offline := filepath.Join(t.TempDir(), "recovery.key")
	_, err = tlog.Recover(t.Context(), p.store, p.key(), offline)
	require.Equal(t, "tlog.no_recovery", codeOf(err))
	_, err = s.StateRecovery(t.Context(), offline, "")
	require.NoError(t, err)
	info, err := os.Stat(offline)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode())
	_, err = s.StateRecovery(t.Context(), offline, offline)
	require.Equal(t, "tlog.key_exists", codeOf(err))
	p.seal(t, s, 2)

	t.Run("another_recovery_key_only_by_the_first", func(t *testing.T) {
		_, err := s.StateRecovery(t.Context(), filepath.Join(t.TempDir(), "other.key"), "")
		require.Equal(t, "tlog.bad_key", codeOf(err))
		_, err = s.StateRecovery(t.Context(), filepath.Join(t.TempDir(), "other.key"), p.key())
		require.Equal(t, "tlog.bad_key", codeOf(err))
		next := filepath.Join(filepath.Dir(offline), "next.key")
		_, err = s.StateRecovery(t.Context(), next, offline)
		require.NoError(t, err)
		_, err = tlog.Recover(t.Context(), p.store, p.key(), offline)
		require.Equal(t, "tlog.bad_key", codeOf(err))
		offline = next
	})

	lost, err := os.ReadFile(p.key())
	require.NoError(t, err)
	require.NoError(t, os.Remove(p.key()))
	p.fails(t, "tlog.key_unstated")
	st, err := tlog.Recover(t.Context(), p.store, p.key(), offline)
	require.NoError(t, err)
	require.Equal(t, int64(6), st.From)
	s = p.open(t)
	last := p.seal(t, s, 4)
	trusted, err := p.chain(t).Since(string(anchor))
	require.NoError(t, err)
	for _, c := range []tlog.Checkpoint{first, last} {
		_, err := trusted.Checkpoint(c.Note)
		require.NoError(t, err)
	}
	require.NoError(t, os.WriteFile(p.key(), lost, 0o600)) // whoever has it can do nothing with it
	p.fails(t, "tlog.key_unstated")

	t.Run("cut_short_after_the_statement", func(t *testing.T) {
		_, err := tlog.Recover(t.Context(), crashing{p.store, tlog.KeyStream, true}, p.key(), offline)
		require.ErrorIs(t, err, errCrash)
		p.seal(t, p.open(t), 1)
	})
	t.Run("a_pair_beside_the_lost_key_is_not_taken", func(t *testing.T) {
		cut(t, p, crashing{p.store, tlog.KeyStream, false})
		stolen, err := os.ReadFile(p.key() + ".next")
		require.NoError(t, err)
		st, err := tlog.Recover(t.Context(), p.store, p.key(), offline)
		require.NoError(t, err)
		require.NotContains(t, string(stolen), st.Key)
		p.open(t)
	})
}
