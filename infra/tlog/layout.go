package tlog

import (
	"encoding/binary"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	// Height is that of a tile: 256 hashes or entries wide (C2SP tlog-tiles).
	Height = 8
	width  = 1 << Height

	checkpointFile = "checkpoint"
	keyFile        = "log.vkey"
	entriesLevel   = -1 // of bundles
)

// tile is a piece of the log: hashes of a level, or a bundle of entries.
type tile struct {
	level int   // entriesLevel for a bundle
	n     int64 // within the level
	width int   // of hashes or entries, 1 to 256
}

// path returns where a tile is in the folder of the log (C2SP tlog-tiles): with
// numbers in groups of three digits, and its width if it is not full.
func (t tile) path() string {
	text := fmt.Sprintf("%03d", t.n%1000)
	for n := t.n / 1000; n > 0; n /= 1000 {
		text = fmt.Sprintf("x%03d/%s", n%1000, text)
	}
	level := "entries"
	if t.level != entriesLevel {
		level = fmt.Sprint(t.level)
	}
	if t.width < width {
		text += fmt.Sprintf(".p/%d", t.width)
	}
	return "tile/" + level + "/" + text
}

// at returns the tile of a level that holds its n-th hash or entry, as wide as
// a tree of a size has it.
func at(level int, n, size int64) tile {
	count := size
	if level > 0 {
		count = size >> (Height * level)
	}
	first := n &^ (width - 1)
	return tile{level, n >> Height, int(min(count-first, width))}
}

// errBundle says that a bundle is not what it should be.
var errBundle = errors.New("the bundle is cut short or too long")

// appendEntry adds an entry to a bundle: its length in 16 bits, the most
// significant first, and the entry.
func appendEntry(bundle, entry []byte) []byte {
	return append(binary.BigEndian.AppendUint16(bundle, uint16(len(entry))), entry...)
}

// splitBundle returns the entries of a bundle, which must be n.
func splitBundle(bundle []byte, n int) ([][]byte, error) {
	entries := make([][]byte, 0, n)
	for len(bundle) > 0 {
		if len(bundle) < 2 {
			return nil, errBundle
		}
		size := int(binary.BigEndian.Uint16(bundle))
		if bundle = bundle[2:]; len(bundle) < size {
			return nil, errBundle
		}
		entries, bundle = append(entries, bundle[:size:size]), bundle[size:]
	}
	if len(entries) != n {
		return nil, errBundle
	}
	return entries, nil
}

// root returns the hash of a full tile's hashes: that of the level above.
func root(hashes []tlog.Hash) tlog.Hash {
	if len(hashes) == 1 {
		return hashes[0]
	}
	half := len(hashes) / 2
	return tlog.NodeHash(root(hashes[:half]), root(hashes[half:]))
}
