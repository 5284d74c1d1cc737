package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/tlog"
	"github.com/entente-ledger/entente/infra/tlog/witnesstest"
)

// more records another party, which is sealed.
func more(t *testing.T, data string) string {
	t.Helper()
	r := entente(t, "", "do", "--actor", "clerk", "--data", data, ancona)
	require.Zero(t, r.code, r.err)
	return r.err
}

func chainOf(t *testing.T, data string) tlog.Chain {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(data, "tlog", "keys"))
	require.NoError(t, err)
	c, err := tlog.ParseChain(text)
	require.NoError(t, err)
	return c
}

// copied returns a copy of a data folder.
func copied(t *testing.T, data string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "data")
	require.NoError(t, os.CopyFS(to, os.DirFS(data)))
	return to
}

func TestWitnesses(t *testing.T) {
	data, _ := ledgerWith(t, ancona)
	keys := chainOf(t, data).Current().Keys
	a, b := witnesstest.New(t, "a", keys), witnesstest.New(t, "b", keys)
	require.Contains(t, ok(t, "witness", "list", "--data", data), "no witnesses")
	for _, w := range []*witnesstest.Witness{a, b} {
		ok(t, "witness", "add", w.Name, w.VKey, w.Witness().URL, "--data", data)
	}
	require.Contains(t, ok(t, "witness", "list", "--data", data), "2 must cosign")
	require.Contains(t, ok(t, "witness", "quorum", "1", "--data", data), "1 must cosign")
	require.Len(t, lines(t, ok(t, "witness", "list", "--data", data, "--json")), 2)

	b.Dead.Store(true)
	r := entente(t, "", "checkpoint", "--data", data)
	require.Zero(t, r.code, r.err)
	require.Contains(t, r.err, "warning: the witness b did not cosign")
	require.Contains(t, r.out, "a.example")
	policy, err := tlog.LoadPolicy(filepath.Join(data, "policy"))
	require.NoError(t, err)
	require.True(t, policy.Satisfied([]byte(r.out)))
	_, err = keys.Checkpoint([]byte(r.out))
	require.NoError(t, err)
	t.Run("receipt", func(t *testing.T) {
		log := lines(t, ok(t, "log", "--json", "--data", data))
		receipt, event := filepath.Join(t.TempDir(), "r.tlog-proof"), filepath.Join(t.TempDir(), "event.json")
		ok(t, "receipt", log[1]["id"].(string), "-o", receipt, "--event-out", event, "--data", data)
		verify := []string{"receipt", "verify", receipt, "--key", filepath.Join(data, "tlog", "log.vkey"), "--event", event, "--policy"}
		require.Contains(t, ok(t, append(verify, filepath.Join(data, "policy"))...), "which the witnesses cosigned")
		both := filepath.Join(t.TempDir(), "policy")
		stricter, err := policy.WithQuorum(2)
		require.NoError(t, err)
		require.NoError(t, stricter.Save(both))
		refused := entente(t, "", append(verify, both)...)
		require.Equal(t, es.ErrRejected.Exit(), refused.code)
		require.Contains(t, refused.err, "tlog.not_witnessed")
		require.Equal(t, es.ErrInvalid.Exit(), entente(t, "", append(verify, event)...).code)
	})
	b.Dead.Store(false)
	for _, one := range lines(t, ok(t, "witness", "offer", "--data", data, "--json")) {
		require.Equal(t, true, one["cosigned"], one)
	}

	t.Run("a_restored_folder_is_behind_its_witness", func(t *testing.T) {
		older := copied(t, data)
		more(t, data)
		ok(t, "checkpoint", "--data", data)
		out := ok(t, "witness", "offer", "--data", older)
		require.Contains(t, out, "tlog.store_behind")
		require.Contains(t, ok(t, "status", "--data", older), "ALARM")
		require.Len(t, lines(t, ok(t, "status", "--json", "--data", older))[0]["alarms"], 2)
		require.Contains(t, more(t, older), "warning: what is recorded is not in the transparency log")
		refused := entente(t, "", "checkpoint", "--data", older)
		require.Equal(t, es.ErrCorrupt.Exit(), refused.code)
		require.Equal(t, es.ErrInvalid.Exit(), entente(t, "", "witness", "resume", "a", "--actor", "clerk", "--data", older).code)
		for _, name := range []string{"a", "b"} {
			ok(t, "witness", "resume", name, "--reason", "looked", "--actor", "clerk", "--data", older)
		}
		again := entente(t, "", "checkpoint", "--data", older)
		require.Equal(t, es.ErrCorrupt.Exit(), again.code, "they are asked again, and say the same")
		for _, name := range []string{"a", "b"} { // the operator says that the witnesses are wrong
			ok(t, "witness", "remove", name, "--data", older)
			ok(t, "witness", "resume", name, "--reason", "looked", "--actor", "clerk", "--data", older)
		}
		require.NotContains(t, ok(t, "status", "--data", older), "ALARM")
		ok(t, "checkpoint", "--data", older)
	})
	t.Run("removed", func(t *testing.T) {
		ok(t, "witness", "remove", "a", "--data", data)
		before := a.Offered.Load()
		ok(t, "checkpoint", "--data", data)
		require.Equal(t, before, a.Offered.Load())
		require.Equal(t, es.ErrNotFound.Exit(), entente(t, "", "witness", "remove", "a", "--data", data).code)
	})
}

func TestKeys(t *testing.T) {
	data, _ := ledgerWith(t, ancona)
	anchor, err := os.ReadFile(filepath.Join(data, "tlog", "log.vkey"))
	require.NoError(t, err)
	old := filepath.Join(t.TempDir(), "old.checkpoint")
	ok(t, "checkpoint", "-o", old, "--data", data)
	recovery := filepath.Join(t.TempDir(), "recovery.key")
	ok(t, "key", "recovery", "--out", recovery, "--data", data)
	require.Contains(t, ok(t, "key", "rotate", "--data", data), "from 3 events on")
	require.Empty(t, more(t, data))
	require.NoError(t, os.Remove(filepath.Join(data, "log.key")))
	require.Contains(t, more(t, data), "tlog.key_unstated")
	var st statedKey
	require.NoError(t, json.Unmarshal([]byte(ok(t, "key", "recover", "--with", recovery, "--data", data, "--json")), &st))
	require.Equal(t, tlog.StatesKey, st.Says)
	require.Empty(t, more(t, data))
	require.Contains(t, ok(t, "consistency", "--from", old, "--data", data), "is the beginning")
	trusted, err := chainOf(t, data).Since(string(anchor))
	require.NoError(t, err)
	_, err = trusted.Checkpoint([]byte(ok(t, "checkpoint", "--data", data)))
	require.NoError(t, err)
	for _, args := range [][]string{{"key"}, {"key", "recovery"}, {"key", "recover"}, {"witness"}} {
		require.Equal(t, es.ErrInvalid.Exit(), entente(t, "", append(args, "--data", data)...).code)
	}
}

// A store that is restored under a newer log is not sealed, until a successor of
// the log is opened.
func TestLogSucceed(t *testing.T) {
	data, _ := ledgerWith(t, ancona)
	anchor, err := os.ReadFile(filepath.Join(data, "tlog", "log.vkey"))
	require.NoError(t, err)
	backup := copied(t, data)
	more(t, data)
	more(t, data)
	last := filepath.Join(t.TempDir(), "last.checkpoint")
	ok(t, "checkpoint", "-o", last, "--data", data)
	require.Equal(t, es.ErrRejected.Exit(), entente(t, "", "log", "succeed", "--after", last, "--reason", "none", "--data", data).code)
	for _, suffix := range []string{"", "-wal", "-shm"} {
		_ = os.Remove(filepath.Join(data, "events.db"+suffix))
	}
	content, err := os.ReadFile(filepath.Join(backup, "events.db"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(data, "events.db"), content, 0o600))
	require.Contains(t, more(t, data), "tlog.store_behind")
	require.Equal(t, es.ErrCorrupt.Exit(), entente(t, "", "checkpoint", "--data", data).code)

	refused := entente(t, "", "log", "succeed", "--after", last, "--data", data)
	require.Equal(t, es.ErrInvalid.Exit(), refused.code, refused.err)
	out := lines(t, ok(t, "log", "succeed", "--after", last, "--reason", "the disk failed", "--data", data, "--json"))[0]
	require.InDelta(t, 4, out["size"], 0)
	require.InDelta(t, 2, out["kept"], 0)
	require.Empty(t, more(t, data))
	now := ok(t, "checkpoint", "--data", data)
	require.True(t, strings.HasPrefix(now, out["log"].(string)+"\n4\n"), now)
	trusted, err := chainOf(t, data).Since(string(anchor))
	require.NoError(t, err)
	c, err := trusted.Checkpoint([]byte(now))
	require.NoError(t, err)
	statements := trusted.Statements
	dir := tlog.Dir(filepath.Join(data, "tlog"))
	require.NoError(t, tlog.VerifySuccession(statements[len(statements)-1], dir.Retired(1), dir, c.Tree.N))
	require.Contains(t, ok(t, "log", "--data", data), "party.registered")
}
