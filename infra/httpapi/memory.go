package httpapi

import (
	"errors"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
)

const (
	keptFor  = 24 * time.Hour
	maxKept  = 1 << 16 // commands; about 10 MiB
	retrySec = "1"
)

// memory holds off a command while the same is under way, and keeps for a day
// what became of commands: which request had which key, and why it was refused.
// What was recorded the ledger itself recognises for ever, in the same stream.
type memory struct {
	now func() time.Time

	mu    sync.Mutex
	known map[uuid.UUID]*memorised
	order []uuid.UUID // of those that are done, the oldest first
}

type memorised struct {
	of      [32]byte // fingerprint of the request
	running bool
	refused error
	at      time.Time
}

func newMemory(now func() time.Time) *memory {
	return &memory{now: now, known: map[uuid.UUID]*memorised{}}
}

// begin begins a command: it returns why the same was refused before, or what is
// to be told how the command ends. It fails if the same key is under way, or was
// used for another request.
func (m *memory) begin(id uuid.UUID, of [32]byte) (refused error, done func(error), err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forget()
	if k, ok := m.known[id]; ok {
		switch {
		case k.of != of:
			return nil, nil, problem.ReusedKey.At("header Idempotency-Key")
		case k.running:
			return nil, nil, problem.InFlight.With("Retry-After", retrySec)
		case k.refused != nil:
			return k.refused, nil, nil
		}
		k.running = true
		return nil, func(err error) { m.end(id, err, false) }, nil
	}
	m.known[id] = &memorised{of: of, running: true}
	return nil, func(err error) { m.end(id, err, true) }, nil
}

// end keeps what became of a command. What may end otherwise when it is given
// again is forgotten.
func (m *memory) end(id uuid.UUID, err error, first bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := m.known[id]
	k.running = false
	switch {
	case err == nil:
	case isFinal(err):
		k.refused = err
	default:
		if first {
			delete(m.known, id)
		}
		return
	}
	if first {
		k.at = m.now()
		m.order = append(m.order, id)
	}
}

// isFinal reports whether the ledger refused a command for what it says.
func isFinal(err error) bool {
	return errors.Is(err, es.ErrInvalid) || errors.Is(err, es.ErrRejected)
}

// forget drops what is too old or too much. A command that is under way again is
// kept until it is done.
func (m *memory) forget() {
	for len(m.order) > 0 {
		id := m.order[0]
		k := m.known[id]
		if len(m.order) <= maxKept && m.now().Sub(k.at) < keptFor || k.running {
			return
		}
		delete(m.known, id)
		m.order = m.order[1:]
	}
}
