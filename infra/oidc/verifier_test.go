package oidc_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/oidc"
)

// provider is a provider of identities: a server with a configuration and keys.
type provider struct {
	*httptest.Server
	asked atomic.Int32 // for its keys
	down  atomic.Bool

	mu   sync.Mutex
	keys map[string]*rsa.PrivateKey
}

func newProvider(t *testing.T) *provider {
	p := &provider{keys: map[string]*rsa.PrivateKey{}}
	p.rotate(t, "k1")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{"issuer": p.URL, "jwks_uri": p.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256", "HS256", "none"}})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		p.asked.Add(1)
		if p.down.Load() {
			http.Error(w, "down", http.StatusServiceUnavailable)
			return
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		keys := []any{}
		for id, k := range p.keys {
			keys = append(keys, map[string]any{
				"kty": "RSA", "use": "sig", "alg": "RS256", "kid": id, "n": b64(k.N.Bytes()), "e": b64(big.NewInt(int64(k.E)).Bytes()),
			})
		}
		answer(w, map[string]any{"keys": keys})
	})
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// rotate has the provider sign with a new key, and forget the others.
func (p *provider) rotate(t *testing.T, id string) {
	t.Helper()
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keys = map[string]*rsa.PrivateKey{id: k}
}

type claims map[string]any

// claims are those of a token that is accepted, changed.
func (p *provider) claims(change claims) claims {
	c := claims{
		"iss": p.URL, "aud": "entente", "sub": "42", "name": "Mira Koval", "exp": start.Add(time.Hour).Unix(), "iat": start.Unix(),
		"realm_access": claims{"roles": []string{"desk", "unknown", "desk"}},
	}
	for name, v := range change {
		if c[name] = v; v == nil {
			delete(c, name)
		}
	}
	return c
}

func body(header, payload claims) string {
	h, _ := json.Marshal(header)
	c, _ := json.Marshal(payload)
	return b64(h) + "." + b64(c)
}

// sign returns a JWT signed with RS256 (RFC 7515).
func (p *provider) sign(t *testing.T, change claims) string {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, k := range p.keys {
		return signed(t, id, k, p.claims(change))
	}
	return ""
}

func signed(t *testing.T, id string, k *rsa.PrivateKey, payload claims) string {
	t.Helper()
	text := body(claims{"alg": "RS256", "kid": id}, payload)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, k, crypto.SHA256, sum[:])
	require.NoError(t, err)
	return text + "." + b64(signature)
}

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

type desk struct {
	*provider
	*oidc.Verifier
	registry *access.Registry
	now      *atomic.Int64 // seconds after start
	named    *sync.Map
}

func newDesk(t *testing.T) desk {
	d := desk{provider: newProvider(t), now: &atomic.Int64{}, named: &sync.Map{}}
	clock := func() time.Time { return start.Add(time.Duration(d.now.Load()) * time.Second) }
	var err error
	d.registry, err = access.OpenRegistry(t.Context(), filepath.Join(t.TempDir(), "access.db"), access.Options{Now: clock})
	require.NoError(t, err)
	t.Cleanup(func() { _ = d.registry.Close() })
	d.Verifier, err = oidc.New(oidc.Config{
		Issuer: d.URL, Audience: "entente", RolesClaim: "realm_access.roles", Now: clock,
		Roles: map[string]access.Role{"desk": access.RoleClerk, "audit": access.RoleAuditor},
		Name: func(_ context.Context, id uuid.UUID, name string) error {
			if name == "unsayable" {
				return errors.New("the vault is closed")
			}
			d.named.Store("id-"+id.String(), name)
			return nil
		},
	}, d.registry)
	require.NoError(t, err)
	return d
}

func requireCode(t *testing.T, err error, kind es.Kind, code string) {
	t.Helper()
	require.ErrorIs(t, err, kind)
	require.ErrorIs(t, err, &es.Error{Code: code})
}

func TestAuthenticate(t *testing.T) {
	d := newDesk(t)
	first, err := d.Authenticate(t.Context(), d.sign(t, nil))
	require.NoError(t, err)
	require.Equal(t, []access.Role{access.RoleClerk}, first.Roles)
	name, _ := d.named.Load(first.ID)
	require.Equal(t, "Mira Koval", name)
	t.Run("same_subject_same_identity", func(t *testing.T) {
		again, err := d.Authenticate(t.Context(), d.sign(t, claims{"name": "Other", "aud": []string{"x", "entente"}}))
		require.NoError(t, err)
		require.Equal(t, first, again)
		name, _ := d.named.Load(first.ID)
		require.Equal(t, "Mira Koval", name)
	})
	t.Run("other_subject_other_identity", func(t *testing.T) {
		other, err := d.Authenticate(t.Context(), d.sign(t, claims{"sub": "43"}))
		require.NoError(t, err)
		require.NotEqual(t, first.ID, other.ID)
	})
	t.Run("roles_follow_the_claim", func(t *testing.T) {
		d.now.Add(60)
		got, err := d.Authenticate(t.Context(), d.sign(t, claims{"realm_access": claims{"roles": "audit"}}))
		require.NoError(t, err)
		require.Equal(t, []access.Role{access.RoleAuditor}, got.Roles)
		a, err := d.registry.Account(t.Context(), first.ID)
		require.NoError(t, err)
		require.Equal(t, []access.Role{access.RoleClerk}, a.At(start).Roles)
		require.Equal(t, oidc.Actor, a.Holdings[0].Taken.By)
	})
	t.Run("no_role_left", func(t *testing.T) {
		for _, roles := range []any{nil, claims{}, claims{"roles": []any{1, "unknown"}}, "desk", claims{"roles": claims{"desk": true}}} {
			_, err := d.Authenticate(t.Context(), d.sign(t, claims{"realm_access": roles}))
			requireCode(t, err, es.ErrDenied, "oidc.no_role")
		}
		a, err := d.registry.Account(t.Context(), first.ID)
		require.NoError(t, err)
		require.Empty(t, a.Now().Roles)
		_, err = d.Authenticate(t.Context(), d.sign(t, claims{"sub": "stranger", "realm_access": nil}))
		requireCode(t, err, es.ErrDenied, "oidc.no_role")
		_, err = d.registry.BySubject(t.Context(), access.Subject{Issuer: d.URL, ID: "stranger"})
		require.ErrorIs(t, err, es.ErrNotFound, "no identity for whoever may do nothing")
	})
	t.Run("no_name_no_identity", func(t *testing.T) {
		_, err := d.Authenticate(t.Context(), d.sign(t, claims{"sub": "44", "name": "unsayable"}))
		require.ErrorContains(t, err, "the vault is closed")
		_, err = d.registry.BySubject(t.Context(), access.Subject{Issuer: d.URL, ID: "44"})
		require.ErrorIs(t, err, es.ErrNotFound)
	})
	t.Run("ended", func(t *testing.T) {
		require.NoError(t, d.registry.End(t.Context(), "id-admin", first.ID))
		for _, roles := range []any{claims{"roles": "desk"}, nil} {
			_, err := d.Authenticate(t.Context(), d.sign(t, claims{"realm_access": roles}))
			requireCode(t, err, es.ErrUnauthenticated, "access.ended")
		}
	})
}

func TestRefused(t *testing.T) {
	d := newDesk(t)
	good := d.sign(t, nil)
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	parts := strings.Split(good, ".")
	shared := body(claims{"alg": "HS256", "kid": "k1"}, d.claims(nil))
	mac := hmac.New(sha256.New, []byte("secret"))
	mac.Write([]byte(shared))
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	sum := sha256.Sum256([]byte("x"))
	es256, err := ecdsa.SignASN1(rand.Reader, curve, sum[:])
	require.NoError(t, err)
	for name, token := range map[string]string{
		"nothing":            "",
		"not_a_jwt":          "ent_abc",
		"cut":                good[:len(good)-8],
		"other_payload":      parts[0] + "." + strings.Split(d.sign(t, claims{"sub": "1"}), ".")[1] + "." + parts[2],
		"not_signed":         body(claims{"alg": "none"}, d.claims(nil)) + ".",
		"shared_secret":      shared + "." + b64(mac.Sum(nil)),
		"other_algorithm":    body(claims{"alg": "ES256", "kid": "k1"}, d.claims(nil)) + "." + b64(es256),
		"key_of_a_stranger":  signed(t, "k1", stranger, d.claims(nil)),
		"other_issuer":       d.sign(t, claims{"iss": "https://login.example"}),
		"other_audience":     d.sign(t, claims{"aud": "someone-else"}),
		"no_audience":        d.sign(t, claims{"aud": nil}),
		"not_yet":            d.sign(t, claims{"nbf": start.Add(time.Hour).Unix()}),
		"no_subject":         d.sign(t, claims{"sub": nil}),
		"subject_beyond_255": d.sign(t, claims{"sub": strings.Repeat("s", 256)}),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := newDeskOf(t, d).Authenticate(t.Context(), token)
			requireCode(t, err, es.ErrUnauthenticated, "oidc.bad_token")
			require.Zero(t, got)
			if len(token) > 10 {
				require.NotContains(t, err.Error(), token[len(token)-10:])
			}
		})
	}
	t.Run("expired", func(t *testing.T) {
		_, err := d.Authenticate(t.Context(), good)
		require.NoError(t, err)
		d.now.Store(3601)
		_, err = d.Authenticate(t.Context(), good)
		requireCode(t, err, es.ErrUnauthenticated, "oidc.expired")
		d.now.Store(0)
	})
	t.Run("never_expires", func(t *testing.T) {
		_, err := d.Authenticate(t.Context(), d.sign(t, claims{"exp": nil}))
		requireCode(t, err, es.ErrUnauthenticated, "oidc.expired")
	})
}

// newDeskOf returns another verifier of the same provider, which was asked
// nothing yet.
func newDeskOf(t *testing.T, d desk) *oidc.Verifier {
	t.Helper()
	v, err := oidc.New(oidc.Config{
		Issuer: d.URL, Audience: "entente", RolesClaim: "realm_access.roles", Now: func() time.Time { return start },
		Roles: map[string]access.Role{"desk": access.RoleClerk},
	}, d.registry)
	require.NoError(t, err)
	return v
}

func TestKeys(t *testing.T) {
	t.Run("rotated", func(t *testing.T) {
		d := newDesk(t)
		old := d.sign(t, nil)
		_, err := d.Authenticate(t.Context(), old)
		require.NoError(t, err)
		d.rotate(t, "k2")
		_, err = d.Authenticate(t.Context(), d.sign(t, nil))
		require.NoError(t, err, "a key that was not there before")
		require.Eventually(t, func() bool { // the library keeps the new keys after it has used them
			_, err = d.Authenticate(t.Context(), old)
			return err != nil
		}, 10*time.Second, time.Millisecond)
		requireCode(t, err, es.ErrUnauthenticated, "oidc.bad_token")
	})
	t.Run("asked_rarely_for_keys_that_are_made_up", func(t *testing.T) {
		d := newDesk(t)
		stranger, err := rsa.GenerateKey(rand.Reader, 2048)
		require.NoError(t, err)
		good := d.sign(t, nil)
		_, err = d.Authenticate(t.Context(), good)
		require.NoError(t, err)
		for range 50 {
			_, err := d.Authenticate(t.Context(), signed(t, uuid.NewString(), stranger, d.claims(nil)))
			requireCode(t, err, es.ErrUnauthenticated, "oidc.bad_token")
		}
		require.LessOrEqual(t, d.asked.Load(), int32(8))
		_, err = d.Authenticate(t.Context(), good)
		require.NoError(t, err, "nobody else is hindered")
	})
	t.Run("provider_down", func(t *testing.T) {
		d := newDesk(t)
		d.down.Store(true)
		_, err := d.Authenticate(t.Context(), d.sign(t, nil))
		require.ErrorContains(t, err, "ask the provider of identities")
		require.NotErrorIs(t, err, es.ErrUnauthenticated, "it is not the token's fault")
		d.down.Store(false)
		_, err = d.Authenticate(t.Context(), d.sign(t, nil))
		require.NoError(t, err)
		gone := newDesk(t)
		gone.Close()
		_, err = gone.Authenticate(t.Context(), d.sign(t, nil))
		require.ErrorContains(t, err, "ask the provider of identities")
	})
}

func TestRolesClaim(t *testing.T) {
	d := newDesk(t)
	for path, payload := range map[string]claims{
		"roles":                     {"roles": "desk"},
		"a.b.c":                     {"a": claims{"b": claims{"c": []string{"desk"}}}},
		"https://x.example/roles":   {"https://x.example/roles": []string{"desk"}},
		"https://x.example/a.roles": {"https://x.example/a": claims{"roles": "desk"}},
	} {
		v, err := oidc.New(oidc.Config{
			Issuer: d.URL, Audience: "entente", RolesClaim: path, Now: func() time.Time { return start },
			Roles: map[string]access.Role{"desk": access.RoleReader},
		}, d.registry)
		require.NoError(t, err)
		got, err := v.Authenticate(t.Context(), d.sign(t, payload))
		require.NoError(t, err, path)
		require.Equal(t, []access.Role{access.RoleReader}, got.Roles)
	}
}

func TestConfig(t *testing.T) {
	path := filepath.Join(t.TempDir(), oidc.File)
	_, found, err := oidc.Load(path)
	require.NoError(t, err)
	require.False(t, found)
	write := func(text string) (oidc.Config, error) {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		c, found, err := oidc.Load(path)
		require.True(t, found)
		return c, err
	}
	c, err := write(`{"issuer":"https://login.example/realm","audience":"entente","rolesClaim":"roles","roles":{"staff":"reader"}}`)
	require.NoError(t, err)
	require.Equal(t, map[string]access.Role{"staff": access.RoleReader}, c.Roles)
	for name, text := range map[string]string{
		"no_json": `issuer: x`, "unknown_member": `{"issuers":"x"}`,
		"on_the_way":   `{"issuer":"http://login.example","audience":"a","rolesClaim":"r","roles":{"s":"reader"}}`,
		"no_issuer":    `{"audience":"a","rolesClaim":"r","roles":{"s":"reader"}}`,
		"no_audience":  `{"issuer":"https://l","rolesClaim":"r","roles":{"s":"reader"}}`,
		"no_claim":     `{"issuer":"https://l","audience":"a","roles":{"s":"reader"}}`,
		"no_roles":     `{"issuer":"https://l","audience":"a","rolesClaim":"r","roles":{}}`,
		"anonymous":    `{"issuer":"https://l","audience":"a","rolesClaim":"r","roles":{"s":"anonymous"}}`,
		"unknown_role": `{"issuer":"https://l","audience":"a","rolesClaim":"r","roles":{"s":"boss"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := write(text)
			requireCode(t, err, es.ErrInvalid, "oidc.bad_config")
		})
	}
	_, err = oidc.New(oidc.Config{}, nil)
	requireCode(t, err, es.ErrInvalid, "oidc.bad_config")
}
