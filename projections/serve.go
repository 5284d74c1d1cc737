package projections

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
)

// Serve is Run that outlives what may pass: after an error it waits, longer each
// time up to ten seconds, and goes on from the checkpoint; it waits the shortest
// time again once a batch was written. It ends when ctx is done, with its error;
// and at once with an error that only a person can remedy: of kind
// [es.ErrCorrupt], [es.ErrNewer] or [es.ErrInvalid].
func (r *Runner) Serve(ctx context.Context) error {
	waits := &backoff.ExponentialBackOff{
		InitialInterval: 100 * time.Millisecond, RandomizationFactor: 0.5, Multiplier: 2, MaxInterval: 10 * time.Second,
	}
	waits.Reset()
	for {
		before := r.batches.Load()
		err := r.Run(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if errors.Is(err, es.ErrCorrupt) || errors.Is(err, es.ErrNewer) || errors.Is(err, es.ErrInvalid) {
			return err
		}
		if err == nil {
			err = errSilent
		}
		if r.cfg.Outlived != nil {
			r.cfg.Outlived(err)
		}
		if r.batches.Load() > before {
			waits.Reset()
		}
		select {
		case <-time.After(waits.NextBackOff()):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// errSilent says that a subscription to the store ended without an error.
var errSilent = errors.New("follow the store: it sends nothing more")

// Behind returns when the first of those events was recorded that the live views
// do not have; zero if they have all. All projections are written together, so
// that each is as far as the others.
func (r *Runner) Behind(ctx context.Context) (since time.Time, err error) {
	at := r.Checkpoint().Position
	head, err := r.cfg.Store.Head(ctx)
	if err != nil {
		return time.Time{}, fmt.Errorf("read the head of the store: %w", err)
	}
	if at >= head {
		return time.Time{}, nil
	}
	for rec, err := range ledger.Own(r.cfg.Store.ReadAll(ctx, at)) {
		if err != nil {
			return time.Time{}, fmt.Errorf("read what the views do not have: %w", err)
		}
		if rec.IsMarker() {
			continue
		}
		meta, err := es.DecodeMeta(rec.Meta)
		return meta.RecordedAt, err
	}
	return time.Time{}, nil // the rest is not the ledger's own
}

// Views returns the views that r keeps, for reading in this process. Who waits
// for a position is woken when it is written, instead of looking for it.
func (r *Runner) Views() *Views {
	v := OpenViews(r.cfg.Dir, r.cfg.Projections...)
	v.runner = r
	return v
}

// signal wakes all who wait for it, again and again.
type signal struct {
	mu   sync.Mutex
	next chan struct{}
}

// wait returns what is closed when the signal is given the next time.
func (s *signal) wait() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next == nil {
		s.next = make(chan struct{})
	}
	return s.next
}

// give wakes those who wait.
func (s *signal) give() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next != nil {
		close(s.next)
		s.next = nil
	}
}
