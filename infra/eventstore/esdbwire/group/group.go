package group

import (
	"container/list"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
)

// ErrFull says that a group has as many consumers as it may have.
var ErrFull = errors.New("the group has as many consumers as it may have")

// Event is what a consumer is sent.
type Event struct {
	// Record is the event, of no stream if Link points to nothing.
	Record es.Record
	// Link is the record that points to it, of no stream if none does.
	Link es.Record
	// Place is where the event, or its link, is in what the group reads:
	// larger than those before, and at least 1.
	Place uint64
	// Replayed says that the event was parked before; then Place is one in
	// what was parked.
	Replayed bool
}

// Original is the link if there is one, else the event. Its id is the one that
// consumers answer with.
func (e Event) Original() es.Record {
	if e.Link.Stream != "" {
		return e.Link
	}
	return e.Record
}

// ConsumerID tells the consumers of a group apart.
type ConsumerID uint64

type consumer struct {
	id     ConsumerID
	buffer int
	held   map[uuid.UUID]*message
}

func (c *consumer) accepts(m *message) bool {
	return len(c.held) < c.buffer && c.held[m.id] == nil
}

// message is an event that is not done.
type message struct {
	Event
	id       uuid.UUID
	key      uint64 // of its stream
	retries  int
	before   mark          // where reading was before it
	undone   *list.Element // in its track
	holder   *consumer     // nil if nobody has it
	flight   *list.Element // if somebody has it
	deadline time.Time     // likewise
	reason   string        // why it is being parked
}

// Group is the state of a consumer group. It is for one goroutine.
type Group struct {
	settings  Settings
	consumers []*consumer // in the order in which they joined
	next      int         // consumer that is asked first
	slots     int         // that are free, of all consumers

	waiting []*message // never sent
	retries []*message // to be sent again, or replayed; they go first
	flights list.List  // of messages that consumers have, the first sent first
	parking []*message // until they are known to be parked
	dropped []ConsumerID

	log, parked track
}

// New returns a group that has done everything up to the place at, and whose
// parked events were replayed up to the place replayed.
func New(s Settings, at, replayed uint64, now time.Time) *Group {
	s.MinCheckpoint = max(s.MinCheckpoint, 1)
	return &Group{settings: s, log: newTrack(at, now), parked: newTrack(replayed, now)}
}

// Offer adds the events that come next in what the group reads.
func (g *Group) Offer(events ...Event) {
	for _, e := range events {
		g.waiting = append(g.waiting, g.log.add(e))
	}
}

// Pass says that reading has got to a place, not before where it was, past so
// many events that are not for the group but count for its checkpoints.
func (g *Group) Pass(place uint64, counted int) { g.log.pass(place, counted) }

// Replay adds events that were parked. They are sent before all that wait.
func (g *Group) Replay(events ...Event) {
	for _, e := range events {
		e.Replayed = true
		g.retries = append(g.retries, g.parked.add(e))
	}
}

// PassParked is [Group.Pass] for one event that was parked.
func (g *Group) PassParked(place uint64) { g.parked.pass(place, 1) }

// Join adds a consumer that takes at most buffer events at a time. It fails
// with [ErrFull].
func (g *Group) Join(id ConsumerID, buffer int) error {
	if limit := g.settings.MaxConsumers; limit > 0 && len(g.consumers) >= limit {
		return ErrFull
	}
	buffer = max(buffer, 1)
	g.consumers = append(g.consumers, &consumer{id: id, buffer: buffer, held: make(map[uuid.UUID]*message)})
	g.slots += buffer
	return nil
}

// Leave removes a consumer, if it is there. What it has not answered goes to
// others, in the order of the log.
func (g *Group) Leave(id ConsumerID) {
	i := slices.IndexFunc(g.consumers, func(c *consumer) bool { return c.id == id })
	if i < 0 {
		return
	}
	c := g.consumers[i]
	var left []*message
	for f := g.flights.Front(); f != nil; {
		m := held(f)
		f = f.Next() // before the flight ends
		if m.holder == c {
			g.land(m)
			m.retries++
			left = append(left, m)
		}
	}
	slices.SortStableFunc(left, inOrder)
	g.retries = append(g.retries, left...)
	g.slots -= c.buffer
	g.consumers = slices.Delete(g.consumers, i, i+1)
	if g.next > i {
		g.next--
	}
}

func (g *Group) consumer(id ConsumerID) *consumer {
	for _, c := range g.consumers {
		if c.id == id {
			return c
		}
	}
	return nil
}

// land takes m from its consumer.
func (g *Group) land(m *message) {
	delete(m.holder.held, m.id)
	m.holder = nil
	g.flights.Remove(m.flight)
	m.flight = nil
	g.slots++
}

// done ends m.
func (g *Group) done(m *message) { g.track(m).undone.Remove(m.undone) }

func (g *Group) track(m *message) *track {
	if m.Replayed {
		return &g.parked
	}
	return &g.log
}
