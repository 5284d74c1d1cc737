package kurrent

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/cenkalti/backoff/v5"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/entente-ledger/entente/domain/es"
)

const wantedServer = "EventStoreDB 23.10 or later, or KurrentDB"

// link keeps a client that works. The client ends for good when it finds no
// server, and whoever calls it then waits for ever; so each is given up at the
// first sign of trouble, closed when its last call has ended, and another is
// made: one at a time, with pauses between those that fail.
type link struct {
	conf   esdb.Configuration
	header metadata.MD // of every call
	log    *slog.Logger

	life  context.Context //nolint:containedctx // the store's own, which Close ends
	end   context.CancelCauseFunc
	calls sync.WaitGroup // goroutines that are in a client, or make one

	mu      sync.Mutex
	closed  bool
	current *client // nil if there is none
	making  *making // nil if none is being made
	pause   *backoff.ExponentialBackOff
	failed  bool // the last that was made
}

// making is a client that is being made. What it has become may be read once
// done is closed.
type making struct {
	done chan struct{}
	err  error
}

// client is one client of the module, and who uses it.
type client struct {
	*esdb.Client
	// turn is held by a call that asks for the connection. Only this can make
	// the client look for a server anew, and so end it; the others must not
	// be waiting for it then.
	turn    sync.Mutex
	retired bool // guarded by turn: no call may ask for the connection

	users int  // guarded by link.mu
	gone  bool // guarded by link.mu: to be closed when there are no users
}

// newLink has every call ask for the leader, which the client never does: it
// puts that among the headers that came in. And it sends the authorization that
// the client leaves out.
func newLink(t *target, log *slog.Logger) *link {
	l := &link{conf: t.conf, header: metadata.Pairs("requires-leader", "true"), log: log, pause: newPause()}
	if t.header != "" {
		l.header.Set("authorization", t.header)
	}
	l.life, l.end = context.WithCancelCause(context.Background())
	return l
}

// newPause returns pauses of 50 ms to 3 s, each up to a half longer or shorter.
func newPause() *backoff.ExponentialBackOff {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval, b.MaxInterval, b.Multiplier = 50*time.Millisecond, 3*time.Second, 2
	return b
}

// sleep waits, or returns why ctx is done.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ended(ctx)
	}
}

// join returns ctx, which ends when the store is closed, too.
func (l *link) join(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(l.life, func() { cancel(fs.ErrClosed) })
	return ctx, func() {
		stop()
		cancel(nil)
	}
}

// close ends all calls, and returns when their goroutines have ended or when
// patience has: one that looks for a server ends by itself.
func (l *link) close(patience time.Duration) {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return
	}
	l.closed = true
	l.mu.Unlock()
	l.end(fs.ErrClosed)
	l.retire(nil)
	gone := make(chan struct{})
	go func() {
		l.calls.Wait()
		close(gone)
	}()
	select {
	case <-gone:
	case <-time.After(patience):
	}
}

// acquire returns a client that works, for as long as release is not called.
func (l *link) acquire(ctx context.Context) (*client, error) {
	for {
		l.mu.Lock()
		if l.closed {
			l.mu.Unlock()
			return nil, fs.ErrClosed
		}
		if c := l.current; c != nil {
			c.users++
			l.mu.Unlock()
			return c, nil
		}
		m := l.making
		if m == nil {
			m = &making{done: make(chan struct{})}
			l.making = m
			l.calls.Go(func() { l.create(m) })
		}
		l.mu.Unlock()
		select {
		case <-m.done:
		case <-ctx.Done():
			return nil, ended(ctx)
		}
		if m.err != nil {
			return nil, m.err
		}
	}
}

// create makes a client and has it find its server, before anybody else calls
// it. It takes at most the time that gossip has, times hosts and attempts.
func (l *link) create(m *making) {
	c, err := l.found()
	l.mu.Lock()
	defer l.mu.Unlock()
	if err == nil && l.closed {
		err = errors.Join(fs.ErrClosed, c.Close())
	}
	if err == nil {
		l.current = c
		l.pause.Reset()
	}
	l.failed = err != nil
	m.err, l.making = err, nil
	close(m.done)
}

func (l *link) found() (*client, error) {
	l.mu.Lock()
	wait := time.Duration(0)
	if l.failed {
		wait = l.pause.NextBackOff()
	}
	l.mu.Unlock()
	if err := sleep(l.life, wait); err != nil {
		return nil, err
	}
	c, conf := &client{}, l.conf
	conf.Logger = func(_ esdb.LogLevel, format string, args ...any) { l.heard(c, format, args) }
	var err error
	if c.Client, err = esdb.NewClient(&conf); err != nil {
		return nil, fmt.Errorf("make a client: %w", err)
	}
	version, err := c.GetServerVersion()
	if err == nil && (version.Major < 23 || version.Major == 23 && version.Minor < 10) {
		err = es.Invalid("esdb.old_server", fmt.Sprintf("the server is of version %d.%d.%d", version.Major, version.Minor, version.Patch), wantedServer)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("find the server: %w", err), c.Close())
	}
	return c, nil
}

// heard takes what the client logs. It logs a failed call before it begins to
// forget the connection, after which the next call would look for a server: so
// here is the last moment to keep calls out.
func (l *link) heard(c *client, format string, args []any) {
	l.log.DebugContext(l.life, "the client of EventStoreDB says", slog.String("text", fmt.Sprintf(format, args...)))
	if format != "unexpected exception: %v" || len(args) != 1 {
		return
	}
	if err, ok := args[0].(error); ok && status.Code(err) == codes.Unavailable {
		c.turn.Lock()
		c.retired = true
		c.turn.Unlock()
	}
}

// retire gives up a client, nil being the one there is.
func (l *link) retire(c *client) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c == nil {
		c = l.current
	}
	if c == nil || c.gone {
		return
	}
	c.gone = true
	if l.current == c {
		l.current = nil
	}
	if c.users == 0 {
		_ = c.Close() // never fails
	}
}

func (l *link) release(c *client) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c.users--; c.users == 0 && c.gone {
		_ = c.Close() // never fails
	}
}
