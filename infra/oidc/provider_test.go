//go:build oidc

package oidc_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/oidc"
)

// TestProvider believes a certified provider that runs in a process of its own.
func TestProvider(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil && os.Getenv("ENTENTE_CI") != "1" {
		t.Skip("there is no node to run the provider with")
	}
	require.NoError(t, err)
	issuer := run(t, node)
	registry, err := access.OpenRegistry(t.Context(), filepath.Join(t.TempDir(), "access.db"), access.Options{})
	require.NoError(t, err)
	defer func() { _ = registry.Close() }()
	v, err := oidc.New(oidc.Config{
		Issuer: issuer, Audience: "entente", RolesClaim: "realm_access.roles",
		Roles: map[string]access.Role{"desk": access.RoleClerk, "audit": access.RoleAuditor},
	}, registry)
	require.NoError(t, err)

	for client, role := range map[string]access.Role{"desk": access.RoleClerk, "audit": access.RoleAuditor} {
		token := fetch(t, issuer, client, "urn:entente")
		who, err := v.Authenticate(t.Context(), token)
		require.NoError(t, err)
		require.Equal(t, []access.Role{role}, who.Roles)
		again, err := v.Authenticate(t.Context(), fetch(t, issuer, client, "urn:entente"))
		require.NoError(t, err)
		require.False(t, again.Until.Before(who.Until), "when the token ends")
		again.Until = who.Until
		require.Equal(t, who, again)
		a, err := registry.BySubject(t.Context(), access.Subject{Issuer: issuer, ID: client})
		require.NoError(t, err)
		require.Equal(t, who.ID, a.ID)
		_, err = v.Authenticate(t.Context(), token[:strings.LastIndex(token, ".")+1]+"AAAA")
		requireCode(t, err, es.ErrUnauthenticated, "oidc.bad_token")
	}
	_, err = v.Authenticate(t.Context(), fetch(t, issuer, "stranger", "urn:entente"))
	requireCode(t, err, es.ErrDenied, "oidc.no_role")
	_, err = v.Authenticate(t.Context(), fetch(t, issuer, "desk", "urn:elsewhere"))
	requireCode(t, err, es.ErrUnauthenticated, "oidc.bad_token")
}

// run starts the provider, and returns its URL.
func run(t *testing.T, node string) string {
	t.Helper()
	if _, err := os.Stat(filepath.Join("provider", "node_modules")); err != nil {
		npm := exec.CommandContext(t.Context(), "npm", "ci")
		npm.Dir = "provider"
		out, err := npm.CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	cmd := exec.CommandContext(t.Context(), node, "provider.mjs") // ends with the test
	cmd.Dir, cmd.WaitDelay = "provider", 10*time.Second
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	return strings.TrimSpace(line)
}

// fetch returns a JWT that the provider gives to a client for a resource.
func fetch(t *testing.T, issuer, client, resource string) string {
	t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "resource": {resource}, "scope": {"ledger"}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, issuer+"/token", strings.NewReader(form.Encode()))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(client, "secret")
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	require.Equal(t, http.StatusOK, res.StatusCode)
	var granted struct {
		AccessToken string `json:"access_token"`
	}
	require.NoError(t, json.NewDecoder(res.Body).Decode(&granted))
	require.NotEmpty(t, granted.AccessToken)
	return granted.AccessToken
}
