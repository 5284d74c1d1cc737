package httpapi

import (
	"mime"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

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
	p, err := a.transform(ctx, strconv.Itoa(problem.NoFormat.Status), &failure{problem.NoFormat})
	ctx.SetStatus(problem.NoFormat.Status)
	if err == nil {
		_ = a.huma.Marshal(ctx.BodyWriter(), "application/json", p) // whoever asked may be gone
	}
}

// gate refuses whoever may not do what an operation declares, see [Asks].
func (a *API) gate(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	if err := a.permit(r, actionOf(ctx.Operation())); err != nil {
		a.Refuse(w, r, err)
		return
	}
	next(ctx)
}

// acceptable reports whether what a request accepts has a format that the
// operation answers in when it succeeds.
func acceptable(accept string, op *huma.Operation) bool {
	if accept == "" {
		return true
	}
	for status, r := range op.Responses {
		if !strings.HasPrefix(status, "2") {
			continue
		}
		for offered := range r.Content {
			if accepts(accept, offered) {
				return true
			}
		}
		if len(r.Content) == 0 {
			return true
		}
	}
	return false
}

// accepts reports whether a media type is acceptable: the most specific range that
// it is in says so (RFC 9110, section 12.5.1). Parameters other than q are passed
// over.
func accepts(accept, media string) bool {
	kind, _, _ := strings.Cut(media, "/")
	best, may := 0, false
	for part := range strings.SplitSeq(accept, ",") {
		given, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		specific := map[string]int{media: 3, kind + "/*": 2, "*/*": 1}[given]
		if specific > best {
			best, may = specific, !isZero(params["q"])
		}
	}
	return may
}

// isZero reports whether a weight says that something is not acceptable.
func isZero(q string) bool {
	weight, err := strconv.ParseFloat(q, 64)
	return err == nil && weight == 0
}
