package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/history"
)

// words puts events into words. With a desk at hand, parties are called by their
// names.
type words struct{ desk answering }

// hidden reports whether a member of an event is shown otherwise on its line, or
// not at all: of a correction, what the event should have been.
func hidden(name string, value jsontext.Value) bool {
	return name == "as" && value.Kind() == '{' || slices.Contains([]string{"fact", "visibility", "commitment", "terms"}, name)
}

// what returns the members of an event that are neither empty nor hidden.
func (w *words) what(l history.Line) (string, error) {
	text, err := w.members(l.Record.Data, ": ", "; ")
	if err != nil {
		return "", fmt.Errorf("show %s at revision %d: %w", l.Stream, l.Revision, err)
	}
	return text, nil
}

// members puts the members of an object into words, in their order.
func (w *words) members(object jsontext.Value, colon, semicolon string) (string, error) {
	dec := jsontext.NewDecoder(strings.NewReader(string(object)))
	if _, err := dec.ReadToken(); err != nil {
		return "", err
	}
	var parts []string
	for dec.PeekKind() == '"' {
		key, err := dec.ReadToken()
		if err != nil {
			return "", err
		}
		name := key.String()
		value, err := dec.ReadValue()
		if err != nil {
			return "", err
		}
		text, err := w.value(value)
		if err != nil {
			return "", err
		}
		if text != "" && !hidden(name, value) {
			parts = append(parts, name+colon+text)
		}
	}
	return strings.Join(parts, semicolon), nil
}

// value puts a JSON value into words, "" if it is empty.
func (w *words) value(v jsontext.Value) (string, error) {
	switch v.Kind() {
	case '{':
		return w.object(v)
	case '[':
		return w.list(v)
	case '"':
		var text string
		if err := json.Unmarshal(v, &text); err != nil {
			return "", err
		}
		if kind, _, err := es.ParseStream(text); err == nil {
			return w.reference(kind, text)
		}
		return text, nil
	case 'n', 'f':
		return "", nil
	default:
		if string(v) == "0" {
			return "", nil
		}
		return string(v), nil
	}
}

func (w *words) list(v jsontext.Value) (string, error) {
	var all []jsontext.Value
	if err := json.Unmarshal(v, &all); err != nil {
		return "", err
	}
	parts := make([]string, len(all))
	for i, one := range all {
		var err error
		if parts[i], err = w.value(one); err != nil {
			return "", err
		}
	}
	return strings.Join(parts, ", "), nil
}

func (w *words) reference(kind, id string) (string, error) {
	if kind != "person" && kind != "source" && w.desk != nil {
		return w.desk.Name(id)
	}
	return short(id), nil
}

// object puts an object into words: a text or a party by its one telling
// member, others by all members that are not empty.
func (w *words) object(v jsontext.Value) (string, error) {
	var one struct {
		ID    string         `json:"id"`
		Value string         `json:"value"`
		Lang  *string        `json:"lang"`
		As    *string        `json:"as"`
		Rest  jsontext.Value `json:",unknown"`
	}
	if err := json.Unmarshal(v, &one); err == nil && string(one.Rest) == "" {
		if one.Lang != nil {
			return one.Value, nil
		}
		if kind, _, err := es.ParseStream(one.ID); err == nil && one.As != nil {
			return w.reference(kind, one.ID)
		}
	}
	return w.members(v, " ", ", ")
}
