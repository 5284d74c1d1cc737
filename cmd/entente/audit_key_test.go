package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAuditKeys checks that evidence of a log whose key was changed is checked
// with the key that an auditor has had all the time, and with no other.
func TestAuditKeys(t *testing.T) {
	dir := t.TempDir()
	data, first := filepath.Join(dir, "data"), filepath.Join(dir, "first.vkey")
	id := lines(t, ok(t, "do", "--json", "--actor", "clerk", "--data", data, ancona))[0]["stream"].(string)
	key := filepath.Join(data, "tlog", "log.vkey")
	keep := func(to string) {
		text, err := os.ReadFile(key)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(to, text, 0o600))
	}
	bundle := func() string {
		file := filepath.Join(t.TempDir(), "e.zip")
		ok(t, "audit", "bundle", id, "--complete", "-o", file, "--data", data)
		return file
	}
	keep(first)
	before := bundle()
	ok(t, "key", "rotate", "--data", data)
	between := bundle()
	ok(t, "audit", "check", between, "--key", first)
	r := entente(t, "", "audit", "check", between, "--key", key)
	require.Contains(t, r.out, "audit.other_key", "nothing is signed with the new key yet")
	ok(t, "do", "--actor", "clerk", "--data", data, ancona)
	after := bundle()
	for _, k := range []string{first, key} {
		ok(t, "audit", "check", after, "--key", k)
	}
	ok(t, "audit", "check", before, "--key", first)
	r = entente(t, "", "audit", "check", before, "--key", key)
	require.NotZero(t, r.code, "the file of before does not know of the key that came")

	other := filepath.Join(dir, "other")
	ok(t, "do", "--actor", "clerk", "--data", other, ancona)
	r = entente(t, "", "audit", "check", after, "--key", filepath.Join(other, "tlog", "log.vkey"))
	require.NotZero(t, r.code)
	require.Contains(t, r.out+r.err, "tlog.key_unstated")
	ok(t, "verify", "--full", "--data", data)

	keys := filepath.Join(data, "tlog", "keys")
	text, err := os.ReadFile(keys)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(data, "tlog", "log.vkey"), text[:bytes.IndexByte(text, '\n')+1], 0o600))
	r = entente(t, "", "verify", "--data", data)
	require.Equal(t, 1, r.code)
	require.Contains(t, r.out, "audit.key_differs")
	foreign, err := os.ReadFile(filepath.Join(other, "tlog", "keys"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(keys, foreign, 0o600))
	r = entente(t, "", "verify", "--data", data)
	require.Equal(t, 1, r.code)
	require.Contains(t, r.out, "tlog.keys_differ")
}
