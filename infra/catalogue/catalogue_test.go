package catalogue_test

import (
	"flag"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/infra/catalogue"
)

var update = flag.Bool("update", false, "write generated files instead of checking them")

// TestDescriptions checks that descriptions.json has the doc comments of the
// domain, and that docs/events.md and docs/domain.md follow from them.
func TestDescriptions(t *testing.T) {
	c, err := catalogue.New()
	require.NoError(t, err)
	pkgs := packages(t)
	words, used := comments(pkgs), types(c)
	for key := range words {
		name, _, _ := strings.Cut(strings.TrimPrefix(key, module), ".")
		typ, _, _ := strings.Cut(strings.TrimPrefix(key, module+name+"."), ".")
		if !used[module+name+"."+typ] {
			delete(words, key)
		}
	}
	got, err := json.Marshal(words, json.Deterministic(true), jsontext.WithIndent("  "))
	require.NoError(t, err)
	compare(t, "descriptions.json", string(got)+"\n")
	compare(t, "../../docs/events.md", c.EventsPage())
	page, err := c.DomainPage(sources(t, pkgs))
	require.NoError(t, err)
	compare(t, "../../docs/domain.md", page)
}

// types returns the names of all types that commands and events are made of.
func types(c *catalogue.Catalogue) map[string]bool {
	seen := map[string]bool{}
	var visit func(t reflect.Type)
	visit = func(t reflect.Type) {
		switch t.Kind() {
		case reflect.Slice, reflect.Pointer:
			visit(t.Elem())
			return
		}
		name, _, _ := strings.Cut(t.Name(), "[")
		if t.PkgPath() == "" || seen[t.PkgPath()+"."+name] {
			return
		}
		seen[t.PkgPath()+"."+name] = true
		if t.Kind() == reflect.Struct {
			for f := range t.Fields() {
				visit(f.Type)
			}
		}
	}
	for _, d := range slices.Concat(c.Commands, c.Events) {
		visit(d.Type)
	}
	return seen
}

func compare(t *testing.T, file, want string) {
	t.Helper()
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(want), 0o644))
	}
	got, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, want, string(got), "out of date: run make golden")
}

func TestEveryNameHasAMeaning(t *testing.T) {
	c, err := catalogue.New()
	require.NoError(t, err)
	for _, d := range append(c.Commands, c.Events...) {
		require.NotEmpty(t, c.Meaning(d), d.Name)
	}
}

func TestSchema(t *testing.T) {
	c, err := catalogue.New()
	require.NoError(t, err)
	sign, err := c.Command("memorandum.sign")
	require.NoError(t, err)
	data, err := json.Marshal(c.Schema(sign))
	require.NoError(t, err)
	var s struct {
		Properties map[string]struct {
			Properties map[string]struct {
				Enum []string `json:"enum"`
			} `json:"properties"`
		} `json:"properties"`
		Additional bool `json:"additionalProperties"`
	}
	require.NoError(t, json.Unmarshal(data, &s))
	require.False(t, s.Additional)
	require.Contains(t, s.Properties, "party")
	require.Contains(t, s.Properties["fact"].Properties["status"].Enum, "announced")
	for _, d := range c.Commands {
		require.NotNil(t, c.Schema(d), d.Name)
	}
	_, err = c.Command("memorandum.sing")
	require.ErrorContains(t, err, "there is no command")
}

// comments returns the doc comments of the domain's types and of their fields,
// by import path, type and field. A type made from another of its package has
// that one's fields.
func comments(pkgs map[string]*pkg) map[string]string {
	all := map[string]string{}
	for path, p := range pkgs {
		for _, decl := range p.decls {
			describe(decl, path, all)
		}
		for name, origin := range p.of {
			for key, text := range all {
				if field, ok := strings.CutPrefix(key, path+"."+origin+"."); ok {
					all[path+"."+name+"."+field] = text
				}
			}
		}
	}
	return all
}

func describe(decl ast.Decl, path string, all map[string]string) {
	gen, ok := decl.(*ast.GenDecl)
	if !ok || gen.Tok != token.TYPE {
		return
	}
	for _, spec := range gen.Specs {
		s := spec.(*ast.TypeSpec)
		if !s.Name.IsExported() {
			continue
		}
		doc := s.Doc
		if doc == nil {
			doc = gen.Doc
		}
		key := path + "." + s.Name.Name
		put(all, key, doc)
		typ, ok := s.Type.(*ast.StructType)
		if !ok {
			continue
		}
		for _, field := range typ.Fields.List {
			for _, name := range field.Names {
				if name.IsExported() {
					put(all, key+"."+name.Name, field.Doc)
					put(all, key+"."+name.Name, field.Comment)
				}
			}
		}
	}
}

func put(all map[string]string, key string, doc *ast.CommentGroup) {
	if text := strings.Join(strings.Fields(doc.Text()), " "); text != "" {
		all[key] = text
	}
}
