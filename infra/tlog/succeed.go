package tlog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
)

// Succession says which log is to be succeeded, and why.
type Succession struct {
	Store  es.Store
	Ledger uuid.UUID
	Path   string // of the file of the private key
	Origin string // of the first log
	Dir    Dir    // of the log, whose copy is kept beside
	// After is the last checkpoint of the log that anyone has: the one in the
	// folder, or one that a witness or an auditor kept.
	After  []byte
	Reason string // one line
}

// Succeed opens a log that goes on where a store was restored that is older than
// its last published checkpoint. The new log has a name of its own (/2, /3) and
// a key of its own; it begins with the first event of the ledger, and is stated
// with the key of the old one, with the old one's last checkpoint and the range
// of events that is lost. See [OpenKey] for the order of writing.
//
// Nothing is sealed here: the log is opened as always. It fails with
// [es.ErrRejected] if the store has what After says, or the folder shows a
// later checkpoint.
func Succeed(ctx context.Context, cfg Succession) (Statement, error) {
	if cfg.Reason = strings.TrimSpace(cfg.Reason); cfg.Reason == "" || len(cfg.Reason) > maxReason || strings.ContainsFunc(cfg.Reason, unicode.IsControl) {
		return Statement{}, es.Invalid("tlog.bad_reason", "a successor needs a reason", fmt.Sprintf("one line of at most %d bytes, for auditors", maxReason))
	}
	inStore, c, err := cfg.chains(ctx)
	if err != nil {
		return Statement{}, err
	}
	key, err := settle(cfg.Path, c)
	if err != nil {
		return Statement{}, err
	}
	after, err := c.Current().Checkpoint(cfg.After)
	if err != nil {
		return Statement{}, err
	}
	last, sealed, err := cfg.sealed(ctx, inStore, c)
	if err != nil {
		return Statement{}, err
	}
	if err := cfg.check(after, sealed); err != nil {
		return Statement{}, err
	}
	kept, err := cfg.kept(ctx, after, sealed)
	if err != nil {
		return Statement{}, err
	}
	origin := fmt.Sprintf("%s/%d", cfg.Origin, len(c.Logs)+1)
	next, err := nextKey(cfg.Path, origin)
	if err != nil {
		return Statement{}, err
	}
	st, err := Statement{
		Says: StatesSuccession, Log: origin, Key: next.VKey, By: key.VKey, After: c.Current().Origin, Last: after.Tree, Kept: kept,
		Checkpoints: last.Revision, Reason: cfg.Reason,
	}.signed(key.Signer, next.Signer)
	if err != nil {
		return Statement{}, err
	}
	n := len(inStore.Statements)
	if c, err = c.with(st); err != nil {
		return Statement{}, err
	}
	if err := keepStatements(ctx, cfg.Store, n, c.Statements[n:]...); err != nil {
		return Statement{}, err
	}
	if _, err := settle(cfg.Path, c); err != nil {
		return Statement{}, err
	}
	return st, cfg.Dir.retire(c)
}

// chains returns what is stated in the store, and what is stated there or in the
// folder, which the restored store may lack.
func (cfg Succession) chains(ctx context.Context) (inStore, all Chain, err error) {
	if inStore, err = stated(ctx, cfg.Store); err != nil {
		return inStore, all, err
	}
	all = inStore
	text, err := cfg.Dir.publishedChain()
	if err != nil {
		return inStore, all, err
	}
	if text != nil {
		published, err := ParseChain(text)
		if err != nil {
			return inStore, all, alarm("tlog.bad_published", "the keys in the folder of the log: "+err.Error())
		}
		if len(published.Statements) > len(all.Statements) || len(all.Logs) == 0 {
			all = published
		}
	}
	if len(all.Logs) == 0 {
		k, err := LoadKey(cfg.Path, cfg.Origin)
		if err != nil {
			return inStore, all, err
		}
		all = Chain{Logs: []Log{{Keys: k.Keys}}}
	}
	if all.Logs[0].Origin != cfg.Origin || len(inStore.Logs) > 0 && !bytes.HasPrefix(all.Encode(), inStore.Encode()) {
		return inStore, all, alarm("tlog.keys_differ", "the keys that were published are not those that are stated in the store")
	}
	return inStore, all, nil
}

// sealed returns the last record of a checkpoint in the store, and its tree: the
// empty one if the log that is to be succeeded has none there.
func (cfg Succession) sealed(ctx context.Context, inStore, all Chain) (es.Record, tlog.Tree, error) {
	last, err := lastRecord(ctx, cfg.Store, CheckpointStream, 0)
	kept := all.Logs[max(len(inStore.Logs), 1)-1]
	if err != nil || last.Revision <= kept.After {
		return last, tlog.Tree{}, err
	}
	at, err := KeptCheckpoint(last, kept.Keys)
	if err != nil || kept.Origin != all.Current().Origin {
		return last, tlog.Tree{}, err
	}
	return last, at.Tree, nil
}

// check fails unless the store is behind After, and nothing is known that is
// after that.
func (cfg Succession) check(after Checkpoint, sealed tlog.Tree) error {
	if sealed.N >= after.Tree.N {
		return es.Rejected("tlog.not_behind", fmt.Sprintf("the store has the log up to %d events, and the checkpoint is of %d: nothing is lost", sealed.N, after.Tree.N),
			"a store that was restored short of its last published checkpoint")
	}
	published, err := cfg.Dir.published()
	if err == nil && int64(published.Size) > after.Tree.N {
		err = es.Rejected("tlog.not_last", fmt.Sprintf("a checkpoint of %d events was published, after that of %d", published.Size, after.Tree.N), "the last checkpoint of the log")
	}
	return err
}

// kept returns how many of the log's events the store still holds, and their
// root, which the folder proves to be the beginning of After; without the tiles
// of After, the last checkpoint in the store.
func (cfg Succession) kept(ctx context.Context, after Checkpoint, sealed tlog.Tree) (tlog.Tree, error) {
	root, err := tlog.TreeHash(after.Tree.N, cfg.Dir.hashes(after.Tree.N))
	if err != nil || root != after.Tree.Hash {
		return sealed, nil //nolint:nilerr // the folder is of use only if it is whole
	}
	e, hashes := &edge{}, cfg.Dir.hashes(after.Tree.N)
	for r, err := range ledger.Own(cfg.Store.ReadAll(ctx, 0)) {
		if err != nil {
			return tlog.Tree{}, fmt.Errorf("read the store: %w", err)
		}
		leaf, err := LeafOf(cfg.Ledger, r)
		if err != nil {
			return tlog.Tree{}, err
		}
		text, err := leaf.Encode()
		if err != nil {
			return tlog.Tree{}, err
		}
		if e.size%width == 0 {
			hashes = cfg.Dir.hashes(after.Tree.N) // one tile at a time
		}
		hash, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, e.size)})
		if err != nil {
			return tlog.Tree{}, err
		}
		if hash[0] != tlog.RecordHash(text) {
			break
		}
		e.add(text, func(piece) {}) // only the tree is of interest
		if e.size == after.Tree.N {
			break
		}
	}
	if e.size < sealed.N {
		return tlog.Tree{}, alarm("tlog.forked", fmt.Sprintf("the store holds %d events of the log, and a checkpoint of %d: it is not an older copy", e.size, sealed.N))
	}
	tree, err := e.tree()
	if err != nil {
		return tlog.Tree{}, err
	}
	_, err = cfg.Dir.Consistency(tree, after.Tree)
	return tree, err
}

// VerifySuccession checks that a log begins with what a succession says is kept
// of the one before: the trees of both at that size, and that the old one goes
// on to its last checkpoint. Old and current are their folders, of which current
// holds a tree of a size. It fails with [es.ErrCorrupt].
func VerifySuccession(s Statement, old, current Dir, size int64) error {
	if s.Says != StatesSuccession {
		return es.Invalid("tlog.bad_statement", "the statement is of no succession", "one that says "+StatesSuccession)
	}
	if _, err := old.Consistency(s.Kept, s.Last); err != nil {
		return asDamage(err, "the log "+s.After)
	}
	if s.Kept.N == 0 {
		return nil
	}
	if size < s.Kept.N {
		return alarm("tlog.store_short", fmt.Sprintf("the log %s has %d events, and kept %d of the one before", s.Log, size, s.Kept.N))
	}
	root, err := tlog.TreeHash(s.Kept.N, current.hashes(size))
	if err != nil {
		return asDamage(err, "the log "+s.Log)
	}
	if root != s.Kept.Hash {
		return alarm("tlog.forked", fmt.Sprintf("the first %d events of the log %s are not those of %s", s.Kept.N, s.Log, s.After))
	}
	return nil
}

// asDamage says that a folder of a log cannot be followed.
func asDamage(err error, what string) error {
	if errors.Is(err, es.ErrCorrupt) {
		return err
	}
	return alarm("tlog.tiles_damaged", what+": "+err.Error())
}
