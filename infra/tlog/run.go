package tlog

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/entente-ledger/entente/domain/es"
)

// sealEvery is how often a log is sealed while events come.
const sealEvery = 250 * time.Millisecond

// Run seals as events are recorded, until ctx is done, whose error it then
// returns: a checkpoint follows an event within a second. Told, if not nil, hears
// of every checkpoint. Who records does not wait for it, and it does not wait for
// witnesses, which are offered checkpoints all the while, but for half a second
// at the beginning. It fails with [es.ErrCorrupt] as [Open] does, or if a witness saw
// more of the log than there is.
func (s *Sealer) Run(ctx context.Context, told func(Checkpoint)) error {
	if told == nil {
		told = func(Checkpoint) {}
	}
	inner, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	witnesses := s.watch.begin(inner, &wg, s.sealed)
	tick := time.NewTicker(sealEvery)
	defer tick.Stop()
	for seen := es.Position(0); ; {
		witnesses.offer(s.sealed, time.Now())
		if !witnesses.hears(time.Now()) {
			var err error
			if seen, err = s.sealSince(ctx, seen, told); err != nil {
				return err
			}
			witnesses.offer(s.sealed, time.Now())
		}
		select {
		case a := <-witnesses.answers:
			if err := witnesses.take(s.cfg.Dir, a); err != nil {
				return err
			}
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// sealSince seals if the store has grown, and returns its head.
func (s *Sealer) sealSince(ctx context.Context, seen es.Position, told func(Checkpoint)) (es.Position, error) {
	head, err := s.cfg.Store.Head(ctx)
	if err != nil {
		return seen, fmt.Errorf("look for what is to be sealed: %w", err)
	}
	if head <= seen {
		return seen, nil
	}
	before := s.sealed.Tree.N
	c, err := s.Seal(ctx)
	if err == nil && c.Tree.N > before {
		told(c)
	}
	return head, err
}
