package tlog

import (
	"crypto/sha256"
	"fmt"
	"strings"

	formats "github.com/transparency-dev/formats/proof"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/entente-ledger/entente/domain/es"
)

// Receipt proves that a leaf is in a log: its index, an inclusion proof (RFC
// 6962, 2.1.1), and a checkpoint. It verifies without the log, and for ever.
type Receipt struct {
	Index      int64
	Leaf       []byte
	Proof      tlog.RecordProof
	Checkpoint []byte // the signed note
}

// Receipt returns the receipt of the leaf with an index, under a checkpoint of
// this log. It fails with [es.ErrNotFound] if the checkpoint is of fewer leaves.
func (d Dir) Receipt(index int64, c Checkpoint) (Receipt, error) {
	if index < 0 || index >= c.Tree.N {
		return Receipt{}, es.NotFound("tlog.not_sealed", fmt.Sprintf("the checkpoint is of %d events, and does not cover event %d", c.Tree.N, index))
	}
	leaf, err := d.Leaf(index, c.Tree.N)
	if err != nil {
		return Receipt{}, err
	}
	p, err := tlog.ProveRecord(c.Tree.N, index, d.hashes(c.Tree.N))
	if err != nil {
		return Receipt{}, fmt.Errorf("prove that event %d is in the log: %w", index, err)
	}
	r := Receipt{index, leaf, p, c.Note}
	if err := tlog.CheckRecord(p, c.Tree.N, c.Tree.Hash, index, tlog.RecordHash(leaf)); err != nil {
		return Receipt{}, alarm("tlog.tiles_damaged", fmt.Sprintf("the tiles do not prove that event %d is in the log", index))
	}
	return r, nil
}

// Encode returns the receipt as C2SP tlog-proof has it. The leaf is in its extra
// line.
func (r Receipt) Encode() []byte {
	p := formats.TLogProof{Index: uint64(r.Index), Checkpoint: r.Checkpoint, ExtraData: r.Leaf}
	for _, h := range r.Proof {
		p.Hashes = append(p.Hashes, [sha256.Size]byte(h))
	}
	return p.Marshal()
}

// ParseReceipt reads what [Receipt.Encode] wrote. Nothing is verified. It fails
// with [es.ErrInvalid].
func ParseReceipt(text []byte) (Receipt, error) {
	var p formats.TLogProof
	if err := p.Unmarshal(text); err != nil || p.Index > maxSize || string(p.Marshal()) != string(text) {
		return Receipt{}, es.Invalid("tlog.bad_receipt", "this is no receipt", "a file that `entente receipt` wrote (C2SP tlog-proof)")
	}
	r := Receipt{Index: int64(p.Index), Leaf: p.ExtraData, Checkpoint: p.Checkpoint}
	for _, h := range p.Hashes {
		r.Proof = append(r.Proof, h)
	}
	return r, nil
}

// Verify checks that a leaf is in the log that the keys are of, as the receipt says,
// and returns the checkpoint under which it is. It fails with [es.ErrRejected].
func (r Receipt) Verify(leaf []byte, keys Verifier) (Checkpoint, error) {
	c, err := keys.Checkpoint(r.Checkpoint)
	if err != nil {
		return Checkpoint{}, err
	}
	if err := tlog.CheckRecord(r.Proof, c.Tree.N, c.Tree.Hash, r.Index, tlog.RecordHash(leaf)); err != nil {
		return Checkpoint{}, es.Rejected("tlog.not_in_log", fmt.Sprintf("the receipt does not prove that this event is event %d of the log", r.Index),
			"the event that the receipt was made of, byte for byte, and the receipt as it was made")
	}
	return c, nil
}

// Consistency returns the proof that one tree is the beginning of another of
// this log (RFC 6962, 2.1.2).
func (d Dir) Consistency(older, newer tlog.Tree) (tlog.TreeProof, error) {
	if older.N > newer.N {
		return nil, es.Invalid("tlog.bad_order", fmt.Sprintf("a log of %d events is not the beginning of one of %d", older.N, newer.N), "the older checkpoint first")
	}
	if older.N == 0 || older.N == newer.N {
		return nil, CheckConsistency(nil, older, newer)
	}
	p, err := tlog.ProveTree(newer.N, older.N, d.hashes(newer.N))
	if err != nil {
		return nil, fmt.Errorf("prove that one log is the beginning of another: %w", err)
	}
	return p, CheckConsistency(p, older, newer)
}

// CheckConsistency checks a proof that one tree is the beginning of another. It
// fails with [es.ErrCorrupt]: then a key has signed two logs.
func CheckConsistency(p tlog.TreeProof, older, newer tlog.Tree) error {
	ok := older.N == 0
	switch {
	case older.N == newer.N:
		ok = older == newer
	case older.N > 0:
		ok = tlog.CheckTree(p, newer.N, newer.Hash, older.N, older.Hash) == nil
	}
	if !ok {
		return alarm("tlog.forked", fmt.Sprintf("the log of %d events is not the beginning of the one of %d", older.N, newer.N))
	}
	return nil
}

// EncodeConsistency returns a proof and the newer checkpoint as they are offered
// to a witness (C2SP tlog-witness): the older size, the proof, and the note.
func EncodeConsistency(olderSize int64, p tlog.TreeProof, newer Checkpoint) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "old %d\n", olderSize)
	for _, h := range p {
		fmt.Fprintf(&b, "%s\n", h)
	}
	b.WriteByte('\n')
	b.Write(newer.Note)
	return []byte(b.String())
}
