package catalogue_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/infra/catalogue"
)

const module = "github.com/entente-ledger/entente/"

// pkg is a package of the domain as its files have it.
type pkg struct {
	path  string // import path
	name  string
	doc   string
	decls []ast.Decl        // in the order of the files' names
	of    map[string]string // types made from another of the package
	funcs map[string]*ast.FuncDecl
	value map[string]ast.Expr // constants
	typed map[string][]string // constants by the type they are declared with
	all   map[string]*pkg     // of the domain, this one too, by name
}

// packages reads the packages of the domain, by import path. Tests are left
// out.
func packages(t *testing.T) map[string]*pkg {
	t.Helper()
	all, named := map[string]*pkg{}, map[string]*pkg{}
	require.NoError(t, filepath.WalkDir("../../domain", func(dir string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() || d.Name() == "testdata" {
			return err
		}
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		require.NoError(t, err)
		var parsed []*ast.File
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
			require.NoError(t, err)
			parsed = append(parsed, f)
		}
		if len(parsed) > 0 {
			p := newPkg(module+filepath.ToSlash(strings.TrimPrefix(dir, "../../")), parsed)
			p.all = named
			all[p.path], named[p.name] = p, p
		}
		return nil
	}))
	return all
}

// sources returns what the page docs/domain.md needs of the packages.
func sources(t *testing.T, pkgs map[string]*pkg) map[string]catalogue.Source {
	t.Helper()
	all := map[string]catalogue.Source{}
	r := newRefusals(t, pkgs)
	for _, p := range pkgs {
		all[p.name] = catalogue.Source{Doc: p.doc, Commands: p.commands(), Refusals: r.of(p)}
	}
	return all
}

func newPkg(path string, files []*ast.File) *pkg {
	p := &pkg{
		path: path, of: map[string]string{}, funcs: map[string]*ast.FuncDecl{},
		value: map[string]ast.Expr{}, typed: map[string][]string{},
	}
	for _, f := range files {
		p.name = f.Name.Name
		p.doc += f.Doc.Text()
		p.decls = append(p.decls, f.Decls...)
	}
	for _, decl := range p.decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				p.funcs[d.Name.Name] = d
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				p.declare(d.Tok, spec)
			}
		}
	}
	return p
}

func (p *pkg) declare(tok token.Token, spec ast.Spec) {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		if from, ok := s.Type.(*ast.Ident); ok {
			p.of[s.Name.Name] = from.Name
		}
	case *ast.ValueSpec:
		for i, name := range s.Names {
			if tok != token.CONST || i >= len(s.Values) {
				continue
			}
			p.value[name.Name] = s.Values[i]
			if typ, ok := s.Type.(*ast.Ident); ok {
				p.typed[typ.Name] = append(p.typed[typ.Name], name.Name)
			}
		}
	}
}

// methods returns the methods of a name, by their receivers' types.
func (p *pkg) methods(name string) map[string]*ast.FuncDecl {
	all := map[string]*ast.FuncDecl{}
	for _, decl := range p.decls {
		if f, ok := decl.(*ast.FuncDecl); ok && f.Recv != nil && f.Name.Name == name {
			if recv, ok := f.Recv.List[0].Type.(*ast.Ident); ok {
				all[recv.Name] = f
			}
		}
	}
	return all
}

// types returns the names of the package's types in the order of the source.
func (p *pkg) types() []string {
	var names []string
	for _, decl := range p.decls {
		if gen, ok := decl.(*ast.GenDecl); ok && gen.Tok == token.TYPE {
			for _, spec := range gen.Specs {
				names = append(names, spec.(*ast.TypeSpec).Name.Name)
			}
		}
	}
	return names
}

// commands returns the package's commands, which are the types with a method
// event, in the order of the source, and the types that method returns.
func (p *pkg) commands() []catalogue.Command {
	var all []catalogue.Command
	events := p.methods("event")
	for _, name := range p.types() {
		f, ok := events[name]
		if !ok {
			continue
		}
		c := catalogue.Command{Type: name}
		ast.Inspect(f.Body, func(n ast.Node) bool {
			ret, ok := n.(*ast.ReturnStmt)
			if !ok {
				return true
			}
			for _, result := range ret.Results {
				if made := made(result); !slices.Contains(c.Events, made) {
					c.Events = append(c.Events, made)
				}
			}
			return false
		})
		all = append(all, c)
	}
	return all
}

// made returns the type that an expression converts to or is a literal of.
func made(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.CallExpr:
		return made(e.Fun)
	case *ast.CompositeLit:
		return made(e.Type)
	case *ast.Ident:
		return e.Name
	default:
		return ""
	}
}

// vocabularies returns the closed sets of words of the package, by type: what
// the method Words returns if it lists them, else the constants of the type.
// Sets that are not written out are left out.
func (p *pkg) vocabularies() map[string][]string {
	all := map[string][]string{}
	for name, consts := range p.typed {
		var words []string
		for _, c := range consts {
			words = append(words, text(p, p.value[c], nil))
		}
		all[name] = words
	}
	for name, f := range p.methods("Words") {
		if words, ok := literals(p, f); ok {
			all[name] = words
		}
	}
	maps.DeleteFunc(all, func(_ string, words []string) bool { return slices.Contains(words, unknown) })
	return all
}

// literals returns the words of a method that does nothing but return them.
func literals(p *pkg, f *ast.FuncDecl) ([]string, bool) {
	ret, ok := f.Body.List[0].(*ast.ReturnStmt)
	if !ok {
		return nil, false
	}
	lit, ok := ret.Results[0].(*ast.CompositeLit)
	if !ok {
		return nil, false
	}
	var words []string
	for _, e := range lit.Elts {
		words = append(words, text(p, e, nil))
	}
	return words, true
}
