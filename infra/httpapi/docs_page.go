package httpapi

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// overview is the page that lists the operations.
type overview struct {
	Title string
	About []string
	Tags  []tagged
}

type tagged struct {
	Name, Description string
	Operations        []operation
}

// operation is the page of one.
type operation struct {
	ID, Method, Path, Summary string
	About                     []string
	Parameters                []*huma.Param
	Bodies                    []body
	Answers                   []outcome
}

type body struct {
	Media   string
	Members []member
	Example string
}

// member is one of a body, with its path: fact.source.id, texts[].lang.
type member struct{ Path, Type, Description, Words string }

type outcome struct{ Status, Description string }

// overview lists all operations of the description by their tags.
func (a *API) overview() overview {
	doc := a.huma.OpenAPI()
	o := overview{Title: doc.Info.Title + " " + doc.Info.Version, About: paragraphs(doc.Info.Description)}
	for _, tag := range doc.Tags {
		t := tagged{Name: tag.Name, Description: tag.Description}
		for op := range a.operations {
			if slices.Contains(op.Tags, tag.Name) {
				t.Operations = append(t.Operations, operation{ID: op.OperationID, Method: op.Method, Path: op.Path, Summary: op.Summary})
			}
		}
		if len(t.Operations) > 0 {
			o.Tags = append(o.Tags, t)
		}
	}
	return o
}

// operations yields those of the description, by path and then by method.
func (a *API) operations(yield func(*huma.Operation) bool) {
	paths := a.huma.OpenAPI().Paths
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		item := paths[path]
		for _, op := range []*huma.Operation{item.Get, item.Put, item.Post, item.Delete} {
			if op != nil && !yield(op) {
				return
			}
		}
	}
}

// operation returns the page of the one with an id.
func (a *API) operation(id string) (operation, bool) {
	for op := range a.operations {
		if op.OperationID != id {
			continue
		}
		o := operation{
			ID: id, Method: op.Method, Path: op.Path, Summary: cmp.Or(op.Summary, id), About: paragraphs(op.Description), Parameters: op.Parameters,
		}
		if op.RequestBody != nil {
			for _, media := range slices.Sorted(maps.Keys(op.RequestBody.Content)) {
				o.Bodies = append(o.Bodies, a.body(media, op.RequestBody.Content[media]))
			}
		}
		for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
			o.Answers = append(o.Answers, outcome{status, op.Responses[status].Description})
		}
		return o, true
	}
	return operation{}, false
}

func (a *API) body(media string, m *huma.MediaType) body {
	b := body{Media: media}
	if m.Schema != nil {
		b.members("", a.resolve(m.Schema))
	}
	switch e := m.Example.(type) {
	case nil:
	case string:
		b.Example = e
	default:
		if text, err := json.Marshal(e, jsontext.WithIndent("  ")); err == nil {
			b.Example = string(text)
		}
	}
	return b
}

// resolve follows a reference to a component.
func (a *API) resolve(s *huma.Schema) *huma.Schema {
	if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
		return a.huma.OpenAPI().Components.Schemas.Map()[name]
	}
	return s
}

func (b *body) members(path string, s *huma.Schema) {
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		one := s.Properties[name]
		m := member{Path: path + name, Type: one.Type, Description: one.Description}
		for one.Items != nil {
			m.Path, one = m.Path+"[]", one.Items
			m.Type = cmp.Or(one.Type, m.Type)
			m.Description = cmp.Or(m.Description, one.Description)
		}
		var words []string
		for _, w := range one.Enum {
			words = append(words, fmt.Sprint(w))
		}
		m.Words = strings.Join(words, ", ")
		b.Members = append(b.Members, m)
		b.members(m.Path+".", one)
	}
}

// paragraphs are those of a text, without the marks of Markdown.
func paragraphs(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.NewReplacer("**", "", "`", "").Replace(text), "\n\n")
}
