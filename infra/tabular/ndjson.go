package tabular

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/entente-ledger/entente/domain/es"
)

// ndjsonFile reads one JSON object a line. Each line stands for itself, so that
// whatever is wrong with one is a problem of that row.
type ndjsonFile struct {
	content func() *io.SectionReader
	options Options
}

// member of an object: a string's text, a number as written, "" for null, and
// the JSON text of whatever else.
type member struct{ name, value string }

// object is a line.
type object struct {
	number  int
	members []member
	problem error
}

// openNDJSON reads the whole file for its headings, so that no member comes up
// later that has none.
func (f *File) openNDJSON(n ndjsonFile) error {
	var headings []string
	at := make(map[string]int)
	for o, err := range n.objects() {
		if err != nil {
			return err
		}
		if o.problem != nil {
			continue // its row will tell
		}
		for _, m := range o.members {
			if _, ok := at[m.name]; !ok {
				at[m.name] = len(headings)
				headings = append(headings, m.name)
			}
		}
		if len(headings) > MaxColumns {
			return fmt.Errorf("line %d: %w", o.number, tooManyColumns())
		}
	}
	if len(headings) == 0 {
		return es.Invalid("tabular.no_headings", "no line is a JSON object with members", `one object a line, such as {"title": "Memorandum"}`)
	}
	f.sheets = append(f.sheets, Sheet{"", headings, n.records(at)})
	return nil
}

// records yields the objects as rows, of members that are at the given columns.
func (n ndjsonFile) records(at map[string]int) iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		for o, err := range n.objects() {
			r := record{number: o.number, cells: make([]string, len(at)), problem: o.problem}
			for _, m := range o.members {
				if i, ok := at[m.name]; ok {
					r.cells[i] = m.value
				}
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// objects yields the lines that are not blank.
func (n ndjsonFile) objects() iter.Seq2[object, error] {
	return func(yield func(object, error) bool) {
		enc, err := n.options.encoding()
		var text *bufio.Reader
		if err == nil {
			text, err = decode(n.content(), enc)
		}
		if err != nil {
			yield(object{}, err)
			return
		}
		d := new(jsontext.Decoder)
		var line []byte
		for number := 1; ; number++ {
			line, err = readLine(text, line[:0])
			if err != nil && !errors.Is(err, io.EOF) {
				yield(object{}, fmt.Errorf("line %d: %w", number, err))
				return
			}
			o := object{number: number}
			if len(line) > MaxLine {
				o.problem = es.Invalid("tabular.long_line", "a line is too long", fmt.Sprintf("at most %d MiB", MaxLine>>20))
			} else if blank := len(bytes.TrimFunc(line, isSpace)) == 0; !blank {
				o.members, o.problem = parseObject(d, line)
			}
			if (o.problem != nil || len(o.members) > 0) && !yield(o, nil) || errors.Is(err, io.EOF) {
				return
			}
		}
	}
}

// readLine appends the next line to line, of one that is too long no more than
// shows that. The last line comes with io.EOF.
func readLine(text *bufio.Reader, line []byte) ([]byte, error) {
	for {
		part, err := text.ReadSlice('\n')
		if len(line) <= MaxLine {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return bytes.TrimSuffix(line, []byte("\n")), err
		}
	}
}

// parseObject reads line with d, and returns the members before a problem with it.
func parseObject(d *jsontext.Decoder, line []byte) (members []member, problem error) {
	d.Reset(bytes.NewBuffer(line))
	bad := func(err error) ([]member, error) {
		return members, es.Invalid("tabular.bad_json", "the line is not a JSON object: "+err.Error(), `one object a line, such as {"title": "Memorandum"}`)
	}
	if kind := d.PeekKind(); kind != jsontext.KindBeginObject {
		if _, err := d.ReadValue(); err != nil {
			return bad(err)
		}
		return bad(fmt.Errorf("it begins with %s", kind))
	}
	if _, err := d.ReadToken(); err != nil {
		return bad(err)
	}
	for d.PeekKind() != jsontext.KindEndObject {
		token, err := d.ReadToken()
		if err != nil {
			return bad(err)
		}
		name, unclean := clean(token.String())
		value, err := d.ReadValue()
		switch {
		case err != nil:
			return bad(err)
		case unclean != nil:
			return members, in(unclean, fmt.Sprintf("of member %d", len(members)+1))
		case len(members) == MaxColumns:
			return members, tooManyColumns()
		case name == "":
			return members, es.Invalid("tabular.empty_heading", "a member has no name", "a name for each member")
		case slices.ContainsFunc(members, func(m member) bool { return m.name == name }):
			return members, es.Invalid("tabular.duplicate_heading", fmt.Sprintf("the member %q is there twice", name), "a name of its own for each member")
		}
		members = append(members, member{name, textOf(value)})
	}
	if _, err := d.ReadToken(); err != nil {
		return bad(err)
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return bad(errors.New("something follows it"))
	}
	return members, nil
}

func textOf(value jsontext.Value) string {
	switch value.Kind() {
	case jsontext.KindNull:
		return ""
	case jsontext.KindString:
		text, _ := jsontext.AppendUnquote(nil, value) // it has been read as valid
		return string(text)
	}
	return string(value)
}
