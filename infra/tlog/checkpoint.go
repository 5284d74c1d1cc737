package tlog

import (
	"errors"
	"fmt"
	"slices"
	"strings"

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

// Keys are the public keys of a log, in the order in which they came.
type Keys struct {
	Origin string
	Of     []PublicKey // at least one
}

// PublicKey is one of the keys of a log.
type PublicKey struct {
	// From is the size of the first tree that it may sign; it may until the
	// next one does.
	From int64
	// VKey is its text (C2SP signed-note).
	VKey string

	verifier note.Verifier
}

// ParseKeys reads the public key of a log, as log.vkey has it. It fails with
// [es.ErrInvalid].
func ParseKeys(text string) (Keys, error) {
	text = strings.TrimSpace(text)
	v, err := note.NewVerifier(text)
	if err != nil {
		return Keys{}, es.Invalid("tlog.bad_key", "this is no public key of a log: "+err.Error(), "the content of log.vkey")
	}
	return Keys{v.Name(), []PublicKey{{0, text, v}}}, nil
}

// Checkpoint reads a checkpoint and checks that it is one of this log and signed
// with the key that was in force at its size. It fails with [es.ErrInvalid].
func (k Keys) Checkpoint(text []byte) (Checkpoint, error) {
	var first error
	for i, key := range slices.Backward(k.Of) {
		c, _, _, err := formats.ParseCheckpoint(text, k.Origin, key.verifier)
		if err == nil && (len(c.Hash) != tlog.HashSize || c.Size > maxSize) {
			err = errors.New("its root is no SHA-256, or its size too large")
		}
		if err == nil {
			size := int64(c.Size)
			if size >= key.From && (i+1 == len(k.Of) || size < k.Of[i+1].From) {
				return Checkpoint{k.Origin, tlog.Tree{N: size, Hash: tlog.Hash(c.Hash)}, text}, nil
			}
			err = fmt.Errorf("it is signed with a key that does not sign logs of %d events", size)
		}
		if first == nil {
			first = err
		}
	}
	return Checkpoint{}, es.Invalid("tlog.bad_checkpoint", fmt.Sprintf("the checkpoint is not one that the log %s signed: %v", k.Origin, first),
		"a checkpoint of that log, and the key that it was signed with")
}
