package register_test

import (
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
	"github.com/entente-ledger/entente/projections/register"
)

// TestOracle checks the bitemporal rows against a naive replay: whatever is
// asked for on the three axes, the register says what the prefix of the stream
// says when it is folded.
func TestOracle(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w, store := projectiontest.Random(rt, 10, 80, nil)
		dir, err := os.MkdirTemp(t.TempDir(), "")
		require.NoError(rt, err)
		projectiontest.Read(rt, dir, store, func(conn *sqlite.Conn) {
			for range 5 {
				compare(rt, conn, store.Records(), w)
			}
		})
	})
}

// TestMain makes fewer random worlds than usual, each of which is compared in
// many ways; -rapid.checks asks for more.
func TestMain(m *testing.M) {
	if err := projectiontest.Checks(20); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// compare compares all agreements, and the lists by phase and under all filters
// together, with the oracle.
func compare(t *rapid.T, conn *sqlite.Conn, log []es.Record, w *projectiontest.World) {
	at, on := w.At(len(log)), w.Date()
	if rapid.IntRange(0, 9).Draw(t, "whenever") == 0 {
		on = edtf.Date{}
	}
	certain, perhaps := map[memorandum.Phase][]string{}, map[memorandum.Phase][]string{}
	var existing []string
	var all []register.Agreement
	day := edtf.Between(on.Earliest(), on.Latest())
	for _, stream := range w.Agreements() {
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
		all = append(all, got)
		holds, maybe := asOf(s.Phases(), day)
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
	for range 3 {
		f := anyFilter(t, w)
		var wanted []string
		for _, a := range all {
			if picks(f, a) {
				wanted = append(wanted, a.Stream)
			}
		}
		f.At, f.On = at, on
		require.ElementsMatch(t, wanted, listed(t, conn, f), "%+v", f)
	}
}

// anyFilter is a filter by anything but the phase, or by nothing.
func anyFilter(t *rapid.T, w *projectiontest.World) register.Filter {
	return register.Filter{
		Kind:  rapid.SampledFrom([]memorandum.Kind{"", "mou", "twinning"}).Draw(t, "kind"),
		Party: terms.PartyID(rapid.SampledFrom(append([]string{""}, w.Parties()...)).Draw(t, "party")),
		Theme: rapid.SampledFrom([]terms.Theme{"youth", "sdg:11", "", ""}).Draw(t, "theme"),
		Limit: 2,
	}
}

// picks reports whether a filter is for an agreement.
func picks(f register.Filter, a register.Agreement) bool {
	of := func(p register.Participant) bool { return p.Party == f.Party }
	return (f.Kind == "" || a.Kind == f.Kind) && (f.Party == "" || slices.ContainsFunc(a.Parties, of)) &&
		(f.Theme == "" || slices.Contains(a.Themes, f.Theme))
}

// asOf is [memorandum.AsOf] from the other end: back from the last span, those
// that perhaps have begun, until one has certainly.
func asOf(spans []memorandum.Span, on edtf.Date) (certain memorandum.Span, perhaps []memorandum.Span) {
	for _, s := range slices.Backward(spans) {
		before := s.From.Earliest() <= on.Latest()
		switch {
		case before && s.From.Latest() <= on.Earliest() && !s.Doubt:
			return s, perhaps
		case before:
			perhaps = slices.Insert(perhaps, 0, s)
		}
	}
	return memorandum.Span{}, perhaps
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
	a.Phase.Certain, a.Phase.Perhaps = asOf(a.Phase.Spans, on)
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
		p.Certain, p.Perhaps = asOf(p.Spans, on)
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
