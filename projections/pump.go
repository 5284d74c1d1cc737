package projections

import (
	"context"
	"fmt"
	"iter"

	"golang.org/x/sync/errgroup"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
)

// batch is what is written in one transaction.
type batch struct {
	next     uint64 // sequence of the first record
	records  []es.Record
	changes  []change
	position es.Position // up to which the store was read
}

// maxBatchBytes bounds the stored bytes of a batch, and so what is in memory.
const maxBatchBytes = 8 << 20

// log yields records of the store after a position.
type log func(ctx context.Context, after es.Position) iter.Seq2[es.Record, error]

// pump applies to g what the log yields after it: one goroutine reads, one
// folds, one writes. end is a position that is reached when there are no more
// records. Nothing of a batch that fails is written.
func (r *Runner) pump(ctx context.Context, g *generation, from log, end es.Position) error {
	if g.folder == nil {
		g.folder = &folder{r.cfg.Store, r.cfg.Projections, r.cfg.Workers, newCache(r.cfg.Cache)}
	}
	// A stage that fails cancels the others; the first failure is the answer.
	group, inner := errgroup.WithContext(ctx)
	read, folded := make(chan batch), make(chan batch)
	at, f := g.at, g.folder
	group.Go(func() error {
		defer close(read)
		return r.read(inner, from(inner, at.Position), at.Events, end, read)
	})
	group.Go(func() error {
		defer close(folded)
		for b := range read {
			var err error
			if b.changes, err = f.fold(inner, b.next, b.records); err != nil {
				return err
			}
			if err := send(inner, folded, b); err != nil {
				return err
			}
		}
		return nil
	})
	group.Go(func() error {
		for b := range folded {
			if len(b.changes) == 0 && b.position <= g.at.Position {
				continue
			}
			if err := g.apply(r.cfg.Projections, b.changes, b.position); err != nil {
				return err
			}
			r.tell(g, b.changes, end)
		}
		return nil
	})
	err := group.Wait()
	if err != nil {
		g.folder = nil // it may be ahead of what was written
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// read gathers the ledger's own records in batches, each of which ends when no
// more records wait, or when it is full.
func (r *Runner) read(ctx context.Context, records iter.Seq2[es.Record, error], next uint64, end es.Position, to chan<- batch) error {
	b, size := batch{next: next}, 0
	flush := func() error {
		full := b
		b, size = batch{next: b.next + uint64(len(b.records)), position: b.position}, 0
		return send(ctx, to, full)
	}
	for rec, err := range records {
		if err != nil {
			return fmt.Errorf("read the store after position %d: %w", b.position, err)
		}
		b.position = max(b.position, rec.Position)
		if !rec.IsMarker() && ledger.Owns(rec.Stream) {
			b.records = append(b.records, rec)
			size += len(rec.Data) + len(rec.Meta)
		}
		if rec.IsMarker() || len(b.records) >= r.cfg.Batch || size >= maxBatchBytes {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	b.position = max(b.position, end)
	return flush()
}

func send(ctx context.Context, to chan<- batch, b batch) error {
	select {
	case to <- b:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// tell publishes where g has come to with a batch.
func (r *Runner) tell(g *generation, batch []change, head es.Position) {
	r.batches.Add(1)
	if g.live {
		r.publish(g)
	}
	if r.cfg.Progress == nil {
		return
	}
	p := Progress{Generation: g.number, Building: !g.live, Events: g.at.Events, Position: g.at.Position, Head: max(head, g.at.Position)}
	if n := len(batch); n > 0 {
		p.Recorded = batch[n-1].Meta.RecordedAt
	}
	r.cfg.Progress(p)
}

// publish says how far the live views have come.
func (r *Runner) publish(live *generation) {
	at := live.at
	r.at.Store(&at)
	r.moved.give()
}
