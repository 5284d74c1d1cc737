package main

import (
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
	ok(t, "do", "--actor", "clerk", "--data", data, ancona)
	after := bundle()
	for _, k := range []string{first, key} {
		ok(t, "audit", "check", after, "--key", k)
	}
	ok(t, "audit", "check", before, "--key", first)
	r := entente(t, "", "audit", "check", before, "--key", key)
	require.NotZero(t, r.code, "the file of before does not know of the key that came")

	other := filepath.Join(dir, "other")
	ok(t, "do", "--actor", "clerk", "--data", other, ancona)
	r = entente(t, "", "audit", "check", after, "--key", filepath.Join(other, "tlog", "log.vkey"))
	require.NotZero(t, r.code)
	require.Contains(t, r.out+r.err, "tlog.key_unstated")
	ok(t, "verify", "--full", "--data", data)
}
