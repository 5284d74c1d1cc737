package embedded

import (
	"errors"
	"fmt"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// busyTimeout is how long to wait for a lock, which only a foreign program can
// hold for long.
const busyTimeout = 5 * time.Second

// openConn opens a connection that keeps cacheKiB of pages and leaves the WAL
// alone until it is told to copy it.
func openConn(path string, flags sqlite.OpenFlags, cacheKiB int) (*sqlite.Conn, error) {
	conn, err := sqlite.OpenConn(path, flags)
	if err != nil {
		return nil, err
	}
	conn.SetBusyTimeout(busyTimeout)
	for _, pragma := range []string{
		"PRAGMA synchronous = FULL",
		"PRAGMA wal_autocheckpoint = 0",
		fmt.Sprintf("PRAGMA cache_size = -%d", cacheKiB),
	} {
		if err := sqlitex.ExecuteTransient(conn, pragma, nil); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
	}
	return conn, nil
}

// query is a statement to prepare.
type query struct {
	stmt **sqlite.Stmt
	sql  string
}

func prepare(conn *sqlite.Conn, queries []query) (err error) {
	for _, q := range queries {
		*q.stmt, err = conn.Prepare(q.sql)
		if sqlite.ErrCode(err) == sqlite.ResultError {
			return corrupt("its tables are not those of its format", err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// exec runs a statement that yields nothing.
func exec(stmt *sqlite.Stmt) error {
	if _, err := stmt.Step(); err != nil {
		return err // Step has reset stmt
	}
	return stmt.Reset()
}

// one returns the number in the first column of the first row, 0 if there is
// no row or it is NULL.
func one(stmt *sqlite.Stmt) (n int64, err error) {
	row, err := stmt.Step()
	if err != nil {
		return 0, err // Step has reset stmt
	}
	if row {
		n = stmt.ColumnInt64(0)
	}
	return n, stmt.Reset()
}

// number runs a query and returns its one number.
func number(conn *sqlite.Conn, query string) (int64, error) {
	stmt, err := conn.Prepare(query)
	if err != nil {
		return 0, err
	}
	return one(stmt)
}

// rollback ends a transaction that failed, if SQLite has not done it already.
func rollback(conn *sqlite.Conn, stmt *sqlite.Stmt) error {
	if conn.AutocommitEnabled() {
		return nil
	}
	return exec(stmt)
}
