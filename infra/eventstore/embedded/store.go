package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/internal/watermark"
)

// Options says how to open a store. The zero Options opens it for writing.
type Options struct {
	// ReadOnly opens a folder that may belong to another process. Append
	// fails, subscriptions hear of new records within 20 ms or so.
	ReadOnly bool
	// Logger hears of what nobody waits for; nil is silence.
	Logger *slog.Logger
}

// Sizes of the caches and the pool. Together they bound the memory of a store,
// however long its log, to some 60 MiB.
const (
	readers       = 4
	readCacheKiB  = 2 << 10  // of pages, for each reader
	writeCacheKiB = 16 << 10 // of pages, for the writer
	cachedNames   = 32 << 10 // streams whose names readers remember
	cachedTypes   = 4 << 10  // types that readers, and the writer, remember
	cachedHeads   = 32 << 10 // streams whose revisions the writer remembers, at least
)

// Store is an [es.Store] in a folder, see the package documentation.
type Store struct {
	dir    string
	lock   *os.File // nil if read-only
	writer *writer  // nil if read-only
	head   watermark.Mark

	pool *pool
	once sync.Once
	err  error // of Close
}

var _ es.Store = (*Store)(nil)

// Open opens the store in dir, which it makes, with mode 0700, unless o is
// read-only. It fails with [es.ErrConflict] if another process owns dir, with
// [es.ErrNotFound] if o is read-only and there is no store, with [es.ErrNewer]
// if a newer version wrote it, and with [es.ErrCorrupt] if it is damaged so
// that it shows at a glance.
func Open(ctx context.Context, dir string, o Options) (_ *Store, err error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("open %s: %w", dir, err)
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Store{dir: dir, pool: newPool()}
	defer func() {
		if err != nil {
			err = fmt.Errorf("open %s: %w", dir, errors.Join(explain(err), s.release()))
		}
	}()
	if !o.ReadOnly {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
		if s.lock, err = lockFolder(dir); err != nil {
			return nil, err
		}
	}
	path := filepath.Join(dir, eventsFile)
	if err := present(dir, path, o.ReadOnly); err != nil {
		return nil, err
	}
	if err := s.pool.open(path); err != nil {
		return nil, err
	}
	last, err := s.glance()
	if err != nil || o.ReadOnly {
		return s, err
	}
	s.head.Raise(last)
	s.writer, err = startWriter(path, last, &s.head, o.Logger)
	return s, err
}

// present makes sure that path is there, or says why it should have been.
func present(dir, path string, readOnly bool) error {
	_, err := os.Stat(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if readOnly {
		return es.NotFound("store.not_found", "there is no event store in "+dir)
	}
	if wal, err := os.Stat(path + "-wal"); err == nil && wal.Size() > 0 {
		return corrupt("it is missing, though its write-ahead log is there", nil)
	}
	return create(dir)
}

// glance checks what can be checked at once, whatever the size of the log:
// that the first and the last record can be read. It returns the position of
// the last.
func (s *Store) glance() (last es.Position, err error) {
	err = s.pool.borrow(context.Background(), func(r *reader) error {
		if last, err = r.last(); err != nil || last == 0 {
			return err
		}
		var c chunk
		if err := r.logChunk(&c, 0, 1, last); err != nil {
			return err
		}
		return r.logChunk(&c, last-1, 1, last)
	})
	return last, err
}

// Append implements [es.Store]. When it returns without error the records are
// in the write-ahead log and that is on disk (fsync).
//
// If ctx is done first, Append returns its error, and the records may be
// appended all the same; so they may after an error that is no [es.Error].
// Appending them again at the same place settles it.
func (s *Store) Append(ctx context.Context, stream string, at es.Revision, recs ...es.Record) (es.Position, error) {
	if err := es.CheckAppend(stream, recs); err != nil {
		return 0, err
	}
	done, err := s.append(ctx, stream, At(at), recs)
	return done.Position, err
}

func (s *Store) append(ctx context.Context, stream string, expected Expected, recs []es.Record) (Appended, error) {
	if s.writer == nil {
		return Appended{}, es.Rejected("store.read_only", "the event store "+s.dir+" is open for reading only", "the store open for recording")
	}
	return s.writer.append(ctx, stream, expected, recs)
}

// Head implements [es.Store].
func (s *Store) Head(ctx context.Context) (p es.Position, err error) {
	if s.writer == nil {
		err = s.pool.borrow(ctx, func(r *reader) error {
			p, err = r.last()
			return err
		})
		return p, err
	}
	select {
	case <-s.pool.closed:
		return 0, fs.ErrClosed
	default:
		return s.head.At(), ctx.Err()
	}
}

// Close implements [es.Store]. Appends that were accepted are finished first;
// reads and subscriptions under way end with [fs.ErrClosed]. Closing again
// returns the same.
func (s *Store) Close() error {
	s.once.Do(func() {
		if err := s.release(); err != nil {
			s.err = fmt.Errorf("close %s: %w", s.dir, err)
		}
	})
	return s.err
}

// release lets go of everything, the lock last.
func (s *Store) release() error {
	var errs []error
	if s.writer != nil {
		s.writer.finish()
	}
	s.head.Close()
	errs = append(errs, s.pool.close())
	if s.writer != nil { // the last connection to close empties the WAL
		errs = append(errs, s.writer.close())
	}
	if s.lock != nil {
		errs = append(errs, unlock(s.lock))
	}
	return errors.Join(errs...)
}
