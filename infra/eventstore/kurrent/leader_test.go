package kurrent_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/infra/eventstore/kurrent"
)

// The client puts requires-leader among the headers that came in, and so never
// sends it: it is sent by us, with every call. It follows not-leader to the
// leader that is named.
func TestLeaderIsAskedAndFollowed(t *testing.T) {
	leader, follower, stream := newFake(t), newFake(t), newStream()
	follower.onRead = func(_ int, o *streams.ReadReq_Options, call streams.Streams_ReadServer, proper func() error) error {
		if kindOf(o) == "head" {
			return proper() // lets Open pass
		}
		return notLeader(call, leader.addr)
	}
	follower.onAppend = func(_ int, call streams.Streams_AppendServer, _ func() (*streams.AppendResp, error)) error {
		return notLeader(call, leader.addr)
	}
	use := map[string]func(s *kurrent.Store) error{
		"append": func(s *kurrent.Store) error {
			_, err := s.Append(t.Context(), newStream(), 0, records(1)...)
			return err
		},
		"read": func(s *kurrent.Store) error {
			recs, err := read(s.ReadStream(t.Context(), stream, 0))
			if len(recs) != 1 {
				return errors.Join(err, errors.New("not the leader's records"))
			}
			return err
		},
		"subscribe": func(s *kurrent.Store) error {
			for r, err := range s.Subscribe(t.Context(), 0) {
				if err != nil || r.Stream == stream {
					return err
				}
			}
			return nil
		},
	}
	leader.add(stream, uuid.New())
	for name, do := range use {
		t.Run(name, func(t *testing.T) { require.NoError(t, do(follower.open(t, 10*time.Second))) })
	}
	for _, f := range []*fake{leader, follower} {
		require.NotEmpty(t, f.seen)
		for _, md := range f.seen {
			require.Equal(t, []string{"true"}, md.Get("requires-leader"))
		}
	}
}

// A follower that knows no leader says "not found", for which the client has
// the code of a missing stream. That is not an empty stream.
func TestNoLeaderIsNotAnEmptyStream(t *testing.T) {
	f, stream := newFake(t), newStream()
	f.add(stream, uuid.New(), uuid.New())
	f.onRead = func(n int, o *streams.ReadReq_Options, call streams.Streams_ReadServer, proper func() error) error {
		if kindOf(o) == "stream" && n == 0 {
			return notLeader(call, "")
		}
		return proper()
	}
	got, err := read(f.open(t, 10*time.Second).ReadStream(t.Context(), stream, 0))
	require.NoError(t, err)
	require.Len(t, got, 2)
}

// The client goes to a leader that says nothing, and keeps all callers for the
// time that gossip has.
func TestLeaderHangs(t *testing.T) {
	leader, follower := newFake(t), newFake(t)
	leader.onFeatures = func(_ int, ctx context.Context) error {
		<-ctx.Done()
		return nil
	}
	follower.onAppend = func(_ int, call streams.Streams_AppendServer, _ func() (*streams.AppendResp, error)) error {
		return notLeader(call, leader.addr)
	}
	s := follower.open(t, 300*time.Millisecond)
	start := time.Now()
	_, err := s.Append(t.Context(), newStream(), 0, records(1)...)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Less(t, time.Since(start), 4*time.Second)
	leader.grpc.Stop()
}
