package esdbwire_test

import (
	"strings"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/entente-ledger/entente/infra/eventstore/embedded"
	"github.com/entente-ledger/entente/infra/eventstore/esdbwire"
)

// wire returns a client of persistent subscriptions that hides nothing.
func (s *server) wire() persistent.PersistentSubscriptionsClient {
	s.Helper()
	conn, err := grpc.NewClient(s.addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(s, err)
	s.Cleanup(func() { require.NoError(s, conn.Close()) })
	return persistent.NewPersistentSubscriptionsClient(conn)
}

func identifier(stream string) *shared.StreamIdentifier {
	return &shared.StreamIdentifier{StreamName: []byte(stream)}
}

// olderCreate is the request of clients that do not know $all.
func olderCreate(stream string, revision uint64) *persistent.CreateReq {
	return &persistent.CreateReq{Options: &persistent.CreateReq_Options{
		StreamIdentifier: identifier(stream), GroupName: "g",
		Settings: &persistent.CreateReq_Settings{
			Revision: revision, MaxRetryCount: 1, MinCheckpointCount: 1, MaxCheckpointCount: 1, MaxSubscriberCount: 1,
			LiveBufferSize: 10, ReadBatchSize: 10, HistoryBufferSize: 10,
			NamedConsumerStrategy: persistent.CreateReq_RoundRobin,
			MessageTimeout:        &persistent.CreateReq_Settings_MessageTimeoutTicks{MessageTimeoutTicks: 30 * 10_000_000},
			CheckpointAfter:       &persistent.CreateReq_Settings_CheckpointAfterTicks{CheckpointAfterTicks: 2 * 10_000_000},
		},
	}}
}

func readOptions(stream, group string) *persistent.ReadReq {
	return &persistent.ReadReq{Content: &persistent.ReadReq_Options_{Options: &persistent.ReadReq_Options{
		StreamOption: &persistent.ReadReq_Options_StreamIdentifier{StreamIdentifier: identifier(stream)}, GroupName: group, BufferSize: 5,
		UuidOption: &persistent.ReadReq_Options_UUIDOption{Content: &persistent.ReadReq_Options_UUIDOption_String_{String_: &shared.Empty{}}},
	}}}
}

func TestPersistentOlderClients(t *testing.T) {
	s := serve(t, esdbwire.Options{})
	sent := s.append("orders", 4)
	c, ctx := s.wire(), t.Context()
	_, err := c.Create(ctx, olderCreate("orders", 2))
	require.NoError(t, err)
	_, err = c.Create(ctx, olderCreate("invoices", ^uint64(0)))
	require.NoError(t, err)
	require.Equal(t, esdb.End{}, s.info("invoices", "g").Settings.StartFrom)
	require.EqualValues(t, 30_000, s.info("orders", "g").Settings.MessageTimeout)
	require.EqualValues(t, 2_000, s.info("orders", "g").Settings.CheckpointAfter)

	read, err := c.Read(ctx)
	require.NoError(t, err)
	require.NoError(t, read.Send(readOptions("orders", "g")))
	got, err := read.Recv()
	require.NoError(t, err)
	require.Equal(t, "orders::g", got.GetSubscriptionConfirmation().GetSubscriptionId())
	for i := 2; i < 4; i++ { // ids as text, both ways
		got, err = read.Recv()
		require.NoError(t, err)
		require.Equal(t, sent[i].EventID.String(), got.GetEvent().GetEvent().GetId().GetString_())
		require.NoError(t, read.Send(&persistent.ReadReq{Content: &persistent.ReadReq_Ack_{Ack: &persistent.ReadReq_Ack{
			Ids: []*shared.UUID{got.GetEvent().GetEvent().GetId()},
		}}}))
	}
	s.awaitCheckpoint("orders", "g", 3)

	_, err = c.Update(ctx, &persistent.UpdateReq{Options: &persistent.UpdateReq_Options{
		StreamIdentifier: identifier("orders"), GroupName: "g",
		Settings: &persistent.UpdateReq_Settings{
			Revision: 1, ReadBatchSize: 1, HistoryBufferSize: 1, NamedConsumerStrategy: persistent.UpdateReq_Pinned,
		},
	}})
	require.NoError(t, err)
	require.Equal(t, esdb.Revision(1), s.info("orders", "g").Settings.StartFrom)
	_, err = read.Recv()
	require.Equal(t, codes.Canceled, status.Code(err))
	require.Equal(t, trailerOf("persistent-subscription-dropped"), exception(read.Trailer()))
}

// exception is what of a trailer clients make errors of.
func exception(md metadata.MD) map[string]string {
	out := make(map[string]string)
	for _, k := range []string{"exception", "stream-name", "group-name"} {
		out[k] = strings.Join(md.Get(k), ",")
	}
	return out
}

func trailerOf(name string) map[string]string {
	return map[string]string{"exception": name, "stream-name": "orders", "group-name": "g"}
}

func TestPersistentTrailers(t *testing.T) {
	s := serve(t, esdbwire.Options{})
	c, ctx := s.wire(), t.Context()
	var md metadata.MD
	_, err := c.GetInfo(ctx, &persistent.GetInfoReq{Options: &persistent.GetInfoReq_Options{
		StreamOption: &persistent.GetInfoReq_Options_StreamIdentifier{StreamIdentifier: identifier("orders")}, GroupName: "g",
	}}, grpc.Trailer(&md))
	require.Equal(t, codes.NotFound, status.Code(err))
	require.Equal(t, trailerOf("persistent-subscription-does-not-exist"), exception(md))

	_, err = c.Create(ctx, olderCreate("orders", 0))
	require.NoError(t, err)
	_, err = c.Create(ctx, olderCreate("orders", 0), grpc.Trailer(&md))
	require.Equal(t, codes.AlreadyExists, status.Code(err))
	require.Equal(t, trailerOf("persistent-subscription-exists"), exception(md))

	s.connect("orders", "g", 1)
	read, err := c.Read(ctx)
	require.NoError(t, err)
	require.NoError(t, read.Send(readOptions("orders", "g")))
	_, err = read.Recv()
	require.Equal(t, codes.FailedPrecondition, status.Code(err))
	require.Equal(t, trailerOf("maximum-subscribers-reached"), exception(read.Trailer()))
}

func TestPersistentBadRequests(t *testing.T) {
	s := serve(t, esdbwire.Options{})
	c, ctx := s.wire(), t.Context()
	refused := func(name string, err error) {
		require.Equal(t, codes.InvalidArgument, status.Code(err), name)
	}
	for name, change := range map[string]func(*persistent.CreateReq_Options){
		"no_group":     func(o *persistent.CreateReq_Options) { o.GroupName = "" },
		"too_long":     func(o *persistent.CreateReq_Options) { o.GroupName = strings.Repeat("g", embedded.MaxForeignName) },
		"buffer":       func(o *persistent.CreateReq_Options) { o.Settings.HistoryBufferSize = 9 },
		"strategy":     func(o *persistent.CreateReq_Options) { o.Settings.ConsumerStrategy = "PinnedByCorrelation" },
		"no_settings":  func(o *persistent.CreateReq_Options) { o.Settings = nil },
		"empty_filter": emptyFilter,
	} {
		req := olderCreate("orders", 0)
		change(req.Options)
		_, err := c.Create(ctx, req)
		refused(name, err)
	}
	for _, stream := range []string{"", "a\xff"} {
		_, err := c.Create(ctx, olderCreate(stream, 0))
		refused(stream, err)
	}
	_, err := c.Create(ctx, &persistent.CreateReq{})
	refused("nothing", err)
	_, err = c.Create(ctx, olderCreate("orders", 0))
	require.NoError(t, err)
	_, err = c.ReplayParked(ctx, &persistent.ReplayParkedReq{Options: &persistent.ReplayParkedReq_Options{
		StreamOption: &persistent.ReplayParkedReq_Options_StreamIdentifier{StreamIdentifier: identifier("orders")}, GroupName: "g",
		StopAtOption: &persistent.ReplayParkedReq_Options_StopAt{StopAt: -1},
	}})
	refused("stop_at", err)
	for name, reqs := range map[string][]*persistent.ReadReq{
		"ack_first":     {{Content: &persistent.ReadReq_Ack_{Ack: &persistent.ReadReq_Ack{}}}},
		"options_twice": {readOptions("orders", "g"), readOptions("orders", "g")},
	} {
		read, err := c.Read(ctx)
		require.NoError(t, err)
		for _, r := range reqs {
			require.NoError(t, read.Send(r))
		}
		for err == nil {
			_, err = read.Recv()
		}
		refused(name, err)
	}
	require.Len(t, s.list(), 1)
}

func emptyFilter(o *persistent.CreateReq_Options) {
	o.StreamOption = &persistent.CreateReq_Options_All{All: &persistent.CreateReq_AllOptions{
		FilterOption: &persistent.CreateReq_AllOptions_Filter{Filter: &persistent.CreateReq_AllOptions_FilterOptions{
			Filter: &persistent.CreateReq_AllOptions_FilterOptions_EventType{EventType: &persistent.CreateReq_AllOptions_FilterOptions_Expression{}},
		}},
	}}
}

func (s *server) list() []esdb.PersistentSubscriptionInfo {
	s.Helper()
	all, err := s.client.ListAllPersistentSubscriptions(s.Context(), esdb.ListPersistentSubscriptionsOptions{})
	require.NoError(s, err)
	return all
}

func TestPersistentNames(t *testing.T) {
	s := serve(t, esdbwire.Options{})
	const stream, group = "größe ⚑", "g\n"
	s.append(stream, 2)
	s.create(stream, group, esdb.Start{}, eager(nil))
	require.Equal(t, upTo(0, 1), s.connect(stream, group, 5).work(2))
	s.awaitCheckpoint(stream, group, 1)
	var md metadata.MD
	_, err := s.wire().Delete(t.Context(), &persistent.DeleteReq{Options: &persistent.DeleteReq_Options{
		StreamOption: &persistent.DeleteReq_Options_StreamIdentifier{StreamIdentifier: identifier(stream)}, GroupName: "none ⚑",
	}}, grpc.Trailer(&md))
	require.Equal(t, codes.NotFound, status.Code(err))
	require.Equal(t, map[string]string{
		"exception": "persistent-subscription-does-not-exist", "stream-name": "gr%C3%B6%C3%9Fe %E2%9A%91", "group-name": "none %E2%9A%91",
	}, exception(md), "a trailer is printable ASCII")
}
