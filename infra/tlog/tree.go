package tlog

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/entente-ledger/entente/domain/es"
)

// Tree returns the tree of the first n leaves of a log of a size, by its tiles:
// only a proof under a checkpoint shows that it was that. It fails with
// [es.ErrInvalid] if the log has fewer leaves.
func (d Dir) Tree(n, size int64) (tlog.Tree, error) {
	if n < 0 || n > size {
		return tlog.Tree{}, es.Invalid("tlog.bad_size", fmt.Sprintf("a log of %d events has no beginning of %d", size, n), fmt.Sprintf("0 to %d", size))
	}
	h, err := tlog.TreeHash(n, d.hashes(size))
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("find the root of %d events: %w", n, err)
	}
	return tlog.Tree{N: n, Hash: h}, nil
}
