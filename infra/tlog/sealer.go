package tlog

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
)

// Config says what is sealed, with what, and where.
type Config struct {
	Store  es.Store
	Ledger uuid.UUID
	Origin string // of the log: the name of the ledger outside
	Key    Key
	Dir    Dir
	// Witnessing is to whom checkpoints are offered.
	Witnessing Witnessing
}

// Sealer writes the log of a ledger: it adds a leaf for each event, and signs
// checkpoints. It is for one goroutine. Several nodes may each have one over
// the same store; the stream of checkpoints lets one of them go first.
//
// The order of writing is: full tiles as they fill; the tiles that are not full;
// the checkpoint, in the store; the checkpoint, in the folder. What was written
// before a crash is written again, the same, by whoever goes on: the leaves
// follow from the store. No tree is signed that does not extend the last one.
type Sealer struct {
	cfg      Config
	edge     *edge
	full     []piece     // tiles that are full and not yet written
	sealed   Checkpoint  // the last; Tree.N is 0 before the first
	revision es.Revision // of the stream of checkpoints
	shown    int64       // size of the last that was published
	at       es.Position // up to which the store was read
	bundle   es.Position // after which the first event of the last bundle is
	watch    *watch
}

// Open goes on where the log was left. Before that it looks, in constant time,
// whether the store and the folder are still what the last checkpoint says:
// it fails with [es.ErrCorrupt] if they are not, and then nothing is to be
// signed before a person has looked into it.
func Open(ctx context.Context, cfg Config) (*Sealer, error) {
	if len(cfg.Key.Chain.Logs) == 0 {
		cfg.Key.Chain = Chain{Logs: []Log{{Keys: cfg.Key.Keys}}}
	}
	cfg.Origin = cfg.Key.Keys.Origin // that of the successor, if there is one
	s := &Sealer{cfg: cfg, edge: &edge{}, watch: newWatch(cfg)}
	if err := cfg.Dir.sweep(time.Now()); err != nil {
		return nil, err
	}
	cur, err := cfg.Dir.cursor()
	if err != nil {
		return nil, err
	}
	if err := s.findLast(ctx, cur.Revision); err != nil {
		return nil, err
	}
	if err := errors.Join(s.comparePublished(), s.compareAlarms(ctx)); err != nil {
		return nil, err
	}
	if s.sealed.Tree.N == 0 {
		return s, s.publishKey()
	}
	if !cfg.Dir.HasTiles() {
		return s, s.replay(ctx)
	}
	if s.edge, err = cfg.Dir.edge(s.sealed.Tree.N); err != nil {
		return nil, alarm("tlog.tiles_damaged", err.Error())
	}
	tree, err := s.edge.tree()
	if err != nil || tree != s.sealed.Tree {
		return nil, alarm("tlog.tiles_damaged", fmt.Sprintf("the tiles of the log do not give the root of the last checkpoint (size %d)", s.sealed.Tree.N))
	}
	return s, s.compareTail(ctx, cur)
}

// alarm is that something is not as it was signed.
func alarm(code, message string) error {
	return &es.Error{
		Kind: es.ErrCorrupt, Code: code, Message: message,
		Want: "a person who looks into it, with `entente verify`: nothing is sealed meanwhile",
	}
}

// findLast finds the last checkpoint in the store, beginning at a revision at
// which one was once.
func (s *Sealer) findLast(ctx context.Context, hint es.Revision) error {
	last, err := lastRecord(ctx, s.cfg.Store, CheckpointStream, hint)
	if err != nil {
		return err
	}
	return s.adopt(last)
}

// adopt takes a record of the stream of checkpoints for the last.
func (s *Sealer) adopt(r es.Record) error {
	if r.Revision <= s.cfg.Key.Chain.Current().After { // those before are of the log that this one succeeds
		s.sealed, s.revision = Checkpoint{Origin: s.cfg.Origin}, r.Revision
		return nil
	}
	c, err := KeptCheckpoint(r, s.cfg.Key.Keys)
	if err != nil {
		return err
	}
	s.sealed, s.revision = c, r.Revision
	return nil
}

// comparePublished compares the last checkpoint with the one in the folder,
// which may be older, by a crash, but not newer.
func (s *Sealer) comparePublished() error {
	text, err := s.cfg.Dir.Published()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	published, err := s.cfg.Key.Keys.Checkpoint(text)
	switch {
	case err != nil:
		return alarm("tlog.bad_published", "the checkpoint in the folder of the log: "+err.Error())
	case published.Tree.N > s.sealed.Tree.N:
		return behind(fmt.Sprintf("a checkpoint of %d events was published, and the last one in the store is of %d", published.Tree.N, s.sealed.Tree.N))
	case published.Tree.N == s.sealed.Tree.N && published.Tree != s.sealed.Tree:
		return alarm("tlog.forked", fmt.Sprintf("two checkpoints of %d events have different roots", published.Tree.N))
	}
	s.shown = published.Tree.N
	return nil
}

// compareTail compares the leaves of the last bundle with the events they are
// of, and finds where in the store the log is.
func (s *Sealer) compareTail(ctx context.Context, cur cursor) error {
	n := s.sealed.Tree.N
	first := (n - 1) &^ (width - 1)
	from, sequence := cur.Bundle, first
	if cur.Size != n {
		from, sequence = 0, 0 // the folder is older than the checkpoint: look for it
	}
	entries, err := s.cfg.Dir.entries(at(entriesLevel, n-1, n))
	if err != nil {
		return alarm("tlog.tiles_damaged", err.Error())
	}
	s.at = from
	err = s.each(ctx, func(r es.Record) (bool, error) {
		if sequence == first {
			s.bundle = s.at
		}
		s.at = r.Position
		if sequence >= first {
			leaf, err := s.leaf(r)
			if err != nil {
				return false, err
			}
			if string(leaf) != string(entries[sequence-first]) {
				return false, alarm("tlog.store_changed", fmt.Sprintf("event %d (%s at revision %d) is not the one that was sealed", sequence, r.Stream, r.Revision))
			}
		}
		sequence++
		return sequence < n, nil
	})
	if err == nil && sequence < n {
		err = alarm("tlog.store_short", fmt.Sprintf("%d events were sealed, and the store holds %d", n, sequence))
	}
	return err
}

// each calls use with the ledger's own events after where the store was read
// up to, until it wants no more.
func (s *Sealer) each(ctx context.Context, use func(r es.Record) (more bool, err error)) error {
	for r, err := range ledger.Own(s.cfg.Store.ReadAll(ctx, s.at)) {
		if err != nil {
			return fmt.Errorf("read the store: %w", err)
		}
		if more, err := use(r); err != nil || !more {
			return err
		}
	}
	return nil
}

func (s *Sealer) leaf(r es.Record) ([]byte, error) {
	l, err := LeafOf(s.cfg.Ledger, r)
	if err != nil {
		return nil, err
	}
	return l.Encode()
}

// atOnce is how many full tiles are written together: some 10 MB.
const atOnce = 128

// write writes the tiles that were not written yet.
func (s *Sealer) write(more ...piece) error {
	err := s.cfg.Dir.write(append(s.full, more...)...)
	if err == nil {
		clear(s.full)
		s.full = s.full[:0]
	}
	return err
}

// take adds the leaf of an event.
func (s *Sealer) take(r es.Record) error {
	leaf, err := s.leaf(r)
	if err != nil {
		return err
	}
	if s.edge.size%width == 0 {
		s.bundle = s.at
	}
	s.edge.add(leaf, func(p piece) { s.full = append(s.full, p) })
	s.at = r.Position
	if len(s.full) < atOnce {
		return nil
	}
	return s.write()
}

// replay writes the tiles of a log that this folder has nothing of, up to the
// last checkpoint, which they must give.
func (s *Sealer) replay(ctx context.Context) error {
	if err := s.readTo(ctx, s.sealed.Tree.N); err != nil {
		return err
	}
	if err := s.compareTree(s.sealed); err != nil {
		return err
	}
	if err := s.write(s.edge.rest()...); err != nil {
		return err
	}
	return s.publish()
}

// readTo adds events until there are n leaves.
func (s *Sealer) readTo(ctx context.Context, n int64) error {
	if s.edge.size >= n {
		return nil
	}
	err := s.each(ctx, func(r es.Record) (bool, error) {
		err := s.take(r)
		return s.edge.size < n, err
	})
	if err != nil {
		return err
	}
	if s.edge.size < n {
		return alarm("tlog.store_short", fmt.Sprintf("%d events were sealed, and the store holds %d", n, s.edge.size))
	}
	return nil
}

// compareTree fails unless the leaves give the root of a checkpoint that is not
// of more of them.
func (s *Sealer) compareTree(c Checkpoint) error {
	tree, err := s.edge.tree()
	if err == nil && c.Tree.N < tree.N {
		if err = s.write(s.edge.rest()...); err == nil {
			tree.N = c.Tree.N
			tree.Hash, err = tlog.TreeHash(c.Tree.N, s.cfg.Dir.hashes(s.edge.size))
		}
	}
	if err == nil && tree != c.Tree {
		err = alarm("tlog.forked", fmt.Sprintf("the events in the store do not give the root of the checkpoint of %d events", c.Tree.N))
	}
	return err
}

// Seal adds what the store holds, signs, and publishes. If there is nothing
// new it returns the last checkpoint.
func (s *Sealer) Seal(ctx context.Context) (Checkpoint, error) {
	if err := s.each(ctx, func(r es.Record) (bool, error) { return true, s.take(r) }); err != nil {
		return Checkpoint{}, err
	}
	return s.commit(ctx)
}

// commit signs the tree that there is now.
func (s *Sealer) commit(ctx context.Context) (Checkpoint, error) {
	for s.edge.size > s.sealed.Tree.N {
		if err := s.write(s.edge.rest()...); err != nil {
			return Checkpoint{}, err
		}
		tree, err := s.edge.tree()
		if err == nil {
			err = s.checkKey(ctx)
		}
		if err != nil {
			return Checkpoint{}, err
		}
		c, err := sign(s.cfg.Origin, tree, s.cfg.Key.Signer)
		if err != nil {
			return Checkpoint{}, err
		}
		_, err = s.cfg.Store.Append(ctx, CheckpointStream, s.revision, record(c))
		if errors.Is(err, es.ErrConflict) { // another node was first
			err = s.follow(ctx)
		} else if err == nil {
			s.sealed, s.revision = c, s.revision+1
		}
		if err != nil {
			return Checkpoint{}, fmt.Errorf("keep a checkpoint: %w", err)
		}
	}
	if s.shown == s.sealed.Tree.N {
		return s.sealed, nil
	}
	return s.sealed, s.publish()
}

// follow takes over what another node signed, if the events here give it.
func (s *Sealer) follow(ctx context.Context) error {
	if err := s.findLast(ctx, s.revision); err != nil {
		return err
	}
	if err := s.readTo(ctx, s.sealed.Tree.N); err != nil {
		return err
	}
	return s.compareTree(s.sealed)
}
