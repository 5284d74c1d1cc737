package httpapi

import (
	"encoding"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// schemaOfType describes how a type is written as JSON, by the rules of the package
// that writes it: no member is left out, and lists and maps are never null.
// Structs with names are components.
func (a *API) schemaOfType(t reflect.Type) *huma.Schema {
	switch {
	case t == reflect.TypeFor[jsontext.Value]():
		return &huma.Schema{}
	case t.Implements(reflect.TypeFor[json.MarshalerTo]()), t.Implements(reflect.TypeFor[json.Marshaler]()):
		return &huma.Schema{}
	case t.Implements(reflect.TypeFor[encoding.TextMarshaler]()), t.Implements(reflect.TypeFor[encoding.TextAppender]()):
		return &huma.Schema{Type: "string"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		s := *a.schemaOfType(t.Elem())
		s.Nullable = true
		return &s
	case reflect.Bool:
		return &huma.Schema{Type: "boolean"}
	case reflect.String:
		return &huma.Schema{Type: "string"}
	case reflect.Float32, reflect.Float64:
		return &huma.Schema{Type: "number"}
	case reflect.Slice, reflect.Array:
		return &huma.Schema{Type: "array", Items: a.schemaOfType(t.Elem())}
	case reflect.Map:
		return &huma.Schema{Type: "object", AdditionalProperties: a.schemaOfType(t.Elem())}
	case reflect.Struct:
		return a.component(t)
	case reflect.Interface:
		return &huma.Schema{}
	default:
		return &huma.Schema{Type: "integer"}
	}
}

// component describes a struct once, under its name.
func (a *API) component(t reflect.Type) *huma.Schema {
	dir := t.PkgPath()[strings.LastIndex(t.PkgPath(), "/")+1:]
	name := strings.ToUpper(dir[:1]) + dir[1:] + t.Name()
	if dir == "answers" {
		name = "Answer" + t.Name()
	}
	all := a.huma.OpenAPI().Components.Schemas.Map()
	if _, ok := all[name]; !ok {
		members := map[string]*huma.Schema{}
		all[name] = &huma.Schema{} // of a type that holds itself
		a.members(t, members)
		all[name] = object(members)
	}
	return &huma.Schema{Ref: "#/components/schemas/" + name}
}

// members describes the members of a struct, with those of what it embeds.
func (a *API) members(t reflect.Type, into map[string]*huma.Schema) {
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported() && !f.Anonymous:
		case name == "" && f.Anonymous || strings.Contains(options, "inline"):
			a.members(f.Type, into)
		case name == "":
			into[f.Name] = a.schemaOfType(f.Type)
		default:
			into[name] = a.schemaOfType(f.Type)
		}
	}
}
