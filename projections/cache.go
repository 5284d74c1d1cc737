package projections

import (
	"container/list"

	"github.com/entente-ledger/entente/domain/es"
)

// stream is a stream as the folder keeps it in mind, between its events.
type stream struct {
	name     string
	kind     string
	revision es.Revision
	// visibility is that of the last event, "" before the first.
	visibility es.Visibility
	state      es.Folding
	kept       []any // by projection, what it derived last
}

// cache keeps the streams used last. It is bounded by the number of events in
// them, which is what their size grows with.
type cache struct {
	limit  int // events
	events int
	order  *list.List // of *stream, the one used last in front
	byName map[string]*list.Element
}

func newCache(limit int) *cache {
	return &cache{limit: limit, order: list.New(), byName: map[string]*list.Element{}}
}

// take returns a stream and forgets it, nil if it is not there.
func (c *cache) take(name string) *stream {
	el, ok := c.byName[name]
	if !ok {
		return nil
	}
	s := c.order.Remove(el).(*stream)
	delete(c.byName, name)
	c.events -= int(s.revision)
	return s
}

// put keeps s, and forgets those used longest ago if there are too many.
func (c *cache) put(s *stream) {
	c.byName[s.name] = c.order.PushFront(s)
	c.events += int(s.revision)
	for c.events > c.limit && c.order.Len() > 0 {
		c.take(c.order.Back().Value.(*stream).name)
	}
}
