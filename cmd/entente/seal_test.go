package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
)

func TestReceipts(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	ok(t, "demo", "--data", data)
	key, receipt, event := filepath.Join(data, "tlog", "log.vkey"), filepath.Join(dir, "r.tlog-proof"), filepath.Join(dir, "event.json")
	log := lines(t, ok(t, "log", "--json", "--data", data))
	for _, n := range []int{0, 1, 255, 256, len(log) - 1} {
		ok(t, "receipt", log[n]["id"].(string), "-o", receipt, "--event-out", event, "--data", data)
		v := lines(t, ok(t, "receipt", "verify", receipt, "--json", "--key", key, "--event", event, "--data", filepath.Join(dir, "none")))[0]
		require.EqualValues(t, n, v["sequence"])
		require.Equal(t, log[n]["id"], v["id"])
		require.EqualValues(t, len(log), v["size"])
	}
	require.NoDirExists(t, filepath.Join(dir, "none"))

	other := filepath.Join(dir, "other")
	ok(t, "demo", "--data", other)
	for name, change := range map[string]func(t *testing.T) []string{
		"a_byte_of_the_event": func(t *testing.T) []string { return []string{receipt, key, changed(t, event, "demo", "dema")} },
		"its_revision": func(t *testing.T) []string {
			return []string{receipt, key, changed(t, event, `"revision": `, `"revision": 1`)}
		},
		"an_index": func(t *testing.T) []string { return []string{changed(t, receipt, "index ", "index 1"), key, event} },
		"a_hash": func(t *testing.T) []string {
			return []string{changed(t, receipt, "=\n\nent", "=\nAAAA\n\nent"), key, event}
		},
		"another_root": func(t *testing.T) []string {
			return []string{changed(t, receipt, "\n\n— ", "\nx\n\n— "), key, event}
		},
		"the_key_of_another": func(*testing.T) []string { return []string{receipt, filepath.Join(other, "tlog", "log.vkey"), event} },
		"no_receipt":         func(*testing.T) []string { return []string{event, key, event} },
		"no_key":             func(*testing.T) []string { return []string{receipt, event, event} },
		"no_event":           func(*testing.T) []string { return []string{receipt, key, key} },
		"no_file":            func(*testing.T) []string { return []string{receipt + "x", key, event} },
	} {
		t.Run(name, func(t *testing.T) {
			files := change(t)
			r := entente(t, "", "receipt", "verify", files[0], "--key", files[1], "--event", files[2])
			require.NotZero(t, r.code)
			require.Regexp(t, `tlog\.|cli\.`, r.err)
			require.Empty(t, r.out)
		})
	}
	for name, args := range map[string][]string{
		"no_id":         {"receipt", "x"},
		"unknown_event": {"receipt", "0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55"},
		"no_checkpoint": {"consistency", "--from", event},
		"nothing_older": {"consistency"},
		"no_event_file": {"receipt", "verify", receipt, "--key", key},
	} {
		t.Run(name, func(t *testing.T) {
			r := entente(t, "", append(args, "--data", data)...)
			require.Contains(t, []int{es.ErrInvalid.Exit(), es.ErrNotFound.Exit()}, r.code)
		})
	}
}

// changed returns a copy of a file in which a text is another.
func changed(t *testing.T, path, text, other string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(content), text)
	to := filepath.Join(t.TempDir(), filepath.Base(path))
	require.NoError(t, os.WriteFile(to, []byte(strings.Replace(string(content), text, other, 1)), 0o600))
	return to
}

func TestCheckpoints(t *testing.T) {
	data, _ := ledgerWith(t, ancona)
	old := filepath.Join(t.TempDir(), "old.checkpoint")
	first := ok(t, "checkpoint", "--data", data)
	require.Equal(t, first, ok(t, "checkpoint", "--data", data), "nothing was recorded meanwhile")
	ok(t, "checkpoint", "-o", old, "--data", data)
	for _, name := range []string{"Jesi", "Osimo", "Fano"} {
		ok(t, "do", "--actor", "clerk", "--data", data, strings.Replace(ancona, "Ancona", name, 1))
	}
	require.Contains(t, ok(t, "consistency", "--from", old, "--data", data), "the log of 2 events is the beginning of the log of 5 events")
	newer := filepath.Join(t.TempDir(), "new.checkpoint")
	ok(t, "checkpoint", "-o", newer, "--data", data)
	ok(t, "consistency", "--from", old, "--to", newer, "--data", data)
	r := entente(t, "", "consistency", "--from", newer, "--to", old, "--data", data)
	require.Equal(t, es.ErrInvalid.Exit(), r.code)

	t.Run("another_log", func(t *testing.T) {
		other, _ := ledgerWith(t, ancona)
		r := entente(t, "", "consistency", "--from", old, "--data", other)
		require.Equal(t, es.ErrInvalid.Exit(), r.code)
		require.Contains(t, r.err, "tlog.bad_checkpoint")
	})
	t.Run("recording_goes_on_when_sealing_cannot", func(t *testing.T) {
		require.NoError(t, os.WriteFile(filepath.Join(data, "log.key"), []byte("nonsense\n"), 0o600))
		r := entente(t, "", "do", "--actor", "clerk", "--data", data, strings.Replace(ancona, "Ancona", "Urbino", 1))
		require.Zero(t, r.code)
		require.Contains(t, r.err, "warning: what is recorded is not in the transparency log")
		require.Equal(t, 6, count(t, data))
		r = entente(t, "", "checkpoint", "--data", data)
		require.Contains(t, r.err, "tlog.bad_key")
	})
}
