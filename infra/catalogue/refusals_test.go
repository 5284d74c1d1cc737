package catalogue_test

import (
	"go/ast"
	"go/parser"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/catalogue"
)

// errorKinds are the names of the kinds of error in package es.
var errorKinds = map[string]es.Kind{
	"ErrInvalid": es.ErrInvalid, "ErrRejected": es.ErrRejected, "ErrReused": es.ErrReused, "ErrNotFound": es.ErrNotFound,
	"ErrConflict": es.ErrConflict, "ErrNewer": es.ErrNewer, "ErrCorrupt": es.ErrCorrupt,
}

// refusals finds the errors that the source makes: literals of es.Error, and
// calls of functions that put their parameters into one, as es.Rejected does.
type refusals struct {
	t     *testing.T
	pkgs  map[string]*pkg // by import path
	makes map[*ast.FuncDecl][]catalogue.Refusal
}

func newRefusals(t *testing.T, pkgs map[string]*pkg) *refusals {
	return &refusals{t: t, pkgs: pkgs, makes: map[*ast.FuncDecl][]catalogue.Refusal{}}
}

// of returns the errors of a package, each once, in the order of the source.
func (r *refusals) of(p *pkg) []catalogue.Refusal {
	var all []catalogue.Refusal
	for _, decl := range p.decls {
		var found []catalogue.Refusal
		if f, ok := decl.(*ast.FuncDecl); ok {
			found = r.in(p, f)
		} else {
			found = r.find(p, decl, nil)
		}
		for _, e := range found {
			if e.Kind != 0 && !leftOpen(e) && !slices.Contains(all, e) {
				require.NotContains(r.t, e.Code, unknown, "%s: the code of an error is not constant", p.path)
				all = append(all, e)
			}
		}
	}
	return all
}

// leftOpen reports whether a call of the function around e completes it.
func leftOpen(e catalogue.Refusal) bool { return marked(e.Code) || marked(e.Message) || marked(e.Want) }

// in returns the errors of a function, with marks where its parameters stand.
func (r *refusals) in(p *pkg, f *ast.FuncDecl) []catalogue.Refusal {
	found, ok := r.makes[f]
	if !ok && f.Body != nil {
		r.makes[f] = nil // what calls itself adds nothing
		var in params
		if f.Recv == nil { // a method is not looked for where it is called
			in = marks(nil, f.Type)
		}
		found = r.find(p, f.Body, in)
		r.makes[f] = found
	}
	return found
}

// marks returns outer with marks for those parameters of a function that can
// be a part of a text as they are.
func marks(outer params, f *ast.FuncType) params {
	in := params{}
	maps.Copy(in, outer)
	for _, field := range f.Params.List {
		for _, name := range field.Names {
			if slices.Contains(conversions, made(field.Type)) {
				in[name.Name] = mark(name.Name)
			}
		}
	}
	return in
}

func names(f *ast.FuncType) []string {
	var all []string
	for _, field := range f.Params.List {
		for _, name := range field.Names {
			all = append(all, name.Name)
		}
	}
	return all
}

// closure is a function within another, with the errors it makes.
type closure struct {
	typ   *ast.FuncType
	makes []catalogue.Refusal
}

// find returns the errors below a node, with marks where parameters stand.
func (r *refusals) find(p *pkg, node ast.Node, in params) []catalogue.Refusal {
	var all []catalogue.Refusal
	closures := map[string]closure{}
	ast.Inspect(node, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			lit, ok := n.Rhs[0].(*ast.FuncLit)
			name := made(n.Lhs[0])
			if !ok || name == "" {
				return true
			}
			closures[name] = closure{lit.Type, r.find(p, lit.Body, marks(in, lit.Type))}
			all = append(all, slices.DeleteFunc(slices.Clone(closures[name].makes), leftOpen)...)
			return false
		case *ast.CompositeLit:
			if isError(p, n.Type) {
				all = append(all, literal(p, n, in))
			}
		case *ast.CallExpr:
			if c, ok := closures[made(n.Fun)]; ok {
				all = append(all, complete(p, c.makes, names(c.typ), n, in)...)
			} else if q, f := r.callee(p, n.Fun); f != nil {
				all = append(all, complete(p, r.in(q, f), names(f.Type), n, in)...)
			}
		}
		return true
	})
	return all
}

// isError reports whether a type is es.Error.
func isError(p *pkg, typ ast.Expr) bool {
	switch typ := typ.(type) {
	case *ast.Ident:
		return p.name == "es" && typ.Name == "Error"
	case *ast.SelectorExpr:
		return made(typ.X) == "es" && typ.Sel.Name == "Error"
	default:
		return false
	}
}

// literal reads a literal of es.Error. One of which the kind is not written is
// left out.
func literal(p *pkg, lit *ast.CompositeLit, in params) catalogue.Refusal {
	var e catalogue.Refusal
	for _, elt := range lit.Elts {
		kv := elt.(*ast.KeyValueExpr)
		switch made(kv.Key) {
		case "Kind":
			name := made(kv.Value)
			if sel, ok := kv.Value.(*ast.SelectorExpr); ok {
				name = sel.Sel.Name
			}
			e.Kind = errorKinds[name]
		case "Code":
			e.Code = text(p, kv.Value, in)
		case "Message":
			e.Message = text(p, kv.Value, in)
		case "Want":
			e.Want = text(p, kv.Value, in)
		}
	}
	return e
}

// callee returns the function of the domain that is called, nil if it is none.
func (r *refusals) callee(p *pkg, fun ast.Expr) (*pkg, *ast.FuncDecl) {
	switch fun := fun.(type) {
	case *ast.Ident:
		return p, p.funcs[fun.Name]
	case *ast.SelectorExpr:
		if q := r.pkgs[module+"domain/"+made(fun.X)]; q != nil {
			return q, q.funcs[fun.Sel.Name]
		}
	}
	return nil, nil
}

// complete returns the errors that a function makes of its parameters, with
// what a call gives for them.
func complete(p *pkg, makes []catalogue.Refusal, names []string, call *ast.CallExpr, in params) []catalogue.Refusal {
	var all []catalogue.Refusal
	for _, e := range makes {
		if !leftOpen(e) {
			continue
		}
		for i, name := range names {
			arg := unknown
			if i < len(call.Args) {
				arg = text(p, call.Args[i], in)
			}
			formatted := verb.ReplaceAllString(arg, unknown)
			replace := strings.NewReplacer(mark(name), arg, formatMark(name), formatted).Replace
			e.Code, e.Message, e.Want = replace(e.Code), replace(e.Message), replace(e.Want)
		}
		all = append(all, e)
	}
	return all
}

func TestRefusals(t *testing.T) {
	pkgs := packages(t)
	r := newRefusals(t, pkgs)
	has := func(name string, want catalogue.Refusal) {
		t.Helper()
		require.Contains(t, r.of(pkgs[module+"domain/"+name]), want)
	}
	has("memorandum", catalogue.Refusal{
		Kind: es.ErrRejected, Code: "memorandum.not_invited", Message: "only an invited party may sign or consent",
		Want: "the party invited first (`memorandum.invite`), or an agreement that is open to any party",
	})
	has("memorandum", catalogue.Refusal{Kind: es.ErrNotFound, Code: "memorandum.unknown", Message: "there is no such agreement"})
	has("memorandum", catalogue.Refusal{
		Kind: es.ErrInvalid, Code: "memorandum.bad_terms", Message: "a share is outside 0 to 100 %", Want: "hundredths of a percent, 0 to 10000",
	})
	has("grant", catalogue.Refusal{
		Kind: es.ErrInvalid, Code: "grant.bad_amount", Message: "the amount is out of range", Want: "1 to 1000000000000000 minor units",
	})
	has("grant", catalogue.Refusal{
		Kind: es.ErrInvalid, Code: "grant.bad_key", Message: "… is not a key",
		Want: "lower-case letters, digits and single hyphens, at most 64 bytes",
	})
	has("terms", catalogue.Refusal{Kind: es.ErrInvalid, Code: "terms.bad_word", Message: "… is not allowed here", Want: "one of …"})
	has("es", catalogue.Refusal{Kind: es.ErrInvalid, Code: "es.bad_append", Message: "a stream's name has … bytes; at most … are allowed"})
	has("es", catalogue.Refusal{
		Kind: es.ErrConflict, Code: "es.conflict", Message: "… is at revision …, not …", Want: "read it again and decide on what is there now",
	})
}

func TestText(t *testing.T) {
	p := newPkg("", nil)
	for source, want := range map[string]string{
		`"a" + b + "c"`:                       "a…c",
		`string("in_force")`:                  "in_force",
		`int64(1_000)`:                        "1000",
		`fmt.Sprintf("%d %% of %.80q", 5, b)`: "5 % of …",
	} {
		e, err := parser.ParseExpr(source)
		require.NoError(t, err)
		require.Equal(t, want, text(p, e, nil), source)
	}
}

// TestEveryRefusalIsFound checks that no code of an error in the source is
// missing, whatever function it is handed to.
func TestEveryRefusalIsFound(t *testing.T) {
	pkgs := packages(t)
	r := newRefusals(t, pkgs)
	found := map[string]bool{}
	for path, p := range pkgs {
		for _, e := range r.of(p) {
			found[e.Code] = true
			require.NotEmpty(t, e.Message, "%s: %s", path, e.Code)
		}
	}
	codes := 0
	for _, p := range pkgs {
		for _, decl := range p.decls {
			ast.Inspect(decl, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || len(call.Args) == 0 || !slices.Contains([]string{"Invalid", "Rejected", "NotFound", "ReadKey"}, called(call)) {
					return true
				}
				if code, ok := call.Args[0].(*ast.BasicLit); ok {
					require.Contains(t, found, text(p, code, nil))
					codes++
				}
				return true
			})
		}
	}
	require.Greater(t, codes, len(found)/2)
}

// called returns the name of the function or method that is called.
func called(call *ast.CallExpr) string {
	if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
		return sel.Sel.Name
	}
	return made(call.Fun)
}
