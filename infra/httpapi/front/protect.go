package front

import (
	"context"
	"net/http"
	"slices"

	"github.com/entente-ledger/entente/infra/httpapi/problem"
)

// protect tells browsers to take nothing for what it is not, to show it in no
// frame of others, and to insist on TLS where there is.
func (c Config) protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		if c.Secure {
			h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
		}
		next.ServeHTTP(w, r)
	})
}

const (
	allowedMethods = "GET, HEAD, POST, PUT"
	allowedHeaders = "Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Prefer, X-Request-Id"
	exposedHeaders = "Command-Id, ETag, Idempotency-Replayed, Ledger-Position, Link, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id"
)

// crossOrigin lets the scripts of the sites that are named ask, and read the
// answers. No site gets at cookies: a script says itself who asks.
func (c Config) crossOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(c.Origins) > 0 {
			w.Header().Add("Vary", "Origin")
		}
		origin := r.Header.Get("Origin")
		if origin == "" || !slices.Contains(c.Origins, origin) {
			next.ServeHTTP(w, r)
			return
		}
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", origin)
		h.Set("Access-Control-Expose-Headers", exposedHeaders)
		if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
			h.Set("Access-Control-Allow-Methods", allowedMethods)
			h.Set("Access-Control-Allow-Headers", allowedHeaders)
			h.Set("Access-Control-Max-Age", "600")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// refusal is where [Config.identify] puts why it is not known who asks.
type refusal struct{}

// identify finds out who asks. What is public needs nobody. Whoever is refused may
// not try as often as they like either.
func (c Config) identify(next http.Handler) http.Handler {
	refuse := c.limitRate(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err, _ := r.Context().Value(refusal{}).(error)
		c.Refused(r.Context(), err)
		problem.Write(w, r, c.Logger, err)
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c.Public(r) {
			next.ServeHTTP(w, r)
			return
		}
		who, err := c.Authenticator.Authenticate(r.Context(), r)
		if err != nil {
			refuse.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), refusal{}, err)))
			return
		}
		noted(r.Context()).who = who.ID
		next.ServeHTTP(w, r.WithContext(WithWho(r.Context(), who)))
	})
}
