package access

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/types"
	"github.com/cedar-policy/cedar-go/x/exp/ast"
	"github.com/cedar-policy/cedar-go/x/exp/schema"
	"github.com/cedar-policy/cedar-go/x/exp/schema/resolved"
	"github.com/cedar-policy/cedar-go/x/exp/schema/validate"

	"github.com/entente-ledger/entente/domain/es"
)

// checker holds policies against [Schema].
type checker struct {
	name   string // of the file
	text   []byte
	schema *resolved.Schema
	types  *validate.Validator
}

func newChecker(name string, text []byte) (*checker, error) {
	var s schema.Schema
	s.SetFilename("schema")
	if err := s.UnmarshalCedar([]byte(Schema())); err != nil {
		return nil, fmt.Errorf("read the schema of policies: %w", err)
	}
	r, err := s.Resolve()
	if err != nil {
		return nil, fmt.Errorf("resolve the schema of policies: %w", err)
	}
	return &checker{name: name, text: text, schema: r, types: validate.New(r)}, nil
}

// check returns an error of kind [es.ErrInvalid] if the policy speaks of what
// is not there.
func (c *checker) check(id cedar.PolicyID, p *cedar.Policy) error {
	from := p.Position().Offset
	// The library does not look for values out of a closed set.
	for _, uid := range literals((*ast.Policy)(p.AST())) {
		enum, closed := c.schema.Enums[uid.Type]
		if closed && !slices.Contains(enum.Values, uid) {
			return c.bad(c.place(from, uid.String()), fmt.Sprintf("policy %s: there is no %s", id, uid))
		}
	}
	err := c.types.Policy("", (*ast.Policy)(p.AST()))
	if err == nil {
		return nil
	}
	at := from
	for _, cited := range backquoted.FindAllStringSubmatch(err.Error(), -1) {
		if at = c.place(from, cited[1]); at != from {
			break
		}
	}
	return c.bad(at, fmt.Sprintf("policy %s: %s", id, strings.ReplaceAll(err.Error(), "\n", "; ")))
}

// backquoted is what the library cites from a policy in its errors.
var backquoted = regexp.MustCompile("`([^`]+)`")

// place returns the offset of the first mention of a word after an offset, or
// that offset if there is none: parsed policies only keep where they begin.
func (c *checker) place(from int, word string) int {
	return from + max(0, bytes.Index(c.text[from:], []byte(word)))
}

// bad returns the error of what stands at an offset; columns count characters.
func (c *checker) bad(offset int, what string) error {
	before := c.text[:offset]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := 1 + utf8.RuneCount(before[1+bytes.LastIndexByte(before, '\n'):])
	return badPolicy(fmt.Sprintf("%s:%d:%d: %s", c.name, line, column, what))
}

func badPolicy(message string) error {
	return es.Invalid("access.bad_policy", message, "policies in Cedar that speak of what `entente policy schema` lists")
}

// literals returns the entities that a policy names.
func literals(p *ast.Policy) (all []types.EntityUID) {
	for _, scope := range []any{p.Principal, p.Resource} {
		switch s := scope.(type) {
		case ast.ScopeTypeEq:
			all = append(all, s.Entity)
		case ast.ScopeTypeIn:
			all = append(all, s.Entity)
		case ast.ScopeTypeIsIn:
			all = append(all, s.Entity)
		}
	}
	for _, c := range p.Conditions {
		ast.Inspect(ast.NewNode(c.Body), func(n ast.IsNode) bool {
			if v, ok := n.(ast.NodeValue); ok {
				all = appendEntities(all, v.Value)
			}
			return true
		})
	}
	return all
}

func appendEntities(all []types.EntityUID, v types.Value) []types.EntityUID {
	switch v := v.(type) {
	case types.EntityUID:
		return append(all, v)
	case types.Set:
		for one := range v.All() {
			all = appendEntities(all, one)
		}
	}
	return all
}
