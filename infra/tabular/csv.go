package tabular

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/entente-ledger/entente/domain/es"
)

// delimiters are those that are looked for; where there are as many of two, the
// one that is rarer in text comes first.
const delimiters = "\t|;,"

// csvFile reads CSV. A quote where none may be spoils its own row, and
// encoding/csv goes on with the next line. It cannot go on after a quote that is
// never closed, a row that is too long, and a failure to read.
type csvFile struct {
	content func() *io.SectionReader
	options Options
}

// records yields what stands from the headings on.
func (c csvFile) records() iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		r, err := c.open()
		if err != nil {
			yield(record{}, err)
			return
		}
		for {
			rec, err := r.read()
			if errors.Is(err, io.EOF) || !yield(rec, err) || err != nil {
				return
			}
		}
	}
}

// open returns a reader at the line of the headings.
func (c csvFile) open() (*csvReader, error) {
	enc, err := c.options.encoding()
	if err != nil {
		return nil, err
	}
	text, err := decode(c.content(), enc)
	if err != nil {
		return nil, err
	}
	delimiter := c.options.Delimiter
	above := 0 // lines
	for above < c.options.Header-1 {
		if _, err := passOver(text); err != nil {
			return nil, err
		}
		above++
	}
	for c.options.Header == 0 {
		line, err := nextLine(text)
		if err != nil {
			return nil, err
		}
		if said, ok := bytes.CutPrefix(line, []byte("sep=")); ok && c.options.Delimiter == "" && strings.Contains(delimiters, string(said)) && len(said) == 1 {
			delimiter = string(said)
		} else if len(bytes.Trim(line, delimiters+delimiter+"\" \u00a0\r")) > 0 {
			break
		}
		more, err := passOver(text)
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
		above++
	}
	if delimiter == "" {
		if delimiter, err = guessDelimiter(text); err != nil {
			return nil, err
		}
	}
	r := &csvReader{source: source{r: text}, last: above}
	r.csv = csv.NewReader(&r.source)
	r.csv.Comma, _ = utf8.DecodeRuneInString(delimiter)
	r.csv.FieldsPerRecord = -1
	r.csv.TrimLeadingSpace = delimiter != "\t" // as in: "a", "b"
	r.above = above
	return r, nil
}

// passOver reads a line, and reports whether there was one.
func passOver(text *bufio.Reader) (bool, error) {
	for {
		_, err := text.ReadSlice('\n')
		switch {
		case err == nil:
			return true, nil
		case errors.Is(err, io.EOF):
			return false, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return false, err
		}
	}
}

// nextLine returns the next line, as much of it as is buffered, and does not
// pass over it.
func nextLine(text *bufio.Reader) ([]byte, error) {
	start, err := text.Peek(ahead)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	line, _, _ := bytes.Cut(start, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r")), nil
}

// guessDelimiter returns the delimiter that the next row has most of outside
// quotes, and a comma if it has none.
func guessDelimiter(text *bufio.Reader) (string, error) {
	start, err := text.Peek(ahead)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	var count [len(delimiters)]int
	quoted := false
	for _, b := range start {
		if b == '"' {
			quoted = !quoted
		}
		if quoted {
			continue
		}
		if b == '\n' {
			break
		}
		if i := strings.IndexByte(delimiters, b); i >= 0 {
			count[i]++
		}
	}
	most := slices.Max(count[:])
	if most == 0 {
		return ",", nil
	}
	best := slices.Index(count[:], most)
	return delimiters[best : best+1], nil
}

// csvReader reads one record after the other.
type csvReader struct {
	source source
	csv    *csv.Reader
	above  int // lines before those that csv counts
	last   int // line on which the record before ended
}

// read returns the next record, or io.EOF, or what csv cannot go on after.
func (r *csvReader) read() (record, error) {
	r.source.left = MaxLine
	cells, err := r.csv.Read()
	var malformed *csv.ParseError
	switch {
	case err == nil:
		first, _ := r.csv.FieldPos(0)
		end, _ := r.csv.FieldPos(len(cells) - 1)
		r.last = r.above + end + strings.Count(cells[len(cells)-1], "\n")
		return record{number: r.above + first, cells: cells}, nil
	case errors.Is(err, io.EOF):
		return record{}, err
	case errors.Is(err, errTooLong):
		return record{}, fmt.Errorf("after line %d: %w", r.last, es.Invalid("tabular.long_line",
			"a row is too long; perhaps a quote is not closed", fmt.Sprintf("at most %d MiB", MaxLine>>20)))
	case errors.As(err, &malformed):
		r.last = r.above + malformed.Line
		return r.malformed(malformed, cells)
	}
	return record{}, fmt.Errorf("after line %d: %w", r.last, err)
}

func (r *csvReader) malformed(e *csv.ParseError, cells []string) (record, error) {
	first, line := r.above+e.StartLine, r.above+e.Line
	if line > first && r.source.ended && r.csv.InputOffset() == r.source.read {
		return record{}, fmt.Errorf("line %d: %w", first, es.Invalid("tabular.open_quote",
			fmt.Sprintf("a quote in the row that begins in line %d is not closed before the end of the file", first),
			"a quote at the end of the cell, and each quote inside it twice"))
	}
	problem := es.Invalid("tabular.bare_quote", fmt.Sprintf("there is a quote inside a cell, in line %d at byte %d", line, e.Column),
		"quotes around the cell, and each quote inside it twice")
	if line > first {
		problem.Message += fmt.Sprintf("; the cell begins before it, so lines %d to %d were read as one row", first, line)
	}
	return record{number: first, cells: cells, problem: problem}, nil
}
