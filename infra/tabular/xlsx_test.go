package tabular_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/entente-ledger/entente/infra/tabular"
)

// workbook saves what fill makes of a new workbook with one Sheet1.
func workbook(t testing.TB, fill func(*excelize.File)) string {
	f := excelize.NewFile()
	fill(f)
	path := filepath.Join(t.TempDir(), "a.xlsx")
	require.NoError(t, f.SaveAs(path))
	require.NoError(t, f.Close())
	return path
}

// setRows writes rows from A1 on.
func setRows(t testing.TB, f *excelize.File, sheet string, all ...[]any) {
	for i, row := range all {
		require.NoError(t, f.SetSheetRow(sheet, fmt.Sprint("A", i+1), &row))
	}
}

// style returns a style with a number format, given by its number or its code.
func style(t require.TestingT, f *excelize.File, format any) int {
	s := &excelize.Style{}
	switch format := format.(type) {
	case int:
		s.NumFmt = format
	case string:
		s.CustomNumFmt = &format
	}
	id, err := f.NewStyle(s)
	require.NoError(t, err)
	return id
}

// patched rewrites one part of a workbook.
func patched(t testing.TB, path, part string, patch func(string) string) string {
	r, err := zip.OpenReader(path)
	require.NoError(t, err)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, entry := range r.File {
		content, err := entry.Open()
		require.NoError(t, err)
		text, err := io.ReadAll(content)
		require.NoError(t, err)
		if entry.Name == part {
			before := string(text)
			text = []byte(patch(before))
			require.NotEqual(t, before, string(text))
		}
		to, err := w.Create(entry.Name)
		require.NoError(t, err)
		_, err = to.Write(text)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	require.NoError(t, r.Close())
	return write(t, "b.xlsx", out.String())
}

func TestXLSX(t *testing.T) {
	path := workbook(t, func(f *excelize.File) {
		setRows(
			t, f, "Sheet1",
			nil,
			[]any{" Title", "Parties", "Open", "Note"},
			[]any{"Memo\u00a0", 12, true, "TRUE"},
			nil,
			[]any{"007", 0.1 + 0.2, false, "1E5"},
			[]any{"1.50", 4.35, nil, "_x0041_\n2"},
			[]any{"x", 1e20, nil, " "},
			[]any{"y", -2.5, nil, -1234567.125},
			[]any{"z", 1e-7, nil, 123456789012345},
		)
		require.NoError(t, f.SetCellFormula("Sheet1", "A10", "B3*2"))
		require.NoError(t, f.MergeCell("Sheet1", "A3", "A4"))
		for _, cell := range []string{"B6", "B8", "D8", "D9"} {
			require.NoError(t, f.SetCellStyle("Sheet1", cell, cell, style(t, f, 3)), "#,##0 does not round")
		}
		_, err := f.NewSheet("Empty")
		require.NoError(t, err)
	})
	path = patched(t, path, "xl/worksheets/sheet1.xml", func(sheet string) string {
		return strings.Replace(sheet, "<f>B3*2</f>", "<f>B3*2</f><v>24</v>", 1)
	})
	headings, all := table(t, path, tabular.Options{})
	require.Equal(t, []string{"Title", "Parties", "Open", "Note"}, headings)
	require.Equal(t, [][]string{
		{"Memo", "12", "true", "TRUE"},
		{"007", "0.3", "false", "1E5"},
		{"1.50", "4.35", "", "A\n2"},
		{"x", "100000000000000000000", "", ""},
		{"y", "-2.5", "", "-1234567.125"},
		{"z", "0.0000001", "", "123456789012345"},
		{"24", "", "", ""},
	}, cells(t, all))
	require.Equal(t, []int{3, 5, 6, 7, 8, 9, 10}, numbers(all))
	require.Equal(t, "Sheet1", all[0].Sheet)
}

func TestXLSXDates(t *testing.T) {
	for _, c := range []struct {
		format       any
		number       float64
		of1900       string
		of1904       string // "" where it is not looked at
		problem1900  bool
		shownInstead string
	}{
		{format: 14, number: 43952, of1900: "2020-05-01", of1904: "2024-05-02"},
		{format: "dd/mm/yyyy", number: 43952.99, of1900: "2020-05-01"},
		{format: "dd/mm/yyyy", number: 43952.999998, of1900: "2020-05-01"},
		{format: "d. mmmm yyyy", number: 43951.9999999999, of1900: "2020-05-01"},
		{format: `[$-409]mmm\ d\,\ yyyy;@`, number: 1, of1900: "1900-01-01", of1904: "1904-01-02"},
		{format: "yyyy", number: 59, of1900: "1900-02-28"},
		{format: "mmm", number: 60, of1904: "1904-03-01", problem1900: true},
		{format: `yyyy"年"m"月"`, number: 61, of1900: "1900-03-01"},
		{format: "yyyy-mm-dd", number: 0, of1904: "1904-01-01", problem1900: true},
		{format: "yyyy-mm-dd", number: 2958465, of1900: "9999-12-31"},
		{format: "yyyy-mm-dd", number: 2958466, problem1900: true},
		{format: 22, number: 43952.5, of1900: "2020-05-01T12:00:00", of1904: "2024-05-02T12:00:00"},
		{format: "dd.mm.yyyy hh:mm", number: 43952, of1900: "2020-05-01T00:00:00"},
		{format: "d/m/yy h:mm AM/PM", number: 43952.99999999, of1900: "2020-05-02T00:00:00"},
		{format: 21, number: 0.75, of1900: "18:00:00"},
		{format: "hh:mm", number: 43952.75, of1900: "18:00:00"},
		{format: "[h]:mm:ss", number: 1.5, of1900: "36:00:00"},
		{format: 46, number: 1.5, of1900: "36:00:00"},
		{format: 0, number: 43952, of1900: "43952"},
		{format: 2, number: 43952.125, of1900: "43952.125"},
		{format: 10, number: 0.125, of1900: "0.125"},
		{format: 11, number: 43952, of1900: "43952"},
		{format: `[Red]0.00" days"`, number: 43952, of1900: "43952"},
		{format: `#,##0.00\ "€";[Red]-#,##0.00\ "€"`, number: -3.5, of1900: "-3.5"},
		{format: "@", number: 43952, of1900: "43952"},
	} {
		for _, since1904 := range []bool{false, true} {
			want, problem := c.of1900, c.problem1900
			if since1904 {
				if want, problem = c.of1904, false; want == "" {
					continue
				}
			}
			t.Run(fmt.Sprintf("%v_%v_1904_%v", c.format, c.number, since1904), func(t *testing.T) {
				_, all := table(t, workbook(t, func(f *excelize.File) {
					require.NoError(t, f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &since1904}))
					setRows(t, f, "Sheet1", []any{"when", "text"}, []any{c.number, "43952"})
					require.NoError(t, f.SetCellStyle("Sheet1", "A2", "B2", style(t, f, c.format)))
				}), tabular.Options{})
				require.Len(t, all, 1)
				require.Equal(t, []string{want, "43952"}, all[0].Cells)
				if problem {
					requireCode(t, all[0].Err, "tabular.bad_date", "column 1 (A)")
				} else {
					require.NoError(t, all[0].Err)
				}
			})
		}
	}
}

// TestXLSXEveryDay holds the dates against the calendar, which excelize writes.
func TestXLSXEveryDay(t *testing.T) {
	first := time.Date(1900, 3, 1, 0, 0, 0, 0, time.UTC)
	path := workbook(t, func(f *excelize.File) {
		setRows(t, f, "Sheet1", []any{"when"})
		for i := range 1_000 {
			require.NoError(t, f.SetCellValue("Sheet1", fmt.Sprint("A", i+2), first.AddDate(0, 0, i*97)))
		}
		require.NoError(t, f.SetCellStyle("Sheet1", "A2", "A1001", style(t, f, 14)))
	})
	_, all := table(t, path, tabular.Options{})
	require.Len(t, all, 1_000)
	for i, row := range cells(t, all) {
		require.Equal(t, first.AddDate(0, 0, i*97).Format(time.DateOnly), row[0])
	}
}

func TestXLSXProblemsOfRows(t *testing.T) {
	path := workbook(t, func(f *excelize.File) {
		setRows(t, f, "Sheet1", []any{"a", "b"}, []any{1, "fault"}, []any{2, 3, nil, 4}, []any{5, "#not a fault"})
	})
	path = patched(t, path, "xl/worksheets/sheet1.xml", func(sheet string) string {
		before, after, found := strings.Cut(sheet, `<c r="B2" t="s">`)
		require.True(t, found)
		_, after, _ = strings.Cut(after, "</c>")
		return before + `<c r="B2" t="e"><f>A9</f><v>#REF!</v></c>` + after
	})
	_, all := table(t, path, tabular.Options{})
	require.Equal(t, []int{2, 3, 4}, numbers(all))
	requireCode(t, all[0].Err, "tabular.cell_error", "column 2 (B)", "#REF!")
	require.Equal(t, []string{"1", "#REF!"}, all[0].Cells)
	requireCode(t, all[1].Err, "tabular.too_many_cells", "column 4 (D)")
	require.Equal(t, []string{"2", "3"}, all[1].Cells)
	require.NoError(t, all[2].Err)
}

func TestXLSXSheets(t *testing.T) {
	path := workbook(t, func(f *excelize.File) {
		for _, name := range []string{"Empty", "Ελλάδα"} {
			_, err := f.NewSheet(name)
			require.NoError(t, err)
		}
		setRows(t, f, "Sheet1", []any{"The register"}, []any{"a", "b"}, []any{1, 2})
		setRows(t, f, "Ελλάδα", []any{"c"}, []any{"d"}, []any{"e"})
	})
	names := func(o tabular.Options) (all []string) {
		for _, sheet := range open(t, path, o).Sheets() {
			all = append(all, sheet.Name()+strings.Join(sheet.Headings(), ","))
		}
		return all
	}
	require.Equal(t, []string{"Sheet1The register", "Ελλάδαc"}, names(tabular.Options{}))
	require.Equal(t, []string{"Sheet1a,b", "Ελλάδαd"}, names(tabular.Options{Header: 2}))
	require.Equal(t, []string{"Ελλάδαc", "Sheet1The register"}, names(tabular.Options{Sheets: []string{"Ελλάδα", "Sheet1"}}))

	_, err := tabular.Open(path, tabular.Options{Sheets: []string{"Sheet2"}})
	requireCode(t, err, "tabular.unknown_sheet", "one of Sheet1, Empty, Ελλάδα")
	_, err = tabular.Open(path, tabular.Options{Sheets: []string{"Empty"}})
	requireCode(t, err, "tabular.no_headings", `sheet "Empty"`)
	_, err = tabular.Open(path, tabular.Options{Header: 9})
	requireCode(t, err, "tabular.no_headings")
}

// TestXLSXTemporaryFiles reads many texts, one of them empty, and a sheet that
// is put into a temporary file.
func TestXLSXTemporaryFiles(t *testing.T) {
	text := func(i int) string { return fmt.Sprint(strings.Repeat("text ", 6_000), i) }
	path := workbook(t, func(f *excelize.File) {
		setRows(t, f, "Sheet1", []any{"text", "empty"})
		for i := range 150 {
			require.NoError(t, f.SetSheetRow("Sheet1", fmt.Sprint("A", i+2), &[]any{text(i), ""}))
		}
		_, err := f.NewSheet("Large")
		require.NoError(t, err)
		w, err := f.NewStreamWriter("Large")
		require.NoError(t, err)
		require.NoError(t, w.SetRow("A1", []any{"text", "empty"}))
		for i := range 200 {
			require.NoError(t, w.SetRow(fmt.Sprint("A", i+2), []any{text(i), ""}))
		}
		require.NoError(t, w.Flush())
	})
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	t.Setenv("TMP", tmp) // of Windows
	file, err := tabular.Open(path, tabular.Options{})
	require.NoError(t, err)
	left, err := os.ReadDir(tmp)
	require.NoError(t, err)
	require.Len(t, left, 1)
	for s, n := range []int{150, 200} {
		all, err := rows(t, file.Sheets()[s])
		require.NoError(t, err)
		require.Len(t, all, n)
		for i, row := range cells(t, all) {
			require.Equal(t, []string{text(i), ""}, row)
		}
	}
	require.NoError(t, file.Close())
	left, err = os.ReadDir(tmp)
	require.NoError(t, err)
	require.Empty(t, left)
}
