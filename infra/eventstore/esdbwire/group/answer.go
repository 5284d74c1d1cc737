package group

import (
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Action is what a consumer wants done with an event that it could not process.
type Action int

// The actions, with the numbers that they have on the wire.
const (
	// Unknown leaves it to the group, which tries again.
	Unknown Action = iota
	// Park puts the event aside.
	Park
	// Retry tries again, unless the event was retried often enough.
	Retry
	// Skip is as good as an acknowledgement.
	Skip
	// Stop takes leave of the group, which tries the event with others.
	Stop
)

// Ack says that a consumer has processed the events with these ids. Those that
// it does not have (any more) are left as they are.
func (g *Group) Ack(by ConsumerID, ids ...uuid.UUID) {
	for _, m := range g.take(by, ids) {
		g.done(m)
	}
}

// Nack says that a consumer has not processed the events with these ids, and
// why. Those that it does not have (any more) are left as they are.
func (g *Group) Nack(by ConsumerID, action Action, reason string, ids ...uuid.UUID) {
	if action == Stop {
		if g.consumer(by) != nil {
			g.Leave(by)
			g.dropped = append(g.dropped, by)
		}
		return
	}
	for _, m := range g.take(by, ids) {
		switch action {
		case Park:
			g.park(m, reason)
		case Skip:
			g.done(m)
		default:
			g.retry(m, reason)
		}
	}
}

// take returns those of the messages that a consumer has, and has no more.
func (g *Group) take(by ConsumerID, ids []uuid.UUID) []*message {
	c := g.consumer(by)
	if c == nil {
		return nil
	}
	taken := make([]*message, 0, len(ids))
	for _, id := range ids {
		if m := c.held[id]; m != nil {
			g.land(m)
			taken = append(taken, m)
		}
	}
	return taken
}

// retry queues m to be sent again, or parks it if that was done often enough.
func (g *Group) retry(m *message, reason string) {
	if m.retries >= g.settings.MaxRetries {
		g.park(m, fmt.Sprintf("it was retried %d times: %s", m.retries, reason))
		return
	}
	m.retries++
	g.retries = append(g.retries, m)
}

func (g *Group) park(m *message, reason string) {
	m.reason = reason
	g.parking = append(g.parking, m)
}

// Parked says that the first n events of the last [Actions.Park] are parked.
func (g *Group) Parked(n int) {
	for _, m := range g.parking[:n] {
		g.done(m)
	}
	clear(g.parking[:n])
	g.parking = g.parking[n:]
}

// expire takes the events from consumers that let their time pass.
func (g *Group) expire(now time.Time) {
	for g.settings.Timeout > 0 {
		first := g.flights.Front()
		if first == nil || held(first).deadline.After(now) {
			return
		}
		m := held(first)
		g.land(m)
		g.retry(m, "the consumer did not answer in time")
	}
}
