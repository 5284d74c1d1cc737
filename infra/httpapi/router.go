package httpapi

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
)

// unrouted answers what no handler takes: what the mux would say of it, as a
// problem.
func (a *API) unrouted(w http.ResponseWriter, r *http.Request) {
	said := &statusOnly{header: http.Header{}}
	a.mux.ServeHTTP(said, r)
	err := problem.NoRoute
	if said.status == http.StatusMethodNotAllowed {
		err = problem.BadMethod.With("Allow", said.header.Get("Allow"))
	}
	a.Refuse(w, r, err)
}

// statusOnly is a response of which only status and header are looked at.
type statusOnly struct {
	header http.Header
	status int
}

func (s *statusOnly) Header() http.Header         { return s.header }
func (s *statusOnly) WriteHeader(status int)      { s.status = status }
func (s *statusOnly) Write(p []byte) (int, error) { return len(p), nil }

// Fail returns err as an error that huma answers as package problem does. A
// handler that is registered with huma returns its errors through it.
func (a *API) Fail(err error) error {
	if err == nil {
		return nil
	}
	return &failure{err}
}

// failure has huma pass an error on to [API.transform] as it is.
type failure struct{ error }

func (f *failure) Unwrap() error { return f.error }

// GetStatus implements [huma.StatusError].
func (f *failure) GetStatus() int {
	var own *problem.Error
	var led *es.Error
	switch {
	case errors.As(f.error, &own):
		return own.Status
	case errors.As(f.error, &led):
		return led.Kind.Status()
	}
	return http.StatusInternalServerError
}

// ContentType implements [huma.ContentTypeFilter].
func (f *failure) ContentType(string) string { return problem.MediaType }

// transform makes problems of errors: those of handlers, and huma's own.
func (a *API) transform(ctx huma.Context, _ string, v any) (any, error) {
	var err error
	details := []problem.Detail{}
	switch e := v.(type) {
	case *failure:
		err = e.error
	case *huma.ErrorModel:
		err = ofStatus(e)
		for _, d := range e.Errors {
			details = append(details, problem.Detail{Pointer: pointer(d.Location), Message: d.Message, Want: problem.BadRequest.Want})
		}
	default:
		return v, nil
	}
	p, header := problem.Of(ctx.Context(), err)
	if p.Status >= http.StatusInternalServerError {
		a.cfg.Logger.ErrorContext(ctx.Context(), "request failed", "request_id", problem.RequestID(ctx.Context()), "error", err)
	}
	for name, values := range header {
		ctx.SetHeader(name, values[0])
	}
	ctx.SetHeader("Cache-Control", "no-store")
	p.Errors = append(p.Errors, details...)
	return p, nil
}

// ofStatus returns the error of the service that is meant by one of huma's.
func ofStatus(e *huma.ErrorModel) error {
	for _, own := range problem.Own() {
		if own.Status == e.Status && e.Status != http.StatusBadRequest && e.Status != http.StatusUnprocessableEntity && e.Status < 500 {
			return own
		}
	}
	if e.Status < http.StatusInternalServerError {
		c := *problem.BadRequest
		c.Status = e.Status
		return &c
	}
	return fmt.Errorf("answer: %s", e.Detail)
}

// pointer returns a place in a request, such as body.items[3].tags, as a JSON
// pointer if it is in the body; else in words, such as query limit.
func pointer(location string) string {
	rest, inBody := strings.CutPrefix(location, "body")
	if !inBody {
		return strings.Replace(location, ".", " ", 1)
	}
	return strings.NewReplacer(".", "/", "[", "/", "]", "").Replace(rest)
}

// Refuse answers err as package problem does: for handlers on [API.Mux].
func (a *API) Refuse(w http.ResponseWriter, r *http.Request, err error) {
	problem.Write(w, r, a.cfg.Logger, err)
}
