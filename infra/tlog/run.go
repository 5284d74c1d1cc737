package tlog

import (
	"context"
	"errors"
	"time"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
)

const (
	sealEvery = 200 * time.Millisecond // at least between checkpoints, at most after an event that waits
	waiting   = 1024                   // events that may wait for the log
)

// Run seals as events are recorded, until ctx is done, whose error it then
// returns: a checkpoint follows an event within a second. Told, if not nil, hears
// of every checkpoint. Who records does not wait for it.
func (s *Sealer) Run(ctx context.Context, told func(Checkpoint)) error {
	if told == nil {
		told = func(Checkpoint) {}
	}
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	events, failed := make(chan es.Record, waiting), make(chan error, 1)
	go func() { failed <- follow(inner, s.cfg.Store, s.at, events) }()
	tick := time.NewTicker(sealEvery)
	defer tick.Stop()
	for {
		select {
		case r := <-events:
			if r.Position <= s.at {
				continue // taken when another node was followed
			}
			if err := s.take(r); err != nil {
				return err
			}
			continue
		case <-tick.C:
		case err := <-failed:
			return err
		}
		if s.edge.size == s.sealed.Tree.N {
			continue
		}
		c, err := s.commit(ctx)
		if err != nil {
			return err
		}
		told(c)
	}
}

// follow sends the ledger's own events after a position.
func follow(ctx context.Context, store es.Store, after es.Position, to chan<- es.Record) error {
	for r, err := range ledger.Own(store.Subscribe(ctx, after)) {
		if err != nil {
			return err
		}
		if r.IsMarker() {
			continue
		}
		select {
		case to <- r:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return errors.New("the subscription ended")
}
