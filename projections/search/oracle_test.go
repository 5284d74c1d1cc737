package search_test

import (
	"cmp"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/source"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/namekey"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/search"
)

// pieces are what random names and queries are put together from.
var pieces = []string{
	"a", "b", "an", "cit", "città", "Ancona", "ΑΘΗΝΑ", "ς", "ss", "ß", "生", "駒", "生駒", "市", "ー", "नि", "ि", "الأ", "ة", "ه", "مدن",
	" ", " ", "  ", "-", "'", "・", "\u200d", "7", "٧", "𝔘", "🕊", "ø", "İ", "ı", `"`, "*", "\u3099",
}

// text returns a random text.
func text(t *rapid.T, label string, most int) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, most).Draw(t, label), "")
}

// anyWords is a random query, or one that finds what the world records.
func anyWords(t *rapid.T) string {
	return rapid.SampledFrom([]string{"citta", "ancona", "ΙΩΑΝΝΙΝΑ", "生駒", "i", text(t, "words", 2), text(t, "words", 2)}).Draw(t, "query")
}

// TestOracle checks what is found, on all axes and during any time, against a
// scan of the folded streams.
func TestOracle(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(rt, func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "choice") })
		for range rapid.IntRange(20, 80).Draw(rt, "steps") {
			if name := strings.TrimSpace(norm.NFC.String(text(rt, "name", 6))); rapid.IntRange(0, 3).Draw(rt, "named") == 0 && name != "" {
				w.register(rt, name)
			} else {
				require.NoError(rt, w.Step())
			}
		}
		dir, err := os.MkdirTemp(t.TempDir(), "")
		require.NoError(rt, err)
		if rapid.Bool().Draw(rt, "in two steps") {
			catchUp(rt, dir, w.store.Prefix(rapid.IntRange(1, len(w.store.Records())).Draw(rt, "first")), 0)
		}
		catchUp(rt, dir, w.store, rapid.IntRange(1, 20).Draw(rt, "batch"))
		read(rt, dir, func(conn *sqlite.Conn) {
			for range 40 {
				q := search.Query{
					Words: anyWords(rt), At: w.At(len(w.store.Records())),
					Kind:  rapid.SampledFrom([]string{"", "", "party", "memorandum", "source", "grant"}).Draw(rt, "kind"),
					Theme: rapid.SampledFrom([]terms.Theme{"", "", "sdg:11", "culture", "youth"}).Draw(rt, "theme"),
				}
				if rapid.IntRange(0, 3).Draw(rt, "by date") == 0 {
					q.During = w.Date()
				}
				compare(rt, conn, w.store, q)
			}
		})
	})
}

func compare(t *rapid.T, conn *sqlite.Conn, store *projectiontest.Store, q search.Query) {
	words := strings.Fields(search.Fold(q.Words))
	if len(words) == 0 {
		_, _, err := search.Find(conn, q)
		require.ErrorIs(t, err, search.ErrNoWords)
		return
	}
	var want []search.Hit
	for _, d := range scan(t, store, q) {
		if best, ok := bestOf(d, words); ok {
			want = append(want, best)
		}
	}
	slices.SortStableFunc(want, func(a, b search.Hit) int {
		return cmp.Or(cmp.Compare(a.How, b.How), strings.Compare(namekey.Of(a.Title.Value), namekey.Of(b.Title.Value)))
	})
	got := find(t, conn, q)
	for i := range got {
		got[i].Visibility = "" // see TestKinds
	}
	require.Equal(t, want, got, q.Words)
}

// naive is a stream as a naive reader sees it.
type naive struct {
	search.Hit
	texts []terms.Text
}

// scan folds all streams that q does not leave out, those begun first in front.
func scan(t *rapid.T, store *projectiontest.Store, q search.Query) []naive {
	var all []naive
	seen := map[string]bool{}
	for _, r := range store.Records() {
		if seen[r.Stream] {
			continue
		}
		seen[r.Stream] = true
		recs, err := projectiontest.Prefix(store.Records(), r.Stream, q.At)
		require.NoError(t, err)
		kind, _, _ := strings.Cut(r.Stream, "-")
		folding := ledger.Fold(kind)
		for _, r := range recs {
			e, err := ledger.Decode(r)
			require.NoError(t, err)
			folding.Add(r.Revision, e)
		}
		d := naive{Hit: search.Hit{Stream: r.Stream, Kind: kind}}
		var themes []terms.Theme
		switch s := folding.State().(type) {
		case *party.State:
			d.Title = s.Title()
			for _, n := range s.Names() {
				d.texts = append(d.texts, n.Text)
			}
		case *memorandum.State:
			d.texts, themes = s.Describe().Titles, s.Describe().Themes
			d.Title = append(d.texts[:len(d.texts):len(d.texts)], terms.Text{})[0]
			if entry, _ := s.Entry(); entry.Met != edtf.No {
				d.Date = entry.From
			}
		case *source.State:
			about, _ := s.Opened()
			d.texts, d.Title = about.Titles, s.Title()
			d.Date = about.Issued
		}
		if (q.Kind == "" || q.Kind == kind) && (q.Theme == "" || slices.Contains(themes, q.Theme)) && during(d.Date, q.During) {
			all = append(all, d)
		}
	}
	return all
}

// during reports whether something may have been within a time.
func during(date, within edtf.Date) bool {
	day := edtf.Between(date.Earliest(), date.Latest()) // of a date-time the day counts
	return within.IsUnknown() || !date.IsUnknown() && edtf.Before(day, within) != edtf.Yes && edtf.Before(within, day) != edtf.Yes
}

// bestOf returns the best match among the texts of d.
func bestOf(d naive, words []string) (search.Hit, bool) {
	var matches []search.Hit
	for _, text := range d.texts {
		if how, ok := match(search.Fold(text.Value), words); ok {
			h := d.Hit
			h.Matched, h.How = text, how
			matches = append(matches, h)
		}
	}
	if len(matches) == 0 {
		return search.Hit{}, false
	}
	return slices.MinFunc(matches, func(a, b search.Hit) int {
		other := func(h search.Hit) int {
			if h.Matched == d.Title {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.How, b.How), cmp.Compare(other(a), other(b)),
			cmp.Compare(a.Matched.Lang, b.Matched.Lang), cmp.Compare(a.Matched.Value, b.Matched.Value))
	}), true
}

func match(folded string, words []string) (search.Match, bool) {
	if folded == strings.Join(words, " ") {
		return search.Exact, true
	}
	worst := search.Whole
	for _, w := range words {
		first, _ := utf8.DecodeRuneInString(w)
		inside := utf8.RuneCountInString(w) >= 3 || unicode.In(first, unicode.Han) || first == 'ー'
		best := search.Within + 1
		for token := range strings.FieldsSeq(folded) {
			switch {
			case token == w:
				best = min(best, search.Whole)
			case strings.HasPrefix(token, w):
				best = min(best, search.Beginning)
			case strings.Contains(token, w) && inside:
				best = min(best, search.Within)
			}
		}
		worst = max(worst, best)
	}
	return worst, worst <= search.Within
}
