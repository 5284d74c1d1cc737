package login

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/oidc"
)

// The cookies. The prefix has browsers take them only over TLS, or from this
// machine, for this host alone, and from no other path (RFC 6265bis, section 4.1.3).
const (
	sessionCookie = "__Host-entente-session"
	loginCookie   = "__Host-entente-login"
)

const (
	sessionTime = 8 * time.Hour // a day's work
	loginTime   = 10 * time.Minute
)

// Config is what a [Desk] rests on. Now, nil for [time.Now], and Client, nil for one
// that waits 10 s, are not required.
type Config struct {
	Issuer   string // of the provider
	Login    oidc.Login
	Verifier *oidc.Verifier // whose configuration has this login
	// Account returns what is known of an identity, see [access.Registry.Account].
	Account func(ctx context.Context, id string) (access.Account, error)
	Client  *http.Client
	Now     func() time.Time
}

// Desk is where people log in and out. It is safe for concurrent use.
type Desk struct {
	cfg      Config
	box      box
	sessions sessions
	origin   *http.CrossOriginProtection
}

// New returns a desk at which nobody is logged in.
func New(cfg Config) (*Desk, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Client == nil {
		cfg.Client = &http.Client{Timeout: 10 * time.Second}
	}
	b, err := newBox()
	if err != nil {
		return nil, err
	}
	d := &Desk{cfg: cfg, box: b, sessions: sessions{by: map[[32]byte]session{}}, origin: http.NewCrossOriginProtection()}
	if err := d.origin.AddTrustedOrigin(cfg.Login.URL); err != nil {
		return nil, fmt.Errorf("trust the service's own origin: %w", err)
	}
	return d, nil
}

// What a login fails with.
var (
	errNotBegun = unauthenticated("oidc.not_begun", "this login did not begin in this browser, or too long ago", "/auth/login")
	errNotDone  = unauthenticated("oidc.not_done", "the provider of identities did not log you in", "/auth/login, and a login at the provider")
	errNoReturn = es.Invalid("oidc.bad_return", "a login leads to a path of this service only", "a path such as /docs").At("query return")
	errEnded    = unauthenticated("oidc.session_ended", "the session has ended", "/auth/login")
	errForeign  = es.Denied("oidc.foreign_site", "another web site asks in your place", "a request of this service's own pages, or a token")
)

func unauthenticated(code, message, want string) error {
	return &es.Error{Kind: es.ErrUnauthenticated, Code: code, Message: message, Want: want}
}

func (d *Desk) client(at oauth2.Endpoint) *oauth2.Config {
	return &oauth2.Config{
		ClientID: d.cfg.Login.ClientID, ClientSecret: d.cfg.Login.Secret, Endpoint: at,
		RedirectURL: d.cfg.Login.URL + "/auth/callback", Scopes: append([]string{"openid"}, d.cfg.Login.Scopes...),
	}
}

// Begin sends a browser to the provider. The parameter return is the path that it
// comes back to, /docs if it is left out. It fails with [es.ErrInvalid] and code
// oidc.bad_return if that is elsewhere, and with another error if the provider
// cannot be reached.
func (d *Desk) Begin(w http.ResponseWriter, r *http.Request) error {
	back, err := ownPath(r.URL.Query().Get("return"))
	if err != nil {
		return err
	}
	at, err := d.cfg.Verifier.Endpoint(r.Context())
	if err != nil {
		return err
	}
	l := begun{rand.Text(), rand.Text(), oauth2.GenerateVerifier(), back, d.cfg.Now().Add(loginTime)}
	sealed, err := d.box.seal(l)
	if err != nil {
		return err
	}
	setCookie(w, loginCookie, sealed, loginTime)
	http.Redirect(w, r, d.client(at).AuthCodeURL(l.State, oauth2.S256ChallengeOption(l.Verifier), oauth2.SetAuthURLParam("nonce", l.Nonce)), http.StatusSeeOther)
	return nil
}

// ownPath returns where a login leads, if that is a path of this service whatever a
// browser makes of it.
func ownPath(path string) (string, error) {
	if path == "" {
		return "/docs", nil
	}
	u, err := url.Parse(path)
	if err != nil || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || u.Host != "" || u.Scheme != "" ||
		strings.ContainsFunc(path, func(c rune) bool { return c == '\\' || c <= ' ' || c >= 0x7f }) {
		return "", errNoReturn
	}
	return path, nil
}

// End takes a browser back from the provider: it begins a session, and sends the
// browser to where the login was to lead. It fails with [es.ErrUnauthenticated] if the
// login did not begin in this browser, or the provider does not vouch for anybody,
// and as [oidc.Verifier.Login] does.
func (d *Desk) End(w http.ResponseWriter, r *http.Request) error {
	cookie, err := r.Cookie(loginCookie)
	if err != nil {
		return errNotBegun
	}
	setCookie(w, loginCookie, "", -time.Second)
	l, ok := d.box.open(cookie.Value)
	said := r.URL.Query()
	if !ok || !d.cfg.Now().Before(l.Until) || subtle.ConstantTimeCompare([]byte(l.State), []byte(said.Get("state"))) != 1 {
		return errNotBegun
	}
	if iss := said.Get("iss"); iss != "" && iss != d.cfg.Issuer { // RFC 9207
		return errNotBegun
	}
	if said.Get("error") != "" || said.Get("code") == "" {
		return errNotDone
	}
	who, err := d.redeem(r.Context(), said.Get("code"), l)
	if err != nil {
		return err
	}
	if before, err := r.Cookie(sessionCookie); err == nil {
		d.sessions.end(before.Value)
	}
	now := d.cfg.Now()
	setCookie(w, sessionCookie, d.sessions.begin(session{who.ID, now.Add(sessionTime)}, now), sessionTime)
	http.Redirect(w, r, l.Return, http.StatusSeeOther)
	return nil
}

// redeem returns the identity that a code of the provider stands for.
func (d *Desk) redeem(ctx context.Context, code string, l begun) (access.Identity, error) {
	at, err := d.cfg.Verifier.Endpoint(ctx)
	if err != nil {
		return access.Identity{}, err
	}
	t, err := d.client(at).Exchange(context.WithValue(ctx, oauth2.HTTPClient, d.cfg.Client), code, oauth2.VerifierOption(l.Verifier))
	if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok && refused.Response.StatusCode < http.StatusInternalServerError {
		return access.Identity{}, errNotDone
	}
	if err != nil {
		return access.Identity{}, errors.New("redeem a code at the provider of identities") // the cause has the answer of the provider in it
	}
	id, _ := t.Extra("id_token").(string)
	return d.cfg.Verifier.Login(ctx, id, l.Nonce)
}

// Authenticate returns who is logged in with the browser that asks, or found false
// if it has no session's cookie. It fails with [es.ErrUnauthenticated] and code
// oidc.session_ended if the session or the identity has ended, and with
// [es.ErrDenied] and code oidc.foreign_site if another web site has the browser change
// something ([http.CrossOriginProtection]).
func (d *Desk) Authenticate(r *http.Request) (who access.Identity, found bool, err error) {
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return access.Identity{}, false, nil //nolint:nilerr // it has none
	}
	if d.origin.Check(r) != nil {
		return access.Identity{}, true, errForeign
	}
	one, ok := d.sessions.of(cookie.Value, d.cfg.Now())
	if !ok {
		return access.Identity{}, true, errEnded
	}
	a, err := d.cfg.Account(r.Context(), one.identity)
	if err != nil {
		return access.Identity{}, true, err
	}
	if !a.Ended.At.IsZero() {
		d.sessions.end(cookie.Value)
		return access.Identity{}, true, errEnded
	}
	who = a.Now()
	who.Until = one.until
	return who, true, nil
}

// Logout ends the session of the browser that asks; that at the provider goes on.
// It fails as [Desk.Authenticate] does if another web site asks.
func (d *Desk) Logout(w http.ResponseWriter, r *http.Request) error {
	if d.origin.Check(r) != nil {
		return errForeign
	}
	if cookie, err := r.Cookie(sessionCookie); err == nil {
		d.sessions.end(cookie.Value)
	}
	setCookie(w, sessionCookie, "", -time.Second)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// setCookie sets a cookie for some time, or deletes it.
func setCookie(w http.ResponseWriter, name, value string, keep time.Duration) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(keep.Seconds()), Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}
