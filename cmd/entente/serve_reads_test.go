package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
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
