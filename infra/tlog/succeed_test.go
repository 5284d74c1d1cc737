package tlog_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/memory"
	"github.com/entente-ledger/entente/infra/tlog"
)

// restored returns a place whose store holds only the first n of a store's
// records.
func restored(t *testing.T, p place, n int) place {
	t.Helper()
	older := memory.Open()
	at := map[string]es.Revision{}
	for r, err := range p.store.ReadAll(t.Context(), 0) {
		require.NoError(t, err)
		if n--; n < 0 {
			break
		}
		_, err := older.Append(t.Context(), r.Stream, at[r.Stream], r)
		require.NoError(t, err)
		at[r.Stream]++
	}
	return place{older, p.dir}
}

func size(t *testing.T, p place) (n int) {
	t.Helper()
	for _, err := range p.store.ReadAll(t.Context(), 0) {
		require.NoError(t, err)
		n++
	}
	return n
}

func (p place) succession(t *testing.T) tlog.Succession {
	t.Helper()
	after, err := os.ReadFile(p.file("checkpoint"))
	require.NoError(t, err)
	return tlog.Succession{
		Store: p.store, Ledger: ledgerID, Path: p.key(), Origin: origin, Dir: p.tlog(), After: after, Reason: "the disk failed",
	}
}

// follows checks that every log of the chain goes on from the one before.
func follows(t *testing.T, p place, now tlog.Checkpoint, folders ...tlog.Dir) {
	t.Helper()
	folders = append(folders, p.tlog())
	i := 0
	for _, st := range p.chain(t).Statements {
		if st.Says != tlog.StatesSuccession {
			continue
		}
		next := now.Tree.N
		if i+2 < len(folders) {
			text, err := os.ReadFile(filepath.Join(string(folders[i+1]), "checkpoint"))
			require.NoError(t, err)
			c, err := p.chain(t).Checkpoint(text)
			require.NoError(t, err)
			next = c.Tree.N
		}
		require.NoError(t, tlog.VerifySuccession(st, folders[i], folders[i+1], next))
		i++
	}
	require.Len(t, folders, i+1)
	for r, err := range p.store.ReadStream(t.Context(), tlog.CheckpointStream, 0) {
		require.NoError(t, err)
		_, err = p.chain(t).Stored(r)
		require.NoError(t, err)
	}
}

func TestSucceed(t *testing.T) {
	p := newPlace(t)
	s := p.open(t)
	p.seal(t, s, 300)
	anchor, err := os.ReadFile(p.file("log.vkey"))
	require.NoError(t, err)
	p.record(t, 10)
	backup := size(t, p)
	lost := p.seal(t, s, 290)
	_, err = tlog.Succeed(t.Context(), p.succession(t))
	require.Equal(t, "tlog.not_behind", codeOf(err))

	q := restored(t, p, backup)
	q.record(t, 5) // recorded since, and not sealed
	q.fails(t, "tlog.store_behind")
	st, err := tlog.Succeed(t.Context(), q.succession(t))
	require.NoError(t, err)
	require.Equal(t, origin+"/2", st.Log)
	require.Equal(t, lost.Tree, st.Last)
	require.Equal(t, int64(310), st.Kept.N)
	s = q.open(t)
	c := q.seal(t, s, 7)
	require.Equal(t, origin+"/2", c.Origin)
	require.Equal(t, int64(322), c.Tree.N)
	follows(t, q, c, q.tlog().Retired(1))
	trusted, err := q.chain(t).Since(string(anchor))
	require.NoError(t, err)
	for _, one := range []tlog.Checkpoint{lost, c} {
		_, err := trusted.Checkpoint(one.Note)
		require.NoError(t, err)
	}
	r, err := q.tlog().Retired(1).Receipt(599, lost)
	require.NoError(t, err)
	require.Equal(t, lost.Note, r.Checkpoint)
	c = q.seal(t, q.open(t), 1)

	t.Run("a_forged_successor_is_found", func(t *testing.T) {
		bad := st
		bad.Kept.N--
		require.Equal(t, "tlog.forked", codeOf(tlog.VerifySuccession(bad, q.tlog().Retired(1), q.tlog(), c.Tree.N)))
		bad = st
		bad.Kept.Hash[0] ^= 1
		require.Equal(t, "tlog.forked", codeOf(tlog.VerifySuccession(bad, q.tlog().Retired(1), q.tlog(), c.Tree.N)))
		require.Equal(t, "tlog.store_short", codeOf(tlog.VerifySuccession(st, q.tlog().Retired(1), q.tlog(), 309)))
	})
	t.Run("the_old_key_signs_no_more", func(t *testing.T) {
		_, err := q.open(t).Rotate(t.Context(), q.key())
		require.NoError(t, err)
		c = q.seal(t, q.open(t), 1)
		follows(t, q, c, q.tlog().Retired(1))
	})
	t.Run("restored_again_from_before_the_successor", func(t *testing.T) {
		again := restored(t, p, backup)
		again.fails(t, "tlog.store_behind")
		st, err := tlog.Succeed(t.Context(), again.succession(t))
		require.NoError(t, err)
		require.Equal(t, origin+"/3", st.Log)
		require.Equal(t, int64(310), st.Kept.N)
		c := again.seal(t, again.open(t), 3)
		follows(t, again, c, again.tlog().Retired(1), again.tlog().Retired(2))
		_, err = again.chain(t).Since(string(anchor))
		require.NoError(t, err)
		again.seal(t, again.open(t), 3)
	})
}

func TestSucceedRefuses(t *testing.T) {
	p := newPlace(t)
	s := p.open(t)
	old := p.seal(t, s, 3)
	backup := size(t, p)
	p.seal(t, s, 3)
	q := restored(t, p, backup)
	for name, c := range map[string]struct {
		change func(*tlog.Succession)
		code   string
	}{
		"no_reason":             {func(c *tlog.Succession) { c.Reason = " " }, "tlog.bad_reason"},
		"a_reason_of_two_lines": {func(c *tlog.Succession) { c.Reason = "a\nb" }, "tlog.bad_reason"},
		"a_checkpoint_that_is_not_the_last": {func(c *tlog.Succession) {
			c.Store, c.After = memory.Open(), old.Note
		}, "tlog.not_last"},
		"a_checkpoint_of_another_log": {func(c *tlog.Succession) {
			other := newPlace(t)
			c.After = other.seal(t, other.open(t), 9).Note
		}, "tlog.bad_checkpoint"},
		"another_key": {func(c *tlog.Succession) {
			other := newPlace(t)
			_ = other.open(t)
			c.Path = other.key()
		}, "tlog.key_unstated"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := q.succession(t)
			c.change(&cfg)
			_, err := tlog.Succeed(t.Context(), cfg)
			require.Equal(t, c.code, codeOf(err), err)
			q.fails(t, "tlog.store_behind")
		})
	}
}

// A succession that is cut short leaves the log as it was, or is brought to its
// end when the log is opened.
func TestSucceedCrash(t *testing.T) {
	for name, after := range map[string]bool{"before_the_statement": false, "after_the_statement": true} {
		t.Run(name, func(t *testing.T) {
			p := newPlace(t)
			s := p.open(t)
			p.seal(t, s, 3)
			backup := size(t, p)
			p.seal(t, s, 3)
			q := restored(t, p, backup)
			cfg := q.succession(t)
			cfg.Store = crashing{q.store, tlog.KeyStream, after}
			_, err := tlog.Succeed(t.Context(), cfg)
			require.ErrorIs(t, err, errCrash)
			if !after {
				q.fails(t, "tlog.store_behind")
				_, err := tlog.Succeed(t.Context(), q.succession(t))
				require.NoError(t, err)
			}
			c := q.seal(t, q.open(t), 1)
			follows(t, q, c, q.tlog().Retired(1))
		})
	}
	t.Run("before_the_folder_was_renamed", func(t *testing.T) {
		p := newPlace(t)
		s := p.open(t)
		p.seal(t, s, 3)
		backup := size(t, p)
		p.seal(t, s, 3)
		q := restored(t, p, backup)
		_, err := tlog.Succeed(t.Context(), q.succession(t))
		require.NoError(t, err)
		require.NoError(t, os.Rename(string(q.tlog().Retired(1)), string(q.tlog())))
		c := q.seal(t, q.open(t), 1)
		follows(t, q, c, q.tlog().Retired(1))
	})
}

// Without the newer folder, the checkpoint that a witness or an auditor kept
// says what is lost.
func TestSucceedAfterAnAuditorsCheckpoint(t *testing.T) {
	p := newPlace(t)
	s := p.open(t)
	p.seal(t, s, 3)
	folder := t.TempDir()
	require.NoError(t, os.CopyFS(folder, os.DirFS(p.dir)))
	backup := size(t, p)
	last := p.seal(t, s, 3)
	q := restored(t, p, backup)
	q.dir = folder
	cfg := q.succession(t)
	cfg.After = last.Note
	st, err := tlog.Succeed(t.Context(), cfg)
	require.NoError(t, err)
	require.Equal(t, int64(3), st.Kept.N)
	c := q.seal(t, q.open(t), 1)
	require.Equal(t, int64(4), c.Tree.N)
	require.NoError(t, tlog.VerifySuccession(st, p.tlog(), q.tlog(), c.Tree.N))
}
