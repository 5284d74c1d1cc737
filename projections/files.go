package projections

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// errHeld is the answer that somebody else holds a lock.
var errHeld = errors.New("lock is held")

// The files of generation n are n.db, SQLite's n.db-wal and n.db-shm, and
// n.lock, which exists as long as any of them.
func viewsPath(dir string, n int) string { return filepath.Join(dir, strconv.Itoa(n)+".db") }
func lockPath(dir string, n int) string  { return filepath.Join(dir, strconv.Itoa(n)+".lock") }

// generations returns the numbers of the files with an ending (".db", ".lock")
// in dir, the highest first. There are none if there is no dir.
func generations(dir, ending string) ([]int, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list views: %w", err)
	}
	var found []int
	for _, e := range entries {
		stem, ok := strings.CutSuffix(e.Name(), ending)
		if n, err := strconv.Atoi(stem); ok && err == nil && n > 0 && strconv.Itoa(n) == stem {
			found = append(found, n)
		}
	}
	slices.Sort(found)
	slices.Reverse(found)
	return found, nil
}

// remove removes the files of generation n unless somebody has them open, in
// which case it fails with errHeld.
func remove(dir string, n int) error {
	f, err := openOwned(lockPath(dir, n))
	if err != nil {
		return err
	}
	for _, ending := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(viewsPath(dir, n) + ending); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return errors.Join(fmt.Errorf("remove views: %w", err), f.Close())
		}
	}
	return removeOwned(f)
}

// sweep removes the generations below live that nobody reads any more. Files
// without a lock file beside them are not of this package's making, and stay.
func sweep(dir string, live int) error {
	old, err := generations(dir, ".lock")
	if err != nil {
		return err
	}
	for _, n := range old {
		if n >= live {
			continue
		}
		if err := remove(dir, n); err != nil && !errors.Is(err, errHeld) {
			return err
		}
	}
	return nil
}
