package tlog

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// edge is the right edge of a tree: all that is needed to go on with it, and to
// find its root. It is a few hundred kilobytes at most, whatever the size.
type edge struct {
	size   int64
	levels [][]tlog.Hash // of each level of tiles, the hashes of the last tile, if it is not full
	bundle []byte        // the last bundle, likewise
}

// piece is a tile with what is in it.
type piece struct {
	tile
	data []byte
}

// add adds an entry, and calls full with every tile that is full with it.
func (e *edge) add(entry []byte, full func(piece)) {
	e.bundle = appendEntry(e.bundle, entry)
	e.size++
	if e.size%width == 0 {
		full(piece{tile{entriesLevel, e.size/width - 1, width}, e.bundle})
		e.bundle = nil
	}
	h := tlog.RecordHash(entry)
	for level := 0; ; level++ {
		if level == len(e.levels) {
			e.levels = append(e.levels, make([]tlog.Hash, 0, width))
		}
		e.levels[level] = append(e.levels[level], h)
		if len(e.levels[level]) < width {
			return
		}
		n := e.size>>(Height*(level+1)) - 1
		full(piece{tile{level, n, width}, flat(e.levels[level])})
		h = root(e.levels[level])
		e.levels[level] = e.levels[level][:0]
	}
}

// rest returns the tiles that are not full, and not empty.
func (e *edge) rest() []piece {
	var all []piece
	if len(e.bundle) > 0 {
		all = append(all, piece{tile{entriesLevel, e.size / width, int(e.size % width)}, e.bundle})
	}
	for level, hashes := range e.levels {
		if len(hashes) > 0 {
			all = append(all, piece{tile{level, e.size >> (Height * (level + 1)), len(hashes)}, flat(hashes)})
		}
	}
	return all
}

func flat(hashes []tlog.Hash) []byte {
	data := make([]byte, 0, len(hashes)*tlog.HashSize)
	for i := range hashes {
		data = append(data, hashes[i][:]...)
	}
	return data
}

// tree returns the size and the root of the tree.
func (e *edge) tree() (tlog.Tree, error) {
	h, err := tlog.TreeHash(e.size, tlog.HashReaderFunc(e.read))
	return tlog.Tree{N: e.size, Hash: h}, err
}

// read implements tlog.HashReader for the hashes on the edge.
func (e *edge) read(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		level, n := tlog.SplitStoredHashIndex(x)
		tileLevel, within := level/Height, level%Height
		first := n << within & (width - 1)
		if tileLevel >= len(e.levels) || int(first)+1<<within > len(e.levels[tileLevel]) {
			return nil, fmt.Errorf("hash %d of level %d is not on the edge of a tree of %d", n, level, e.size)
		}
		out[i] = root(e.levels[tileLevel][first : first+1<<within])
	}
	return out, nil
}
