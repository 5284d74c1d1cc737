// Package provenancetest reads PROV-JSON as tests want it: it takes nothing that
// breaks the rules of the format.
package provenancetest

import (
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Document is a PROV-JSON document. Members are by part ("entity",
// "wasGeneratedBy") and id.
type Document struct {
	Prefix  map[string]string
	Members map[string]map[string]map[string]any
}

// ends are what the members of a part must name, and in which part that is.
var ends = map[string]map[string]string{
	"entity":            {},
	"activity":          {},
	"agent":             {},
	"wasGeneratedBy":    {"prov:entity": "entity", "prov:activity": "activity"},
	"used":              {"prov:activity": "activity", "prov:entity": "entity"},
	"wasDerivedFrom":    {"prov:generatedEntity": "entity", "prov:usedEntity": "entity", "prov:activity": "activity"},
	"wasInvalidatedBy":  {"prov:entity": "entity", "prov:activity": "activity"},
	"specializationOf":  {"prov:specificEntity": "entity", "prov:generalEntity": "entity"},
	"wasAssociatedWith": {"prov:activity": "activity", "prov:agent": "agent"},
	"actedOnBehalfOf":   {"prov:delegate": "agent", "prov:responsible": "agent", "prov:activity": "activity"},
}

// Read reads a document. It fails if a name occurs twice, a prefix is not
// declared, a relation lacks an end or names one that is not there, or an
// instant is none.
func Read(text []byte) (Document, error) {
	d := Document{Members: map[string]map[string]map[string]any{}}
	var parts map[string]jsontext.Value
	if err := json.Unmarshal(text, &parts); err != nil {
		return d, err
	}
	for part, value := range parts {
		if part == "prefix" {
			if err := json.Unmarshal(value, &d.Prefix); err != nil {
				return d, err
			}
			continue
		}
		if ends[part] == nil {
			return d, fmt.Errorf("there is no part %q", part)
		}
		var members map[string]map[string]any
		if err := json.Unmarshal(value, &members); err != nil {
			return d, err
		}
		d.Members[part] = members
	}
	for part, members := range d.Members {
		for id, attributes := range members {
			if err := d.check(part, id, attributes); err != nil {
				return d, fmt.Errorf("%s %s: %w", part, id, err)
			}
		}
	}
	return d, nil
}

func (d Document) check(part, id string, attributes map[string]any) error {
	if err := d.declared(id); err != nil {
		return err
	}
	for attribute, in := range ends[part] {
		end, ok := attributes[attribute].(string)
		if !ok {
			return fmt.Errorf("it has no %s", attribute)
		}
		if d.Members[in][end] == nil {
			return fmt.Errorf("%s is %s, which is no %s", attribute, end, in)
		}
	}
	for attribute, value := range attributes {
		if err := d.declared(attribute); err != nil {
			return err
		}
		if err := d.value(attribute, value); err != nil {
			return fmt.Errorf("%s: %w", attribute, err)
		}
	}
	return nil
}

func (d Document) value(attribute string, value any) error {
	switch v := value.(type) {
	case []any:
		for _, one := range v {
			if err := d.value(attribute, one); err != nil {
				return err
			}
		}
	case map[string]any:
		text, _ := v["$"].(string)
		switch v["type"] {
		case "xsd:QName":
			return d.declared(text)
		case "xsd:dateTime":
			_, err := time.Parse(time.RFC3339, text)
			return err
		}
		return fmt.Errorf("%v is no literal", v)
	case string:
		if strings.HasSuffix(strings.ToLower(attribute), "time") {
			_, err := time.Parse(time.RFC3339, v)
			return err
		}
	}
	return nil
}

// declared fails if a name has no prefix, or one that is not declared. The
// underscore is that of names within the document.
func (d Document) declared(qualified string) error {
	prefix, local, ok := strings.Cut(qualified, ":")
	if !ok || local == "" || strings.ContainsAny(local, " \t\n\"<>\\^`{|}") {
		return fmt.Errorf("%q is no qualified name", qualified)
	}
	if prefix != "_" && prefix != "prov" && prefix != "xsd" && d.Prefix[prefix] == "" {
		return fmt.Errorf("the prefix of %q is not declared", qualified)
	}
	return nil
}
