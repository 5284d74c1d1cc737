package projections

import (
	"context"
	"errors"
	"fmt"
	"os"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/entente-ledger/entente/projections/readmodel"
)

// Copy writes a copy of the newest views of a folder into another folder, which
// it makes; none if there are none. They are consistent also while a runner
// writes into them.
func Copy(ctx context.Context, from, to string) error {
	all, err := generations(from, ".db")
	if err == nil {
		err = os.MkdirAll(to, 0o700)
	}
	if err != nil || len(all) == 0 {
		return err
	}
	lock, err := openShared(lockPath(from, all[0]))
	if err != nil {
		return fmt.Errorf("copy views: %w", err)
	}
	err = copyDatabase(ctx, viewsPath(from, all[0]), viewsPath(to, all[0]))
	if err == nil {
		err = os.WriteFile(lockPath(to, all[0]), nil, 0o600)
	}
	if err := errors.Join(err, unlock(lock)); err != nil {
		return fmt.Errorf("copy views: %w", err)
	}
	return nil
}

func copyDatabase(ctx context.Context, from, to string) error {
	conn, err := sqlite.OpenConn(from, sqlite.OpenReadOnly)
	if err != nil {
		return readmodel.Damage(err)
	}
	conn.SetInterrupt(ctx.Done())
	err = sqlitex.ExecuteTransient(conn, "VACUUM INTO ?", &sqlitex.ExecOptions{Args: []any{to}})
	return errors.Join(readmodel.Damage(err), conn.Close())
}
