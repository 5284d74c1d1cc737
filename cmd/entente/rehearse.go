package main

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

// rehearse has a run work on a copy of the ledger, which remove removes.
func (a *app) rehearse(ctx context.Context) (remove func(), err error) {
	dir, err := os.MkdirTemp("", "entente-dry-run-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the dry run: %w", err)
	}
	remove = func() { _ = os.RemoveAll(dir) } // it is temporary
	views, err := filepath.Glob(filepath.Join(a.viewsDir(), "*.db"))
	if err == nil {
		err = os.MkdirAll(filepath.Join(dir, "views"), 0o700)
	}
	for _, path := range append(views, filepath.Join(a.data, "events.db")) {
		if err == nil {
			err = a.copyDatabase(ctx, path, dir)
		}
	}
	if err != nil {
		remove()
		return nil, fmt.Errorf("copy the ledger for the dry run: %w", err)
	}
	a.data = dir
	return remove, nil
}

// copyDatabase writes a consistent copy of a database of the ledger, also while
// another process writes into it. There may be none yet.
func (a *app) copyDatabase(ctx context.Context, path, dir string) error {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	relative, err := filepath.Rel(a.data, path)
	if err != nil {
		return err
	}
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadOnly)
	if err != nil {
		return err
	}
	conn.SetInterrupt(ctx.Done())
	err = sqlitex.ExecuteTransient(conn, "VACUUM INTO ?", &sqlitex.ExecOptions{Args: []any{filepath.Join(dir, relative)}})
	return errors.Join(err, conn.Close())
}
