package kurrent_test

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/kurrent"
)

// fake is a server that does what it should, but for what a test has it do
// otherwise. Its positions are 100, 200, ...
type fake struct {
	streams.UnimplementedStreamsServer
	serverfeatures.UnimplementedServerFeaturesServer
	addr    string
	version string
	grpc    *grpc.Server

	// The n-th call, from 0, of each; proper is what should be done.
	onFeatures func(n int, ctx context.Context) error
	onAppend   func(n int, call streams.Streams_AppendServer, proper func() (*streams.AppendResp, error)) error
	onRead     func(n int, req *streams.ReadReq_Options, call streams.Streams_ReadServer, proper func() error) error

	mu    sync.Mutex
	calls map[string]int
	seen  []metadata.MD // of all calls but those for features
	log   []*streams.ReadResp_ReadEvent_RecordedEvent
	grown chan struct{}
}

func newFake(t testing.TB) *fake {
	f := &fake{addr: "127.0.0.1:0", version: "24.10.0", calls: map[string]int{}, grown: make(chan struct{})}
	f.start(t)
	t.Cleanup(func() { f.grpc.Stop() })
	return f
}

func (f *fake) start(t testing.TB) {
	l, err := net.Listen("tcp", f.addr)
	require.NoError(t, err)
	f.addr, f.grpc = l.Addr().String(), grpc.NewServer()
	streams.RegisterStreamsServer(f.grpc, f)
	serverfeatures.RegisterServerFeaturesServer(f.grpc, f)
	go func() { _ = f.grpc.Serve(l) }()
}

func (f *fake) open(t testing.TB, deadline time.Duration) *kurrent.Store {
	s, err := kurrent.Open(t.Context(), "esdb://"+f.addr+"?tls=false", kurrent.Options{Deadline: deadline})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// change changes what the server does while it is in use.
func (f *fake) change(how func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	how()
}

// count counts a call and keeps its headers.
func (f *fake) count(ctx context.Context, name string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls[name]++
	if md, _ := metadata.FromIncomingContext(ctx); name != "features" {
		f.seen = append(f.seen, md)
	}
	return f.calls[name] - 1
}

func hook[T any](f *fake, on *T) T {
	f.mu.Lock()
	defer f.mu.Unlock()
	return *on
}

func (f *fake) counted(name string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[name]
}

// add appends to the log as others do, and returns the position.
func (f *fake) add(stream string, ids ...uuid.UUID) es.Position {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, id := range ids {
		most, least := esdb.UUIDAsInt64(id)
		f.addLocked(stream, &streams.AppendReq_ProposedMessage{
			Id:       &shared.UUID{Value: &shared.UUID_Structured_{Structured: &shared.UUID_Structured{MostSignificantBits: most, LeastSignificantBits: least}}},
			Metadata: map[string]string{"type": "memorandum.signed", "content-type": "application/json"}, Data: []byte(`{}`), CustomMetadata: []byte(`{}`),
		})
	}
	close(f.grown)
	f.grown = make(chan struct{})
	return es.Position(len(f.log) * 100)
}

func (f *fake) addLocked(stream string, m *streams.AppendReq_ProposedMessage) {
	m.Metadata["created"] = strconv.FormatInt(time.Now().UnixNano()/100, 10)
	place := uint64(len(f.log)+1) * 100
	f.log = append(f.log, &streams.ReadResp_ReadEvent_RecordedEvent{
		Id: m.Id, StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(stream)}, StreamRevision: uint64(len(f.of(stream))),
		CommitPosition: place, PreparePosition: place, Metadata: m.Metadata, Data: m.Data, CustomMetadata: m.CustomMetadata,
	})
}

// of returns the events of a stream, all if it is "".
func (f *fake) of(stream string) (events []*streams.ReadResp_ReadEvent_RecordedEvent) {
	for _, e := range f.log {
		if stream == "" || string(e.StreamIdentifier.StreamName) == stream {
			events = append(events, e)
		}
	}
	return events
}

func (f *fake) GetSupportedMethods(ctx context.Context, _ *shared.Empty) (*serverfeatures.SupportedMethods, error) {
	n := f.count(ctx, "features")
	if on := hook(f, &f.onFeatures); on != nil {
		if err := on(n, ctx); err != nil {
			return nil, err
		}
	}
	return &serverfeatures.SupportedMethods{EventStoreServerVersion: f.version}, nil
}

func (f *fake) Append(call streams.Streams_AppendServer) error {
	n := f.count(call.Context(), "append")
	proper := func() (*streams.AppendResp, error) { return f.properAppend(call) }
	if on := hook(f, &f.onAppend); on != nil {
		return on(n, call, proper)
	}
	resp, err := proper()
	if err != nil {
		return err
	}
	return call.SendAndClose(resp)
}

func (f *fake) properAppend(call streams.Streams_AppendServer) (*streams.AppendResp, error) {
	first, err := call.Recv()
	if err != nil {
		return nil, err
	}
	var recs []*streams.AppendReq_ProposedMessage
	for {
		more, err := call.Recv()
		if err != nil {
			break
		}
		recs = append(recs, more.GetProposedMessage())
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	stream := string(first.GetOptions().StreamIdentifier.StreamName)
	at := 0
	if first.GetOptions().GetNoStream() == nil {
		at = int(first.GetOptions().GetRevision()) + 1
	}
	if have := f.of(stream); len(have) != at {
		return &streams.AppendResp{Result: &streams.AppendResp_WrongExpectedVersion_{WrongExpectedVersion: &streams.AppendResp_WrongExpectedVersion{}}}, nil
	}
	for _, m := range recs {
		f.addLocked(stream, m)
	}
	close(f.grown)
	f.grown = make(chan struct{})
	return success(uint64(at+len(recs)-1), uint64(len(f.log)*100)), nil
}

func success(revision, position uint64) *streams.AppendResp {
	ok := &streams.AppendResp_Success{
		CurrentRevisionOption: &streams.AppendResp_Success_CurrentRevision{CurrentRevision: revision},
		PositionOption:        &streams.AppendResp_Success_NoPosition{NoPosition: &shared.Empty{}},
	}
	if position > 0 {
		ok.PositionOption = &streams.AppendResp_Success_Position{Position: &streams.AppendResp_Position{CommitPosition: position, PreparePosition: position}}
	}
	return &streams.AppendResp{Result: &streams.AppendResp_Success_{Success: ok}}
}

// notLeader is what a follower answers, with where the leader is if it knows.
func notLeader(call grpc.ServerStream, leader string) error {
	call.SetTrailer(metadata.Pairs("exception", "not-leader"))
	if leader != "" {
		host, port, _ := net.SplitHostPort(leader)
		call.SetTrailer(metadata.Pairs("leader-endpoint-host", host, "leader-endpoint-port", port))
	}
	return status.Error(codes.NotFound, "Leader info available")
}

func newStream() string { return es.StreamName("memorandum", uuid.New()) }

func records(n int) []es.Record {
	recs := make([]es.Record, n)
	for i := range recs {
		recs[i] = es.Record{ID: uuid.New(), Type: "memorandum.signed", Schema: 1 + i%2, Data: fmt.Appendf(nil, `{"n":%d}`, i), Meta: []byte(`{}`)}
	}
	return recs
}

// read returns all of a sequence, and its error.
func read(seq func(yield func(es.Record, error) bool)) (recs []es.Record, err error) {
	for r, e := range seq {
		if e != nil {
			return recs, e
		}
		recs = append(recs, r)
	}
	return recs, nil
}
