package export

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/workbook"
)

// csvEncoder writes a record an object, after one with the names of the members
// of the first.
type csvEncoder struct {
	w    *csv.Writer
	head columns
}

func (e *csvEncoder) object(line jsontext.Value) error {
	values, first, err := e.head.values(line)
	if err == nil && first {
		err = e.w.Write(e.head)
	}
	if err != nil {
		return err
	}
	record := make([]string, len(values))
	for i, v := range values {
		record[i] = cell(v)
	}
	return e.w.Write(record)
}

func (e *csvEncoder) end(uint64) ([]string, error) {
	e.w.Flush()
	return nil, e.w.Error()
}

func (e *csvEncoder) close() error { return nil }

// xlsxEncoder writes a workbook with the cells of CSV, in which numbers and truths
// are such. Its texts are guarded too: a workbook keeps them from being formulas,
// but it is often saved as CSV, which does not.
type xlsxEncoder struct {
	to    *workbook.Writer
	w     io.Writer
	about func() [][2]string
	head  columns
	sum   hash.Hash // of the lines as NDJSON
	count int
}

func newXLSX(w io.Writer, about func() [][2]string) (*xlsxEncoder, error) {
	to, err := workbook.New("answer")
	if err != nil {
		return nil, err
	}
	return &xlsxEncoder{to: to, w: w, about: about, sum: sha256.New()}, nil
}

func (e *xlsxEncoder) object(line jsontext.Value) error {
	values, first, err := e.head.values(line)
	if err == nil && first {
		err = e.to.Head(e.head)
	}
	if err != nil {
		return err
	}
	row := make([]any, len(values))
	for i, v := range values {
		row[i] = typedCell(v)
	}
	if err := e.to.Row(row); errors.Is(err, workbook.ErrTooManyRows) {
		return es.Invalid("export.too_many_rows", fmt.Sprintf("a sheet holds %d rows, and there are more", workbook.MaxRows),
			"CSV, or filters that leave less")
	} else if err != nil {
		return err
	}
	e.count++
	_, err = fmt.Fprintf(e.sum, "%s\n", line)
	return err
}

func (e *xlsxEncoder) end(sequence uint64) (notes []string, err error) {
	var facts [][2]string
	if e.about != nil {
		facts = e.about()
	}
	facts = append(facts, [][2]string{
		{"sequence", strconv.FormatUint(sequence, 10)}, {"count", strconv.Itoa(e.count)}, {"sha256 as NDJSON", hex.EncodeToString(e.sum.Sum(nil))},
	}...)
	if cut := e.to.Cut(); cut > 0 {
		facts = append(facts, [2]string{"texts cut short", strconv.Itoa(cut)})
		notes = []string{fmt.Sprintf("%d texts cut short: a cell holds %d characters", cut, workbook.MaxText)}
	}
	return notes, e.to.Write(e.w, facts)
}

func (e *xlsxEncoder) close() error { return e.to.Close() }

// columns are the names of the members of the first object.
type columns []string

// values returns those of an object in the order of the columns, nil where it has
// none, and whether it is the first.
func (c *columns) values(object jsontext.Value) (values []jsontext.Value, first bool, err error) {
	first = *c == nil
	dec := jsontext.NewDecoder(bytes.NewReader(object))
	if _, err := dec.ReadToken(); err != nil {
		return nil, false, err
	}
	values = make([]jsontext.Value, len(*c))
	for dec.PeekKind() == '"' {
		name, err := dec.ReadToken()
		if err != nil {
			return nil, false, err
		}
		column := slices.Index(*c, name.String())
		if first {
			column = len(*c)
			*c, values = append(*c, name.String()), append(values, nil)
		}
		value, err := dec.ReadValue()
		if err != nil {
			return nil, false, err
		}
		if column >= 0 {
			values[column] = value.Clone()
		}
	}
	return values, first, nil
}

// cell returns a value as a text: texts as they are, guarded, a text in a
// language as its value, and lists and objects as JSON.
func cell(value jsontext.Value) string {
	var text string
	var inLanguage struct {
		Lang  *string `json:"lang"`
		Value string  `json:"value"`
	}
	switch value.Kind() {
	case '"':
		if json.Unmarshal(value, &text) == nil {
			return Guarded(text)
		}
	case '{':
		if json.Unmarshal(value, &inLanguage, json.RejectUnknownMembers(true)) == nil && inLanguage.Lang != nil {
			return Guarded(inLanguage.Value)
		}
	case 'n':
		return ""
	}
	return string(value)
}

// digits is how many of a number a spreadsheet keeps. A longer one is a text.
const digits = 15

// typedCell is cell for what knows numbers and truths; nil is empty.
func typedCell(value jsontext.Value) any {
	switch value.Kind() {
	case '0':
		if n, err := strconv.ParseFloat(string(value), 64); err == nil && len(value) <= digits {
			return n
		}
	case 't', 'f':
		return value.Kind() == 't'
	}
	if text := cell(value); text != "" {
		return text
	}
	return nil
}

// Guarded keeps a spreadsheet from taking a text for a formula.
func Guarded(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
