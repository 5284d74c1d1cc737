package access

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
)

// JournalFile is the name of the file of a [Journal] under the folder of the data.
const JournalFile = "access/journal.db"

// JournalOptions are the options of [OpenJournal]. The zero value is ready for use.
type JournalOptions struct {
	Now func() time.Time // nil means [time.Now]
	Log *slog.Logger     // is told when entries cannot be written; nil means nobody
}

// Journal is the access record: who asked for what, and what came of it. It is
// append-only, apart from the ledger, and every entry holds the hash of the one
// before. It is one SQLite file, safe for concurrent use, also by several
// processes.
//
// Entries are written in groups, one fsync for each. What [Journal.Append] has
// accepted is durable; what [Journal.Note] has accepted is durable when
// [Journal.Close] returns nil, and within milliseconds unless the disk fails.
// Nothing is dropped while the process lives: what cannot be written is tried
// again, and meanwhile whoever wants to record more has to wait.
type Journal struct {
	file *file
	now  func() time.Time
	log  *slog.Logger

	queue    chan pending
	stopping chan struct{} // closed when Close begins
	done     chan struct{} // closed when all is written, or given up
	lost     int           // entries given up, once done
	cause    error         // why

	mu     sync.RWMutex // held for reading by whoever queues
	closed bool
	close  func() error
}

// pending is an entry to be written; done is told, unless it is nil.
type pending struct {
	Entry
	done chan error
}

const (
	maxQueue = 1024        // entries that wait
	maxGroup = 512         // entries written together
	retry    = time.Second // after a failure
)

var journalFormat = format{application: 0x656e744a /* "entJ" */, version: 1, schema: `
CREATE TABLE entry (
	seq     INTEGER NOT NULL PRIMARY KEY,
	at      INTEGER NOT NULL, -- microseconds since 1970, never less than that before
	who     TEXT    NOT NULL,
	action  TEXT    NOT NULL,
	outcome TEXT    NOT NULL,
	kind    TEXT    NOT NULL,
	stream  TEXT    NOT NULL,
	command TEXT    NOT NULL,
	reason  TEXT    NOT NULL,
	request TEXT    NOT NULL,
	hash    BLOB    NOT NULL
) STRICT;
CREATE INDEX entry_at ON entry (at);
CREATE INDEX entry_who ON entry (who);
CREATE INDEX entry_stream ON entry (stream);
CREATE TRIGGER entry_stays BEFORE DELETE ON entry BEGIN SELECT raise(ABORT, 'entries are never deleted'); END;
CREATE TRIGGER entry_is_kept BEFORE UPDATE ON entry BEGIN SELECT raise(ABORT, 'entries are never changed'); END;`}

// OpenJournal opens the access record at path, and makes the file and its
// folder, readable by their owner only, if there is none. It fails with
// [es.ErrNewer] if a newer entente wrote the file, and with [es.ErrInvalid] if
// it is something else's.
func OpenJournal(ctx context.Context, path string, o JournalOptions) (*Journal, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	f, err := openFile(ctx, path, journalFormat)
	if err != nil {
		return nil, fmt.Errorf("open the access record: %w", err)
	}
	j := &Journal{
		file: f, now: o.Now, log: o.Log,
		queue: make(chan pending, maxQueue), stopping: make(chan struct{}), done: make(chan struct{}),
	}
	j.close = sync.OnceValue(j.shut)
	go j.write()
	return j, nil
}

// Append records e, and returns once that is durable. If it fails, nobody knows
// whether e is recorded: what e is about is not to be done. It fails with
// [es.ErrConflict] and code access.closed after [Journal.Close].
func (j *Journal) Append(ctx context.Context, e Entry) error {
	done := make(chan error, 1)
	if err := j.put(ctx, pending{e, done}); err != nil {
		return err
	}
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return fmt.Errorf("wait for the access record: %w", ctx.Err())
	}
}

// Note queues e, and returns at once unless the queue is full: then it waits
// until there is room, or fails when ctx is done. A crash loses what is noted
// and not yet written.
func (j *Journal) Note(ctx context.Context, e Entry) error { return j.put(ctx, pending{Entry: e}) }

func (j *Journal) put(ctx context.Context, p pending) error {
	p.clean()
	j.mu.RLock()
	defer j.mu.RUnlock()
	if j.closed {
		return errClosed
	}
	select {
	case j.queue <- p:
		return nil
	case <-j.stopping:
		return errClosed
	case <-ctx.Done():
		return fmt.Errorf("wait for the access record: %w", ctx.Err())
	}
}

var errClosed = &es.Error{
	Kind: es.ErrConflict, Code: "access.closed", Message: "the access record is closed", Want: "a process that is not about to end",
}

// Close writes what is queued and releases the file. It fails if entries could
// not be written, and says how many. Closing again returns the first result.
func (j *Journal) Close() error { return j.close() }

func (j *Journal) shut() error {
	close(j.stopping)
	j.mu.Lock()
	j.closed = true
	j.mu.Unlock()
	close(j.queue)
	<-j.done
	err := j.file.conns.Close()
	if j.lost > 0 {
		err = errors.Join(fmt.Errorf("close the access record: %d entries are lost: %w", j.lost, j.cause), err)
	}
	return err
}

// write is the one goroutine of this process that writes.
func (j *Journal) write() {
	defer close(j.done)
	for first := range j.queue {
		group := []pending{first}
		for len(group) < maxGroup && len(j.queue) > 0 {
			group = append(group, <-j.queue)
		}
		j.settle(group)
	}
}

// settle writes a group. Whoever waits for an entry is told of the first
// failure; entries that nobody waits for are tried again until Close.
func (j *Journal) settle(group []pending) {
	ctx := context.Background()
	for len(group) > 0 {
		err := j.file.write(ctx, func(c *sqlite.Conn) error { return j.extend(c, group) })
		var noted []pending
		for _, p := range group {
			switch {
			case p.done != nil:
				p.done <- err
			case err != nil:
				noted = append(noted, p)
			}
		}
		if err == nil {
			return
		}
		j.log.ErrorContext(ctx, "the access record cannot be written", "entries", len(group), "error", err)
		group = noted
		select {
		case <-j.stopping:
			j.lost, j.cause = j.lost+len(group), err
			return
		case <-time.After(retry):
		}
	}
}

// extend adds a group to the chain.
func (j *Journal) extend(c *sqlite.Conn, group []pending) error {
	last, at, err := tail(c)
	if err != nil {
		return err
	}
	for _, p := range group {
		e := p.Entry
		e.Seq = last.Seq + 1
		if e.At = j.now().UTC().Truncate(time.Microsecond); e.At.Before(at) {
			e.At = at
		}
		e.Hash = e.chained(last.Hash)
		err := run(c, `INSERT INTO entry (seq, at, who, action, outcome, kind, stream, command, reason, request, hash)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, nil,
			e.Seq, e.At.UnixMicro(), e.Who, string(e.Action), string(e.Outcome), e.Kind, e.Stream, e.Command, e.Reason, e.Request, e.Hash[:])
		if err != nil {
			return err
		}
		last, at = Head{e.Seq, e.Hash}, e.At
	}
	return nil
}

// tail returns the last entry's head and time.
func tail(c *sqlite.Conn) (h Head, at time.Time, err error) {
	err = run(c, `SELECT `+entryColumns+` FROM entry ORDER BY seq DESC LIMIT 1`, func(s *sqlite.Stmt) error {
		e, err := entry(s)
		h, at = Head{e.Seq, e.Hash}, e.At
		return err
	})
	return h, at, err
}
