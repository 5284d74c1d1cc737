package projections

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// shelf is a generation that is open for reading.
type shelf struct {
	number  int
	lock    *os.File // shared
	idle    []*sqlite.Conn
	readers int // connections in use
}

const (
	maxIdle     = maxReaders // connections kept between reads: a new one prepares all its statements anew
	readerCache = 8 << 10    // memory for pages of each, in KiB
)

// borrow returns a connection to the live generation.
func (v *Views) borrow() (*shelf, *sqlite.Conn, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closed {
		return nil, nil, fmt.Errorf("read views: %w", fs.ErrClosed)
	}
	if v.now == nil || time.Since(v.looked) > lookInterval {
		if err := v.move(); err != nil {
			return nil, nil, err
		}
		v.looked = time.Now()
	}
	s := v.now
	s.readers++
	if n := len(s.idle); n > 0 {
		conn := s.idle[n-1]
		s.idle = s.idle[:n-1]
		return s, conn, nil
	}
	conn, err := openReader(viewsPath(v.dir, s.number))
	if err != nil {
		s.readers--
		return nil, nil, err
	}
	return s, conn, nil
}

// giveBack keeps a connection for the next read, unless it failed or its
// generation is no longer the live one.
func (v *Views) giveBack(s *shelf, conn *sqlite.Conn, failed bool) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	s.readers--
	if s == v.now && !failed && len(s.idle) < maxIdle {
		s.idle = append(s.idle, conn)
		return nil
	}
	err := conn.Close()
	if s != v.now && s.readers == 0 {
		err = errors.Join(err, s.close(), v.clear())
	}
	return err
}

// move makes the highest complete generation of these projections the one that
// is read.
func (v *Views) move() error {
	all, err := generations(v.dir, ".db")
	if err != nil {
		return err
	}
	var damage error
	for _, n := range all {
		if v.now != nil && n == v.now.number && v.now.inPlace(v.dir) {
			return nil
		}
		s, err := v.open(n)
		if errors.Is(err, es.ErrCorrupt) {
			damage = errors.Join(damage, err)
			continue
		}
		if err != nil {
			return err
		}
		if s == nil {
			continue
		}
		old := v.now
		v.now = s
		if old != nil && old.readers == 0 {
			return errors.Join(old.close(), v.clear())
		}
		return nil
	}
	if v.now != nil {
		return nil // the files are gone, but not for who has them open
	}
	if damage != nil {
		return damage
	}
	return es.NotFound("views.none", "there are no views yet that this version can read")
}

// inPlace reports whether s is still the generation of its number in dir, where
// somebody may have removed everything and begun again.
func (s *shelf) inPlace(dir string) bool {
	mine, err := s.lock.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(lockPath(dir, s.number))
	return err == nil && os.SameFile(mine, there)
}

// open opens generation n, or returns nil if it cannot be read: it is not
// complete, of other projections, being removed. It fails with [es.ErrCorrupt]
// if the file is damaged.
func (v *Views) open(n int) (*shelf, error) {
	lock, err := openShared(lockPath(v.dir, n))
	if errors.Is(err, errHeld) || errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read views: %w", err)
	}
	h, err := inspect(v.dir, n)
	if err == nil && h.complete && h.format == format && h.projections == signature(v.projections) {
		return &shelf{number: n, lock: lock}, nil
	}
	if !errors.Is(err, es.ErrCorrupt) {
		err = nil
	}
	return nil, errors.Join(err, unlock(lock))
}

// clear removes what nobody reads any more, if this process may.
func (v *Views) clear() error {
	if v.now == nil {
		return nil
	}
	if err := sweep(v.dir, v.now.number); err != nil && !errors.Is(err, fs.ErrPermission) {
		return err
	}
	return nil
}

func openReader(path string) (*sqlite.Conn, error) {
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadOnly)
	if err != nil {
		return nil, fmt.Errorf("read views: %w", readmodel.Damage(err))
	}
	conn.SetBusyTimeout(10 * time.Second)
	err = sqlitex.ExecuteTransient(conn, fmt.Sprintf("PRAGMA cache_size = -%d", readerCache), nil)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("read views: %w", readmodel.Damage(err)), conn.Close())
	}
	return conn, nil
}

func (s *shelf) close() error {
	var err error
	for _, conn := range s.idle {
		err = errors.Join(err, conn.Close())
	}
	s.idle = nil
	return errors.Join(err, unlock(s.lock))
}
