package search_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/activity"
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/grant"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/programme"
	"github.com/entente-ledger/entente/domain/resource"
	"github.com/entente-ledger/entente/domain/source"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
	"github.com/entente-ledger/entente/projections/search"
)

func TestRanking(t *testing.T) {
	w := newWorld(t, seeded(2))
	order := []string{
		"Roma",                             // exact
		"Capitale: Roma", "Tre citta roma", // whole words, by title
		"Area romana", "Romania e Bulgaria", // beginnings
		"Aroma", "Bromatologia", // within
	}
	want := make([]string, len(order))
	for i, name := range slices.Backward(order) { // the reverse of what is expected
		want[i] = w.register(t, name)
	}
	first := w.register(t, "Zara roma")
	second := w.register(t, "Zara roma")
	want = append(want[:3:3], append([]string{first, second}, want[3:]...)...)
	w.register(t, "Rom")
	w.views(t, func(conn *sqlite.Conn) {
		found := find(t, conn, search.Query{Words: "ROMA"})
		require.Equal(t, want, streams(found))
		var how []search.Match
		for _, h := range found {
			how = append(how, h.How)
		}
		require.Equal(t, []search.Match{
			search.Exact, search.Whole, search.Whole, search.Whole, search.Whole,
			search.Beginning, search.Beginning, search.Within, search.Within,
		}, how)
		mixed := find(t, conn, search.Query{Words: "roma citt"})
		require.Len(t, mixed, 1)
		require.Equal(t, search.Beginning, mixed[0].How, "as good as the worst word")
	})
}

// TestKinds finds something of every kind, and filters by kind and theme.
func TestKinds(t *testing.T) {
	w := newWorld(t, seeded(3))
	titles := []terms.Text{{Lang: "en", Value: "Urban agenda"}, {Lang: "it", Value: "Agenda urbana"}}
	sdg := []terms.Theme{"sdg:11", "sdg:11"}
	kinds := map[string]string{
		"activity":   record(t, w, activity.Commands, "", activity.Command(activity.Register{Description: activity.Description{Kind: "summit", Titles: titles}})),
		"grant":      record(t, w, grant.Commands, "", grant.Command(grant.Register{Titles: titles})),
		"memorandum": record(t, w, memorandum.Commands, "", memorandum.Command(memorandum.Draft{Kind: "mou", Titles: titles, Themes: sdg})),
		"party":      record(t, w, party.Commands, "", party.Command(party.Register{Kind: "network", Name: titles[0]})),
		"programme":  record(t, w, programme.Commands, "", programme.Command(programme.Register{Titles: titles, Purpose: programme.Purpose{Themes: sdg}})),
		"resource":   record(t, w, resource.Commands, "", resource.Command(resource.Register{Description: resource.Description{Kind: "good_practice", Titles: titles, Themes: sdg}})),
		"source":     record(t, w, source.Commands, "", source.Command(source.Register{Description: source.Description{Kind: "report", Titles: titles}})),
	}
	record(t, w, activity.Commands, kinds["activity"], activity.Command(activity.SetAgenda{Themes: sdg}))
	record(t, w, party.Commands, kinds["party"], party.Command(party.AddName{Name: party.Name{Text: titles[1], Use: "exonym"}}))
	record(t, w, source.Commands, kinds["source"], source.Command(source.RecordNote{
		Note: source.Note{Kind: "statement", Gist: terms.Text{Lang: "en", Value: "Something secret about it"}},
	}))
	w.views(t, func(conn *sqlite.Conn) {
		require.Subset(t, search.Kinds(), []string{"activity", "grant", "memorandum", "party", "programme", "resource", "source"})
		require.NotContains(t, search.Kinds(), "person")
		require.NotContains(t, search.Kinds(), "ledger")
		require.Len(t, find(t, conn, search.Query{Words: "agenda"}), len(kinds))
		require.Empty(t, find(t, conn, search.Query{Words: "secret"}), "a free text")
		for kind, stream := range kinds {
			require.Equal(t, []search.Hit{{
				Stream: stream, Kind: kind, Title: titles[0], Matched: titles[1], How: search.Whole, Visibility: es.Internal,
			}}, find(t, conn, search.Query{Words: "urbana", Kind: kind}), kind)
			require.Equal(t, titles[0], find(t, conn, search.Query{Words: "agend", Kind: kind})[0].Matched, "the title among equals")
		}
		themed := streams(find(t, conn, search.Query{Words: "agenda", Theme: "sdg:11"}))
		require.ElementsMatch(t, []string{kinds["activity"], kinds["memorandum"], kinds["programme"], kinds["resource"]}, themed)
		require.Empty(t, find(t, conn, search.Query{Words: "agenda", Theme: "sdg:1"}))
	})
}

func TestDuring(t *testing.T) {
	w := newWorld(t, seeded(4))
	fact := func(on string) terms.Fact { return terms.Fact{Occurred: edtf.MustParse(on)} }
	titles := []terms.Text{{Value: "Agenda"}}
	report := record(t, w, source.Commands, "", source.Command(source.Register{
		Description: source.Description{Kind: "report", Titles: titles, Issued: edtf.MustParse("2019-05")},
	}))
	undated := record(t, w, source.Commands, "", source.Command(source.Register{Description: source.Description{Kind: "report", Titles: titles}}))
	summit := record(t, w, activity.Commands, "", activity.Command(activity.Register{
		Description: activity.Description{Kind: "summit", Titles: titles}, When: edtf.MustParse("2020"),
	}))
	held := record(t, w, activity.Commands, "", activity.Command(activity.Register{
		Description: activity.Description{Kind: "summit", Titles: titles}, When: edtf.MustParse("2020"),
	}))
	record(t, w, activity.Commands, held, activity.Command(activity.Hold{Fact: fact("2021-03-04")}))
	mou := record(t, w, memorandum.Commands, "", memorandum.Command(memorandum.CarryOver{
		Kind: "mou", Titles: titles, Phase: memorandum.PhaseInForce, Since: edtf.MustParse("2018"), InForce: edtf.MustParse("2018"),
	}))
	w.views(t, func(conn *sqlite.Conn) {
		for during, want := range map[string][]string{
			"":                      {report, undated, summit, held, mou},
			"2019":                  {report},
			"2019-05-31":            {report},
			"2019-06-01":            {},
			"2019-04-30":            {},
			"2020-07":               {summit},
			"2021":                  {held},
			"2018-12-31":            {mou},
			"2018/2020":             {report, summit, mou},
			"2018-02-03/2019-05-01": {report, mou},
		} {
			found := find(t, conn, search.Query{Words: "agenda", During: edtf.MustParse(during)})
			require.ElementsMatch(t, want, streams(found), during)
		}
		require.Equal(t, edtf.MustParse("2019-05"), find(t, conn, search.Query{Words: "agenda", Kind: "source"})[0].Date)
	})
}

// TestPast finds what a party was called, as of when it was, and what was
// recorded in error.
func TestPast(t *testing.T) {
	w := newWorld(t, seeded(5))
	stream := w.register(t, "Konstantinopel") // the ledger's 2nd event
	record(t, w, party.Commands, stream, party.Command(party.Rename{Name: terms.Text{Lang: "tr", Value: "İstanbul"}}))
	record(t, w, party.Commands, stream, party.Command(party.Void{Voided: book.Voided{Of: 1, Reason: "twice"}}))
	pact := record(t, w, memorandum.Commands, "", memorandum.Command(memorandum.Draft{
		Kind: "mou", Titles: []terms.Text{{Value: "Pact"}}, Themes: []terms.Theme{"youth"},
	}))
	record(t, w, memorandum.Commands, pact, memorandum.Command(memorandum.SetThemes{Themes: []terms.Theme{"culture"}}))
	w.views(t, func(conn *sqlite.Conn) {
		at := func(events uint64, words string) []search.Hit {
			return find(t, conn, search.Query{Words: words, At: readmodel.At{Events: events}})
		}
		require.Empty(t, at(1, "konstantinopel"))
		require.Equal(t, "Konstantinopel", at(2, "konstantinopel")[0].Title.Value)
		renamed := at(3, "konstantinopel")[0]
		require.Equal(t, []any{"İstanbul", "Konstantinopel"}, []any{renamed.Title.Value, renamed.Matched.Value})
		require.Empty(t, at(0, "konstantinopel"))
		require.Empty(t, at(4, "istanbul"), "the party was recorded in error")
		require.Empty(t, at(2, "istanbul"))
		youth := search.Query{Words: "pact", Theme: "youth"}
		require.Empty(t, find(t, conn, youth))
		youth.At.Events = 5
		require.Len(t, find(t, conn, youth), 1, "a theme as of then")
	})
}

// TestSyntax checks that nothing in a query is read as query syntax.
func TestSyntax(t *testing.T) {
	w := newWorld(t, seeded(6))
	near := w.register(t, "Near and Not: a or b")
	plain := w.register(t, `Comune di "Ancona" (AN)`)
	long := w.register(t, strings.Repeat("palindrome ", 400)+"end")
	w.views(t, func(conn *sqlite.Conn) {
		for words, want := range map[string][]string{
			`"`:                                  nil,
			`*`:                                  nil,
			`() : - ^ + {} "" ''`:                nil,
			"\x00":                               nil,
			"\xff\xfe":                           nil,
			"":                                   nil,
			" \t\n":                              nil,
			"\u0301":                             nil,
			"NEAR(near not)":                     {near},
			"near AND not":                       {near},
			"a OR b":                             {near},
			"a OR zz":                            {},
			"near NOT ancona":                    {},
			`"ancona`:                            {plain},
			`ancona" OR "near`:                   {},
			"folded : ancona":                    {},
			"{folded} : ancona":                  {},
			"anc*":                               {plain},
			"^comune":                            {plain},
			"an-con":                             {plain},
			"ancona'; DROP TABLE search_key; --": {},
			"anco\x00na":                         {},
			"comune\x00ancona":                   {plain},
			"c%":                                 {plain},
			"c_mune":                             {plain},
			"x" + strings.Repeat("y", search.MaxBytes-1):     {},
			strings.Repeat("palindrome ", 90):                {long},
			strings.Repeat("p a l i n d r o m e ", 49) + "z": {},
		} {
			found, next, err := search.Find(conn, search.Query{Words: words})
			if want == nil {
				require.ErrorIs(t, err, search.ErrNoWords, "%q", words)
				continue
			}
			require.NoError(t, err, "%q", words)
			require.ElementsMatch(t, want, streams(found), "%.40q", words)
			require.Empty(t, next)
		}
		require.Len(t, find(t, conn, search.Query{Words: "e"}), 1, "nothing was dropped")
	})
}

func TestRefusals(t *testing.T) {
	var many []string
	for i := range search.MaxWords + 1 {
		many = append(many, fmt.Sprintf("x%d", i))
	}
	w := newWorld(t, seeded(7))
	all := w.register(t, strings.Join(many, " "))
	w.views(t, func(conn *sqlite.Conn) {
		require.Equal(t, []string{all}, streams(find(t, conn, search.Query{Words: strings.Join(many[1:], " ")})))
		for name, c := range map[string]struct {
			q    search.Query
			code string
		}{
			"too_many_words": {search.Query{Words: strings.Join(many, " ")}, search.ErrTooLong.Code},
			"too_long":       {search.Query{Words: strings.Repeat("x", search.MaxBytes+1)}, search.ErrTooLong.Code},
			"long_nothing":   {search.Query{Words: strings.Repeat("-", search.MaxBytes+1)}, search.ErrTooLong.Code},
			"kind":           {search.Query{Words: "x", Kind: "person"}, search.ErrBadKind.Code},
			"cursor":         {search.Query{Words: "x", After: "?"}, "readmodel.bad_cursor"},
			"sequence":       {search.Query{Words: "x", At: readmodel.At{Events: 1 << 63}}, "readmodel.bad_sequence"},
		} {
			_, _, err := search.Find(conn, c.q)
			require.ErrorIs(t, err, es.ErrInvalid, name)
			require.ErrorIs(t, err, &es.Error{Code: c.code}, name)
		}
	})
}

func TestLimit(t *testing.T) {
	w := newWorld(t, seeded(8))
	for range readmodel.MaxLimit + 1 {
		w.register(t, "Comune")
	}
	w.views(t, func(conn *sqlite.Conn) {
		for _, limit := range []int{0, -1, readmodel.MaxLimit + 1} {
			page, next, err := search.Find(conn, search.Query{Words: "comune", Limit: limit})
			require.NoError(t, err)
			require.Len(t, page, readmodel.MaxLimit)
			rest, end, err := search.Find(conn, search.Query{Words: "comune", After: next})
			require.NoError(t, err)
			require.Len(t, rest, 1)
			require.Empty(t, end)
		}
	})
}
