package vault

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/entente-ledger/entente/domain/es"
)

// The mark of the file's format, in SQLite's header.
const (
	applicationID = 0x656e7456 // "entV"
	formatVersion = 1          // user_version; raised by any change older code would misread
)

// schema of an empty vault. A tombstone is scrubbed once no byte of the person
// is left in the file.
const schema = `
CREATE TABLE person (
	id        BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
	name      TEXT NOT NULL,
	name_lang TEXT NOT NULL,
	contact   TEXT NOT NULL,
	salt      BLOB NOT NULL CHECK (length(salt) = 32)
) STRICT;
CREATE TABLE erased (
	id       BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
	scrubbed INTEGER NOT NULL CHECK (scrubbed IN (0, 1))
) STRICT, WITHOUT ROWID;`

// private is the mode of every file of the vault.
const private fs.FileMode = 0o600

// create makes an empty private file if there is none. SQLite would make it
// readable by others, and gives a journal the mode of its database.
func create(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, private)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// prepare readies a connection before its first use.
func prepare(c *sqlite.Conn, path string, wait time.Duration) error {
	c.SetBusyTimeout(wait)
	// EXTRA makes the removal of the rollback journal durable too: a journal
	// that came back after a power cut would bring back what was erased.
	for _, pragma := range []string{
		`PRAGMA secure_delete = ON`, `PRAGMA synchronous = EXTRA`, `PRAGMA temp_store = MEMORY`,
	} {
		if err := sqlitex.ExecuteTransient(c, pragma, nil); err != nil {
			return err
		}
	}
	if err := identify(c); err != nil {
		return err
	}
	if err := restrict(path); err != nil {
		return err
	}
	// A write-ahead log would hold names after they are erased.
	mode := ""
	err := query(c, `PRAGMA journal_mode = DELETE`, func(s *sqlite.Stmt) { mode = s.ColumnText(0) })
	if err == nil && mode != "delete" {
		err = fmt.Errorf("set journal mode: it is %q and not delete", mode)
	}
	return err
}

// identify accepts a vault of this format, and makes one of an empty file.
func identify(c *sqlite.Conn) (err error) {
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
		if err := query(c, q, func(s *sqlite.Stmt) { *n = s.ColumnInt(0) }); err != nil {
			return err
		}
	}
	switch {
	case application == 0 && version == 0 && tables == 0:
		return sqlitex.ExecuteScript(c, fmt.Sprintf("%s\nPRAGMA application_id = %d;\nPRAGMA user_version = %d;",
			schema, applicationID, formatVersion), nil)
	case application != applicationID:
		return es.Invalid("vault.foreign", "the file is a database of another program", "the vault of an entente ledger")
	case version > formatVersion:
		return newer(version)
	case version < formatVersion:
		return corrupt(fmt.Sprintf("it has format %d, which never was", version))
	}
	return nil
}

// restrict takes from others whatever a restore or a copy has granted them.
func restrict(path string) error {
	for _, suffix := range []string{"", "-journal", "-wal", "-shm"} {
		if err := os.Chmod(path+suffix, private); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// use runs do with the connection, once it is free, and interrupts it when ctx
// is done.
func (v *Vault) use(ctx context.Context, do func(*sqlite.Conn) error) error {
	c, err := v.conns.Take(ctx)
	if err != nil {
		return classify(ctx, err)
	}
	defer v.conns.Put(c)
	return classify(ctx, do(c))
}

func load(c *sqlite.Conn, id uuid.UUID) (o Opening, found bool, err error) {
	err = run(c, `SELECT name, name_lang, contact, salt FROM person WHERE id = ?`, func(s *sqlite.Stmt) error {
		o.Entry = Entry{Name: s.ColumnText(0), NameLang: s.ColumnText(1), Contact: s.ColumnText(2)}
		if n := s.ColumnBytes(3, o.Salt[:]); n != SaltBytes {
			return corrupt("a salt is too short")
		}
		found = true
		return nil
	}, id[:])
	return o, found, err
}

func isErased(c *sqlite.Conn, id uuid.UUID) (gone bool, err error) {
	err = run(c, `SELECT 1 FROM erased WHERE id = ?`, func(*sqlite.Stmt) error {
		gone = true
		return nil
	}, id[:])
	return gone, err
}

// run executes a statement that is kept prepared.
func run(c *sqlite.Conn, q string, row func(*sqlite.Stmt) error, args ...any) error {
	return sqlitex.Execute(c, q, &sqlitex.ExecOptions{Args: args, ResultFunc: row})
}

// query executes a statement that is used once.
func query(c *sqlite.Conn, q string, row func(*sqlite.Stmt)) error {
	return sqlitex.ExecuteTransient(c, q, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
		row(s)
		return nil
	}})
}
