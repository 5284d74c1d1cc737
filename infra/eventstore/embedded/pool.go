package embedded

import (
	"context"
	"errors"
	"io/fs"
	"sync"
)

// pool lends readers. The one that came back last goes out first: its pages
// are still in the processor's cache.
type pool struct {
	idle   chan struct{} // one for each reader in free
	closed chan struct{}

	mu     sync.Mutex
	free   []*reader
	opened int
}

func newPool() *pool {
	return &pool{idle: make(chan struct{}, readers), closed: make(chan struct{})}
}

func (p *pool) open(path string) error {
	names, types := newTable[string](cachedNames), newTable[eventType](cachedTypes)
	for range readers {
		r, err := openReader(path, names, types)
		if err != nil {
			return err
		}
		p.opened++
		p.put(r)
	}
	return nil
}

func (p *pool) put(r *reader) {
	p.mu.Lock()
	p.free = append(p.free, r)
	p.mu.Unlock()
	p.idle <- struct{}{}
}

// get takes a reader, after a receive from idle.
func (p *pool) get() *reader {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.free[len(p.free)-1]
	p.free = p.free[:len(p.free)-1]
	return r
}

// borrow lends f a reader. It fails with ctx's error, or with [fs.ErrClosed].
func (p *pool) borrow(ctx context.Context, f func(*reader) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-p.closed:
		return fs.ErrClosed
	default:
	}
	select {
	case <-p.idle:
		r := p.get()
		defer p.put(r)
		return explain(f(r))
	case <-p.closed:
		return fs.ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

// close closes the readers as they come back.
func (p *pool) close() error {
	close(p.closed)
	var errs []error
	for range p.opened {
		<-p.idle
		errs = append(errs, p.get().conn.Close())
	}
	return errors.Join(errs...)
}
