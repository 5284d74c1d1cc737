package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/person"
	"github.com/entente-ledger/entente/infra/vault"
)

// Nobody is called so.
const (
	nobody        = "Міра Зразкова"
	nobodySurname = "Зразкова"
	nobodyContact = "mira@example.org"
)

// record is a ledger with a person who held functions and took part in an
// activity.
type record struct {
	data, who, city, meeting string
	salt                     []byte
}

func personRecorded(t *testing.T) record {
	t.Helper()
	data, ids := ledgerWith(t, ancona,
		`{"command":"person.register","vault":{"name":"`+nobody+`","nameLang":"uk","contact":"`+nobodyContact+`"}}`,
		`{"command":"activity.register","payload":{"description":{"kind":"meeting","titles":[{"lang":"en","value":"Round table"}]}}}`,
		`{"command":"person.register","vault":{"name":"Anton Muster","nameLang":"de"}}`)
	r := record{data: data, city: ids[0], who: ids[1], meeting: ids[2]}
	file := filepath.Join(t.TempDir(), "minutes.txt")
	require.NoError(t, os.WriteFile(file, []byte("The mayor was there"), 0o600))
	path, err := json.Marshal(file)
	require.NoError(t, err)
	minutes := lines(t, r.do(t, `{"command":"source.register","payload":{"description":{"kind":"minutes","titles":[{"lang":"en","value":"Minutes"}]}}}`))
	r.do(t, `{"command":"source.attach_file","to":"`+minutes[0]["stream"].(string)+`","file":`+string(path)+`}`)
	r.do(t, `{"command":"person.hold_function","to":"`+r.who+`","payload":{"fact":{"occurred":"2014-06"},"function":{"lang":"en","value":"mayor"},"at":"`+r.city+`","until":"2019"}}`)
	r.do(t, `{"command":"person.hold_function","to":"`+r.who+`","payload":{"function":{"lang":"en","value":"envoy"}}}`)
	r.do(t, `{"command":"activity.record_participant","to":"`+r.meeting+`","payload":{"participation":{"person":"`+r.who+`","role":"speaker","presence":"present"}}}`)
	v, err := vault.Open(t.Context(), r.vault(), nil, vault.Options{})
	require.NoError(t, err)
	_, id, err := es.ParseStream(r.who)
	require.NoError(t, err)
	opening, err := v.Opening(t.Context(), id)
	require.NoError(t, err)
	r.salt = opening.Salt[:]
	require.NoError(t, v.Close())
	return r
}

func (r record) do(t *testing.T, command string) string {
	t.Helper()
	return ok(t, "do", "--json", "--actor", "clerk", "--data", r.data, command)
}

func (r record) vault() string { return filepath.Join(r.data, "vault.db") }

// erasure is the command line that erases the person.
func (r record) erasure(more ...string) []string {
	return append([]string{"person", "erase", r.who, "--authority", r.city, "--reason", "request", "--actor", "clerk", "--data", r.data}, more...)
}

// answers are what every command that can be about the person says.
func (r record) answers(t *testing.T) (naming, others string) {
	t.Helper()
	said := func(commands ...[]string) string {
		var all strings.Builder
		for _, c := range commands {
			all.WriteString(ok(t, append(c, "--data", r.data)...) + ok(t, append(c, "--json", "--data", r.data)...))
		}
		return all.String()
	}
	return said([]string{"show", r.who}, []string{"person", "show", r.who}),
		said([]string{"history", r.who}, []string{"history", r.meeting}, []string{"show", r.meeting}, []string{"log"},
			[]string{"findings"}, []string{"findings", "--all"}, []string{"list"}, []string{"list", "parties"},
			[]string{"search", "mayor"}, []string{"search", "round"}, []string{"search", nobody}, []string{"search", nobodySurname},
			[]string{"status"})
}

// places returns the files of the data folder that hold what the vault keeps of
// the person, in any encoding.
func (r record) places(t *testing.T) []string {
	t.Helper()
	needles := [][]byte{r.salt, []byte(hex.EncodeToString(r.salt)), []byte(base64.StdEncoding.EncodeToString(r.salt))}
	for _, text := range []string{nobody, nobodySurname, strings.ToLower(nobodySurname), strings.ToUpper(nobodySurname), nobodyContact} {
		needles = append(needles, []byte(text))
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			var wide []byte
			for _, unit := range utf16.Encode([]rune(text)) {
				wide = order.AppendUint16(wide, unit)
			}
			needles = append(needles, wide)
		}
	}
	var all []string
	read := map[string]bool{}
	require.NoError(t, filepath.WalkDir(r.data, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		inside, err := filepath.Rel(r.data, path)
		require.NoError(t, err)
		first, _, _ := strings.Cut(filepath.ToSlash(inside), "/")
		read[first] = true
		for _, needle := range needles {
			if bytes.Contains(content, needle) {
				all = append(all, inside)
				break
			}
		}
		return nil
	}))
	for _, part := range []string{"events.db", "vault.db", "views", "documents"} {
		require.True(t, read[part], "%s was not searched", part)
	}
	return all
}

// requireErased fails if anything of the person's is said or kept.
func (r record) requireErased(t *testing.T) {
	t.Helper()
	naming, others := r.answers(t)
	require.Equal(t, 4, strings.Count(naming, "erased\n")+strings.Count(naming, `"name":"erased"`), naming)
	for _, text := range []string{nobodySurname, nobodyContact} {
		require.NotContains(t, naming+others, text)
	}
	require.Contains(t, ok(t, "show", r.who, "--data", r.data), r.who+" erased\n")
	require.True(t, strings.HasPrefix(ok(t, "person", "show", r.who, "--data", r.data), "erased\n"))
	require.Empty(t, r.places(t))
}

func TestPersonShow(t *testing.T) {
	r := personRecorded(t)
	out := ok(t, "person", "show", r.who[:15], "--data", r.data)
	require.True(t, strings.HasPrefix(out, nobody+"\n"+r.who+"\n\n"), out)
	require.Regexp(t, `mayor +Ancona +2014-06 +2019 +2\n`, out)
	require.Regexp(t, `envoy +- +- +- +3\n`, out)
	require.Contains(t, out, "registered")
	require.Equal(t, 2, strings.Count(out, "function_held"))
	require.NotContains(t, out, "in error")

	shown := lines(t, ok(t, "person", "show", r.who, "--json", "--data", r.data))[0]
	require.Equal(t, nobody, shown["name"])
	require.Equal(t, r.who, shown["id"])
	require.Equal(t, false, shown["erased"])
	require.Equal(t, true, shown["recorded"])
	require.Len(t, shown["functions"], 2)
	mayor := shown["functions"].([]any)[0].(map[string]any)
	require.Equal(t, map[string]any{
		"title": map[string]any{"lang": "en", "value": "mayor"}, "at": r.city, "from": "2014-06", "until": "2019", "revision": 2.0,
	}, mayor)
	require.Equal(t, lines(t, ok(t, "history", r.who, "--json", "--data", r.data))[2], shown["events"].([]any)[2])

	t.Run("not_in_the_vault", func(t *testing.T) {
		carried := lines(t, r.do(t, `{"command":"person.carry_over","payload":{"commitment":"`+strings.Repeat("0a", 32)+`"}}`))
		require.True(t, strings.HasPrefix(ok(t, "person", "show", carried[0]["stream"].(string), "--data", r.data), "not in the vault\n"))
	})
	t.Run("recorded_in_error", func(t *testing.T) {
		r.do(t, `{"command":"person.void","to":"`+r.who+`","payload":{"of":1,"reason":"somebody else"}}`)
		out := ok(t, "person", "show", r.who, "--data", r.data)
		require.Contains(t, out, "recorded in error")
		require.NotContains(t, out, "FUNCTION ")
		require.Equal(t, false, lines(t, ok(t, "person", "show", r.who, "--json", "--data", r.data))[0]["recorded"])
	})
}

func TestPersonErase(t *testing.T) {
	r := personRecorded(t)
	backup, err := os.ReadFile(r.vault())
	require.NoError(t, err)
	naming, others := r.answers(t)
	require.Equal(t, 4, strings.Count(naming, nobody), "there to be erased")
	require.NotContains(t, others, nobodySurname)
	require.Equal(t, []string{"vault.db"}, r.places(t), "the name is where it belongs")
	require.Contains(t, others, "person.undated")
	events := count(t, r.data)

	out := ok(t, r.erasure("--yes")...)
	require.Contains(t, out, "recorded person.erased")
	require.Contains(t, out, r.who+" is at revision 4")
	require.Contains(t, out, "are destroyed")
	require.Empty(t, r.places(t), "at once, before the vault is opened again")
	r.requireErased(t)
	require.Equal(t, events+1, count(t, r.data))

	t.Run("by_whom_and_why", func(t *testing.T) {
		all := lines(t, ok(t, "history", r.who, "--json", "--data", r.data))
		erased := all[len(all)-1]
		require.Equal(t, "person.erased", erased["type"])
		require.Equal(t, r.city, erased["authority"])
		require.Equal(t, today().String(), erased["occurred"])
		require.Equal(t, "request", erased["data"].(map[string]any)["reason"])
		require.Equal(t, "clerk", erased["actor"])
	})
	t.Run("functions_stay", func(t *testing.T) {
		shown := lines(t, ok(t, "person", "show", r.who, "--json", "--data", r.data))[0]
		require.Len(t, shown["functions"], 2)
		require.Equal(t, true, shown["erased"])
	})
	t.Run("others_stay", func(t *testing.T) {
		for _, e := range lines(t, ok(t, "log", "--type", "person.registered", "--json", "--data", r.data)) {
			if other := e["stream"].(string); other != r.who {
				require.Contains(t, ok(t, "show", other, "--data", r.data), "Anton Muster")
			}
		}
	})
	t.Run("after_rebuild", func(t *testing.T) {
		ok(t, "rebuild", "--data", r.data)
		r.requireErased(t)
	})
	t.Run("again_changes_nothing", func(t *testing.T) {
		again := ok(t, r.erasure("--reason", "retention")...) // nothing to confirm
		require.Contains(t, again, "nothing new, at revision 4")
		require.Contains(t, again, "it was erased before")
		told := lines(t, ok(t, r.erasure("--json")...))[0]
		require.Equal(t, map[string]any{"stream": r.who, "revision": 4.0, "repeated": false, "dryRun": false, "events": []any{}}, told)
		require.Equal(t, events+1, count(t, r.data))
	})
	restore := func(t *testing.T) {
		t.Helper()
		require.NoError(t, os.WriteFile(r.vault(), backup, 0o600))
		require.Equal(t, []string{"vault.db"}, r.places(t), "back again")
	}
	t.Run("restored_vault", func(t *testing.T) {
		for _, c := range []string{"show", "person show"} {
			restore(t)
			require.Contains(t, ok(t, append(strings.Fields(c), r.who, "--data", r.data)...), "erased\n")
			r.requireErased(t)
		}
	})
	t.Run("restored_vault_and_erased_again", func(t *testing.T) {
		restore(t)
		require.Contains(t, ok(t, r.erasure()...), "it was erased before")
		require.Empty(t, r.places(t))
	})
	t.Run("restored_vault_and_no_views", func(t *testing.T) {
		restore(t)
		require.NoError(t, os.RemoveAll(filepath.Join(r.data, "views")))
		r.requireErased(t)
	})
}

// A vault that cannot be opened does not stop the erasure; the next that can
// be makes it good.
func TestPersonEraseWithoutVault(t *testing.T) {
	r := personRecorded(t)
	backup, err := os.ReadFile(r.vault())
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(r.vault(), []byte(strings.Repeat("letters ", 1000)), 0o600))
	failed := entente(t, "", r.erasure("--yes")...)
	require.Equal(t, es.ErrCorrupt.Exit(), failed.code)
	require.Contains(t, failed.out, "recorded person.erased")
	require.NotContains(t, failed.out, "destroyed")
	require.Contains(t, failed.err, "cli.not_destroyed")
	require.Contains(t, failed.err, "opened again")
	again := entente(t, "", r.erasure("--yes", "--json")...)
	require.Equal(t, es.ErrCorrupt.Exit(), again.code)
	require.Contains(t, again.err, "cli.not_destroyed")
	require.Empty(t, lines(t, again.out)[0]["events"])

	require.NoError(t, os.WriteFile(r.vault(), backup, 0o600))
	require.NotEmpty(t, r.places(t))
	r.requireErased(t)
}

// A vault that is open already is not opened again, and still erases at once.
func TestPersonEraseInAnOpenVault(t *testing.T) {
	r := personRecorded(t)
	c := &cobra.Command{}
	c.SetContext(t.Context())
	a := &app{data: r.data, out: io.Discard, errs: io.Discard}
	require.NoError(t, a.withExisting(t.Context(), func(l *opened) error {
		name, err := l.person(t.Context(), r.who)
		require.NoError(t, err)
		require.Equal(t, nobody, name)
		require.NoError(t, l.erase(c, "clerk", r.who, person.Erase{Reason: "request"}))
		require.Empty(t, r.places(t), "while the ledger is open, write-ahead logs and all")
		return nil
	}))
	r.requireErased(t)
}

func TestPersonConfirmed(t *testing.T) {
	script, err := exec.LookPath("script")
	if err != nil || runtime.GOOS != "linux" {
		t.Skip("there is nothing to make a terminal with")
	}
	r := personRecorded(t)
	erase := func(answer string) (string, error) {
		p := program(t, r.erasure()...)
		p.Args[0] = p.Path
		cmd := exec.CommandContext(t.Context(), script, "-qec", "'"+strings.Join(p.Args, "' '")+"'", os.DevNull)
		cmd.Env, cmd.Stdin = p.Env, strings.NewReader(answer)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	for _, answer := range []string{"no\n", "\n", "yes, no\n"} {
		events := count(t, r.data)
		out, err := erase(answer)
		require.Error(t, err)
		require.Contains(t, out, "Erase "+r.who+" ("+nobody+") for ever?")
		require.Contains(t, out, "cli.not_confirmed")
		require.Equal(t, events, count(t, r.data))
	}
	out, err := erase("yes\n")
	require.NoError(t, err, out)
	require.Contains(t, out, "are destroyed")
	r.requireErased(t)
}

func TestPersonWrongInput(t *testing.T) {
	r := personRecorded(t)
	events := count(t, r.data)
	erase := func(id, authority, reason string, more ...string) []string {
		return append([]string{"person", "erase", id, "--authority", authority, "--reason", reason}, more...)
	}
	const none = "person-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55"
	for name, c := range map[string]struct {
		args []string
		code es.Kind
		says string
	}{
		"unknown_id":                 {erase(none, r.city, "request", "--yes"), es.ErrNotFound, none},
		"unknown_prefix":             {erase("person-ffffffff", r.city, "request", "--yes"), es.ErrNotFound, "person-ffffffff"},
		"id_of_a_party":              {erase(r.city, r.city, "request", "--yes"), es.ErrInvalid, "cli.no_person"},
		"no_authority":               {erase(r.who, "", "request", "--yes"), es.ErrInvalid, "cli.no_authority"},
		"unknown_authority":          {erase(r.who, "party-ffffffff", "request", "--yes"), es.ErrNotFound, "party-ffffffff"},
		"authority_that_is_not":      {erase(r.who, none, "request", "--yes"), es.ErrRejected, "ledger.unknown_reference"},
		"authority_of_nobody":        {erase(r.who, r.meeting, "request", "--yes"), es.ErrInvalid, "cli.bad_authority"},
		"authority_of_no_event":      {erase(r.who, r.meeting+"@0", "request", "--yes"), es.ErrInvalid, "terms.bad_ref"},
		"authority_of_a_later_event": {erase(r.who, r.meeting+"@9", "request", "--yes"), es.ErrRejected, "ledger.unknown_reference"},
		"authority_of_its_own":       {erase(r.who, r.who, "request", "--yes"), es.ErrRejected, "ledger.self_reference"},
		"no_reason":                  {erase(r.who, r.city, "", "--yes"), es.ErrInvalid, "--reason: terms.bad_word"},
		"bad_reason":                 {erase(r.who, r.city, "asked", "--yes"), es.ErrInvalid, "request, objection"},
		"not_confirmed":              {erase(r.who, r.city, "request"), es.ErrInvalid, "cli.not_confirmed"},
		"no_id":                      {[]string{"person", "erase"}, es.ErrInvalid, "erase ID"},
		"show_unknown_id":            {[]string{"person", "show", none}, es.ErrNotFound, none},
		"show_a_party":               {[]string{"person", "show", r.city}, es.ErrInvalid, "cli.no_person"},
		"show_nothing":               {[]string{"person", "show"}, es.ErrInvalid, "show ID"},
	} {
		t.Run(name, func(t *testing.T) {
			failed := entente(t, "yes\n", append(c.args, "--actor", "clerk", "--data", r.data)...)
			require.Equal(t, c.code.Exit(), failed.code, failed.err)
			require.Contains(t, failed.err, c.says)
			require.NotContains(t, failed.err, nobodySurname)
			require.Empty(t, failed.out)
			require.Equal(t, 1, strings.Count(failed.err, "\n"), "one sentence: %s", failed.err)
			require.Equal(t, events, count(t, r.data), "something was recorded")
		})
	}
	require.Equal(t, []string{"vault.db"}, r.places(t), "and the vault keeps the data")

	t.Run("authority_by_a_beginning_or_an_event", func(t *testing.T) {
		ok(t, erase(r.who, r.meeting[:17]+"@2", "objection", "--yes", "--actor", "clerk", "--data", r.data)...)
		all := lines(t, ok(t, "log", "--type", "person.erased", "--json", "--data", r.data))
		require.Equal(t, r.meeting+"@2", all[0]["authority"])
	})
	t.Run("no_ledger", func(t *testing.T) {
		data := filepath.Join(t.TempDir(), "data")
		failed := entente(t, "", erase(r.who, r.city, "request", "--yes", "--actor", "clerk", "--data", data)...)
		require.Contains(t, failed.err, "there is no ledger in "+data)
		require.NoDirExists(t, data)
	})
}
