package main

import (
	"sync"
	"time"
)

// health is what goes wrong behind a service, and how far it has sealed. It is
// safe for concurrent use.
type health struct {
	mu      sync.Mutex
	faults  map[string]error
	sealed  int64     // events that a checkpoint covers
	since   time.Time // from when there are others
	damaged int64
}

func newHealth() *health { return &health{faults: map[string]error{}} }

// fails keeps why a part does not work; nil: it does again.
func (h *health) fails(part string, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.faults[part] = err
}

func (h *health) of(part string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.faults[part]
}

func (h *health) seals(events int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sealed, h.since = events, time.Time{}
}

// unsealed returns for how long there have been more events than are sealed, by
// those who asked.
func (h *health) unsealed(events uint64, now time.Time) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case events <= uint64(h.sealed):
		h.since = time.Time{}
		return 0
	case h.since.IsZero():
		h.since = now
	}
	return now.Sub(h.since)
}

func (h *health) finds(damages int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.damaged = damages
}

func (h *health) damages() int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.damaged
}
