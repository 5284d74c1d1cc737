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
	"golang.org/x/oauth2"
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
	provider *provider // once it was reached
}

// provider is what a provider says of itself, and what verifies its tokens: those
// for the audience of the service, and those for its client.
type provider struct {
	endpoint       oauth2.Endpoint
	audience, user *gooidc.IDTokenVerifier
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
	p, err := v.discovered(ctx)
	if err != nil {
		return access.Identity{}, err
	}
	return v.adopt(ctx, p.audience, token, func(*gooidc.IDToken) bool { return true })
}

// Login returns the identity of the subject of an ID token, as [Verifier.Authenticate]
// does of other tokens, and fails likewise; with oidc.bad_token also if the token does
// not have the nonce with which the login began. The configuration must have a
// [Config.Login].
func (v *Verifier) Login(ctx context.Context, token, nonce string) (access.Identity, error) {
	p, err := v.discovered(ctx)
	if err != nil {
		return access.Identity{}, err
	}
	return v.adopt(ctx, p.user, token, func(t *gooidc.IDToken) bool { return t.Nonce == nonce && nonce != "" })
}

// Endpoint returns where the provider has people log in. It fails if the provider
// cannot be reached.
func (v *Verifier) Endpoint(ctx context.Context) (oauth2.Endpoint, error) {
	p, err := v.discovered(ctx)
	if err != nil {
		return oauth2.Endpoint{}, err
	}
	return p.endpoint, nil
}

// adopt returns the identity of a token that was verified and is good.
func (v *Verifier) adopt(
	ctx context.Context, verifier *gooidc.IDTokenVerifier, token string, good func(*gooidc.IDToken) bool,
) (access.Identity, error) {
	var failed failure
	t, err := verifier.Verify(context.WithValue(ctx, failureKey{}, &failed), token)
	if err != nil {
		return access.Identity{}, refusal(err, failed.err)
	}
	if !good(t) {
		return access.Identity{}, errBadToken
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
	who, err := v.registry.Adopt(ctx, Actor, subject, roles, v.named(ctx, name))
	who.Until = t.Expiry.UTC()
	return who, err
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

// discovered returns what the provider says of itself, after asking the provider for its
// configuration if that was not done yet.
func (v *Verifier) discovered(ctx context.Context) (*provider, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.provider != nil {
		return v.provider, nil
	}
	ctx = gooidc.ClientContext(context.WithoutCancel(ctx), v.config.Client)
	found, err := gooidc.NewProvider(ctx, v.config.Issuer)
	if err != nil {
		return nil, fmt.Errorf("ask the provider of identities: %w", err)
	}
	var states struct {
		Keys       string   `json:"jwks_uri"`
		Algorithms []string `json:"id_token_signing_alg_values_supported"`
	}
	if err := found.Claims(&states); err != nil {
		return nil, fmt.Errorf("read what the provider of identities says of itself: %w", err)
	}
	// What is not signed, or with a secret that is shared, is nobody's word.
	weak := func(alg string) bool { return alg == "none" || strings.HasPrefix(alg, "HS") }
	signed := keys{gooidc.NewRemoteKeySet(ctx, states.Keys)}
	verifies := func(audience string) *gooidc.IDTokenVerifier {
		return gooidc.NewVerifier(v.config.Issuer, signed, &gooidc.Config{
			ClientID: audience, Now: v.config.Now, SupportedSigningAlgs: slices.DeleteFunc(slices.Clone(states.Algorithms), weak),
		})
	}
	v.provider = &provider{endpoint: found.Endpoint(), audience: verifies(v.config.Audience)}
	if v.config.Login != nil {
		v.provider.user = verifies(v.config.Login.ClientID)
	}
	return v.provider, nil
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
