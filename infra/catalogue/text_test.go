package catalogue_test

import (
	"cmp"
	"go/ast"
	"go/constant"
	"go/token"
	"regexp"
	"slices"
	"strings"
)

// unknown stands for what is not written in the source.
const unknown = "…"

// params holds what stands for the parameters of a function in the texts made
// in it: at first a mark, which a call of the function replaces.
type params map[string]string

func mark(name string) string { return "\x00" + name + "\x00" }

// formatMark stands for what a parameter makes as the format of a text.
func formatMark(name string) string { return "\x00%" + name + "\x00" }

// marked reports whether a parameter is left in a text.
func marked(s string) bool { return strings.Contains(s, "\x00") }

var conversions = []string{"string", "int", "int64"}

// text returns what an expression is as a text, with … for what is not
// written in the source.
func text(p *pkg, e ast.Expr, in params) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			return constant.StringVal(constant.MakeFromLiteral(e.Value, e.Kind, 0))
		}
		return constant.MakeFromLiteral(e.Value, e.Kind, 0).ExactString()
	case *ast.Ident:
		if value, ok := in[e.Name]; ok {
			return value
		}
		if value, ok := p.value[e.Name]; ok {
			return text(p, value, nil)
		}
	case *ast.SelectorExpr:
		if other, ok := p.all[made(e.X)]; ok {
			return text(other, e.Sel, nil)
		}
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			return text(p, e.X, in) + text(p, e.Y, in)
		}
	case *ast.CallExpr:
		switch {
		case len(e.Args) == 1 && slices.Contains(conversions, made(e.Fun)):
			return text(p, e.Args[0], in)
		case isSprintf(e.Fun):
			return format(p, e, in)
		}
	}
	return unknown
}

func isSprintf(fun ast.Expr) bool {
	sel, ok := fun.(*ast.SelectorExpr)
	return ok && made(sel.X) == "fmt" && sel.Sel.Name == "Sprintf"
}

var verb = regexp.MustCompile(`%[-+# 0]*[0-9]*(\.[0-9]+)?([a-zA-Z%])`)

// format is a call of fmt.Sprintf as a text.
func format(p *pkg, call *ast.CallExpr, in params) string {
	if id := made(call.Args[0]); in[id] == mark(id) {
		return formatMark(id)
	}
	next := 0
	return verb.ReplaceAllStringFunc(text(p, call.Args[0], in), func(v string) string {
		if v == "%%" {
			return "%"
		}
		next++
		return cmp.Or(text(p, call.Args[next], in), unknown)
	})
}
