package tabular

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/entente-ledger/entente/domain/es"
)

// maxRows is what a sheet can have, by the format.
const maxRows = 1 << 20

// workbook reads sheets. Each is read twice side by side, once as the numbers
// are stored and once as they are shown: excelize tells a cell's type and style
// only by the difference.
type workbook struct {
	file   *excelize.File
	system dateSystem
}

func (f *File) openWorkbook(content *io.SectionReader, o Options) error {
	large, err := checkWorkbook(content)
	if err != nil {
		return err
	}
	file, err := excelize.OpenReader(content, excelize.Options{UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: large})
	if file != nil {
		f.close = append(f.close, file.Close)
	}
	if err != nil {
		return damaged(err)
	}
	properties, err := file.GetWorkbookProps()
	if err != nil {
		return damaged(err)
	}
	w := workbook{file: file}
	if properties.Date1904 != nil && *properties.Date1904 {
		w.system = from1904
	}
	if err := markDates(file); err != nil {
		return damaged(err)
	}
	return w.open(f, o)
}

// open adds the sheets that o names, or all that have a row.
func (w workbook) open(f *File, o Options) error {
	all := w.file.GetSheetList()
	for _, name := range o.Sheets {
		if !slices.Contains(all, name) {
			return es.Invalid("tabular.unknown_sheet", fmt.Sprintf("there is no sheet %q", name), "one of "+strings.Join(all, ", "))
		}
	}
	names := o.Sheets
	if len(names) == 0 {
		names = all
	}
	for _, name := range names {
		err := f.add(name, w.records(name, o.Header), o.Header)
		var invalid *es.Error
		if errors.As(err, &invalid) && invalid.Code == "tabular.no_headings" && len(o.Sheets) == 0 {
			continue
		}
		if err != nil {
			return fmt.Errorf("sheet %q: %w", name, err)
		}
	}
	if len(f.sheets) == 0 {
		return es.Invalid("tabular.no_headings", "no sheet has a row of headings", "a row of headings above the others")
	}
	return nil
}

// records yields the rows of a sheet from row from on.
func (w workbook) records(sheet string, from int) iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		if err := w.read(sheet, from, func(r record) bool { return yield(r, nil) }); err != nil {
			yield(record{}, err)
		}
	}
}

func (w workbook) read(sheet string, from int, yield func(record) bool) (err error) {
	stored, err := w.file.Rows(sheet)
	if err != nil {
		return damaged(err)
	}
	defer func() { err = errors.Join(err, stored.Close()) }()
	shown, err := w.file.Rows(sheet)
	if err != nil {
		return damaged(err)
	}
	defer func() { err = errors.Join(err, shown.Close()) }()
	for number := 1; stored.Next() && shown.Next(); number++ {
		if number > maxRows {
			return fmt.Errorf("row %d: %w", number, damaged(errors.New("a sheet has no more than 1,048,576 rows")))
		}
		cells, err := stored.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return fmt.Errorf("row %d: %w", number, damaged(err))
		}
		texts, err := shown.Columns()
		if err != nil {
			return fmt.Errorf("row %d: %w", number, damaged(err))
		}
		if number < from || len(cells) == 0 {
			continue
		}
		if !yield(w.record(number, cells, texts)) {
			return nil
		}
	}
	return nil
}

func (w workbook) record(number int, stored, shown []string) record {
	r := record{number: number, cells: stored}
	for i := range min(len(stored), len(shown)) {
		text, err := w.cell(stored[i], shown[i])
		if err != nil && r.problem == nil {
			r.problem = in(err, column(i))
		}
		r.cells[i] = text
	}
	return r
}

// faults are what a cell says in place of a value.
var faults = []string{
	"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA",
	"#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#EXTERNAL!",
}

// cell returns the text of a cell. Of text, stored and shown are the same. A
// number that is stored as it is shown needs nothing, except one of more than 15
// digits that excelize shows with an exponent. One below 0.0001 keeps its exponent:
// a text such as 12E-5, which is a code, looks the same here.
func (w workbook) cell(stored, shown string) (string, *es.Error) {
	if stored == shown {
		if slices.Contains(faults, stored) {
			return stored, es.Invalid("tabular.cell_error", "has the error "+stored, "a value")
		}
		if !strings.Contains(stored, "E+") {
			return stored, nil
		}
	}
	switch shown {
	case "TRUE":
		return "true", nil
	case "FALSE":
		return "false", nil
	}
	number, err := strconv.ParseFloat(stored, 64)
	if err != nil || math.IsInf(number, 0) || math.IsNaN(number) {
		return stored, nil
	}
	if kind, ok := kindShown(shown); ok {
		return w.system.text(number, kind)
	}
	return plain(stored, number), nil
}

// plain returns a number without exponent, to the 15 digits that Excel keeps;
// a whole number stays as it is written.
func plain(stored string, number float64) string {
	if strings.Trim(stored, "0123456789") == "" {
		return stored
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(number, 'g', 15, 64), 64)
	if err != nil {
		rounded = number
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}
