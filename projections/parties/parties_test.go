package parties_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/projections/namekey"
	"github.com/entente-ledger/entente/projections/parties"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
)

func TestMain(m *testing.M) {
	if err := projectiontest.Checks(20); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// TestOracle checks the parties, on all axes, against the folded prefixes of
// their streams.
func TestOracle(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w, store := projectiontest.Random(rt, 10, 80, nil)
		dir, err := os.MkdirTemp(t.TempDir(), "")
		require.NoError(rt, err)
		projectiontest.Read(rt, dir, store, func(conn *sqlite.Conn) {
			for range 5 {
				compare(rt, conn, store.Records(), w.Parties(), w.At(len(store.Records())))
			}
		})
	})
}

func compare(t *rapid.T, conn *sqlite.Conn, log []es.Record, streams []string, at readmodel.At) {
	byName := map[string][]string{}
	var existing []string
	for _, stream := range streams {
		recs, err := projectiontest.Prefix(log, stream, at)
		require.NoError(t, err)
		got, err := parties.Get(conn, stream, at)
		if len(recs) == 0 {
			require.ErrorIs(t, err, es.ErrNotFound)
			continue
		}
		require.NoError(t, err)
		s, err := projectiontest.Fold(party.Decider, recs)
		require.NoError(t, err)
		kind, country, ok := s.Opened()
		require.Equal(t, []any{stream, ok, kind, country, s.Title(), s.Place()}, []any{got.Stream, got.Exists, got.Kind, got.Country, got.Title, got.Place})
		require.ElementsMatch(t, s.Identifiers(), got.Identifiers)
		require.ElementsMatch(t, lineage(&s), own(got.Relations))
		var names []parties.Name
		keys := map[string]bool{}
		for _, n := range s.Names() {
			names = append(names, parties.Name{Name: n.Name, From: n.From, By: n.Revision})
			keys[namekey.Of(n.Text.Value)] = true
		}
		require.ElementsMatch(t, names, got.Names)
		if ok {
			existing = append(existing, stream)
			for key := range keys {
				byName[key] = append(byName[key], stream)
			}
		}
	}
	for key, want := range byName {
		found, err := parties.ByName(conn, key, at)
		require.NoError(t, err)
		require.ElementsMatch(t, want, ids(found))
	}
	var listed []string
	for f := (parties.Filter{At: at, Limit: 2, Whole: true}); ; {
		page, next, err := parties.List(conn, f)
		require.NoError(t, err)
		for _, p := range page {
			whole, err := parties.Get(conn, p.Stream, at)
			require.NoError(t, err)
			require.Equal(t, whole, p)
		}
		listed = append(listed, ids(page)...)
		if f.After = next; next == "" {
			break
		}
	}
	require.ElementsMatch(t, existing, listed)
}

func ids(all []parties.Party) []string {
	var streams []string
	for _, p := range all {
		streams = append(streams, p.Stream)
	}
	return streams
}

// own returns the relations without those that others have to the party.
func own(all []parties.Relation) []parties.Relation {
	var mine []parties.Relation
	for _, r := range all {
		if !r.Back {
			mine = append(mine, r)
		}
	}
	return mine
}

func lineage(s *party.State) []parties.Relation {
	var all []parties.Relation
	for _, r := range s.Relations() {
		all = append(all, parties.Relation{What: string(r.Relation), To: r.To, From: r.From()})
	}
	words := map[string]string{"merged": parties.MergedInto, "split": parties.SplitInto, "succeeded": parties.SucceededBy}
	for _, e := range s.Ends() {
		for _, heir := range e.Heirs {
			all = append(all, parties.Relation{What: words[e.How], To: heir, From: e.On})
		}
	}
	if to := s.LinkedTo(); to != "" {
		all = append(all, parties.Relation{What: parties.LinkedTo, To: to})
	}
	return all
}
