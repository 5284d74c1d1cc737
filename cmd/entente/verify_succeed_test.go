package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
)

// TestVerifySuccession restores an older copy of the store, lets a successor log
// go on, and checks that both hold together, and that it shows if they do not.
func TestVerifySuccession(t *testing.T) {
	t.Setenv("ENTENTE_ACTOR", "operator")
	data, last := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "last.checkpoint")
	ok(t, "demo", "--data", data)
	backup, err := os.ReadFile(filepath.Join(data, "events.db"))
	require.NoError(t, err)
	ok(t, "do", "--data", data, ancona)
	ok(t, "checkpoint", "-o", last, "--data", data)

	require.NoError(t, os.WriteFile(filepath.Join(data, "events.db"), backup, 0o600))
	require.NoError(t, os.RemoveAll(filepath.Join(data, "views")))
	r := entente(t, "", "do", "--data", data, strings.Replace(ancona, "Ancona", "Fano", 1))
	require.Zero(t, r.code, "recording goes on")
	require.Contains(t, r.err, "tlog.store_behind")
	require.Equal(t, 1, entente(t, "", "verify", "--full", "--data", data).code)

	out := ok(t, "log", "succeed", "--after", last, "--reason", "restored from a backup", "--data", data)
	require.Contains(t, out, "the log entente.invalid/demo/2 goes on after entente.invalid/demo")
	ok(t, "checkpoint", "--data", data)
	require.Contains(t, ok(t, "verify", "--full", "--data", data), "no damage was found")
	r = entente(t, "", "consistency", "--from", last, "--data", data)
	require.Equal(t, es.ErrInvalid.Exit(), r.code)
	require.Contains(t, r.err, "tlog.other_log")

	tile := filepath.Join(data, "tlog-1", "tile", "1", "000.p", "1")
	text, err := os.ReadFile(tile)
	require.NoError(t, err)
	text[0]++
	require.NoError(t, os.WriteFile(tile, text, 0o600))
	r = entente(t, "", "verify", "--data", data)
	require.Equal(t, 1, r.code)
	require.Contains(t, r.out, "audit.bad_succession")
}
