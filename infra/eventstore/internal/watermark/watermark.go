// Package watermark is the growing end of a log that readers wait for. It
// knows positions, not records.
package watermark

import (
	"context"
	"io/fs"
	"sync"

	"github.com/entente-ledger/entente/domain/es"
)

// Mark is the position of the last durable record. Raising it never waits for
// those who wait on it. The zero Mark is at 0 and open.
type Mark struct {
	mu     sync.Mutex
	at     es.Position
	closed bool
	moved  chan struct{} // closed at the next Raise or Close; nil while nobody waits
}

// At returns the position.
func (m *Mark) At() es.Position {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.at
}

// Raise moves the mark to a later position and wakes all who wait.
func (m *Mark) Raise(to es.Position) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at = to
	m.wake()
}

// Close wakes all who wait, now and later, with [fs.ErrClosed].
func (m *Mark) Close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	m.wake()
}

func (m *Mark) wake() {
	if m.moved != nil {
		close(m.moved)
		m.moved = nil
	}
}

// Wait returns when the mark is past a position, with ctx's error when ctx is
// done first, or with [fs.ErrClosed].
func (m *Mark) Wait(ctx context.Context, past es.Position) error {
	for {
		m.mu.Lock()
		switch {
		case m.closed:
			m.mu.Unlock()
			return fs.ErrClosed
		case m.at > past:
			m.mu.Unlock()
			return nil
		case m.moved == nil:
			m.moved = make(chan struct{})
		}
		moved := m.moved
		m.mu.Unlock()
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
