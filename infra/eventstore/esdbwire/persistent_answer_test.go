package esdbwire_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"

	"github.com/entente-ledger/entente/infra/eventstore/esdbwire"
)

func TestPersistentAnswers(t *testing.T) {
	s := serve(t, esdbwire.Options{})
	s.append("orders", 5)
	parked := func(group string) []*esdb.RecordedEvent {
		return s.read("$persistentsubscription-orders::"+group+"-parked", esdb.ReadStreamOptions{}, 100)
	}
	t.Run("park_retry_skip", func(t *testing.T) {
		s.create("orders", "answers", esdb.Start{}, eager(nil))
		c := s.connect("orders", "answers", 5)
		all, retries := c.take(5)
		require.Equal(t, []int{0, 0, 0, 0, 0}, retries)
		require.NoError(t, c.Nack("poison", esdb.NackActionPark, all[0]))
		require.NoError(t, c.Nack("", esdb.NackActionSkip, all[1]))
		require.NoError(t, c.Nack("busy", esdb.NackActionRetry, all[2]))
		require.NoError(t, c.Nack("no idea", esdb.NackActionUnknown, all[3]))
		again, retries := c.take(2)
		require.Equal(t, []int{1, 1}, retries)
		require.Equal(t, []uuid.UUID{all[2].Event.EventID, all[3].Event.EventID}, []uuid.UUID{again[0].Event.EventID, again[1].Event.EventID})
		require.NoError(t, c.Ack(again[0], again[1], all[4]))
		s.awaitCheckpoint("orders", "answers", 4)
		p := parked("answers")
		require.Len(t, p, 1)
		require.Equal(t, "$>", p[0].EventType)
		require.Equal(t, "0@orders", string(p[0].Data))
		require.Contains(t, string(p[0].UserMetadata), `"reason":"poison"`)
	})
	t.Run("a_long_reason_is_cut", func(t *testing.T) {
		s.create("orders", "verbose", esdb.Start{}, nil)
		c := s.connect("orders", "verbose", 1)
		all, _ := c.take(1)
		require.NoError(t, c.Nack(strings.Repeat("ö", 9<<20), esdb.NackActionPark, all[0]))
		s.awaitParked("orders", "verbose", 1)
		require.Contains(t, string(parked("verbose")[0].UserMetadata), strings.Repeat("ö", 512)+`"`)
	})
	t.Run("stop", func(t *testing.T) {
		s.create("orders", "stop", esdb.Start{}, nil)
		c := s.connect("orders", "stop", 2)
		all, _ := c.take(2)
		require.NoError(t, c.Nack("enough", esdb.NackActionStop, all[0]))
		require.Equal(t, codes.Canceled, c.ends())
		_, retries := s.connect("orders", "stop", 3).take(3)
		require.Equal(t, []int{1, 1, 0}, retries)
	})
	t.Run("timeout_and_too_many_retries", func(t *testing.T) {
		s.create("orders", "slow", esdb.Start{}, eager(func(p *esdb.PersistentSubscriptionSettings) {
			p.MessageTimeout, p.MaxRetryCount = 100, 2
		}))
		c := s.connect("orders", "slow", 1)
		for n := range 3 {
			all, retries := c.take(1)
			require.Equal(t, []int{n}, retries)
			require.EqualValues(t, 0, all[0].Event.EventNumber)
		}
		all, _ := c.take(1)
		require.EqualValues(t, 1, all[0].Event.EventNumber)
		s.awaitParked("orders", "slow", 1)
		p := parked("slow")
		require.NotEmpty(t, p)
		require.Equal(t, "0@orders", string(p[0].Data))
		require.Contains(t, string(p[0].UserMetadata), "did not answer in time")
	})
	t.Run("an_answer_that_is_none_ends_the_call", func(t *testing.T) {
		s.create("orders", "bad", esdb.Start{}, nil)
		c := s.connect("orders", "bad", 1)
		all, _ := c.take(1)
		all[0].Event.EventID = uuid.Nil
		require.NoError(t, c.Ack(all[0]))
		require.Equal(t, codes.InvalidArgument, c.ends())
	})
}

func TestPersistentReplay(t *testing.T) {
	s := serve(t, esdbwire.Options{})
	ctx := t.Context()
	s.append("orders", 6)
	s.create("orders", "g", esdb.Start{}, eager(func(p *esdb.PersistentSubscriptionSettings) { p.ReadBatchSize = 4 }))
	c := s.connect("orders", "g", 6)
	all, _ := c.take(6)
	require.NoError(t, c.Nack("later", esdb.NackActionPark, all[:5]...))
	require.NoError(t, c.Ack(all[5]))
	s.awaitCheckpoint("orders", "g", 5)
	s.awaitParked("orders", "g", 5)

	replayed := func(n int) []*esdb.ResolvedEvent {
		all, retries := c.take(n)
		require.Equal(t, make([]int, n), retries)
		for _, e := range all {
			require.Equal(t, "orders", e.Event.StreamID)
			require.Equal(t, "$persistentsubscription-orders::g-parked", e.Link.StreamID)
		}
		return all
	}
	require.NoError(t, s.client.ReplayParkedMessages(ctx, "orders", "g", esdb.ReplayParkedMessagesOptions{StopAt: 2}))
	two := replayed(2)
	require.Equal(t, []uint64{0, 1}, []uint64{two[0].Event.EventNumber, two[1].Event.EventNumber})
	s.awaitParked("orders", "g", 3)
	require.NoError(t, c.Ack(two[0]))
	require.NoError(t, c.Nack("again", esdb.NackActionPark, two[1]))
	s.awaitParked("orders", "g", 4)
	first := func(n uint64) func() bool {
		return func() bool {
			read, err := s.client.ReadStream(ctx, "$persistentsubscription-orders::g-parked", esdb.ReadStreamOptions{}, 1)
			require.NoError(t, err)
			defer read.Close()
			e, err := read.Recv()
			return err == nil && e.OriginalEvent().EventNumber == n
		}
	}
	require.Eventually(t, first(2), patience, 10*time.Millisecond, "what was replayed and done is truncated")

	require.NoError(t, s.client.ReplayParkedMessages(ctx, "orders", "g", esdb.ReplayParkedMessagesOptions{}))
	rest := replayed(4)
	numbers := make([]uint64, len(rest))
	for i, e := range rest {
		numbers[i] = e.Event.EventNumber
	}
	require.Equal(t, []uint64{2, 3, 4, 1}, numbers)
	s.awaitParked("orders", "g", 0)
	require.NoError(t, c.Ack(rest[1:]...))

	addr := s.addr
	s.stop()
	s.start(addr, esdbwire.Options{})
	s.client = dial(t, "esdb://"+addr+"?tls=false")
	s.awaitParked("orders", "g", 4) // the first is not done, so they are parked still
	require.NoError(t, s.client.ReplayParkedMessages(ctx, "orders", "g", esdb.ReplayParkedMessagesOptions{}))
	c = s.connect("orders", "g", 6)
	require.NoError(t, c.Ack(replayed(4)...))
	s.append("orders", 1)
	all, _ = c.take(1)
	require.NoError(t, c.Nack("later", esdb.NackActionPark, all[0]))
	require.Eventually(t, first(6), patience, 10*time.Millisecond)
}

func TestPersistentReplayOfWhatIsGone(t *testing.T) {
	s := serve(t, esdbwire.Options{})
	s.append("orders", 3)
	s.create("orders", "g", esdb.Start{}, eager(nil))
	c := s.connect("orders", "g", 5)
	all, _ := c.take(3)
	require.NoError(t, c.Nack("later", esdb.NackActionPark, all...))
	s.awaitParked("orders", "g", 3)
	_, err := s.client.SetStreamMetadata(t.Context(), "orders", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, truncatedBefore(2))
	require.NoError(t, err)
	require.NoError(t, s.client.ReplayParkedMessages(t.Context(), "orders", "g", esdb.ReplayParkedMessagesOptions{}))
	require.Equal(t, []uint64{2}, []uint64{c.next().Event.EventNumber})
	s.awaitParked("orders", "g", 0)
}

func truncatedBefore(n uint64) esdb.StreamMetadata {
	m := esdb.StreamMetadata{}
	m.SetTruncateBefore(n)
	return m
}

// next takes an event and acknowledges it.
func (c *consumer) next() *esdb.ResolvedEvent {
	c.Helper()
	all, _ := c.take(1)
	require.NoError(c, c.Ack(all...))
	return all[0]
}

func TestPersistentConsumers(t *testing.T) {
	s := serve(t, esdbwire.Options{})
	s.append("orders", 12)
	t.Run("round_robin", func(t *testing.T) {
		s.create("orders", "turns", esdb.End{}, nil)
		one, two := s.connect("orders", "turns", 10), s.connect("orders", "turns", 10)
		s.append("orders", 6)
		a, b := one.work(3), two.work(3)
		require.Equal(t, []uint64{12, 14, 16}, a)
		require.Equal(t, []uint64{13, 15, 17}, b)
	})
	t.Run("one_goes_in_the_middle", func(t *testing.T) {
		s.create("orders", "leave", esdb.Start{}, nil)
		one := s.connect("orders", "leave", 9)
		one.take(5) // not answered
		s.await("orders", "leave", func(i *esdb.PersistentSubscriptionInfo) bool { return i.Stats.TotalInFlightMessages == 9 })
		two := s.connect("orders", "leave", 30)
		require.Equal(t, upTo(9, 17), two.work(9))
		require.NoError(t, one.Close())
		all, retries := two.take(9)
		for i, e := range all {
			require.EqualValues(t, i, e.Event.EventNumber)
			require.Equal(t, 1, retries[i])
		}
	})
	t.Run("no_more_than_allowed", func(t *testing.T) {
		s.create("orders", "few", esdb.Start{}, eager(func(p *esdb.PersistentSubscriptionSettings) { p.MaxSubscriberCount = 1 }))
		one := s.connect("orders", "few", 1)
		_, err := s.client.SubscribeToPersistentSubscription(t.Context(), "orders", "few", esdb.SubscribeToPersistentSubscriptionOptions{})
		require.Equal(t, codes.FailedPrecondition, statusOf(t, err))
		require.NoError(t, one.Close())
		s.await("orders", "few", func(i *esdb.PersistentSubscriptionInfo) bool { return len(i.Connections) == 0 })
		s.connect("orders", "few", 1)
	})
	t.Run("one_that_reads_nothing_is_dropped", func(t *testing.T) {
		e := events(10)
		for i := range e {
			e[i].Data = slices.Repeat([]byte{'1'}, 500<<10)
		}
		for i := range e {
			s.appendEvents("large", e[i])
		}
		s.create("large", "g", esdb.Start{}, eager(func(p *esdb.PersistentSubscriptionSettings) {
			p.MessageTimeout, p.MaxRetryCount = 20, 1000
		}))
		s.connect("large", "g", 1)
		s.await("large", "g", func(i *esdb.PersistentSubscriptionInfo) bool {
			return len(i.Connections) == 0 && i.Stats.TotalItems > 1
		})
		require.EqualValues(t, 0, s.connect("large", "g", 1).takeNumbers(1)[0], "others are served")
	})
}
