package answers

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Fields are the members of an object that are not empty, as JSON, by their
// paths: members of members, and of lists each element by the id, party or key
// that it has, else by its place: "parties[party-UUID].name".
type Fields map[string]string

// Paths returns the paths in their order.
func (f Fields) Paths() []string { return slices.Sorted(maps.Keys(f)) }

// Differing returns those of paths that have another value in g.
func (f Fields) Differing(g Fields, paths []string) []string {
	return slices.DeleteFunc(slices.Clone(paths), func(path string) bool { return f[path] == g[path] })
}

// Changed returns the paths, in their order, that have another value in g, or none
// in one of the two.
func (f Fields) Changed(g Fields) []string {
	both := slices.Concat(f.Paths(), g.Paths())
	slices.Sort(both)
	return f.Differing(g, slices.Compact(both))
}

// JSON returns the value of a field, null if it is empty.
func (f Fields) JSON(path string) jsontext.Value { return jsontext.Value(cmp.Or(f[path], "null")) }

// Text returns the value of a field as people read it, "" if it is empty.
func (f Fields) Text(path string) string {
	var text string
	if json.Unmarshal(f.JSON(path), &text) == nil {
		return text
	}
	return f[path]
}

// Add adds a value at a path, "" for the whole object. What follows from the
// question and not from the facts, the date as of which and what was recorded
// later, is left out. It fails if v is no JSON.
func (f Fields) Add(path string, v jsontext.Value) error {
	var members map[string]jsontext.Value
	var elements []jsontext.Value
	var err error
	switch v.Kind() {
	case '{':
		err = json.Unmarshal(v, &members)
	case '[':
		err = json.Unmarshal(v, &elements)
	default:
		if text := string(v); text != `""` && text != "null" {
			f[path] = text
		}
	}
	for name, one := range members {
		if name != "asOf" && name != "recordedLater" {
			err = cmp.Or(err, f.Add(strings.TrimPrefix(path+"."+name, "."), one))
		}
	}
	times := map[string]int{}
	for i, one := range elements {
		key := cmp.Or(keyOf(one), strconv.Itoa(i))
		if times[key]++; times[key] > 1 {
			key += "#" + strconv.Itoa(times[key])
		}
		err = cmp.Or(err, f.Add(path+"["+key+"]", one))
	}
	return err
}

// keyOf is the id, party or key of an element of a list, or "".
func keyOf(v jsontext.Value) string {
	type id struct {
		ID string `json:"id"`
	}
	var members map[string]jsontext.Value
	_ = json.Unmarshal(v, &members) // not an object: it has none
	for _, name := range []string{"id", "party", "key"} {
		var text string
		var whole id
		_, _ = json.Unmarshal(members[name], &text), json.Unmarshal(members[name], &whole)
		if text = cmp.Or(text, whole.ID); text != "" {
			return text
		}
	}
	return ""
}
