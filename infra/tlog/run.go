package tlog

import (
	"context"
	"fmt"
	"time"

	"github.com/entente-ledger/entente/domain/es"
)

// sealEvery is how often a log is sealed while events come.
const sealEvery = 250 * time.Millisecond

// Run seals as events are recorded, until ctx is done, whose error it then
// returns: a checkpoint follows an event within a second. Told, if not nil, hears
// of every checkpoint. Who records does not wait for it.
func (s *Sealer) Run(ctx context.Context, told func(Checkpoint)) error {
	tick := time.NewTicker(sealEvery)
	defer tick.Stop()
	for seen := es.Position(0); ; {
		head, err := s.cfg.Store.Head(ctx)
		if err != nil {
			return fmt.Errorf("look for what is to be sealed: %w", err)
		}
		if head > seen {
			seen = head
			before := s.sealed.Tree.N
			c, err := s.Seal(ctx)
			if err != nil {
				return err
			}
			if told != nil && c.Tree.N > before {
				told(c)
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
