package esdbwire_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
	"github.com/entente-ledger/entente/infra/eventstore/esdbwire"
)

// consumer is one of a group.
type consumer struct {
	*testing.T
	*esdb.PersistentSubscription
}

func (s *server) connect(stream, group string, buffer uint32) *consumer {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.Context(), patience)
	s.Cleanup(cancel)
	o := esdb.SubscribeToPersistentSubscriptionOptions{BufferSize: buffer}
	var sub *esdb.PersistentSubscription
	var err error
	if stream == "$all" {
		sub, err = s.client.SubscribeToPersistentSubscriptionToAll(ctx, group, o)
	} else {
		sub, err = s.client.SubscribeToPersistentSubscription(ctx, stream, group, o)
	}
	require.NoError(s, err)
	s.Cleanup(func() { require.NoError(s, sub.Close()) })
	return &consumer{s.T, sub}
}

// take returns the next n events.
func (c *consumer) take(n int) (all []*esdb.ResolvedEvent, retries []int) {
	c.Helper()
	for range n {
		e := c.Recv()
		if e.SubscriptionDropped != nil {
			require.NoError(c, e.SubscriptionDropped.Error)
		}
		all = append(all, e.EventAppeared.Event)
		retries = append(retries, e.EventAppeared.RetryCount)
	}
	return all, retries
}

// takeNumbers takes n events and returns their numbers.
func (c *consumer) takeNumbers(n int) (numbers []uint64) {
	c.Helper()
	all, _ := c.take(n)
	for _, e := range all {
		numbers = append(numbers, e.OriginalEvent().EventNumber)
	}
	return numbers
}

// work takes n events, acknowledges them, and returns their numbers.
func (c *consumer) work(n int) (numbers []uint64) {
	c.Helper()
	all, _ := c.take(n)
	for _, e := range all {
		numbers = append(numbers, e.OriginalEvent().EventNumber)
	}
	require.NoError(c, c.Ack(all...))
	return numbers
}

// ends returns the code with which the subscription ends.
func (c *consumer) ends() codes.Code {
	c.Helper()
	e := c.Recv()
	require.NotNil(c, e.SubscriptionDropped)
	return status.Code(e.SubscriptionDropped.Error)
}

// eager are settings with which every event done is in a checkpoint at once.
func eager(change func(*esdb.PersistentSubscriptionSettings)) *esdb.PersistentSubscriptionSettings {
	s := esdb.SubscriptionSettingsDefault()
	s.CheckpointLowerBound, s.CheckpointUpperBound = 1, 1
	if change != nil {
		change(&s)
	}
	return &s
}

func (s *server) create(stream, group string, from esdb.StreamPosition, set *esdb.PersistentSubscriptionSettings) {
	s.Helper()
	o := esdb.PersistentStreamSubscriptionOptions{StartFrom: from, Settings: set}
	require.NoError(s, s.client.CreatePersistentSubscription(s.Context(), stream, group, o))
}

func (s *server) info(stream, group string) *esdb.PersistentSubscriptionInfo {
	s.Helper()
	var info *esdb.PersistentSubscriptionInfo
	var err error
	if stream == "$all" {
		info, err = s.client.GetPersistentSubscriptionInfoToAll(s.Context(), group, esdb.GetPersistentSubscriptionOptions{})
	} else {
		info, err = s.client.GetPersistentSubscriptionInfo(s.Context(), stream, group, esdb.GetPersistentSubscriptionOptions{})
	}
	require.NoError(s, err)
	return info
}

// await waits until a group is as it should be.
func (s *server) await(stream, group string, as func(*esdb.PersistentSubscriptionInfo) bool) {
	s.Helper()
	require.Eventually(s, func() bool { return as(s.info(stream, group)) }, patience, 10*time.Millisecond)
}

func (s *server) awaitParked(stream, group string, n int64) {
	s.Helper()
	s.await(stream, group, func(i *esdb.PersistentSubscriptionInfo) bool { return i.Stats.ParkedMessagesCount == n })
}

func (s *server) awaitCheckpoint(stream, group string, number uint64) {
	s.Helper()
	s.await(stream, group, func(i *esdb.PersistentSubscriptionInfo) bool {
		at := i.Stats.LastCheckpointedEventRevision
		return at != nil && *at == number
	})
}

func upTo(from, to uint64) (numbers []uint64) {
	for n := from; n <= to; n++ {
		numbers = append(numbers, n)
	}
	return numbers
}

func TestPersistentGroups(t *testing.T) {
	s := serve(t, esdbwire.Options{})
	ctx := t.Context()
	o := esdb.PersistentStreamSubscriptionOptions{StartFrom: esdb.Start{}}
	require.NoError(t, s.client.CreatePersistentSubscription(ctx, "orders", "billing", o))
	require.Equal(t, esdb.ErrorCodeResourceAlreadyExists, code(t, s.client.CreatePersistentSubscription(ctx, "orders", "billing", o)))
	s.create("orders", "mailing", esdb.Start{}, nil)

	t.Run("update_drops_and_goes_on", func(t *testing.T) {
		s.append("orders", 5)
		c := s.connect("orders", "billing", 10)
		require.Equal(t, upTo(0, 4), c.work(5))
		c2 := s.connect("orders", "mailing", 10)
		require.NoError(t, s.client.UpdatePersistentSubscription(ctx, "orders", "billing", esdb.PersistentStreamSubscriptionOptions{
			StartFrom: esdb.Revision(40), Settings: eager(func(p *esdb.PersistentSubscriptionSettings) { p.MaxRetryCount = 3 }),
		}))
		require.Equal(t, codes.Canceled, c.ends())
		require.EqualValues(t, 3, s.info("orders", "billing").Settings.MaxRetryCount)
		s.append("orders", 1)
		require.Equal(t, []uint64{5}, s.connect("orders", "billing", 10).takeNumbers(1), "what was acknowledged stays so")
		require.Equal(t, upTo(0, 5), c2.takeNumbers(6), "another group is left alone")
	})
	t.Run("delete_drops_and_forgets", func(t *testing.T) {
		c := s.connect("orders", "billing", 10)
		require.NoError(t, s.client.DeletePersistentSubscription(ctx, "orders", "billing", esdb.DeletePersistentSubscriptionOptions{}))
		require.Equal(t, codes.Canceled, c.ends())
		read, err := s.client.ReadStream(ctx, "$persistentsubscription-orders::billing-checkpoint", esdb.ReadStreamOptions{}, 1)
		require.NoError(t, err)
		defer read.Close()
		_, err = read.Recv()
		require.Equal(t, esdb.ErrorCodeResourceNotFound, code(t, err))
		// A crash may leave a checkpoint after the group is gone.
		left := es.Record{ID: uuid.New(), Type: "$SubscriptionCheckpoint", Data: []byte(`"4"`), Meta: []byte("0 application/json\n")}
		_, err = s.store.Log().Append(ctx, "$persistentsubscription-orders::billing-checkpoint", embedded.Anywhere(), left)
		require.NoError(t, err)
		s.create("orders", "billing", esdb.Start{}, nil)
		require.Equal(t, upTo(0, 5), s.connect("orders", "billing", 10).takeNumbers(6))
	})
	t.Run("does_not_exist", func(t *testing.T) {
		_, info := s.client.GetPersistentSubscriptionInfo(ctx, "orders", "none", esdb.GetPersistentSubscriptionOptions{})
		_, list := s.client.ListPersistentSubscriptionsForStream(ctx, "none", esdb.ListPersistentSubscriptionsOptions{})
		_, read := s.client.SubscribeToPersistentSubscription(ctx, "orders", "none", esdb.SubscribeToPersistentSubscriptionOptions{})
		_, readAll := s.client.SubscribeToPersistentSubscriptionToAll(ctx, "billing", esdb.SubscribeToPersistentSubscriptionOptions{})
		for name, err := range map[string]error{
			"info": info, "list": list, "read": read, "read_all": readAll,
			"update": s.client.UpdatePersistentSubscription(ctx, "orders", "none", o),
			"delete": s.client.DeletePersistentSubscription(ctx, "orders", "none", esdb.DeletePersistentSubscriptionOptions{}),
			"replay": s.client.ReplayParkedMessages(ctx, "orders", "none", esdb.ReplayParkedMessagesOptions{}),
		} {
			require.Equal(t, esdb.ErrorCodeResourceNotFound, code(t, err), name)
		}
	})
	t.Run("restart_drops_all", func(t *testing.T) {
		one, two := s.connect("orders", "billing", 10), s.connect("orders", "mailing", 10)
		require.NoError(t, s.client.RestartPersistentSubscriptionSubsystem(ctx, esdb.RestartPersistentSubscriptionSubsystemOptions{}))
		for _, c := range []*consumer{one, two} {
			for {
				if e := c.Recv(); e.SubscriptionDropped != nil {
					require.Equal(t, codes.Canceled, status.Code(e.SubscriptionDropped.Error))
					break
				}
			}
		}
		require.Equal(t, upTo(0, 5), s.connect("orders", "billing", 10).takeNumbers(6))
	})
}

func TestPersistentStart(t *testing.T) {
	s := serve(t, esdbwire.Options{})
	s.append("orders", 5)
	for name, c := range map[string]struct {
		from  esdb.StreamPosition
		first uint64
	}{
		"start": {esdb.Start{}, 0}, "end": {esdb.End{}, 5}, "at_number": {esdb.Revision(3), 3}, "at_later": {esdb.Revision(6), 6},
	} {
		s.create("orders", name, c.from, nil)
		defer func() {
			require.Equal(t, upTo(c.first, 7), s.connect("orders", name, 10).takeNumbers(8-int(c.first)), name)
		}()
	}
	s.append("orders", 3)
}

func TestPersistentAll(t *testing.T) {
	s := serve(t, esdbwire.Options{})
	ctx := t.Context()
	s.append("invoice-1", 2)
	s.append("order-1", 2)
	create := func(group string, from esdb.AllPosition, f *esdb.SubscriptionFilter) {
		require.NoError(t, s.client.CreatePersistentSubscriptionToAll(ctx, group, esdb.PersistentAllSubscriptionOptions{
			StartFrom: from, Settings: eager(nil), Filter: f,
		}))
	}
	create("orders", esdb.Start{}, &esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Prefixes: []string{"order-"}})
	create("placed", esdb.Start{}, &esdb.SubscriptionFilter{Type: esdb.EventFilterType, Regex: "^order-pl.*d$"})
	create("all", esdb.Position{Commit: 3, Prepare: 3}, nil)
	create("new", esdb.End{}, nil)
	s.append("invoice-1", 1)
	other := events(1)
	other[0].EventType = "order-cancelled"
	s.appendEvents("order-2", other...)

	names := func(c *consumer, n int) (out []string) {
		all, _ := c.take(n)
		require.NoError(t, c.Ack(all...))
		for _, e := range all {
			require.NotNil(t, e.Commit)
			out = append(out, fmt.Sprintf("%d@%s", e.Event.EventNumber, e.Event.StreamID))
		}
		return out
	}
	require.Equal(t, []string{"0@order-1", "1@order-1", "0@order-2"}, names(s.connect("$all", "orders", 10), 3))
	require.Equal(t, []string{"0@invoice-1", "1@invoice-1", "0@order-1", "1@order-1", "2@invoice-1"}, names(s.connect("$all", "placed", 10), 5))
	require.Equal(t, []string{"2@invoice-1", "0@order-2"}, names(s.connect("$all", "new", 10), 2))
	c := s.connect("$all", "all", 10)
	require.Equal(t, []string{"0@order-1", "1@order-1", "2@invoice-1", "0@order-2"}, names(c, 4))
	// The checkpoints stored meanwhile are not events of a group.
	s.await("$all", "all", func(i *esdb.PersistentSubscriptionInfo) bool { return i.Stats.LastCheckpointedPosition != nil })
	s.append("order-3", 1)
	require.Equal(t, []string{"0@order-3"}, names(c, 1))
	require.NoError(t, s.client.UpdatePersistentSubscriptionToAll(ctx, "orders", esdb.PersistentAllSubscriptionOptions{
		StartFrom: esdb.Start{}, Settings: eager(nil),
	}))
	s.append("invoice-1", 1)
	s.append("order-4", 1)
	require.Equal(t, []string{"0@order-3", "0@order-4"}, names(s.connect("$all", "orders", 10), 2), "the filter stays")
	require.Equal(t, codes.InvalidArgument, statusOf(t, s.client.CreatePersistentSubscriptionToAll(ctx, "bad",
		esdb.PersistentAllSubscriptionOptions{Filter: &esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Regex: "(?=a)"}})))
}

// statusOf returns the code that a client's error came with.
func statusOf(t *testing.T, err error) codes.Code {
	t.Helper()
	var e *esdb.Error
	require.ErrorAs(t, err, &e)
	return status.Code(e.Err())
}

func TestPersistentRestart(t *testing.T) {
	s := serve(t, esdbwire.Options{})
	s.append("orders", 30)
	s.create("orders", "lazy", esdb.Start{}, nil)
	s.create("orders", "eager", esdb.Start{}, eager(nil))
	lazy, eagerly := s.connect("orders", "lazy", 20), s.connect("orders", "eager", 20)
	lazy.work(5)
	all, _ := eagerly.take(20)
	require.NoError(t, eagerly.Ack(all[:7]...))
	require.NoError(t, eagerly.Ack(all[9]))
	require.NoError(t, eagerly.Nack("poison", esdb.NackActionPark, all[10]))
	s.awaitCheckpoint("orders", "eager", 6)
	s.awaitParked("orders", "eager", 1)

	t.Run("killed", func(t *testing.T) {
		folder := t.TempDir() + "/copy"
		require.NoError(t, embedded.Copy(t.Context(), s.folder, folder))
		store, err := embedded.Open(t.Context(), folder, embedded.Options{})
		require.NoError(t, err)
		defer func() { require.NoError(t, store.Close()) }()
		after := &server{T: t, store: store}
		after.start("127.0.0.1:0", esdbwire.Options{})
		defer after.stop()
		after.client = dial(t, "esdb://"+after.addr+"?tls=false")
		require.Equal(t, upTo(7, 29), after.connect("orders", "eager", 50).takeNumbers(23))
		after.awaitParked("orders", "eager", 1)
		require.Equal(t, upTo(0, 29), after.connect("orders", "lazy", 50).takeNumbers(30), "fewer than 10 done are no checkpoint")
	})
	t.Run("stopped", func(t *testing.T) {
		s.await("orders", "lazy", func(i *esdb.PersistentSubscriptionInfo) bool {
			return i.Stats.TotalInFlightMessages == 20 && i.Stats.TotalItems == 25
		})
		addr := s.addr
		s.stop()
		s.start(addr, esdbwire.Options{})
		s.client = dial(t, "esdb://"+addr+"?tls=false")
		require.Equal(t, upTo(5, 29), s.connect("orders", "lazy", 50).takeNumbers(25), "a checkpoint is stored at the end")
		require.Equal(t, upTo(7, 29), s.connect("orders", "eager", 50).takeNumbers(23))
	})
}

func (s *server) appendEvents(stream string, e ...esdb.EventData) {
	s.Helper()
	_, err := s.client.AppendToStream(s.Context(), stream, esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, e...)
	require.NoError(s, err)
}
