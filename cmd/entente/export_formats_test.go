package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/provenance/provenancetest"
)

// sheet returns the rows of a sheet, in which truths are 1 and 0.
func sheet(t *testing.T, book, name string) [][]string {
	t.Helper()
	f, err := excelize.OpenReader(strings.NewReader(book))
	require.NoError(t, err)
	rows, err := f.GetRows(name, excelize.Options{RawCellValue: true})
	require.NoError(t, err)
	require.NoError(t, f.Close())
	return rows
}

func TestExportXLSX(t *testing.T) {
	data := demo(t)
	ok(t, "do", "--actor", "clerk", "--data", data, `{"command":"party.register","payload":{"kind":"municipality","name":{"lang":"en","value":"=HYPERLINK(\"http://x\",\"y\")"}}}`)
	t.Run("has_the_cells_of_csv", func(t *testing.T) {
		for _, list := range [][]string{
			{"list"},
			{"list", "parties"},
			{"due", "--within", "9y"},
			{"findings"},
			{"search", "ancona"},
			{"statuschart", "memorandum-f6"},
			{"plan"},
			{"roster", "Strong Cities Network"},
			{"history", "memorandum-f6"},
			{"log"},
		} {
			want, err := csv.NewReader(strings.NewReader(ok(t, append([]string{"export", "--format", "csv", "--data", data}, list...)...))).ReadAll()
			require.NoError(t, err)
			got := sheet(t, ok(t, append([]string{"export", "--format", "xlsx", "--data", data}, list...)...), "answer")
			require.Len(t, got, len(want), list)
			for i, row := range want {
				for j, text := range row {
					cell := ""
					if j < len(got[i]) { // empty cells at the end of a row are none
						cell = got[i][j]
					}
					require.Equal(t, strings.NewReplacer("true", "1", "false", "0").Replace(text), strings.NewReplacer("true", "1", "false", "0").Replace(cell), list)
				}
			}
		}
	})
	t.Run("cells_have_types", func(t *testing.T) {
		f, err := excelize.OpenReader(strings.NewReader(ok(t, "export", "--format", "xlsx", "--data", data, "history", "memorandum-f6")))
		require.NoError(t, err)
		for cell, want := range map[string]excelize.CellType{"A2": excelize.CellTypeUnset, "C2": excelize.CellTypeUnset, "B2": excelize.CellTypeInlineString} {
			kind, err := f.GetCellType("answer", cell)
			require.NoError(t, err)
			require.Equal(t, want, kind, cell)
		}
		require.NoError(t, f.Close())
	})
	t.Run("no_text_becomes_a_formula_when_saved_as_csv", func(t *testing.T) {
		require.Contains(t, fmt.Sprint(sheet(t, ok(t, "export", "--format", "xlsx", "--data", data, "parties"), "answer")), `'=HYPERLINK("http://x","y")`)
	})
	t.Run("says_what_was_asked", func(t *testing.T) {
		lines := ok(t, "export", "--data", data, "list", "--as-of", "2019", "--as-recorded", "30")
		_, sum, _ := strings.Cut(lines, `"sha256":"`)
		require.Equal(t, [][]string{
			{"question", "entente list --as-of 2019 --as-recorded 30"},
			{"as of", "2019"},
			{"as known", "the latest"},
			{"as recorded", "sequence 30"},
			{"sequence", "30"},
			{"count", "1"},
			{"sha256 as NDJSON", sum[:64]},
		}, sheet(t, ok(t, "export", "--format", "xlsx", "--data", data, "list", "--as-of", "2019", "--as-recorded", "30"), "about"))
		require.Equal(t, [][]string{
			{"question", `entente roster "Strong Cities Network"`},
			{"as of", today().String()},
			{"as known", "the latest"},
			{"as recorded", "the latest"},
			{"sequence", fmt.Sprint(count(t, data) - 1)},
			{"count", "1"},
		}, sheet(t, ok(t, "export", "--format", "xlsx", "--data", data, "roster", "Strong Cities Network"), "about")[:6])
		require.Equal(t, [][]string{{"question", "entente log"}, {"sequence", fmt.Sprint(count(t, data) - 1)}},
			sheet(t, ok(t, "export", "--format", "xlsx", "--data", data, "log"), "about")[:2], "it is asked on no axis")
	})
	t.Run("a_long_text_is_cut_and_that_is_said", func(t *testing.T) {
		names := strings.Repeat(`{"text":{"lang":"en","value":"`+strings.Repeat("é", 900)+`"},"use":"short","until":""},`, 40)
		data, streams := ledgerWith(t, `{"command":"party.carry_over","payload":{"kind":"municipality","exists":true,"names":[`+strings.TrimSuffix(names, ",")+`]}}`)
		r := entente(t, "", "export", "--format", "xlsx", "--data", data, "history", streams[0])
		require.Zero(t, r.code, r.err)
		require.Contains(t, r.err, "1 texts cut short")
		require.Contains(t, fmt.Sprint(sheet(t, r.out, "about")), "texts cut short 1")
		require.True(t, strings.HasSuffix(fmt.Sprint(sheet(t, r.out, "answer")[1]), "…]"))
	})
	t.Run("not_to_a_terminal", func(t *testing.T) {
		terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
		if err != nil {
			t.Skip("there is no terminal to open here")
		}
		var errs bytes.Buffer
		code := run(context.Background(), []string{"export", "--format", "xlsx", "list", "--data", data}, strings.NewReader(""), terminal, &errs)
		require.Equal(t, es.ErrInvalid.Exit(), code)
		require.Contains(t, errs.String(), "cli.binary_output")
		file := filepath.Join(t.TempDir(), "x.xlsx")
		code = run(context.Background(), []string{"export", "list", "--format=xlsx", "-o", file, "--data", data}, strings.NewReader(""), terminal, io.Discard)
		require.Zero(t, code)
		require.NoError(t, terminal.Close())
		book, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Len(t, sheet(t, string(book), "answer"), 5)
	})
}

func TestExportGeoJSON(t *testing.T) {
	data, streams := ledgerWith(t, ancona, strings.Replace(ancona, "Ancona", "Jesi", 1), strings.Replace(ancona, `"it"`, `"en"`, 1))
	locate := func(stream, place string) {
		ok(t, "do", "--actor", "clerk", "--data", data, `{"command":"party.locate","to":"`+stream+`","payload":`+place+`}`)
	}
	locate(streams[0], `{"country":"IT","region":{"lang":"it","value":"Marche"},"latitude":43615830,"longitude":13518900}`)
	ok(t, "do", "--actor", "clerk", "--data", data, `{"command":"party.identify","to":"`+streams[0]+`","payload":{"identifier":{"scheme":"wikidata","value":"Q3415"}}}`)
	locate(streams[1], `{"country":"IT"}`)
	type collection struct {
		Type     string
		Features []struct {
			Type, ID string
			Geometry struct {
				Type        string
				Coordinates []json.Number
			}
			Properties map[string]any
		}
		Count              int
		WithoutCoordinates int
		Sequence           int
	}
	read := func(t *testing.T, args ...string) (c collection, said string) {
		r := entente(t, "", append([]string{"export", "parties", "--format", "geojson", "--data", data}, args...)...)
		require.Zero(t, r.code, r.err)
		require.NoError(t, json.Unmarshal([]byte(r.out), &c), r.out)
		require.Equal(t, "FeatureCollection", c.Type)
		require.Len(t, c.Features, c.Count)
		return c, r.err
	}
	t.Run("a_point_for_each_that_is_located", func(t *testing.T) {
		c, said := read(t)
		require.Equal(t, []int{1, 2, count(t, data) - 1}, []int{c.Count, c.WithoutCoordinates, c.Sequence})
		require.Contains(t, said, "2 left out")
		f := c.Features[0]
		require.Equal(t, []string{"Feature", streams[0], "Point"}, []string{f.Type, f.ID, f.Geometry.Type})
		require.Equal(t, []json.Number{"13.5189", "43.61583"}, f.Geometry.Coordinates, "longitude first, and nothing rounded")
		require.Equal(t, map[string]any{
			"id": streams[0], "name": "Ancona", "kind": "municipality", "country": "IT", "region": "Marche", "visibility": "internal",
			"names":       []any{map[string]any{"text": map[string]any{"lang": "it", "value": "Ancona"}, "use": "official", "from": "", "until": ""}},
			"identifiers": []any{map[string]any{"scheme": "wikidata", "value": "Q3415"}},
		}, f.Properties)
	})
	t.Run("filters_and_axes", func(t *testing.T) {
		c, said := read(t, "--country", "GR")
		require.Equal(t, []int{0, 0}, []int{c.Count, c.WithoutCoordinates})
		require.Empty(t, said)
		c, _ = read(t, "--as-recorded", "3")
		require.Equal(t, []int{0, 3, 3}, []int{c.Count, c.WithoutCoordinates, c.Sequence}, "before it was located")
		c, _ = read(t, "--limit", "1")
		require.Equal(t, 1, c.Count+c.WithoutCoordinates)
	})
	t.Run("show_tells_the_place_too", func(t *testing.T) {
		require.Contains(t, ok(t, "show", streams[0], "--data", data), "Marche, latitude 43.61583, longitude 13.5189")
		require.Contains(t, ok(t, "show", streams[0], "--json", "--data", data), `"latitude":43615830,"longitude":13518900`)
		require.Contains(t, ok(t, "show", streams[1], "--json", "--data", data), `"latitude":null,"longitude":null`)
		require.NotContains(t, ok(t, "show", streams[1], "--data", data), "latitude")
	})
}

func TestExportProvenance(t *testing.T) {
	data := demo(t)
	t.Run("every_history_of_the_demo", func(t *testing.T) {
		events := map[string]int{}
		last := count(t, data) - 1
		for _, l := range lines(t, ok(t, "log", "--json", "--data", data)) {
			events[l["stream"].(string)]++
		}
		for stream, n := range events {
			d, err := provenancetest.Read([]byte(ok(t, "export", "history", stream, "--format", "prov", "--data", data)))
			require.NoError(t, err, stream)
			require.Len(t, d.Members["wasGeneratedBy"], n)
			require.EqualValues(t, n, d.Members["entity"]["entente:"+stream]["entente:revision"])
			require.EqualValues(t, last, d.Members["entity"]["entente:"+stream]["entente:asOfSequence"])
		}
	})
	t.Run("corrected_and_voided", func(t *testing.T) {
		data, streams := ledgerWith(t, ancona)
		do := func(command, payload string) {
			ok(t, "do", "--actor", "clerk 7", "--data", data, `{"command":"party.`+command+`","to":"`+streams[0]+`","approvedBy":"mayor","payload":`+payload+`}`)
		}
		do("rename", `{"name":{"lang":"it","value":"Jesi"}}`)
		do("correct", `{"of":2,"as":{"type":"party.renamed","schema":1,"data":{"fact":{},"name":{"lang":"it","value":"Iesi"}}},"reason":"misread"}`)
		do("void", `{"of":2,"reason":"of another"}`)
		text := ok(t, "export", "history", streams[0], "--format", "prov", "--data", data)
		require.NotContains(t, text, "esi", "it tells nothing of what the events say")
		d, err := provenancetest.Read([]byte(text))
		require.NoError(t, err)
		require.Equal(t, "entente:"+streams[0]+"@2", d.Members["wasDerivedFrom"]["_:corrected3"]["prov:usedEntity"])
		require.Equal(t, "entente:"+streams[0]+"@2", d.Members["wasInvalidatedBy"]["_:voided4"]["prov:entity"])
		require.Equal(t, "actor:clerk%207", d.Members["wasAssociatedWith"]["_:recorder3"]["prov:agent"])
		require.Equal(t, "actor:mayor", d.Members["wasAssociatedWith"]["_:approver3"]["prov:agent"])
	})
	t.Run("of_nothing", func(t *testing.T) {
		r := entente(t, "", "export", "--format", "prov", "--data", data, "history", "party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55")
		require.Equal(t, es.ErrNotFound.Exit(), r.code)
		require.Empty(t, r.out)
	})
}

// What stands behind the list means what it means before it.
func TestExport_behind(t *testing.T) {
	data := demo(t)
	file := filepath.Join(t.TempDir(), "x.csv")
	want := ok(t, "export", "--format", "csv", "--data", data, "list", "parties", "--country", "JP")
	require.Contains(t, want, "country,id,kind,name,visibility\nJP,party-")
	require.Equal(t, want, ok(t, "export", "parties", "--country", "JP", "--format", "csv", "--data", data))
	require.Empty(t, ok(t, "export", "list", "--output", file, "parties", "--format=csv", "--country", "JP", "--data="+data))
	got, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, want, string(got))
	for want, args := range map[string][]string{
		"--format has no value":   {"list", "--format"},
		"not said what to export": {"--", "--format", "csv"},
	} {
		r := entente(t, "", append([]string{"export", "--data", data}, args...)...)
		require.Equal(t, es.ErrInvalid.Exit(), r.code)
		require.Contains(t, r.err, want)
	}
}
