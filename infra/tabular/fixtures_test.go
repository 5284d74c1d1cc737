package tabular_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/tabular"
)

// write writes a file and returns its path.
func write(t testing.TB, name, content string) string {
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func open(t testing.TB, path string, o tabular.Options) *tabular.File {
	file, err := tabular.Open(path, o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, file.Close()) })
	return file
}

// rows reads a sheet and returns what ended it.
func rows(t testing.TB, sheet tabular.Sheet) ([]tabular.Row, error) {
	var all []tabular.Row
	for row, err := range sheet.Rows(t.Context()) {
		if err != nil {
			return all, err
		}
		require.Len(t, row.Cells, len(sheet.Headings()))
		all = append(all, row)
	}
	return all, nil
}

// table reads the only sheet of a file whose rows can all be read.
func table(t testing.TB, path string, o tabular.Options) ([]string, []tabular.Row) {
	sheets := open(t, path, o).Sheets()
	require.Len(t, sheets, 1)
	all, err := rows(t, sheets[0])
	require.NoError(t, err)
	return sheets[0].Headings(), all
}

// cells returns the cells of rows without problems.
func cells(t testing.TB, all []tabular.Row) [][]string {
	var texts [][]string
	for _, row := range all {
		require.NoError(t, row.Err)
		texts = append(texts, row.Cells)
	}
	return texts
}

func numbers(all []tabular.Row) []int {
	var at []int
	for _, row := range all {
		at = append(at, row.Number)
	}
	return at
}

// requireCode requires the error of a code, with words that are in its text.
func requireCode(t testing.TB, err error, code string, words ...string) {
	require.ErrorIs(t, err, &es.Error{Code: code})
	for _, word := range words {
		require.ErrorContains(t, err, word)
	}
}
