package kurrent_test

import (
	"context"
	"io/fs"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/entente-ledger/entente/domain/es"
)

// A subscription of the client drops with a raw error of gRPC and does not come
// back: it is resumed from the last position, and a server that sends something
// again is not believed.
func TestSubscriptionIsResumed(t *testing.T) {
	f, stream := newFake(t), newStream()
	var ids []uuid.UUID
	for range 60 {
		ids = append(ids, uuid.New())
	}
	f.add(stream, ids...)
	f.onRead = func(n int, o *streams.ReadReq_Options, call streams.Streams_ReadServer, proper func() error) error {
		if kindOf(o) != "subscribe" || n > 4 {
			return proper()
		}
		if err := call.Send(confirmed); err != nil {
			return err
		}
		f.mu.Lock()
		log := f.of("")
		f.mu.Unlock()
		from := int(o.GetAll().GetPosition().GetCommitPosition() / 100)
		for i := max(0, from-3); i < from+10; i++ {
			if err := call.Send(sent(log[i])); err != nil {
				return err
			}
		}
		return []error{
			status.Error(codes.Unavailable, "gone"), status.Error(codes.Aborted, "dropped"), nil,
			status.Error(codes.Internal, "stream terminated by RST_STREAM with error code: INTERNAL_ERROR"), notLeader(call, ""),
		}[n]
	}
	s := f.open(t, 10*time.Second)
	var got []uuid.UUID
	for r, err := range s.Subscribe(t.Context(), 0) {
		require.NoError(t, err)
		if r.IsMarker() {
			require.EqualValues(t, 6000, r.Position)
			break
		}
		got = append(got, r.ID)
	}
	require.Equal(t, ids, got)
	require.Equal(t, 6, f.counted("subscribe"))
}

// What says that another attempt would fail as well ends a subscription. The
// client wraps this error, so that its own FromError would not know it.
func TestSubscriptionRefused(t *testing.T) {
	for name, c := range map[string]struct {
		code codes.Code
		want string
	}{
		"access_denied":   {codes.PermissionDenied, "esdb.access_denied"},
		"unauthenticated": {codes.Unauthenticated, "esdb.unauthenticated"},
		"invalid":         {codes.InvalidArgument, "esdb.refused"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.onRead = func(_ int, o *streams.ReadReq_Options, _ streams.Streams_ReadServer, proper func() error) error {
				if kindOf(o) == "subscribe" {
					return status.Error(c.code, "no")
				}
				return proper()
			}
			_, err := read(f.open(t, 0).Subscribe(t.Context(), 0))
			require.ErrorContains(t, err, c.want)
			require.Equal(t, 1, f.counted("subscribe"))
		})
	}
}

// The client does not say where the server had caught up. The marker is at the
// head nevertheless, or past it, whatever others wrote after the last of ours.
func TestMarkerPassesWhatOthersWrote(t *testing.T) {
	for name, foreign := range map[string]int{"little": 5, "much": 1500} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.add(newStream(), uuid.New())
			f.add("memorandum-1", make([]uuid.UUID, foreign)...) // has the name of a kind, but no id
			f.onRead = func(_ int, o *streams.ReadReq_Options, call streams.Streams_ReadServer, proper func() error) error {
				if kindOf(o) != "subscribe" {
					return proper()
				}
				f.mu.Lock()
				log := f.of("")
				f.mu.Unlock()
				for _, m := range []*streams.ReadResp{confirmed, sent(log[0]), caughtUp} {
					if err := call.Send(m); err != nil {
						return err
					}
				}
				<-call.Context().Done()
				return nil
			}
			s := f.open(t, 0)
			head, err := s.Head(t.Context())
			require.NoError(t, err)
			n := 0
			for r, err := range s.Subscribe(t.Context(), 0) {
				require.NoError(t, err)
				if r.IsMarker() {
					require.GreaterOrEqual(t, r.Position, head)
					break
				}
				n++
			}
			require.Equal(t, 1, n)
			got, err := read(s.ReadAll(t.Context(), 0))
			require.NoError(t, err)
			require.Len(t, got, 1)
			got, err = read(s.ReadAll(t.Context(), head))
			require.NoError(t, err)
			require.Empty(t, got)
		})
	}
}

// There is no marker before the server has sent all that was there, nor while
// it says that it fell behind; a checkpoint moves the marker.
func TestMarkersWait(t *testing.T) {
	f, stream := newFake(t), newStream()
	f.add(stream, uuid.New(), uuid.New())
	next := make(chan struct{})
	f.onRead = func(_ int, o *streams.ReadReq_Options, call streams.Streams_ReadServer, proper func() error) error {
		if kindOf(o) != "subscribe" {
			return proper()
		}
		place := func(n int) *streams.ReadResp {
			f.mu.Lock()
			defer f.mu.Unlock()
			return sent(f.log[n])
		}
		checkpoint := &streams.ReadResp{Content: &streams.ReadResp_Checkpoint_{Checkpoint: &streams.ReadResp_Checkpoint{CommitPosition: 950, PreparePosition: 950}}}
		for _, step := range [][]func() *streams.ReadResp{
			{is(confirmed), func() *streams.ReadResp { return place(0) }},
			{func() *streams.ReadResp { return place(1) }, is(caughtUp)},
			{is(behind), func() *streams.ReadResp { f.add(stream, uuid.New(), uuid.New()); return place(2) }},
			{func() *streams.ReadResp { return place(3) }, is(caughtUp)},
			{is(checkpoint)},
		} {
			for _, m := range step {
				if err := call.Send(m()); err != nil {
					return err
				}
			}
			select {
			case <-next:
			case <-call.Context().Done():
				return nil
			}
			time.Sleep(20 * time.Millisecond) // in which a marker that must not come could
		}
		return nil
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var seen []es.Position // of a marker after a 0
	for r, err := range f.open(t, 0).Subscribe(ctx, 0) {
		require.NoError(t, err)
		if r.IsMarker() {
			seen = append(seen, 0)
		}
		seen = append(seen, r.Position)
		if r.Position == 950 {
			break
		}
		if r.IsMarker() || r.Position == 100 || r.Position == 300 {
			next <- struct{}{}
		}
	}
	require.Equal(t, []es.Position{100, 200, 0, 200, 300, 400, 0, 400, 0, 950}, seen)
}

func is(m *streams.ReadResp) func() *streams.ReadResp {
	return func() *streams.ReadResp { return m }
}

// A server that was killed and comes back, again and again, in the middle of
// appends and subscriptions: nothing is lost, nothing comes twice.
func TestServerKilledAndRestarted(t *testing.T) {
	srv := serve(t, t.TempDir())
	s, err := srv.open(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	const writers, each, subscribers = 8, 60, 3
	errs := make(chan error, writers+subscribers)
	written := make(chan struct{}, writers*each)
	want := make([][]es.Record, writers)
	for i := range writers {
		go func() {
			stream := newStream()
			for at := range es.Revision(each) {
				recs := records(1)
				if _, err := s.Append(ctx, stream, at, recs...); err != nil {
					errs <- err
					return
				}
				want[i] = append(want[i], recs...)
				written <- struct{}{}
			}
			errs <- nil
		}()
	}
	got := make([][]es.Record, subscribers)
	for i := range subscribers {
		go func() {
			for r, err := range s.Subscribe(ctx, 0) {
				if err != nil {
					errs <- err
					return
				}
				if !r.IsMarker() {
					got[i] = append(got[i], r)
				}
				if len(got[i]) == writers*each {
					break
				}
			}
			errs <- nil
		}()
	}
	for n := range writers * each {
		<-written
		switch n {
		case 50, 150, 250:
			srv.kill(t)
			srv.start(t)
		case 100, 200, 300:
			srv.conns.drop()
		}
	}
	for range writers + subscribers {
		require.NoError(t, <-errs)
	}
	log, err := read(s.ReadAll(ctx, 0))
	require.NoError(t, err)
	require.Len(t, log, writers*each)
	for _, g := range got {
		require.Equal(t, log, g)
	}
	ids := map[uuid.UUID]bool{}
	for _, r := range log {
		ids[r.ID] = true
	}
	for _, w := range want {
		for _, r := range w {
			require.True(t, ids[r.ID])
		}
	}
}

func TestCloseEndsASubscriptionThatWaitsForAServer(t *testing.T) {
	f := newFake(t)
	s := f.open(t, time.Second)
	live, ended := make(chan struct{}, 1), make(chan error, 1)
	go func() {
		var last error
		for r, err := range s.Subscribe(context.Background(), 0) {
			if last = err; r.IsMarker() && err == nil {
				live <- struct{}{}
			}
		}
		ended <- last
	}()
	<-live
	f.grpc.Stop()
	require.NoError(t, s.Close())
	require.ErrorIs(t, <-ended, fs.ErrClosed)
}
