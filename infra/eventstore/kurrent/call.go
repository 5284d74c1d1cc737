package kurrent

import (
	"context"
	"fmt"
	"io/fs"
	"sync/atomic"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// calling is the context of a call of a client that has yet to get its
// connection. The client asks a context for its deadline just after that, and
// has no other way to tell.
type calling struct {
	context.Context //nolint:containedctx // it is one
	connected       func()
}

func (c calling) Deadline() (time.Time, bool) {
	c.connected()
	return c.Context.Deadline()
}

// run calls use with a client that works, and with ctx, which use must give
// to the one method of the client that it calls. It returns when use does, which
// may be long after ctx is done. A client that is no good is given up.
func (l *link) run(ctx context.Context, use func(ctx context.Context, c *esdb.Client) error) (err error) {
	c, err := l.acquire(ctx)
	if err != nil {
		return err
	}
	defer l.release(c)
	c.turn.Lock()
	if c.retired {
		c.turn.Unlock()
		l.retire(c)
		return errRetired
	}
	var connected atomic.Bool
	got := func() {
		if connected.CompareAndSwap(false, true) {
			c.turn.Unlock()
		}
	}
	defer func() {
		// The client panics where a server leaves out what it counts on.
		if r := recover(); r != nil {
			err = fmt.Errorf("the answer of the server cannot be read: %v", r)
		}
		if err != nil && !connected.Load() { // and so the turn is still ours
			c.retired = true
			l.retire(c)
		} else if err != nil && isLost(err) {
			l.retire(c)
		}
		got()
	}()
	return use(metadata.NewOutgoingContext(calling{ctx, got}, l.header), c.Client)
}

// call is [link.run] in a goroutine of its own, which it leaves when ctx is
// done, whatever the client waits for.
func call[T any](ctx context.Context, l *link, use func(ctx context.Context, c *esdb.Client) (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	answer := make(chan result, 1)
	var none T
	if !l.start(func() {
		var r result
		r.err = l.run(ctx, func(ctx context.Context, c *esdb.Client) (err error) {
			r.value, err = use(ctx, c)
			return err
		})
		answer <- r
	}) {
		return none, fs.ErrClosed
	}
	select {
	case r := <-answer:
		if err := ended(ctx); r.err != nil && err != nil {
			return none, err
		}
		return r.value, r.err
	case <-ctx.Done():
		return none, ended(ctx)
	}
}

// start runs f in a goroutine that close waits for, unless it is closed.
func (l *link) start(f func()) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.calls.Go(f)
	}
	return !l.closed
}

// persist calls once, again and again after what is transient, until ctx is
// done. Then its error says what had failed, too.
func persist(ctx context.Context, once func() error) error {
	var last error
	for pause := newPause(); ; {
		err := once()
		switch over := ended(ctx); {
		case err == nil:
			return nil
		case over != nil:
			return because(over, last)
		case !isTransient(err):
			return explain(err)
		}
		if last == nil || status.Code(err) != codes.DeadlineExceeded { // that is our own, mostly, and seen by the client first
			last = err
		}
		if over := sleep(ctx, pause.NextBackOff()); over != nil {
			return because(over, last)
		}
	}
}

// try is [call] with [persist].
func try[T any](ctx context.Context, l *link, use func(ctx context.Context, c *esdb.Client) (T, error)) (value T, err error) {
	err = persist(ctx, func() (err error) {
		value, err = call(ctx, l, use)
		return err
	})
	return value, err
}
