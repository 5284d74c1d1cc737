package bundle

import (
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/history"
)

// pair is a member of an event: where in it, and what it says.
type pair struct{ Name, Value string }

// said returns the members of an event that are not empty.
func said(data []byte) ([]pair, error) {
	var all []pair
	err := members("", data, func(p pair) { all = append(all, p) })
	return all, err
}

// members calls use with the members of a JSON value that are not empty.
func members(name string, v jsontext.Value, use func(pair)) error {
	dec := jsontext.NewDecoder(strings.NewReader(string(v)))
	switch v.Kind() {
	case '{', '[':
		_, err := dec.ReadToken()
		for n := 1; err == nil && dec.PeekKind() != '}' && dec.PeekKind() != ']'; n++ {
			inner := strconv.Itoa(n)
			if v.Kind() == '{' {
				var key jsontext.Token
				if key, err = dec.ReadToken(); err != nil {
					return err
				}
				inner = key.String()
			}
			var value jsontext.Value
			if value, err = dec.ReadValue(); err == nil {
				err = members(strings.TrimSpace(name+" "+inner), value.Clone(), use)
			}
		}
		return err
	case '"':
		text, err := jsontext.AppendUnquote(nil, v)
		if len(text) > 0 {
			use(pair{name, string(text)})
		}
		return err
	case 'n', 'f':
		return nil
	default:
		if string(v) != "0" {
			use(pair{name, string(v)})
		}
		return nil
	}
}

func rowOf(n int, l history.Line) (row, error) {
	pairs, err := said(l.Record.Data)
	return row{
		Line: l, Event: eventFile(n), Receipt: receiptFile(n), Recorded: es.FormatInstant(l.Recorded), Known: es.FormatInstant(l.Known),
		Occurred: l.Occurred.String(), Effective: l.Effective.String(), Status: l.Status.String(), Source: citation(l.Source), Said: pairs,
	}, err
}

func citation(c terms.Citation) string { return strings.TrimSpace(string(c.ID) + " " + c.Locator) }

// summary is what the events say, taken together, of an agreement.
type summary struct {
	memorandum.Description
	Exists      bool
	InForce     edtf.Truth
	InForceFrom edtf.Date
	Phases      []memorandum.Span
	Parts       []memorandum.Span
}

// summary folds the events of the subject; nil if that is no agreement.
func (t told) summary() (*summary, error) {
	kind, _, _ := strings.Cut(t.Subject, "-")
	if kind != "memorandum" {
		return nil, nil //nolint:nilnil // nil is no agreement
	}
	fold := ledger.Fold(kind)
	for l, err := range t.lines(t.Subject) {
		if err != nil {
			return nil, err
		}
		fold.Add(l.Revision, l.Event)
	}
	s, ok := fold.State().(*memorandum.State)
	if !ok {
		return nil, nil //nolint:nilnil // nil is no agreement
	}
	entry, _ := s.Entry()
	return &summary{s.Describe(), s.Exists(), entry.Met, entry.From, s.Phases(), s.Parts()}, nil
}
