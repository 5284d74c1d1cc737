package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
)

func TestImport(t *testing.T) {
	d := newDesk(t)
	require.Equal(t, [4]int{4, 0, 0, 0}, d.imports(twins, "\uFEFF"+heading+rastatt+albans+wolfs+gandia, "--snapshot", "2024-01-01"))
	list := d.ask("list")
	for _, want := range []string{"Fano and Rastatt", "1985", "1990~", "2016-09-01", "suspended", "[2001..2003]", "terminated"} {
		require.Contains(t, list, want)
	}
	n := d.events()
	t.Run("the_same_again_records_nothing", func(t *testing.T) {
		require.Equal(t, [4]int{0, 4, 0, 0}, d.imports(twins, "\uFEFF"+heading+rastatt+albans+wolfs+gandia))
		require.Equal(t, n, d.events())
	})
	t.Run("every_event_says_where_it_is_from", func(t *testing.T) {
		rows := map[string]bool{}
		for _, one := range lines(t, d.ask("log", "--json")) {
			source := one["source"]
			if one["type"] == "ledger.opened" {
				continue
			}
			require.Equal(t, true, one["backfill"], one)
			if locator := regexp.MustCompile(`[0-9a-f]{64}#\d+`).FindString(fmt.Sprint(source)); locator != "" {
				rows[locator[65:]] = true
			}
		}
		require.Equal(t, map[string]bool{"2": true, "3": true, "4": true, "5": true}, rows)
	})
	t.Run("it_is_listed", func(t *testing.T) {
		all := lines(t, d.ask("import", "list", "--json"))
		require.Len(t, all, 1)
		require.Equal(t, "2024-01-01", all[0]["snapshot"])
		require.Contains(t, d.ask("import", "list"), "Twin towns of Fano")
	})
	t.Run("the_file_is_kept", func(t *testing.T) {
		hash := lines(t, d.ask("import", "list", "--json"))[0]["sha256"].(string)
		found := false
		require.NoError(t, filepath.WalkDir(filepath.Join(d.data, "documents"), func(path string, _ os.DirEntry, err error) error {
			found = found || strings.Contains(strings.ReplaceAll(path, string(os.PathSeparator), ""), hash)
			return err
		}))
		require.True(t, found)
	})
}

func TestImportRefuses(t *testing.T) {
	for name, c := range map[string]struct{ row, column, code string }{
		"country":       {"9;Nowhere;XX;;1999;aktiv;\n", "Country", "party.bad_country"},
		"date":          {"9;Nowhere;FR;;12.13.2001;aktiv;\n", "Since", "import.bad_date"},
		"word":          {"9;Nowhere;FR;;2001;kaputt;\n", "Status", "import.unknown_word"},
		"no_name":       {"9;;FR;;2001;aktiv;\n", "Partner", "import.no_name"},
		"no_key":        {";Nowhere;FR;;2001;aktiv;\n", "No", "import.no_key"},
		"same_key":      {"1;Another;FR;;2001;aktiv;\n", "", "import.same_key"},
		"identifier":    {"9;Nowhere;FR;a b;2001;aktiv;\n", "/identifiers/0/value", "party.bad_identifier"},
		"too_many":      {"9;Nowhere;FR;;2001;aktiv;;x;y\n", "", "tabular.too_many_cells"},
		"said_in_words": {"9;Nowhere;FR;;last year;aktiv;\n", "Since", "import.bad_date"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			refused := filepath.Join(d.dir, "refused.csv")
			got, r := d.run(twins, heading+rastatt+c.row+albans, "--refused", refused)
			require.Equal(t, es.ErrInvalid.Exit(), r.code)
			require.Equal(t, [4]int{2, 0, 0, 1}, [4]int{got.Recorded, got.Unchanged, got.Flagged, got.Refused}, "the others are recorded: %v", got.Refusals)
			require.Equal(t, 3, got.Refusals[0].Row)
			require.Equal(t, c.code, got.Refusals[0].Code, got.Refusals[0])
			require.Equal(t, c.column, got.Refusals[0].Column)
			require.NotEmpty(t, got.Refusals[0].Want)
			require.NotContains(t, d.ask("list", "parties"), "Nowhere", "nothing is half recorded")
			text, err := os.ReadFile(refused)
			require.NoError(t, err)
			require.Contains(t, string(text), c.code)
			require.Contains(t, string(text), strings.Split(c.row, ";")[5], "the row as it stands")
			again, _ := d.run(twins, heading+rastatt+c.row+albans)
			require.Equal(t, [4]int{0, 2, 0, 1}, [4]int{again.Recorded, again.Unchanged, again.Flagged, again.Refused})
		})
	}
}

func TestImportWrongInput(t *testing.T) {
	d := newDesk(t)
	table := heading + rastatt
	for name, c := range map[string]struct {
		mapping, table string
		args           []string
		code           string
	}{
		"column_that_is_not_there": {twins, "No;Partner\n1;x\n", nil, "import.no_column"},
		"mapping_that_is_no_yaml":  {"a: [", table, nil, "import.bad_mapping"},
		"unknown_member":           {twins + "colour: red\n", table, nil, "import.bad_mapping"},
		"unknown_member_of_value":  {strings.Replace(twins, "column: Partner", "colum: Partner", 1), table, nil, "import.bad_mapping"},
		"no_tables":                {"register: {key: a, titles: [{value: A}]}\n", table, nil, "import.bad_mapping"},
		"bad_key":                  {strings.Replace(twins, "key: twins", "key: Twin Towns", 1), table, nil, "import.bad_mapping"},
		"unknown_row":              {strings.Replace(twins, "row: agreement", "row: cat", 1), table, nil, "import.bad_mapping"},
		"bad_constants":            {strings.Replace(acts, "kind: treaty", "kynd: treaty", 1), "Party;Signed;Bound;How;Left;Since\nA;;;;;\n", nil, "import.bad_mapping"},
		"bad_snapshot":             {twins, table, []string{"--snapshot", "soon"}, "cli.bad_date"},
		"bad_instant":              {twins, table, []string{"--known-at", "2024"}, "cli.bad_instant"},
		"known_in_the_future":      {twins, table, []string{"--known-at", "2999-01-01T00:00:00Z"}, "es.known_later"},
		"headings_twice":           {twins, "No;No;Partner\n", nil, "tabular.duplicate_heading"},
	} {
		t.Run(name, func(t *testing.T) {
			_, r := d.run(c.mapping, c.table, c.args...)
			require.NotZero(t, r.code)
			require.Contains(t, r.err, `"code":"`+c.code, r.err)
		})
	}
	require.NotContains(t, d.ask("log"), "party.", "nothing was recorded")
	r := entente(t, "", "import", d.file("a.csv", table), "--data", d.data, "--actor", "clerk")
	require.Contains(t, r.err, "--mapping")
	for _, id := range []string{"", "zz"} {
		r = entente(t, "", "import", "annul", id, "--reason", "x", "--yes", "--data", d.data, "--actor", "clerk")
		require.NotZero(t, r.code)
	}
}

// What would leave an agreement incomplete is found before its parties are
// registered.
func TestImportRefusesWholeRows(t *testing.T) {
	const pacts = `
register: {key: pacts, titles: [{lang: en, value: Pacts}]}
tables:
  - row: agreement
    agreement: {key: {column: "No"}, title: {column: Title}, kind: pact, phase: in_force}
    parties: [{name: {column: City}, kind: municipality, state: in_force}]
`
	d := newDesk(t)
	got, _ := d.run(pacts, "No,Title,City\n1,Pact,Graz\n2,,Brno\n")
	require.Equal(t, 1, got.Refused)
	require.Equal(t, 3, got.Refusals[0].Row)
	require.NotContains(t, d.ask("list", "parties"), "Brno")
}
