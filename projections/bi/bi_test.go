package bi_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/projections"
	"github.com/entente-ledger/entente/projections/findings"
	"github.com/entente-ledger/entente/projections/obligations"
	"github.com/entente-ledger/entente/projections/parties"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/register"
)

// views calls check with the views of a random world, and again after they were
// built anew.
func views(t *testing.T, check func(conn *sqlite.Conn, w *projectiontest.World, store *projectiontest.Store)) {
	store := projectiontest.NewStore()
	n := 0
	w, err := projectiontest.NewWorld(store, func(of int) int { n++; return (n*7919 + n/3) % of })
	require.NoError(t, err)
	for range 250 {
		require.NoError(t, w.Step())
	}
	dir := t.TempDir()
	for _, rebuild := range []bool{false, true} {
		r, err := projections.Open(projections.Config{Dir: dir, Store: store})
		require.NoError(t, err)
		if rebuild {
			require.NoError(t, r.Rebuild(t.Context()))
		}
		require.NoError(t, r.CatchUp(t.Context()))
		require.NoError(t, r.Close())
		v := projections.OpenViews(dir)
		require.NoError(t, v.Read(t.Context(), func(conn *sqlite.Conn, _ projections.Checkpoint) error {
			check(conn, w, store)
			return nil
		}))
		require.NoError(t, v.Close())
	}
}

// rows returns the rows of a query as texts, NULL as "-".
func rows(t *testing.T, conn *sqlite.Conn, query string) (all [][]string) {
	require.NoError(t, sqlitex.ExecuteTransient(conn, query, &sqlitex.ExecOptions{ResultFunc: func(stmt *sqlite.Stmt) error {
		row := make([]string, stmt.ColumnCount())
		for i := range row {
			if row[i] = stmt.ColumnText(i); stmt.ColumnType(i) == sqlite.TypeNull {
				row[i] = "-"
			}
		}
		all = append(all, row)
		return nil
	}}))
	return all
}

// TestColumns checks that docs/bi.md, which is a contract, names the views and
// their columns in their order.
func TestColumns(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "bi.md"))
	require.NoError(t, err)
	want := map[string][]string{}
	view := ""
	for _, line := range regexp.MustCompile(`(?m)^## (bi_\w+)$|^\| (\w+) \|`).FindAllStringSubmatch(string(page), -1) {
		switch {
		case line[1] != "":
			view = line[1]
		case line[2] != "column":
			want[view] = append(want[view], line[2])
		}
	}
	views(t, func(conn *sqlite.Conn, _ *projectiontest.World, _ *projectiontest.Store) {
		got := map[string][]string{}
		for _, row := range rows(t, conn, `SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
			WHERE m.type = 'view' ORDER BY m.name, c.cid`) {
			got[row[0]] = append(got[row[0]], row[1])
		}
		require.Equal(t, want, got)
	})
}

// TestRows checks the views against the queries of the read models.
func TestRows(t *testing.T) {
	views(t, func(conn *sqlite.Conn, w *projectiontest.World, store *projectiontest.Store) {
		all, _, err := register.List(conn, register.Filter{On: edtf.MustParse("2020")})
		require.NoError(t, err)
		require.NotEmpty(t, all)
		var agreements, steps [][]string
		for _, a := range all {
			day := func(d edtf.Day) string {
				if a.Entry.Met == edtf.No || !d.Bounded() {
					return "-"
				}
				return d.String()
			}
			agreements = append(agreements, []string{
				a.Stream, a.Title.Value, []string{"no", "undecidable", "yes"}[a.Entry.Met], a.Entry.From.String(),
				day(a.Entry.From.Earliest()), day(a.Entry.From.Latest()),
			})
		}
		require.ElementsMatch(t, agreements, rows(t, conn, "SELECT id, title, in_force_ever, in_force_from, in_force_earliest, in_force_latest FROM bi_agreement"))
		for _, stream := range w.Agreements() {
			recs, err := projectiontest.Prefix(store.Records(), stream, register.Filter{}.At)
			require.NoError(t, err)
			s, err := projectiontest.Fold(memorandum.Decider, recs)
			require.NoError(t, err)
			for _, p := range s.Parts() {
				steps = append(steps, []string{stream, string(p.Party), string(p.Part), p.From.String()})
			}
		}
		require.ElementsMatch(t, steps, rows(t, conn, "SELECT agreement, party, part, since FROM bi_participation"))
		known, _, err := parties.List(conn, parties.Filter{})
		require.NoError(t, err)
		require.Len(t, rows(t, conn, "SELECT * FROM bi_party"), len(known))
		found, _, err := findings.List(conn, findings.Filter{})
		require.NoError(t, err)
		require.Len(t, rows(t, conn, "SELECT * FROM bi_finding WHERE NOT is_settled LIMIT 1000"), len(found))
		due, _, err := obligations.List(conn, obligations.Filter{Open: true})
		require.NoError(t, err)
		require.Len(t, rows(t, conn, "SELECT * FROM bi_obligation WHERE NOT is_settled LIMIT 1000"), len(due))
		require.Len(t, rows(t, conn, "SELECT * FROM bi_event"), len(store.Records()))
		require.Equal(t, [][]string{{"0", "ledger.opened"}}, rows(t, conn, "SELECT sequence, type FROM bi_event ORDER BY sequence LIMIT 1"))
	})
}
