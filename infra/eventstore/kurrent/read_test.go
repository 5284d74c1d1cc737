package kurrent_test

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/entente-ledger/entente/domain/es"
)

// A read that breaks goes on where it was.
func TestReadIsResumed(t *testing.T) {
	f, stream := newFake(t), newStream()
	ids := make([]uuid.UUID, 300)
	for i := range ids {
		ids[i] = uuid.New()
	}
	f.add(stream, ids...)
	f.onRead = func(n int, o *streams.ReadReq_Options, call streams.Streams_ReadServer, proper func() error) error {
		if k := kindOf(o); k != "stream" && k != "all" || n > 2 {
			return proper()
		}
		from := max(o.GetStream().GetRevision(), o.GetAll().GetPosition().GetCommitPosition()/100)
		if from > 0 && o.GetAll() != nil {
			from-- // reads of $all include where they begin
		}
		for i := range uint64(40) {
			if err := call.Send(sent(f.log[from+i])); err != nil {
				return err
			}
		}
		return status.Error(codes.Unavailable, "gone")
	}
	s := f.open(t, 10*time.Second)
	for name, seq := range map[string]func(func(es.Record, error) bool){
		"stream": s.ReadStream(t.Context(), stream, 0), "log": s.ReadAll(t.Context(), 0),
	} {
		got, err := read(seq)
		require.NoError(t, err, name)
		require.Len(t, got, 300, name)
		for i, r := range got {
			require.Equal(t, ids[i], r.ID, name)
		}
	}
}

// Silence ends a read, but not while the consumer is at work.
func TestReadOfASilentServer(t *testing.T) {
	f, stream := newFake(t), newStream()
	f.add(stream, uuid.New())
	f.onRead = func(_ int, o *streams.ReadReq_Options, call streams.Streams_ReadServer, proper func() error) error {
		if kindOf(o) == "stream" {
			<-call.Context().Done()
			return nil
		}
		return proper()
	}
	_, err := read(f.open(t, 100*time.Millisecond).ReadStream(t.Context(), stream, 0))
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.ErrorContains(t, err, "sends nothing")
}

func TestReadOfWhatMustNotBe(t *testing.T) {
	for name, c := range map[string]struct {
		change func(e *streams.ReadResp_ReadEvent_RecordedEvent)
		want   string
	}{
		"truncated":   {func(e *streams.ReadResp_ReadEvent_RecordedEvent) { e.StreamRevision = 5 }, "esdb.gap"},
		"no_position": {func(e *streams.ReadResp_ReadEvent_RecordedEvent) { e.CommitPosition = math.MaxUint64 }, "esdb.no_position"},
	} {
		t.Run(name, func(t *testing.T) {
			f, stream := newFake(t), newStream()
			s := f.open(t, 0)
			f.add(stream, uuid.New())
			c.change(f.log[0])
			_, err := read(s.ReadStream(t.Context(), stream, 0))
			require.ErrorContains(t, err, c.want)
		})
	}
	t.Run("message_that_the_client_panics_at", func(t *testing.T) {
		f := newFake(t)
		f.onRead = func(_ int, o *streams.ReadReq_Options, call streams.Streams_ReadServer, proper func() error) error {
			if kindOf(o) == "stream" {
				return call.Send(&streams.ReadResp{Content: &streams.ReadResp_FirstStreamPosition{}})
			}
			return proper()
		}
		_, err := read(f.open(t, 0).ReadStream(t.Context(), newStream(), 0))
		require.ErrorContains(t, err, "cannot be read")
	})
}

// What others write is skipped, in reads and subscriptions, and so is what has
// the name of a kind and is no stream of ours.
func TestOnlyOursIsYielded(t *testing.T) {
	srv := serve(t, t.TempDir())
	s, err := srv.open(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	conf, err := esdb.ParseConnectionString(srv.url())
	require.NoError(t, err)
	conf.Logger = esdb.NoopLogging()
	other, err := esdb.NewClient(conf)
	require.NoError(t, err)
	defer func() { require.NoError(t, other.Close()) }()
	foreign := func(stream string) es.Position {
		done, err := other.AppendToStream(t.Context(), stream, esdb.AppendToStreamOptions{}, esdb.EventData{EventID: uuid.New(), EventType: "x", Data: []byte("1")})
		require.NoError(t, err)
		return es.Position(done.CommitPosition)
	}
	foreign("orders-1")
	stream, system := newStream(), es.SystemPrefix+uuid.NewString()
	_, err = s.Append(t.Context(), stream, 0, records(1)...)
	require.NoError(t, err)
	foreign("memorandumx")
	foreign("entent")
	last, err := s.Append(t.Context(), system, 0, records(1)...)
	require.NoError(t, err)
	end := foreign("orders-1")
	head, err := s.Head(t.Context())
	require.NoError(t, err)
	require.Equal(t, last, head)
	names := func(recs []es.Record) (names []string) {
		for _, r := range recs {
			names = append(names, r.Stream)
		}
		return names
	}
	got, err := read(s.ReadAll(t.Context(), 0))
	require.NoError(t, err)
	require.Equal(t, []string{stream, system}, names(got))
	got = nil
	for r, err := range s.Subscribe(t.Context(), 0) {
		require.NoError(t, err)
		if r.IsMarker() && r.Position >= end {
			break
		}
		if !r.IsMarker() {
			got = append(got, r)
		}
	}
	require.Equal(t, []string{stream, system}, names(got))
}
