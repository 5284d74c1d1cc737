package tabular_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/infra/tabular"
)

// letters that an encoding has, with those that a table must escape.
var letters = map[string][]rune{
	"utf-8":        []rune("aZ9 \u00a0\u202f\t\n\"',;|=#é\u0301Λжא中🜨"),
	"utf-16le":     []rune("aZ9 \u00a0\t\n\"',;|=#é\u0301Λжא中🜨"),
	"utf-16be":     []rune("aZ9 \n\"',;|é中🜨"),
	"windows-1252": []rune("aZ9 \u00a0\t\n\"',;|=éß€"),
	"windows-1253": []rune("aZ9 \u00a0\t\n\"',;|=Λΐώ€"),
	"iso-8859-2":   []rune("aZ9 \n\"',;|łŠž"),
	"shift_jis":    []rune("aZ9 \n\"',;|日本ソ表"),
	"gb18030":      []rune("aZ9 \n\"',;|中é🜨"),
}

// random is a table whose first row are headings.
func random(t *rapid.T, encoding string) [][]string {
	width := rapid.IntRange(1, 5).Draw(t, "width")
	cell := rapid.StringOfN(rapid.SampledFrom(letters[encoding]), 0, 8, -1)
	all := [][]string{nil}
	for i := range width {
		all[0] = append(all[0], fmt.Sprint("h", i, rapid.StringOfN(rapid.SampledFrom(letters[encoding]), 0, 8, -1).Draw(t, "heading"), "z"))
	}
	return append(all, rapid.SliceOfN(rapid.SliceOfN(cell, width, width), 0, 20).Draw(t, "rows")...)
}

// tidy is what is to be read of a table.
func tidy(all [][]string) [][]string {
	var left [][]string
	for _, row := range all {
		var kept []string
		for _, cell := range row {
			kept = append(kept, strings.TrimFunc(norm.NFC.String(cell), unicode.IsSpace))
		}
		if strings.Join(kept, "") != "" {
			left = append(left, kept)
		}
	}
	return left
}

func requireTable(t *rapid.T, want [][]string, path string, o tabular.Options) {
	file, err := tabular.Open(path, o)
	require.NoError(t, err)
	sheet := file.Sheets()[0]
	got := [][]string{sheet.Headings()}
	last := 0
	for row, err := range sheet.Rows(t.Context()) {
		require.NoError(t, err)
		require.NoError(t, row.Err)
		require.Greater(t, row.Number, last)
		last = row.Number
		got = append(got, row.Cells)
	}
	require.NoError(t, file.Close())
	require.Equal(t, tidy(want), got)
}

func TestLawCSV(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		encoding := rapid.SampledFrom([]string{"utf-8", "utf-16le", "utf-16be", "windows-1252", "windows-1253", "iso-8859-2", "shift_jis", "gb18030"}).Draw(t, "encoding")
		ending := rapid.SampledFrom([]string{"\n", "\r\n", "\r"}).Draw(t, "ending")
		delimiter := rapid.SampledFrom([]rune{',', ';', '\t', '|', '#'}).Draw(t, "delimiter")
		all := random(t, encoding)
		o := tabular.Options{Delimiter: string(delimiter), Encoding: encoding}
		if len(all[0]) > 1 && delimiter != '#' && rapid.Bool().Draw(t, "guessed") {
			o.Delimiter = ""
		}
		var out strings.Builder
		w := csv.NewWriter(&out)
		w.Comma = delimiter
		if o.Delimiter == "" || rapid.Bool().Draw(t, "all_quoted") {
			quoteAll(&out, all, delimiter)
		} else {
			require.NoError(t, w.WriteAll(all))
		}
		text := strings.ReplaceAll(out.String(), "\n", ending)
		if strings.HasPrefix(encoding, "utf") && rapid.Bool().Draw(t, "mark") {
			text = "\uFEFF" + text
			o.Encoding = ""
		}
		enc, err := htmlindex.Get(encoding)
		require.NoError(t, err)
		content, err := enc.NewEncoder().String(text)
		require.NoError(t, err)
		path := filepath.Join(dir, "a.csv")
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		requireTable(t, all, path, o)
	})
}

func quoteAll(out *strings.Builder, all [][]string, delimiter rune) {
	for _, row := range all {
		for i, cell := range row {
			if i > 0 {
				out.WriteRune(delimiter)
			}
			out.WriteString(`"` + strings.ReplaceAll(cell, `"`, `""`) + `"`)
		}
		out.WriteByte('\n')
	}
}

func TestLawNDJSON(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		all := random(t, "utf-8")
		var out bytes.Buffer
		for r, row := range all {
			members := make(map[string]string)
			for i, cell := range row {
				if r == 0 || cell != "" { // the first has all
					members[all[0][i]] = cell
				}
			}
			line, err := json.Marshal(members, json.Deterministic(true))
			require.NoError(t, err)
			out.Write(line)
			out.WriteByte('\n')
		}
		path := filepath.Join(dir, "a.ndjson")
		require.NoError(t, os.WriteFile(path, out.Bytes(), 0o600))
		requireTable(t, append([][]string{all[0]}, all...), path, tabular.Options{})
	})
}

func TestLawXLSX(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		all := random(t, "utf-8")
		f := excelize.NewFile()
		kept := style(t, f, rapid.SampledFrom([]any{0, 1, 14, 22, 46, "@", "dd/mm/yyyy", "0.00"}).Draw(t, "format"))
		for r, row := range all {
			for c, cell := range row {
				at, err := excelize.CoordinatesToCellName(c+1, r+1)
				require.NoError(t, err)
				require.NoError(t, f.SetCellStr("Sheet1", at, cell))
				require.NoError(t, f.SetCellStyle("Sheet1", at, at, kept))
			}
		}
		path := filepath.Join(dir, "a.xlsx")
		require.NoError(t, f.SaveAs(path))
		require.NoError(t, f.Close())
		requireTable(t, all, path, tabular.Options{})
	})
}

func TestLawNumbers(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.OneOf(rapid.Float64Range(-1e6, 1e6), rapid.Float64Range(-1e300, 1e300),
			rapid.Map(rapid.IntRange(-1_000_000, 1_000_000), func(n int) float64 { return float64(n) / 100 })).
			Filter(func(n float64) bool { return n == 0 || math.Abs(n) > 1e-4 }). // what is smaller stays as it is stored
			Draw(t, "number")
		f := excelize.NewFile()
		require.NoError(t, f.SetSheetRow("Sheet1", "A1", &[]any{"n", "exact"}))
		require.NoError(t, f.SetCellDefault("Sheet1", "A2", strconv.FormatFloat(number, 'G', 17, 64)))
		require.NoError(t, f.SetCellDefault("Sheet1", "B2", strconv.FormatFloat(number, 'g', -1, 64)))
		kept := style(t, f, rapid.SampledFrom([]any{0, 1, 2, 3, 9, 10, 11, 37, 48, "@", "#,##0.00 [$€-1]", `0" days"`}).Draw(t, "format"))
		require.NoError(t, f.SetCellStyle("Sheet1", "A2", "B2", kept))
		path := filepath.Join(dir, "a.xlsx")
		require.NoError(t, f.SaveAs(path))
		require.NoError(t, f.Close())

		file, err := tabular.Open(path, tabular.Options{})
		require.NoError(t, err)
		for row, err := range file.Sheets()[0].Rows(t.Context()) {
			require.NoError(t, err)
			require.NoError(t, row.Err)
			for _, cell := range row.Cells {
				require.Empty(t, strings.Trim(cell, "-0123456789."), "plain decimal")
				got, err := strconv.ParseFloat(cell, 64)
				require.NoError(t, err)
				require.LessOrEqual(t, math.Abs(got-number), math.Abs(number)*1e-14)
				if strings.Contains(cell, ".") { // a whole number stays as it is written
					digits := strings.Trim(strings.ReplaceAll(strings.TrimPrefix(cell, "-"), ".", ""), "0")
					require.LessOrEqual(t, len(digits), 15)
				}
			}
		}
		require.NoError(t, file.Close())
	})
}
