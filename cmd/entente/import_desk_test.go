package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
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
