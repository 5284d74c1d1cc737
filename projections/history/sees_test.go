package history_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// reader asks for what may be seen of a log, and knows what that is.
type reader struct {
	*testing.T
	log  history.Log
	seen []history.Line // all that may be seen, in the order of the log
	all  []es.Record
	of   map[string]es.Visibility
}

// eachReader calls use for who sees each visibility, as of several states of
// knowledge.
func eachReader(t *testing.T, use func(r reader)) {
	choose := rand.New(rand.NewPCG(3, 1)).IntN
	world := projectiontest.NewStore()
	w, err := projectiontest.NewWorld(world, choose)
	require.NoError(t, err)
	for range 200 {
		require.NoError(t, w.Step())
	}
	store := projectiontest.NewStore()
	for _, r := range projectiontest.Classify(world.Records(), choose) {
		store.Put(r)
	}
	all := store.Records()
	of := projectiontest.Visibilities(all)
	projectiontest.Read(t, t.TempDir(), store, func(conn *sqlite.Conn) {
		for _, sees := range []es.Visibility{"", es.Public, es.Internal, es.Restricted} {
			for range 5 {
				at := w.At(len(all))
				at.Sees = sees
				r := reader{T: t, log: history.Log{Conn: conn, Store: store, At: at}, all: all, of: of}
				for i, rec := range all {
					line, err := history.LineOf(uint64(i), rec)
					require.NoError(t, err)
					if line.Within(at) && projectiontest.Seen(of[rec.Stream], sees) {
						r.seen = append(r.seen, line)
					}
				}
				use(r)
			}
		}
	})
}

// which returns those of what may be seen that are wanted.
func (r reader) which(wanted func(l history.Line) bool) []history.Line {
	var some []history.Line
	for _, l := range r.seen {
		if wanted(l) {
			some = append(some, l)
		}
	}
	return some
}

// TestSees compares what is told of a log with what may be seen of it, and what
// may not be seen with what does not exist.
func TestSees(t *testing.T) {
	hidden := 0
	eachReader(t, func(r reader) {
		lines, err := r.log.Range(t.Context(), 0, 0)
		require.NoError(t, err)
		require.Equal(t, r.seen, lines)
		months := map[edtf.Day]int{}
		for _, l := range r.seen {
			year, month, _ := l.Recorded.Date()
			months[edtf.DayOf(year, month, 1)]++
		}
		got, err := history.Monthly(r.log.Conn, r.log.At)
		require.NoError(t, err)
		require.Equal(t, months, got)
		for _, rec := range r.all {
			line, err := history.LineOf(0, rec)
			require.NoError(t, err)
			if slices.ContainsFunc(r.seen, func(l history.Line) bool { return l.ID == rec.ID }) {
				got, err := r.log.Event(t.Context(), rec.ID)
				require.NoError(t, err)
				require.Equal(t, rec, got.Record)
				continue
			}
			hidden++
			r.unknown(line)
		}
		for stream := range r.of {
			r.stream(stream)
		}
	})
	require.Positive(t, hidden)
}

// unknown requires that an event is answered for as one that does not exist.
func (r reader) unknown(l history.Line) {
	nowhere := uuid.MustParse("0192d1c4-7a3e-7cc0-8000-3b1f6c2a9eff")
	_, want := history.Find(r.log.Conn, nowhere, r.log.At)
	_, err := history.Find(r.log.Conn, l.ID, r.log.At)
	require.EqualError(r, err, strings.ReplaceAll(want.Error(), nowhere.String(), l.ID.String()))
	_, eventErr := r.log.Event(r.Context(), l.ID)
	require.Equal(r, err, eventErr)
	stream := "party-" + nowhere.String()
	_, want = history.At(r.log.Conn, stream, l.Revision, r.log.At)
	_, err = history.At(r.log.Conn, l.Stream, l.Revision, r.log.At)
	require.EqualError(r, err, strings.ReplaceAll(want.Error(), stream, l.Stream))
}

// stream requires that what is told of a stream is what may be seen of it.
func (r reader) stream(stream string) {
	want := r.which(func(l history.Line) bool { return l.Stream == stream })
	var got []history.Line
	for l, err := range r.log.Whole(r.Context(), stream) {
		require.NoError(r, err)
		got = append(got, l)
	}
	require.Equal(r, want, got)
	found, err := history.Resolve(r.log.Conn, stream, r.log.At)
	if len(want) == 0 {
		require.EqualError(r, err, fmt.Sprintf("history.no_stream: nothing here has an id that begins with %q", stream))
	} else {
		require.NoError(r, err)
		require.Equal(r, stream, found)
	}
	var cites []string
	require.NoError(r, history.Citing(r.log.Conn, stream, r.log.At, func(s string) error {
		cites = append(cites, s)
		return nil
	}))
	slices.Sort(cites)
	require.Equal(r, streams(r.which(func(l history.Line) bool { return string(l.Source.ID) == stream })), cites)
}

func streams(lines []history.Line) []string {
	var all []string
	for _, l := range lines {
		all = append(all, l.Stream)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestBetweenSees(t *testing.T) {
	eachReader(t, func(r reader) {
		from := readmodel.At{Events: 50}
		got, err := history.Between(r.log.Conn, from, r.log.At)
		require.NoError(t, err)
		require.Equal(t, streams(r.which(func(l history.Line) bool { return !l.Within(from) })), got)
	})
}

// TestSelect compares what a follower gets, page by page, with what it wants.
func TestSelect(t *testing.T) {
	choose := rand.New(rand.NewPCG(4, 1)).IntN
	pages := 0
	eachReader(t, func(r reader) {
		for range 40 {
			s := history.Select{From: uint64(choose(len(r.all))), Limit: choose(5)}
			for range choose(4) {
				s.Streams = append(s.Streams, r.all[choose(len(r.all))].Stream)
			}
			for range choose(3) {
				s.Types = append(s.Types, r.all[choose(len(r.all))].Type)
			}
			for range choose(3) {
				s.Kinds = append(s.Kinds, []string{"party", "memorandum", "person"}[choose(3)])
			}
			want := r.which(func(l history.Line) bool {
				kind, _, _ := es.ParseStream(l.Stream)
				return l.Sequence >= s.From && (s.Streams == nil || slices.Contains(s.Streams, l.Stream)) &&
					(s.Types == nil || slices.Contains(s.Types, l.Type)) && (s.Kinds == nil || slices.Contains(s.Kinds, kind))
			})
			var got []history.Line
			for {
				lines, next, end, err := r.log.Select(t.Context(), s)
				require.NoError(t, err)
				got, s.From = append(got, lines...), next
				pages++
				if next == end {
					break
				}
			}
			require.Equal(t, want, got, "%+v", s)
		}
	})
	require.Greater(t, pages, 1000)
}

// TestSelectIsBounded checks that a page is given up before everything was
// looked at, and that the next one goes on after that.
func TestSelectIsBounded(t *testing.T) {
	recorded(t, func(small *projectiontest.Store, _ history.Log) {
		var source es.Record
		store := projectiontest.NewStore()
		for _, r := range own(small) {
			store.Put(r)
			if r.Type == "source.registered" {
				source = r
			}
		}
		for i := range 25_000 {
			source.ID = uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, i))
			source.Stream = "source-" + source.ID.String()
			store.Put(source)
		}
		projectiontest.Read(t, t.TempDir(), store, func(conn *sqlite.Conn) {
			log := history.Log{Conn: conn, Store: store, At: readmodel.At{Sees: es.Public}}
			s, pages := history.Select{From: uint64(len(own(small))), Types: []string{"source.registered", "party.named"}}, 0
			for next, end := uint64(0), uint64(1); next < end; s.From = next {
				lines, after, last, err := log.Select(t.Context(), s)
				require.NoError(t, err)
				require.Empty(t, lines)
				next, end, pages = after, last, pages+1
			}
			require.Equal(t, 3, pages)
			require.Equal(t, uint64(len(store.Records())), s.From)
			_, _, _, err := log.Select(t.Context(), history.Select{Streams: make([]string, history.MaxWanted+1)})
			require.ErrorIs(t, err, history.ErrTooMany)
		}, history.New())
	})
}
