package workbook_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/entente-ledger/entente/infra/workbook"
)

// written returns a workbook as its bytes, and as a reader reads it.
func written(t *testing.T, head []string, rows [][]any, facts [][2]string) (content []byte, cut int, f *excelize.File) {
	t.Helper()
	w, err := workbook.New("list")
	require.NoError(t, err)
	if head != nil {
		require.NoError(t, w.Head(head))
	}
	for _, row := range rows {
		require.NoError(t, w.Row(row))
	}
	var b bytes.Buffer
	require.NoError(t, w.Write(&b, facts))
	require.NoError(t, w.Close())
	f, err = excelize.OpenReader(bytes.NewReader(b.Bytes()))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, f.Close()) })
	return b.Bytes(), w.Cut(), f
}

func TestWriter(t *testing.T) {
	head := []string{"text", "number", "share", "is", "none"}
	rows := [][]any{
		{"生駒市", int64(-7), 0.25, true, nil},
		{" =1+1\nand \"quotes\" & <tags>", int64(0), 1e-6, false, "x"},
		{"=1+1", int64(9007199254740991), 3.0, true, "_x0041_"},
		{"0042", int64(1), 1.5, false, ""},
	}
	facts := [][2]string{{"question", "list --as-of 2019"}, {"count", "4"}}
	content, cut, f := written(t, head, rows, facts)
	require.Zero(t, cut)
	require.Equal(t, []string{"list", "about"}, f.GetSheetList())
	got, err := f.GetRows("list", excelize.Options{RawCellValue: true})
	require.NoError(t, err)
	require.Equal(t, [][]string{
		head,
		{"生駒市", "-7", "0.25", "1"},
		{" =1+1\nand \"quotes\" & <tags>", "0", "0.000001", "0", "x"},
		{"=1+1", "9007199254740991", "3", "1", "_x0041_"},
		{"0042", "1", "1.5", "0"},
	}, got)
	told, err := f.GetRows("about")
	require.NoError(t, err)
	require.Equal(t, [][]string{{"question", "list --as-of 2019"}, {"count", "4"}}, told)

	for cell, want := range map[string]excelize.CellType{
		"A4": excelize.CellTypeInlineString, "A5": excelize.CellTypeInlineString,
		"B2": excelize.CellTypeUnset, "C2": excelize.CellTypeUnset, "D2": excelize.CellTypeBool,
	} {
		kind, err := f.GetCellType("list", cell)
		require.NoError(t, err)
		require.Equal(t, want, kind, cell)
		formula, err := f.GetCellFormula("list", cell)
		require.NoError(t, err)
		require.Empty(t, formula, cell)
	}
	panes, err := f.GetPanes("list")
	require.NoError(t, err)
	require.True(t, panes.Freeze)
	require.Equal(t, 1, panes.YSplit)
	for cell, bold := range map[string]bool{"A1": true, "E1": true, "A2": false} {
		style, err := f.GetCellStyle("list", cell)
		require.NoError(t, err)
		of, err := f.GetStyle(style)
		require.NoError(t, err)
		require.Equal(t, bold, of.Font != nil && of.Font.Bold, cell)
	}
	again, _, _ := written(t, head, rows, facts)
	require.Equal(t, content, again, "the same workbook")
}

func TestWriter_nothing(t *testing.T) {
	_, _, f := written(t, nil, nil, nil)
	got, err := f.GetRows("list")
	require.NoError(t, err)
	require.Empty(t, got)
}

func TestWriter_long(t *testing.T) {
	fits, pairs := strings.Repeat("é", workbook.MaxText), strings.Repeat("𐀀", workbook.MaxText/2)
	_, cut, f := written(t, []string{"text"}, [][]any{{fits}, {fits + "é"}, {pairs + "𐀀"}, {pairs + "é"}}, nil)
	require.Equal(t, 2, cut)
	got, err := f.GetRows("list")
	require.NoError(t, err)
	require.Equal(t, fits, got[1][0])
	require.Equal(t, fits[len("é"):]+"…", got[2][0])
	require.Equal(t, pairs+"…", got[3][0])
	require.Equal(t, pairs+"é", got[4][0])
	for _, row := range got {
		require.LessOrEqual(t, len(utf16.Encode([]rune(row[0]))), workbook.MaxText)
	}
}

func TestWriter_full(t *testing.T) {
	w, err := workbook.New("list")
	require.NoError(t, err)
	for range workbook.MaxRows {
		require.NoError(t, w.Row(nil))
	}
	require.ErrorIs(t, w.Row(nil), workbook.ErrTooManyRows)
	require.NoError(t, w.Close())
}
