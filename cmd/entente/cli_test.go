package main

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
)

const ancona = `{"command":"party.register","payload":{"kind":"municipality","name":{"lang":"it","value":"Ancona"}}}`

// ledgerWith returns a folder with a ledger in which commands were recorded,
// and the streams they are in.
func ledgerWith(t *testing.T, commands ...string) (data string, streams []string) {
	t.Helper()
	data = filepath.Join(t.TempDir(), "data")
	for _, c := range commands {
		r := lines(t, ok(t, "do", "--json", "--actor", "clerk", "--data", data, c))
		streams = append(streams, r[0]["stream"].(string))
	}
	return data, streams
}

func count(t *testing.T, data string) int {
	t.Helper()
	return int(lines(t, ok(t, "status", "--json", "--data", data))[0]["events"].(float64))
}

func TestDo(t *testing.T) {
	t.Run("records_and_says_what", func(t *testing.T) {
		data, streams := ledgerWith(t, ancona)
		out := ok(t, "do", "--actor", "clerk", "--data", data,
			`{"command":"party.add_name","to":"`+streams[0][:12]+`","payload":{"name":{"text":{"lang":"en","value":"Ancona"},"use":"exonym"}}}`)
		require.Contains(t, out, "recorded party.named")
		require.Contains(t, out, streams[0]+" is at revision 2")
		require.Equal(t, 3, count(t, data))
	})
	t.Run("dry_run_records_nothing", func(t *testing.T) {
		data, _ := ledgerWith(t, ancona)
		out := ok(t, "do", "--dry-run", "--actor", "clerk", "--data", data, ancona)
		require.Contains(t, out, "would record party.registered")
		require.Equal(t, 2, count(t, data))
	})
	t.Run("the_same_id_records_once", func(t *testing.T) {
		data := filepath.Join(t.TempDir(), "data")
		cmd := strings.Replace(ancona, "{", `{"id":"0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55",`, 1)
		first := ok(t, "do", "--json", "--actor", "clerk", "--data", data, cmd)
		second := ok(t, "do", "--json", "--actor", "clerk", "--data", data, cmd)
		require.Equal(t, strings.Replace(first, `"repeated":false`, `"repeated":true`, 1), second)
		r := entente(t, "", "do", "--actor", "clerk", "--data", data, strings.Replace(cmd, "Ancona", "Jesi", 1))
		require.Equal(t, es.ErrReused.Exit(), r.code)
		require.Contains(t, r.err, "es.command_reused")
		require.Equal(t, 2, count(t, data))
	})
	t.Run("many_lines_each_with_its_result", func(t *testing.T) {
		data := filepath.Join(t.TempDir(), "data")
		input := ancona + "\n" + `{"command":"party.fly"}` + "\n" + strings.Replace(ancona, "Ancona", "Jesi", 1) + "\n"
		r := entente(t, input, "do", "--json", "--actor", "clerk", "--data", data)
		require.Equal(t, es.ErrInvalid.Exit(), r.code)
		require.Len(t, lines(t, r.out), 2)
		require.Contains(t, r.err, "es.unknown_name")
		require.Contains(t, r.err, "1 of 3 commands failed")
		require.Equal(t, 3, count(t, data))
	})
	t.Run("actor_from_the_environment_or_the_configuration", func(t *testing.T) {
		data := filepath.Join(t.TempDir(), "data")
		t.Setenv("ENTENTE_ACTOR", "clerk-9")
		ok(t, "do", "--data", data, ancona)
		require.Equal(t, "clerk-9", lines(t, ok(t, "log", "--json", "--data", data))[1]["actor"])
		t.Setenv("ENTENTE_ACTOR", "")
		t.Setenv("XDG_CONFIG_HOME", t.TempDir())
		t.Setenv("HOME", t.TempDir())
		r := entente(t, "", "do", "--data", data, ancona)
		require.Equal(t, es.ErrInvalid.Exit(), r.code)
		require.Contains(t, r.err, "cli.no_actor")
		file, err := identityFile()
		require.NoError(t, err)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o700))
		require.NoError(t, os.WriteFile(file, []byte("clerk-11\n"), 0o600))
		ok(t, "do", "--data", data, ancona)
		require.Equal(t, "clerk-11", lines(t, ok(t, "log", "--json", "--data", data))[2]["actor"])
	})
	t.Run("a_person_goes_into_the_vault", func(t *testing.T) {
		data, streams := ledgerWith(t, `{"command":"person.register","vault":{"name":"Ada Byron","nameLang":"en"}}`)
		require.Contains(t, ok(t, "show", streams[0], "--data", data), "Ada Byron")
		require.NotContains(t, ok(t, "log", "--json", "--data", data), "Ada")
		ok(t, "do", "--actor", "clerk", "--data", data, `{"command":"person.erase","to":"`+streams[0]+`","payload":{"reason":"request"}}`)
		require.Contains(t, ok(t, "show", streams[0], "--data", data), "erased")
		refused := entente(t, "", "do", "--actor", "clerk", "--data", data,
			`{"command":"person.register","payload":{"visibility":"secret"},"vault":{"name":"Grace Hopper"}}`)
		require.Equal(t, es.ErrInvalid.Exit(), refused.code)
		content, err := os.ReadFile(filepath.Join(data, "vault.db"))
		require.NoError(t, err)
		require.NotContains(t, string(content), "Grace", "somebody is in the vault whom the ledger refused")
	})
}

// A file is kept by its hash, and the event names it.
func TestAttach(t *testing.T) {
	data, streams := ledgerWith(t,
		`{"command":"source.register","payload":{"description":{"kind":"web_page","titles":[{"lang":"it","value":"Pagina"}]}}}`)
	file := filepath.Join(t.TempDir(), "pagina.html")
	require.NoError(t, os.WriteFile(file, []byte("<p>Ancona</p>"), 0o600))
	path, err := json.Marshal(file)
	require.NoError(t, err)
	attach := `{"command":"source.attach_file","to":"` + streams[0] + `","file":` + string(path) + `}`
	dry := lines(t, ok(t, "do", "--dry-run", "--json", "--actor", "clerk", "--data", data, attach))
	require.NoDirExists(t, filepath.Join(data, "documents"))
	done := lines(t, ok(t, "do", "--json", "--actor", "clerk", "--data", data, attach))
	kept := func(r map[string]any) map[string]any {
		return r["events"].([]any)[0].(map[string]any)["data"].(map[string]any)["file"].(map[string]any)
	}
	require.Equal(t, kept(dry[0]), kept(done[0]))
	hash := kept(done[0])["hash"].(string)
	require.Equal(t, "pagina.html", kept(done[0])["name"])
	require.Contains(t, kept(done[0])["mediaType"], "text/html")
	content, err := os.ReadFile(filepath.Join(data, "documents", hash[:2], hash))
	require.NoError(t, err)
	require.Equal(t, "<p>Ancona</p>", string(content))
	text := lines(t, ok(t, "do", "--json", "--actor", "clerk", "--data", data,
		`{"command":"memorandum.draft","payload":{"kind":"mou","titles":[{"lang":"it","value":"Intesa"}]}}`))
	added := ok(t, "do", "--json", "--actor", "clerk", "--data", data,
		`{"command":"memorandum.add_text","to":"`+text[0]["stream"].(string)+`","payload":{"lang":"it","standing":"authentic"},"file":`+string(path)+`}`)
	require.Contains(t, added, `"sha256":"`+hash+`"`)
}

func TestWrongInput(t *testing.T) {
	data, streams := ledgerWith(t, ancona)
	memorandum := `{"command":"memorandum.draft","payload":{"kind":"mou","titles":[{"lang":"en","value":"x"}],`
	for name, c := range map[string]struct {
		args []string
		code es.Kind
		says string
	}{
		"not_json":             {[]string{"do", "{"}, es.ErrInvalid, "not valid JSON"},
		"not_an_object":        {[]string{"do", "sign it"}, es.ErrInvalid, "not a JSON object"},
		"nothing":              {[]string{"do"}, es.ErrInvalid, "there is no command"},
		"unknown_member":       {[]string{"do", `{"command":"party.register","payloud":{}}`}, es.ErrInvalid, "payloud"},
		"unknown_command":      {[]string{"do", `{"command":"party.registr"}`}, es.ErrInvalid, "party.registr"},
		"unknown_field":        {[]string{"do", `{"command":"party.register","payload":{"knd":"municipality"}}`}, es.ErrInvalid, "/knd"},
		"missing_field":        {[]string{"do", `{"command":"party.register","payload":{"name":{"value":"Jesi"}}}`}, es.ErrInvalid, "/kind"},
		"bad_word":             {[]string{"do", strings.Replace(ancona, "municipality", "town", 1)}, es.ErrInvalid, "municipality, region"},
		"bad_date":             {[]string{"do", memorandum + `"fact":{"occurred":"2018-02-30"}}}`}, es.ErrInvalid, "/fact/occurred"},
		"bad_language":         {[]string{"do", strings.Replace(ancona, `"it"`, `"italiano!"`, 1)}, es.ErrInvalid, "/name/lang"},
		"not_nfc":              {[]string{"do", strings.Replace(ancona, "Ancona", "Jesu\u0300", 1)}, es.ErrInvalid, "normal form C"},
		"bidi_override":        {[]string{"do", strings.Replace(ancona, "Ancona", "Anc\u202eona", 1)}, es.ErrInvalid, "U+202E"},
		"reference_to_nothing": {[]string{"do", memorandum + `"parties":[{"id":"party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55"}]}}`}, es.ErrRejected, "/parties/0/id"},
		"reference_of_a_kind":  {[]string{"do", memorandum + `"parties":[{"id":"person-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55"}]}}`}, es.ErrInvalid, "party or a network"},
		"wrong_aggregate":      {[]string{"do", `{"command":"memorandum.terminate","to":"` + streams[0] + `"}`}, es.ErrInvalid, "does not apply to a party"},
		"no_such_prefix":       {[]string{"do", `{"command":"party.rename","to":"party-ffffffff"}`}, es.ErrNotFound, "party-ffffffff"},
		"opens_nothing":        {[]string{"do", `{"command":"party.rename","payload":{"name":{"value":"Jesi"}}}`}, es.ErrNotFound, "no such party"},
		"stale":                {[]string{"do", `{"command":"party.rename","to":"` + streams[0] + `","expect":7,"payload":{"name":{"value":"Jesi"}}}`}, es.ErrConflict, "at revision 1, not 7"},
		"known_in_the_future":  {[]string{"do", strings.Replace(ancona, "{", `{"knownAt":"2999-01-01T00:00:00Z",`, 1)}, es.ErrInvalid, "after the time of recording"},
		"not_an_instant":       {[]string{"do", strings.Replace(ancona, "{", `{"knownAt":"2018",`, 1)}, es.ErrInvalid, "RFC 3339"},
		"vault_of_a_party":     {[]string{"do", strings.Replace(ancona, "{", `{"vault":{"name":"Ada"},`, 1)}, es.ErrInvalid, "/vault"},
		"file_of_a_party":      {[]string{"do", strings.Replace(ancona, "{", `{"file":"x",`, 1)}, es.ErrInvalid, "/file"},
		"file_that_is_not":     {[]string{"do", `{"command":"source.attach_file","to":"source-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55","file":"nowhere"}`}, es.ErrInvalid, "nowhere"},
		"unknown_flag":         {[]string{"list", "--colour"}, es.ErrInvalid, "--colour"},
		"unknown_subcommand":   {[]string{"lst"}, es.ErrInvalid, "lst"},
		"too_many_arguments":   {[]string{"show", "a", "b"}, es.ErrInvalid, "show ID"},
		"no_argument":          {[]string{"show"}, es.ErrInvalid, "show ID"},
		"bad_as_of":            {[]string{"list", "--as-of", "soon"}, es.ErrInvalid, "soon"},
		"bad_phase":            {[]string{"list", "--phase", "dead"}, es.ErrInvalid, "in_force"},
		"bad_sort":             {[]string{"list", "--sort", "age"}, es.ErrInvalid, "title or entry"},
		"unknown_id":           {[]string{"show", "party-ffffffff"}, es.ErrNotFound, "party-ffffffff"},
		"history_of_nothing":   {[]string{"history", "party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55"}, es.ErrNotFound, "party-0192d1c4"},
		"show_nothing":         {[]string{"show", "source-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55"}, es.ErrNotFound, "source-0192d1c4"},
		"unknown_schema":       {[]string{"schema", "party.fly"}, es.ErrInvalid, "entente commands"},
		"unknown_type":         {[]string{"log", "--type", "party.flown"}, es.ErrInvalid, "docs/events.md"},
		"bad_sequence":         {[]string{"log", "--after", "-7"}, es.ErrInvalid, "--after -7"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, format := range []string{"--json=false", "--json"} {
				r := entente(t, "", append(c.args, format, "--actor", "clerk", "--data", data)...)
				require.Equal(t, c.code.Exit(), r.code, r.err)
				require.Contains(t, r.err, c.says)
				require.Empty(t, r.out)
				require.Equal(t, 1, strings.Count(r.err, "\n"), "one sentence: %s", r.err)
			}
			var p struct{ Error problem }
			r := entente(t, "", append(c.args, "--json", "--actor", "clerk", "--data", data)...)
			require.NoError(t, json.Unmarshal([]byte(r.err), &p), r.err)
			require.Equal(t, c.code.Error(), p.Error.Kind)
			require.NotEmpty(t, p.Error.Code)
			require.Equal(t, 2, count(t, data), "something was recorded")
		})
	}
}

func TestDataIsAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	r := entente(t, "", "list", "--data", file)
	require.Equal(t, es.ErrInvalid.Exit(), r.code)
	require.Contains(t, r.err, "is not a folder")
}

func TestNoLedger(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	for _, args := range [][]string{
		{"list"},
		{"show", "x"},
		{"history", "x"},
		{"log"},
		{"findings"},
		{"status"},
		{"rebuild"},
		{"diff", "x", "--from", "1"},
		{"blame", "x"},
		{"explain", "x", "phase"},
		{"person", "show", "x"},
		{"export", "list"},
	} {
		r := entente(t, "", append(args, "--data", data)...)
		require.Equal(t, es.ErrNotFound.Exit(), r.code, args)
		require.Contains(t, r.err, "there is no ledger in "+data)
		require.NoDirExists(t, data, "reading made a folder")
	}
}

// One process records at a time; others can read meanwhile.
func TestTwoProcesses(t *testing.T) {
	data, _ := ledgerWith(t, ancona)
	in, feed, err := os.Pipe()
	require.NoError(t, err)
	writer := program(t, "do", "--json", "--actor", "clerk", "--data", data)
	writer.Stdin = in
	out, err := writer.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, writer.Start())
	_, err = feed.WriteString(strings.Replace(ancona, "Ancona", "Jesi", 1) + "\n")
	require.NoError(t, err)
	_, err = bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)

	require.Contains(t, ok(t, "list", "parties", "--data", data), "Jesi")
	r := entente(t, "", "do", "--actor", "clerk", "--data", data, ancona)
	require.Equal(t, es.ErrConflict.Exit(), r.code)
	require.Contains(t, r.err, "store.locked")
	require.NoError(t, feed.Close())
	require.NoError(t, writer.Wait())
	ok(t, "do", "--actor", "clerk", "--data", data, ancona)
}

func TestReading(t *testing.T) {
	data := demo(t)
	agreements := lines(t, ok(t, "list", "--json", "--data", data))
	require.Len(t, agreements, 4)
	t.Run("by_prefix", func(t *testing.T) {
		id := agreements[0]["id"].(string)
		require.Equal(t, ok(t, "show", id, "--json", "--data", data), ok(t, "show", id[:len("memorandum-")+8], "--json", "--data", data))
		r := entente(t, "", "show", "party-", "--data", data)
		require.Equal(t, es.ErrInvalid.Exit(), r.code)
		require.Contains(t, r.err, "history.ambiguous")
	})
	t.Run("as_of", func(t *testing.T) {
		phases := func(on string) string {
			var all []string
			for _, a := range lines(t, ok(t, "list", "--json", "--as-of", on, "--data", data)) {
				if a["title"].(map[string]any)["value"] == "Ikoma_Ancona_Agreement" {
					all = append(all, a["phase"].(string))
				}
			}
			return strings.Join(all, " ")
		}
		require.Equal(t, "in_force", phases("2020"))
		require.NotEqual(t, "in_force", phases("2010"))
		require.Len(t, lines(t, ok(t, "list", "--json", "--phase", "in_force", "--as-of", "2020", "--data", data)), 2)
	})
	t.Run("limit", func(t *testing.T) {
		require.Len(t, lines(t, ok(t, "list", "parties", "--json", "--limit", "5", "--data", data)), 5)
		require.Len(t, lines(t, ok(t, "findings", "--json", "--limit", "3", "--data", data)), 3)
	})
	t.Run("log", func(t *testing.T) {
		all := lines(t, ok(t, "log", "--json", "--data", data))
		for i, e := range all {
			require.InDelta(t, i, e["sequence"], 0)
		}
		require.Equal(t, all[100:], lines(t, ok(t, "log", "--after", "99", "--json", "--data", data)))
		signed := lines(t, ok(t, "log", "--type", "memorandum.signed", "--json", "--data", data))
		require.Len(t, signed, 11)
		require.Equal(t, signed[9:], lines(t, ok(t, "log", "--type", "memorandum.signed", "--after", jsonInt(signed[8]["sequence"]), "--json", "--data", data)))
		require.Empty(t, ok(t, "log", "--after", "100000", "--data", data))
	})
	t.Run("history_has_every_time_and_status", func(t *testing.T) {
		for _, e := range lines(t, ok(t, "history", agreements[1]["id"].(string), "--json", "--data", data)) {
			for _, key := range []string{"occurred", "effective", "knownAt", "recordedAt", "status", "source", "actor", "cause"} {
				require.Contains(t, e, key)
			}
			require.NotEmpty(t, e["recordedAt"])
		}
	})
	t.Run("commands_and_schemas", func(t *testing.T) {
		all := lines(t, ok(t, "commands", "--json"))
		require.Greater(t, len(all), 70)
		for _, c := range all {
			require.NotEmpty(t, c["summary"], c)
			var schema map[string]any
			require.NoError(t, json.Unmarshal([]byte(ok(t, "schema", c["command"].(string))), &schema))
			require.Equal(t, "object", schema["type"])
		}
	})
	t.Run("completion", func(t *testing.T) {
		require.Contains(t, ok(t, "completion", "bash"), "entente")
	})
}

func jsonInt(v any) string {
	text, _ := json.Marshal(v)
	return string(text)
}

// A follower sees what is recorded after it began to follow.
func TestFollow(t *testing.T) {
	data, _ := ledgerWith(t, ancona)
	follower := program(t, "log", "--follow", "--json", "--after", "0", "--data", data)
	out, err := follower.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, follower.Start())
	read := bufio.NewReader(out)
	next := func() map[string]any {
		text, err := read.ReadString('\n')
		require.NoError(t, err)
		return lines(t, text)[0]
	}
	require.Equal(t, "party.registered", next()["type"])
	ok(t, "do", "--actor", "clerk", "--data", data, strings.Replace(ancona, "Ancona", "Jesi", 1))
	got := next()
	require.InDelta(t, 2, got["sequence"], 0)
	require.Equal(t, "party.registered", got["type"])
	require.NoError(t, follower.Process.Signal(os.Interrupt))
	require.NoError(t, follower.Wait(), "an interrupted follower ends well")
}
