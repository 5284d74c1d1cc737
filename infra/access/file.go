package access

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/entente-ledger/entente/domain/es"
)

// file is an SQLite file of this package: private, written ahead and durable
// (WAL, synchronous=FULL). Several processes may have it open.
type file struct {
	name  string // as errors call it
	conns *sqlitex.Pool
}

// format marks a file in the header of SQLite, and makes an empty one.
type format struct {
	application int // application_id
	version     int // user_version; raised by any change older code would misread
	schema      string
}

// private is the mode of every file of this package.
const private fs.FileMode = 0o600

// waiting is how long one process waits for another to finish writing.
const waiting = 5 * time.Second

// openFile opens a file, and makes it, and its folder, if there is none.
func openFile(ctx context.Context, path string, f format) (_ *file, err error) {
	// An absolute path is a file to SQLite whatever its name.
	if path, err = filepath.Abs(path); err != nil {
		return nil, err
	}
	if err := errors.Join(create(path), restrict(path)); err != nil {
		return nil, err
	}
	name := filepath.Base(path)
	conns, err := sqlitex.NewPool(path, sqlitex.PoolOptions{
		Flags: sqlite.OpenReadWrite, PoolSize: 4,
		PrepareConn: func(c *sqlite.Conn) error { return f.prepare(c, name) },
	})
	if err != nil {
		return nil, classify(ctx, name, err)
	}
	opened := &file{name, conns}
	if err := opened.use(ctx, func(*sqlite.Conn) error { return nil }); err != nil { // prepares one
		return nil, errors.Join(err, conns.Close())
	}
	return opened, nil
}

// create makes an empty private file if there is none: SQLite would make it
// readable by others, and gives what it puts beside it the same mode.
func create(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, private)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// restrict takes from others whatever a restore or a copy has granted them.
func restrict(path string) error {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Chmod(path+suffix, private); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func (f format) prepare(c *sqlite.Conn, name string) error {
	c.SetBusyTimeout(waiting)
	if err := f.identify(c, name); err != nil {
		return err
	}
	for _, pragma := range []string{`PRAGMA journal_mode = WAL`, `PRAGMA synchronous = FULL`, `PRAGMA foreign_keys = ON`} {
		if err := sqlitex.ExecuteTransient(c, pragma, nil); err != nil {
			return err
		}
	}
	return nil
}

// identify accepts a file of this format, and makes one of an empty file.
func (f format) identify(c *sqlite.Conn, name string) (err error) {
	end, err := sqlitex.ImmediateTransaction(c)
	if err != nil {
		return err
	}
	defer end(&err)
	var application, version, tables int
	for q, n := range map[string]*int{
		`PRAGMA application_id`:              &application,
		`PRAGMA user_version`:                &version,
		`SELECT count(*) FROM sqlite_schema`: &tables,
	} {
		err := sqlitex.ExecuteTransient(c, q, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
			*n = s.ColumnInt(0)
			return nil
		}})
		if err != nil {
			return err
		}
	}
	switch {
	case application == 0 && version == 0 && tables == 0:
		return sqlitex.ExecuteScript(c, fmt.Sprintf("%s\nPRAGMA application_id = %d;\nPRAGMA user_version = %d;",
			f.schema, f.application, f.version), nil)
	case application != f.application:
		return es.Invalid("access.foreign", name+" is a database of something else", "that of an entente ledger")
	case version > f.version:
		return &es.Error{
			Kind: es.ErrNewer, Code: "access.newer", Message: fmt.Sprintf("%s has format %d", name, version),
			Want: fmt.Sprintf("format %d; upgrade entente", f.version),
		}
	case version < f.version:
		return corrupt(name, fmt.Sprintf("it has format %d, which never was", version))
	}
	return nil
}

// use runs do with a connection, once one is free, and interrupts it when ctx
// is done.
func (f *file) use(ctx context.Context, do func(*sqlite.Conn) error) error {
	c, err := f.conns.Take(ctx)
	if err != nil {
		return classify(ctx, f.name, err)
	}
	defer f.conns.Put(c)
	return classify(ctx, f.name, do(c))
}

// write runs do in a transaction, which is durable when write returns nil.
func (f *file) write(ctx context.Context, do func(*sqlite.Conn) error) error {
	return f.use(ctx, func(c *sqlite.Conn) (err error) {
		end, err := sqlitex.ImmediateTransaction(c)
		if err != nil {
			return err
		}
		defer end(&err)
		return do(c)
	})
}

// run executes a statement that is kept prepared.
func run(c *sqlite.Conn, q string, row func(*sqlite.Stmt) error, args ...any) error {
	return sqlitex.Execute(c, q, &sqlitex.ExecOptions{Args: args, ResultFunc: row})
}
