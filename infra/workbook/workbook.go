// Package workbook writes a table as an Office Open XML workbook (XLSX,
// ECMA-376), row by row, so that memory does not grow with the table. It knows
// nothing of what the table is about.
package workbook

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// What a sheet can hold.
const (
	MaxRows = excelize.TotalRows      // with the heading
	MaxText = excelize.TotalCellChars // UTF-16 units in a cell
)

// ErrTooManyRows is returned by [Writer.Row] when the sheet is full.
var ErrTooManyRows = errors.New("a sheet is full")

// Writer writes a workbook of two sheets: one with the table, and one that says
// what it is. Rows wait in a temporary file where they are many.
type Writer struct {
	file *excelize.File
	rows *excelize.StreamWriter
	bold int // a style
	next int // the row that follows, from 1
	cut  int
}

const about = "about"

// New returns a workbook of which the table is on a sheet of a name, which is
// not "about". [Writer.Close] must follow.
func New(sheet string) (*Writer, error) {
	w := &Writer{file: excelize.NewFile(), next: 1}
	bold, boldErr := w.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	err := errors.Join(boldErr, w.file.SetSheetName("Sheet1", sheet), w.file.SetDocProps(&excelize.DocProperties{Creator: "entente"}))
	if err == nil {
		w.bold = bold
		_, err = w.file.NewSheet(about)
	}
	if err == nil {
		w.rows, err = w.file.NewStreamWriter(sheet)
	}
	if err != nil {
		return nil, fmt.Errorf("make a workbook: %w", errors.Join(err, w.file.Close()))
	}
	return w, nil
}

// Head writes the heading, bold and always in sight. It comes first, or never.
func (w *Writer) Head(names []string) error {
	err := w.rows.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
	if err != nil {
		return fmt.Errorf("write the heading of a workbook: %w", err)
	}
	cells := make([]any, len(names))
	for i, name := range names {
		cells[i] = excelize.Cell{StyleID: w.bold, Value: name}
	}
	return w.row(cells)
}

// Row writes cells, each a string, an int64, a float64, a bool or nil. A string
// is never taken for a formula or a number. One that is longer than [MaxText]
// is cut, see [Writer.Cut]. Row fails with [ErrTooManyRows] after [MaxRows].
func (w *Writer) Row(cells []any) error {
	row := slices.Clone(cells)
	for i, cell := range row {
		if text, ok := cell.(string); ok {
			row[i] = w.fitting(text)
		}
	}
	return w.row(row)
}

func (w *Writer) row(cells []any) error {
	if w.next > MaxRows {
		return ErrTooManyRows
	}
	if err := w.rows.SetRow(fmt.Sprintf("A%d", w.next), cells); err != nil {
		return fmt.Errorf("write row %d of a workbook: %w", w.next, err)
	}
	w.next++
	return nil
}

// ellipsis ends a text that was cut.
const ellipsis = "…"

func (w *Writer) fitting(text string) string {
	if len(text) <= MaxText { // UTF-16 has no more units than UTF-8 has bytes
		return text
	}
	units := 0
	end := 0 // of what fits with the ellipsis
	for at, r := range text {
		if units < MaxText {
			end = at
		}
		if units += max(utf16.RuneLen(r), 1); units > MaxText {
			w.cut++
			return text[:end] + ellipsis
		}
	}
	return text
}

// Cut returns how many texts did not fit into their cells. They end in an
// ellipsis.
func (w *Writer) Cut() int { return w.cut }

// Write writes the workbook, with facts about it, a row each, on a sheet of
// their own. It comes last, and once.
func (w *Writer) Write(to io.Writer, facts [][2]string) error {
	err := w.rows.Flush()
	for i, fact := range facts {
		for column, text := range fact {
			cell, nameErr := excelize.CoordinatesToCellName(column+1, i+1)
			err = errors.Join(err, nameErr, w.file.SetCellStr(about, cell, w.fitting(text)))
		}
	}
	if len(facts) > 0 {
		err = errors.Join(err, w.file.SetCellStyle(about, "A1", fmt.Sprintf("A%d", len(facts)), w.bold),
			w.file.SetColWidth(about, "A", "A", 24), w.file.SetColWidth(about, "B", "B", 72))
	}
	if err != nil {
		return fmt.Errorf("write a workbook: %w", err)
	}
	// The library would gather the whole archive in memory before it writes it.
	w.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(to) })
	if err := w.file.Write(io.Discard); err != nil {
		return fmt.Errorf("write a workbook: %w", err)
	}
	return nil
}

// Close removes what was written to temporary files.
func (w *Writer) Close() error { return w.file.Close() }
