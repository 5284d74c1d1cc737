package intake

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// work is what is between reading and recording, in a temporary file, so that
// memory stays flat.
type work struct {
	mu   sync.Mutex // the connection is for one goroutine at a time
	conn *sqlite.Conn
	dir  string
}

const workTables = `
-- A party as rows name it: as the row has it that names it first, party rows
-- before others.
CREATE TABLE mention (
	key TEXT PRIMARY KEY, rank INTEGER, known INTEGER, payload TEXT, row INTEGER, place TEXT,
	name TEXT, -- key by name and country
	stream TEXT, title TEXT, opens INTEGER, problem TEXT -- code, sentence and what would be right
) STRICT, WITHOUT ROWID;
CREATE INDEX mention_name ON mention (name);
CREATE INDEX mention_stream ON mention (stream);
-- What opens a record that rows only name.
CREATE TABLE implied (
	stream TEXT PRIMARY KEY, phase INTEGER, known INTEGER, row INTEGER, place TEXT,
	type TEXT, schema INTEGER, data BLOB, content BLOB
) STRICT, WITHOUT ROWID;
CREATE TABLE claim (
	phase INTEGER, stream TEXT, later INTEGER, known INTEGER, day INTEGER, tie TEXT, row INTEGER, n INTEGER, implied INTEGER,
	place TEXT, slot TEXT, type TEXT, schema INTEGER, data BLOB, content BLOB
) STRICT;
-- Events recorded from the register before, and whether it has them still.
CREATE TABLE entry (of TEXT, there INTEGER) STRICT;
CREATE TABLE silent (stream TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE refused (row INTEGER, sheet TEXT, number INTEGER, field TEXT, code TEXT, message TEXT, want TEXT) STRICT;
`

func newWork() (*work, error) {
	dir, err := os.MkdirTemp("", "entente-import-")
	if err != nil {
		return nil, fmt.Errorf("make a temporary folder: %w", err)
	}
	conn, err := sqlite.OpenConn(filepath.Join(dir, "work.db"), sqlite.OpenReadWrite, sqlite.OpenCreate)
	if err != nil {
		_ = os.RemoveAll(dir)
		return nil, fmt.Errorf("make a temporary file: %w", err)
	}
	w := &work{conn: conn, dir: dir}
	for _, pragma := range []string{"journal_mode = OFF", "synchronous = OFF", "cache_size = -32768", "temp_store = FILE"} {
		if err == nil {
			err = sqlitex.ExecuteTransient(conn, "PRAGMA "+pragma, nil)
		}
	}
	if err == nil {
		err = sqlitex.ExecuteScript(conn, workTables, nil)
	}
	if err == nil {
		err = sqlitex.ExecuteTransient(conn, "BEGIN", nil)
	}
	if err != nil {
		_ = w.close()
		return nil, fmt.Errorf("make a temporary file: %w", err)
	}
	return w, nil
}

func (w *work) close() error {
	err := w.conn.Close()
	if removed := os.RemoveAll(w.dir); err == nil {
		err = removed
	}
	return err
}

// exec runs a statement with arguments, and calls visit with each row of its
// answer.
func (w *work) exec(query string, visit func(row *sqlite.Stmt) error, args ...any) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	stmt, err := w.conn.Prepare(query)
	if err != nil {
		return fmt.Errorf("use the temporary file: %w", err)
	}
	defer func() { _ = stmt.Reset() }()
	for i, arg := range args {
		switch arg := arg.(type) {
		case string:
			stmt.BindText(i+1, arg)
		case int:
			stmt.BindInt64(i+1, int64(arg))
		case int64:
			stmt.BindInt64(i+1, arg)
		case bool:
			stmt.BindBool(i+1, arg)
		case []byte:
			stmt.BindBytes(i+1, arg)
		default:
			return fmt.Errorf("use the temporary file: a %T", arg)
		}
	}
	for {
		more, err := stmt.Step()
		if err != nil {
			return fmt.Errorf("use the temporary file: %w", err)
		}
		if !more {
			return nil
		}
		if err := visit(stmt); err != nil {
			return err
		}
	}
}
