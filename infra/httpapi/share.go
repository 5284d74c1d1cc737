package httpapi

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
)

// often is how many times a part of the description is said before it is said
// once, among the components, and referred to.
const often = 10

// shared returns a description, of either version, in which parameters and
// responses that many operations have, and what the values of many commands are, are said once.
// It is for machines: what people read, and what requests are checked by, has each
// part where it is used.
func shared(text []byte) ([]byte, error) {
	var doc map[string]any
	if err := json.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("read the description: %w", err)
	}
	components := objectIn(doc, "components")
	responses, parameters := sharing{kind: "responses"}, sharing{kind: "parameters"}
	objects := sharing{kind: "schemas"}
	schemas := objectIn(components, "schemas")
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		shareObjects(&objects, schemas[name])
	}
	paths := objectIn(doc, "paths")
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		for _, method := range slices.Sorted(maps.Keys(objectIn(paths, path))) {
			op := objectIn(objectIn(paths, path), method)
			all := objectIn(op, "responses")
			for _, status := range slices.Sorted(maps.Keys(all)) {
				if name := responseName(status, all[status]); name != "" {
					responses.use(name, all[status], func(ref any) { all[status] = ref })
				}
			}
			list, _ := op["parameters"].([]any) // none: nothing to share
			for i, one := range list {
				named, _ := one.(map[string]any)
				parameters.use(camel(fmt.Sprint(named["name"])), one, func(ref any) { list[i] = ref })
			}
		}
	}
	for _, s := range []*sharing{&responses, &parameters, &objects} {
		into := objectIn(components, s.kind)
		s.put(into)
		if len(into) > 0 {
			components[s.kind] = into
		}
	}
	return json.Marshal(doc, json.Deterministic(true))
}

// objectIn returns an object in an object, an empty one if there is none.
func objectIn(of map[string]any, name string) map[string]any {
	if m, ok := of[name].(map[string]any); ok {
		return m
	}
	return map[string]any{}
}

// values are the objects that commands hold often, by their members.
var values = map[string]string{"authority effective occurred source status": "Fact", "as id": "PartyRef", "lang value": "Text"}

// shareObjects shares the values in a schema, but for those of which something
// besides is said where they stand.
func shareObjects(s *sharing, schema any) {
	of, _ := schema.(map[string]any) // nothing in what is none
	members := objectIn(of, "properties")
	for _, name := range slices.Sorted(maps.Keys(members)) {
		shareObject(s, members[name], func(ref any) { members[name] = ref })
	}
	if items := of["items"]; items != nil {
		shareObject(s, items, func(ref any) { of["items"] = ref })
	}
}

func shareObject(s *sharing, schema any, place func(ref any)) {
	of, _ := schema.(map[string]any) // nothing in what is none
	name := values[strings.Join(slices.Sorted(maps.Keys(objectIn(of, "properties"))), " ")]
	doc, _ := of["description"].(string) // "": none
	if name == "" || doc != "" && !strings.HasPrefix(doc, name+" ") {
		shareObjects(s, schema)
		return
	}
	plain := maps.Clone(of)
	delete(plain, "description")
	s.use(name, plain, place)
}

// responseName names a response: a problem by its status, another by what it
// holds, "" if that has no name.
func responseName(status string, response any) string {
	r, _ := response.(map[string]any) // it is one
	content := objectIn(r, "content")
	if len(content) == 0 {
		return "Empty" + status
	}
	media := slices.Sorted(maps.Keys(content))[0]
	of := objectIn(objectIn(content, media), "schema")
	ref, named := of["$ref"].(string)
	if !named {
		return ""
	}
	name := camel(ref[strings.LastIndex(ref, "/")+1:])
	if !strings.HasPrefix(media, "application/problem") {
		return name + status
	}
	if name == "Problem" {
		return camel(fmt.Sprint(r["description"]))
	}
	return name
}

// camel writes words as one: Idempotency-Key is IdempotencyKey.
func camel(text string) string {
	var b strings.Builder
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune("-_. '", r) }) {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

// sharing are the uses of what can be said once.
type sharing struct {
	kind string
	all  []*said          // in the order in which they were met
	by   map[string]*said // by their text
}

// said is a part of the description, and what puts a reference in each of its
// places.
type said struct {
	name   string
	part   any
	places []func(ref any)
}

func (s *sharing) use(name string, part any, place func(ref any)) {
	text, err := json.Marshal(part, json.Deterministic(true))
	if err != nil {
		return // it was read from JSON
	}
	if s.by == nil {
		s.by = map[string]*said{}
	}
	one := s.by[string(text)]
	if one == nil {
		one = &said{name: name, part: part}
		s.by[string(text)] = one
		s.all = append(s.all, one)
	}
	one.places = append(one.places, place)
}

// put says once what was said often. Of two with one name the second gets a number.
func (s *sharing) put(into map[string]any) {
	for _, one := range s.all {
		if len(one.places) < often {
			continue
		}
		name := one.name
		for n := 2; into[name] != nil; n++ {
			name = one.name + strconv.Itoa(n)
		}
		into[name] = one.part
		for _, place := range one.places {
			place(map[string]any{"$ref": "#/components/" + s.kind + "/" + name})
		}
	}
}
