package group_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/esdbwire/group"
)

var start = time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)

func settings() group.Settings {
	return group.Settings{
		Strategy: group.RoundRobin, Timeout: 30 * time.Second, MaxRetries: 2,
		CheckpointAfter: 2 * time.Second, MinCheckpoint: 3, MaxCheckpoint: 5,
		Buffer: 500, ReadBatch: 20,
	}
}

// event returns the event at a place, of a stream, with the id that id gives.
func event(place uint64, stream string) group.Event {
	return group.Event{Place: place, Record: es.Record{ID: id(place), Stream: stream, Revision: es.Revision(place)}}
}

func id(place uint64) uuid.UUID { return uuid.NewSHA1(uuid.Nil, fmt.Append(nil, place)) }

func ids(places ...uint64) (out []uuid.UUID) {
	for _, p := range places {
		out = append(out, id(p))
	}
	return out
}

func events(from, to uint64) (out []group.Event) {
	for p := from; p <= to; p++ {
		out = append(out, event(p, "orders"))
	}
	return out
}

// sent returns what is sent to whom, as "place>consumer", with "+" for each retry.
func sent(a group.Actions) (out []string) {
	for _, d := range a.Send {
		out = append(out, fmt.Sprintf("%d>%d%s", d.Event.Place, d.To, strings.Repeat("+", d.Retries)))
	}
	return out
}

func joined(t *testing.T, s group.Settings, buffers ...int) *group.Group {
	t.Helper()
	require.NoError(t, s.Validate())
	g := group.New(s, 0, 0, start)
	for i, b := range buffers {
		require.NoError(t, g.Join(group.ConsumerID(i+1), b))
	}
	return g
}

func with(change func(*group.Settings)) group.Settings {
	s := settings()
	change(&s)
	return s
}

func TestStrategies(t *testing.T) {
	t.Run("round_robin_takes_turns", func(t *testing.T) {
		g := joined(t, settings(), 2, 3)
		g.Offer(events(1, 7)...)
		require.Equal(t, []string{"1>1", "2>2", "3>1", "4>2", "5>2"}, sent(g.Advance(start)))
		g.Ack(1, id(1))
		require.Equal(t, []string{"6>1"}, sent(g.Advance(start)))
	})
	t.Run("dispatch_to_single_fills_one", func(t *testing.T) {
		g := joined(t, with(func(s *group.Settings) { s.Strategy = group.DispatchToSingle }), 2, 3)
		g.Offer(events(1, 4)...)
		require.Equal(t, []string{"1>1", "2>1", "3>2", "4>2"}, sent(g.Advance(start)))
		g.Ack(1, ids(1, 2)...)
		g.Offer(events(5, 6)...)
		require.Equal(t, []string{"5>2", "6>1"}, sent(g.Advance(start)), "it stays with the second until that is full")
	})
	t.Run("pinned_keeps_a_stream_together", func(t *testing.T) {
		g := joined(t, with(func(s *group.Settings) { s.Strategy = group.Pinned }), 2, 100, 100)
		owner := make(map[string]group.ConsumerID)
		place := uint64(0)
		round := func() (moved int) {
			for i := range 30 {
				place++
				g.Offer(event(place, fmt.Sprintf("order-%d", i)))
			}
			for {
				a := g.Advance(start)
				if len(a.Send) == 0 {
					return moved
				}
				for _, d := range a.Send {
					stream := d.Event.Record.Stream
					if was, ok := owner[stream]; ok && was != d.To {
						moved++
					}
					owner[stream] = d.To
					g.Ack(d.To, d.Event.Record.ID)
				}
			}
		}
		round()
		require.Zero(t, round())
		counts := make(map[group.ConsumerID]int)
		for _, o := range owner {
			counts[o]++
		}
		require.Len(t, counts, 3, "all have some")
		g.Leave(2)
		require.Equal(t, counts[2], round(), "only those of the one who left move")
	})
	t.Run("pinned_waits_for_its_consumer", func(t *testing.T) {
		g := joined(t, with(func(s *group.Settings) { s.Strategy = group.Pinned }), 1, 1)
		g.Offer(events(1, 2)...)
		a := g.Advance(start)
		require.Len(t, a.Send, 1)
		g.Ack(a.Send[0].To, id(1))
		again := g.Advance(start)
		require.Len(t, again.Send, 1)
		require.Equal(t, a.Send[0].To, again.Send[0].To)
	})
}

func TestAnswers(t *testing.T) {
	one := func(t *testing.T) *group.Group {
		g := joined(t, settings(), 10, 10)
		g.Offer(event(1, "orders"))
		require.Equal(t, []string{"1>1"}, sent(g.Advance(start)))
		return g
	}
	t.Run("retry_sends_again_and_parks_in_the_end", func(t *testing.T) {
		g := one(t)
		g.Nack(1, group.Retry, "busy", id(1))
		require.Equal(t, []string{"1>2+"}, sent(g.Advance(start)))
		g.Nack(2, group.Unknown, "busy", id(1))
		require.Equal(t, []string{"1>1++"}, sent(g.Advance(start)))
		g.Nack(1, group.Retry, "busy", id(1))
		a := g.Advance(start)
		require.Empty(t, a.Send)
		require.Len(t, a.Park, 1)
		require.Equal(t, "it was retried 2 times: busy", a.Park[0].Reason)
	})
	t.Run("a_retry_goes_before_what_waits", func(t *testing.T) {
		g := joined(t, settings(), 1)
		g.Offer(events(1, 2)...)
		require.Equal(t, []string{"1>1"}, sent(g.Advance(start)))
		g.Nack(1, group.Retry, "busy", id(1))
		require.Equal(t, []string{"1>1+"}, sent(g.Advance(start)))
	})
	t.Run("park_is_done_when_it_is_parked", func(t *testing.T) {
		g := one(t)
		g.Nack(1, group.Park, "poison", id(1))
		for range 2 { // until it is said to be parked
			require.Equal(t, []group.Parking{{Event: event(1, "orders"), Reason: "poison"}}, g.Advance(start).Park)
		}
		checkpoint, _ := g.Reached()
		require.Zero(t, checkpoint)
		g.Parked(1)
		require.Empty(t, g.Advance(start).Park)
		checkpoint, _ = g.Reached()
		require.Equal(t, uint64(1), checkpoint)
	})
	t.Run("skip_is_done", func(t *testing.T) {
		g := one(t)
		g.Nack(1, group.Skip, "", id(1))
		require.Zero(t, g.State().Undone)
	})
	t.Run("stop_drops_the_consumer", func(t *testing.T) {
		g := one(t)
		g.Nack(1, group.Stop, "", id(1))
		a := g.Advance(start)
		require.Equal(t, []group.ConsumerID{1}, a.Drop)
		require.Equal(t, []string{"1>2+"}, sent(a))
		require.Empty(t, g.Advance(start).Drop)
	})
	t.Run("an_answer_of_another_is_ignored", func(t *testing.T) {
		g := one(t)
		g.Ack(2, id(1))
		g.Nack(2, group.Park, "", id(1))
		g.Ack(7, id(1))
		require.Equal(t, 1, g.State().InFlight)
	})
	t.Run("silence_is_a_retry", func(t *testing.T) {
		g := one(t)
		require.Equal(t, start.Add(30*time.Second), g.Advance(start).Next)
		require.Empty(t, g.Advance(start.Add(30*time.Second-1)).Send)
		require.Equal(t, []string{"1>2+"}, sent(g.Advance(start.Add(30*time.Second))))
		require.Equal(t, []string{"1>1++"}, sent(g.Advance(start.Add(60*time.Second))))
		a := g.Advance(start.Add(90 * time.Second))
		require.Equal(t, "it was retried 2 times: the consumer did not answer in time", a.Park[0].Reason)
	})
	t.Run("no_timeout_is_for_ever", func(t *testing.T) {
		g := joined(t, with(func(s *group.Settings) { s.Timeout = 0 }), 1)
		g.Offer(event(1, "orders"))
		require.Zero(t, g.Advance(start).Next)
		require.Empty(t, g.Advance(start.AddDate(9, 0, 0)).Send)
		require.Equal(t, 1, g.State().InFlight)
	})
}

func TestConsumers(t *testing.T) {
	t.Run("no_more_than_allowed", func(t *testing.T) {
		g := joined(t, with(func(s *group.Settings) { s.MaxConsumers = 2 }), 1, 1)
		require.ErrorIs(t, g.Join(3, 1), group.ErrFull)
		g.Leave(1)
		require.NoError(t, g.Join(3, 1))
	})
	t.Run("what_one_leaves_goes_first", func(t *testing.T) {
		g := joined(t, settings(), 3, 2)
		g.Offer(events(1, 9)...)
		require.Equal(t, []string{"1>1", "2>2", "3>1", "4>2", "5>1"}, sent(g.Advance(start)))
		g.Ack(1, id(3))
		g.Leave(1)
		g.Ack(2, ids(2, 4)...)
		require.Equal(t, []string{"1>2+", "5>2+"}, sent(g.Advance(start)))
		g.Ack(2, ids(1, 5)...)
		require.Equal(t, []string{"6>2", "7>2"}, sent(g.Advance(start)))
	})
	t.Run("in_the_order_of_the_log", func(t *testing.T) {
		g := joined(t, settings(), 3)
		g.Offer(events(1, 3)...)
		g.Advance(start)
		g.Nack(1, group.Retry, "", id(1))
		require.Equal(t, []string{"1>1+"}, sent(g.Advance(start)))
		g.Leave(1)
		require.NoError(t, g.Join(2, 3))
		require.Equal(t, []string{"1>2++", "2>2+", "3>2+"}, sent(g.Advance(start)))
	})
	t.Run("turns_go_on", func(t *testing.T) {
		for gone, want := range map[group.ConsumerID]string{1: "3>3", 2: "3>3", 3: "3>1"} {
			g := joined(t, settings(), 3, 3, 3)
			g.Offer(events(1, 2)...)
			require.Equal(t, []string{"1>1", "2>2"}, sent(g.Advance(start)))
			g.Ack(1, id(1))
			g.Ack(2, id(2))
			g.Leave(gone)
			g.Offer(event(3, "orders"))
			require.Equal(t, []string{want}, sent(g.Advance(start)))
		}
	})
	t.Run("leaving_parks_nothing", func(t *testing.T) {
		g := joined(t, with(func(s *group.Settings) { s.MaxRetries = 0 }), 1)
		g.Offer(event(1, "orders"))
		g.Advance(start)
		g.Leave(1)
		require.NoError(t, g.Join(2, 1))
		a := g.Advance(start)
		require.Empty(t, a.Park)
		require.Equal(t, []string{"1>2+"}, sent(a))
	})
	t.Run("one_id_once_at_a_time", func(t *testing.T) {
		g := joined(t, settings(), 10)
		twin := event(2, "copies")
		twin.Record.ID = id(1)
		g.Offer(event(1, "orders"), twin, event(3, "orders"))
		require.Equal(t, []string{"1>1", "3>1"}, sent(g.Advance(start)))
		g.Ack(1, id(1))
		require.Equal(t, []string{"2>1"}, sent(g.Advance(start)))
	})
	t.Run("nothing_is_read_for_nobody", func(t *testing.T) {
		s := with(func(s *group.Settings) { s.Buffer, s.ReadBatch = 30, 20 })
		require.Zero(t, joined(t, s).Advance(start).Read)
		g := joined(t, s, 5)
		require.Equal(t, 20, g.Advance(start).Read)
		g.Offer(events(1, 20)...)
		require.Zero(t, g.Advance(start).Read, "15 wait, and 20 more are too many")
		g.Ack(1, ids(1, 2, 3, 4, 5)...)
		require.Equal(t, 20, g.Advance(start).Read)
	})
}

func TestCheckpoint(t *testing.T) {
	t.Run("before_what_is_not_done", func(t *testing.T) {
		g := joined(t, settings(), 100)
		g.Offer(events(1, 9)...)
		g.Advance(start)
		g.Ack(1, ids(1, 2, 3, 4, 6, 7, 8, 9)...)
		require.Zero(t, g.Advance(start).Checkpoint)
		a := g.Advance(start.Add(time.Second))
		require.Zero(t, a.Checkpoint)
		require.Equal(t, start.Add(2*time.Second), a.Next)
		require.Equal(t, uint64(4), g.Advance(start.Add(2*time.Second)).Checkpoint)
		g.Ack(1, id(5)) // it may come before the checkpoint is stored
		g.Stored(start.Add(2 * time.Second))
		require.Equal(t, uint64(4), g.State().Checkpoint)
		require.Equal(t, uint64(9), g.Advance(start.Add(2*time.Second)).Checkpoint, "five more are done")
	})
	t.Run("too_few_wait", func(t *testing.T) {
		g := joined(t, settings(), 100)
		g.Offer(events(1, 2)...)
		g.Advance(start)
		g.Ack(1, ids(1, 2)...)
		a := g.Advance(start.AddDate(0, 0, 1))
		require.Zero(t, a.Checkpoint)
		require.Zero(t, a.Next)
		checkpoint, _ := g.Reached()
		require.Equal(t, uint64(2), checkpoint)
		g.Stored(start)
		checkpoint, _ = g.Reached()
		require.Zero(t, checkpoint)
	})
	t.Run("time_counts_from_the_last", func(t *testing.T) {
		g := joined(t, settings(), 100)
		g.Offer(events(1, 6)...)
		g.Advance(start)
		g.Ack(1, ids(1, 2, 3)...)
		now := start.Add(3 * time.Second)
		require.Equal(t, uint64(3), g.Advance(now).Checkpoint)
		g.Stored(now)
		g.Ack(1, ids(4, 5, 6)...)
		a := g.Advance(now.Add(time.Second))
		require.Zero(t, a.Checkpoint)
		require.Equal(t, now.Add(2*time.Second), a.Next)
		require.Equal(t, uint64(6), g.Advance(now.Add(2*time.Second)).Checkpoint)
	})
	t.Run("what_is_passed_over_counts_as_told", func(t *testing.T) {
		g := joined(t, settings(), 100)
		g.Pass(40, 4)
		require.Zero(t, g.Advance(start).Checkpoint)
		g.Pass(41, 0)
		require.Zero(t, g.Advance(start).Checkpoint)
		g.Offer(event(50, "orders"))
		g.Pass(60, 1)
		require.Zero(t, g.Advance(start).Checkpoint)
		g.Ack(1, id(50))
		require.Equal(t, uint64(60), g.Advance(start).Checkpoint)
	})
	t.Run("parked_and_passed_over", func(t *testing.T) {
		g := joined(t, settings(), 1)
		g.PassParked(70)
		require.Equal(t, uint64(70), g.Advance(start.Add(2*time.Second)).Replayed)
	})
	t.Run("replayed_have_their_own", func(t *testing.T) {
		g := joined(t, settings(), 2)
		g.Offer(events(1, 3)...)
		g.Advance(start)
		g.Ack(1, ids(1, 2)...)
		g.Replay(event(71, "orders"), event(72, "orders"))
		require.Equal(t, []string{"71>1", "72>1"}, sent(g.Advance(start)), "they go first, and 3 waits")
		g.Ack(1, ids(71)...)
		now := start.Add(2 * time.Second)
		_, replayed := g.Reached()
		require.Equal(t, uint64(71), replayed)
		a := g.Advance(now)
		require.Equal(t, uint64(71), a.Replayed)
		require.Zero(t, a.Checkpoint)
		g.Truncated(now)
		require.Equal(t, uint64(72), g.State().Replayed)
		g.Leave(1)
		require.NoError(t, g.Join(2, 1))
		require.Equal(t, []string{"72>2+"}, sent(g.Advance(now)))
	})
}

func TestSettings(t *testing.T) {
	for name, change := range map[string]func(*group.Settings){
		"strategy":       func(s *group.Settings) { s.Strategy = "PinnedByCorrelation" },
		"timeout":        func(s *group.Settings) { s.Timeout = -1 },
		"retries":        func(s *group.Settings) { s.MaxRetries = -1 },
		"after":          func(s *group.Settings) { s.CheckpointAfter = -1 },
		"min_checkpoint": func(s *group.Settings) { s.MinCheckpoint = -1 },
		"max_checkpoint": func(s *group.Settings) { s.MaxCheckpoint = -1 },
		"consumers":      func(s *group.Settings) { s.MaxConsumers = -1 },
		"batch":          func(s *group.Settings) { s.ReadBatch = 0 },
		"buffer":         func(s *group.Settings) { s.Buffer = 19 },
	} {
		t.Run(name, func(t *testing.T) { require.ErrorIs(t, with(change).Validate(), es.ErrInvalid) })
	}
}
