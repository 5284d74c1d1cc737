package embedded

import (
	"context"
	"log/slog"
	"sync/atomic"

	"zombiezen.com/go/sqlite"
)

const (
	walPages      = 1024    // 16 MiB: from here on the WAL is copied into the file
	walRest       = 128     // pages that may be left to copy on the append path
	lookEvery     = 64      // groups between looks at the size of the WAL
	lookEveryByte = 1 << 20 // or bytes of payload
)

const sqlCheckpoint = "PRAGMA wal_checkpoint(PASSIVE)"

// checkpointer copies the WAL into the database file, off the append path.
// SQLite begins the WAL anew only when all of it is copied and no append came
// meanwhile; so the writer copies the last few pages itself when told.
type checkpointer struct {
	conn  *sqlite.Conn
	log   *slog.Logger
	look  chan struct{} // cap 1: the WAL has grown
	ended chan struct{}
	due   atomic.Bool // the writer is to copy what is left

	groups, bytes int // since the last look; the writer's own
}

func startCheckpointer(path string, log *slog.Logger) (*checkpointer, error) {
	conn, err := openConn(path, sqlite.OpenReadWrite, readCacheKiB)
	if err != nil {
		return nil, err
	}
	c := &checkpointer{conn: conn, log: log, look: make(chan struct{}, 1), ended: make(chan struct{})}
	c.look <- struct{}{} // an unclean end may have left a long WAL
	go c.run()
	return c, nil
}

// note counts a group of the writer.
func (c *checkpointer) note(bytes int) {
	c.groups++
	c.bytes += bytes
	if c.groups < lookEvery && c.bytes < lookEveryByte {
		return
	}
	c.groups, c.bytes = 0, 0
	select {
	case c.look <- struct{}{}:
	default:
	}
}

func (c *checkpointer) run() {
	defer close(c.ended)
	for range c.look {
		if err := c.copy(); err != nil {
			c.log.WarnContext(context.Background(), "checkpoint of the event store failed", "error", err)
		}
	}
}

// copy copies the WAL if it is long. Appends go on meanwhile, so it goes over
// what they added, a few times at most.
func (c *checkpointer) copy() error {
	size, err := walSize(c.conn, "PRAGMA wal_checkpoint(NOOP)")
	if err != nil || size.pages < walPages {
		return err
	}
	for range 3 {
		if _, err = walSize(c.conn, sqlCheckpoint); err != nil {
			return err
		}
		if size, err = walSize(c.conn, "PRAGMA wal_checkpoint(NOOP)"); err != nil || size.pages-size.copied < walRest {
			break
		}
	}
	c.due.Store(true)
	return err
}

// finish copies what is left, on the connection of the writer between two
// groups, if that is due.
func (c *checkpointer) finish(writer *sqlite.Conn) {
	if !c.due.CompareAndSwap(true, false) {
		return
	}
	if _, err := walSize(writer, sqlCheckpoint); err != nil {
		c.log.WarnContext(context.Background(), "checkpoint of the event store failed", "error", err)
	}
}

// close ends the goroutine; the writer has ended before.
func (c *checkpointer) close() error {
	close(c.look)
	<-c.ended
	return c.conn.Close()
}

// walState is the length of the WAL and how much of it is in the database
// file, in pages.
type walState struct{ pages, copied int }

func walSize(conn *sqlite.Conn, pragma string) (walState, error) {
	stmt, err := conn.Prepare(pragma)
	if err != nil {
		return walState{}, err
	}
	if _, err := stmt.Step(); err != nil {
		return walState{}, err
	}
	s := walState{pages: stmt.ColumnInt(1), copied: stmt.ColumnInt(2)}
	return s, stmt.Reset()
}
