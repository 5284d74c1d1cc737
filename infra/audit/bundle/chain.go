package bundle

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	sumdb "golang.org/x/mod/sumdb/tlog"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/tlog"
)

// growing is the root of a tree to which leaves are added at the end. It holds a
// hash for each bit of the size.
type growing struct {
	size  int64
	roots []sumdb.Hash // of the full trees, the largest first
}

func (g *growing) add(leaf []byte) {
	h := sumdb.RecordHash(leaf)
	for n := g.size; n&1 == 1; n >>= 1 {
		last := len(g.roots) - 1
		h = sumdb.NodeHash(g.roots[last], h)
		g.roots = g.roots[:last]
	}
	g.roots = append(g.roots, h)
	g.size++
}

func (g *growing) tree() sumdb.Tree {
	if g.size == 0 {
		return sumdb.Tree{}
	}
	h := g.roots[len(g.roots)-1]
	for i := len(g.roots) - 2; i >= 0; i-- {
		h = sumdb.NodeHash(g.roots[i], h)
	}
	return sumdb.Tree{N: g.size, Hash: h}
}

// parseConsistency reads what [tlog.EncodeConsistency] wrote.
func parseConsistency(text []byte) (older int64, p sumdb.TreeProof, note []byte, err error) {
	head, rest, ok := strings.Cut(string(text), "\n\n")
	lines := strings.Split(head, "\n")
	size, old := strings.CutPrefix(lines[0], "old ")
	if older, err = strconv.ParseInt(size, 10, 64); err != nil || !ok || !old {
		return 0, nil, nil, errors.New("it does not begin with an old size")
	}
	for _, line := range lines[1:] {
		h, err := sumdb.ParseHash(line)
		if err != nil {
			return 0, nil, nil, fmt.Errorf("a line is no hash: %w", err)
		}
		p = append(p, h)
	}
	return older, p, []byte(rest), nil
}

// checkConsistency fails unless the proof shows that an older log is the
// beginning of the one of a checkpoint.
func checkConsistency(text []byte, older, newer tlog.Checkpoint) error {
	size, p, note, err := parseConsistency(text)
	if err != nil {
		return es.Invalid("audit.bad_consistency", "the proof cannot be read: "+err.Error(), "a proof as C2SP tlog-witness has it")
	}
	if size != older.Tree.N || string(note) != string(newer.Note) {
		return es.Rejected("audit.bad_consistency", "the proof is not of the checkpoints in the file", "the proof that belongs to them")
	}
	if (size == 0 || size == newer.Tree.N) && len(p) > 0 {
		return es.Rejected("audit.bad_consistency", "the proof has hashes where none are needed", "the proof as it was made")
	}
	return tlog.CheckConsistency(p, older.Tree, newer.Tree)
}
