package audit

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	sumdb "golang.org/x/mod/sumdb/tlog"

	"github.com/entente-ledger/entente/infra/tlog"
)

type hash = sumdb.Hash

// window is how far apart an event and its leaf are looked for.
const window = 2 * tlog.Width

// alignment brings the events of the store and the leaves that were sealed
// together, and says where they differ: an event changed, missing, inserted, or
// moved.
type alignment struct {
	v        *verifier
	sequence int64 // of the next leaf
	count    int64 // of events
	items    []item
	leaves   []sealed
	ended    bool // there are no more of either

	missing, inserted map[hash]*Event // some, to see what has only moved
}

func (a *alignment) take(b *batch) error {
	if b.same && len(a.items) == 0 && len(a.leaves) == 0 {
		for i := range b.items {
			if err := a.accept(&b.items[i]); err != nil {
				return err
			}
		}
		return nil
	}
	for i := range b.items {
		b.items[i].hash = b.items[i].hashed()
	}
	a.items, a.leaves = append(a.items, b.items...), append(a.leaves, b.sealed...)
	if err := a.drain(); err != nil {
		return err
	}
	if len(a.leaves) == 0 && b.first+tlog.Width >= a.v.size {
		return a.unsealed()
	}
	return nil
}

// unsealed takes what is behind the last leaf.
func (a *alignment) unsealed() error {
	for i := range a.items {
		if err := a.accept(&a.items[i]); err != nil {
			return err
		}
	}
	a.items = nil
	return nil
}

// hashed is the hash of the item's leaf.
func (it *item) hashed() hash {
	if it.leaf == nil {
		return hash{}
	}
	return sumdb.RecordHash(it.leaf)
}

// end takes what is left.
func (a *alignment) end() error {
	a.ended = true
	if err := a.drain(); err != nil {
		return err
	}
	if n := int64(len(a.leaves)); n > 0 {
		a.v.damage("audit.store_short", eventOf(a.sequence, a.leaves[0]),
			"%d events were sealed, and the store ends before event %d: the last %d are missing", a.v.size, a.sequence, n)
	}
	return a.unsealed()
}

// drain aligns what is there, as long as enough is to be sure.
func (a *alignment) drain() error {
	for len(a.items) > 0 && len(a.leaves) > 0 {
		if a.items[0].hash == a.leaves[0].hash {
			if err := a.accept(&a.items[0]); err != nil {
				return err
			}
			a.items, a.leaves = a.items[1:], a.leaves[1:]
			continue
		}
		if !a.ended && (len(a.items) < window || len(a.leaves) < window) {
			return nil
		}
		if err := a.differ(a.nearest()); err != nil {
			return err
		}
	}
	return nil
}

// nearest returns how many items and leaves there are before the next that are
// the same; all that are looked at if there are none.
func (a *alignment) nearest() (items, leaves int) {
	at := make(map[hash]int, window)
	for j := min(len(a.leaves), window) - 1; j >= 0; j-- {
		at[a.leaves[j].hash] = j
	}
	best := -1
	for i := 0; i < min(len(a.items), window) && (best < 0 || i < best); i++ {
		if j, ok := at[a.items[i].hash]; ok && (best < 0 || i+j < best) {
			best, items, leaves = i+j, i, j
		}
	}
	if best < 0 {
		n := min(len(a.items), len(a.leaves), window)
		return n, n
	}
	return items, leaves
}

// differ says of some events and leaves that they are not the same.
func (a *alignment) differ(items, leaves int) error {
	for range min(items, leaves) {
		a.changed(&a.items[0], a.leaves[0])
		if err := a.accept(&a.items[0]); err != nil {
			return err
		}
		a.items, a.leaves = a.items[1:], a.leaves[1:]
	}
	for range leaves - min(items, leaves) {
		a.lost(a.leaves[0])
		a.leaves = a.leaves[1:]
		a.sequence++
	}
	for range items - min(items, leaves) {
		it := &a.items[0]
		a.surplus(it)
		if err := a.use(it, -1); err != nil {
			return err
		}
		a.items = a.items[1:]
	}
	return nil
}

// accept takes an event for the next that was sealed, or for the first that is not.
func (a *alignment) accept(it *item) error {
	err := a.use(it, a.sequence)
	a.sequence++
	return err
}

// use takes an event with its sequence.
func (a *alignment) use(it *item, sequence int64) error {
	a.count++
	return a.v.use(it, sequence)
}

// changed says that an event is not the one that was sealed.
func (a *alignment) changed(it *item, s sealed) {
	if it.leaf == nil && !it.whole {
		return // which was said
	}
	var was, is tlog.Leaf
	if s.leaf == nil || json.Unmarshal(s.leaf, &was) != nil || json.Unmarshal(it.leaf, &is) != nil {
		a.v.damage("audit.event_changed", it.event(a.sequence), "the event is not the one that was sealed")
		return
	}
	if was.ID != is.ID {
		a.v.damage("audit.event_replaced", eventOf(a.sequence, s), "the event was sealed, and %s (%s of %s at revision %s) is in its place",
			is.ID, is.Type, is.Stream, is.Revision)
		return
	}
	var parts []string
	for _, p := range []struct{ name, was, is string }{
		{"its actor", was.Actor, is.Actor},
		{"its cause", was.Cause, is.Cause},
		{"the ledger it is of", was.Ledger, is.Ledger},
		{"when it was recorded", was.Recorded, is.Recorded},
		{"its revision", was.Revision, is.Revision},
		{"its schema", was.Schema, is.Schema},
		{"its stream", was.Stream, is.Stream},
		{"its type", was.Type, is.Type},
	} {
		if p.was != p.is {
			parts = append(parts, fmt.Sprintf("%s (%s, sealed as %s)", p.name, p.is, p.was))
		}
	}
	if len(parts) == 0 {
		parts = []string{"what it says or its metadata"}
	}
	a.v.damage("audit.event_changed", it.event(a.sequence), "the event was changed after it was sealed: %s", strings.Join(parts, ", "))
}

// lost says that an event that was sealed is not in its place.
func (a *alignment) lost(s sealed) {
	e := eventOf(a.sequence, s)
	if was, ok := a.inserted[s.hash]; ok {
		delete(a.inserted, s.hash)
		was.Sequence = a.sequence
		a.v.damage("audit.event_moved", was, "the event stands before others that were sealed before it")
		return
	}
	if len(a.missing) < MaxFindings {
		a.missing[s.hash] = e
	}
	a.v.damage("audit.event_missing", e, "the event was sealed, and is not in its place in the store: it was removed, or moved")
}

// surplus says that an event stands where none was sealed.
func (a *alignment) surplus(it *item) {
	if was, ok := a.missing[it.hash]; ok {
		delete(a.missing, it.hash)
		a.v.damage("audit.event_moved", was, "the event stands after others that were sealed after it")
		return
	}
	e := it.event(-1)
	if len(a.inserted) < MaxFindings {
		a.inserted[it.hash] = e
	}
	a.v.damage("audit.event_inserted", e, "an event that was not sealed stands before event %d, which was: it was inserted, or moved", a.sequence)
}

// eventOf names the event of a leaf as far as it is known.
func eventOf(sequence int64, s sealed) *Event {
	e := &Event{Sequence: sequence}
	var l tlog.Leaf
	if s.leaf != nil && json.Unmarshal(s.leaf, &l) == nil {
		e.ID, _ = uuid.Parse(l.ID)
		e.Stream, e.Type = l.Stream, l.Type
		_, _ = fmt.Sscan(l.Revision, &e.Revision)
	}
	return e
}
