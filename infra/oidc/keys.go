package oidc

import (
	"context"
	"errors"
	"net/http"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/time/rate"
)

// keys are the keys of the provider, fetched again when a token names one that
// is not among them.
type keys struct{ remote gooidc.KeySet }

// failure is where [keys] says that they could not be fetched: the library says
// only that no signature was verified.
type failure struct{ err error }

type failureKey struct{}

// VerifySignature returns the payload of a JWT that the provider has signed.
func (k keys) VerifySignature(ctx context.Context, jwt string) ([]byte, error) {
	payload, err := k.remote.VerifySignature(ctx, jwt)
	// A signature that is wrong has no cause; keys that cannot be had have one.
	if f, ok := ctx.Value(failureKey{}).(*failure); ok && errors.Unwrap(err) != nil {
		f.err = err
	}
	return payload, err
}

// errTooOften is a token with a new key, after several others: whoever makes
// keys up must not have us ask the provider for each.
var errTooOften = errors.New("the provider was asked too often")

// sparing is a transport that asks rarely.
type sparing struct {
	base  http.RoundTripper
	limit *rate.Limiter
}

func (s sparing) RoundTrip(r *http.Request) (*http.Response, error) {
	if !s.limit.Allow() {
		return nil, errTooOften
	}
	return s.base.RoundTrip(r)
}
