package kurrent_test

import (
	"context"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/entente-ledger/entente/domain/es"
)

// An append whose answer is lost is sent again with the same ids, which the
// adapter always sets: the client gives an event without one a random one.
func TestAppendAgainAfterWhatIsTransient(t *testing.T) {
	for name, lose := range map[string]error{
		"unavailable": status.Error(codes.Unavailable, "going away"),
		"deadline":    status.Error(codes.DeadlineExceeded, "prepare timed out"),
		"aborted":     status.Error(codes.Aborted, "commit timed out"),
		"reset":       status.Error(codes.Internal, "stream terminated by RST_STREAM with error code: REFUSED_STREAM"),
	} {
		t.Run(name, func(t *testing.T) {
			f, stream, recs := newFake(t), newStream(), records(3)
			f.onAppend = func(n int, call streams.Streams_AppendServer, proper func() (*streams.AppendResp, error)) error {
				resp, err := proper() // the first is recorded, and the next is in conflict with it
				if err == nil && n > 0 {
					return call.SendAndClose(resp)
				}
				return lose
			}
			s := f.open(t, 10*time.Second)
			p, err := s.Append(t.Context(), stream, 0, recs...)
			require.NoError(t, err)
			require.EqualValues(t, 300, p)
			require.Equal(t, 2, f.counted("append"))
			got, err := read(s.ReadStream(t.Context(), stream, 0))
			require.NoError(t, err)
			require.Len(t, got, 3)
			require.True(t, es.SameIDs(got, recs))
		})
	}
}

// A server may answer before it has all of an append; the client then says EOF
// and nothing else. That is no final answer.
func TestAppendAnsweredTooEarly(t *testing.T) {
	f, recs := newFake(t), records(1000)
	for i := range recs {
		recs[i].Data = []byte(`"` + string(make([]byte, 900)) + `"`)
	}
	f.onAppend = func(n int, call streams.Streams_AppendServer, proper func() (*streams.AppendResp, error)) error {
		if n == 0 {
			return status.Error(codes.Unavailable, "not now")
		}
		resp, err := proper()
		if err != nil {
			return err
		}
		return call.SendAndClose(resp)
	}
	s := f.open(t, 10*time.Second)
	p, err := s.Append(t.Context(), newStream(), 0, recs...)
	require.NoError(t, err)
	require.EqualValues(t, 1000*100, p)
}

// Servers answer a repeat without a position, or with another one's: then the
// position is that of the record.
func TestAppendPositionOfARepeat(t *testing.T) {
	for name, position := range map[string]uint64{"none": 0, "of_another": 100} {
		t.Run(name, func(t *testing.T) {
			f, stream, recs := newFake(t), newStream(), records(3)
			s := f.open(t, 0)
			first, err := s.Append(t.Context(), stream, 0, recs...)
			require.NoError(t, err)
			_, err = s.Append(t.Context(), newStream(), 0, records(1)...)
			require.NoError(t, err)
			f.change(func() {
				f.onAppend = func(_ int, call streams.Streams_AppendServer, _ func() (*streams.AppendResp, error)) error {
					return call.SendAndClose(success(2, position))
				}
			})
			again, err := s.Append(t.Context(), stream, 0, recs...)
			require.NoError(t, err)
			require.Equal(t, first, again)
		})
	}
}

// What the server says without one of the two trailers that the client knows
// arrives as unknown, or by its status alone.
func TestAppendRefused(t *testing.T) {
	deleted := func(pairs ...string) func(call streams.Streams_AppendServer) error {
		return func(call streams.Streams_AppendServer) error {
			call.SetTrailer(metadata.Pairs(append(pairs, "exception", "stream-deleted")...))
			return status.Error(codes.FailedPrecondition, "deleted")
		}
	}
	plain := func(code codes.Code) func(streams.Streams_AppendServer) error {
		return func(streams.Streams_AppendServer) error { return status.Error(code, "no") }
	}
	for name, c := range map[string]struct {
		answer func(call streams.Streams_AppendServer) error
		want   error
		code   string
	}{
		"access_denied":   {plain(codes.PermissionDenied), es.ErrRejected, "esdb.access_denied"},
		"unauthenticated": {plain(codes.Unauthenticated), es.ErrRejected, "esdb.unauthenticated"},
		"too_large":       {plain(codes.InvalidArgument), es.ErrInvalid, "esdb.refused"},
		"conflict_status": {plain(codes.FailedPrecondition), es.ErrConflict, "es.conflict"},
		"stream_deleted":  {deleted("stream-name", "x"), es.ErrCorrupt, "esdb.stream_deleted"},
		"soft_deleted":    {func(call streams.Streams_AppendServer) error { return call.SendAndClose(success(7, 700)) }, es.ErrCorrupt, "esdb.misplaced"},
		"unknown":         {plain(codes.Unknown), nil, "no"},
		// The client panics where this trailer has no stream-name: here is caught.
		"missing_trailer": {deleted(), nil, "the answer of the server cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.onAppend = func(_ int, call streams.Streams_AppendServer, _ func() (*streams.AppendResp, error)) error {
				for {
					if _, err := call.Recv(); err != nil { // an answer before that may be an EOF to the client
						return c.answer(call)
					}
				}
			}
			s := f.open(t, 10*time.Second)
			_, err := s.Append(t.Context(), newStream(), 0, records(1)...)
			require.ErrorContains(t, err, c.code)
			if c.want != nil {
				require.ErrorIs(t, err, c.want)
			}
			require.Equal(t, 1, f.counted("append"), "what is final is not tried again")
		})
	}
}

func TestAppendConflictNamesTheRevision(t *testing.T) {
	f, stream := newFake(t), newStream()
	f.add(stream, uuid.New(), uuid.New(), uuid.New())
	s := f.open(t, 0)
	_, err := s.Append(t.Context(), stream, 1, records(1)...)
	require.ErrorIs(t, err, es.ErrConflict)
	require.ErrorContains(t, err, "is at revision 3, not 1")
}

// The deadline is ours, on every attempt together, and the caller learns what
// went wrong before it.
func TestDeadline(t *testing.T) {
	f := newFake(t)
	f.onAppend = func(n int, call streams.Streams_AppendServer, _ func() (*streams.AppendResp, error)) error {
		if n == 0 {
			return status.Error(codes.Unavailable, "the first failure")
		}
		<-call.Context().Done()
		return nil
	}
	s := f.open(t, 300*time.Millisecond)
	start := time.Now()
	_, err := s.Append(t.Context(), newStream(), 0, records(1)...)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.ErrorContains(t, err, "the first failure")
	require.GreaterOrEqual(t, time.Since(start), 300*time.Millisecond)
	require.Less(t, time.Since(start), 8*time.Second, "not the client's 10 s")
}
