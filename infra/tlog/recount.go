package tlog

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/entente-ledger/entente/domain/es"
)

// Width is how many leaves a bundle has, and hashes a tile, that is full.
const Width = width

// Recount computes the tree of a log anew, from the hashes of its leaves in
// order, and compares the tiles in a folder with it. It needs some kilobytes,
// whatever the size. It is for one goroutine.
type Recount struct {
	dir    Dir // "" if there are no tiles to compare
	size   int64
	nodes  []tlog.Hash   // roots of the complete subtrees, the largest first
	levels [][]tlog.Hash // of each level of tiles, the hashes of the tile that is not full
}

// Recount begins after a number of leaves, a multiple of [Width], taking over
// from the tiles of a log of a size what the tree was there. Only a checkpoint of
// more leaves shows that it was that. It fails as [IsDamage] reports if the tiles
// do not say.
func (d Dir) Recount(from, size int64) (*Recount, error) {
	r := &Recount{dir: d, size: from}
	if !d.HasTiles() {
		r.dir = ""
	}
	var indexes []int64
	for level := 62; level >= 0; level-- {
		if from>>level&1 == 1 {
			indexes = append(indexes, tlog.StoredHashIndex(level, from>>level-1))
		}
	}
	var err error
	if r.nodes, err = d.hashes(size).ReadHashes(indexes); err != nil {
		return nil, err
	}
	for level := 0; from>>(Height*level) > 0; level++ {
		count := from >> (Height * level)
		r.levels = append(r.levels, make([]tlog.Hash, 0, width))
		if count%width == 0 {
			continue
		}
		data, err := d.read(at(level, count-1, size))
		if err != nil {
			return nil, err
		}
		r.levels[level] = append(r.levels[level], unflat(data)[:count%width]...)
	}
	return r, nil
}

// Size is how many leaves there are.
func (r *Recount) Size() int64 { return r.size }

// Add adds the hash of a leaf. It returns what is to be said of a tile above
// the lowest level that is full with it and is not as it should be, "" if there
// is nothing; the lowest level is for who has the leaves, see [Dir.LeafHashes].
func (r *Recount) Add(h tlog.Hash) (damaged string, err error) {
	n := r.size
	r.size++
	r.keep(0, h)
	for level := 1; n&1 == 1; level++ {
		h = tlog.NodeHash(r.nodes[len(r.nodes)-1], h)
		r.nodes = r.nodes[:len(r.nodes)-1]
		if level%Height == 0 {
			r.keep(level/Height, h)
		}
		n >>= 1
	}
	r.nodes = append(r.nodes, h)
	for level, hashes := range r.levels {
		if len(hashes) < width {
			break
		}
		if level > 0 && damaged == "" {
			damaged, err = r.compare(tile{level, r.size>>(Height*(level+1)) - 1, width}, hashes)
		}
		r.levels[level] = hashes[:0]
	}
	return damaged, err
}

func (r *Recount) keep(level int, h tlog.Hash) {
	if level == len(r.levels) {
		r.levels = append(r.levels, make([]tlog.Hash, 0, width))
	}
	r.levels[level] = append(r.levels[level], h)
}

// compare compares a tile with the hashes it should have, from the first.
func (r *Recount) compare(t tile, hashes []tlog.Hash) (damaged string, err error) {
	if r.dir == "" {
		return "", nil
	}
	data, err := r.dir.read(t)
	switch {
	case IsDamage(err):
		return err.Error(), nil
	case err != nil:
		return "", err
	case string(data) != string(flat(hashes)):
		return t.path() + " does not have the hashes that the leaves give", nil
	}
	return "", nil
}

// Tree returns the size and the root of the tree.
func (r *Recount) Tree() tlog.Tree {
	if r.size == 0 {
		h, _ := tlog.TreeHash(0, nil) // never fails
		return tlog.Tree{Hash: h}
	}
	h := r.nodes[len(r.nodes)-1]
	for i := len(r.nodes) - 2; i >= 0; i-- {
		h = tlog.NodeHash(r.nodes[i], h)
	}
	return tlog.Tree{N: r.size, Hash: h}
}

// Edge compares the tiles and bundles that are not full: those that the tree as
// it is now has, and older ones that are still there. It returns what is to be
// said of those that are not as they should be.
func (r *Recount) Edge() (damaged []string, err error) {
	if r.dir == "" {
		return nil, nil
	}
	for level, hashes := range r.levels {
		if len(hashes) == 0 {
			continue
		}
		t := tile{level, r.size >> (Height * (level + 1)), len(hashes)}
		found, err := r.compareAll(t, hashes, r.compare)
		damaged = append(damaged, found...)
		if err == nil && level == 0 {
			t.level = entriesLevel
			found, err = r.compareAll(t, hashes, r.compareBundle)
			damaged = append(damaged, found...)
		}
		if err != nil {
			return damaged, err
		}
	}
	return damaged, nil
}

// compareAll compares a tile, and what there is of it that is narrower.
func (r *Recount) compareAll(t tile, hashes []tlog.Hash, compare func(tile, []tlog.Hash) (string, error)) (damaged []string, err error) {
	widths := []int{t.width}
	files, err := os.ReadDir(filepath.Join(string(r.dir), filepath.FromSlash(path.Dir(t.path()))))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list tiles: %w", err)
	}
	for _, f := range files {
		if w, err := strconv.Atoi(f.Name()); err == nil && w > 0 && w < t.width {
			widths = append(widths, w)
		}
	}
	for _, w := range widths {
		t.width = w
		found, err := compare(t, hashes[:w])
		if err != nil {
			return damaged, err
		}
		if found != "" {
			damaged = append(damaged, found)
		}
	}
	return damaged, nil
}

// compareBundle compares a bundle with the hashes of the leaves it should have.
func (r *Recount) compareBundle(t tile, hashes []tlog.Hash) (damaged string, err error) {
	entries, err := r.dir.entries(t)
	if IsDamage(err) {
		return err.Error(), nil
	}
	for i := range entries {
		if tlog.RecordHash(entries[i]) != hashes[i] {
			return t.path() + " does not have the leaves that were sealed", nil
		}
	}
	return "", err
}

// Bundle returns the leaves of the bundle that begins with a leaf, as many as a
// tree of a size has of it. It fails as [IsDamage] reports.
func (d Dir) Bundle(first, size int64) ([][]byte, error) {
	return d.entries(at(entriesLevel, first, size))
}

// LeafHashes is [Dir.Bundle] of the tile with the hashes of the leaves.
func (d Dir) LeafHashes(first, size int64) ([]tlog.Hash, error) {
	data, err := d.read(at(0, first, size))
	return unflat(data), err
}

// IsDamage reports whether an error says that a file of the log is not there, or
// is not as it was written.
func IsDamage(err error) bool {
	var d *damage
	return errors.As(err, &d) || errors.Is(err, errBundle) || errors.Is(err, fs.ErrNotExist)
}

// IsKeptAs reports whether a record in [CheckpointStream] is, byte for byte, the
// one with which a checkpoint is kept.
func (c Checkpoint) IsKeptAs(r es.Record) bool {
	want := record(c)
	return r.ID == want.ID && string(r.Data) == string(want.Data) && string(r.Meta) == string(want.Meta)
}
