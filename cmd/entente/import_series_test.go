package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
)

// Differences are taken against what the register said before.
func TestImportSeries(t *testing.T) {
	t.Run("what_changed_is_corrected_and_the_answer_of_then_stays", func(t *testing.T) {
		d := newDesk(t)
		d.imports(twins, heading+rastatt+albans, "--snapshot", "2024-01-01", "--known-at", "2024-01-15T00:00:00Z")
		require.Equal(t, [4]int{1, 1, 0, 0}, d.imports(twins, heading+"1;Rastatt;DE;Q1;1986;aktiv;\n"+albans,
			"--snapshot", "2025-01-01", "--known-at", "2025-01-15T00:00:00Z"))
		require.Contains(t, d.ask("list"), "1986")
		then := d.ask("list", "--as-known", "2024-06-01T00:00:00Z")
		require.Contains(t, then, "1985")
		require.NotContains(t, then, "1986")
	})
	t.Run("what_a_clerk_corrected_stays", func(t *testing.T) {
		d := newDesk(t)
		table := "Party;Signed;Bound;How;Left;Since\nArcadia;1980-01-01;1985-05-05;r;;\n"
		d.imports(acts, table, "--snapshot", "2024-01-01")
		id := d.agreement("Convention")
		signed := regexp.MustCompile(`party-[0-9a-f-]{36}`).FindString(d.ask("list", "parties", "--json"))
		d.do(`{"command":"memorandum.correct","to":"` + id + `","payload":{"of":3,"reason":"the paper says so","as":{"type":"memorandum.signed","data":{"fact":{"occurred":"1981-01-01"},"party":{"id":"` + signed + `"}}}}}`)
		require.Equal(t, [4]int{0, 1, 0, 0}, d.imports(acts, table+"\n", "--snapshot", "2025-01-01"))
		require.Contains(t, d.ask("statuschart", id), "1981-01-01")
		got, _ := d.run(acts, strings.Replace(table, "1980-01-01", "1982-02-02", 1), "--snapshot", "2026-01-01")
		require.Equal(t, 1, got.Flagged, "another date competes, and is to be looked at")
		require.Contains(t, d.ask("statuschart", id), "1981-01-01")
		require.Contains(t, d.ask("findings"), "memorandum.competing")
	})
	t.Run("of_what_cannot_compete_the_row_is_refused", func(t *testing.T) {
		d := newDesk(t)
		d.imports(twins, heading+rastatt, "--snapshot", "2024-01-01")
		id := d.agreement("Rastatt")
		var e struct {
			Data json.RawMessage `json:"data"`
		}
		require.NoError(t, json.Unmarshal([]byte(strings.Split(d.ask("history", id, "--json"), "\n")[0]), &e))
		d.do(`{"command":"memorandum.correct","to":"` + id + `","payload":{"of":1,"reason":"checked","as":{"type":"memorandum.carried_over","data":` +
			strings.Replace(string(e.Data), `"inForce":"1985"`, `"inForce":"1984"`, 1) + `}}}`)
		require.Contains(t, d.ask("list"), "1984")
		require.Equal(t, [4]int{0, 1, 0, 0}, d.imports(twins, heading+rastatt+"\n", "--snapshot", "2025-01-01"))
		got, _ := d.run(twins, heading+"1;Rastatt;DE;Q1;1986;aktiv;\n", "--snapshot", "2026-01-01")
		require.Equal(t, "import.corrected_since", got.Refusals[0].Code)
		require.Contains(t, d.ask("list"), "1984")
	})
	t.Run("a_row_that_is_gone_is_a_fact_about_the_register", func(t *testing.T) {
		d := newDesk(t)
		d.imports(twins, heading+rastatt+albans, "--snapshot", "2024-01-01")
		got, _ := d.run(twins, heading+rastatt, "--snapshot", "2025-01-01")
		require.Equal(t, 1, got.Removed)
		require.Contains(t, d.ask("list"), "St Albans")
		require.Contains(t, d.ask("findings"), "source.entry_removed")
		got, _ = d.run(twins, heading+rastatt+"\n", "--snapshot", "2025-06-01")
		require.Zero(t, got.Removed, "it is told once")
		got, _ = d.run(twins, heading+rastatt+albans, "--snapshot", "2026-01-01")
		require.Zero(t, got.Rows, "that file was the first snapshot")
		got, _ = d.run(twins, heading+albans+rastatt, "--snapshot", "2026-01-01")
		require.Equal(t, 1, got.Restored)
		require.NotContains(t, d.ask("findings"), "source.entry_removed")
	})
	t.Run("a_cell_that_was_emptied_is_an_entry_too", func(t *testing.T) {
		d := newDesk(t)
		d.imports(acts, "Party;Signed;Bound;How;Left;Since\nArcadia;1980-01-01;1985-05-05;r;;\n", "--snapshot", "2024-01-01")
		got, _ := d.run(acts, "Party;Signed;Bound;How;Left;Since\nArcadia;;1985-05-05;r;;\n", "--snapshot", "2025-01-01")
		require.Equal(t, 1, got.Removed)
	})
	t.Run("an_older_snapshot_is_refused", func(t *testing.T) {
		d := newDesk(t)
		d.imports(twins, heading+rastatt, "--snapshot", "2024-01-01")
		d.imports(twins, heading+albans, "--snapshot", "2025-01-01")
		for _, table := range []string{heading + rastatt, heading + wolfs} {
			_, r := d.run(twins, table, "--snapshot", "2024-06-01")
			require.Equal(t, es.ErrConflict.Exit(), r.code)
			require.Contains(t, r.err, "import.older")
		}
	})
}

// Importing the rows in another order gives the same register.
func TestImportPermutations(t *testing.T) {
	for name, c := range map[string]struct {
		mapping, heading string
		rows             []string
	}{
		"agreements": {twins, heading, []string{rastatt, albans, wolfs, gandia, "5;Rastatt;DE;Q1;1999;aktiv;\n", "6;RASTATT;DE;;2000;aktiv;\n", "7;St Albans;GB;;1990;ruht;1991\n"}},
		"participations": {acts, "Party;Signed;Bound;How;Left;Since\n", []string{
			"Arcadia;1980-01-01;1985-05-05;r;;1990-01-01\n", "Bohemia;;1991;a;;1991-08-01\n", "Cilicia;1980;;;;\n", "Dacia;1980-01-02;1981;r;2001-01-01;1990-01-01\n", "Epirus;;2011-02~;a;;\n",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			var want string
			random := rand.New(rand.NewPCG(1, 2))
			for i := range 4 {
				d := newDesk(t)
				rows := slices.Clone(c.rows)
				if i > 0 {
					random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
				}
				d.run(c.mapping, c.heading+strings.Join(rows, ""), "--snapshot", "2024-01-01")
				if got := d.shown(); i == 0 {
					want = got
				} else {
					require.Equal(t, want, got, rows)
				}
			}
		})
	}
}

// Taking an import back leaves the register as if it had never been.
func TestImportAnnul(t *testing.T) {
	d := newDesk(t)
	d.do(`{"command":"party.register","payload":{"kind":"municipality","country":"GB","name":{"lang":"en","value":"St Albans"}}}`)
	none := d.shown()
	d.imports(twins, heading+rastatt+albans, "--snapshot", "2024-01-01")
	one := d.shown()
	d.imports(twins, heading+"1;Rastatt;DE;Q1;1986;ruht;2020\n"+wolfs, "--snapshot", "2025-01-01")
	d.imports(acts, "Party;Signed;Bound;How;Left;Since\nArcadia;1980-01-01;1985-05-05;r;;\n", "--snapshot", "2024-01-01")
	all := lines(t, d.ask("import", "list", "--json"))
	require.Len(t, all, 3)
	annul := func(i int) result {
		return entente(t, "", "import", "annul", all[i]["id"].(string), "--reason", "a trial", "--yes", "--data", d.data, "--actor", "clerk")
	}
	require.Equal(t, es.ErrConflict.Exit(), annul(0).code, "another rests on it")
	require.Zero(t, annul(2).code)
	require.Zero(t, annul(1).code)
	require.Equal(t, one, d.shown())
	require.NotContains(t, d.ask("findings"), "entry_removed")
	require.Zero(t, annul(0).code)
	require.Equal(t, none, d.shown())
	n := d.events()
	require.Zero(t, annul(0).code, "again")
	require.Equal(t, n, d.events())
	require.Contains(t, d.ask("import", "list"), "annulled")
	t.Run("and_it_can_be_imported_again", func(t *testing.T) {
		require.Equal(t, [4]int{2, 0, 0, 0}, d.imports(twins, heading+rastatt+albans, "--snapshot", "2024-01-01"))
		dates := regexp.MustCompile(`(party|memorandum)-[0-9a-f]{8}`)
		require.ElementsMatch(t, strings.Split(dates.ReplaceAllString(one, ""), "\n"), strings.Split(dates.ReplaceAllString(d.shown(), ""), "\n"))
		require.Equal(t, [4]int{0, 2, 0, 0}, d.imports(twins, heading+rastatt+albans))
	})
}

func TestImportDryRun(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir()) // so that nobody else leaves anything there
	d := newDesk(t)
	got, r := d.run(twins, heading+rastatt+albans, "--dry-run")
	require.Zero(t, r.code, r.err)
	require.Equal(t, 2, got.Recorded)
	require.True(t, got.DryRun)
	require.NoDirExists(t, d.data)
	d.imports(twins, heading+rastatt, "--snapshot", "2024-01-01")
	n := d.events()
	got, _ = d.run(twins, heading+"1;Rastatt;DE;Q1;1986;aktiv;\n"+albans, "--dry-run", "--snapshot", "2025-01-01")
	require.Equal(t, 2, got.Recorded)
	require.Equal(t, n, d.events())
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "entente-dry-run-*"))
	require.NoError(t, err)
	require.Empty(t, left)
}

// An import that was killed goes on.
func TestImportKilled(t *testing.T) {
	rows := strings.Builder{}
	for i := range 200 {
		fmt.Fprintf(&rows, "%d;Town %d;DE;;%d;aktiv;\n", i, i%100, 1950+i%70)
	}
	whole := newDesk(t)
	began := time.Now()
	whole.imports(twins, heading+rows.String(), "--snapshot", "2024-01-01")
	took := time.Since(began)
	want := whole.ask("list", "--json", "--limit", "10000") + whole.ask("list", "parties", "--json", "--limit", "10000")

	d := newDesk(t)
	table, mapping := d.file("1.csv", heading+rows.String()), d.file("mapping.yaml", twins)
	kills := 0
	for part := range time.Duration(3) {
		cmd := program(t, "import", table, "--mapping", mapping, "--snapshot", "2024-01-01", "--data", d.data, "--actor", "clerk")
		require.NoError(t, cmd.Start())
		timer := time.AfterFunc((part+1)*took/4, func() { _ = cmd.Process.Kill() })
		err := cmd.Wait()
		timer.Stop()
		if err == nil {
			break
		}
		kills++
	}
	require.Positive(t, kills, "it was too fast to be killed")
	got, r := d.runFile(twins, table, "--snapshot", "2024-01-01")
	require.Zero(t, r.code, r.err)
	require.Zero(t, got.Refused)
	require.Equal(t, sorted(withoutPlace(want)), sorted(withoutPlace(d.ask("list", "--json", "--limit", "10000")+d.ask("list", "parties", "--json", "--limit", "10000"))))
	require.Equal(t, whole.events(), d.events())
}

// withoutPlace takes out where events stand in a log, and when they were
// recorded.
func withoutPlace(text string) string {
	return regexp.MustCompile(`"(sequence|recorded|recordedAt|known|knownAt)":("[^"]*"|\d+),?`).ReplaceAllString(text, "")
}
