package storetest

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
)

var appendTests = []test{
	{"new_stream_then_more", func(t *testing.T, b Backend) {
		s, stream := open(t, b), newStream()
		before := head(t, s)
		want := appendTo(t, s, stream, 0, 3)
		require.Greater(t, want[2].Position, before)
		want = append(want, appendTo(t, s, stream, 3, 1)...)
		requireStream(t, s, stream, want)
		require.GreaterOrEqual(t, head(t, s), want[3].Position)
	}},
	{"revision_conflict_leaves_nothing", func(t *testing.T, b Backend) {
		s, stream := open(t, b), newStream()
		want := appendTo(t, s, stream, 0, 2)
		for _, at := range []es.Revision{0, 1, 3, 1 << 40} {
			_, err := s.Append(testContext(t), stream, at, newRecords(2)...)
			require.ErrorIs(t, err, es.ErrConflict, "at %d", at)
		}
		_, err := s.Append(testContext(t), newStream(), 1, newRecords(1)...)
		require.ErrorIs(t, err, es.ErrConflict, "a stream that does not exist is at 0")
		requireStream(t, s, stream, want)
	}},
	{"repeat_returns_first_result", func(t *testing.T, b Backend) {
		s, stream, other := open(t, b), newStream(), newStream()
		recs := newRecords(3)
		first, err := s.Append(testContext(t), stream, 0, recs...)
		require.NoError(t, err)
		for range 2 {
			again, err := s.Append(testContext(t), stream, 0, recs...)
			require.NoError(t, err)
			require.Equal(t, first, again)
			appendTo(t, s, other, es.Revision(len(all(t, s.ReadStream(testContext(t), other, 0)))), 2)
		}
		requireStream(t, s, stream, placed(stream, 0, recs))
	}},
	{"repeat_after_later_appends", func(t *testing.T, b Backend) {
		s, stream := open(t, b), newStream()
		want := appendTo(t, s, stream, 0, 2)
		middle := newRecords(3)
		first, err := s.Append(testContext(t), stream, 2, middle...)
		require.NoError(t, err)
		want = append(want, placed(stream, 2, middle)...)
		want = append(want, appendTo(t, s, stream, 5, 4)...)
		again, err := s.Append(testContext(t), stream, 2, middle...)
		require.NoError(t, err)
		require.Equal(t, first, again)
		requireStream(t, s, stream, want)
	}},
	{"repeat_with_other_bytes_keeps_the_first", func(t *testing.T, b Backend) {
		s, stream, recs := open(t, b), newStream(), newRecords(1)
		first, err := s.Append(testContext(t), stream, 0, recs...)
		require.NoError(t, err)
		other := recs[0]
		other.Data, other.Type = []byte(`{}`), "memorandum.adopted"
		again, err := s.Append(testContext(t), stream, 0, other)
		require.NoError(t, err)
		require.Equal(t, first, again)
		requireStream(t, s, stream, placed(stream, 0, recs))
	}},
	{"partial_overlap_conflicts", func(t *testing.T, b Backend) {
		s, stream, recs := open(t, b), newStream(), newRecords(4)
		_, err := s.Append(testContext(t), stream, 0, recs[:3]...)
		require.NoError(t, err)
		for name, overlap := range map[string]struct {
			at   es.Revision
			recs []es.Record
		}{
			"one_more":        {0, recs},
			"other_place":     {1, recs[:2]},
			"other_order":     {0, []es.Record{recs[1], recs[0]}},
			"last_is_another": {0, []es.Record{recs[0], recs[1], recs[3]}},
			"last_and_more":   {2, recs[2:]},
		} {
			_, err := s.Append(testContext(t), stream, overlap.at, overlap.recs...)
			require.ErrorIs(t, err, es.ErrConflict, name)
		}
		requireStream(t, s, stream, placed(stream, 0, recs[:3]))
	}},
	{"same_ids_in_another_stream_are_another_append", func(t *testing.T, b Backend) {
		s, one, other, recs := open(t, b), newStream(), newStream(), newRecords(2)
		for _, stream := range []string{one, other} {
			_, err := s.Append(testContext(t), stream, 0, recs...)
			require.NoError(t, err)
			requireStream(t, s, stream, placed(stream, 0, recs))
		}
	}},
	{"bytes_are_unchanged", func(t *testing.T, b Backend) {
		s, stream, recs := open(t, b), newStream(), newRecords(5)
		recs[0].Data, recs[0].Meta = validJSON(10), validJSON(100)
		recs[1].Data, recs[1].Meta = validJSON(100_000), []byte(`{}`)
		recs[2].Data, recs[2].Meta = []byte(`"`+strings.Repeat("x", es.MaxAppendBytes/2)+`"`), []byte(`null`)
		recs[3].Type, recs[3].Schema = "memorandum."+strings.Repeat("n", es.MaxNameBytes-11), 1<<31-1
		recs[4].Data, recs[4].Meta = []byte(`"\u0000\ud800"`), []byte(`{"a":1,"a":2}`)
		want := placed(stream, 0, recs)
		for i := range want {
			want[i].Data, want[i].Meta = bytes.Clone(recs[i].Data), bytes.Clone(recs[i].Meta)
		}
		_, err := s.Append(testContext(t), stream, 0, recs...)
		require.NoError(t, err)
		for i := range recs { // the caller may use its memory again
			clear(recs[i].Data)
			clear(recs[i].Meta)
		}
		requireStream(t, s, stream, want)
	}},
	{"limits_are_allowed", func(t *testing.T, b Backend) {
		s, stream := open(t, b), newStream()
		want := appendTo(t, s, stream, 0, es.MaxAppendRecords)
		large := newRecords(2)
		large[0].Meta = nil
		large[0].Data = []byte(`"` + strings.Repeat("x", es.MaxAppendBytes-2-len(large[1].Data)-len(large[1].Meta)) + `"`)
		large[0].Meta = []byte{}
		_, err := s.Append(testContext(t), stream, es.MaxAppendRecords, large...)
		require.NoError(t, err)
		got := all(t, s.ReadStream(testContext(t), stream, 0))
		requireSame(t, want, got[:es.MaxAppendRecords])
		require.Equal(t, large[0].Data, got[es.MaxAppendRecords].Data)
		require.Empty(t, got[es.MaxAppendRecords].Meta)

		system := es.SystemPrefix + strings.Repeat("s", es.MaxNameBytes-len(es.SystemPrefix)-32) + strings.ReplaceAll(uuid.NewString(), "-", "")
		requireStream(t, s, system, appendTo(t, s, system, 0, 1))
	}},
	{"beyond_the_limits_is_invalid", func(t *testing.T, b Backend) {
		s, stream := open(t, b), newStream()
		change := func(f func(*es.Record)) []es.Record {
			recs := newRecords(2)
			f(&recs[1])
			return recs
		}
		for name, a := range map[string]struct {
			stream string
			recs   []es.Record
		}{
			"no_records":     {stream, nil},
			"many_records":   {stream, newRecords(es.MaxAppendRecords + 1)},
			"many_bytes":     {stream, change(func(r *es.Record) { r.Data = make([]byte, es.MaxAppendBytes) })},
			"no_id":          {stream, change(func(r *es.Record) { r.ID = uuid.Nil })},
			"no_type":        {stream, change(func(r *es.Record) { r.Type = "" })},
			"long_type":      {stream, change(func(r *es.Record) { r.Type = strings.Repeat("t", es.MaxNameBytes+1) })},
			"no_schema":      {stream, change(func(r *es.Record) { r.Schema = 0 })},
			"bad_stream":     {"memorandum", newRecords(1)},
			"no_stream":      {"", newRecords(1)},
			"long_stream":    {es.SystemPrefix + strings.Repeat("s", es.MaxNameBytes), newRecords(1)},
			"capital_stream": {strings.ToUpper(stream), newRecords(1)},
		} {
			_, err := s.Append(testContext(t), a.stream, 0, a.recs...)
			require.ErrorIs(t, err, es.ErrInvalid, name)
		}
		requireStream(t, s, stream, nil)
	}},
}
