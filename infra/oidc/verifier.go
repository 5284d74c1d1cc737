package oidc

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"github.com/google/uuid"
	"golang.org/x/time/rate"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
)

// Actor is who gives and takes the roles that a provider states.
const Actor = "oidc"

// Verifier knows whoever the provider vouches for. It is safe for concurrent use.
type Verifier struct {
	config   Config
	registry *access.Registry

	mu       sync.Mutex
	verifier *gooidc.IDTokenVerifier // once the provider was reached
}

// New returns a verifier that keeps identities in registry. The provider is
// asked for its configuration when the first token comes, so that a service
// starts without it. New fails as [Config.Validate] does.
func New(c Config, registry *access.Registry) (*Verifier, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	client := &http.Client{Timeout: 10 * time.Second}
	if c.Client != nil {
		copied := *c.Client
		client = &copied
	}
	client.Transport = sparing{cmp.Or(client.Transport, http.DefaultTransport), rate.NewLimiter(rate.Every(time.Second), 5)}
	c.Client = client
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Verifier{config: c, registry: registry}, nil
}

// Authenticate returns the identity of the subject of a JWT, made if there is
// none, with the roles that the token states now. It fails with
//
//   - [es.ErrUnauthenticated] and code oidc.bad_token if the provider has not
//     signed it, or not for this audience; also if more keys were asked for than
//     a provider has, once a second after the first five
//   - [es.ErrUnauthenticated] and code oidc.expired
//   - [es.ErrUnauthenticated] and code access.ended if the identity has ended
//   - [es.ErrDenied] and code oidc.no_role if it states no role that is mapped;
//     an identity that is there loses its roles
//   - another error if the provider cannot be reached
//
// No error repeats the token.
func (v *Verifier) Authenticate(ctx context.Context, token string) (access.Identity, error) {
	verifier, err := v.discovered(ctx)
	if err != nil {
		return access.Identity{}, fmt.Errorf("ask the provider of identities: %w", err)
	}
	var failed failure
	t, err := verifier.Verify(context.WithValue(ctx, failureKey{}, &failed), token)
	if err != nil {
		return access.Identity{}, refusal(err, failed.err)
	}
	var claims map[string]any
	if err := t.Claims(&claims); err != nil {
		return access.Identity{}, errBadToken
	}
	subject := access.Subject{Issuer: t.Issuer, ID: t.Subject}
	if subject.ID == "" || len(subject.ID) > 255 { // OpenID Connect Core 1.0, section 2
		return access.Identity{}, errBadToken
	}
	roles := v.roles(claims)
	if len(roles) == 0 {
		return access.Identity{}, v.strip(ctx, subject)
	}
	name, _ := claims["name"].(string)
	return v.registry.Adopt(ctx, Actor, subject, roles, v.named(ctx, name))
}

// strip takes the roles of a subject that states none any more, if it has an
// identity, and returns why it is refused.
func (v *Verifier) strip(ctx context.Context, s access.Subject) error {
	_, err := v.registry.BySubject(ctx, s)
	if err == nil {
		_, err = v.registry.Adopt(ctx, Actor, s, nil, nil)
	}
	if err != nil && !errors.Is(err, es.ErrNotFound) {
		return err
	}
	return es.Denied("oidc.no_role", "the provider states no role that this service knows", "one of "+strings.Join(v.known(), ", "))
}

// known returns what a provider can state, in order.
func (v *Verifier) known() []string {
	var all []string
	for name := range v.config.Roles {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

func (v *Verifier) named(ctx context.Context, name string) func(uuid.UUID) error {
	if v.config.Name == nil {
		return nil
	}
	return func(id uuid.UUID) error { return v.config.Name(ctx, id, name) }
}

// roles returns the roles that claims state, each once, in the order stated.
func (v *Verifier) roles(claims map[string]any) (roles []access.Role) {
	for _, name := range words(find(claims, v.config.RolesClaim)) {
		if role, ok := v.config.Roles[name]; ok && !slices.Contains(roles, role) {
			roles = append(roles, role)
		}
	}
	return roles
}

// find returns what stands at a path of names joined by dots. A name may have
// dots itself, as those that are URLs have; the longest name wins.
func find(claims map[string]any, path string) any {
	if found, ok := claims[path]; ok {
		return found
	}
	for at := len(path) - 1; at > 0; at-- {
		if path[at] != '.' {
			continue
		}
		if within, ok := claims[path[:at]].(map[string]any); ok {
			return find(within, path[at+1:])
		}
	}
	return nil
}

// words returns a string, or those of an array.
func words(claim any) (all []string) {
	switch claim := claim.(type) {
	case string:
		return []string{claim}
	case []any:
		for _, one := range claim {
			if text, ok := one.(string); ok {
				all = append(all, text)
			}
		}
	}
	return all
}

// discovered returns what verifies tokens, after asking the provider for its
// configuration if that was not done yet.
func (v *Verifier) discovered(ctx context.Context) (*gooidc.IDTokenVerifier, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.verifier != nil {
		return v.verifier, nil
	}
	ctx = gooidc.ClientContext(context.WithoutCancel(ctx), v.config.Client)
	provider, err := gooidc.NewProvider(ctx, v.config.Issuer)
	if err != nil {
		return nil, err
	}
	var states struct {
		Keys       string   `json:"jwks_uri"`
		Algorithms []string `json:"id_token_signing_alg_values_supported"`
	}
	if err := provider.Claims(&states); err != nil {
		return nil, err
	}
	// What is not signed, or with a secret that is shared, is nobody's word.
	weak := func(alg string) bool { return alg == "none" || strings.HasPrefix(alg, "HS") }
	v.verifier = gooidc.NewVerifier(v.config.Issuer, keys{gooidc.NewRemoteKeySet(ctx, states.Keys)}, &gooidc.Config{
		ClientID: v.config.Audience, Now: v.config.Now, SupportedSigningAlgs: slices.DeleteFunc(states.Algorithms, weak),
	})
	return v.verifier, nil
}

var errBadToken = &es.Error{
	Kind: es.ErrUnauthenticated, Code: "oidc.bad_token",
	Message: "the provider of identities has not signed this token for this service", Want: "a token of the provider, for the audience of this service",
}

// refusal returns the error of a token that could not be verified, or of keys
// that could not be fetched.
func refusal(err, fetching error) error {
	var expired *gooidc.TokenExpiredError
	switch {
	case errors.As(err, &expired):
		return &es.Error{Kind: es.ErrUnauthenticated, Code: "oidc.expired", Message: "the token has expired", Want: "a new token of the provider"}
	case fetching != nil && !errors.Is(fetching, errTooOften):
		return fmt.Errorf("ask the provider of identities: %w", fetching)
	default:
		return errBadToken
	}
}
