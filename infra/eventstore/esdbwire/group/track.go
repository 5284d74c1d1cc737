package group

import (
	"cmp"
	"container/list"
	"hash/fnv"
	"time"
)

// track is how far the events of one source are read and done.
type track struct {
	undone list.List // of messages, in the order of the source
	read   mark
	stored mark      // the last checkpoint
	asked  mark      // the one that is to be stored
	since  time.Time // of stored
}

// mark is a place in a source, and the number of events up to there.
type mark struct{ place, count uint64 }

func newTrack(at uint64, now time.Time) track {
	return track{read: mark{place: at}, stored: mark{place: at}, since: now}
}

// add returns the message of the event that comes next.
func (t *track) add(e Event) *message {
	m := &message{Event: e, id: e.Original().ID, before: t.read}
	stream := e.Record.Stream
	if stream == "" {
		stream = e.Link.Stream
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(stream)) // never fails
	m.key = h.Sum64()
	m.undone = t.undone.PushBack(m)
	t.read = mark{e.Place, t.read.count + 1}
	return m
}

func (t *track) pass(place uint64, counted int) {
	t.read = mark{place, t.read.count + uint64(counted)}
}

// reached is the last mark before everything that is not done.
func (t *track) reached() mark {
	if first := t.undone.Front(); first != nil {
		return held(first).before
	}
	return t.read
}

// pending returns the place up to which all is done, 0 if that is stored.
func (t *track) pending() uint64 {
	if t.asked = t.reached(); t.asked.place > t.stored.place {
		return t.asked.place
	}
	return 0
}

// due returns the place of the checkpoint to be stored now, 0 if there is
// none, and else when there may be one if nothing else happens, or the zero time.
func (t *track) due(s Settings, now time.Time) (uint64, time.Time) {
	place := t.pending()
	n := t.asked.count - t.stored.count
	if place == 0 || n < uint64(s.MinCheckpoint) {
		return 0, time.Time{}
	}
	when := t.since.Add(s.CheckpointAfter)
	if s.MaxCheckpoint > 0 && n >= uint64(s.MaxCheckpoint) || !now.Before(when) {
		return place, time.Time{}
	}
	return 0, when
}

// store says that the checkpoint last asked for is stored.
func (t *track) store(now time.Time) { t.stored, t.since = t.asked, now }

func held(e *list.Element) *message {
	m, _ := e.Value.(*message) // nothing else is in the lists
	return m
}

// inOrder sorts replayed events before others, and each as in its source.
func inOrder(a, b *message) int {
	if a.Replayed != b.Replayed {
		if a.Replayed {
			return -1
		}
		return 1
	}
	return cmp.Compare(a.Place, b.Place)
}
