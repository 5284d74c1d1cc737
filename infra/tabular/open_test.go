package tabular_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/tabular"
)

func TestOpen(t *testing.T) {
	file := open(t, write(t, "a.csv", "abc"), tabular.Options{})
	require.Equal(t, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", file.Hash)
	require.EqualValues(t, 3, file.Size)

	_, err := tabular.Open(filepath.Join(t.TempDir(), "a.csv"), tabular.Options{})
	requireCode(t, err, "tabular.unknown_file")
	require.ErrorIs(t, err, es.ErrNotFound)
}

func TestOpenRefuses(t *testing.T) {
	var many []string
	for i := range tabular.MaxColumns + 1 {
		many = append(many, fmt.Sprint("h", i))
	}
	for _, c := range []struct {
		name, file, content string
		options             tabular.Options
		code                string
		words               []string
	}{
		{"unknown_ending", "a.ods", "a", tabular.Options{}, "tabular.unknown_format", []string{".ods", ".xlsx"}},
		{"unknown_format", "a.csv", "a", tabular.Options{Format: "ods"}, "tabular.unknown_format", []string{"csv, xlsx or ndjson"}},
		{"unknown_encoding", "a.csv", "a", tabular.Options{Encoding: "utf-9"}, "tabular.bad_encoding", []string{"windows-1253"}},
		{"encoding_that_is_not_decoded", "a.csv", "a", tabular.Options{Encoding: "iso-2022-kr"}, "tabular.bad_encoding", nil},
		{"two_delimiters", "a.csv", "a", tabular.Options{Delimiter: ";;"}, "tabular.bad_delimiter", []string{"one character"}},
		{"quote_as_delimiter", "a.csv", "a", tabular.Options{Delimiter: `"`}, "tabular.bad_delimiter", nil},
		{"no_character_as_delimiter", "a.csv", "a", tabular.Options{Delimiter: "\xff"}, "tabular.bad_delimiter", nil},
		{"negative_row", "a.csv", "a", tabular.Options{Header: -1}, "tabular.bad_options", []string{"from 1"}},
		{"encoding_of_a_workbook", "a.xlsx", "a", tabular.Options{Encoding: "utf-8"}, "tabular.bad_options", nil},
		{"delimiter_of_a_workbook", "a.xlsx", "a", tabular.Options{Delimiter: ";"}, "tabular.bad_options", nil},
		{"delimiter_of_objects", "a.ndjson", "{}", tabular.Options{Delimiter: ";"}, "tabular.bad_options", nil},
		{"headings_of_objects", "a.ndjson", "{}", tabular.Options{Header: 1}, "tabular.bad_options", nil},
		{"sheets_of_csv", "a.csv", "a", tabular.Options{Sheets: []string{"a"}}, "tabular.bad_options", nil},
		{"workbook_called_csv", "a.csv", "PK\x03\x04", tabular.Options{}, "tabular.bad_format", []string{"xlsx"}},
		{"csv_called_workbook", "a.xlsx", "a,b\n", tabular.Options{}, "tabular.bad_format", nil},
		{"empty", "a.csv", "", tabular.Options{}, "tabular.no_headings", nil},
		{"blank", "a.csv", "\n,,\n \n", tabular.Options{}, "tabular.no_headings", nil},
		{"headings_beyond_the_end", "a.csv", "a\n", tabular.Options{Header: 5}, "tabular.no_headings", []string{"row 5"}},
		{"headings_in_a_blank_line", "a.csv", "a\n\nb\n", tabular.Options{Header: 2}, "tabular.no_headings", []string{"row 2"}},
		{"headings_in_a_line_without_values", "a.csv", "a,b\n,\nb\n", tabular.Options{Header: 2, Delimiter: ","}, "tabular.no_headings", []string{"row 2"}},
		{"empty_heading", "a.csv", "a,,b, ,c,\n", tabular.Options{}, "tabular.empty_heading", []string{"2 (B), 4 (D);"}},
		{"heading_twice", "a.csv", "a,b,a \n", tabular.Options{}, "tabular.duplicate_heading", []string{`"a" in columns 1 (A) and 3 (C)`}},
		{"unreadable_heading", "a.csv", "a,\xe9\n", tabular.Options{}, "tabular.unreadable_text", []string{"2 (B)"}},
		{"utf16_without_mark", "a.csv", "a\x00,\x00b\x00\n\x00", tabular.Options{}, "tabular.unreadable_text", []string{"encoding"}},
		{"quote_in_a_heading", "a.csv", "a,b\"\n", tabular.Options{}, "tabular.bare_quote", nil},
		{"too_many_columns", "a.csv", strings.Join(many, ","), tabular.Options{}, "tabular.too_many_columns", []string{"1000"}},
		{"long_heading", "a.csv", "a," + strings.Repeat("b", tabular.MaxCell+1), tabular.Options{}, "tabular.long_cell", []string{"2 (B)"}},
		{"long_line", "a.csv", strings.Repeat("b", tabular.MaxLine+1), tabular.Options{}, "tabular.long_line", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := tabular.Open(write(t, c.file, c.content), c.options)
			requireCode(t, err, c.code, c.words...)
			require.ErrorIs(t, err, es.ErrInvalid)
			require.ErrorContains(t, err, "open table "+c.file)
		})
	}
	t.Run("folder", func(t *testing.T) {
		_, err := tabular.Open(t.TempDir(), tabular.Options{Format: tabular.CSV})
		requireCode(t, err, "tabular.not_a_file")
	})
}
