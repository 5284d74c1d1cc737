package embedded_test

import (
	"context"
	"fmt"
	"iter"
	"math"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
)

// foreign returns n records of another program, of bytes that are no text.
func foreign(n int) []es.Record {
	recs := make([]es.Record, n)
	for i := range recs {
		recs[i] = es.Record{ID: uuid.New(), Type: "Order Placed ⚑", Data: everyByte(i), Meta: everyByte(i + 7)}
	}
	return recs
}

func everyByte(from int) []byte {
	b := make([]byte, 256)
	for i := range b {
		b[i] = byte(from + i)
	}
	return b
}

func collect(t *testing.T, seq iter.Seq2[es.Record, error]) (recs []es.Record) {
	t.Helper()
	for r, err := range seq {
		require.NoError(t, err)
		recs = append(recs, r)
	}
	return recs
}

func TestLog(t *testing.T) {
	ctx, s := t.Context(), open(t, t.TempDir())
	log := s.Log()
	want := foreign(1200)
	const stream = "orders of\x00 all\xffkinds"
	done, err := log.Append(ctx, stream, embedded.At(0), want[:700]...)
	require.NoError(t, err)
	require.Equal(t, embedded.Appended{Position: 700, Revision: 700}, done)
	own := newStream()
	_, err = s.Append(ctx, own, 0, batch(3)...)
	require.NoError(t, err)
	done, err = log.Append(ctx, stream, embedded.Existing(), want[700:]...)
	require.NoError(t, err)
	require.Equal(t, embedded.Appended{Position: 1203, Revision: 1200}, done)
	for i := range want {
		want[i].Stream, want[i].Revision, want[i].Position = stream, es.Revision(i+1), es.Position(i+1)
		if i >= 700 {
			want[i].Position += 3
		}
	}

	t.Run("reads_both_ways", func(t *testing.T) {
		require.Equal(t, want[100:], collect(t, log.ReadStream(ctx, stream, 100)))
		require.Equal(t, want[:100], reversed(collect(t, log.ReadStreamBack(ctx, stream, 101))))
		require.Equal(t, want, reversed(collect(t, log.ReadStreamBack(ctx, stream, math.MaxUint64))))
		all := collect(t, log.ReadAll(ctx, 0))
		require.Len(t, all, 1203)
		require.Equal(t, all, reversed(collect(t, log.ReadAllBack(ctx, math.MaxUint64))))
		require.Equal(t, all[:701], reversed(collect(t, log.ReadAllBack(ctx, 702))))
		require.Empty(t, collect(t, log.ReadAllBack(ctx, 1)))
		require.Empty(t, collect(t, log.ReadStreamBack(ctx, "nothing", 5)))
	})
	t.Run("says_where_a_stream_ends", func(t *testing.T) {
		for name, last := range map[string]es.Revision{stream: 1200, own: 3, "nothing": 0} {
			got, err := log.Last(ctx, name)
			require.NoError(t, err)
			require.Equal(t, last, got)
		}
	})
	t.Run("the_ledger_sees_its_own", func(t *testing.T) {
		for _, recs := range [][]es.Record{collect(t, s.ReadAll(ctx, 0)), collect(t, s.ReadStream(ctx, own, 0))} {
			require.Len(t, recs, 3)
			require.Equal(t, own, recs[0].Stream)
		}
		require.Empty(t, collect(t, s.ReadStream(ctx, stream, 0)))
		n := 0
		for r, err := range s.Subscribe(ctx, 0) {
			require.NoError(t, err)
			if r.IsMarker() {
				require.Equal(t, es.Position(1203), r.Position)
				break
			}
			n++
		}
		require.Equal(t, 3, n)
	})
	t.Run("follows", func(t *testing.T) {
		var got []es.Record
		for r, err := range log.Subscribe(ctx, 0) {
			require.NoError(t, err)
			if r.IsMarker() {
				break
			}
			got = append(got, r)
		}
		require.Len(t, got, 1203)
	})
}

func reversed(recs []es.Record) []es.Record {
	slices.Reverse(recs)
	return recs
}

func TestLogExpects(t *testing.T) {
	ctx, s := t.Context(), open(t, t.TempDir())
	log := s.Log()
	stream := 0
	fresh := func() string { stream++; return fmt.Sprint("stream ", stream) }

	t.Run("a_stream_that_exists", func(t *testing.T) {
		name := fresh()
		_, err := log.Append(ctx, name, embedded.Existing(), foreign(1)...)
		require.ErrorIs(t, err, es.ErrConflict)
		require.Empty(t, collect(t, log.ReadStream(ctx, name, 0)))
	})
	t.Run("nothing", func(t *testing.T) {
		name, recs := fresh(), foreign(5)
		first, err := log.Append(ctx, name, embedded.Anywhere(), recs[:2]...)
		require.NoError(t, err)
		second, err := log.Append(ctx, name, embedded.Anywhere(), recs[2:4]...)
		require.NoError(t, err)
		for _, again := range []struct {
			recs []es.Record
			want embedded.Appended
		}{{recs[:2], first}, {recs[2:4], second}, {recs[:4], second}, {recs[:1], embedded.Appended{Position: first.Position - 1, Revision: 1}}} {
			for _, e := range []embedded.Expected{embedded.Anywhere(), embedded.Existing()} {
				got, err := log.Append(ctx, name, e, again.recs...)
				require.NoError(t, err)
				require.Equal(t, again.want, got, "a repeat")
			}
		}
		for _, partial := range [][]es.Record{recs, {recs[1], recs[0]}, {recs[0], recs[2]}, {recs[4], recs[0]}} {
			_, err := log.Append(ctx, name, embedded.Anywhere(), partial...)
			require.ErrorIs(t, err, es.ErrConflict)
		}
		require.Len(t, collect(t, log.ReadStream(ctx, name, 0)), 4)
	})
	t.Run("a_repeat_long_after_is_another_append", func(t *testing.T) {
		name, recs := fresh(), foreign(1)
		_, err := log.Append(ctx, name, embedded.Anywhere(), recs...)
		require.NoError(t, err)
		_, err = log.Append(ctx, name, embedded.Anywhere(), foreign(256)...)
		require.NoError(t, err)
		again, err := log.Append(ctx, name, embedded.Anywhere(), recs...)
		require.NoError(t, err)
		require.EqualValues(t, 258, again.Revision)
	})
	t.Run("repeats_in_one_group", func(t *testing.T) {
		name, recs := fresh(), foreign(2)
		errs := make(chan error, 40)
		for range cap(errs) {
			go func() {
				done, err := log.Append(context.Background(), name, embedded.Anywhere(), recs...)
				if err == nil && done.Revision != 2 {
					err = fmt.Errorf("appended at %d", done.Revision)
				}
				errs <- err
			}()
		}
		for range cap(errs) {
			require.NoError(t, <-errs)
		}
		require.Len(t, collect(t, log.ReadStream(ctx, name, 0)), 2)
	})
}

func TestLogSeals(t *testing.T) {
	dir := t.TempDir()
	ctx, s := t.Context(), open(t, dir)
	log, recs := s.Log(), foreign(2)
	_, err := log.Append(ctx, "orders", embedded.At(0), recs...)
	require.NoError(t, err)
	_, err = log.Seal(ctx, "orders", embedded.At(1), uuid.New(), nil)
	require.ErrorIs(t, err, es.ErrConflict)
	done, err := log.Seal(ctx, "orders", embedded.Anywhere(), uuid.New(), nil)
	require.NoError(t, err)
	require.EqualValues(t, 3, done.Revision)
	for range 2 { // the second time in a store that was opened again
		for _, e := range []embedded.Expected{embedded.Anywhere(), embedded.Existing(), embedded.At(3), embedded.At(0)} {
			_, err = log.Append(ctx, "orders", e, foreign(1)...)
			require.ErrorIs(t, err, embedded.ErrSealed)
		}
		got := collect(t, log.ReadStream(ctx, "orders", 0))
		require.Len(t, got, 3)
		require.False(t, embedded.IsSeal(got[1]))
		require.True(t, embedded.IsSeal(got[2]))
		require.NoError(t, s.Close())
		s = open(t, dir)
		log = s.Log()
	}
	_, err = log.Append(ctx, "never was", embedded.At(0), foreign(1)...)
	require.NoError(t, err, "other streams go on")
}

func TestLogRefuses(t *testing.T) {
	ctx, s := t.Context(), open(t, t.TempDir())
	long := string(make([]byte, embedded.MaxForeignName+1))
	large, nameless, typed := foreign(2), foreign(1), foreign(1)
	large[0].Data, large[1].Meta = make([]byte, embedded.MaxForeignBytes/2), make([]byte, embedded.MaxForeignBytes/2)
	nameless[0].ID, typed[0].Type = uuid.Nil, long
	mixed := append(foreign(1), batch(1)...)
	for name, c := range map[string]struct {
		stream string
		recs   []es.Record
	}{
		"no_stream":   {"", foreign(1)},
		"long_stream": {long, foreign(1)},
		"large":       {"s", large},
		"no_id":       {"s", nameless},
		"long_type":   {"s", typed},
		"two_kinds":   {"s", mixed},
		"nothing":     {"s", nil},
		"own_record":  {"s", batch(1)},
	} {
		_, err := s.Log().Append(ctx, c.stream, embedded.Anywhere(), c.recs...)
		require.ErrorIs(t, err, es.ErrInvalid, name)
	}
	require.Empty(t, collect(t, s.Log().ReadAll(ctx, 0)))
}
