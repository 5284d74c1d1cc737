package httpapi

import (
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/negotiation"

	"github.com/entente-ledger/entente/infra/httpapi/problem"
)

// negotiate refuses requests that accept none of the formats which an operation
// answers in; huma itself would answer in another.
func (a *API) negotiate(ctx huma.Context, next func(huma.Context)) {
	if acceptable(ctx.Header("Accept"), ctx.Operation()) {
		next(ctx)
		return
	}
	ctx.SetHeader("Content-Type", problem.MediaType)
	failed := a.Fail(problem.NoFormat)
	p, err := a.transform(ctx, "406", failed)
	ctx.SetStatus(problem.NoFormat.Status)
	if err == nil {
		_ = a.huma.Marshal(ctx.BodyWriter(), "application/json", p) // whoever asked may be gone
	}
}

// acceptable reports whether what a request accepts (RFC 9110, section 12.5.1) has
// a format that the operation answers in when it succeeds.
func acceptable(accept string, op *huma.Operation) bool {
	if accept == "" {
		return true
	}
	for status, r := range op.Responses {
		if !strings.HasPrefix(status, "2") {
			continue
		}
		offered := slices.Collect(maps.Keys(r.Content))
		if len(offered) == 0 || negotiation.SelectQValueFast(accept, offered) != "" {
			return true
		}
	}
	return false
}
