package projections

import (
	"context"
	"errors"
	"fmt"

	"github.com/entente-ledger/entente/domain/es"
)

// catchUp brings the live views up to the head, or makes some if there are none
// or they are of another store.
func (r *Runner) catchUp(ctx context.Context) error {
	if r.refusal != nil {
		return r.refusal
	}
	if r.live == nil {
		return r.build(ctx)
	}
	err := r.live.at.check(ctx, r.cfg.Store)
	if errors.Is(err, errMoved) {
		if err := r.live.close(); err != nil {
			return err
		}
		r.live = nil
		return r.build(ctx)
	}
	if err != nil {
		return err
	}
	return r.toHead(ctx, r.live)
}

// toHead applies to g what is in the store.
func (r *Runner) toHead(ctx context.Context, g *generation) error {
	head, err := r.cfg.Store.Head(ctx)
	if err != nil {
		return fmt.Errorf("read the head of the store: %w", err)
	}
	if g.at.Position >= head {
		return nil
	}
	return r.pump(ctx, g, r.cfg.Store.ReadAll, head)
}

// build makes the first views of these projections, or goes on with it.
func (r *Runner) build(ctx context.Context) error {
	if r.next != nil {
		if err := r.next.at.check(ctx, r.cfg.Store); errors.Is(err, es.ErrCorrupt) || errors.Is(err, errMoved) {
			if err := r.discard(r.next); err != nil {
				return err
			}
			r.next = nil
		} else if err != nil {
			return err
		}
	}
	if r.next == nil {
		var err error
		if r.next, err = r.create(); err != nil {
			return err
		}
	}
	if err := r.fill(ctx, r.next); err != nil {
		return err
	}
	if err := r.next.complete(); err != nil {
		return err
	}
	r.show(r.next)
	r.next = nil
	return sweep(r.cfg.Dir, r.live.number)
}

// show makes g the live views.
func (r *Runner) show(g *generation) {
	g.live, r.live = true, g
	r.publish(g)
}

// fill brings g up to the head and makes its indexes.
func (r *Runner) fill(ctx context.Context, g *generation) error {
	if err := r.toHead(ctx, g); err != nil {
		return err
	}
	if err := g.index(ctx, r.cfg.Projections); err != nil {
		return err
	}
	return r.toHead(ctx, g)
}

// create makes a generation with a number above all there are.
func (r *Runner) create() (*generation, error) {
	s, err := take(r.cfg.Dir, r.cfg.Projections)
	if err != nil {
		return nil, err
	}
	return create(r.cfg.Dir, s.highest+1, r.cfg.Projections)
}

// discard closes g and removes its file.
func (r *Runner) discard(g *generation) error {
	if err := g.close(); err != nil {
		return err
	}
	if err := remove(r.cfg.Dir, g.number); err != nil && !errors.Is(err, errHeld) {
		return err
	}
	return nil
}

// Rebuild makes new views beside the live ones, which go on being read and, if
// Run is under way, followed; and switches to them when they have caught up. If
// it fails, the live views stay as they are.
//
// It also replaces views that CatchUp refuses: of another ledger, ahead of the
// store, of a newer entente.
func (r *Runner) Rebuild(ctx context.Context) error {
	select {
	case <-r.rebuild:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { r.rebuild <- struct{}{} }()
	g, err := r.create()
	if err != nil {
		return err
	}
	if err := r.fill(ctx, g); err != nil {
		return errors.Join(err, r.discard(g))
	}
	release, err := r.interrupt(ctx)
	if err != nil {
		return errors.Join(err, r.discard(g))
	}
	defer release()
	if err := errors.Join(r.toHead(ctx, g), g.complete()); err != nil {
		return errors.Join(err, r.discard(g))
	}
	err = r.release()
	r.show(g)
	r.next, r.refusal = nil, nil
	return errors.Join(err, sweep(r.cfg.Dir, g.number))
}

// interrupt takes the turn from whoever has it, until release is called.
func (r *Runner) interrupt(ctx context.Context) (release func(), err error) {
	done := make(chan struct{})
	r.yield.Store(&done)
	over := func() {
		r.yield.Store(nil)
		close(done)
	}
	if cancel := r.stretch.Load(); cancel != nil {
		(*cancel)(errYield)
	}
	select {
	case <-r.turn:
		return func() {
			over()
			r.turn <- struct{}{}
		}, nil
	case <-ctx.Done():
		over()
		return nil, ctx.Err()
	}
}
