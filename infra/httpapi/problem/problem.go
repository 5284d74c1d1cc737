package problem

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/http"

	"github.com/go-json-experiment/json"

	"github.com/entente-ledger/entente/domain/es"
)

// MediaType is that of a [Problem].
const MediaType = "application/problem+json"

// Problem is an error as RFC 9457 has it.
type Problem struct {
	Type     string `json:"type"`     // reference to the page of the error catalogue
	Title    string `json:"title"`    // the HTTP status in words
	Status   int    `json:"status"`   // the HTTP status
	Detail   string `json:"detail"`   // what is wrong, in a sentence
	Instance string `json:"instance"` // URN with the id of the request, by which the operator finds it in the log
	Code     string `json:"code"`     // what is wrong, for machines; never changes its meaning
	Want     string `json:"want"`     // what would have been right
	// Current is in the answer to a stale or missing If-Match.
	Current *es.Revision `json:"currentRevision"` // the revision the record is at, if that is what is wrong; else null
	Errors  []Detail     `json:"errors"`          // the parts of the request that are to blame
}

// Detail is one part of a request that is to blame.
type Detail struct {
	Pointer string `json:"pointer"` // JSON pointer into the body (RFC 6901); for another part of the request where it is, such as header If-Match
	Message string `json:"message"` // what is wrong with it
	Want    string `json:"want"`    // what would have been right
}

// Of returns err as a problem, and the members of the header it comes with. What
// is not an error of the ledger or of the service is internal: it says nothing of
// what went wrong. That ctx ended because whoever asked went away is [Left].
func Of(ctx context.Context, err error) (Problem, http.Header) {
	var own *Error
	var led *es.Error
	switch {
	case errors.As(err, &own):
	case errors.As(err, &led):
		own = &Error{Status: led.Kind.Status(), Code: led.Code, Message: led.Message, Field: led.Field, Want: led.Want}
		if own.Status >= http.StatusInternalServerError {
			own = &Error{Status: own.Status, Code: led.Code, Message: Internal.Message, Want: led.Want}
		}
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		own = Left
	default:
		own = Internal
	}
	p := Problem{
		Type: "/errors/" + own.Code, Title: http.StatusText(own.Status), Status: own.Status, Detail: own.Message,
		Instance: "urn:entente:request:" + RequestID(ctx), Code: own.Code, Want: own.Want, Current: own.Current, Errors: []Detail{},
	}
	if own.Field != "" {
		p.Errors = append(p.Errors, Detail{own.Field, own.Message, own.Want})
	}
	return p, own.Header
}

// Write answers err, and logs it if it is internal. Nothing must have been
// written before.
func Write(w http.ResponseWriter, r *http.Request, log *slog.Logger, err error) {
	p, header := Of(r.Context(), err)
	if p.Status >= http.StatusInternalServerError && p.Status != Busy.Status && p.Status != NotKept.Status {
		log.ErrorContext(r.Context(), "request failed", "request_id", RequestID(r.Context()), "error", err)
	}
	maps.Copy(w.Header(), header)
	Answer(w, p.Status, p)
}

// Answer writes a body that is a [Problem], or one with more members.
func Answer(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil { // of structs of strings: cannot be
		text = []byte(`{"type":"/errors/http.internal","status":500}`)
	}
	h := w.Header()
	h.Set("Content-Type", MediaType)
	h.Set("Cache-Control", "no-store")
	h.Del("ETag")
	h.Del("Content-Length")
	if status == http.StatusUnauthorized && h.Get("WWW-Authenticate") == "" {
		h.Set("WWW-Authenticate", "Bearer")
	}
	w.WriteHeader(status)
	_, _ = w.Write(text) // whoever asked may be gone
}

type requestKey struct{}

// WithRequestID returns ctx with the id of a request.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// RequestID returns the id of the request that ctx belongs to, "" if there is none.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}
