package kurrent

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/entente-ledger/entente/domain/es"
)

// Options changes how [Open] opens a store. The zero Options does.
type Options struct {
	// Credential is user:password, if the URL has none. Without TLS it is sent
	// only to hosts that are this machine.
	Credential string
	// Deadline bounds every call but reads and subscriptions, repeats included,
	// and for those the silence of the server. 0 is what the URL says, or 10 s.
	Deadline time.Duration
	// ReadOnly refuses appends. Whether others append is up to the server.
	ReadOnly bool
	// Logger hears of what no caller waits for; nil is silence.
	Logger *slog.Logger
}

// Store is an [es.Store] on a server.
type Store struct {
	link     *link
	log      *slog.Logger
	deadline time.Duration
	readOnly bool
	// seen is the largest position that an append was answered with. Answers
	// to appends that come later and are new have larger ones.
	seen atomic.Uint64

	mu      sync.RWMutex // held for reading while an append is added to those under way
	closing bool
	appends sync.WaitGroup
}

var _ es.Store = (*Store)(nil)

// closeGrace is how long Close waits for appends under way, and then for
// goroutines to end.
const closeGrace = 2 * time.Second

// Open opens the store at a URL and reads from it, so that a wrong address or
// credential is known at once. It fails with [es.ErrInvalid] if the URL or an
// option is wrong or the server too old, with [es.ErrRejected] if the server
// does not let us in, and otherwise when the deadline has passed.
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	t, err := parse(url, o)
	if err != nil {
		return nil, fmt.Errorf("open the store on a server: %w", err)
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Store{link: newLink(t, o.Logger), log: o.Logger, deadline: t.deadline, readOnly: o.ReadOnly}
	if _, err := s.Head(ctx); err != nil {
		_ = s.Close() // never fails
		return nil, fmt.Errorf("open the store on %s: %w", t.hosts[0], err)
	}
	return s, nil
}

// bounded returns ctx, which ends after the deadline and when the store is
// closed, too.
func (s *Store) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, leave := s.link.join(ctx)
	ctx, cancel := context.WithTimeout(ctx, s.deadline)
	return ctx, func() {
		cancel()
		leave()
	}
}

// Close implements [es.Store]. Appends under way have 2 s; whatever else is
// under way ends with [fs.ErrClosed]. Whether an append that ends so was
// recorded is unknown; appending it again settles it.
func (s *Store) Close() error {
	s.mu.Lock()
	s.closing = true
	s.mu.Unlock()
	finished := make(chan struct{})
	go func() {
		s.appends.Wait()
		close(finished)
	}()
	select {
	case <-finished:
	case <-time.After(closeGrace):
	}
	s.link.close(closeGrace)
	return nil
}

// enter adds an append to those under way.
func (s *Store) enter() error {
	if s.readOnly {
		return readOnlyError()
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closing {
		return fs.ErrClosed
	}
	s.appends.Add(1)
	return nil
}
