package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
)

const writers = 64

// eachWriter runs f in all writers at once, and fails with the first error.
func eachWriter(t *testing.T, f func(writer int) error) {
	t.Helper()
	var wg sync.WaitGroup
	errs := make([]error, writers)
	start := make(chan struct{})
	for i := range writers {
		wg.Go(func() {
			<-start
			errs[i] = f(i)
		})
	}
	close(start)
	wg.Wait()
	require.NoError(t, errors.Join(errs...))
}

var concurrentTests = []test{
	{"writers_on_own_streams", func(t *testing.T, b Backend) {
		s, ctx := open(t, b), testContext(t)
		before := head(t, s)
		streams := make([]string, writers)
		want := make([][]es.Record, writers)
		eachWriter(t, func(i int) error {
			streams[i] = newStream()
			for at := es.Revision(0); at < 20; at += 2 {
				recs := newRecords(2)
				p, err := s.Append(ctx, streams[i], at, recs...)
				if err != nil {
					return err
				}
				if now, err := s.Head(ctx); err != nil || now < p {
					return fmt.Errorf("head is %d after an append at %d: %w", now, p, err)
				}
				want[i] = append(want[i], placed(streams[i], at, recs)...)
			}
			return nil
		})
		for i, stream := range streams {
			requireStream(t, s, stream, want[i])
		}
		requireSound(t, s, before)
	}},
	{"one_writer_wins_each_revision", func(t *testing.T, b Backend) {
		s, ctx, stream := open(t, b), testContext(t), newStream()
		const revisions = 10
		wins := make([][revisions]int, writers)
		for at := range es.Revision(revisions) {
			eachWriter(t, func(i int) error {
				_, err := s.Append(ctx, stream, at, newRecords(1)...)
				if errors.Is(err, es.ErrConflict) {
					return nil
				}
				wins[i][at]++
				return err
			})
		}
		for at := range revisions {
			n := 0
			for i := range wins {
				n += wins[i][at]
			}
			require.Equal(t, 1, n, "winners of revision %d", at+1)
		}
		require.Len(t, all(t, s.ReadStream(ctx, stream, 0)), revisions)
	}},
	{"a_conflict_fails_alone", func(t *testing.T, b Backend) {
		s, ctx, contested := open(t, b), testContext(t), newStream()
		appendTo(t, s, contested, 0, 1)
		eachWriter(t, func(i int) error {
			if i%2 == 0 {
				if _, err := s.Append(ctx, contested, 0, newRecords(1)...); !errors.Is(err, es.ErrConflict) {
					return fmt.Errorf("want a conflict, got %w", err)
				}
				return nil
			}
			_, err := s.Append(ctx, newStream(), 0, newRecords(3)...)
			return err
		})
		require.Len(t, all(t, s.ReadStream(ctx, contested, 0)), 1)
	}},
	{"the_same_append_from_all_is_one", func(t *testing.T, b Backend) {
		s, ctx, stream, recs := open(t, b), testContext(t), newStream(), newRecords(4)
		positions := make([]es.Position, writers)
		eachWriter(t, func(i int) (err error) {
			positions[i], err = s.Append(ctx, stream, 0, recs...)
			return err
		})
		for _, p := range positions {
			require.Equal(t, positions[0], p)
		}
		requireStream(t, s, stream, placed(stream, 0, recs))
	}},
	{"appends_are_seen_whole", func(t *testing.T, b Backend) {
		s, ctx, stream := open(t, b), testContext(t), newStream()
		done := make(chan error, 1)
		go func() {
			for at := es.Revision(0); at < 7*150; at += 7 {
				if _, err := s.Append(ctx, stream, at, newRecords(7)...); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
		for reading := true; reading; {
			select {
			case err := <-done:
				require.NoError(t, err)
				reading = false
			default:
			}
			require.Zero(t, len(all(t, s.ReadStream(ctx, stream, 0)))%7)
		}
	}},
}
