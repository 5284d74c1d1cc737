package storetest

import (
	"iter"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
)

var readTests = []test{
	{"unknown_stream_is_empty", func(t *testing.T, b Backend) {
		s := open(t, b)
		requireStream(t, s, newStream(), nil)
		require.Empty(t, all(t, s.ReadStream(testContext(t), newStream(), 7)))
	}},
	{"stream_after_any_revision", func(t *testing.T, b Backend) {
		s, stream := open(t, b), newStream()
		const n = 1500 // more than a store reads at a time
		want := appendTo(t, s, stream, 0, es.MaxAppendRecords)
		want = append(want, appendTo(t, s, stream, es.MaxAppendRecords, n-es.MaxAppendRecords)...)
		appendTo(t, s, newStream(), 0, 3)
		for _, after := range []int{0, 1, 31, 32, 33, 511, 512, 543, 544, 545, n - 1, n} {
			requireSame(t, want[after:], all(t, s.ReadStream(testContext(t), stream, es.Revision(after))))
		}
		require.Empty(t, all(t, s.ReadStream(testContext(t), stream, n+1)))
		require.Empty(t, all(t, s.ReadStream(testContext(t), stream, 1<<63-1)))
	}},
	{"log_after_any_position", func(t *testing.T, b Backend) {
		s := open(t, b)
		before := head(t, s)
		streams := map[string][]es.Record{}
		for range 40 {
			stream := newStream()
			for at := range es.Revision(5) {
				streams[stream] = append(streams[stream], appendTo(t, s, stream, at, 1)...)
			}
		}
		log := requireSound(t, s, before)
		got := map[string][]es.Record{}
		for _, r := range log {
			got[r.Stream] = append(got[r.Stream], r)
		}
		for stream, want := range streams {
			requireSame(t, want, got[stream])
		}
		for i := 0; i < len(log); i += 7 {
			rest := all(t, s.ReadAll(testContext(t), log[i].Position))
			require.GreaterOrEqual(t, len(rest), len(log)-i-1)
			require.Equal(t, log[i+1:], rest[:len(log)-i-1], "after %d", log[i].Position)
		}
		require.Empty(t, all(t, s.ReadAll(testContext(t), head(t, s)+1000)))
	}},
	{"records_of_one_append_are_neighbours", func(t *testing.T, b Backend) {
		s, stream := open(t, b), newStream()
		before := head(t, s)
		want := appendTo(t, s, stream, 0, 20)
		var got []es.Record
		for _, r := range requireSound(t, s, before) {
			if r.Stream == stream {
				got = append(got, r)
			} else {
				require.True(t, len(got) == 0 || len(got) == 20, "%s is in between", r.Stream)
			}
		}
		requireSame(t, want, got)
	}},
	{"early_break_leaks_nothing", func(t *testing.T, b Backend) {
		s, stream := open(t, b), newStream()
		want := appendTo(t, s, stream, 0, 100)
		for i := range 200 { // more than a store has connections
			for _, seq := range []iter.Seq2[es.Record, error]{
				s.ReadStream(testContext(t), stream, 0),
				s.ReadAll(testContext(t), 0),
				s.Subscribe(testContext(t), 0),
			} {
				n := 0
				for r, err := range seq {
					require.NoError(t, err)
					require.False(t, r.IsMarker())
					if n++; n > i%50 {
						break
					}
				}
			}
		}
		requireStream(t, s, stream, want)
	}},
	{"nested_reads", func(t *testing.T, b Backend) {
		s, stream := open(t, b), newStream()
		appendTo(t, s, stream, 0, 3)
		depth := 0
		var read func()
		read = func() {
			if depth++; depth > 20 {
				return
			}
			for _, err := range s.ReadStream(testContext(t), stream, 0) {
				require.NoError(t, err)
				read()
			}
		}
		read()
		require.Greater(t, depth, 20)
	}},
	{"consumer_appends_while_reading", func(t *testing.T, b Backend) {
		s, stream := open(t, b), newStream()
		before := head(t, s)
		want := appendTo(t, s, stream, 0, 40)
		at := es.Revision(40)
		for name, seq := range map[string]iter.Seq2[es.Record, error]{
			"stream": s.ReadStream(testContext(t), stream, 0),
			"log":    s.ReadAll(testContext(t), before),
		} {
			seen := 0
			limit := len(want)
			for r, err := range seq {
				require.NoError(t, err)
				if r.Stream != stream {
					continue
				}
				seen++
				require.LessOrEqual(t, seen, limit, "%s ends at what was there", name)
				want = append(want, appendTo(t, s, stream, at, 1)...)
				at++
			}
		}
		requireStream(t, s, stream, want)
	}},
	{"a_sequence_can_be_read_again", func(t *testing.T, b Backend) {
		s, stream := open(t, b), newStream()
		want := append(appendTo(t, s, stream, 0, 2), appendTo(t, s, stream, 2, 1)...)
		seq := s.ReadStream(testContext(t), stream, 1)
		requireSame(t, want[1:], all(t, seq))
		want = append(want, appendTo(t, s, stream, 3, 1)...)
		requireSame(t, want[1:], all(t, seq))

		live := s.Subscribe(testContext(t), want[1].Position)
		for range 2 {
			for r, err := range live {
				require.NoError(t, err)
				if r.Stream == stream {
					require.Equal(t, es.Revision(3), r.Revision)
					break
				}
			}
		}
	}},
	{"records_stay_as_they_were", func(t *testing.T, b Backend) {
		s, stream := open(t, b), newStream()
		want := appendTo(t, s, stream, 0, 600)
		kept := all(t, s.ReadStream(testContext(t), stream, 0))
		for i := range kept { // growing one must not run into the next
			_ = append(kept[i].Data, "!!!!"...)
			_ = append(kept[i].Meta, "!!!!"...)
		}
		all(t, s.ReadAll(testContext(t), 0))
		requireSame(t, want, kept)
		requireStream(t, s, stream, want)
	}},
}
