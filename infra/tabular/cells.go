package tabular

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/unicode/norm"

	"github.com/entente-ledger/entente/domain/es"
)

// What a table may have at most.
const (
	MaxColumns = 1_000
	MaxCell    = 64 << 10 // bytes of a cell, as UTF-8
	MaxLine    = 16 << 20 // bytes of a line, or of a row with line breaks in quotes, as UTF-8
)

// row returns r as a Row, and whether it is blank.
func (s Sheet) row(r record) (Row, bool) {
	row := Row{Sheet: s.name, Number: r.number, Cells: r.cells, Err: r.problem}
	blank := r.problem == nil
	for i := range r.cells {
		cell, err := clean(r.cells[i])
		r.cells[i] = cell
		if err != nil && row.Err == nil {
			row.Err = in(err, s.column(i))
		}
		blank = blank && cell == "" && err == nil
		if i >= len(s.headings) && cell != "" && row.Err == nil {
			row.Err = es.Invalid("tabular.too_many_cells",
				fmt.Sprintf("there is a value in column %s, beyond the last heading %q", column(i), s.headings[len(s.headings)-1]),
				"a heading for it, or a cell that contains the delimiter in quotes")
		}
	}
	for len(row.Cells) < len(s.headings) {
		row.Cells = append(row.Cells, "")
	}
	row.Cells = row.Cells[:len(s.headings):len(s.headings)]
	return row, blank
}

func (s Sheet) column(i int) string {
	if i < len(s.headings) {
		return strconv.Quote(s.headings[i])
	}
	return column(i)
}

// column names the column at index i as people count and as workbooks do.
func column(i int) string {
	letters, err := excelize.ColumnNumberToName(i + 1)
	if err != nil {
		return strconv.Itoa(i + 1)
	}
	return fmt.Sprintf("%d (%s)", i+1, letters)
}

// in says in which column err is.
func in(err *es.Error, column string) *es.Error {
	c := *err
	c.Message = "column " + column + " " + c.Message
	return &c
}

var (
	errLongCell   = es.Invalid("tabular.long_cell", "has a cell that is too long", fmt.Sprintf("at most %d KiB", MaxCell>>10))
	errUnreadable = es.Invalid("tabular.unreadable_text", "has characters that could not be read", "the encoding in which the file was saved, such as windows-1252")
)

// clean returns the cell in NFC without white space around. What is too long is
// left out. U+FFFD stands for bytes that could not be decoded, by this program
// or by one before; NUL is in text only if its encoding was mistaken.
func clean(cell string) (string, *es.Error) {
	if len(cell) > MaxCell {
		return "", errLongCell
	}
	if !strings.ContainsFunc(cell, isRare) {
		return strings.Trim(cell, " "), nil
	}
	cell = strings.TrimFunc(norm.NFC.String(cell), isSpace)
	if !utf8.ValidString(cell) || strings.Contains(cell, "\uFFFD") || strings.IndexByte(cell, 0) >= 0 {
		return strings.ToValidUTF8(cell, "\uFFFD"), errUnreadable
	}
	return cell, nil
}

// isRare reports what needs a closer look: all but the printable ASCII.
func isRare(r rune) bool { return r < ' ' || r > '~' }

// readHeadings reads the first record that is not blank.
func readHeadings(records iter.Seq2[record, error], header int) ([]string, error) {
	for r, err := range records {
		if err != nil {
			return nil, err
		}
		if header > 0 && r.number != header {
			break
		}
		if r.problem != nil {
			return nil, fmt.Errorf("headings in %d: %w", r.number, r.problem)
		}
		for i := range r.cells {
			cell, err := clean(r.cells[i])
			if err != nil {
				return nil, in(err, column(i))
			}
			r.cells[i] = cell
		}
		headings := r.cells
		for len(headings) > 0 && headings[len(headings)-1] == "" {
			headings = headings[:len(headings)-1]
		}
		if len(headings) > 0 {
			return headings, checkHeadings(headings)
		}
		if header > 0 {
			break
		}
	}
	if header > 0 {
		return nil, es.Invalid("tabular.no_headings", fmt.Sprintf("row %d has no headings", header), "the row of the headings, from 1")
	}
	return nil, es.Invalid("tabular.no_headings", "there are no headings", "a row of headings above the others")
}

func checkHeadings(headings []string) error {
	if len(headings) > MaxColumns {
		return tooManyColumns()
	}
	var empty, twice []string
	for i, h := range headings {
		switch first := slices.Index(headings, h); {
		case h == "":
			empty = append(empty, column(i))
		case first < i:
			twice = append(twice, fmt.Sprintf("%q in columns %s and %s", h, column(first), column(i)))
		}
	}
	switch {
	case len(empty) > 0:
		return es.Invalid("tabular.empty_heading", "there is no heading in column "+strings.Join(empty, ", "), "a heading for each column")
	case len(twice) > 0:
		return es.Invalid("tabular.duplicate_heading", "a heading is there twice: "+strings.Join(twice, ", "), "a heading of its own for each column")
	}
	return nil
}

func tooManyColumns() error {
	return es.Invalid("tabular.too_many_columns", "there are too many columns", fmt.Sprintf("at most %d", MaxColumns))
}

// below yields what follows the headings.
func below(records iter.Seq2[record, error]) iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		headed := false
		for r, err := range records {
			if err == nil && !headed {
				headed = slices.ContainsFunc(r.cells, func(cell string) bool { return strings.TrimFunc(cell, isSpace) != "" })
				continue
			}
			if !yield(r, err) {
				return
			}
		}
	}
}
