package kurrent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// opener begins a read or a subscription. It calls one method of the client,
// with ctx. receive fails with [io.EOF] at the end; stop ends the call.
type opener func(ctx context.Context, c *esdb.Client) (receive func() (item, error), stop func(), err error)

// received is what a flow brings; err is the last, and is nil if ctx is done.
type received struct {
	item
	err error
}

// depth is how many items may wait for a slow consumer, beside what the
// transport holds.
const depth = 64

// flow receives in a goroutine of its own, which ends with ctx or after an
// error. The first item says that the flow is open.
func (l *link) flow(ctx context.Context, open opener) <-chan received {
	to := make(chan received, depth)
	put := func(r received) bool {
		select {
		case to <- r:
			return true
		case <-ctx.Done():
			return false
		}
	}
	receiveAll := func(ctx context.Context, c *esdb.Client) error {
		receive, stop, err := open(ctx, c)
		if err != nil {
			return err
		}
		defer stop()
		it := item{kind: opened}
		for put(received{item: it}) {
			if it, err = receive(); err != nil {
				return err
			}
		}
		return nil
	}
	if !l.start(func() {
		put(received{err: l.run(ctx, receiveAll)})
		close(to)
	}) {
		to <- received{err: fs.ErrClosed}
		close(to)
	}
	return to
}

// following is how flows, one after the other, are consumed.
type following struct {
	prepare func(ctx context.Context) error // before each flow; may be nil
	open    opener                          // where the flow before it broke
	take    func(it item) (more bool, err error)
	idle    func() (more bool) // when nothing waits; may be nil
	endless bool               // a subscription: it has no end, and silence is no failure
}

// follow consumes flows until one ends or f has enough. After one that broke
// it begins another: without end if f is endless, and otherwise until nothing
// came for as long as the deadline.
func (s *Store) follow(ctx context.Context, f following) error {
	pause, last := newPause(), time.Now()
	for {
		moved, err := s.consume(ctx, f)
		switch over := ended(ctx); {
		case err == nil:
			return nil
		case over != nil:
			return over
		case !isTransient(err):
			return explain(err)
		}
		if moved {
			pause.Reset()
			last = time.Now()
		}
		if !f.endless && time.Since(last) >= s.deadline {
			return because(context.DeadlineExceeded, err)
		}
		wait := pause.NextBackOff()
		s.log.WarnContext(ctx, "reading from the server was interrupted", slog.Any("error", err), slog.Duration("pause", wait))
		if over := sleep(ctx, wait); over != nil {
			return over
		}
	}
}

// consume consumes one flow. It returns whether anything came, and nil if
// nothing more is wanted.
func (s *Store) consume(ctx context.Context, f following) (moved bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if f.prepare != nil {
		if err := f.prepare(ctx); err != nil {
			return false, err
		}
	}
	from, patience := s.link.flow(ctx, f.open), s.deadline
	for {
		r, waits, ok := received{}, true, true
		select {
		case r, ok = <-from:
		default:
			waits = false
		}
		if !waits {
			if f.idle != nil && !f.idle() {
				return moved, nil
			}
			if r, ok, err = await(ctx, from, patience); err != nil {
				return moved, err
			}
		}
		switch over := ended(ctx); {
		case over != nil:
			return moved, over
		case !ok:
			return moved, errRetired
		case errors.Is(r.err, io.EOF) && !f.endless:
			return moved, nil
		case r.err != nil:
			return moved, r.err
		case r.kind == opened && f.endless:
			patience = 0
		case r.kind != opened:
			moved = true
			if more, err := f.take(r.item); err != nil || !more {
				return moved, err
			}
		}
	}
}

// await receives within patience, or without bounds if that is 0.
func await(ctx context.Context, from <-chan received, patience time.Duration) (r received, ok bool, err error) {
	var late <-chan time.Time
	if patience > 0 {
		timer := time.NewTimer(patience)
		defer timer.Stop()
		late = timer.C
	}
	select {
	case r, ok = <-from:
		return r, ok, nil
	case <-late:
		return r, false, fmt.Errorf("%w for %s", errSilent, patience)
	case <-ctx.Done():
		return r, false, ended(ctx)
	}
}
