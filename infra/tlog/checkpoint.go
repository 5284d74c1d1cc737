package tlog

import (
	"errors"
	"fmt"

	formats "github.com/transparency-dev/formats/log"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/entente-ledger/entente/domain/es"
)

// Checkpoint is a signed statement of a log: of its size and its root (C2SP
// tlog-checkpoint, in a signed note).
type Checkpoint struct {
	Origin string
	Tree   tlog.Tree
	// Note is the statement as it was signed, signatures and all.
	Note []byte
}

// maxSize bounds the size of a log, so that hashes can be counted in 64 bits.
const maxSize = 1 << 60

// sign returns the checkpoint of a tree.
func sign(origin string, tree tlog.Tree, key note.Signer) (Checkpoint, error) {
	body := formats.Checkpoint{Origin: origin, Size: uint64(tree.N), Hash: tree.Hash[:]}.Marshal()
	signed, err := note.Sign(&note.Note{Text: string(body)}, key)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("sign a checkpoint: %w", err)
	}
	return Checkpoint{origin, tree, signed}, nil
}

// ParseCheckpoint reads a checkpoint and checks that it is one of a log and
// signed with its key. It fails with [es.ErrInvalid] otherwise.
func ParseCheckpoint(text []byte, origin string, key note.Verifier) (Checkpoint, error) {
	c, _, _, err := formats.ParseCheckpoint(text, origin, key)
	if err == nil && (len(c.Hash) != tlog.HashSize || c.Size > maxSize) {
		err = errors.New("its root is no SHA-256, or its size too large")
	}
	if err != nil {
		return Checkpoint{}, es.Invalid("tlog.bad_checkpoint", fmt.Sprintf("the checkpoint is not one that the log %s signed: %v", origin, err),
			"a checkpoint of that log, and the key that it was signed with")
	}
	return Checkpoint{origin, tlog.Tree{N: int64(c.Size), Hash: tlog.Hash(c.Hash)}, text}, nil
}
