package audit

import (
	"context"
	"fmt"
	"iter"

	"golang.org/x/sync/errgroup"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/tlog"
)

const (
	inFlight  = 16 // batches that are read and not yet verified
	tellEvery = 1 << 14
)

// log verifies the events and the log side by side: one goroutine reads the
// store, some decode and hash, and one brings all into their order again.
func (v *verifier) log(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	ordered, work := make(chan *batch, inFlight), make(chan *batch, inFlight)
	group.Go(func() error {
		defer close(ordered)
		defer close(work)
		return v.batches(ctx, func(b *batch) error {
			for _, to := range []chan *batch{work, ordered} {
				select {
				case to <- b:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			return nil
		})
	})
	tiles := v.Log.HasTiles()
	if !tiles && v.size > 0 {
		v.damage("audit.tiles_missing", nil, "%d events were sealed, and the folder of the log has no tiles", v.size)
	}
	for range v.Workers {
		group.Go(func() error {
			w := &worker{ledger: v.Ledger, log: v.Log, tiles: tiles, size: v.size, names: namer{}}
			for b := range work {
				w.do(b)
				close(b.done)
			}
			return nil
		})
	}
	group.Go(func() error { return v.sequence(ctx, ordered, tiles) })
	return group.Wait()
}

// batches reads the store, in batches as the log has bundles, at least as many as
// there are bundles.
func (v *verifier) batches(ctx context.Context, use func(*batch) error) error {
	b := &batch{first: v.start.sequence, done: make(chan struct{})}
	send := func() error {
		err := use(b)
		b = &batch{first: b.first + tlog.Width, done: make(chan struct{})}
		return err
	}
	after := v.start.after
	for r, err := range ledger.Own(v.records(ctx, after)) {
		if err != nil {
			return err
		}
		if b.items == nil {
			b.items = make([]item, 0, tlog.Width)
		}
		b.items = append(b.items, item{record: r, after: after})
		after = r.Position
		if len(b.items) == tlog.Width {
			if err := send(); err != nil {
				return err
			}
		}
	}
	for len(b.items) > 0 || b.first < v.size {
		if err := send(); err != nil {
			return err
		}
	}
	return nil
}

// sequence takes the batches in their order: it recomputes the log from the
// leaves that were sealed, and aligns the events with them.
func (v *verifier) sequence(ctx context.Context, ordered <-chan *batch, tiles bool) error {
	next, stop := iter.Pull2(v.trees(ctx, v.start.recount.Size()))
	defer stop()
	l := &leaves{v: v, recount: v.start.recount, next: next}
	if err := l.step(); err != nil {
		return err
	}
	a := &alignment{v: v, sequence: v.start.sequence, missing: map[hash]*Event{}, inserted: map[hash]*Event{}}
	told := int64(0)
	for b := range ordered {
		select {
		case <-b.done:
		case <-ctx.Done():
			return ctx.Err()
		}
		if b.err != nil {
			return b.err
		}
		for _, f := range b.damages {
			v.found(f)
		}
		if !tiles { // what the store has is all that there is
			b.same = true
			for _, it := range b.items[:min(int64(len(b.items)), max(0, v.size-b.first))] {
				b.sealed = append(b.sealed, sealed{it.hashed(), it.leaf})
			}
		}
		for _, s := range b.sealed {
			if err := l.add(s.hash); err != nil {
				return err
			}
		}
		if err := a.take(b); err != nil {
			return err
		}
		if told += int64(len(b.items)); told >= tellEvery || len(b.items) < tlog.Width {
			told = 0
			v.told(Progress{"events", b.first + int64(len(b.items)), max(v.size, -1)})
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := a.end(); err != nil {
		return err
	}
	v.report.Events = v.report.From + a.count
	return l.end()
}

// leaves recomputes the log, and compares it with every tree that was signed.
type leaves struct {
	v       *verifier
	recount *tlog.Recount
	next    func() (expected, error, bool)
	want    expected // the next, if there
	there   bool
	failed  bool // a checkpoint in the store was not met; those after it cannot be either
	met     int64
}

// step goes on to the next tree that was signed, past those that are met now.
func (l *leaves) step() error {
	for {
		if l.there {
			if l.want.tree.N > l.recount.Size() {
				return nil
			}
			l.compare()
		}
		var err error
		if l.want, err, l.there = l.next(); err != nil || !l.there {
			return err
		}
	}
}

func (l *leaves) compare() {
	w, have := l.want, l.recount.Tree()
	switch {
	case w.tree == have:
		l.met = max(l.met, have.N)
		return
	case w.revision > 0 && l.failed:
		return
	case w.revision > 0:
		l.failed = true
		l.v.damage(w.code, &Event{-1, [16]byte{}, tlog.CheckpointStream, w.revision, ""},
			"checkpoint %d was signed over %d events with another root than they have now: an event from %d to %d was changed together with the log, or the log was forked; so it is for all checkpoints after it",
			w.revision, w.tree.N, l.met, w.tree.N-1)
	case w.code == "audit.forked":
		l.v.damage(w.code, nil, "%s is of %d events with another root than the log has there: the log was forked, and the one here is not the one that was shown before; the difference is not before event %d",
			w.what, w.tree.N, l.met)
	default:
		l.v.damage(w.code, nil, "%s was signed over %d events with another root than they have now: an event from %d to %d was changed together with the log, or the log was forked",
			w.what, w.tree.N, l.met, w.tree.N-1)
	}
}

func (l *leaves) add(h hash) error {
	damaged, err := l.recount.Add(h)
	if err != nil {
		return err
	}
	if damaged != "" {
		l.v.damage("audit.tile_damaged", nil, "%s", damaged)
	}
	if l.there && l.want.tree.N == l.recount.Size() {
		return l.step()
	}
	return nil
}

// end compares what is not full, and says what no tree is known of.
func (l *leaves) end() error {
	damaged, err := l.recount.Edge()
	for _, d := range damaged {
		l.v.damage("audit.tile_damaged", nil, "%s", d)
	}
	tree := l.recount.Tree()
	l.v.report.Sealed, l.v.report.Root = tree.N, tree.Hash
	if err != nil {
		return fmt.Errorf("compare the tiles: %w", err)
	}
	return nil
}

// position is where an event is in the store, for the next verification.
func (v *verifier) position(sequence int64, after es.Position) {
	if sequence == (v.size-1)&^(tlog.Width-1) {
		v.after = anchor{sequence, after}
	}
}
