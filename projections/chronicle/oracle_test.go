package chronicle_test

import (
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/chronicle"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// TestMain makes fewer random worlds than usual, each of which is compared in
// many ways; -rapid.checks asks for more.
func TestMain(m *testing.M) {
	if err := projectiontest.Checks(20); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// views calls use with the views of a log.
func views(t require.TestingT, dir string, store es.Store, use func(conn *sqlite.Conn)) {
	projectiontest.Read(t, dir, store, use)
}

// TestOracle checks what is told of random histories, by any state of knowledge,
// against the folded streams, read one by one.
func TestOracle(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newTown(rt, func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "choice") })
		for range rapid.IntRange(20, 150).Draw(rt, "steps") {
			require.NoError(rt, w.step())
		}
		dir, err := os.MkdirTemp(t.TempDir(), "")
		require.NoError(rt, err)
		views(rt, dir, w.store, func(conn *sqlite.Conn) {
			for range 5 {
				q := question(rt, w)
				found, err := chronicle.List(conn, q, chronicle.Headings()...)
				require.NoError(rt, err)
				want := retell(rt, w.store.Records(), q)
				got := make([]told, len(found))
				for i, e := range found {
					got[i] = told{e.Heading, e.Is, e.On, e.Stream, e.Party, e.Network, e.Title.Value, slices.Clone(e.What)}
				}
				require.ElementsMatch(rt, want, got, "%+v", q)
				tally(rt, conn, q)
			}
		})
	})
}

// question draws what is asked.
func question(t *rapid.T, w *town) readmodel.Within {
	bounds := rapid.SampledFrom([][2]string{
		{"2019", "2019"}, {"2018", "2020"}, {"2019-06", "2019-06"}, {"2018-10-03", "2018-10-03"}, {"2020-01-01", "2020-06-30"}, {"2000", "2030"},
	}).Draw(t, "span")
	q := readmodel.Within{From: edtf.MustParse(bounds[0]).Earliest(), To: edtf.MustParse(bounds[1]).Latest()}
	instant := func(label string) time.Time {
		return time.Date(2020, 1, 1, rapid.IntRange(-10, 90).Draw(t, label), 0, 0, 0, time.UTC)
	}
	switch rapid.IntRange(0, 3).Draw(t, "axis") {
	case 1:
		q.At.Events = uint64(rapid.IntRange(1, len(w.store.Records())).Draw(t, "events"))
	case 2:
		q.At.Known = instant("known")
	case 3:
		q.At.Recorded = instant("recorded")
	}
	if rapid.IntRange(0, 2).Draw(t, "about") == 0 {
		q.About = rapid.SampledFrom(slices.Concat(w.Parties(), w.streams["network"])).Draw(t, "party")
	}
	return q
}

// tally checks the months of the span against what is told of each month alone.
func tally(t *rapid.T, conn *sqlite.Conn, q readmodel.Within) {
	year, month, _ := q.From.Date()
	q.From, q.To = edtf.DayOf(year, month, 1), min(q.To, edtf.DayOf(year+3, month, 0)).FirstOfNextMonth()-1
	s, err := chronicle.Monthly(conn, q, 0)
	require.NoError(t, err)
	whole, err := chronicle.List(conn, q, chronicle.Counted()...)
	require.NoError(t, err)
	left := map[chronicle.Heading]int{}
	for _, e := range whole {
		left[e.Heading]++
	}
	for _, m := range s.Months {
		q := q
		q.From, q.To = m.First, m.First.FirstOfNextMonth()-1
		alone, err := chronicle.List(conn, q, chronicle.Counted()...)
		require.NoError(t, err)
		counts := map[chronicle.Heading]int{}
		for _, e := range alone {
			if e.Is == edtf.Yes {
				counts[e.Heading]++
				left[e.Heading]--
			}
		}
		require.Equal(t, counts, m.Counts, "%s", m.First)
	}
	for _, h := range chronicle.Counted() {
		require.Equal(t, left[h], s.Perhaps[h], "what is in no month: %s", h)
	}
	require.Equal(t, q.To, s.Months[len(s.Months)-1].First.FirstOfNextMonth()-1)
}
