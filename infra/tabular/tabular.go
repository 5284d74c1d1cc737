package tabular

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"

	"github.com/entente-ledger/entente/domain/es"
)

// File is an open table, or several of a workbook. It is for one goroutine at a
// time.
type File struct {
	Hash string // SHA-256 of the bytes, 64 lower-case hexadecimal digits
	Size int64  // in bytes

	sheets []Sheet
	close  []func() error // in the order of opening
}

// Sheet is one table of a file. It can be read until the file is closed.
type Sheet struct {
	name     string
	headings []string
	records  iter.Seq2[record, error] // below the headings
}

// Row is one row below the headings.
type Row struct {
	Sheet  string   // of a workbook, otherwise ""
	Number int      // row in the sheet, or line on which it begins, from 1
	Cells  []string // as many as headings, in NFC, white space around removed
	Err    error    // what is wrong with this row, nil if nothing is
}

// record is a row as it stands in the file.
type record struct {
	number  int
	cells   []string
	problem error // the cells are what could be read nevertheless
}

// Open opens the file at path and reads its headings. It fails with
// [es.ErrNotFound] and code tabular.unknown_file if there is none, and with
// [es.ErrInvalid] if an option does not fit, if it is not of the format, if it
// passes a limit, or if a heading is missing or there twice.
func Open(path string, o Options) (*File, error) {
	f := &File{}
	if err := f.open(path, o); err != nil {
		return nil, fmt.Errorf("open table %s: %w", filepath.Base(path), errors.Join(err, f.Close()))
	}
	return f, nil
}

func (f *File) open(path string, o Options) error {
	o, err := o.of(path)
	if err != nil {
		return err
	}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return es.NotFound("tabular.unknown_file", "there is no such file")
	}
	if err != nil {
		return err
	}
	f.close = append(f.close, file.Close)
	if err := f.measure(file); err != nil {
		return err
	}
	if err := looksLike(file, o.Format); err != nil {
		return err
	}
	content := func() *io.SectionReader { return io.NewSectionReader(file, 0, f.Size) }
	switch o.Format {
	case CSV:
		return f.add("", csvFile{content, o}.records(), o.Header)
	case NDJSON:
		return f.openNDJSON(ndjsonFile{content, o})
	default:
		return f.openWorkbook(content(), o)
	}
}

// measure takes hash and size.
func (f *File) measure(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return es.Invalid("tabular.not_a_file", "this is not a file", "the path of a file")
	}
	hash := sha256.New()
	if f.Size, err = io.Copy(hash, file); err != nil {
		return err
	}
	f.Hash = hex.EncodeToString(hash.Sum(nil))
	return nil
}

// looksLike refuses a workbook that is called something else, and the reverse.
func looksLike(file *os.File, format Format) error {
	start := make([]byte, 4)
	n, err := file.ReadAt(start, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	zipped := bytes.Equal(start[:n], []byte("PK\x03\x04"))
	switch {
	case zipped && format != XLSX:
		return es.Invalid("tabular.bad_format", fmt.Sprintf("this is a packed file, and not %s", format), "the format xlsx, if it is a workbook")
	case !zipped && format == XLSX:
		return es.Invalid("tabular.bad_format", "this is not a workbook in the format xlsx, or it has a password",
			"an older workbook to be saved as .xlsx, without a password, or the format csv")
	}
	return nil
}

// add adds a sheet whose first record has the headings.
func (f *File) add(name string, records iter.Seq2[record, error], header int) error {
	headings, err := readHeadings(records, header)
	if err != nil {
		return err
	}
	f.sheets = append(f.sheets, Sheet{name, headings, below(records)})
	return nil
}

// Sheets returns the tables in the order of the file, or as the options named
// them: one of CSV and NDJSON, and of a workbook one or more.
func (f *File) Sheets() []Sheet { return f.sheets }

// Close closes the file and removes what was stored temporarily.
func (f *File) Close() error {
	var err error
	for _, end := range slices.Backward(f.close) {
		err = errors.Join(err, end())
	}
	f.close = nil
	return err
}

// Name returns the name of a workbook's sheet, otherwise "".
func (s Sheet) Name() string { return s.name }

// Headings returns the headings from left to right. Of NDJSON they are the
// names of the members of all objects, in order of first appearance.
func (s Sheet) Headings() []string { return s.headings }

// Rows yields the rows below the headings, by ascending number, anew at each
// call. Blank rows are passed over. An error, ctx's own included, is the last
// yield and names the row or line.
func (s Sheet) Rows(ctx context.Context) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for r, err := range s.records {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(Row{}, fmt.Errorf("read table: %w", err))
				return
			}
			row, blank := s.row(r)
			if !blank && !yield(row, nil) {
				return
			}
		}
	}
}
