package esdbwire_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/esdbwire"
)

func TestPersistentInfo(t *testing.T) {
	s := serve(t, esdbwire.Options{})
	ctx := t.Context()
	s.append("orders", 8)
	set := eager(func(p *esdb.PersistentSubscriptionSettings) {
		p.ResolveLinkTos, p.ExtraStatistics, p.MaxRetryCount, p.MaxSubscriberCount = true, true, 7, 3
		p.LiveBufferSize, p.ReadBatchSize, p.HistoryBufferSize = 11, 12, 13
		p.ConsumerStrategyName, p.MessageTimeout, p.CheckpointAfter = esdb.ConsumerStrategyPinned, 4000, 5000
		p.CheckpointLowerBound, p.CheckpointUpperBound = 1, 2
	})
	s.create("orders", "g", esdb.Revision(2), set)
	c := s.connect("orders", "g", 4)
	all, _ := c.take(4)
	require.NoError(t, c.Ack(all[:2]...))
	require.NoError(t, c.Nack("", esdb.NackActionPark, all[3]))
	s.awaitCheckpoint("orders", "g", 3)
	c.take(2)
	s.awaitParked("orders", "g", 1)

	info := s.info("orders", "g")
	want := *set
	want.StartFrom = esdb.Revision(2)
	require.Equal(t, &want, info.Settings)
	require.Equal(t, "orders", info.EventSource)
	require.Equal(t, "g", info.GroupName)
	require.Equal(t, "Live", info.Status)
	require.EqualValues(t, 7, *info.Stats.LastKnownEventRevision)
	require.EqualValues(t, 6, info.Stats.TotalItems)
	require.Len(t, info.Connections, 1)
	require.EqualValues(t, 6, info.Connections[0].TotalItemsProcessed)
	require.EqualValues(t, 3, info.Connections[0].InFlightMessages)
	require.EqualValues(t, 1, info.Connections[0].AvailableSlots)
	require.Contains(t, info.Connections[0].From, "127.0.0.1:")

	require.NoError(t, s.client.CreatePersistentSubscriptionToAll(ctx, "g", esdb.PersistentAllSubscriptionOptions{StartFrom: esdb.End{}}))
	s.create("invoices", "g", esdb.End{}, nil)
	names := func(list []esdb.PersistentSubscriptionInfo, err error) (out []string) {
		require.NoError(t, err)
		for _, i := range list {
			out = append(out, i.EventSource+"::"+i.GroupName)
		}
		return out
	}
	o := esdb.ListPersistentSubscriptionsOptions{}
	require.Equal(t, []string{"$all::g", "invoices::g", "orders::g"}, names(s.client.ListAllPersistentSubscriptions(ctx, o)))
	require.Equal(t, []string{"$all::g"}, names(s.client.ListPersistentSubscriptionsToAll(ctx, o)))
	require.Equal(t, []string{"orders::g"}, names(s.client.ListPersistentSubscriptionsForStream(ctx, "orders", o)))
	require.Equal(t, esdb.End{}, s.info("$all", "g").Settings.StartFrom)
	require.Equal(t, esdb.End{}, s.info("invoices", "g").Settings.StartFrom)
}

func TestPersistentLinks(t *testing.T) {
	s := serve(t, esdbwire.Options{})
	s.append("orders", 2)
	links := events(3)
	for i := range links {
		links[i].EventType, links[i].Data = "$>", fmt.Appendf(nil, "%d@orders", i)
	}
	s.appendEvents("links", links...)
	s.create("links", "resolved", esdb.Start{}, eager(func(p *esdb.PersistentSubscriptionSettings) { p.ResolveLinkTos = true }))
	s.create("links", "plain", esdb.Start{}, nil)
	c := s.connect("links", "resolved", 10)
	all, _ := c.take(3)
	for i, e := range all {
		require.Equal(t, links[i].EventID, e.Link.EventID)
		if i == 2 {
			require.Nil(t, e.Event, "it links to nothing")
			continue
		}
		require.Equal(t, "orders", e.Event.StreamID)
		require.EqualValues(t, i, e.Event.EventNumber)
	}
	require.NoError(t, c.Ack(all[0], all[2]))
	require.NoError(t, c.Nack("later", esdb.NackActionPark, all[1]))
	s.awaitCheckpoint("links", "resolved", 2)
	require.NoError(t, s.client.ReplayParkedMessages(t.Context(), "links", "resolved", esdb.ReplayParkedMessagesOptions{}))
	again, _ := c.take(1)
	require.Equal(t, "orders", again[0].Event.StreamID)

	plain, _ := s.connect("links", "plain", 10).take(3)
	for i, e := range plain {
		require.Nil(t, e.Link)
		require.Equal(t, links[i].EventID, e.Event.EventID)
	}
}

func TestPersistentToLedger(t *testing.T) {
	stream := ownStream()
	t.Run("is_read", func(t *testing.T) {
		s := serve(t, esdbwire.Options{})
		o := esdb.AppendToStreamOptions{ExpectedRevision: esdb.NoStream{}}
		_, err := s.client.AppendToStream(asLedger(t.Context()), stream, o, events(3)...)
		require.NoError(t, err)
		s.create(stream, "audit", esdb.Start{}, eager(nil))
		require.Equal(t, upTo(0, 2), s.connect(stream, "audit", 10).work(3))
		s.awaitCheckpoint(stream, "audit", 2)
		for r, err := range s.store.ReadAll(t.Context(), 0) {
			require.NoError(t, err)
			require.Equal(t, stream, r.Stream, "the ledger sees nothing of it")
		}
	})
	t.Run("not_where_nothing_may_be_written", func(t *testing.T) {
		s := serve(t, esdbwire.Options{ReadOnly: true})
		ctx, c := t.Context(), s.client
		o := esdb.PersistentStreamSubscriptionOptions{StartFrom: esdb.Start{}}
		_, read := c.SubscribeToPersistentSubscription(ctx, stream, "g", esdb.SubscribeToPersistentSubscriptionOptions{})
		_, list := c.ListAllPersistentSubscriptions(ctx, esdb.ListPersistentSubscriptionsOptions{})
		_, info := c.GetPersistentSubscriptionInfo(ctx, stream, "g", esdb.GetPersistentSubscriptionOptions{})
		for name, err := range map[string]error{
			"create": c.CreatePersistentSubscription(ctx, stream, "g", o), "read": read, "list": list, "info": info,
			"update":  c.UpdatePersistentSubscription(ctx, stream, "g", o),
			"delete":  c.DeletePersistentSubscription(ctx, stream, "g", esdb.DeletePersistentSubscriptionOptions{}),
			"replay":  c.ReplayParkedMessages(ctx, stream, "g", esdb.ReplayParkedMessagesOptions{}),
			"restart": c.RestartPersistentSubscriptionSubsystem(ctx, esdb.RestartPersistentSubscriptionSubsystemOptions{}),
		} {
			require.Equal(t, esdb.ErrorCodeAccessDenied, code(t, err), name)
		}
		head, err := s.store.Head(context.Background())
		require.NoError(t, err)
		require.Equal(t, es.Position(0), head)
	})
}
