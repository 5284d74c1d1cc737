package front

import (
	"context"
	"net/http"

	"github.com/entente-ledger/entente/infra/access"
)

// Authenticator finds out who asks.
type Authenticator interface {
	// Authenticate returns who asks, [access.Anonymous] if that is allowed. It
	// fails with [es.ErrUnauthenticated].
	Authenticate(ctx context.Context, r *http.Request) (access.Identity, error)
}

type whoKey struct{}

// WithWho returns ctx with who asks.
func WithWho(ctx context.Context, who access.Identity) context.Context {
	return context.WithValue(ctx, whoKey{}, who)
}

// Who returns who asks: [access.Anonymous] if nobody was authenticated.
func Who(ctx context.Context) access.Identity {
	if who, ok := ctx.Value(whoKey{}).(access.Identity); ok {
		return who
	}
	return access.Anonymous()
}
