// Package catalogue describes the commands and events of the ledger for people
// and machines: a line each, JSON Schemas, and the page docs/events.md.
//
// The words are those of the doc comments in the domain. They are extracted
// into descriptions.json by the package's test with -update, and checked by it
// otherwise.
package catalogue

import (
	_ "embed"
	"fmt"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/invopop/jsonschema"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
)

//go:embed descriptions.json
var descriptions []byte

// Catalogue describes what the ledger stores and does.
type Catalogue struct {
	comments map[string]string // by import path, type and field
	Commands []es.Definition   // by name
	Events   []es.Definition   // by name
}

// New returns the catalogue of the aggregates of this version.
func New() (*Catalogue, error) {
	c := &Catalogue{}
	if err := json.Unmarshal(descriptions, &c.comments); err != nil {
		return nil, fmt.Errorf("read descriptions: %w", err)
	}
	for _, a := range ledger.Aggregates() {
		c.Events = append(c.Events, a.Events...)
		if a.Kind != "ledger" {
			c.Commands = append(c.Commands, a.Commands...)
		}
	}
	return c, nil
}

// Meaning returns what a command or event is for, in one or more sentences.
func (c *Catalogue) Meaning(d es.Definition) string {
	return c.comments[d.Type.PkgPath()+"."+d.Type.Name()]
}

// Summary returns the first sentence of [Catalogue.Meaning] without the name
// it begins with.
func (c *Catalogue) Summary(d es.Definition) string {
	sentence, _, _ := strings.Cut(c.Meaning(d), ". ")
	sentence = strings.TrimPrefix(sentence, d.Type.Name()+" ")
	return strings.TrimSuffix(sentence, ".")
}

// Command returns the definition of a command, or fails with [es.ErrInvalid].
func (c *Catalogue) Command(name string) (es.Definition, error) {
	for _, d := range c.Commands {
		if d.Name == name {
			return d, nil
		}
	}
	return es.Definition{}, es.Invalid("ledger.unknown_command", fmt.Sprintf("there is no command %.80q", name),
		"one of those that `entente commands` lists")
}

// words is implemented by values of a closed vocabulary.
type words interface{ Words() []string }

// Schema returns the JSON Schema (2020-12) of a command's payload or of an
// event's data. Members may be left out of a command where their zero value is
// meant; unknown members are errors.
func (c *Catalogue) Schema(d es.Definition) *jsonschema.Schema {
	r := jsonschema.Reflector{
		DoNotReference: true, ExpandedStruct: true, RequiredFromJSONSchemaTags: true, Anonymous: true,
		CommentMap: c.comments, Mapper: c.schemaOf,
	}
	s := r.ReflectFromType(d.Type)
	s.Title, s.Description = d.Name, c.Meaning(d)
	return s
}

// schemaOf is the schema of values that check their own text, and of an event
// within a correction.
func (c *Catalogue) schemaOf(t reflect.Type) *jsonschema.Schema {
	v := reflect.New(t).Interface()
	_, text := v.(interface{ UnmarshalText([]byte) error })
	w, closed := v.(words)
	switch {
	case t.Kind() == reflect.Interface:
		return &jsonschema.Schema{Type: "object", Description: "an event: its type, schema and data"}
	case !text:
		return nil
	}
	s := &jsonschema.Schema{Type: "string", Description: c.comments[t.PkgPath()+"."+t.Name()]}
	if closed {
		for _, word := range w.Words() {
			s.Enum = append(s.Enum, word)
		}
	}
	return s
}
