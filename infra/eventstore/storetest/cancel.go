package storetest

import (
	"context"
	"iter"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
)

// sequences are all that a store yields from, after a record of stream.
func sequences(ctx context.Context, s es.Store, stream string) map[string]iter.Seq2[es.Record, error] {
	return map[string]iter.Seq2[es.Record, error]{
		"stream":    s.ReadStream(ctx, stream, 0),
		"log":       s.ReadAll(ctx, 0),
		"subscribe": s.Subscribe(ctx, 0),
	}
}

// last reads a sequence to its end, and returns its error, which must be the
// last it yields.
func last(t *testing.T, seq iter.Seq2[es.Record, error], each func()) (err error) {
	t.Helper()
	for _, e := range seq {
		require.NoError(t, err, "an error is the last yield")
		if err = e; err == nil {
			each()
		}
	}
	return err
}

var cancelTests = []test{
	{"before_it_begins", func(t *testing.T, b Backend) {
		s, stream := open(t, b), newStream()
		want := appendTo(t, s, stream, 0, 2)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := s.Append(ctx, stream, 2, newRecords(1)...)
		require.ErrorIs(t, err, context.Canceled)
		_, err = s.Head(ctx)
		require.ErrorIs(t, err, context.Canceled)
		for name, seq := range sequences(ctx, s, stream) {
			require.ErrorIs(t, last(t, seq, func() { t.Error(name + " yields") }), context.Canceled, name)
		}
		requireStream(t, s, stream, want)
	}},
	{"in_the_middle_of_a_read", func(t *testing.T, b Backend) {
		s, stream := open(t, b), newStream()
		appendTo(t, s, stream, 0, es.MaxAppendRecords)
		for _, name := range []string{"stream", "log", "subscribe"} {
			ctx, cancel := context.WithCancel(t.Context())
			n := 0
			err := last(t, sequences(ctx, s, stream)[name], func() {
				if n++; n == 40 {
					cancel()
				}
			})
			cancel()
			require.ErrorIs(t, err, context.Canceled, name)
			require.Less(t, n, es.MaxAppendRecords, name)
		}
	}},
	{"while_waiting_for_more", func(t *testing.T, b Backend) {
		s := open(t, b)
		var wg sync.WaitGroup
		for range 20 {
			ctx, cancel := context.WithCancel(testContext(t))
			marked := make(chan struct{}, 100)
			wg.Go(func() {
				<-marked
				cancel()
			})
			err := last(t, s.Subscribe(ctx, head(t, s)), func() {
				select {
				case marked <- struct{}{}:
				default:
				}
			})
			require.ErrorIs(t, err, context.Canceled)
		}
		wg.Wait()
	}},
	{"append_under_way", func(t *testing.T, b Backend) {
		s, stream := open(t, b), newStream()
		at := es.Revision(0)
		for range 50 {
			recs := newRecords(3)
			ctx, cancel := context.WithCancel(testContext(t))
			go cancel()
			if _, err := s.Append(ctx, stream, at, recs...); err != nil {
				require.ErrorIs(t, err, context.Canceled)
			}
			// Whether it was appended or not, appending it again settles it.
			_, err := s.Append(testContext(t), stream, at, recs...)
			require.NoError(t, err)
			requireSame(t, placed(stream, at, recs), all(t, s.ReadStream(testContext(t), stream, at)))
			at += 3
		}
	}},
	{"one_waiting_append_leaves_the_others", func(t *testing.T, b Backend) {
		s := open(t, b)
		eachWriter(t, func(i int) error {
			ctx, cancel := context.WithCancel(testContext(t))
			defer cancel()
			if i%4 != 0 {
				_, err := s.Append(ctx, newStream(), 0, newRecords(1)...)
				return err
			}
			go cancel()
			_, _ = s.Append(ctx, newStream(), 0, newRecords(1)...) // either outcome
			return nil
		})
	}},
}
