package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/infra/access"
)

// TestServedAnswersAreThoseOfTheCommandLine compares the files that the service
// gives with what export writes.
func TestServedAnswersAreThoseOfTheCommandLine(t *testing.T) {
	s, _ := dated(t)
	ok(t, "tick", "--data", s.data) // so that the service has nothing to record
	h := serveLedger(t, s.data)
	pact := lines(t, ok(t, "list", "--json", "--data", s.data))[0]["id"].(string)
	for _, c := range []struct {
		path string
		args []string
	}{
		{"register?as_of=2019", []string{"list", "--as-of", "2019"}},
		{"register?sort=entry&phase=in_force", []string{"list", "--sort", "entry", "--phase", "in_force"}},
		{"register?as_recorded=9", []string{"list", "--as-recorded", "9"}},
		{"parties", []string{"list", "parties"}},
		{"findings?accepted=true", []string{"findings", "--all"}},
		{"search?q=rivers", []string{"search", "rivers"}},
		{"events", []string{"log"}},
		{"events?type=party.registered", []string{"log", "--type", "party.registered"}},
		{"memorandum/" + pact + "/history", []string{"history", pact}},
		{"statuschart/" + pact, []string{"statuschart", pact}},
		{"plans", []string{"plan"}},
	} {
		for _, format := range []string{"ndjson", "csv"} {
			res, text := h.ask("GET", "/v1/"+c.path+question(c.path)+"format="+format, "")
			require.Equal(t, 200, res.StatusCode, text)
			want := ok(t, append([]string{"export", "--format", format, "--data", s.data}, c.args...)...)
			require.Equal(t, want, text, "%s as %s", c.path, format)
			require.Contains(t, res.Header.Get("Content-Disposition"), "."+format+`"`)
		}
		_, text := h.ask("GET", "/v1/"+c.path+question(c.path)+"format=xlsx", "")
		want := ok(t, append([]string{"export", "--format", "xlsx", "--data", s.data}, c.args...)...)
		require.Equal(t, sheet(t, want, "answer"), sheet(t, text, "answer"), c.path)
	}
	_, text := h.ask("GET", "/v1/obligations?as_of=2018-01-01&from=2018-01-01&to=2021-01-01&format=ics", "")
	require.Equal(t, ok(t, "export", "--format", "ics", "--data", s.data, "due", "--as-of", "2018-01-01", "--within", "3y"), text)
	require.Contains(t, text, "BEGIN:VEVENT")
	res, text := h.ask("GET", "/v1/parties", "", "Accept", "text/html;q=0.9, application/geo+json")
	require.Equal(t, "application/geo+json", res.Header.Get("Content-Type"))
	require.Equal(t, ok(t, "export", "--format", "geojson", "--data", s.data, "parties"), text)
	_, text = h.ask("GET", "/v1/memorandum/"+pact+"/history?format=prov", "")
	require.Equal(t, ok(t, "export", "--format", "prov", "--data", s.data, "history", pact), text)
	h.stop()
	require.NotContains(t, h.logged(), `"level":"ERROR"`)
}

// question is what comes before a further parameter.
func question(path string) string {
	if strings.Contains(path, "?") {
		return "&"
	}
	return "?"
}

// TestServedReads asks a service with identities: what was just recorded, its
// receipt, what is restricted, and a list across a restart.
func TestServedReads(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	ok(t, "do", "--actor", "clerk", "--data", data, ancona)
	registry, err := access.OpenRegistry(t.Context(), filepath.Join(data, access.RegistryFile), access.Options{})
	require.NoError(t, err)
	account, err := registry.Create(t.Context(), "installer", uuid.New(), access.Subject{}, access.Grants{Roles: []access.Role{access.RoleRegistrar}})
	require.NoError(t, err)
	issued, _, err := registry.Issue(t.Context(), "installer", account.ID, time.Now().Add(time.Hour))
	require.NoError(t, err)
	require.NoError(t, registry.Close())
	bearer := []string{"Authorization", "Bearer " + issued.Reveal()}

	s := serveLedger(t, data, "--anonymous")
	var secret, city struct {
		Stream string
		Events []struct{ Receipt string }
	}
	hidden := strings.Replace(municipality, "{\"kind\"", "{\"visibility\":\"restricted\",\"kind\"", 1)
	_, text := s.ask("POST", "/v1/party", hidden, append(bearer, "Content-Type", "application/json", "Idempotency-Key", "hidden-city")...)
	require.NoError(t, json.Unmarshal([]byte(text), &secret), text)
	res, text := s.register("open-city", bearer...)
	require.NoError(t, json.Unmarshal([]byte(text), &city), text)

	path := "/v1/parties?limit=1&min_position=" + res.Header.Get("Ledger-Position")
	res, text = s.ask("GET", path, "", append(bearer, "Prefer", "wait=20")...)
	require.Equal(t, 200, res.StatusCode, text)
	next := strings.TrimPrefix(strings.Split(res.Header.Get("Link"), ">")[0], "<")
	res, text = s.ask("GET", "/v1/party/"+secret.Stream, "", bearer...)
	require.Equal(t, 200, res.StatusCode, text)
	res, _ = s.ask("GET", "/v1/party/"+secret.Stream, "")
	require.Equal(t, 404, res.StatusCode)
	res, _ = s.ask("GET", "/v1/parties", "")
	require.Equal(t, 200, res.StatusCode)
	res, _ = s.ask("GET", "/v1/parties?format=csv", "", bearer...)
	require.Equal(t, 200, res.StatusCode)
	require.Eventually(t, func() bool {
		res, _ := s.ask("GET", city.Events[0].Receipt, "", bearer...)
		return res.StatusCode == 200
	}, 20*time.Second, 20*time.Millisecond, "the link in the answer to a command leads to its receipt")
	s.stop()

	s = serveLedger(t, data)
	res, text = s.ask("GET", next, "", bearer...)
	require.Equal(t, 200, res.StatusCode, "cursors outlive the process: %s", text)
	s.stop()
	require.NotContains(t, s.logged(), "cursor=")
	var told []string
	journal, err := access.OpenJournal(t.Context(), filepath.Join(data, access.JournalFile), access.JournalOptions{})
	require.NoError(t, err)
	defer func() { require.NoError(t, journal.Close()) }()
	for e, err := range journal.All(t.Context(), access.Filter{}) {
		require.NoError(t, err)
		told = append(told, strings.Join([]string{string(e.Action), string(e.Outcome), e.Command}, " "))
	}
	require.Equal(t, []string{"read granted party.get", "read refused ", "export granted parties"}, told)
}
