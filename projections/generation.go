package projections

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// application marks a views file in its header ("entv").
const application = 0x656e7476

// generation is a views file that is open for writing. It is used by one
// goroutine at a time.
type generation struct {
	number int
	path   string
	lock   *os.File // shared, so that nobody removes the file
	conn   *sqlite.Conn
	tx     *readmodel.Tx
	live   bool
	at     Checkpoint
	// folder runs ahead of at while a batch is under way; nil: to be made.
	folder *folder
}

// writerCache is the memory for pages of the writing connection, in KiB.
const writerCache = 64 << 10

// create makes generation n, empty.
func create(dir string, n int, projections []readmodel.Projection) (*generation, error) {
	for _, path := range []string{lockPath(dir, n), viewsPath(dir, n)} {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return nil, fmt.Errorf("create views: %w", err)
		}
		if err := f.Close(); err != nil {
			return nil, fmt.Errorf("create views: %w", err)
		}
	}
	g, err := attach(dir, n)
	if err != nil {
		return nil, err
	}
	if err := g.initialise(projections); err != nil {
		return nil, errors.Join(fmt.Errorf("create %s: %w", g.path, err), g.close())
	}
	return g, nil
}

// initialise makes the tables, and what the file says of itself, in one
// transaction: who reads meanwhile finds all of it or nothing.
func (g *generation) initialise(projections []readmodel.Projection) (err error) {
	defer sqlitex.Transaction(g.conn)(&err)
	var script strings.Builder
	script.WriteString(fmt.Sprintf("PRAGMA application_id = %d;", application) + views + readmodel.Tables)
	for _, p := range projections {
		tables, _ := p.DDL()
		script.WriteString(tables)
	}
	if err := sqlitex.ExecuteScript(g.conn, script.String(), nil); err != nil {
		return err
	}
	return sqlitex.ExecuteTransient(g.conn, `INSERT INTO views VALUES (?, ?, 0, zeroblob(16), 0, 0, '', 0, zeroblob(16), 0)`,
		&sqlitex.ExecOptions{Args: []any{format, signature(projections)}})
}

// resume opens generation n to go on with it.
func resume(dir string, n int) (*generation, error) {
	g, err := attach(dir, n)
	if err != nil {
		return nil, err
	}
	h, err := readHeader(g.conn)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("read %s: %w", g.path, err), g.close())
	}
	g.at = h.at
	return g, nil
}

// attach opens the file of generation n for writing.
func attach(dir string, n int) (*generation, error) {
	g := &generation{number: n, path: viewsPath(dir, n)}
	var err error
	if g.lock, err = openShared(lockPath(dir, n)); err != nil {
		return nil, fmt.Errorf("open views: %w", err)
	}
	if g.conn, err = sqlite.OpenConn(g.path, sqlite.OpenReadWrite); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", g.path, readmodel.Damage(err)), unlock(g.lock))
	}
	g.conn.SetBusyTimeout(10 * time.Second)
	for _, pragma := range []string{
		"PRAGMA page_size = 8192",
		"PRAGMA journal_mode = WAL",
		"PRAGMA synchronous = NORMAL", // the last batches may be lost, and are read again
		"PRAGMA wal_autocheckpoint = 4000",
		fmt.Sprintf("PRAGMA cache_size = -%d", writerCache),
	} {
		if err := sqlitex.ExecuteTransient(g.conn, pragma, nil); err != nil {
			return nil, errors.Join(fmt.Errorf("open %s: %w", g.path, readmodel.Damage(err)), g.close())
		}
	}
	g.tx = readmodel.NewTx(g.conn)
	return g, nil
}

// apply writes a batch and the checkpoint after it, all or nothing. position
// is that up to which the store was read.
func (g *generation) apply(projections []readmodel.Projection, batch []change, position es.Position) (err error) {
	at := g.at
	end, err := sqlitex.ImmediateTransaction(g.conn)
	if err != nil {
		return fmt.Errorf("write views: %w", readmodel.Damage(err))
	}
	defer func() {
		if end(&err); err == nil {
			g.at = at
			return
		}
		g.tx = readmodel.NewTx(g.conn) // what it remembers was not written
	}()
	for i := range batch {
		c := &batch[i]
		g.tx.Turn(c.Event)
		if err := g.classify(c); err != nil {
			return err
		}
		for j, p := range projections {
			if err := p.Apply(g.tx, c.Event, c.by[j]); err != nil {
				return fmt.Errorf("apply event %d, %s of %s at revision %d, to %s: %w",
					c.Sequence, c.Record.Type, c.Record.Stream, c.Record.Revision, p.Name(), readmodel.Damage(err))
			}
		}
		at = at.after(c.Event)
	}
	at.Position = max(at.Position, position)
	if err := at.write(g.tx); err != nil {
		return fmt.Errorf("write checkpoint: %w", readmodel.Damage(err))
	}
	return nil
}

// classify keeps who may see the stream of c from now on.
func (g *generation) classify(c *change) error {
	if !c.classifies {
		return nil
	}
	if err := g.tx.Classify(c.Record.Stream, c.Meta.Visibility); err != nil {
		return fmt.Errorf("keep the visibility of %s: %w", c.Record.Stream, readmodel.Damage(err))
	}
	return nil
}

// index makes the indexes that queries need.
func (g *generation) index(ctx context.Context, projections []readmodel.Projection) error {
	var script strings.Builder
	for _, p := range projections {
		_, indexes := p.DDL()
		script.WriteString(indexes)
	}
	g.conn.SetInterrupt(ctx.Done())
	defer g.conn.SetInterrupt(nil)
	if err := sqlitex.ExecuteScript(g.conn, script.String(), nil); err != nil {
		return fmt.Errorf("index %s: %w", g.path, readmodel.Damage(err))
	}
	return nil
}

// complete marks the generation as one that can be read.
func (g *generation) complete() error {
	if err := sqlitex.ExecuteTransient(g.conn, "UPDATE views SET complete = 1", nil); err != nil {
		return fmt.Errorf("complete %s: %w", g.path, readmodel.Damage(err))
	}
	return nil
}

func (g *generation) close() error {
	if err := errors.Join(g.conn.Close(), unlock(g.lock)); err != nil {
		return fmt.Errorf("close %s: %w", g.path, err)
	}
	return nil
}
