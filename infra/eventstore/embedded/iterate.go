package embedded

import (
	"context"
	"fmt"
	"io/fs"
	"iter"
	"time"

	"github.com/entente-ledger/entente/domain/es"
)

// pollEvery is how often a read-only store that has subscribers waiting looks
// for what the owning process has appended.
const pollEvery = 20 * time.Millisecond

// ReadStream implements [es.Store]. It ends at what was there when it began.
func (s *Store) ReadStream(ctx context.Context, stream string, after es.Revision) iter.Seq2[es.Record, error] {
	return func(yield func(es.Record, error) bool) { s.readStream(ctx, stream, after, owned(yield)) }
}

// ReadAll implements [es.Store]. It ends at what was there when it began.
func (s *Store) ReadAll(ctx context.Context, after es.Position) iter.Seq2[es.Record, error] {
	return func(yield func(es.Record, error) bool) { s.readAll(ctx, after, owned(yield)) }
}

// Subscribe implements [es.Store].
func (s *Store) Subscribe(ctx context.Context, after es.Position) iter.Seq2[es.Record, error] {
	return func(yield func(es.Record, error) bool) { s.subscribe(ctx, after, owned(yield)) }
}

type yield = func(es.Record, error) bool

func (s *Store) readStream(ctx context.Context, stream string, after es.Revision, yield yield) {
	end, err := s.Head(ctx)
	at := after
	if err == nil {
		err = s.chunks(ctx, stream, yield, func(r *reader, c *chunk, limit int) error {
			if n := len(c.recs); n > 0 {
				at = c.recs[n-1].Revision
			}
			return r.streamChunk(c, at, limit, end)
		})
	}
	if err != nil {
		yield(es.Record{}, fmt.Errorf("read %s: %w", stream, err))
	}
}

func (s *Store) readStreamBack(ctx context.Context, stream string, before es.Revision, yield yield) {
	err := s.chunks(ctx, stream, yield, func(r *reader, c *chunk, limit int) error {
		if n := len(c.recs); n > 0 {
			before = c.recs[n-1].Revision
		}
		return r.streamChunkBack(c, before, limit)
	})
	if err != nil {
		yield(es.Record{}, fmt.Errorf("read %s: %w", stream, err))
	}
}

func (s *Store) readAll(ctx context.Context, after es.Position, yield yield) {
	end, err := s.Head(ctx)
	more := true
	if err == nil {
		_, more, err = s.replay(ctx, after, end, yield)
	}
	if more && err != nil {
		yield(es.Record{}, fmt.Errorf("read log: %w", err))
	}
}

func (s *Store) readAllBack(ctx context.Context, before es.Position, yield yield) {
	err := s.chunks(ctx, "", yield, func(r *reader, c *chunk, limit int) error {
		if n := len(c.recs); n > 0 {
			before = c.recs[n-1].Position
		}
		return r.logChunkBack(c, before, limit)
	})
	if err != nil {
		yield(es.Record{}, fmt.Errorf("read log: %w", err))
	}
}

func (s *Store) subscribe(ctx context.Context, after es.Position, yield yield) {
	if err := s.follow(ctx, after, yield); err != nil {
		yield(es.Record{}, fmt.Errorf("subscribe: %w", err))
	}
}

// chunks yields what next reads, chunk by chunk, until there is no more or the
// consumer has enough, which is no error. Next finds in the chunk the one before.
func (s *Store) chunks(ctx context.Context, stream string, yield yield, next func(r *reader, c *chunk, limit int) error) error {
	c := chunk{stream: stream, full: true}
	for limit := firstChunk; c.full; limit = laterChunks {
		if err := s.pool.borrow(ctx, func(r *reader) error { return next(r, &c, limit) }); err != nil {
			return err
		}
		if more, err := c.yield(ctx, yield); err != nil || !more {
			return err
		}
	}
	return nil
}

// follow yields the log after a position until the consumer has enough, which
// is no error, or until something is in the way.
func (s *Store) follow(ctx context.Context, after es.Position, yield func(es.Record, error) bool) error {
	for caughtUp := false; ; {
		end, err := s.Head(ctx)
		if err != nil {
			return err
		}
		switch {
		case end > after:
			var more bool
			if after, more, err = s.replay(ctx, after, end, yield); err != nil || !more {
				return err
			}
			caughtUp = false
		case !caughtUp:
			caughtUp = true
			if !yield(es.Record{Position: after}, nil) {
				return nil
			}
		default:
			if err := s.wait(ctx, after); err != nil {
				return err
			}
		}
	}
}

// replay yields the records after a position up to end. It returns the
// position reached and whether the consumer wants more.
func (s *Store) replay(ctx context.Context, after, end es.Position, yield func(es.Record, error) bool) (es.Position, bool, error) {
	var c chunk
	for limit := firstChunk; after < end; limit = laterChunks {
		err := s.pool.borrow(ctx, func(r *reader) error { return r.logChunk(&c, after, limit, end) })
		if err != nil {
			return after, true, err
		}
		after = c.recs[len(c.recs)-1].Position
		if more, err := c.yield(ctx, yield); err != nil || !more {
			return after, more, err
		}
	}
	return after, true, nil
}

// yield hands the records of c to the consumer. It reports whether the
// consumer wants more.
func (c *chunk) yield(ctx context.Context, yield func(es.Record, error) bool) (bool, error) {
	for i := range c.recs {
		if err := ctx.Err(); err != nil {
			return true, err
		}
		if !yield(c.recs[i], nil) {
			return false, nil
		}
	}
	return true, nil
}

// wait returns when there is a record after a position.
func (s *Store) wait(ctx context.Context, after es.Position) error {
	if s.writer != nil {
		return s.head.Wait(ctx, after)
	}
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-s.pool.closed:
			return fs.ErrClosed
		case <-ctx.Done():
			return ctx.Err()
		}
		if head, err := s.Head(ctx); err != nil || head > after {
			return err
		}
	}
}
