package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
)

// owing is a ledger with an agreement under which one party owes a report every
// half year, and has a mayor and perhaps a focal point, and another a fee.
type owing struct {
	secretariat
	lviv, graz, pact, mayor, focal string
}

func newOwing(t *testing.T) owing {
	t.Helper()
	o := owing{secretariat: secretariat{t, filepath.Join(t.TempDir(), "data")}}
	city := func(name string) string {
		return o.do("party.register", "", `{"kind":"municipality","name":{"lang":"en","value":"`+name+`"}}`)
	}
	o.lviv, o.graz = city("Lviv"), city("Graz")
	o.pact = o.do("memorandum.draft", "", fmt.Sprintf(
		`{"kind":"mou","titles":[{"lang":"en","value":"Rivers"}],"parties":[{"id":%q},{"id":%q}],"terms":{"duration":"P2Y"}}`, o.lviv, o.graz,
	))
	for _, id := range []string{o.lviv, o.graz} {
		o.do("memorandum.sign", o.pact, fmt.Sprintf(`{"fact":{"occurred":"2018-05-01"},"party":{"id":%q}}`, id))
	}
	o.do("memorandum.record_undertaking", o.pact, fmt.Sprintf(
		`{"key":"report","by":{"id":%q},"to":{"id":%q},"what":{"lang":"en","value":"A report"},"due":"2019-01-31","every":"P6M"}`, o.lviv, o.graz,
	))
	o.do("memorandum.record_undertaking", o.pact, fmt.Sprintf(
		`{"key":"fee","by":{"id":%q},"what":{"lang":"en","value":"The fee"},"due":"2019-03-31"}`, o.graz,
	))
	person := func(vault string) string {
		r := lines(t, ok(t, "do", "--json", "--actor", "clerk", "--data", o.data, `{"command":"person.register","vault":`+vault+`}`))
		return r[0]["stream"].(string)
	}
	o.mayor, o.focal = person(`{"name":"`+nobody+`","contact":"mira@example.org\nRynok 1"}`), person(`{"name":"Anton Muster"}`)
	hold := func(who, from, title, until string) {
		o.do("person.hold_function", who, fmt.Sprintf(
			`{"fact":{"occurred":%q},"function":{"lang":"en","value":%q},"at":%q,"until":%q}`, from, title, o.lviv, until,
		))
	}
	hold(o.mayor, "2014-06", "mayor", "")
	hold(o.focal, "2018", "focal point", "2019")
	hold(o.focal, "2010", "clerk", "2018-05")
	return o
}

// ask asks with an identity.
func (o owing) ask(args ...string) string {
	o.Helper()
	return ok(o.T, append(args, "--actor", "clerk", "--data", o.data)...)
}

func TestDue_by_party(t *testing.T) {
	o := newOwing(t)
	late := []string{"due", "--overdue", "--as-of", "2019-12-01"}
	with := func(more ...string) []map[string]any {
		return lines(t, o.ask(append(slices.Concat(late, more), "--json")...))
	}
	require.Equal(t, []any{"2019-01-31", "2019-03-31", "2019-07-31"}, column(with(), "on"))
	require.Equal(t, []any{"Graz", "Lviv", "Lviv"}, column(with("--by", "party"), "byName"))
	require.Equal(t, []any{"2019-03-31", "2019-01-31", "2019-07-31"}, column(with("--by", "party"), "on"))
	require.Equal(t, []any{"The fee"}, column(with("--by", o.graz), "what"), "what it owes")
	require.Len(t, with("--party", o.graz), 3, "what it owes and is owed")
	require.Len(t, with("--party", o.graz[:14], "--by", o.lviv), 2)

	out := o.ask("due", "--as-of", "2019-01-15", "--within", "2y", "--by", "party")
	require.Regexp(t, `(?s)^Graz  `+o.graz[:14]+`\nDUE .*2019-03-31 .*The fee.*\n\nLviv  `+o.lviv[:14]+
		`\nDUE .*2019-01-31 .*A report .*Graz\n.*\n\nnobody in particular\nDUE .*2020-05-01 +expiry`, out)
	require.Equal(t, "nothing is due\n", o.ask("due", "--by", "party", "--as-of", "2010"))
	held := o.ask(append(late, "--by", "party", "--as-known", "2015-01-01T00:00:00Z")...)
	require.Equal(t, "nothing is due\n", held)
	for _, args := range [][]string{{"--by", "Lviv"}, {"--by", o.pact}, {"--party", o.mayor}, {"--party", "party-ffffffff"}} {
		r := entente(t, "", append(args, "--data", o.data, "due")...)
		require.NotZero(t, r.code, args)
		require.Contains(t, r.err, args[0]+":", args)
	}
}

func column(rows []map[string]any, name string) (all []any) {
	for _, row := range rows {
		value := row[name]
		if text, ok := value.(map[string]any); ok {
			value = text["value"]
		}
		all = append(all, value)
	}
	return all
}

func TestDue_contacts(t *testing.T) {
	o := newOwing(t)
	question := []string{"due", "--overdue", "--contacts", "--as-of"}
	grouped := o.ask(append(question, "2019-02-15", "--by", "party")...)
	require.Contains(t, grouped, "\n  mayor, "+nobody+", mira@example.org, Rynok 1\n  focal point (perhaps), Anton Muster\nDUE")
	require.NotContains(t, grouped, "clerk", "no longer")
	require.Regexp(t, `Lviv +Graz +mayor, `+nobody+`, mira@example.org, Rynok 1; focal point`, o.ask(append(question, "2019-02-15")...))
	require.NotContains(t, o.ask(append(question, "2020")...), "focal point")

	all := lines(t, o.ask(append(question, "2019-02-15", "--json")...))
	require.Equal(t, []any{
		map[string]any{"person": o.mayor, "name": nobody, "function": map[string]any{"lang": "en", "value": "mayor"}, "held": "yes", "contact": "mira@example.org\nRynok 1"},
		map[string]any{"person": o.focal, "name": "Anton Muster", "function": map[string]any{"lang": "en", "value": "focal point"}, "held": "undecidable", "contact": ""},
	}, all[0]["contacts"])
	require.Equal(t, nobody, all[0]["contactNames"], "of whom there is something to reach them")
	require.Equal(t, "mira@example.org\nRynok 1", all[0]["contactAddresses"])
	require.NotContains(t, lines(t, ok(t, "due", "--overdue", "--json", "--data", o.data))[0], "contacts", "not asked for")
	letters := ok(t, "--actor", "clerk", "--data", o.data, "export", "--format", "csv", "due", "--overdue", "--contacts", "--as-of", "2019-02-15")
	require.Contains(t, letters, `,`+nobody+`,"mira@example.org`)

	require.NoError(t, os.MkdirAll(filepath.Join(o.data, "documents"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(o.data, "documents", "minutes.txt"), nil, 0o600))
	kept := record{data: o.data, salt: []byte("no salt is looked for")}
	require.Equal(t, []string{"vault.db"}, kept.places(t), "what was shown is kept nowhere else")

	t.Run("who_does_not_say_who_they_are", func(t *testing.T) {
		t.Setenv("ENTENTE_ACTOR", "")
		t.Setenv("XDG_CONFIG_HOME", t.TempDir())
		t.Setenv("HOME", t.TempDir())
		r := entente(t, "", "due", "--overdue", "--contacts", "--data", o.data)
		require.Equal(t, es.ErrInvalid.Exit(), r.code)
		require.Contains(t, r.err, "--contacts: cli.no_actor")
		require.Empty(t, r.out)
	})
	t.Run("erased", func(t *testing.T) {
		ok(t, "person", "erase", o.mayor, "--authority", o.lviv, "--reason", "request", "--yes", "--actor", "clerk", "--data", o.data)
		out := o.ask(append(question, "2019-02-15", "--by", "party")...)
		require.Contains(t, out, "\n  mayor, erased\n")
		all := o.ask(append(question, "2019-02-15", "--json")...)
		require.NotContains(t, out+all, nobodySurname)
		require.NotContains(t, out+all, nobodyContact)
		require.Empty(t, kept.places(t))
	})
}

func TestRemind(t *testing.T) {
	o := newOwing(t)
	sent := func(on string) []any {
		return column(lines(t, o.ask("due", "--overdue", "--as-of", on, "--json")), "reminded")
	}
	remind := func(args ...string) string { return o.ask(append([]string{"remind", o.pact[:19]}, args...)...) }
	require.Equal(t, []any{"", "", ""}, sent("2019-12-01"))
	require.Contains(t, remind("--overdue", "--by", o.lviv, "--sent", "2019-08-15", "--dry-run"), "would record memorandum.notified")
	require.Equal(t, []any{"", "", ""}, sent("2019-12-01"), "a dry run records nothing")

	out := remind("--overdue", "--by", o.lviv[:14], "--sent", "2019-08-15")
	require.Equal(t, 2, strings.Count(out, "recorded memorandum.notified"))
	require.Contains(t, out, `"to":["`+o.lviv+`"],"concerning":6,"due":"2019-07-31"`)
	events := count(t, o.data)
	require.Equal(t, 2, strings.Count(remind("--overdue", "--by", o.lviv, "--sent", "2019-08-15"), "nothing new"))
	require.Equal(t, events, count(t, o.data))
	require.Equal(t, []any{"2019-08-15", "", "2019-08-15"}, sent("2019-12-01"))
	require.Equal(t, []any{"", "", ""}, sent("2019-08-14"), "not yet sent")
	remind("--overdue", "--of", "6", "--sent", "2019-09", "--to", o.graz, "--to", o.lviv)
	require.Equal(t, []any{"2019-09", "", "2019-09"}, sent("2019-12-01"))
	require.Regexp(t, `2019-07-31 .* 2019-09 \(perhaps later\)\n`, o.ask("due", "--overdue", "--as-of", "2019-09-15"))
	o.do("memorandum.void", o.pact, fmt.Sprintf(`{"of":%d,"reason":"it was never posted"}`, len(lines(t, ok(t, "history", o.pact, "--json", "--data", o.data)))))
	require.Equal(t, []any{"2019-09", "", "2019-08-15"}, sent("2019-12-01"))
	require.Equal(t, []any{"", "", ""}, column(lines(t, o.ask("due", "--overdue", "--as-of", "2019-12-01", "--json", "--as-recorded", fmt.Sprint(events-3))), "reminded"))

	t.Run("soon_and_from_a_source", func(t *testing.T) {
		source := o.do("source.register", "", `{"description":{"kind":"letter","titles":[{"lang":"en","value":"Letter 12"}]}}`)
		out := remind("--within", "1m", "--sent", "2019-03-15", "--source", source[:15], "--locator", "p. 1")
		require.Equal(t, 1, strings.Count(out, "recorded memorandum.notified"))
		require.Contains(t, out, `"source":{"id":"`+source+`","locator":"p. 1"}`)
		require.Regexp(t, `The fee .*Graz +2019-03-15\n`, o.ask("due", "--as-of", "2019-03-16"))
	})
	t.Run("of_what_concerns_nobody", func(t *testing.T) {
		before := count(t, o.data)
		r := entente(t, "", "remind", o.pact, "--sent", "2020-04-01", "--actor", "clerk", "--data", o.data)
		require.Contains(t, r.err, "cli.no_addressee")
		require.Equal(t, before, count(t, o.data), "nor of anything else")
		require.Contains(t, remind("--sent", "2020-04-01", "--to", o.graz), "recorded")
	})
	require.Equal(t, "nothing is due\n", remind("--sent", "2010-01-01"))
	member := o.do("membership.register", "", fmt.Sprintf(`{"network":%q,"party":{"id":%q}}`,
		o.do("network.register", "", `{"titles":[{"lang":"en","value":"River cities"}]}`), o.graz))
	for code, args := range map[string][]string{
		"cli.no_reminders":   {member},
		"--sent 2999 has":    {o.pact, "--sent", "2999"},
		"cli.bad_date":       {o.pact, "--sent", "soon"},
		"--within \"soon\"":  {o.pact, "--within", "soon"},
		"--by: ":             {o.pact, "--by", o.pact},
		"--to: ":             {o.pact, "--to", o.mayor},
		"--source: ":         {o.pact, "--source", o.lviv},
		"history.no_stream":  {"memorandum-ffffffff"},
		"accepts 1 arg":      {},
		"ledger.unknown_ref": {o.pact, "--overdue", "--to", "party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55"},
	} {
		r := entente(t, "", append(append([]string{"remind"}, args...), "--actor", "clerk", "--data", o.data)...)
		require.NotZero(t, r.code, code)
		require.Contains(t, r.err, code)
		require.Empty(t, r.out)
	}
}
