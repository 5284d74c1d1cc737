package kurrent_test

import (
	"context"
	"io/fs"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/kurrent"
)

// inClient returns the stacks of the goroutines that are in the adapter or in
// the client.
func inClient() (stacks []string) {
	buf := make([]byte, 4<<20)
	for stack := range strings.SplitSeq(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		if strings.Contains(stack, "esdb.connectionStateMachine") || strings.Contains(stack, "eventstore/kurrent.") {
			stacks = append(stacks, stack)
		}
	}
	return stacks
}

func requireNothingLeft(t *testing.T) {
	t.Helper()
	require.Eventually(t, func() bool { return len(inClient()) == 0 }, 20*time.Second, 10*time.Millisecond)
}

// A client that finds no server is dead: whoever calls it then waits for ever,
// whatever his context says, and closing it makes them panic. Here the callers
// fail when they should, another client is made when there is a server again,
// and Close leaves nothing behind. Calls that fail on the old connection while
// a search for the server is failing are the worst case.
func TestServerIsAway(t *testing.T) {
	f := newFake(t)
	began := make(chan struct{}, 64)
	f.onAppend = func(int, streams.Streams_AppendServer, func() (*streams.AppendResp, error)) error {
		began <- struct{}{}
		time.Sleep(time.Duration(len(began)) * time.Millisecond) // they fail one after the other
		return status.Error(codes.Unavailable, "shutting down")
	}
	s := f.open(t, 10*time.Second)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	start := time.Now()
	errs := make(chan error, 64)
	for range 64 {
		go func() {
			_, err := s.Append(ctx, newStream(), 0, records(1)...)
			errs <- err
		}()
	}
	<-began
	go f.grpc.Stop()
	for range 64 {
		require.ErrorIs(t, <-errs, context.DeadlineExceeded)
	}
	require.Less(t, time.Since(start), 5*time.Second)

	f.grpc.Stop()
	f.change(func() { f.onAppend = nil })
	f.start(t)
	_, err := s.Append(t.Context(), newStream(), 0, records(1)...)
	require.NoError(t, err)
	require.NoError(t, s.Close())
	requireNothingLeft(t)
}

// A server that accepts connections and says nothing: the client would keep
// callers for the time that gossip has.
func TestDiscoveryHangs(t *testing.T) {
	f := newFake(t)
	release := make(chan struct{})
	f.onFeatures = func(_ int, ctx context.Context) error {
		select {
		case <-release:
		case <-ctx.Done():
		}
		return status.Error(codes.Unavailable, "never ready")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := kurrent.Open(ctx, "esdb://"+f.addr+"?tls=false", kurrent.Options{})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Less(t, time.Since(start), 4*time.Second)
	close(release)
	requireNothingLeft(t)
}

// A call that fails on a connection after another client of it would have
// searched for a server in vain: it must not wait for that client for ever.
func TestLateFailure(t *testing.T) {
	f := newFake(t)
	held, release := make(chan struct{}), make(chan struct{})
	f.onAppend = func(n int, _ streams.Streams_AppendServer, _ func() (*streams.AppendResp, error)) error {
		if n == 0 {
			close(held)
			<-release
		}
		return status.Error(codes.Unavailable, "shutting down")
	}
	s := f.open(t, 10*time.Second)
	late := make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		_, err := s.Append(ctx, newStream(), 0, records(1)...)
		late <- err
	}()
	<-held
	f.change(func() {
		f.onFeatures = func(int, context.Context) error { return status.Error(codes.Unavailable, "not ready") }
	})
	short, done := context.WithTimeout(t.Context(), 700*time.Millisecond)
	defer done()
	_, err := s.Append(short, newStream(), 0, records(1)...)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Greater(t, f.counted("features"), 1)
	close(release)
	f.change(func() { f.onFeatures, f.onAppend = nil, nil })
	require.NoError(t, <-late)
	cancel()
	require.NoError(t, s.Close())
	requireNothingLeft(t)
}

// However many call, one client is made at a time, with pauses that grow.
func TestOneClientAtATime(t *testing.T) {
	f := newFake(t)
	s, err := kurrent.Open(t.Context(), "esdb://"+f.addr+"?tls=false&discoveryInterval=0", kurrent.Options{})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	var most, now, tries int
	f.change(func() {
		f.onRead = func(int, *streams.ReadReq_Options, streams.Streams_ReadServer, func() error) error {
			return status.Error(codes.Unavailable, "shutting down")
		}
		f.onFeatures = func(int, context.Context) error {
			f.change(func() {
				tries++
				now++
				most = max(most, now)
			})
			time.Sleep(5 * time.Millisecond)
			f.change(func() { now-- })
			return status.Error(codes.Unavailable, "not ready")
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
	defer cancel()
	errs := make(chan error, 32)
	for range 32 {
		go func() {
			_, err := s.Head(ctx)
			errs <- err
		}()
	}
	for range 32 {
		require.ErrorIs(t, <-errs, context.DeadlineExceeded)
	}
	f.change(func() {
		require.Equal(t, 1, most)
		require.Greater(t, tries, 1)
		require.Less(t, tries, 20)
	})
}

func TestOldServer(t *testing.T) {
	f := newFake(t)
	f.version = "22.10.5"
	_, err := kurrent.Open(t.Context(), "esdb://"+f.addr+"?tls=false", kurrent.Options{})
	require.ErrorIs(t, err, es.ErrInvalid)
	require.ErrorContains(t, err, "22.10.5")
}

func TestNobodyThere(t *testing.T) {
	_, err := kurrent.Open(t.Context(), "esdb://127.0.0.1:1?tls=false&defaultDeadline=200", kurrent.Options{})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.ErrorContains(t, err, "connection refused")
}

// Close does not wait for a server that never answers, and never panics.
func TestCloseEndsCalls(t *testing.T) {
	f := newFake(t)
	began := make(chan struct{}, 40)
	f.onAppend = func(_ int, call streams.Streams_AppendServer, _ func() (*streams.AppendResp, error)) error {
		began <- struct{}{}
		<-call.Context().Done()
		return nil
	}
	s := f.open(t, time.Minute)
	errs := make(chan error, 40)
	for range 40 {
		go func() {
			_, err := s.Append(context.Background(), newStream(), 0, records(1)...)
			errs <- err
		}()
	}
	for range 40 {
		<-began
	}
	require.NoError(t, s.Close())
	for range 40 {
		require.ErrorIs(t, <-errs, fs.ErrClosed)
	}
	_, err := s.Append(t.Context(), newStream(), 0, records(1)...)
	require.ErrorIs(t, err, fs.ErrClosed)
	for _, seq := range []func(func(es.Record, error) bool){s.ReadStream(t.Context(), newStream(), 0), s.ReadAll(t.Context(), 0), s.Subscribe(t.Context(), 0)} {
		_, err := read(seq)
		require.ErrorIs(t, err, fs.ErrClosed)
	}
	requireNothingLeft(t)
}
