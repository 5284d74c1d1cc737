package group

import (
	"fmt"
	"time"

	"github.com/entente-ledger/entente/domain/es"
)

// Strategy is how events are shared out among the consumers.
type Strategy string

// The strategies, by the names that EventStoreDB has for them.
const (
	// RoundRobin takes one consumer after the other.
	RoundRobin Strategy = "RoundRobin"
	// DispatchToSingle takes one consumer until its buffer is full, then the next.
	DispatchToSingle Strategy = "DispatchToSingle"
	// Pinned takes the same consumer for all events of a stream, as long as the
	// consumers are the same; an event waits for its consumer.
	Pinned Strategy = "Pinned"
)

// Settings are what whoever creates a group decides.
type Settings struct {
	Strategy   Strategy
	Timeout    time.Duration // after which an event unanswered is tried again; 0 is never
	MaxRetries int           // after which an event is parked instead

	CheckpointAfter time.Duration // between two checkpoints, if MinCheckpoint events are done
	MinCheckpoint   int           // events, at least 1
	MaxCheckpoint   int           // events done after which a checkpoint does not wait; 0 is none

	MaxConsumers int // 0 is any number
	Buffer       int // events that wait in memory
	ReadBatch    int // events read at a time
}

// Validate fails with [es.ErrInvalid] if s makes no sense.
func (s Settings) Validate() error {
	bad := func(format string, args ...any) error {
		return es.Invalid("group.bad_settings", fmt.Sprintf(format, args...), "")
	}
	switch s.Strategy {
	case RoundRobin, DispatchToSingle, Pinned:
	default:
		return bad("the strategy %.80q is not known; it must be %s, %s or %s", s.Strategy, RoundRobin, DispatchToSingle, Pinned)
	}
	for _, n := range []struct {
		name  string
		value int64
		least int64
	}{
		{"message timeout", int64(s.Timeout), 0},
		{"largest number of retries", int64(s.MaxRetries), 0},
		{"time after which a checkpoint is stored", int64(s.CheckpointAfter), 0},
		{"least number of events for a checkpoint", int64(s.MinCheckpoint), 0},
		{"largest number of events for a checkpoint", int64(s.MaxCheckpoint), 0},
		{"largest number of subscribers", int64(s.MaxConsumers), 0},
		{"history buffer", int64(s.Buffer), 1},
		{"read batch", int64(s.ReadBatch), 1},
	} {
		if n.value < n.least {
			return bad("the %s is %d; it must be at least %d", n.name, n.value, n.least)
		}
	}
	if s.Buffer < s.ReadBatch {
		return bad("a read batch of %d does not fit into a history buffer of %d", s.ReadBatch, s.Buffer)
	}
	return nil
}
