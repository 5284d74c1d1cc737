package tabular_test

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/entente-ledger/entente/infra/tabular"
)

// register is a table of n agreements with eight columns.
func register(n int) [][]string {
	all := [][]string{{"number", "title", "party", "country", "signed", "in force", "theme", "note"}}
	for i := range n {
		all = append(all, []string{
			fmt.Sprintf("2020/%06d", i), "Memorandum of understanding on sustainable urban mobility", "Città di Torino", "IT",
			"2020-05-01", "2020-06-01", "mobility", `signed "ad referendum", with two annexes`,
		})
	}
	return all
}

// asCSV, asNDJSON and asXLSX write a table of n rows, and return the path.
func asCSV(t testing.TB, n int) string {
	var out strings.Builder
	require.NoError(t, csv.NewWriter(&out).WriteAll(register(n)))
	return write(t, "a.csv", out.String())
}

func asNDJSON(t testing.TB, n int) string {
	var out strings.Builder
	all := register(n)
	for _, row := range all[1:] {
		for i, cell := range row {
			fmt.Fprintf(&out, "%c%q:%q", "{,"[min(i, 1)], all[0][i], cell)
		}
		out.WriteString("}\n")
	}
	return write(t, "a.ndjson", out.String())
}

func asXLSX(t testing.TB, n int) string {
	return workbook(t, func(f *excelize.File) {
		w, err := f.NewStreamWriter("Sheet1")
		require.NoError(t, err)
		for i, row := range register(n) {
			cells := make([]any, len(row))
			for c, cell := range row {
				cells[c] = cell
			}
			require.NoError(t, w.SetRow(fmt.Sprint("A", i+1), cells))
		}
		require.NoError(t, w.Flush())
	})
}

// BenchmarkRows reads 20,000 rows. Beside each format is the raw limit in the
// same run: encoding/csv alone, which neither decodes nor checks, the lines of
// the file alone, and one stream of excelize.
func BenchmarkRows(b *testing.B) {
	const n = 20_000
	formats := []struct {
		name string
		path func(testing.TB, int) string
		raw  func(testing.TB, string) int
	}{{"csv", asCSV, rawCSV}, {"ndjson", asNDJSON, rawLines}, {"xlsx", asXLSX, rawXLSX}}
	for _, format := range formats {
		path := format.path(b, n)
		b.Run(format.name, func(b *testing.B) {
			measure(b, n, func() (read int) {
				file, err := tabular.Open(path, tabular.Options{})
				require.NoError(b, err)
				for row, err := range file.Sheets()[0].Rows(b.Context()) {
					require.NoError(b, err)
					require.NoError(b, row.Err)
					read++
				}
				require.NoError(b, file.Close())
				return read
			})
		})
		b.Run(format.name+"_raw", func(b *testing.B) {
			measure(b, n, func() int { return format.raw(b, path) })
		})
	}
}

func measure(b *testing.B, n int, read func() int) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for b.Loop() {
		require.Equal(b, n, read())
	}
	runtime.ReadMemStats(&after)
	total := float64(b.N) * float64(n)
	b.ReportMetric(total/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/total, "B/row")
}

func rawCSV(t testing.TB, path string) (read int) {
	file, err := os.Open(path)
	require.NoError(t, err)
	r := csv.NewReader(file)
	for {
		_, err := r.Read()
		if err == io.EOF {
			require.NoError(t, file.Close())
			return read - 1
		}
		require.NoError(t, err)
		read++
	}
}

func rawLines(t testing.TB, path string) (read int) {
	file, err := os.Open(path)
	require.NoError(t, err)
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		read++
	}
	require.NoError(t, file.Close())
	return read
}

func rawXLSX(t testing.TB, path string) (read int) {
	file, err := excelize.OpenFile(path)
	require.NoError(t, err)
	all, err := file.Rows("Sheet1")
	require.NoError(t, err)
	for all.Next() {
		_, err := all.Columns()
		require.NoError(t, err)
		read++
	}
	require.NoError(t, all.Close())
	require.NoError(t, file.Close())
	return read - 1
}
