package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// Copy writes a copy of the store in a folder into another folder, which it
// makes: what is durable when it begins, also while a process appends. If there
// is no store there is no copy, which is no error. The copy is not synced.
func Copy(ctx context.Context, from, to string) error {
	path := filepath.Join(from, eventsFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := os.MkdirAll(to, 0o700); err != nil {
		return fmt.Errorf("copy the store: %w", err)
	}
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadOnly)
	if err != nil {
		return fmt.Errorf("copy the store: %w", err)
	}
	conn.SetInterrupt(ctx.Done())
	err = sqlitex.ExecuteTransient(conn, "VACUUM INTO ?", &sqlitex.ExecOptions{Args: []any{filepath.Join(to, eventsFile)}})
	if err := errors.Join(err, conn.Close()); err != nil {
		return fmt.Errorf("copy the store: %w", err)
	}
	return nil
}
