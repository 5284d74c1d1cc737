package tabular_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/tabular"
)

func FuzzCSV(f *testing.F) {
	for _, content := range []string{
		"a,b\n1,2\n", "sep=;\r\na;b\r\n\"1\r\n2\";3", "a\tb\n\"x\"y\t2\n\"", "\xef\xbb\xbfa|b\r1|2\r", "\xff\xfea\x00,\x00b\x00\n\x00\xd8\xd8",
		"a,,b\n", "a\n\xe9\n", "\n;;\na,b\n1,2,3,,\n,\n", "a,b\n1,\"two\nlines\"x\n3,4\n", "a, \"b\n",
	} {
		f.Add([]byte(content), "", "", 0)
	}
	f.Add([]byte("title\n\na#b\n1#2\n"), "windows-1253", "#", 3)
	f.Fuzz(func(t *testing.T, content []byte, encoding, delimiter string, header int) {
		requireSound(t, "a.csv", content, tabular.Options{Encoding: encoding, Delimiter: delimiter, Header: header})
	})
}

func FuzzNDJSON(f *testing.F) {
	for _, content := range []string{
		`{"a": 1, "b": null}` + "\n" + `{"c": {"d": [1e9, "\u00e9"]}}`, "{}\n[\n", `{"a": 1, " a": 2}` + "\r\n" + `{"a": "\ud800"}`, "\xff\xfe{\x00}\x00", `{"": 1}`,
	} {
		f.Add([]byte(content), "")
	}
	f.Fuzz(func(t *testing.T, content []byte, encoding string) {
		requireSound(t, "a.ndjson", content, tabular.Options{Encoding: encoding})
	})
}

// requireSound reads whatever it is, and holds what is promised of every row.
func requireSound(t *testing.T, name string, content []byte, o tabular.Options) {
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, content, 0o600))
	file, err := tabular.Open(path, o)
	if err != nil {
		require.ErrorIs(t, err, es.ErrInvalid)
		require.Contains(t, err.Error(), "tabular.")
		return
	}
	defer func() { require.NoError(t, file.Close()) }()
	require.EqualValues(t, len(content), file.Size)
	for _, sheet := range file.Sheets() {
		seen := make(map[string]bool)
		for _, heading := range sheet.Headings() {
			require.NotEmpty(t, heading)
			require.False(t, seen[heading], "twice")
			seen[heading] = true
		}
		last := 0
		for row, err := range sheet.Rows(t.Context()) {
			if err != nil {
				require.ErrorIs(t, err, es.ErrInvalid)
				require.Contains(t, err.Error(), "line ")
				break
			}
			require.Greater(t, row.Number, last)
			last = row.Number
			require.Len(t, row.Cells, len(sheet.Headings()))
			require.True(t, row.Err != nil || strings.Join(row.Cells, "") != "", "a blank row")
			for _, cell := range row.Cells {
				require.Equal(t, strings.TrimSpace(cell), cell)
			}
		}
	}
}
