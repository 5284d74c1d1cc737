package main

import (
	"bytes"
	"cmp"
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
	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/workbook"
)

// csvExport writes a record an object, after one with the names of the members
// of the first.
type csvExport struct {
	w    *csv.Writer
	head columns
}

func (e *csvExport) object(line jsontext.Value) error {
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

func (e *csvExport) end(uint64) error {
	e.w.Flush()
	return e.w.Error()
}

// xlsxExport writes a workbook with the cells of CSV, in which numbers and truths
// are such. Its texts are guarded too: a workbook keeps them from being formulas,
// but it is often saved as CSV, which does not.
type xlsxExport struct {
	to      *workbook.Writer
	w, errs io.Writer
	asked   func() [][2]string
	head    columns
	sum     hash.Hash // of the lines as NDJSON
	count   int
}

func newXLSXExport(w, errs io.Writer, asked func() [][2]string) (*xlsxExport, error) {
	to, err := workbook.New("answer")
	if err != nil {
		return nil, err
	}
	return &xlsxExport{to: to, w: w, errs: errs, asked: asked, sum: sha256.New()}, nil
}

func (e *xlsxExport) object(line jsontext.Value) error {
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
		return es.Invalid("cli.too_many_rows", fmt.Sprintf("a sheet holds %d rows, and there are more", workbook.MaxRows),
			"--format csv, or filters that leave less")
	} else if err != nil {
		return err
	}
	e.count++
	_, err = fmt.Fprintf(e.sum, "%s\n", line)
	return err
}

func (e *xlsxExport) end(sequence uint64) error {
	facts := append(e.asked(), [][2]string{
		{"sequence", strconv.FormatUint(sequence, 10)}, {"count", strconv.Itoa(e.count)}, {"sha256 as NDJSON", hex.EncodeToString(e.sum.Sum(nil))},
	}...)
	if cut := e.to.Cut(); cut > 0 {
		facts = append(facts, [2]string{"texts cut short", strconv.Itoa(cut)})
		if _, err := fmt.Fprintf(e.errs, "%d texts cut short: a cell holds %d characters\n", cut, workbook.MaxText); err != nil {
			return err
		}
	}
	return e.to.Write(e.w, facts)
}

// Close implements [io.Closer].
func (e *xlsxExport) Close() error { return e.to.Close() }

// asked says which question a list answers, once it has: the command line, and
// the axes that it has.
func (a *app) asked(list *cobra.Command, args []string) [][2]string {
	line := []string{"entente"}
	for _, arg := range args {
		if strings.ContainsAny(arg, " \t\n'\"\\") {
			arg = strconv.Quote(arg)
		}
		line = append(line, arg)
	}
	facts := [][2]string{{"question", strings.Join(line, " ")}}
	if on := list.Flags().Lookup("as-of"); on != nil {
		facts = append(facts, [2]string{"as of", guarded(cmp.Or(on.Value.String(), today().String()))})
	}
	if list.Flags().Lookup("as-known") != nil {
		recorded := es.FormatInstant(a.at.Recorded)
		if recorded == "" && list.Flags().Changed("as-recorded") {
			recorded = fmt.Sprintf("sequence %d", a.at.Events-1)
		}
		facts = append(facts, [2]string{"as known", cmp.Or(es.FormatInstant(a.at.Known), "the latest")}, [2]string{"as recorded", cmp.Or(recorded, "the latest")})
	}
	return facts
}

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
			return guarded(text)
		}
	case '{':
		if json.Unmarshal(value, &inLanguage, json.RejectUnknownMembers(true)) == nil && inLanguage.Lang != nil {
			return guarded(inLanguage.Value)
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

// guarded keeps a spreadsheet from taking a text for a formula.
func guarded(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
