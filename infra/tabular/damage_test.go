package tabular_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/entente-ledger/entente/infra/tabular"
)

func TestXLSXDamaged(t *testing.T) {
	path := workbook(t, func(f *excelize.File) {
		setRows(t, f, "Sheet1", []any{"a"}, []any{"one"}, []any{"two"})
	})
	for name, patch := range map[string]func(string) string{
		"cut":               func(s string) string { return s[:strings.Index(s, `<row r="3"`)] },
		"illegal_character": func(s string) string { return strings.Replace(s, `<row r="3"`, "\x01<row r=\"3\"", 1) },
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tabular.Open(patched(t, path, "xl/worksheets/sheet1.xml", patch), tabular.Options{})
			requireCode(t, err, "tabular.bad_workbook", "sheet1.xml")
		})
	}
	t.Run("no_archive", func(t *testing.T) {
		_, err := tabular.Open(write(t, "a.xlsx", "PK\x03\x04 and nothing else"), tabular.Options{})
		requireCode(t, err, "tabular.bad_workbook")
	})
	t.Run("larger_than_it_says", func(t *testing.T) {
		var packed, out bytes.Buffer
		to, err := flate.NewWriter(&packed, flate.BestSpeed)
		require.NoError(t, err)
		_, err = to.Write(make([]byte, 1<<20))
		require.NoError(t, err)
		require.NoError(t, to.Close())
		w := zip.NewWriter(&out)
		raw, err := w.CreateRaw(&zip.FileHeader{Name: "xl/media/image1.png", Method: zip.Deflate, CompressedSize64: uint64(packed.Len()), UncompressedSize64: 10})
		require.NoError(t, err)
		_, err = raw.Write(packed.Bytes())
		require.NoError(t, err)
		require.NoError(t, w.Close())
		_, err = tabular.Open(write(t, "a.xlsx", out.String()), tabular.Options{})
		requireCode(t, err, "tabular.bad_workbook", "image1.png")
	})
	t.Run("checksum", func(t *testing.T) {
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		at := bytes.Index(content, []byte("xl/worksheets/sheet1.xml")) + 60
		content[at] ^= 0x55
		_, err = tabular.Open(write(t, "a.xlsx", string(content)), tabular.Options{})
		requireCode(t, err, "tabular.bad_workbook")
	})
	for name, sheet := range map[string]string{
		"long":   "<worksheet><sheetData><row><c><v>" + strings.Repeat("1", tabular.MaxLine+8192) + "</v></c></row></sheetData></worksheet>",
		"nested": strings.Repeat("<a>", 200) + strings.Repeat("</a>", 200),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tabular.Open(patched(t, path, "xl/worksheets/sheet1.xml", func(string) string { return sheet }), tabular.Options{})
			requireCode(t, err, "tabular.bad_workbook", "more than")
		})
	}
	t.Run("row_beyond_the_format", func(t *testing.T) {
		file := open(t, patched(t, path, "xl/worksheets/sheet1.xml", func(s string) string {
			return strings.Replace(s, `<row r="3"`, `<row r="2000000000"`, 1)
		}), tabular.Options{})
		all, err := rows(t, file.Sheets()[0])
		require.Len(t, all, 1)
		requireCode(t, err, "tabular.bad_workbook", "1,048,576")
	})
}

func TestXLSXBomb(t *testing.T) {
	for name, part := range map[string]string{"picture": "xl/media/image1.png", "texts": "xl/sharedStrings.xml"} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			w := zip.NewWriter(&out)
			to, err := w.Create(part)
			require.NoError(t, err)
			zeros := make([]byte, 1<<20)
			for range 129 {
				_, err = to.Write(zeros)
				require.NoError(t, err)
			}
			require.NoError(t, w.Close())
			require.Less(t, out.Len(), 1<<20)
			_, err = tabular.Open(write(t, "a.xlsx", out.String()), tabular.Options{})
			requireCode(t, err, "tabular.too_large")
		})
	}
}
