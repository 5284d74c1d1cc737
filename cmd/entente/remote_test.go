package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// first returns the first id of a kind that a command prints as JSON.
func first(t *testing.T, kind string, args ...string) string {
	t.Helper()
	r := entente(t, "", append(args, "--json")...)
	require.Zero(t, r.code, r.err)
	_, rest, found := strings.Cut(r.out, `"`+kind+`-`)
	require.True(t, found, r.out)
	id, _, _ := strings.Cut(rest, `"`)
	return kind + "-" + id
}

// What is asked of a service is answered as it is of the folder.
func TestThroughServiceAsFromFolder(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	require.Zero(t, entente(t, "", "demo", "--data", data).code)
	url := serveLedger(t, data, "--actor", "clerk-7").url
	agreement, network := first(t, "memorandum", "list", "--data", data), first(t, "network", "search", "network", "--data", data)
	party, source := first(t, "party", "list", "parties", "--data", data), first(t, "source", "log", "--type", "source.registered", "--data", data)
	for _, args := range [][]string{
		{"list"},
		{"list", "--as-of", "2019", "--sort", "entry"},
		{"list", "--limit", "2"},
		{"list", "--as-known", "2099-01-01T00:00:00Z"},
		{"list", "--phase", "unheard"},
		{"list", "parties"},
		{"list", "parties", "--kind", "municipality", "--as-recorded", "30"},
		{"show", agreement},
		{"show", agreement[:15]},
		{"show", agreement, "--as-of", "2010"},
		{"show", agreement, "--as-recorded", "200"},
		{"show", party},
		{"show", network},
		{"show", source},
		{"history", agreement},
		{"history", network},
		{"log"},
		{"log", "--after", "20", "--type", "memorandum.signed"},
		{"roster", network},
		{"roster", "Strong Cities Network", "--as-of", "2016"},
		{"plan"},
		{"statuschart", agreement},
		{"due", "--within", "90y"},
		{"due", "--overdue", "--by", "party"},
		{"findings"},
		{"findings", "--about", agreement},
		{"search", "network", "--limit", "3"},
		{"diff", agreement, "--from", "20"},
		{"blame", agreement},
		{"blame", network},
		{"explain", agreement, "phase"},
		{"explain", agreement, "inForceFrom"},
		{"stats"},
		{"stats", "--from", "2018", "--to", "2019"},
		{"report", "--from", "2018", "--to", "2020", "--party", party},
		{"proposal", "list"},
		{"export", "list"},
		{"export", "--format", "csv", "findings"},
		{"export", "parties", "--format", "geojson"},
		{"export", "log"},
		{"export", "--format", "prov", "history", agreement},
	} {
		t.Run(strings.Join(args, "_"), func(t *testing.T) {
			folder, service := entente(t, "", append(args, "--data", data)...), entente(t, "", append(args, "--server", url)...)
			require.Equal(t, folder, service)
			if args[0] == "export" {
				return
			}
			folder, service = entente(t, "", append(args, "--json", "--data", data)...), entente(t, "", append(args, "--json", "--server", url)...)
			require.Equal(t, folder, service)
		})
	}
}

func TestRecordThroughService(t *testing.T) {
	dir := t.TempDir()
	data, file := filepath.Join(dir, "data"), filepath.Join(dir, "copy.txt")
	require.NoError(t, os.WriteFile(file, []byte("a copy"), 0o600))
	s := serveLedger(t, data, "--actor", "clerk-7")
	t.Setenv("ENTENTE_SERVER", s.url)
	done := entente(t, "", "do", "--json", `{"command":"source.register","payload":{"description":{"kind":"web_page","titles":[{"lang":"en","value":"A page"}]}}}`)
	require.Zero(t, done.code, done.err)
	var source recorded
	require.NoError(t, json.Unmarshal([]byte(done.out), &source))
	require.Contains(t, string(source.Events[0].Meta), `"actor":"clerk-7"`)

	lines := `{"id":"0192f0c0-0000-7000-8000-000000000001","command":"person.register","vault":{"name":"Ada Example"}}
{"command":"party.rename","to":"party-00000000-0000-4000-8000-000000000000","payload":{"name":{"lang":"it","value":"Ancona"}}}
{"command":"source.attach_file","to":"` + source.Stream + `","file":"` + file + `","expect":1}
`
	got := entente(t, lines, "do")
	require.Equal(t, 5, got.code, got.err)
	require.Contains(t, got.err, "1 of 3 commands failed")
	require.Contains(t, got.out, "recorded person.registered")
	require.Contains(t, got.out, "recorded source.file_attached")
	require.NotContains(t, got.out, "Ada")
	again := entente(t, lines[:strings.Index(lines, "\n")], "do")
	require.Zero(t, again.code, again.err)
	require.Contains(t, again.out, "had recorded person.registered")
	stale := entente(t, strings.Split(lines, "\n")[2], "do")
	require.Equal(t, 6, stale.code, stale.err)
	require.Contains(t, stale.err, "http.stale")

	event := source.Events[0].ID.String()
	require.Eventually(t, func() bool { return entente(t, "", "receipt", event).code == 0 }, 20*time.Second, 50*time.Millisecond, "it is sealed")
	require.Contains(t, entente(t, "", "checkpoint").out, "entente.invalid/")
	require.Contains(t, entente(t, "", "status").out, "ready    yes")
}

// What needs the folder says so, and a token is needed where there are identities.
func TestServiceRefuses(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	registered := entente(t, "", "do", "--actor", "clerk-7", "--data", data, `{"command":"party.register","payload":`+municipality+`}`)
	require.Zero(t, registered.code, registered.err)
	made := entente(t, "", "token", "create", "--actor", "clerk-7", "--data", data, "--name", "Reader", "--role", "reader", "--json")
	require.Zero(t, made.code, made.err)
	var token struct{ Token string }
	require.NoError(t, json.Unmarshal([]byte(made.out), &token))
	file := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(file, []byte(token.Token+"\n"), 0o600))
	url := serveLedger(t, data).url
	for name, one := range map[string]struct {
		args []string
		code int
		says string
	}{
		"command_for_the_folder": {[]string{"rebuild", "--server", url}, 2, "cli.not_served"},
		"folder_and_service":     {[]string{"list", "--server", url, "--data", data}, 2, "cli.usage"},
		"no_url":                 {[]string{"list", "--server", "ledger.example"}, 2, "client.bad_server"},
		"token_in_the_open":      {[]string{"list", "--server", "http://ledger.example", "--token-file", file}, 2, "client.not_secured"},
		"no_token":               {[]string{"list", "--server", url}, 9, "access.unauthenticated"},
		"may_not_record":         {[]string{"do", "--server", url, "--token-file", file, `{"command":"party.register","payload":` + municipality + `}`}, 10, "access."},
		"may_read":               {[]string{"list", "parties", "--server", url, "--token-file", file}, 0, ""},
		"approval_by_hand":       {[]string{"do", "--server", url, "--token-file", file, `{"command":"party.register","approvedBy":"me"}`}, 2, "/approvedBy"},
	} {
		t.Run(name, func(t *testing.T) {
			got := entente(t, "", one.args...)
			require.Equal(t, one.code, got.code, got.err)
			require.Contains(t, got.err, one.says)
		})
	}
}
