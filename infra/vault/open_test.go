package vault_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/vault"
)

func TestFileModes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no modes")
	}
	path := newPath(t)
	v := open(t, path)
	put(t, v, mira)
	mode := func(path string) fs.FileMode {
		info, err := os.Stat(path)
		require.NoError(t, err)
		return info.Mode().Perm()
	}
	require.EqualValues(t, 0o600, mode(path))

	t.Run("journal", func(t *testing.T) {
		c := raw(t, path)
		script(t, c, "BEGIN IMMEDIATE; DELETE FROM person")
		require.EqualValues(t, 0o600, mode(path+"-journal"))
		script(t, c, "ROLLBACK")
	})
	t.Run("no_journal_at_rest", func(t *testing.T) {
		entries, err := os.ReadDir(filepath.Dir(path))
		require.NoError(t, err)
		require.Len(t, entries, 1)
	})
	t.Run("restored_too_open", func(t *testing.T) {
		require.NoError(t, v.Close())
		require.NoError(t, os.Chmod(path, 0o644))
		open(t, path)
		require.EqualValues(t, 0o600, mode(path))
	})
}

func TestOpenFails(t *testing.T) {
	open := func(t *testing.T, path string) error {
		t.Helper()
		v, err := vault.Open(t.Context(), path, nil, vault.Options{Wait: 20 * time.Millisecond})
		require.Nil(t, v)
		return err
	}
	made := func(t *testing.T, sql string) string {
		t.Helper()
		path := newPath(t)
		v, err := vault.Open(t.Context(), path, nil, vault.Options{})
		require.NoError(t, err)
		require.NoError(t, v.Close())
		c := raw(t, path)
		script(t, c, sql)
		return path
	}
	t.Run("newer", func(t *testing.T) {
		requireError(t, open(t, made(t, "PRAGMA user_version = 2")), es.ErrNewer, "vault.newer")
	})
	t.Run("older_than_the_first", func(t *testing.T) {
		requireError(t, open(t, made(t, "PRAGMA user_version = 0")), es.ErrCorrupt, "vault.corrupt")
	})
	t.Run("of_another_program", func(t *testing.T) {
		path := newPath(t)
		script(t, raw(t, path), "CREATE TABLE bookmark (url TEXT)")
		before, err := os.ReadFile(path)
		require.NoError(t, err)
		requireError(t, open(t, path), es.ErrInvalid, "vault.foreign")
		after, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, before, after)
	})
	t.Run("no_database", func(t *testing.T) {
		path := newPath(t)
		require.NoError(t, os.WriteFile(path, []byte(strings.Repeat("letters ", 1000)), 0o600))
		requireError(t, open(t, path), es.ErrCorrupt, "vault.corrupt")
	})
	t.Run("busy", func(t *testing.T) {
		path := made(t, "SELECT 1")
		c := raw(t, path)
		script(t, c, "BEGIN EXCLUSIVE")
		requireError(t, open(t, path), es.ErrConflict, vault.CodeBusy)
	})
	t.Run("no_folder", func(t *testing.T) {
		require.ErrorIs(t, open(t, filepath.Join(t.TempDir(), "none", "vault.db")), fs.ErrNotExist)
	})
	t.Run("names_that_sqlite_takes_for_no_file", func(t *testing.T) {
		require.Error(t, open(t, ""))
		t.Chdir(t.TempDir())
		v, err := vault.Open(t.Context(), ":memory:", nil, vault.Options{})
		require.NoError(t, err)
		require.NoError(t, v.Close())
		require.FileExists(t, ":memory:")
	})
	t.Run("log_cannot_be_read", func(t *testing.T) {
		path := made(t, "SELECT 1")
		broken := errors.New("log is broken")
		v, err := vault.Open(t.Context(), path, sequence(broken, uuid.New()), vault.Options{})
		require.Nil(t, v)
		require.ErrorIs(t, err, broken)
	})
	t.Run("bad_options", func(t *testing.T) {
		_, err := vault.Open(t.Context(), newPath(t), nil, vault.Options{Wait: -1})
		requireError(t, err, es.ErrInvalid, "vault.bad_options")
	})
}
