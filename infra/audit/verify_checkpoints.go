package audit

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"io/fs"
	"iter"
	"math"
	"slices"
	"time"

	sumdb "golang.org/x/mod/sumdb/tlog"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/tlog"
)

// expected is a tree that the log must have when it has its size.
type expected struct {
	tree     sumdb.Tree
	revision es.Revision // of the stream of checkpoints; 0: it is not from there
	code     string      // of the damage, if the log does not have it
	what     string      // whose it is
}

// keptSize is the size of a checkpoint as it is sorted: size, root, revision.
const keptSize = 8 + sumdb.HashSize + 8

// checkpoints verifies all checkpoints by themselves, and finds the largest.
func (v *verifier) checkpoints(ctx context.Context) error {
	published, err := v.published()
	if err != nil {
		return err
	}
	last, err := v.readKept(ctx)
	if err != nil {
		return err
	}
	if err := v.comparePublished(ctx, published, last); err != nil {
		return err
	}
	for _, c := range v.Earlier {
		v.other = append(v.other, expected{c.Tree, 0, "audit.forked", "a checkpoint that was kept elsewhere"})
		if c.Tree.N > v.last.Tree.N {
			v.damage("audit.log_short", nil, "a checkpoint that was kept elsewhere is of %d events, and the last one here of %d: the log was cut", c.Tree.N, v.last.Tree.N)
		}
	}
	v.size = v.last.Tree.N
	slices.SortStableFunc(v.other, func(a, b expected) int { return cmp.Compare(a.tree.N, b.tree.N) })
	return nil
}

// readKept verifies the checkpoints in the store, and returns the last.
func (v *verifier) readKept(ctx context.Context) (last tlog.Checkpoint, err error) {
	records := reading{
		open: func(after uint64) iter.Seq2[es.Record, error] {
			return v.Store.ReadStream(ctx, tlog.CheckpointStream, es.Revision(after))
		},
		at: func(r es.Record) uint64 { return uint64(r.Revision) },
		damaged: func(from, to uint64, err error) {
			v.damage("audit.checkpoint_missing", nil, "checkpoints %d to %d cannot be read: %v", from, to, err)
		},
	}.all(0)
	n := int64(0)
	for r, err := range records {
		if err != nil {
			return last, err
		}
		if n++; n%tellEvery == 0 {
			v.told(Progress{"checkpoints", n, -1})
		}
		c, err := v.Kept(r)
		if err != nil {
			v.damage("audit.bad_checkpoint", checkpointEvent(r), "%v", err)
			continue
		}
		if !c.IsKeptAs(r) {
			v.damage("audit.bad_checkpoint", checkpointEvent(r), "the checkpoint verifies, but its record is not as it was written")
		}
		v.report.Checkpoints++
		if c.Origin != last.Origin { // a successor of the log before
			last = tlog.Checkpoint{}
			if err := v.kept.reset(); err != nil {
				return last, err
			}
		}
		if c.Tree.N <= last.Tree.N {
			v.damage("audit.checkpoint_order", checkpointEvent(r), "checkpoint %d is of %d events, and one before it of %d: it was put there later, or another instead of it",
				r.Revision, c.Tree.N, last.Tree.N)
			continue
		}
		last = c
		rec := binary.BigEndian.AppendUint64(make([]byte, 0, keptSize), uint64(c.Tree.N))
		if err := v.kept.add(binary.BigEndian.AppendUint64(append(rec, c.Tree.Hash[:]...), uint64(r.Revision))); err != nil {
			return last, err
		}
	}
	v.last = last
	return last, nil
}

func checkpointEvent(r es.Record) *Event { return &Event{-1, r.ID, r.Stream, r.Revision, r.Type} }

// published reads the checkpoint in the folder of the log; nil if there is none.
func (v *verifier) published() ([]byte, error) {
	text, err := v.Log.Published()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // nil is none
	}
	return text, err
}

// Publication follows a checkpoint at once, or is made up for when sealing goes on.
const (
	publishWithin = 2 * time.Second
	publishPoll   = 50 * time.Millisecond
)

// comparePublished verifies the published checkpoint, which was read before the
// last one in the store.
func (v *verifier) comparePublished(ctx context.Context, text []byte, last tlog.Checkpoint) error {
	deadline := time.Now().Add(publishWithin)
	for again := false; ; again = true {
		c, err := v.Checkpoint(text)
		switch {
		case text == nil && last.Tree.N == 0:
			return nil
		case text != nil && err != nil:
			v.damage("audit.bad_published", nil, "the published checkpoint: %v", err)
			return nil
		case c.Tree.N > last.Tree.N && again:
			return nil // sealed since the last one in the store was read
		case c.Tree.N > last.Tree.N:
			v.damage("audit.store_behind", nil, "the published checkpoint is of %d events, and the last one in the store of %d: the store was cut, or restored from an older copy", c.Tree.N, last.Tree.N)
		case c.Tree.N < last.Tree.N && time.Now().Before(deadline):
			select { // it may be being published
			case <-time.After(publishPoll):
			case <-ctx.Done():
				return ctx.Err()
			}
			if text, err = v.published(); err != nil {
				return err
			}
			continue
		case text == nil:
			v.damage("audit.published_missing", nil, "no checkpoint is published, and %d events were sealed", last.Tree.N)
			return nil
		case c.Tree.N < last.Tree.N:
			v.damage("audit.published_old", nil, "the published checkpoint is of %d events, and the last one in the store of %d: an older one was put back, or its publication was cut short, which sealing makes up for",
				c.Tree.N, last.Tree.N)
		}
		v.report.Checkpoints++
		if c.Tree.N > v.last.Tree.N {
			v.last = c
		}
		v.other = append(v.other, expected{c.Tree, 0, "audit.root_differs", "the published checkpoint"})
		if v.Cosignatures != nil {
			if err := v.Cosignatures(text); err != nil {
				v.damage("audit.bad_cosignature", nil, "the published checkpoint: %v", err)
			}
		}
		return nil
	}
}

// trees yields the trees that the log must have had, by their size, from a size on.
func (v *verifier) trees(ctx context.Context, from int64) iter.Seq2[expected, error] {
	return func(yield func(expected, error) bool) {
		other := v.other
		before := func(size int64) bool {
			for len(other) > 0 && other[0].tree.N <= size {
				if other[0].tree.N >= from && !yield(other[0], nil) {
					return false
				}
				other = other[1:]
			}
			return true
		}
		for rec, err := range v.kept.all(ctx) {
			if err != nil {
				yield(expected{}, err)
				return
			}
			e := expected{code: "audit.root_differs", what: "a checkpoint in the store"}
			e.tree.N = int64(binary.BigEndian.Uint64(rec))
			e.tree.Hash = sumdb.Hash(rec[8:])
			e.revision = es.Revision(binary.BigEndian.Uint64(rec[8+sumdb.HashSize:]))
			if !before(e.tree.N) || e.tree.N >= from && !yield(e, nil) {
				return
			}
		}
		before(math.MaxInt64)
	}
}
