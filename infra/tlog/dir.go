package tlog

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// Dir is a folder with a log, as a web server serves it and auditors copy it:
//
//	checkpoint        the last checkpoint, with the cosignatures of witnesses
//	log.vkey          the key that verifies it (C2SP signed-note)
//	keys              all keys that the log had, and who stated them, see [Chain]
//	witnessed         the last checkpoint that as many witnesses cosigned as must
//	timestamps/N.tsr  time stamp of the checkpoint of N events, N.checkpoint (RFC 3161)
//	tile/L/NNN        hashes of level L; NNN.p/W while a tile has W of 256
//	tile/entries/NNN  bundles of leaves, likewise
//
// (C2SP tlog-tiles.) A full tile never changes; one that is not full goes when
// it is.
type Dir string

// write writes tiles so that they are on disk when it returns: each whole or
// not at all. All are drafted before the first is synced: one journal for all of
// them, where the file system has one.
func (d Dir) write(pieces ...piece) (err error) {
	var drafts []*os.File
	defer func() {
		for _, f := range drafts { // those that were not renamed
			err = errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
	}()
	for _, p := range pieces {
		f, err := draft(d.drafts(), p.data, 0o644)
		if err != nil {
			return fmt.Errorf("write %s: %w", p.path(), err)
		}
		drafts = append(drafts, f)
	}
	for i, f := range drafts {
		if err := f.Sync(); err != nil {
			return fmt.Errorf("write %s: %w", pieces[i].path(), err)
		}
	}
	folders := map[string]bool{}
	for _, p := range pieces {
		path := filepath.Join(string(d), filepath.FromSlash(p.path()))
		if err := rename(drafts[0], path); err != nil {
			return fmt.Errorf("write %s: %w", p.path(), err)
		}
		drafts = drafts[1:]
		folders[filepath.Dir(path)] = true
		if p.width == width {
			if err := os.RemoveAll(path + ".p"); err != nil {
				return fmt.Errorf("remove what %s replaces: %w", p.path(), err)
			}
		}
	}
	for folder := range folders {
		if err := syncFolder(folder); err != nil {
			return err
		}
	}
	return nil
}

// read returns what is in a tile; if it has become wider since, the beginning
// of that. It fails with [fs.ErrNotExist] if there is none.
func (d Dir) read(t tile) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(string(d), filepath.FromSlash(t.path())))
	if errors.Is(err, fs.ErrNotExist) && t.width < width {
		full := t
		full.width = width
		if data, err = os.ReadFile(filepath.Join(string(d), filepath.FromSlash(full.path()))); err == nil {
			return cut(full, data, t.width)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("read a tile: %w", err)
	}
	return cut(t, data, t.width)
}

// cut returns the first n of what is in a tile, which must be whole.
func cut(t tile, data []byte, n int) ([]byte, error) {
	if t.level != entriesLevel {
		if len(data) != t.width*tlog.HashSize {
			return nil, &damage{fmt.Sprintf("%s has %d bytes, not %d", t.path(), len(data), t.width*tlog.HashSize)}
		}
		return data[:n*tlog.HashSize], nil
	}
	entries, err := splitBundle(data, t.width)
	if err != nil {
		return nil, &damage{fmt.Sprintf("%s: %v", t.path(), err)}
	}
	size := 0
	for _, e := range entries[:n] {
		size += 2 + len(e)
	}
	return data[:size], nil
}

// hashes reads stored hashes of a tree of a size (tlog.HashReader). What it
// returns is not yet known to belong to any checkpoint.
func (d Dir) hashes(size int64) tlog.HashReader {
	tiles := map[tile][]byte{}
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			level, n := tlog.SplitStoredHashIndex(x)
			within := level % Height
			first := n << within
			t := at(level/Height, first, size)
			data, ok := tiles[t]
			if !ok {
				var err error
				if data, err = d.read(t); err != nil {
					return nil, err
				}
				tiles[t] = data
			}
			from := int(first & (width - 1))
			if from+1<<within > t.width {
				return nil, fmt.Errorf("hash %d of level %d is not in a tree of %d", n, level, size)
			}
			out[i] = root(unflat(data[from*tlog.HashSize : (from+1<<within)*tlog.HashSize]))
		}
		return out, nil
	})
}

func unflat(data []byte) []tlog.Hash {
	hashes := make([]tlog.Hash, len(data)/tlog.HashSize)
	for i := range hashes {
		hashes[i] = tlog.Hash(data[i*tlog.HashSize:])
	}
	return hashes
}

// Leaf returns the bytes of the leaf with an index in a tree of a size.
func (d Dir) Leaf(index, size int64) ([]byte, error) {
	t := at(entriesLevel, index, size)
	data, err := d.read(t)
	if err != nil {
		return nil, err
	}
	entries, err := splitBundle(data, t.width)
	if err != nil {
		return nil, &damage{fmt.Sprintf("%s: %v", t.path(), err)}
	}
	return entries[index%width], nil
}

// edge returns the right edge of a tree of a size, as it is in the tiles.
func (d Dir) edge(size int64) (*edge, error) {
	e := &edge{size: size}
	for level := 0; level == 0 && size > 0 || size>>(Height*level) > 0; level++ {
		e.levels = append(e.levels, make([]tlog.Hash, 0, width))
		count := size >> (Height * level)
		if count%width == 0 {
			continue
		}
		data, err := d.read(at(level, count-1, size))
		if err != nil {
			return nil, err
		}
		e.levels[level] = append(e.levels[level], unflat(data)...)
	}
	if size%width != 0 {
		data, err := d.read(at(entriesLevel, size-1, size))
		if err != nil {
			return nil, err
		}
		e.bundle = bytes.Clone(data)
	}
	return e, nil
}

// replaceFile writes a file whole or not at all, and on the disk: it is drafted in
// a folder of the same file system, and renamed.
func replaceFile(path, drafts string, data []byte, mode fs.FileMode) error {
	f, err := draft(drafts, data, mode)
	if err != nil {
		return err
	}
	if err = f.Sync(); err == nil {
		err = rename(f, path)
	}
	if err != nil {
		return errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	return nil
}

// draft writes a file under a name that nobody else has, and leaves it open.
func draft(folder string, data []byte, mode fs.FileMode) (*os.File, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // a log is for others to read
		return nil, err
	}
	f, err := os.CreateTemp(folder, "*")
	if err != nil {
		return nil, err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Chmod(mode)); err != nil {
		return nil, errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	return f, nil
}

// rename closes a draft and gives it its name.
func rename(f *os.File, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // a log is for others to read
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// drafts is the folder in which files of the log are drafted.
func (d Dir) drafts() string { return filepath.Join(string(d), ".new") }

func (d Dir) replace(path string, data []byte) error {
	return replaceFile(path, d.drafts(), data, 0o644)
}

// staleAfter is when a draft is one that a process which was killed has left.
const staleAfter = time.Hour

// sweep removes drafts that are left over.
func (d Dir) sweep(now time.Time) error {
	all, err := os.ReadDir(d.drafts())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("look for leftovers: %w", err)
	}
	for _, e := range all {
		if info, err := e.Info(); err == nil && now.Sub(info.ModTime()) > staleAfter {
			_ = os.Remove(filepath.Join(d.drafts(), e.Name())) // another sweeps too
		}
	}
	return nil
}

// syncFolder makes renames in a folder durable.
func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("sync %s: %w", path, err)
	}
	return errors.Join(f.Sync(), f.Close())
}

// damage says that the log, or what it is about, is not as it was.
type damage struct{ message string }

func (d *damage) Error() string { return d.message }
