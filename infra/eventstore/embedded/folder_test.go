package embedded_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
)

// filled returns a folder with a closed store of 300 records in 3 streams.
func filled(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	s, err := embedded.Open(context.Background(), dir, embedded.Options{})
	require.NoError(t, err)
	for range 3 {
		_, err := s.Append(context.Background(), newStream(), 0, batch(100)...)
		require.NoError(t, err)
	}
	require.NoError(t, s.Close())
	return dir
}

func TestOpenDamaged(t *testing.T) {
	events := func(dir string) string { return filepath.Join(dir, "events.db") }
	sql := func(t *testing.T, dir, script string) {
		conn, err := sqlite.OpenConn(events(dir), sqlite.OpenReadWrite)
		require.NoError(t, err)
		require.NoError(t, sqlitex.ExecuteScript(conn, script, nil))
		require.NoError(t, conn.Close())
	}
	for name, c := range map[string]struct {
		damage func(t *testing.T, dir string)
		want   error
	}{
		"garbage": {func(t *testing.T, dir string) {
			require.NoError(t, os.WriteFile(events(dir), make([]byte, 100_000), 0o600))
		}, es.ErrCorrupt},
		"empty":   {func(t *testing.T, dir string) { require.NoError(t, os.Truncate(events(dir), 0)) }, es.ErrCorrupt},
		"cut_off": {func(t *testing.T, dir string) { require.NoError(t, os.Truncate(events(dir), 50_000)) }, es.ErrCorrupt},
		"missing_beside_its_wal": {func(t *testing.T, dir string) {
			require.NoError(t, os.Rename(events(dir), events(dir)+"-wal"))
		}, es.ErrCorrupt},
		"another_database": {func(t *testing.T, dir string) { sql(t, dir, "PRAGMA application_id = 7") }, es.ErrCorrupt},
		"newer":            {func(t *testing.T, dir string) { sql(t, dir, "PRAGMA user_version = 2") }, es.ErrNewer},
		"older_than_any":   {func(t *testing.T, dir string) { sql(t, dir, "PRAGMA user_version = 0") }, es.ErrCorrupt},
		"no_table":         {func(t *testing.T, dir string) { sql(t, dir, "DROP VIEW log; DROP TABLE events") }, es.ErrCorrupt},
		"first_gone":       {func(t *testing.T, dir string) { sql(t, dir, "DELETE FROM events WHERE position = 1") }, es.ErrCorrupt},
		"streams_gone":     {func(t *testing.T, dir string) { sql(t, dir, "DELETE FROM streams") }, es.ErrCorrupt},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filled(t)
			c.damage(t, dir)
			for _, readOnly := range []bool{true, false} {
				if readOnly && name == "missing_beside_its_wal" {
					continue
				}
				_, err := embedded.Open(context.Background(), dir, embedded.Options{ReadOnly: readOnly})
				require.ErrorIs(t, err, c.want, "read-only: %v", readOnly)
			}
		})
	}
}

func TestGapIsDamage(t *testing.T) {
	dir := filled(t)
	conn, err := sqlite.OpenConn(filepath.Join(dir, "events.db"), sqlite.OpenReadWrite)
	require.NoError(t, err)
	require.NoError(t, sqlitex.ExecuteScript(conn, "DELETE FROM events WHERE position = 150", nil))
	require.NoError(t, conn.Close())
	s := open(t, dir)
	var last error
	for _, err := range s.ReadAll(context.Background(), 0) {
		last = err
	}
	require.ErrorIs(t, last, es.ErrCorrupt)
}

func TestOpenReadOnly(t *testing.T) {
	t.Run("nothing_there", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "none")
		_, err := embedded.Open(context.Background(), dir, embedded.Options{ReadOnly: true})
		require.ErrorIs(t, err, es.ErrNotFound)
		require.NoDirExists(t, dir)
	})
	t.Run("without_an_owner", func(t *testing.T) {
		s, err := embedded.Open(context.Background(), filled(t), embedded.Options{ReadOnly: true})
		require.NoError(t, err)
		n := 0
		for _, err := range s.ReadAll(context.Background(), 0) {
			require.NoError(t, err)
			n++
		}
		require.Equal(t, 300, n)
		require.NoError(t, s.Close())
	})
}

func TestModes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	s := open(t, dir)
	_, err := s.Append(context.Background(), newStream(), 0, batch(1)...)
	require.NoError(t, err)
	info, err := os.Stat(dir)
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o700), info.Mode().Perm())
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 4, "lock, database, WAL, its index")
	for _, e := range entries {
		info, err := e.Info()
		require.NoError(t, err)
		require.Equal(t, fs.FileMode(0o600), info.Mode().Perm(), e.Name())
	}
}

func TestLockIsReleased(t *testing.T) {
	dir := t.TempDir()
	for range 3 {
		s, err := embedded.Open(context.Background(), dir, embedded.Options{})
		require.NoError(t, err)
		requireHeld(t, dir, os.Getpid())
		require.NoError(t, s.Close())
	}
}

func TestInterruptedCreation(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"events.db.new", "events.db.new-wal"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("half"), 0o600))
	}
	_, err := open(t, dir).Append(context.Background(), newStream(), 0, batch(1)...)
	require.NoError(t, err)
}

// Any SQLite tool reads the log with the view of that name.
func TestLogView(t *testing.T) {
	dir := filled(t)
	conn, err := sqlite.OpenConn(filepath.Join(dir, "events.db"), sqlite.OpenReadOnly)
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close()) }()
	var line string
	err = sqlitex.ExecuteTransient(conn, `
		SELECT position, stream, revision, type, schema, length(id), json_extract(data, '$.fact.status') FROM log WHERE position = 102`,
		&sqlitex.ExecOptions{ResultFunc: func(stmt *sqlite.Stmt) error {
			line = fmt.Sprintln(stmt.ColumnInt(0), len(stmt.ColumnText(1)), stmt.ColumnInt(2), stmt.ColumnText(3),
				stmt.ColumnInt(4), stmt.ColumnInt(5), stmt.ColumnText(6))
			return nil
		}})
	require.NoError(t, err)
	require.Equal(t, "102 47 2 memorandum.signed 1 32 recorded\n", line)
}
