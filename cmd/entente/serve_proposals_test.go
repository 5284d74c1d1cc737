package main

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/infra/access"
)

// people makes identities in the folder of a ledger, and returns what each sends in
// Authorization.
func people(t *testing.T, data string, all map[string]access.Grants) map[string]string {
	t.Helper()
	registry, err := access.OpenRegistry(t.Context(), filepath.Join(data, access.RegistryFile), access.Options{})
	require.NoError(t, err)
	defer func() { require.NoError(t, registry.Close()) }()
	sent := map[string]string{}
	for name, grants := range all {
		account, err := registry.Create(t.Context(), "installer", uuid.New(), access.Subject{}, grants)
		require.NoError(t, err)
		issued, _, err := registry.Issue(t.Context(), "installer", account.ID, time.Now().Add(time.Hour))
		require.NoError(t, err)
		sent[name] = "Bearer " + issued.Reveal()
	}
	return sent
}

// command gives a command as somebody, with the members of a header by turns.
func (s *hosted) command(who, path, body string, header ...string) (*http.Response, string) {
	s.t.Helper()
	return s.ask("POST", path, body, append([]string{
		"Authorization", who, "Content-Type", "application/json", "Idempotency-Key", uuid.NewString(),
	}, header...)...)
}

// stream is the record that an answer is about.
func stream(t *testing.T, text string) string {
	t.Helper()
	var a struct{ Stream string }
	require.NoError(t, json.Unmarshal([]byte(text), &a))
	require.NotEmpty(t, a.Stream, text)
	return a.Stream
}

func TestServeProposals(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	who := people(t, data, map[string]access.Grants{
		"registrar": {Roles: []access.Role{access.RoleRegistrar}}, "approver": {Roles: []access.Role{access.RoleApprover}},
		"reader": {Roles: []access.Role{access.RoleReader}},
	})
	s := serveLedger(t, data)
	_, text := s.command(who["registrar"], "/v1/network", `{"titles":[{"lang":"en","value":"Port cities"}]}`)
	network := stream(t, text)
	const dissolve = `{"fact":{"occurred":"2026-03-01"}}`
	body := `{"command":"network.dissolve","to":"` + network + `","payload":` + dissolve + `,"why":"the members agreed"}`

	res, text := s.command(who["registrar"], "/v1/network/"+network+"/dissolve", dissolve, "If-Match", `"1"`)
	require.Equal(t, 403, res.StatusCode, text)
	require.Contains(t, text, "access.approval_needed")
	require.Contains(t, text, "POST /v1/proposal", "it says how")
	res, text = s.command(who["reader"], "/v1/proposal", body, "If-Match", `"1"`)
	require.Equal(t, 403, res.StatusCode, text)
	res, text = s.command(who["registrar"], "/v1/proposal", body)
	require.Equal(t, 428, res.StatusCode, text)
	res, text = s.command(who["registrar"], "/v1/proposal", body, "If-Match", `"7"`)
	require.Equal(t, 412, res.StatusCode, text)
	require.Contains(t, text, `"currentRevision":1`)
	res, text = s.command(who["registrar"], "/v1/proposal?dry_run=true", body, "If-Match", `"1"`)
	require.Equal(t, 200, res.StatusCode, text)
	require.Contains(t, text, "network.dissolved", "what it would lead to")
	for _, bad := range []string{`{"command":"network.dissolve","payload":7,"why":"x"}`, `{"other":1}`, `{"command":"network.dissolve","knownAt":"soon"}`} {
		res, text = s.command(who["registrar"], "/v1/proposal", bad)
		require.Equal(t, 400, res.StatusCode, text)
	}

	res, text = s.command(who["registrar"], "/v1/proposal", body, "If-Match", `"1"`, "Idempotency-Key", "dissolve-ports")
	require.Equal(t, 201, res.StatusCode, text)
	require.Equal(t, `"1"`, res.Header.Get("ETag"))
	proposal := stream(t, text)
	require.Equal(t, "/v1/proposal/"+proposal, res.Header.Get("Location"))
	res, text = s.command(who["registrar"], "/v1/proposal", body, "If-Match", `"1"`, "Idempotency-Key", "dissolve-ports")
	require.Equal(t, "true", res.Header.Get("Idempotency-Replayed"), text)
	require.Equal(t, proposal, stream(t, text))

	res, text = s.command(who["registrar"], "/v1/proposal/"+proposal+"/approve", `{}`, "If-Match", `"1"`)
	require.Equal(t, 422, res.StatusCode, text)
	require.Contains(t, text, "proposal.same_person")
	res, text = s.command(who["reader"], "/v1/proposal/"+proposal+"/approve", `{}`, "If-Match", `"1"`)
	require.Equal(t, 403, res.StatusCode, text)
	res, text = s.command(who["approver"], "/v1/proposal/"+proposal+"/approve", `{"by":"somebody"}`, "If-Match", `"1"`)
	require.Equal(t, 400, res.StatusCode, text)
	for _, own := range []string{"carry_out", "fail", "make"} {
		res, text = s.command(who["registrar"], "/v1/proposal/"+proposal+"/"+own, `{}`, "If-Match", `"1"`)
		require.Equal(t, 404, res.StatusCode, text)
	}
	res, text = s.command(who["approver"], "/v1/proposal/"+proposal+"/approve", `{"why":"checked"}`, "If-Match", `"1"`)
	require.Equal(t, 200, res.StatusCode, text)
	require.Contains(t, text, "proposal.carried_out")
	require.Equal(t, `"3"`, res.Header.Get("ETag"))

	_, text = s.command(who["registrar"], "/v1/network", `{"titles":[{"lang":"en","value":"Twin cities"}]}`)
	other := `{"command":"network.dissolve","to":"` + stream(t, text) + `","payload":` + dissolve + `,"why":"the members agreed"}`
	for verb, by := range map[string]string{"refuse": "approver", "withdraw": "registrar"} {
		_, text = s.command(who["registrar"], "/v1/proposal", other, "If-Match", `*`)
		res, text = s.command(who[by], "/v1/proposal/"+stream(t, text)+"/"+verb, `{"why":"too early"}`, "If-Match", `"1"`)
		require.Equal(t, 200, res.StatusCode, text)
	}
	s.stop()
	require.Contains(t, ok(t, "history", network, "--data", data), "dissolved")
}

func TestServeProposalsAlone(t *testing.T) {
	s := serveLedger(t, filepath.Join(t.TempDir(), "data"))
	_, text := s.command("", "/v1/network", `{"titles":[{"lang":"en","value":"Port cities"}]}`)
	network := stream(t, text)
	const dissolve = `{"fact":{"occurred":"2026-03-01"}}`
	res, text := s.command("", "/v1/proposal", `{"command":"network.dissolve","to":"`+network+`","payload":`+dissolve+`,"why":"x"}`, "If-Match", `"1"`)
	require.Equal(t, 403, res.StatusCode, text)
	require.Contains(t, text, "access.nobody_else")
	res, text = s.command("", "/v1/network/"+network+"/dissolve", dissolve, "If-Match", `"1"`)
	require.Equal(t, 200, res.StatusCode, text)
	s.stop()
}
