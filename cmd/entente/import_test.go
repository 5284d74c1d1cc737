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
	"github.com/xuri/excelize/v2"

	"github.com/entente-ledger/entente/domain/es"
)

// twins maps a list of twin towns, one agreement a row.
const twins = `
register: {key: twins, titles: [{lang: en, value: Twin towns of Fano}]}
dates: {order: dmy, forever: ["31.12.9999"], unknown: ["?"], about: [ca.]}
visibility: public
tables:
  - row: agreement
    agreement:
      key: {column: "No"}
      title: {text: "Fano and {Partner}", lang: en}
      kind: twinning
      phase: {column: Status, words: {aktiv: in_force, ruht: suspended, beendet: terminated}}
      since: {column: Changed}
      inForce: {column: Since}
    parties:
      - {name: Fano, kind: municipality, country: IT, state: in_force}
      - name: {column: Partner}
        kind: municipality
        country: {column: Country}
        identifiers: {wikidata: {column: QID}}
        state: in_force
`

// acts maps a register that has a row for each party of a convention.
const acts = `
register: {key: convention, titles: [{lang: en, value: Parties of the convention}]}
dates: {order: ymd}
visibility: public
tables:
  - row: participation
    party: {name: {column: Party}, kind: state}
    agreement:
      key: convention
      constants: {kind: treaty, open: true, titles: [{lang: en, value: Convention}], phase: in_force, inForce: "1990-01-01"}
    signed: {date: {column: Signed}}
    consented: {date: {column: Bound}, means: {column: How, words: {r: ratification, a: accession}}}
    withdrawn: {date: {column: Left}}
    part: {state: in_force, since: {column: Since}}
`

// desk is a ledger into which registers are imported.
type desk struct {
	t    *testing.T
	dir  string
	data string
	n    int
}

func newDesk(t *testing.T) *desk {
	dir := t.TempDir()
	return &desk{t: t, dir: dir, data: filepath.Join(dir, "data")}
}

// file writes a file, and returns its path.
func (d *desk) file(name, text string) string {
	d.t.Helper()
	path := filepath.Join(d.dir, name)
	require.NoError(d.t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// run imports a table as a mapping says, and returns what it led to, which need
// not be well.
func (d *desk) run(mapping, table string, args ...string) (imported, result) {
	d.t.Helper()
	d.n++
	path := d.file(fmt.Sprintf("%d.csv", d.n), table)
	return d.runFile(mapping, path, args...)
}

func (d *desk) runFile(mapping, path string, args ...string) (imported, result) {
	d.t.Helper()
	m := d.file("mapping.yaml", mapping)
	r := entente(d.t, "", append([]string{"import", path, "--mapping", m, "--data", d.data, "--actor", "clerk", "--json"}, args...)...)
	var got imported
	if r.out != "" {
		require.NoError(d.t, json.Unmarshal([]byte(r.out), &got))
		require.Equal(d.t, got.Rows, got.Recorded+got.Unchanged+got.Flagged+got.Refused, "the counts add up to the rows")
		require.Len(d.t, got.Refusals, got.Refused)
	}
	return got, r
}

// imports is run that must not refuse a row, and returns the four counts:
// recorded, unchanged, flagged, refused.
func (d *desk) imports(mapping, table string, args ...string) [4]int {
	d.t.Helper()
	got, r := d.run(mapping, table, args...)
	require.Zero(d.t, r.code, r.err)
	return [4]int{got.Recorded, got.Unchanged, got.Flagged, got.Refused}
}

func (d *desk) ask(args ...string) string {
	d.t.Helper()
	return ok(d.t, append(args, "--data", d.data)...)
}

func (d *desk) do(command string) string {
	d.t.Helper()
	return ok(d.t, "do", "--actor", "clerk", "--data", d.data, command)
}

// events returns how many events the ledger has.
func (d *desk) events() int { return len(lines(d.t, d.ask("log", "--json"))) }

// shown is what the register, the parties and all status charts say.
func (d *desk) shown() string {
	d.t.Helper()
	var text strings.Builder
	text.WriteString(d.ask("list") + d.ask("list", "parties"))
	for _, one := range lines(d.t, d.ask("list", "--json")) {
		text.WriteString(d.ask("statuschart", one["id"].(string)))
	}
	return sorted(text.String())
}

// sorted returns the lines of a text in their order: those of one title are in
// that of their recording.
func sorted(text string) string {
	all := strings.Split(text, "\n")
	slices.Sort(all)
	return strings.Join(all, "\n")
}

// agreement returns the id of the agreement whose title has a word.
func (d *desk) agreement(word string) string {
	d.t.Helper()
	for _, one := range lines(d.t, d.ask("list", "--json")) {
		if strings.Contains(fmt.Sprint(one), word) {
			return one["id"].(string)
		}
	}
	require.Fail(d.t, "no agreement "+word)
	return ""
}

const (
	heading = "No;Partner;Country;QID;Since;Status;Changed\n"
	rastatt = "1;Rastatt;DE;Q1;1985;aktiv;\n"
	albans  = "2;St Albans;GB;;ca. 1990;aktiv;\n"
	wolfs   = "3;Wolfsburg;DE;;1.9.2016;ruht;2020\n"
	gandia  = "4;Gandía;ES;;2001..2003;beendet;?\n"
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

func TestImportMatches(t *testing.T) {
	register := func(d *desk, name, country, more string) string {
		out := ok(d.t, "do", "--json", "--actor", "clerk", "--data", d.data, `{"command":"party.register","payload":{"kind":"municipality","country":"`+country+`","name":{"lang":"de","value":"`+name+`"}}}`)
		id := lines(d.t, out)[0]["stream"].(string)
		if more != "" {
			d.do(`{"command":"party.identify","to":"` + id + `","payload":{"identifier":{"scheme":"wikidata","value":"` + more + `"}}}`)
		}
		return id
	}
	parties := func(d *desk) int { return len(lines(d.t, d.ask("list", "parties", "--json"))) }
	for name, c := range map[string]struct {
		there func(d *desk)
		rows  string
		want  int // parties in the end, Fano among them
		code  string
	}{
		"by_identifier_whatever_the_name":  {func(d *desk) { register(d, "Rastadt", "DE", "Q1") }, rastatt, 2, ""},
		"by_name_but_for_case_and_accents": {func(d *desk) { register(d, "GANDIA", "ES", "") }, gandia, 2, ""},
		"not_in_another_country":           {func(d *desk) { register(d, "Gandía", "IT", "") }, gandia, 3, ""},
		"not_of_another_kind": {func(d *desk) {
			d.do(`{"command":"party.register","payload":{"kind":"region","country":"ES","name":{"lang":"es","value":"Gandía"}}}`)
		}, gandia, 3, ""},
		"not_with_another_identifier": {func(d *desk) { register(d, "Rastatt", "DE", "Q99") }, rastatt, 3, ""},
		"one_of_two_cannot_be_told":   {func(d *desk) { register(d, "Gandía", "ES", ""); register(d, "Gandia", "ES", "") }, gandia, 2, "import.ambiguous_party"},
		"linked_records_are_one": {func(d *desk) {
			a, b := register(d, "Gandía", "ES", ""), register(d, "Gandia", "ES", "")
			d.ask("party", "link", a, b, "--actor", "clerk", "--reason", "one city")
		}, gandia, 3, ""},
		"a_row_without_the_identifier_is_it":    {nil, rastatt + "9;RASTATT;DE;;1999;aktiv;\n", 2, ""},
		"two_identifiers_are_two":               {nil, rastatt + "9;Rastatt;DE;Q7;1999;aktiv;\n", 3, ""},
		"a_name_of_two_identifiers_cannot_be":   {nil, rastatt + "8;Rastatt;DE;Q7;1999;aktiv;\n9;Rastatt;DE;;1999;aktiv;\n", 3, "import.ambiguous_party"},
		"somebody_else_of_the_file_is_somebody": {nil, rastatt + albans, 3, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			if c.there != nil {
				c.there(d)
			}
			got, _ := d.run(twins, heading+c.rows)
			if c.code == "" {
				require.Empty(t, got.Refusals)
			} else {
				require.Equal(t, c.code, got.Refusals[0].Code)
				require.Equal(t, 1, got.Refused)
				if !strings.Contains(c.rows, "Rastatt") {
					c.want++ // Fano is not registered for a row that is refused later
				}
			}
			require.Equal(t, c.want, parties(d), d.ask("list", "parties"))
		})
	}
	t.Run("renamed_since_it_is_the_same", func(t *testing.T) {
		d := newDesk(t)
		d.imports(twins, heading+albans, "--snapshot", "2024-01-01")
		for _, one := range lines(t, d.ask("list", "parties", "--json")) {
			if strings.Contains(fmt.Sprint(one), "Albans") {
				d.do(`{"command":"party.rename","to":"` + one["id"].(string) + `","payload":{"fact":{"occurred":"2024-05-01"},"name":{"lang":"en","value":"Verulamium"}}}`)
			}
		}
		require.Equal(t, [4]int{1, 1, 0, 0}, d.imports(twins, heading+albans+rastatt, "--snapshot", "2025-01-01"))
		require.Equal(t, 3, parties(d))
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
	for i := range 600 {
		fmt.Fprintf(&rows, "%d;Town %d;DE;;%d;aktiv;\n", i, i%300, 1950+i%70)
	}
	whole := newDesk(t)
	whole.imports(twins, heading+rows.String(), "--snapshot", "2024-01-01")
	want := whole.ask("list", "--json", "--limit", "10000") + whole.ask("list", "parties", "--json", "--limit", "10000")

	d := newDesk(t)
	table, mapping := d.file("1.csv", heading+rows.String()), d.file("mapping.yaml", twins)
	kills := 0
	for wait := 200 * time.Millisecond; kills < 3 && wait < 10*time.Second; wait += 100 * time.Millisecond {
		cmd := program(t, "import", table, "--mapping", mapping, "--snapshot", "2024-01-01", "--data", d.data, "--actor", "clerk")
		require.NoError(t, cmd.Start())
		timer := time.AfterFunc(wait, func() { _ = cmd.Process.Kill() })
		if err := cmd.Wait(); err == nil {
			break
		}
		timer.Stop()
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

func TestImportMembershipsAndChanges(t *testing.T) {
	const members = `
register: {key: members, titles: [{lang: en, value: Members of the ring}]}
visibility: public
tables:
  - row: membership
    party: {name: {column: City}, kind: municipality, country: {column: Land}}
    network: {name: Ring of cities, constants: {phase: launched}}
    membership:
      standing: {column: Status, words: {Mitglied: active, ausgetreten: withdrawn}}
      class: {column: Art, words: {voll: full, Gast: observer}, else: full}
      since: {column: Seit}
`
	const changes = `
register: {key: moves, titles: [{lang: en, value: Moves of the ring}]}
visibility: public
tables:
  - row: change
    party: {name: {column: City}, kind: municipality, country: {column: Land}}
    network: {name: Ring of cities, constants: {phase: launched}}
    change: {what: {column: What, words: {in: admitted, out: withdrawn, pause: suspended}}, date: {column: When}}
`
	d := newDesk(t)
	table := "City;Land;Status;Art;Seit\nGraz;AT;Mitglied;voll;2001\nBrno;CZ;ausgetreten;Gast;2010-05-01\n"
	require.Equal(t, [4]int{2, 0, 0, 0}, d.imports(members, table, "--snapshot", "2024-01-01"))
	roster := d.ask("roster", "Ring of cities")
	require.Contains(t, roster, "Graz")
	require.Contains(t, roster, "withdrawn")
	require.Equal(t, [4]int{0, 2, 0, 0}, d.imports(members, table))

	got, _ := d.run(changes, "City;Land;What;When\nPécs;HU;in;2003-01-01\nPécs;HU;pause;2005-01-01\nPécs;HU;out;2006-01-01\nGraz;AT;out;2020-01-01\nPécs;HU;in;2007\nPécs;HU;fly;2008\n", "--snapshot", "2024-01-01")
	require.Equal(t, 1, got.Refused)
	require.Equal(t, "import.unknown_word", got.Refusals[0].Code)
	require.Equal(t, 5, got.Recorded+got.Flagged)
	roster = d.ask("roster", "Ring of cities", "--as-of", "2004-01-01")
	require.Contains(t, roster, "Pécs")
	again, _ := d.run(changes, "City;Land;What;When\nPécs;HU;in;2003-01-01\nPécs;HU;pause;2005-01-01\nPécs;HU;out;2006-01-01\nGraz;AT;out;2020-01-01\nPécs;HU;in;2007\nPécs;HU;out;2008-08-08\n", "--snapshot", "2025-01-01")
	require.Equal(t, 5, again.Unchanged, again)
	require.Equal(t, 1, again.Recorded+again.Flagged)

	t.Run("what_others_recorded_is_met", func(t *testing.T) {
		other := strings.Replace(members, "key: members", "key: others", 1)
		got, _ := d.run(other, table)
		require.Equal(t, 1, got.Unchanged, "Brno stands so already")
		require.Equal(t, "import.differs", got.Refusals[0].Code, "Graz left by another register")
	})
}

// What the rows say is known from when they say, and a party from when the
// first row names it.
func TestImportKnown(t *testing.T) {
	mapping := strings.Replace(acts, "dates:", "knownAt: {column: Known}\ndates:", 1)
	d := newDesk(t)
	d.imports(mapping, "Party;Signed;Bound;How;Left;Since;Known\nArcadia;;1992-05-05;a;;;2001-01-01\nBohemia;;1991-01-01;a;;;2003-01-01\nCilicia;1980;;;;;\n", "--snapshot", "2024-01-01")
	then := d.ask("list", "parties", "--as-known", "2002-01-01T00:00:00Z")
	require.Contains(t, then, "Arcadia")
	require.NotContains(t, then, "Bohemia")
	require.Contains(t, d.ask("list", "parties", "--as-known", "2003-06-01T00:00:00Z"), "Bohemia")
	require.NotContains(t, d.ask("list", "parties", "--as-known", "2020-06-01T00:00:00Z"), "Cilicia", "known when it was recorded")
	require.Contains(t, d.ask("list", "parties"), "Cilicia")
	require.Contains(t, d.ask("list", "--as-known", "2002-01-01T00:00:00Z"), "Convention", "the agreement by the first row that names it")
	got, _ := d.run(mapping, "Party;Signed;Bound;How;Left;Since;Known\nDacia;;1992;a;;;2999-01-01\n", "--snapshot", "2025-01-01")
	require.Equal(t, "es.known_later", got.Refusals[0].Code)
}

// A workbook with several sheets, and NDJSON.
func TestImportFormats(t *testing.T) {
	const sheets = `
register: {key: book, titles: [{lang: en, value: Workbook}]}
visibility: public
tables:
  - sheet: Cities
    row: party
    party:
      name: {column: Name, lang: it}
      names: [{column: English, lang: en, use: exonym}]
      kind: municipality
      country: {column: Land}
      identifiers: {wikidata: {column: QID}}
  - sheet: Pacts
    row: agreement
    agreement: {key: {column: No}, title: {column: Title}, kind: pact, phase: in_force, inForce: {column: From}, themes: {column: Themes, split: ","}}
    parties: [{name: {column: Cities, split: ";"}, kind: municipality, country: IT, state: in_force}]
`
	f := excelize.NewFile()
	require.NoError(t, f.SetSheetName("Sheet1", "Cities"))
	_, err := f.NewSheet("Pacts")
	require.NoError(t, err)
	for cell, v := range map[string]any{"A1": "Name", "B1": "English", "C1": "Land", "D1": "QID", "A2": "Torino", "B2": "Turin", "C2": "IT", "D2": "Q495", "A3": "Fano", "C3": "IT"} {
		require.NoError(t, f.SetCellValue("Cities", cell, v))
	}
	for cell, v := range map[string]any{
		"A1": "No", "B1": "Title", "C1": "From", "D1": "Cities", "E1": "Themes", "A2": 7, "B2": "Patto", "C2": time.Date(2012, 3, 4, 0, 0, 0, 0, time.UTC), "D2": "Torino; Fano; Jesi", "E2": "sdg:11,sdg:13",
	} {
		require.NoError(t, f.SetCellValue("Pacts", cell, v))
	}
	d := newDesk(t)
	path := filepath.Join(d.dir, "book.xlsx")
	require.NoError(t, f.SaveAs(path))
	got, r := d.runFile(sheets, path)
	require.Zero(t, r.code, r.err)
	require.Equal(t, 3, got.Recorded)
	require.Len(t, lines(t, d.ask("list", "parties", "--json")), 3, "cities of one sheet are those of the other")
	require.Contains(t, d.ask("list"), "2012-03-04")
	require.Contains(t, d.ask("list", "--theme", "sdg:13"), "Patto")
	require.Contains(t, d.ask("search", "turin"), "Torino")
	require.Contains(t, d.ask("log", "--json"), "#Pacts!2")

	nd := newDesk(t)
	path = nd.file("rows.ndjson", `{"No":1,"Partner":"Rastatt","Country":"DE","QID":"Q1","Since":"1985","Status":"aktiv","Changed":null}`+"\n")
	got, r = nd.runFile(twins, path)
	require.Zero(t, r.code, r.err)
	require.Equal(t, 1, got.Recorded)
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
