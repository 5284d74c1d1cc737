package httpapi

import (
	"encoding"
	"errors"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/entente-ledger/entente/domain/es"
)

var errNoExample = errors.New("no example could be made of it")

// candidates are tried in order for a value that checks its own text.
var candidates = []string{
	"2026-03-01", "P1Y6M", "en", "sdg:11", "EUR", "IT", "1200", "public",
	"party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55", "network-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e56",
	"person-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e57", "source-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e58",
	"memorandum-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e59", "0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e5a",
	strings.Repeat("5e", 32),
}

// plain are examples of texts that are free, by the member they are in.
var plain = map[string]string{
	"name": "Comune di Ancona", "value": "Comune di Ancona", "title": "Partnership of port cities", "reason": "as the minutes say", "locator": "page 3",
	"key": "first", "mediaType": "application/pdf", "url": "https://register.example/entry/7",
}

// Example returns a payload of a command of an aggregate with every member, made
// from its Go type: what the strict decoder takes. It does not say that the ledger
// would record it, as what it refers to need not exist.
func Example(kind es.Aggregate, d es.Definition) jsontext.Value {
	e := example{kind: kind}
	e.value(d.Type, "")
	return jsontext.Value(e.text)
}

type example struct {
	kind es.Aggregate
	text []byte
}

func (e *example) quoted(s string) {
	e.text, _ = jsontext.AppendQuote(e.text, s) // of valid UTF-8
}

func (e *example) value(t reflect.Type, member string) {
	if text, ok := textFor(t); ok {
		e.quoted(text)
		return
	}
	switch t.Kind() {
	case reflect.Struct:
		e.object(t)
	case reflect.Slice, reflect.Array:
		e.text = append(e.text, '[')
		e.value(t.Elem(), member)
		e.text = append(e.text, ']')
	case reflect.Pointer:
		e.value(t.Elem(), member)
	case reflect.Interface:
		e.event(t)
	case reflect.Bool:
		e.text = append(e.text, "false"...)
	case reflect.String:
		text, ok := plain[member]
		if !ok {
			text = "as agreed"
		}
		e.quoted(text)
	default:
		e.text = append(e.text, '1')
	}
}

func (e *example) object(t reflect.Type) {
	e.text = append(e.text, '{')
	e.members(t)
	e.text = append(e.text, '}')
}

// members adds those of a struct, and of what is embedded in it without a name.
func (e *example) members(t reflect.Type) {
	for field := range t.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case !field.IsExported() || name == "-":
			continue
		case name == "" && field.Anonymous:
			e.members(field.Type)
			continue
		case name == "":
			name = field.Name
		}
		if e.text[len(e.text)-1] != '{' {
			e.text = append(e.text, ',')
		}
		e.quoted(name)
		e.text = append(e.text, ':')
		e.value(field.Type, name)
	}
}

// event is what a correction holds: an event of the same aggregate that holds none
// itself.
func (e *example) event(iface reflect.Type) {
	for _, d := range e.kind.Events {
		if !d.Type.Implements(iface) || nests(d.Type, iface) {
			continue
		}
		e.text = append(e.text, `{"type":`...)
		e.quoted(d.Name)
		e.text = append(e.text, `,"data":`...)
		e.value(d.Type, "")
		e.text = append(e.text, '}')
		return
	}
}

func nests(t, iface reflect.Type) bool {
	for field := range t.Fields() {
		if field.Type == iface {
			return true
		}
	}
	return false
}

// textFor returns a text that a type with a check of its own takes: one of its
// words, or a candidate.
func textFor(t reflect.Type) (string, bool) {
	v := reflect.New(t).Interface()
	text, ok := v.(encoding.TextUnmarshaler)
	if !ok {
		return "", false
	}
	all := candidates
	if w, ok := v.(interface{ Words() []string }); ok {
		all = append([]string{"recorded"}, w.Words()...) // the usual status, if it is one
	}
	for _, c := range all {
		if text.UnmarshalText([]byte(c)) == nil {
			return c, true
		}
	}
	return "", false
}
