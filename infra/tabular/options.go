package tabular

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"

	"github.com/entente-ledger/entente/domain/es"
)

// Format is how a table is written down.
type Format string

// The formats that are read.
const (
	CSV    Format = "csv"    // RFC 4180, with any delimiter
	XLSX   Format = "xlsx"   // a workbook, Office Open XML
	NDJSON Format = "ndjson" // one JSON object a line
)

// endings of file names, in lower case.
var endings = map[string]Format{
	".csv": CSV, ".tsv": CSV, ".txt": CSV,
	".xlsx": XLSX, ".xlsm": XLSX,
	".ndjson": NDJSON, ".jsonl": NDJSON,
}

// Options say how a file is read. The zero value: as its ending and its
// contents say.
type Options struct {
	// Format is "" for what the file's ending says: .csv, .tsv and .txt, .xlsx
	// and .xlsm, .ndjson and .jsonl.
	Format Format
	// Encoding of CSV and NDJSON is a name of the WHATWG Encoding Standard, such
	// as windows-1253; "" is UTF-8. A byte order mark prevails over both.
	Encoding string
	// Delimiter of CSV is one character; "" is the one of TAB, |, ; and , that
	// the line of the headings has most of outside quotes, the first of these if
	// there are as many of two. A line "sep=;" before it says it too. A .tsv has
	// TAB.
	Delimiter string
	// Header is the row of the headings in a workbook, from 1, or their line in
	// CSV; what stands above is passed over. 0 is the first that is not blank.
	Header int
	// Sheets of a workbook, by name; none are all that have a row.
	Sheets []string
}

// Validate returns an error of kind [es.ErrInvalid] if an option is malformed or
// does not go with the format.
func (o Options) Validate() error {
	switch {
	case o.Format != "" && o.Format != CSV && o.Format != XLSX && o.Format != NDJSON:
		return es.Invalid("tabular.unknown_format", fmt.Sprintf("tables in the format %q are not read", o.Format), "csv, xlsx or ndjson")
	case o.Header < 0:
		return es.Invalid("tabular.bad_options", "the row of the headings is negative", "a row from 1")
	case o.Encoding != "" && o.Format == XLSX:
		return es.Invalid("tabular.bad_options", "a workbook says its encoding itself", "no encoding")
	case o.Delimiter != "" && o.Format != CSV && o.Format != "":
		return es.Invalid("tabular.bad_options", "only CSV has a delimiter", "no delimiter")
	case o.Header != 0 && o.Format == NDJSON:
		return es.Invalid("tabular.bad_options", "NDJSON has no row of headings", "no row of headings")
	case len(o.Sheets) > 0 && o.Format != XLSX && o.Format != "":
		return es.Invalid("tabular.bad_options", "only a workbook has sheets", "no sheets")
	}
	if o.Delimiter != "" {
		r, n := utf8.DecodeRuneInString(o.Delimiter)
		if n != len(o.Delimiter) || slices.Contains([]rune{0, '"', '\r', '\n', utf8.RuneError}, r) {
			return es.Invalid("tabular.bad_delimiter", fmt.Sprintf("%q is not a delimiter", o.Delimiter), "one character, such as ;")
		}
	}
	_, err := o.encoding()
	return err
}

// encoding returns nil for UTF-8.
func (o Options) encoding() (encoding.Encoding, error) {
	if o.Encoding == "" {
		return nil, nil
	}
	enc, err := htmlindex.Get(o.Encoding)
	if err != nil || enc == encoding.Replacement {
		return nil, es.Invalid("tabular.bad_encoding", fmt.Sprintf("there is no encoding %q", o.Encoding),
			"a name of the WHATWG Encoding Standard, such as utf-8, windows-1252, windows-1253, iso-8859-2, utf-16le")
	}
	if name, err := htmlindex.Name(enc); err == nil && name == "utf-8" {
		return nil, nil
	}
	return enc, nil
}

// of returns o with what the ending of path says.
func (o Options) of(path string) (Options, error) {
	ending := strings.ToLower(filepath.Ext(path))
	if o.Format == "" {
		o.Format = endings[ending]
		if o.Format == "" {
			return o, es.Invalid("tabular.unknown_format", fmt.Sprintf("the ending %q does not say how the table is written", ending),
				"a file .csv, .tsv, .txt, .xlsx, .ndjson or .jsonl, or the format")
		}
	}
	if o.Delimiter == "" && o.Format == CSV && ending == ".tsv" {
		o.Delimiter = "\t"
	}
	return o, o.Validate()
}
