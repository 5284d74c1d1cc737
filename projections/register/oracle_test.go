package register_test

import (
	"context"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
	"github.com/entente-ledger/entente/projections/register"
)

// TestOracle checks the bitemporal rows against a naive replay: whatever is
// asked for on the three axes, the register says what the prefix of the stream
// says when it is folded.
func TestOracle(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		store := projectiontest.NewStore()
		w, err := projectiontest.NewWorld(store, func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "choice") })
		require.NoError(rt, err)
		for range rapid.IntRange(10, 80).Draw(rt, "steps") {
			require.NoError(rt, w.Step())
		}
		dir, err := os.MkdirTemp(t.TempDir(), "")
		require.NoError(rt, err)
		r, err := projections.Open(projections.Config{Dir: dir, Store: store})
		require.NoError(rt, err)
		require.NoError(rt, r.CatchUp(context.Background()))
		require.NoError(rt, r.Close())
		v := projections.OpenViews(dir)
		require.NoError(rt, v.Read(context.Background(), func(conn *sqlite.Conn, _ projections.Checkpoint) error {
			for range 5 {
				compare(rt, conn, store.Records(), w.Agreements(), drawAt(rt, len(store.Records())), drawDate(rt))
			}
			return nil
		}))
		require.NoError(rt, v.Close())
	})
}

// TestMain makes fewer random worlds than usual, each of which is compared in
// many ways; -rapid.checks asks for more.
func TestMain(m *testing.M) {
	if err := projectiontest.Checks("20"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

func drawAt(t *rapid.T, events int) readmodel.At {
	var at readmodel.At
	instant := func(label string) time.Time {
		return time.Date(2019, 12, 28, rapid.IntRange(0, 300).Draw(t, label), 0, 0, 0, time.UTC)
	}
	if rapid.Bool().Draw(t, "by sequence") {
		at.Events = uint64(rapid.IntRange(1, events+1).Draw(t, "events"))
	}
	if rapid.Bool().Draw(t, "as known") {
		at.Known = instant("known")
	}
	if rapid.Bool().Draw(t, "as recorded") {
		at.Recorded = instant("recorded")
	}
	return at
}

func drawDate(t *rapid.T) edtf.Date {
	return edtf.MustParse(rapid.SampledFrom([]string{
		"", "2017", "2018", "2018-10-03", "2018-10-02", "2018-10", "2019-01-15", "2019-06-15", "2019~", "2020-02-10", "2020-06-30",
		"2022-01-01", "2019/..", "../2018", "2018-10-03T09:00+02:00",
	}).Draw(t, "on"))
}

// compare compares all agreements, and the lists by phase, with the oracle.
func compare(t *rapid.T, conn *sqlite.Conn, log []es.Record, agreements []string, at readmodel.At, on edtf.Date) {
	certain, perhaps := map[memorandum.Phase][]string{}, map[memorandum.Phase][]string{}
	var existing []string
	day := edtf.Between(on.Earliest(), on.Latest())
	for _, stream := range agreements {
		recs, err := projectiontest.Prefix(log, stream, at)
		require.NoError(t, err)
		got, err := register.Get(conn, stream, at, on)
		if len(recs) == 0 {
			require.ErrorIs(t, err, es.ErrNotFound)
			continue
		}
		require.NoError(t, err)
		s, err := projectiontest.Fold(memorandum.Decider, recs)
		require.NoError(t, err)
		last, err := es.DecodeMeta(recs[len(recs)-1].Meta)
		require.NoError(t, err)
		require.Equal(t, expected(stream, &s, last.Visibility, day), withoutPlace(got))
		if !s.Exists() {
			continue
		}
		existing = append(existing, stream)
		holds, maybe := memorandum.AsOf(s.Phases(), day)
		certain[holds.Phase] = append(certain[holds.Phase], stream)
		for _, span := range append(maybe, holds) {
			if !slices.Contains(perhaps[span.Phase], stream) {
				perhaps[span.Phase] = append(perhaps[span.Phase], stream)
			}
		}
	}
	require.ElementsMatch(t, existing, listed(t, conn, register.Filter{At: at, On: on, Limit: 3}))
	require.ElementsMatch(t, existing, listed(t, conn, register.Filter{At: at, On: on, Limit: 3, Sort: register.ByEntry}))
	for _, word := range memorandum.Phase("").Words() {
		p := memorandum.Phase(word)
		require.ElementsMatch(t, certain[p], listed(t, conn, register.Filter{At: at, On: on, Phase: p}), word)
		require.ElementsMatch(t, perhaps[p], listed(t, conn, register.Filter{At: at, On: on, Phase: p, Perhaps: true}), "perhaps "+word)
	}
}

func withoutPlace(a register.Agreement) register.Agreement {
	a.Since = readmodel.Moment{}
	return a
}

// expected is what the register is to say of an agreement in state s.
func expected(stream string, s *memorandum.State, visibility terms.Visibility, on edtf.Date) register.Agreement {
	d := s.Describe()
	entry, entryBy := s.Entry()
	end, endBy := s.End()
	a := register.Agreement{
		Stream: stream, Exists: s.Exists(), Kind: d.Kind, Reference: d.Reference, Visibility: visibility, Open: d.Open,
		Titles: []terms.Text{}, Themes: []terms.Theme{}, Texts: []register.Text{}, Links: []register.Link{},
		Unnamed: s.Unnamed(), Entry: register.Entry{Met: entry.Met, By: entryBy}, End: register.End{Cause: end.Cause, On: end.On, By: endBy},
	}
	a.Titles, a.Themes = append(a.Titles, d.Titles...), append(a.Themes, d.Themes...)
	if len(d.Titles) > 0 {
		a.Title = d.Titles[0]
	}
	if entry.Met != edtf.No {
		a.Entry.From = entry.From
	}
	a.Phase.Spans = s.Phases()
	a.Phase.Certain, a.Phase.Perhaps = memorandum.AsOf(a.Phase.Spans, on)
	for _, span := range s.Parts() {
		i := slices.IndexFunc(a.Parties, func(p register.Participant) bool { return p.Party == span.Party })
		if i < 0 {
			i = len(a.Parties)
			a.Parties = append(a.Parties, register.Participant{Party: span.Party})
		}
		a.Parties[i].Spans = append(a.Parties[i].Spans, span)
	}
	for i := range a.Parties {
		p := &a.Parties[i]
		p.Certain, p.Perhaps = memorandum.AsOf(p.Spans, on)
	}
	return a
}

func listed(t *rapid.T, conn *sqlite.Conn, f register.Filter) []string {
	var streams []string
	for {
		page, next, err := register.List(conn, f)
		require.NoError(t, err)
		for _, a := range page {
			streams = append(streams, a.Stream)
		}
		if next == "" {
			return streams
		}
		f.After = next
	}
}
