package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
)

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
