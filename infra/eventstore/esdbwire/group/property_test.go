package group_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/infra/eventstore/esdbwire/group"
)

// TestGroup holds a group against the simplest account of what happens to each
// event, through crashes at any time. The numbers are those of the package's doc.
func TestGroup(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t)
		t.Repeat(map[string]func(*rapid.T){
			"":          w.check,
			"join":      w.join,
			"leave":     w.leave,
			"read":      w.read,
			"answer":    w.answer,
			"wait":      w.wait,
			"crash":     w.crash,
			"replay":    w.replay,
			"fail_park": func(*rapid.T) { w.parkFails = !w.parkFails },
		})
		w.drain(t)
	})
}

// world is a log, what was parked of it, and what consumers have in their hands.
type world struct {
	t *rapid.T
	s group.Settings
	g *group.Group

	now       time.Time
	joinedAll group.ConsumerID
	buffers   map[group.ConsumerID]int
	hands     map[group.ConsumerID]map[uuid.UUID]inHand
	offered   uint64          // events of the log that the group was offered
	done      map[uint64]bool // acknowledged, skipped or parked
	parked    []uint64        // what the n-th place of what was parked points to
	parkDone  map[uint64]bool // places there that were done once more
	replayed  uint64          // places there that the group was offered
	parkFails bool

	stored, truncated uint64 // the checkpoints that outlive a crash
}

type inHand struct {
	group.Event
	since time.Time
}

const logEnd = 60

func newWorld(t *rapid.T) *world {
	w := &world{
		t: t, now: start,
		done: make(map[uint64]bool), parkDone: make(map[uint64]bool),
		s: group.Settings{
			Strategy:   rapid.SampledFrom([]group.Strategy{group.RoundRobin, group.DispatchToSingle, group.Pinned}).Draw(t, "strategy"),
			Timeout:    time.Duration(rapid.IntRange(0, 5).Draw(t, "timeout")) * time.Second,
			MaxRetries: rapid.IntRange(0, 3).Draw(t, "retries"), CheckpointAfter: 2 * time.Second,
			MinCheckpoint: rapid.IntRange(0, 4).Draw(t, "min"), MaxCheckpoint: rapid.IntRange(0, 8).Draw(t, "max"),
			MaxConsumers: 3, Buffer: 20, ReadBatch: rapid.IntRange(1, 20).Draw(t, "batch"),
		},
	}
	require.NoError(t, w.s.Validate())
	w.crash(t)
	return w
}

func (w *world) eventAt(place uint64) group.Event {
	return event(place, fmt.Sprintf("order-%d", place%5))
}

func parkedAt(place uint64) group.Event {
	e := event(place, "parked")
	e.Record.ID = uuid.NewSHA1(uuid.Nil, fmt.Append(nil, "parked", place))
	return e
}

// isDone notes that an event was done.
func (w *world) isDone(e group.Event) {
	if e.Replayed {
		w.parkDone[e.Place] = true
	} else {
		w.done[e.Place] = true
	}
}

// crash begins again after the checkpoints, with nobody there.
func (w *world) crash(*rapid.T) {
	w.g = group.New(w.s, w.stored, w.truncated, w.now)
	w.offered, w.replayed = w.stored, w.truncated
	w.buffers = make(map[group.ConsumerID]int)
	w.hands = make(map[group.ConsumerID]map[uuid.UUID]inHand)
}

func (w *world) join(t *rapid.T) {
	w.joinedAll++
	buffer := rapid.IntRange(1, 6).Draw(t, "buffer")
	err := w.g.Join(w.joinedAll, buffer)
	if len(w.buffers) == w.s.MaxConsumers {
		require.ErrorIs(t, err, group.ErrFull)
		return
	}
	require.NoError(t, err)
	w.buffers[w.joinedAll], w.hands[w.joinedAll] = buffer, make(map[uuid.UUID]inHand)
}

func (w *world) leave(t *rapid.T) {
	if c, ok := w.someone(t); ok {
		w.g.Leave(c)
		w.gone(c)
	}
}

func (w *world) gone(c group.ConsumerID) {
	delete(w.buffers, c)
	delete(w.hands, c)
}

func (w *world) someone(t *rapid.T) (group.ConsumerID, bool) {
	var all []group.ConsumerID
	for c := range w.buffers {
		all = append(all, c)
	}
	if len(all) == 0 {
		return 0, false
	}
	slices.Sort(all)
	return rapid.SampledFrom(all).Draw(t, "consumer"), true
}

func (w *world) readSome(n int) {
	for range n {
		if w.offered == logEnd {
			return
		}
		w.offered++
		if w.offered%7 == 0 { // not for the group
			w.done[w.offered] = true
			w.g.Pass(w.offered, 1)
			continue
		}
		w.g.Offer(w.eventAt(w.offered))
	}
}

func (w *world) read(t *rapid.T) { w.readSome(w.step(t).Read) }

func (w *world) replay(*rapid.T) {
	for w.replayed < uint64(len(w.parked)) {
		w.replayed++
		if w.replayed%5 == 0 { // it is not to be seen any more
			w.parkDone[w.replayed] = true
			w.g.PassParked(w.replayed)
			continue
		}
		w.g.Replay(parkedAt(w.replayed))
	}
}

func (w *world) wait(t *rapid.T) {
	w.now = w.now.Add(time.Duration(rapid.IntRange(1, 3000).Draw(t, "ms")) * time.Millisecond)
}

func (w *world) answer(t *rapid.T) {
	c, ok := w.someone(t)
	if !ok || len(w.hands[c]) == 0 {
		return
	}
	var all []uuid.UUID
	for i := range w.hands[c] {
		all = append(all, i)
	}
	slices.SortFunc(all, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	chosen := rapid.SliceOfNDistinct(rapid.SampledFrom(all), 1, len(all), rapid.ID[uuid.UUID]).Draw(t, "ids")
	before := w.g.State().InFlight
	switch what := group.Action(rapid.IntRange(-1, 4).Draw(t, "answer")); what {
	case -1, group.Skip:
		if what == group.Skip {
			w.g.Nack(c, what, "", chosen...)
		} else {
			w.g.Ack(c, chosen...)
		}
		for _, i := range chosen {
			w.isDone(w.hands[c][i].Event)
		}
	case group.Stop:
		w.g.Nack(c, what, "", chosen...)
		w.gone(c)
		require.Equal(t, []group.ConsumerID{c}, w.step(t).Drop)
		return
	default:
		w.g.Nack(c, what, "", chosen...)
	}
	require.Equal(t, before-len(chosen), w.g.State().InFlight)
	for _, i := range chosen {
		delete(w.hands[c], i)
	}
}

// step does what the group wants done.
func (w *world) step(t *rapid.T) group.Actions {
	a := w.g.Advance(w.now)
	if !w.parkFails {
		for _, p := range a.Park {
			w.parked = append(w.parked, p.Event.Place)
			w.isDone(p.Event)
		}
		w.g.Parked(len(a.Park))
	}
	w.expire()
	for _, d := range a.Send {
		hand := w.hands[d.To]
		require.NotNil(t, hand, "only those who joined are sent to")
		require.NotContains(t, hand, d.Event.Original().ID, "invariant 3")
		hand[d.Event.Original().ID] = inHand{d.Event, w.now}
		require.LessOrEqual(t, len(hand), w.buffers[d.To], "invariant 3")
	}
	if a.Checkpoint > 0 {
		require.Greater(t, a.Checkpoint, w.stored)
		w.stored = a.Checkpoint
		w.g.Stored(w.now)
	}
	if a.Replayed > 0 {
		w.truncated = a.Replayed
		w.g.Truncated(w.now)
	}
	if !a.Next.IsZero() {
		require.True(t, a.Next.After(w.now))
	}
	return a
}

// expire takes from the hands what has been there for too long.
func (w *world) expire() {
	for _, hand := range w.hands {
		for i, h := range hand {
			if w.s.Timeout > 0 && w.now.Sub(h.since) >= w.s.Timeout {
				delete(hand, i)
			}
		}
	}
}

func (w *world) check(t *rapid.T) {
	w.step(t)
	undone := 0
	for p := uint64(1); p <= w.offered; p++ {
		if !w.done[p] {
			undone++
			require.Less(t, w.stored, p, "invariant 2")
		}
	}
	for p := uint64(1); p <= w.replayed; p++ {
		if !w.parkDone[p] {
			undone++
			require.Less(t, w.truncated, p, "invariants 2 and 4")
		}
	}
	s := w.g.State()
	require.GreaterOrEqual(t, s.Undone, undone, "invariant 1; events done before a crash come again")
	require.LessOrEqual(t, s.Undone, int(w.offered-w.stored)+int(w.replayed-w.truncated))
	inHands := 0
	for _, c := range s.Consumers {
		require.Len(t, w.hands[c.ID], c.InFlight)
		inHands += c.InFlight
	}
	require.Equal(t, s.InFlight, inHands)
	if !w.parkFails {
		require.Equal(t, s.Undone, s.Waiting+s.Retrying+s.InFlight, "invariant 1")
	}
	require.LessOrEqual(t, s.Waiting, w.s.Buffer)
}

// drain has one consumer acknowledge everything, and nothing is left.
func (w *world) drain(t *rapid.T) {
	for c := range w.buffers {
		w.g.Leave(c)
		w.gone(c)
	}
	w.parkFails = false
	w.joinedAll++
	require.NoError(t, w.g.Join(w.joinedAll, 4))
	w.buffers[w.joinedAll], w.hands[w.joinedAll] = 4, make(map[uuid.UUID]inHand)
	for steps := 0; ; steps++ {
		require.Less(t, steps, 100*logEnd, "it goes on for ever")
		a := w.step(t)
		w.readSome(a.Read)
		for i, e := range w.hands[w.joinedAll] {
			w.g.Ack(w.joinedAll, i)
			w.isDone(e.Event)
			delete(w.hands[w.joinedAll], i)
		}
		if s := w.g.State(); s.Undone == 0 && w.offered == logEnd {
			break
		}
	}
	checkpoint, _ := w.g.Reached()
	require.Equal(t, uint64(logEnd), max(checkpoint, w.stored))
	for p := uint64(1); p <= logEnd; p++ {
		require.True(t, w.done[p], "event %d was never done", p)
	}
	for p := uint64(1); p <= w.replayed; p++ {
		require.True(t, w.parkDone[p], "what was parked at %d was never done again", p)
	}
}
