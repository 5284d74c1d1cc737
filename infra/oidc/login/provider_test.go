//go:build oidc

package login_test

import (
	"bufio"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/oidc"
)

// start starts the provider in a process of its own, which sends browsers back to a
// site, and returns its URL.
func start(t *testing.T, site string) string {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil && os.Getenv("ENTENTE_CI") != "1" {
		t.Skip("there is no node to run the provider with")
	}
	require.NoError(t, err)
	dir := filepath.Join("..", "provider")
	if _, err := os.Stat(filepath.Join(dir, "node_modules")); err != nil {
		npm := exec.CommandContext(t.Context(), "npm", "ci")
		npm.Dir = dir
		out, err := npm.CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	cmd := exec.CommandContext(t.Context(), node, "provider.mjs", site) // ends with the test
	cmd.Dir, cmd.WaitDelay = dir, 10*time.Second
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	return strings.TrimSpace(line)
}

var action = regexp.MustCompile(`<form[^>]* action="([^"]+)" method="post"`)

// fill sends the form of a page, and returns the page that it leads to.
func fill(t *testing.T, c *http.Client, at *url.URL, page string, form url.Values) (*http.Response, string) {
	t.Helper()
	found := action.FindStringSubmatch(page)
	require.NotNil(t, found, page)
	to, err := at.Parse(found[1])
	require.NoError(t, err)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, to.String(), strings.NewReader(form.Encode()))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := c.Do(r)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res, string(text)
}

// TestProviderForms has somebody log in through the forms of a certified provider.
func TestProviderForms(t *testing.T) {
	issuer := ""
	s := newSite(t, func(site string) string {
		issuer = start(t, site)
		return issuer
	}, oidc.Login{ClientID: "browser", Secret: "secret", Scopes: []string{"roles"}})
	c := s.browser()
	res, page := s.send(c, "GET", "/auth/login?return=/here")
	require.True(t, strings.HasPrefix(res.Request.URL.String(), issuer+"/interaction/"), res.Request.URL)
	res, page = fill(t, c, res.Request.URL, page, url.Values{"prompt": {"login"}, "login": {"desk"}, "password": {"x"}})
	require.Equal(t, 200, res.StatusCode, page)
	res, page = fill(t, c, res.Request.URL, page, url.Values{"prompt": {"consent"}})
	require.Equal(t, s.URL+"/here", res.Request.URL.String(), page)
	a, err := s.registry.BySubject(t.Context(), access.Subject{Issuer: issuer, ID: "desk"})
	require.NoError(t, err)
	require.Equal(t, a.ID+" clerk", page)

	stranger := s.browser()
	res, page = s.send(stranger, "GET", "/auth/login?return=/here")
	res, page = fill(t, stranger, res.Request.URL, page, url.Values{"prompt": {"login"}, "login": {"somebody"}, "password": {"x"}})
	_, page = fill(t, stranger, res.Request.URL, page, url.Values{"prompt": {"consent"}})
	require.Contains(t, page, "oidc.no_role")
}
