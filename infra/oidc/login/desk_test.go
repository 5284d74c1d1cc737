package login_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/oidc"
	"github.com/entente-ledger/entente/infra/oidc/login"
)

// site is a service where people log in, and its registry.
type site struct {
	*httptest.Server
	t        testing.TB
	registry *access.Registry

	mu  sync.Mutex
	now time.Duration // ahead of time
}

// newSite returns a site that believes a provider, which may need to know the site
// before.
func newSite(t testing.TB, provider func(site string) (issuer string), client oidc.Login) *site {
	t.Helper()
	s := &site{t: t}
	mux := http.NewServeMux()
	s.Server = httptest.NewTLSServer(mux)
	t.Cleanup(s.Close)
	var err error
	s.registry, err = access.OpenRegistry(t.Context(), filepath.Join(t.TempDir(), "access.db"), access.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.registry.Close()) })
	client.URL = s.URL
	cfg := oidc.Config{
		Issuer: provider(s.URL), Audience: "entente", RolesClaim: "roles", Roles: map[string]access.Role{"desk": access.RoleClerk}, Login: &client,
	}
	v, err := oidc.New(cfg, s.registry)
	require.NoError(t, err)
	d, err := login.New(login.Config{Issuer: cfg.Issuer, Login: client, Verifier: v, Account: s.registry.Account, Now: s.time})
	require.NoError(t, err)
	for pattern, do := range map[string]func(http.ResponseWriter, *http.Request) error{
		"GET /auth/login": d.Begin, "GET /auth/callback": d.End, "POST /auth/logout": d.Logout,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if err := do(w, r); err != nil {
				refuse(w, err)
			}
		})
	}
	mux.HandleFunc("/here", func(w http.ResponseWriter, r *http.Request) {
		who, found, err := d.Authenticate(r)
		switch {
		case err != nil:
			refuse(w, err)
		case found:
			_, _ = io.WriteString(w, who.ID+" "+string(who.Roles[0]))
		default:
			_, _ = io.WriteString(w, "a stranger")
		}
	})
	return s
}

func refuse(w http.ResponseWriter, err error) {
	w.WriteHeader(http.StatusForbidden)
	_, _ = io.WriteString(w, err.Error())
}

func (s *site) time() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Now().Add(s.now)
}

func (s *site) later(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now += d
}

// browser keeps cookies as browsers do.
func (s *site) browser() *http.Client {
	jar, err := cookiejar.New(nil)
	require.NoError(s.t, err)
	c := *s.Client()
	c.Jar = jar
	return &c
}

func (s *site) send(c *http.Client, method, path string, header ...string) (*http.Response, string) {
	s.t.Helper()
	if strings.HasPrefix(path, "/") {
		path = s.URL + path
	}
	r, err := http.NewRequestWithContext(s.t.Context(), method, path, nil)
	require.NoError(s.t, err)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := c.Do(r)
	require.NoError(s.t, err)
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	require.NoError(s.t, err)
	return res, string(text)
}

func newSimpleSite(t *testing.T) (*site, *provider) {
	p := newProvider(t)
	return newSite(t, func(string) string { return p.URL }, oidc.Login{ClientID: "browser", Secret: "a-secret"}), p
}

func TestLogin(t *testing.T) {
	s, p := newSimpleSite(t)
	c := s.browser()
	_, text := s.send(c, "GET", "/here")
	require.Equal(t, "a stranger", text)
	res, text := s.send(c, "GET", "/auth/login?return=/here")
	require.Equal(t, "/here", res.Request.URL.Path)
	a, err := s.registry.BySubject(t.Context(), access.Subject{Issuer: p.URL, ID: "42"})
	require.NoError(t, err)
	require.Equal(t, a.ID+" clerk", text)
	_, text = s.send(s.browser(), "GET", "/here")
	require.Equal(t, "a stranger", text, "another browser")

	_, text = s.send(c, "POST", "/here", "Origin", "https://evil.example")
	require.Contains(t, text, "oidc.foreign_site")
	_, text = s.send(c, "POST", "/auth/logout", "Sec-Fetch-Site", "cross-site")
	require.Contains(t, text, "oidc.foreign_site")
	_, text = s.send(c, "POST", "/here", "Sec-Fetch-Site", "same-origin", "Origin", s.URL)
	require.Equal(t, a.ID+" clerk", text)

	res, _ = s.send(c, "POST", "/auth/logout")
	require.Equal(t, 204, res.StatusCode)
	_, text = s.send(c, "GET", "/here")
	require.Equal(t, "a stranger", text)

	t.Run("ends_with_the_day", func(t *testing.T) {
		_, text := s.send(c, "GET", "/auth/login?return=/here")
		require.Contains(t, text, "clerk")
		s.later(8 * time.Hour)
		_, text = s.send(c, "GET", "/here")
		require.Contains(t, text, "oidc.session_ended")
	})
	t.Run("ends_with_the_identity", func(t *testing.T) {
		_, text := s.send(c, "GET", "/auth/login?return=/here")
		require.Contains(t, text, "clerk")
		require.NoError(t, s.registry.End(t.Context(), "admin", a.ID))
		_, text = s.send(c, "GET", "/here")
		require.Contains(t, text, "oidc.session_ended")
		_, text = s.send(c, "GET", "/auth/login?return=/here")
		require.Contains(t, text, "access.ended", "it stays ended, whatever the provider says")
	})
}

func TestCookies(t *testing.T) {
	s, _ := newSimpleSite(t)
	c := s.browser()
	var set []*http.Cookie
	c.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		set = append(set, r.Response.Cookies()...)
		return nil
	}
	_, text := s.send(c, "GET", "/auth/login?return=/here")
	require.Contains(t, text, "clerk")
	require.Len(t, set, 3, "the login's, its end, and the session's")
	for _, one := range set {
		require.True(t, strings.HasPrefix(one.Name, "__Host-"), one.Name)
		require.True(t, one.Secure && one.HttpOnly, one.Name)
		require.Equal(t, http.SameSiteLaxMode, one.SameSite)
		require.Equal(t, "/", one.Path)
		require.Empty(t, one.Domain)
	}
	require.Negative(t, set[1].MaxAge)
	_, text = s.send(&http.Client{Transport: c.Transport}, "GET", "/here", "Cookie", "__Host-entente-session="+set[2].Value)
	require.Contains(t, text, "clerk")
	_, text = s.send(&http.Client{Transport: c.Transport}, "GET", "/here", "Cookie", "__Host-entente-session="+set[0].Value)
	require.Contains(t, text, "oidc.session_ended", "what somebody made up")
}

func TestLoginIsRefused(t *testing.T) {
	s, p := newSimpleSite(t)
	for _, elsewhere := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "javascript:alert(1)", "docs", "/a%0Ab\n", "/ x", `\\evil`} {
		_, text := s.send(s.browser(), "GET", "/auth/login?return="+url.QueryEscape(elsewhere))
		require.Contains(t, text, "oidc.bad_return", elsewhere)
	}
	// begin returns a browser that was sent to the provider, and where to.
	begin := func() (*http.Client, *url.URL) {
		c := s.browser()
		c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		res, _ := s.send(c, "GET", "/auth/login")
		at, err := res.Location()
		require.NoError(t, err)
		return c, at
	}
	// returning is where the provider sends who comes to a place.
	returning := func(c *http.Client, at *url.URL) string {
		res, _ := s.send(c, "GET", at.String())
		return res.Header.Get("Location")
	}
	c, at := begin()
	back := returning(c, at)
	for name, wrong := range map[string]string{
		"no_state": "/auth/callback?code=x", "other_state": "/auth/callback?code=x&state=y",
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := begin()
			_, text := s.send(c, "GET", wrong)
			require.Contains(t, text, "oidc.not_begun")
		})
	}
	t.Run("other_provider", func(t *testing.T) {
		c, at := begin()
		_, text := s.send(c, "GET", strings.Replace(returning(c, at), "iss=", "iss=x", 1))
		require.Contains(t, text, "oidc.not_begun")
	})
	t.Run("other_browser", func(t *testing.T) {
		_, text := s.send(s.browser(), "GET", back)
		require.Contains(t, text, "oidc.not_begun")
		other, _ := begin()
		_, text = s.send(other, "GET", back)
		require.Contains(t, text, "oidc.not_begun")
	})
	t.Run("twice", func(t *testing.T) {
		res, _ := s.send(c, "GET", back)
		require.Equal(t, "/docs", res.Header.Get("Location"))
		_, text := s.send(c, "GET", back)
		require.Contains(t, text, "oidc.not_begun")
	})
	t.Run("made_up_code", func(t *testing.T) {
		c, at := begin()
		_, text := s.send(c, "GET", "/auth/callback?code=x&state="+at.Query().Get("state"))
		require.Contains(t, text, "oidc.not_done")
	})
	t.Run("refused_there", func(t *testing.T) {
		c, at := begin()
		_, text := s.send(c, "GET", "/auth/callback?error=access_denied&state="+at.Query().Get("state"))
		require.Contains(t, text, "oidc.not_done")
	})
	t.Run("too_late", func(t *testing.T) {
		c, at := begin()
		back := returning(c, at)
		s.later(10 * time.Minute)
		_, text := s.send(c, "GET", back)
		require.Contains(t, text, "oidc.not_begun")
	})
	t.Run("other_nonce", func(t *testing.T) {
		c, at := begin()
		back := returning(c, at)
		p.mu.Lock()
		p.nonce = "another"
		p.mu.Unlock()
		_, text := s.send(c, "GET", back)
		require.Contains(t, text, "oidc.bad_token")
	})
}

func TestProviderIsDown(t *testing.T) {
	s, p := newSimpleSite(t)
	p.Close()
	_, text := s.send(s.browser(), "GET", "/auth/login")
	require.Contains(t, text, "ask the provider")
}
