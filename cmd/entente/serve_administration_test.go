package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/infra/access"
)

// get asks as somebody, and reads the answer into a value.
func (s *hosted) get(who, path string, into any) {
	s.t.Helper()
	res, text := s.ask("GET", path, "", "Authorization", who)
	require.Equal(s.t, 200, res.StatusCode, text)
	require.NoError(s.t, json.Unmarshal([]byte(text), into), text)
}

// post sends JSON as somebody, and reads the answer into a value unless that is nil.
func (s *hosted) post(who, path, body string, status int, into any) {
	s.t.Helper()
	res, text := s.ask("POST", path, body, "Authorization", who, "Content-Type", "application/json")
	require.Equal(s.t, status, res.StatusCode, text)
	if into != nil {
		require.NoError(s.t, json.Unmarshal([]byte(text), into), text)
	}
}

type accessPage struct {
	Items []struct{ Seq, Who, Action, Outcome, Stream, Command, Reason, Request any }
	Next  string
}

func TestServeAdministration(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	who := people(t, data, map[string]access.Grants{
		"admin": {Roles: []access.Role{access.RoleAdministrator}}, "auditor": {Roles: []access.Role{access.RoleAuditor}},
	})
	s := serveLedger(t, data)
	admin, auditor := who["admin"], who["auditor"]

	var made struct {
		ID, Name string
		Roles    []string
	}
	const name = "Mira Canary"
	s.post(admin, "/v1/identities", `{"roles":["clerk"],"name":"`+name+`"}`, 201, &made)
	require.Equal(t, []string{"clerk"}, made.Roles)
	require.Empty(t, made.Name, "the vault has it")
	expires := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	var issued struct{ Token, Prefix string }
	s.post(admin, "/v1/tokens", `{"identity":"`+made.ID+`","expires":"`+expires+`"}`, 201, &issued)

	clerk := "Bearer " + issued.Token
	var me struct {
		ID, Sees, Until string
		Roles           []string
	}
	s.get(clerk, "/v1/me", &me)
	require.Equal(t, made.ID, me.ID)
	require.Equal(t, "internal", me.Sees)
	until, err := time.Parse(time.RFC3339, me.Until)
	require.NoError(t, err)
	require.Equal(t, expires, until.Format(time.RFC3339))

	s.post(admin, "/v1/identities/"+made.ID+"/grant", `{"roles":["approver"]}`, 200, &made)
	require.Equal(t, []string{"clerk", "approver"}, made.Roles)
	s.get(clerk, "/v1/me", &me)
	require.Equal(t, []string{"clerk", "approver"}, me.Roles, "at once")
	s.post(admin, "/v1/identities/"+made.ID+"/revoke", `{"roles":["clerk"]}`, 200, &made)
	require.Equal(t, []string{"approver"}, made.Roles)

	for path, body := range map[string]string{
		"/v1/identities": `{"roles":["king"]}`, "/v1/tokens": `{"identity":"` + made.ID + `","expires":"tomorrow"}`,
		"/v1/identities/" + made.ID + "/grant": `{"rolls":["clerk"]}`,
	} {
		s.post(admin, path, body, 400, nil)
	}
	s.post(admin, "/v1/tokens", `{"identity":"`+made.ID+`","expires":"2020-01-01T00:00:00Z"}`, 400, nil)
	s.post(admin, "/v1/identities/id-x/end", ``, 404, nil)
	s.post(clerk, "/v1/identities", `{"roles":["registrar"]}`, 403, nil)
	s.post(auditor, "/v1/identities", `{"roles":["registrar"]}`, 403, nil)

	var identities struct {
		Items []struct{ ID string }
		Next  string
	}
	s.get(admin, "/v1/identities?limit=2", &identities)
	require.Len(t, identities.Items, 2)
	s.get(admin, "/v1/identities?limit=2&cursor="+identities.Next, &identities)
	require.Len(t, identities.Items, 1)
	require.Equal(t, made.ID, identities.Items[0].ID)
	require.Empty(t, identities.Next)
	var tokens struct {
		Items []struct{ Prefix, Identity string }
	}
	s.get(admin, "/v1/tokens?identity="+made.ID, &tokens)
	require.Len(t, tokens.Items, 1)
	require.Equal(t, issued.Prefix, tokens.Items[0].Prefix)

	s.post(admin, "/v1/tokens/"+issued.Prefix+"/revoke", "", 204, nil)
	res, text := s.ask("GET", "/v1/me", "", "Authorization", clerk)
	require.Equal(t, 401, res.StatusCode)
	require.Contains(t, text, "access.revoked")
	s.post(admin, "/v1/identities/"+made.ID+"/end", "", 200, &made)
	require.Empty(t, made.Roles)

	res, text = s.ask("GET", "/v1/access", "", "Authorization", admin)
	require.Equal(t, 403, res.StatusCode, text)
	var all []string
	for cursor := ""; ; {
		var page accessPage
		s.get(auditor, "/v1/access?limit=3"+cursor, &page)
		for _, e := range page.Items {
			require.NotEmpty(t, e.Request)
			all = append(all, strings.TrimSpace(strings.Join([]string{e.Action.(string), e.Outcome.(string), e.Command.(string), e.Reason.(string)}, " ")))
		}
		if page.Next == "" {
			break
		}
		cursor = "&cursor=" + page.Next
	}
	require.Equal(t, []string{
		"administer granted identity.create", "administer granted token.create", "administer granted identity.grant", "administer granted identity.revoke",
	}, all[:4])
	require.ElementsMatch(t, []string{
		"administer granted identity.grant", "administer failed identity.grant http.bad_request", "administer granted token.create",
		"administer failed token.create access.bad_expiry", "administer granted identity.end", "administer failed identity.end access.no_identity",
		"administer refused  access.denied", "administer refused  access.denied auditor-writes-nothing",
		"administer granted token.revoke", "refused  access.revoked", "administer granted identity.end", "review_access refused  access.denied",
	}, all[4:])
	var page accessPage
	s.get(auditor, "/v1/access?action=review_access&outcome=refused", &page)
	require.Len(t, page.Items, 1)
	s.stop()
	quiet(t, data, s.logged()+strings.Join(all, "\n"), issued.Token, name)
}

// quiet checks that nothing that is secret or personal is in a text, nor in the
// access record and the registry.
func quiet(t *testing.T, data, text string, canaries ...string) {
	t.Helper()
	for _, file := range []string{access.JournalFile, access.RegistryFile} {
		for _, suffix := range []string{"", "-wal"} {
			kept, err := os.ReadFile(filepath.Join(data, file+suffix))
			if err == nil {
				text += string(kept)
			}
		}
	}
	for _, canary := range canaries {
		require.NotContains(t, text, canary)
	}
}

// TestServeIsQuiet puts canaries wherever a request can carry them, and looks for
// them in the log, in the answers and in the access record.
func TestServeIsQuiet(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	who := people(t, data, map[string]access.Grants{"registrar": {Roles: []access.Role{access.RoleRegistrar}}})
	s := serveLedger(t, data)
	const canary = "canary7Mira"
	answers := ""
	for _, ask := range []struct {
		method, path, body string
		header             []string
	}{
		{"GET", "/v1/me?token=" + canary, "", nil},
		{"GET", "/v1/search?q=" + canary, "", []string{"Authorization", who["registrar"]}},
		{"GET", "/v1/me", "", []string{"Authorization", "Bearer " + canary}},
		{"GET", "/v1/me", "", []string{"Authorization", "Bearer ent_" + canary}},
		{"GET", "/v1/me", "", []string{"Authorization", "Basic " + canary}},
		{"GET", "/v1/me", "", []string{"Cookie", "__Host-entente-session=" + canary}},
		{"GET", "/auth/callback?code=" + canary + "&state=" + canary, "", nil},
		{"POST", "/v1/person", `{"vault":{"name":"` + canary + `","contact":"` + canary + `"}}`, []string{"Authorization", who["registrar"], "Idempotency-Key", "register-mira"}},
		{"POST", "/v1/person", `{"vault":{"name":"` + canary + `"}}`, []string{"Authorization", who["registrar"], "Idempotency-Key", "register-mira"}},
		{"POST", "/v1/person", `{"vault":{"name":"` + canary + `"}}`, nil},
		{"POST", "/v1/identities", `{"name":"` + canary + `"}`, []string{"Authorization", who["registrar"]}},
	} {
		res, text := s.ask(ask.method, ask.path, ask.body, append(ask.header, "Content-Type", "application/json")...)
		require.NotEqual(t, http.StatusInternalServerError, res.StatusCode, "%s %s", ask.method, ask.path)
		if !strings.HasPrefix(ask.path, "/v1/search") { // which answers what it was asked
			answers += text
		}
	}
	s.stop()
	quiet(t, data, s.logged()+answers, canary, strings.TrimPrefix(who["registrar"], "Bearer "))
}

// TestServeProvider serves a ledger of which nobody has an identity yet, and that
// believes a provider of identities: that is no ledger without authentication.
func TestServeProvider(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	ok(t, "do", "--actor", "clerk", "--data", data, ancona)
	config := func(login string) {
		text := `{"issuer":"http://127.0.0.1:1","audience":"entente","rolesClaim":"roles","roles":{"desk":"clerk"}` + login + `}`
		require.NoError(t, os.WriteFile(filepath.Join(data, "oidc.json"), []byte(text), 0o600))
	}
	config("")
	s := serveLedger(t, data)
	require.Empty(t, s.out, "there is no local operator")
	res, text := s.register("by-nobody")
	require.Equal(t, 401, res.StatusCode, text)
	require.Contains(t, text, "access.unauthenticated")
	res, text = s.ask("GET", "/v1/me", "", "Authorization", "Bearer ent_x")
	require.Equal(t, 401, res.StatusCode, text)
	require.Contains(t, text, "access.bad_token", "the registry's")
	res, text = s.ask("GET", "/v1/me", "", "Authorization", "Bearer a.b.c")
	require.Equal(t, 500, res.StatusCode, text)
	require.NotContains(t, text, "127.0.0.1:1", "the provider cannot be asked")
	res, _ = s.ask("GET", "/auth/login", "")
	require.Equal(t, 401, res.StatusCode, "nobody logs in here with a browser")
	s.stop()

	config(`,"login":{"clientId":"browser","secretFile":"","url":"https://ledger.example","scopes":[]}`)
	s = serveLedger(t, data)
	res, text = s.ask("GET", "/v1/me", "", "Cookie", "__Host-entente-session=made-up")
	require.Equal(t, 401, res.StatusCode, text)
	require.Contains(t, text, "oidc.session_ended")
	res, text = s.ask("GET", "/auth/callback?code=x&state=y", "")
	require.Equal(t, 401, res.StatusCode, text)
	require.Contains(t, text, "oidc.not_begun")
	res, text = s.ask("GET", "/auth/login?return=//evil.example", "")
	require.Equal(t, 400, res.StatusCode, text)
	res, text = s.ask("POST", "/v1/party", municipality, "Cookie", "__Host-entente-session=made-up", "Origin", "https://evil.example")
	require.Equal(t, 403, res.StatusCode, text)
	require.Contains(t, text, "oidc.foreign_site")
	s.stop()
	for _, bad := range []string{`,"login":{}`, `,"login":{"clientId":"x","url":"http://ledger.example"}`, `,"login":{"clientId":"x","url":"https://ledger.example","secretFile":"none"}`} {
		config(bad)
		r := entente(t, "", "serve", "--data", data, "--listen", "127.0.0.1:0")
		require.Contains(t, r.err, "oidc.bad_config")
	}
}
