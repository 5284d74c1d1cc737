package tabular_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/infra/tabular"
)

func TestNDJSON(t *testing.T) {
	headings, all := table(t, write(t, "a.ndjson", "\uFEFF\n"+
		`{"title": " Memorandum ", "parties": 2.50, "signed": true}`+"\r\n"+
		`{}`+"\n"+
		`{"signed": null, "themes": ["a", {"b": 1}], "parties": 1e3}`+"\n"+
		`{"title": ""}`+"\n"+
		`{"late": "Cafe\u0301"}`), tabular.Options{})
	require.Equal(t, []string{"title", "parties", "signed", "themes", "late"}, headings)
	require.Equal(t, [][]string{
		{"Memorandum", "2.50", "true", "", ""},
		{"", "1e3", "", `["a", {"b": 1}]`, ""},
		{"", "", "", "", "Café"},
	}, cells(t, all))
	require.Equal(t, []int{2, 4, 6}, numbers(all))
}

func TestNDJSONProblemsOfRows(t *testing.T) {
	var many strings.Builder
	for i := range tabular.MaxColumns + 1 {
		fmt.Fprintf(&many, `,"m%d":1`, i)
	}
	for _, c := range []struct {
		name, line, code string
		words            []string
		cells            []string
	}{
		{"not_json", `{"a": 1, "b"`, "tabular.bad_json", []string{"not a JSON object"}, []string{"1", ""}},
		{"text", `title`, "tabular.bad_json", []string{"not a JSON object"}, []string{"", ""}},
		{"array", `["a"]`, "tabular.bad_json", []string{"not a JSON object"}, []string{"", ""}},
		{"two_objects", `{"a": 1}{"a": 2}`, "tabular.bad_json", []string{"something follows"}, []string{"1", ""}},
		{"member_twice", `{"a": 1, "a": 2}`, "tabular.bad_json", []string{"duplicate"}, []string{"1", ""}},
		{"member_twice_but_for_spaces", `{"a": 1, " a": 2}`, "tabular.duplicate_heading", []string{`"a"`}, []string{"1", ""}},
		{"member_without_name", `{"a": 1, " ": 2}`, "tabular.empty_heading", nil, []string{"1", ""}},
		{"unreadable_name", `{"a": 1, "\u0000": 2}`, "tabular.unreadable_text", []string{"member 2"}, []string{"1", ""}},
		{"bytes", "{\"a\": \"Caf\xe9\"}", "tabular.bad_json", []string{"UTF-8"}, []string{"", ""}},
		{"nul", `{"a": "\u0000"}`, "tabular.unreadable_text", []string{`column "a"`}, []string{"\x00", ""}},
		{"long_cell", `{"a": "` + strings.Repeat("x", tabular.MaxCell+1) + `"}`, "tabular.long_cell", []string{`column "a"`}, []string{"", ""}},
		{"long_line", `{"a": "` + strings.Repeat("x", tabular.MaxLine) + `"}`, "tabular.long_line", []string{"16 MiB"}, []string{"", ""}},
		{"many_members", `{"a":1` + many.String() + `}`, "tabular.too_many_columns", []string{"1000"}, []string{"1", ""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			headings, all := table(t, write(t, "a.jsonl", `{"a": 3, "b": 4}`+"\n"+c.line+"\n"+`{"b": 5}`), tabular.Options{})
			require.Equal(t, []string{"a", "b"}, headings)
			require.Equal(t, []int{1, 2, 3}, numbers(all))
			require.Equal(t, c.cells, all[1].Cells)
			requireCode(t, all[1].Err, c.code, c.words...)
			require.Equal(t, tabular.Row{Number: 3, Cells: []string{"", "5"}}, all[2])
		})
	}
}

func TestNDJSONHeadings(t *testing.T) {
	t.Run("no_object", func(t *testing.T) {
		_, err := tabular.Open(write(t, "a.ndjson", "[\n{},\n"), tabular.Options{})
		requireCode(t, err, "tabular.no_headings", "one object a line")
	})
	t.Run("too_many_in_all", func(t *testing.T) {
		var lines strings.Builder
		for i := range tabular.MaxColumns + 1 {
			fmt.Fprintf(&lines, `{"m%d":1}`+"\n", i)
		}
		_, err := tabular.Open(write(t, "a.ndjson", lines.String()), tabular.Options{})
		requireCode(t, err, "tabular.too_many_columns", "line 1001")
	})
}
