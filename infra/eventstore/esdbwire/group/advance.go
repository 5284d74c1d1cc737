package group

import "time"

// Actions are what is to be done, in any order.
type Actions struct {
	// Drop are consumers to be told that they are no longer part of the group.
	Drop []ConsumerID
	// Park are events to be put aside; they are done when [Group.Parked] says
	// so, and are here again until then.
	Park []Parking
	// Send are events to be sent. An event that cannot be is sent again after
	// [Group.Leave].
	Send []Delivery
	// Checkpoint is the place up to which all is done, to be stored now, and
	// 0 if it is not due. [Group.Stored] says that it was.
	Checkpoint uint64
	// Replayed is likewise for what was parked; what is up to there need not
	// be kept. [Group.Truncated] says that it is not.
	Replayed uint64
	// Read is how many events there is room for, 0 if it is better to wait.
	Read int
	// Next is when Advance is to be called again if nothing happens before,
	// the zero time if it need not be.
	Next time.Time
}

// Delivery is an event for a consumer.
type Delivery struct {
	To      ConsumerID
	Event   Event
	Retries int // how often it was sent before
}

// Parking is an event to be parked.
type Parking struct {
	Event  Event
	Reason string
}

// Advance returns what is to be done at now. Now does not go back.
func (g *Group) Advance(now time.Time) Actions {
	g.expire(now)
	a := Actions{Drop: g.dropped}
	g.dropped = nil
	for _, m := range g.parking {
		a.Park = append(a.Park, Parking{m.Event, m.reason})
	}
	g.retries = g.send(g.retries, now, &a)
	g.waiting = g.send(g.waiting, now, &a)

	at := func(next time.Time) {
		if !next.IsZero() && (a.Next.IsZero() || next.Before(a.Next)) {
			a.Next = next
		}
	}
	var next time.Time
	a.Checkpoint, next = g.log.due(g.settings, now)
	at(next)
	one := g.settings
	one.MinCheckpoint = 1
	a.Replayed, next = g.parked.due(one, now)
	at(next)
	if first := g.flights.Front(); first != nil && g.settings.Timeout > 0 {
		at(held(first).deadline)
	}
	if s := g.settings; len(g.consumers) > 0 && len(g.waiting)+len(g.retries)+s.ReadBatch <= s.Buffer {
		a.Read = s.ReadBatch
	}
	return a
}

// Stored says that the last checkpoint that [Group.Advance] or [Group.Reached]
// returned is stored.
func (g *Group) Stored(now time.Time) { g.log.store(now) }

// Truncated is [Group.Stored] for what was parked.
func (g *Group) Truncated(now time.Time) { g.parked.store(now) }

// Reached returns the places up to which all is done, and 0 for those that are
// stored already: for one who stops here.
func (g *Group) Reached() (checkpoint, replayed uint64) {
	return g.log.pending(), g.parked.pending()
}

// send hands out what of a queue the consumers take, and returns the rest.
func (g *Group) send(queue []*message, now time.Time, a *Actions) []*message {
	rest := queue[:0]
	for i, m := range queue {
		if g.slots == 0 {
			rest = append(rest, queue[i:]...)
			break
		}
		c := g.choose(m)
		if c == nil {
			rest = append(rest, m)
			continue
		}
		c.held[m.id] = m
		g.slots--
		m.holder, m.deadline = c, now.Add(g.settings.Timeout)
		m.flight = g.flights.PushBack(m)
		a.Send = append(a.Send, Delivery{c.id, m.Event, m.retries})
	}
	clear(queue[len(rest):])
	return rest
}

// choose returns the consumer for m, nil if m has to wait.
func (g *Group) choose(m *message) *consumer {
	if g.settings.Strategy == Pinned {
		if c := g.pinned(m); c.accepts(m) {
			return c
		}
		return nil
	}
	for i := range g.consumers {
		at := (g.next + i) % len(g.consumers)
		c := g.consumers[at]
		if !c.accepts(m) {
			continue
		}
		g.next = at
		if g.settings.Strategy == RoundRobin {
			g.next = at + 1
		}
		return c
	}
	return nil
}

// pinned returns the consumer of m's stream: the one whose id and the stream's
// name have the largest hash. So a consumer that comes takes streams over, and
// one that goes leaves its own to others, and nothing else changes.
func (g *Group) pinned(m *message) (owner *consumer) {
	var largest uint64
	for _, c := range g.consumers {
		if h := mix(m.key ^ mix(uint64(c.id))); owner == nil || h > largest {
			owner, largest = c, h
		}
	}
	return owner
}

// mix spreads the bits of h, as the last step of SplitMix64 does.
func mix(h uint64) uint64 {
	h += 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}
