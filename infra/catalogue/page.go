package catalogue

import (
	"fmt"
	"reflect"
	"strings"
)

// EventsPage returns docs/events.md: every stored event with its schema,
// members and meaning.
func (c *Catalogue) EventsPage() string {
	var b strings.Builder
	b.WriteString("# Events\n\nGenerated from the registry and the comments in the code by `make golden`; do not edit.\n\n" +
		"What is stored is JSON with exactly these members, in this order. " +
		"A type and schema, once released, are never changed; a new schema comes with an upcast. " +
		"A date is a string in EDTF (see design.md), empty if it is not known; an id is that of a stream, kind and UUID.\n")
	kind := ""
	for _, d := range c.Events {
		if k, _, _ := strings.Cut(d.Name, "."); k != kind {
			kind = k
			fmt.Fprintf(&b, "\n## %s\n", kind)
		}
		fmt.Fprintf(&b, "\n### %s\n\nSchema %d. %s\n\n", d.Name, d.Schema, c.Meaning(d))
		b.WriteString("| member | type | meaning |\n|---|---|---|\n")
		c.members(&b, d.Type, "")
	}
	b.WriteString("\n## Values\n\nObjects that events have in common.\n")
	for _, t := range c.values() {
		fmt.Fprintf(&b, "\n### %s\n\n%s\n\n| member | type | meaning |\n|---|---|---|\n", typeName(t), c.comments[t.PkgPath()+"."+baseName(t)])
		c.members(&b, t, "")
	}
	return b.String()
}

// members writes a line for each member of a struct, those of embedded structs
// in their place.
func (c *Catalogue) members(b *strings.Builder, t reflect.Type, prefix string) {
	for f := range t.Fields() {
		tag := f.Tag.Get("json")
		if tag == "" {
			c.members(b, f.Type, prefix)
			continue
		}
		meaning := c.comments[t.PkgPath()+"."+baseName(t)+"."+f.Name]
		if meaning == "" && f.Type.Kind() != reflect.Struct { // structs are described below
			meaning = c.comments[f.Type.PkgPath()+"."+baseName(f.Type)]
		}
		fmt.Fprintf(b, "| `%s%s` | %s | %s |\n", prefix, tag, c.describe(f.Type), strings.ReplaceAll(meaning, "|", "\\|"))
	}
}

// describe names the JSON type of a member.
func (c *Catalogue) describe(t reflect.Type) string {
	v := reflect.New(t).Interface()
	if w, ok := v.(words); ok {
		return "one of `" + strings.Join(quoteEmpty(w.Words()), "`, `") + "`"
	}
	if _, ok := v.(interface{ UnmarshalText([]byte) error }); ok {
		return "string: " + typeName(t)
	}
	switch t.Kind() {
	case reflect.Slice:
		return "array of " + c.describe(t.Elem())
	case reflect.Pointer:
		return c.describe(t.Elem()) + " or null"
	case reflect.Struct:
		return "[" + typeName(t) + "](#" + strings.ToLower(strings.ReplaceAll(typeName(t), ".", "")) + ")"
	case reflect.Interface:
		return "object of `type`, `schema`, `data`"
	case reflect.Bool:
		return "boolean"
	case reflect.String:
		return "string"
	default:
		return "integer"
	}
}

func quoteEmpty(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		if w == "" {
			w = " "
		}
		out[i] = w
	}
	return out
}

// values returns the struct types that events refer to, in the order in which
// they are met.
func (c *Catalogue) values() []reflect.Type {
	var found []reflect.Type
	seen := map[reflect.Type]bool{}
	var visit func(t reflect.Type, top bool)
	visit = func(t reflect.Type, top bool) {
		if t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer {
			visit(t.Elem(), false)
			return
		}
		_, text := reflect.New(t).Interface().(interface{ UnmarshalText([]byte) error })
		if t.Kind() != reflect.Struct || text || seen[t] {
			return
		}
		if !top {
			seen[t] = true
			found = append(found, t)
		}
		for f := range t.Fields() {
			visit(f.Type, f.Tag.Get("json") == "")
		}
	}
	for _, d := range c.Events {
		visit(d.Type, true)
	}
	return found
}

// baseName is a type's name without type parameters.
func baseName(t reflect.Type) string {
	name, _, _ := strings.Cut(t.Name(), "[")
	return name
}

func typeName(t reflect.Type) string {
	if t.PkgPath() == "" {
		return t.String()
	}
	return t.PkgPath()[strings.LastIndex(t.PkgPath(), "/")+1:] + "." + baseName(t)
}
