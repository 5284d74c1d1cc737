package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
)

var subscribeTests = []test{
	{"history_marker_live_marker", func(t *testing.T, b Backend) {
		s, stream := open(t, b), newStream()
		before := head(t, s)
		want := appendTo(t, s, stream, 0, 600)
		var got []es.Record
		live := false
		for r, err := range s.Subscribe(testContext(t), before) {
			require.NoError(t, err)
			switch {
			case r.IsMarker() && len(got) == 600 && !live:
				require.GreaterOrEqual(t, r.Position, got[599].Position)
				want = append(want, appendTo(t, s, stream, 600, 2)...)
				live = true
				continue
			case r.Stream == stream:
				got = append(got, r)
				continue
			case !r.IsMarker() || len(got) < 602:
				continue
			}
			require.GreaterOrEqual(t, r.Position, got[601].Position)
			break
		}
		requireSame(t, want, got)
	}},
	{"marker_when_there_is_nothing", func(t *testing.T, b Backend) {
		s := open(t, b)
		appendTo(t, s, newStream(), 0, 1)
		for r, err := range s.Subscribe(testContext(t), head(t, s)) {
			require.NoError(t, err)
			if r.IsMarker() {
				require.NotZero(t, r.Position)
				break
			}
		}
	}},
	{"marker_is_a_checkpoint", func(t *testing.T, b Backend) {
		s, stream := open(t, b), newStream()
		checkpoint := head(t, s)
		var want, got []es.Record
		for i := range 20 {
			if i%2 == 0 {
				want = append(want, appendTo(t, s, stream, es.Revision(len(want)), 3)...)
			}
			for r, err := range s.Subscribe(testContext(t), checkpoint) {
				require.NoError(t, err)
				require.GreaterOrEqual(t, r.Position, checkpoint)
				checkpoint = r.Position
				if r.IsMarker() {
					break
				}
				if r.Stream == stream {
					got = append(got, r)
				}
			}
		}
		requireSame(t, want, got)
	}},
	{"misses_and_repeats_nothing_while_others_write", func(t *testing.T, b Backend) {
		s := open(t, b)
		before := head(t, s)
		const writers, subscribers, each = 8, 16, 60
		ctx := testContext(t)
		end := newStream() // its one record is the last of all
		seen := make([][]es.Position, subscribers)
		errs := make(chan error, writers+subscribers)
		var wg, writing sync.WaitGroup
		for i := range subscribers {
			wg.Go(func() {
				var err error
				seen[i], err = positionsUntil(ctx, s, before, end)
				errs <- err
			})
		}
		for range writers {
			writing.Go(func() {
				stream := newStream()
				for at := es.Revision(0); at < each; at += 2 {
					if _, err := s.Append(ctx, stream, at, newRecords(2)...); err != nil {
						errs <- err
						return
					}
				}
			})
		}
		writing.Wait()
		appendTo(t, s, end, 0, 1)
		wg.Wait()
		close(errs)
		for err := range errs {
			require.NoError(t, err)
		}
		var want []es.Position
		for _, r := range requireSound(t, s, before) {
			want = append(want, r.Position)
			if r.Stream == end {
				break
			}
		}
		require.GreaterOrEqual(t, len(want), writers*each+1)
		for _, got := range seen {
			require.Equal(t, want, got)
		}
	}},
	{"slow_subscriber_holds_up_nobody", func(t *testing.T, b Backend) {
		s, stream := open(t, b), newStream()
		before := head(t, s)
		want := appendTo(t, s, stream, 0, 10)
		ctx := testContext(t)
		stuck, release := make(chan struct{}, 20), make(chan struct{})
		var wg sync.WaitGroup
		for range 20 { // more than a store has connections
			wg.Go(func() {
				for range s.Subscribe(ctx, before) {
					stuck <- struct{}{}
					<-release
					return
				}
			})
		}
		for range 20 {
			<-stuck
		}
		for at := es.Revision(10); at < 50; at++ {
			want = append(want, appendTo(t, s, stream, at, 1)...)
		}
		requireStream(t, s, stream, want)
		got, err := positionsUntil(ctx, s, before, stream)
		require.NoError(t, err)
		require.NotEmpty(t, got)
		close(release)
		wg.Wait()
	}},
	{"consumer_appends_inside_the_loop", func(t *testing.T, b Backend) {
		s, stream := open(t, b), newStream()
		before := head(t, s)
		want := appendTo(t, s, stream, 0, 1)
		var got []es.Record
		for r, err := range s.Subscribe(testContext(t), before) {
			require.NoError(t, err)
			if r.Stream != stream {
				continue
			}
			if got = append(got, r); len(got) == 100 {
				break
			}
			want = append(want, appendTo(t, s, stream, es.Revision(len(want)), 1)...)
		}
		requireSame(t, want, got)
	}},
	{"read_only_opener_sees_new_records", func(t *testing.T, b Backend) {
		if b.OpenReadOnly == nil {
			t.Skip("this store has no read-only opener")
		}
		s, stream := open(t, b), newStream()
		want := appendTo(t, s, stream, 0, 2)
		reader, err := b.OpenReadOnly(testContext(t))
		require.NoError(t, err)
		defer func() { require.NoError(t, reader.Close()) }()
		requireStream(t, reader, stream, want)
		require.Equal(t, head(t, s), head(t, reader))
		_, err = reader.Append(testContext(t), stream, 2, newRecords(1)...)
		require.Error(t, err)
		for i := range 10 { // each time from a stream that it has not met
			from, fresh := head(t, reader), newStream()
			for r, err := range reader.Subscribe(testContext(t), from) {
				require.NoError(t, err)
				if r.IsMarker() {
					if len(all(t, s.ReadStream(testContext(t), fresh, 0))) == 0 {
						appendTo(t, s, fresh, 0, 1+i)
					}
				} else if r.Stream == fresh && r.Revision == es.Revision(1+i) {
					break
				}
			}
			require.Len(t, all(t, reader.ReadStream(testContext(t), fresh, 0)), 1+i)
		}
	}},
}

// positionsUntil subscribes after a position and returns those of all records
// up to the first of a stream.
func positionsUntil(ctx context.Context, s es.Store, after es.Position, stream string) ([]es.Position, error) {
	var got []es.Position
	last := after
	for r, err := range s.Subscribe(ctx, after) {
		switch {
		case err != nil:
			return got, err
		case r.IsMarker() && r.Position < last:
			return got, fmt.Errorf("marker at %d after a record at %d", r.Position, last)
		case r.IsMarker():
			continue
		}
		last = r.Position
		if got = append(got, r.Position); r.Stream == stream {
			return got, nil
		}
	}
	return got, fmt.Errorf("the subscription ended without an error")
}
