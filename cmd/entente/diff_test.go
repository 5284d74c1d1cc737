package main

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
)

// corrected is a ledger with an agreement, the date of a signature of which was
// misread at first, and a party that was renamed.
type corrected struct {
	secretariat
	pact, lviv, graz string
	signed, moved    int // the sequences after which both had signed, and after the correction
}

const correction = `{"of":3,"reason":"misread","as":{"type":"memorandum.signed","schema":1,"data":{"fact":{"occurred":"2018-04-01"},"party":{"id":%q}}}}`

// correctedPact records everything as known at the instant on its day.
func correctedPact(t *testing.T) (c corrected) {
	c.secretariat = secretariat{t, t.TempDir()}
	known := func(day, command, to, payload string) string {
		return lines(t, ok(t, "do", "--json", "--actor", "clerk", "--data", c.data,
			fmt.Sprintf(`{"command":%q,"to":%q,"knownAt":"%sT00:00:00Z","payload":%s}`, command, to, day, payload)))[0]["stream"].(string)
	}
	city := `{"kind":"municipality","name":{"lang":"en","value":%q}}`
	c.lviv = known("2018-01-01", "party.register", "", fmt.Sprintf(city, "Lwow"))
	c.graz = known("2018-01-01", "party.register", "", fmt.Sprintf(city, "Graz"))
	c.pact = known("2018-02-01", "memorandum.draft", "", fmt.Sprintf(
		`{"kind":"mou","titles":[{"lang":"en","value":"Rivers"}],"parties":[{"id":%q},{"id":%q}]}`, c.lviv, c.graz,
	))
	known("2018-06-01", "memorandum.sign", c.pact, fmt.Sprintf(`{"fact":{"occurred":"2018-03-01"},"party":{"id":%q}}`, c.graz))
	known("2018-06-01", "memorandum.sign", c.pact, fmt.Sprintf(`{"fact":{"occurred":"2018-05-01"},"party":{"id":%q}}`, c.lviv))
	c.signed = count(t, c.data) - 1
	known("2018-07-01", "memorandum.correct", c.pact, fmt.Sprintf(correction, c.lviv))
	c.moved = count(t, c.data) - 1
	known("2018-08-01", "party.rename", c.lviv, `{"name":{"lang":"uk","value":"Львів"}}`)
	return c
}

func (c corrected) ask(args ...string) []map[string]any {
	c.Helper()
	return lines(c.T, ok(c.T, append(args, "--as-of", "2018-04-15", "--json", "--data", c.data)...))
}

// told is what is said of each field: from, to, the types of the events, why.
func told(all []map[string]any) map[string][]any {
	by := map[string][]any{}
	for _, one := range all {
		var types []string
		for _, e := range one["by"].([]any) {
			types = append(types, e.(map[string]any)["type"].(string))
		}
		by[one["field"].(string)] = []any{one["from"], one["to"], strings.Join(types, " "), one["why"]}
	}
	return by
}

func TestDiff(t *testing.T) {
	c := correctedPact(t)
	lviv, graz := "parties["+c.lviv+"].", "parties["+c.graz+"]."
	const entered = "memorandum.corrected memorandum.entry_determined"
	byCorrection := map[string][]any{
		"inForceFrom":       {"2018-05-01", "2018-04-01", entered, "misread"},
		"phase":             {"open_for_signature", "in_force", entered, "misread"},
		lviv + "part":       {nil, "in_force", entered, "misread"},
		lviv + "perhaps[0]": {"invited", nil, "memorandum.corrected", "misread"},
		graz + "part":       {"consented", "in_force", entered, "misread"},
	}
	later := maps.Clone(byCorrection)
	later[lviv+"name"] = []any{"Lwow", "Львів", "party.renamed", ""}
	sinceDraft := map[string][]any{
		"inForceEver":       {"no", "yes", "memorandum.entry_determined", ""},
		"inForceFrom":       {nil, "2018-04-01", entered, "misread"},
		"phase":             {nil, "in_force", entered, "misread"},
		"perhaps[0]":        {"draft", nil, "memorandum.signed", ""},
		lviv + "part":       {nil, "in_force", entered, "misread"},
		lviv + "perhaps[0]": {"invited", nil, "memorandum.corrected", "misread"},
		graz + "part":       {nil, "in_force", entered, "misread"},
		graz + "perhaps[0]": {"invited", nil, "memorandum.signed", ""},
	}
	signed, moved := strconv.Itoa(c.signed), strconv.Itoa(c.moved)
	long, future := "2017-01-01T00:00:00Z", time.Now().AddDate(1, 0, 0).Format(time.RFC3339)
	for name, one := range map[string]struct {
		args []string
		want map[string][]any
	}{
		"between_two_sequences": {[]string{c.pact, "--from", signed, "--to", moved}, byCorrection},
		"until_now":             {[]string{c.pact, "--from", "#" + signed}, later},
		"until_an_instant":      {[]string{c.pact, "--from", signed, "--to", future}, later},
		"as_known":              {[]string{c.pact, "--from-known", "2018-06-30T00:00:00Z", "--to-known", "2018-07-01T00:00:00Z"}, byCorrection},
		"as_known_until_now":    {[]string{c.pact, "--from-known", "2018-06-01T00:00:00Z"}, later},
		"changed_twice":         {[]string{c.pact, "--from-known", "2018-02-01T00:00:00Z", "--to-known", "2018-07-31T00:00:00Z"}, sinceDraft},
		"nothing_held_since":    {[]string{c.pact, "--from", future}, map[string][]any{}},
		"of_something_else":     {[]string{c.graz, "--from", signed}, map[string][]any{}},
		"renamed": {[]string{c.lviv, "--from", moved}, map[string][]any{
			"name.lang":           {"en", "uk", "party.renamed", ""},
			"name.value":          {"Lwow", "Львів", "party.renamed", ""},
			"names[1].text.lang":  {nil, "uk", "party.renamed", ""},
			"names[1].text.value": {nil, "Львів", "party.renamed", ""},
			"names[1].use":        {nil, "official", "party.renamed", ""},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, one.want, told(c.ask(append([]string{"diff"}, one.args...)...)))
		})
	}
	renamed := []string{"diff", c.lviv, "--from", moved, "--to", strconv.Itoa(c.moved + 1)}
	before := c.ask(renamed...)
	for _, name := range []string{"Lviv", "Lemberg"} {
		c.do("party.rename", c.lviv, fmt.Sprintf(`{"name":{"lang":"en","value":%q}}`, name))
	}
	require.Equal(t, before, c.ask(renamed...), "what came after the end changes nothing")
	whole := told(c.ask("diff", c.pact, "--from", long))
	require.Equal(t, []any{nil, "mou", "memorandum.drafted", ""}, whole["kind"])
	require.NotContains(t, whole, "asOf")
	require.NotContains(t, whole, "recordedLater")

	text := ok(t, "diff", c.pact, "--from", signed, "--as-of", "2018-04-15", "--data", c.data)
	require.Regexp(t, `(?m)^inForceFrom +2018-05-01 +2018-04-01 +7 memorandum.corrected, 8 memorandum.entry_determined by clerk, 2.*Z +misread$`, text)
	require.Contains(t, text, "parties["+short(c.lviv)+"].name ")
	require.Equal(t, "nothing changed\n", ok(t, "diff", c.graz, "--from", signed, "--data", c.data))
}

func TestDiffAll(t *testing.T) {
	c := correctedPact(t)
	require.Equal(t, []map[string]any{
		{"id": c.pact, "title": "Rivers", "fields": 6.0},
		{"id": c.lviv, "title": "Львів", "fields": 5.0},
	}, c.ask("diff", "--all", "--from", strconv.Itoa(c.signed)))
	require.Equal(t, []map[string]any{{"id": c.pact, "title": "Rivers", "fields": 5.0}},
		c.ask("diff", "--all", "--from-known", "2018-06-01T00:00:00Z", "--to-known", "2018-07-01T00:00:00Z"))
	c.do("source.register", "", `{"description":{"kind":"web_page","titles":[{"lang":"it","value":"Pagina"}]}}`)
	c.do("memorandum.record_undertaking", c.pact, fmt.Sprintf(`{"key":"report","by":{"id":%q},"what":{"lang":"en","value":"A report"}}`, c.graz))
	since := strconv.Itoa(c.moved + 1)
	require.Equal(t, "nothing changed\n", ok(t, "diff", "--all", "--from", since, "--data", c.data))
}

func TestBlame(t *testing.T) {
	c := correctedPact(t)
	events := map[string][]any{}
	for _, one := range c.ask("blame", c.pact) {
		require.NotNil(t, one["value"])
		for _, e := range one["by"].([]any) {
			field := one["field"].(string)
			events[field] = append(events[field], e.(map[string]any)["sequence"])
		}
	}
	require.Equal(t, []any{7.0, 8.0}, events["inForceFrom"], "the correction, and what follows from it")
	require.Equal(t, []any{6.0}, events["inForceEver"], "what the correction left as it was")
	require.Equal(t, []any{3.0}, events["title.value"])
	require.Equal(t, []any{9.0}, events["parties["+c.lviv+"].name"])
	require.Equal(t, []any{3.0}, events["parties["+c.graz+"].name"])
	require.NotContains(t, events, "reference", "it is empty")
	c.do("memorandum.terminate", c.pact, `{"fact":{"occurred":"2018-04-10"},"reason":"floods"}`)
	ended := c.ask("diff", c.pact, "--from", strconv.Itoa(c.signed))
	require.Equal(t, []any{"open_for_signature", "terminated", "memorandum.terminated", "floods"}, told(ended)["phase"], "the correction before it is no cause")
	require.Regexp(t, `(?m)^inForceFrom +2018-04-01 +7 memorandum.corrected, 8 memorandum.entry_determined +2.*Z +clerk +-$`,
		ok(t, "blame", c.pact, "--as-of", "2018-04-15", "--data", c.data))
}

// TestLastOfSeveral checks that of several events that set the same value the
// last is named, and none if what set it is not among those looked at.
func TestLastOfSeveral(t *testing.T) {
	c := correctedPact(t)
	c.do("party.rename", c.lviv, `{"name":{"lang":"en","value":"Lwow"}}`)
	for _, one := range c.ask("blame", c.lviv) {
		if one["field"] == "name.value" {
			require.Equal(t, "Lwow", one["value"])
			require.Equal(t, count(t, c.data)-1, int(one["by"].([]any)[0].(map[string]any)["sequence"].(float64)))
		}
	}
	ok(t, "do", "--actor", "clerk", "--data", c.data, fmt.Sprintf(
		`{"command":"party.rename","to":%q,"knownAt":"2018-01-15T00:00:00Z","payload":{"name":{"lang":"de","value":"Grätz"}}}`, c.graz,
	))
	known := told(c.ask("diff", c.pact, "--from-known", "2018-01-20T00:00:00Z"))
	require.Equal(t, []any{nil, "Grätz", "", ""}, known["parties["+c.graz+"].name"], "known before, and recorded after the draft")
	require.Equal(t, []any{nil, "Rivers", "memorandum.drafted", ""}, known["title.value"])
}

// TestBlameOfEachKind checks that the event of every field is found, and that
// each part of a list has a path of its own.
func TestBlameOfEachKind(t *testing.T) {
	data := demo(t)
	for _, id := range []string{"network-35", "network-d0", "actionplan-9", "memorandum-ca", "party-75b9a"} {
		paths := map[string]bool{}
		for _, one := range lines(t, ok(t, "blame", id, "--json", "--data", data)) {
			require.NotEmpty(t, one["by"], one["field"])
			require.False(t, paths[one["field"].(string)], one["field"])
			paths[one["field"].(string)] = true
		}
		require.NotEmpty(t, paths)
	}
}

func TestWrongRange(t *testing.T) {
	c := correctedPact(t)
	early, late := "2018-01-01T00:00:00Z", "2018-06-01T00:00:00Z"
	source := c.do("source.register", "", `{"description":{"kind":"web_page","titles":[{"lang":"it","value":"Pagina"}]}}`)
	for name, one := range map[string]struct {
		args []string
		kind es.Kind
		says string
	}{
		"sequences_reversed":   {[]string{"diff", c.pact, "--from", "7", "--to", "5"}, es.ErrInvalid, "cli.bad_range"},
		"beyond_the_end":       {[]string{"diff", c.pact, "--from", "99", "--to", "98"}, es.ErrInvalid, "cli.bad_range"},
		"recorded_reversed":    {[]string{"diff", c.pact, "--from", late, "--to", early}, es.ErrInvalid, "cli.bad_range"},
		"known_reversed":       {[]string{"diff", c.pact, "--from-known", "2018-03-02T00:00:00Z", "--to-known", "2018-03-01T00:00:00Z"}, es.ErrInvalid, "cli.bad_range"},
		"sequence_and_instant": {[]string{"diff", c.pact, "--from", "5", "--to", early}, es.ErrInvalid, "cli.bad_range"},
		"all_reversed":         {[]string{"diff", "--all", "--from", "7", "--to", "5"}, es.ErrInvalid, "cli.bad_range"},
		"no_beginning":         {[]string{"diff", c.pact, "--to", "5"}, es.ErrInvalid, "cli.bad_range"},
		"two_axes":             {[]string{"diff", c.pact, "--from", "5", "--to-known", late}, es.ErrInvalid, "which two states"},
		"the_other_two_axes":   {[]string{"diff", c.pact, "--from-known", early, "--to", "5"}, es.ErrInvalid, "which two states"},
		"both_axes":            {[]string{"diff", c.pact, "--from", "5", "--from-known", early}, es.ErrInvalid, "cli.bad_range"},
		"neither_id_nor_all":   {[]string{"diff", "--from", "5"}, es.ErrInvalid, "--all"},
		"both_id_and_all":      {[]string{"diff", c.pact, "--all", "--from", "5"}, es.ErrInvalid, "--all"},
		"not_an_instant":       {[]string{"diff", c.pact, "--from", "soon"}, es.ErrInvalid, "soon"},
		"not_a_date":           {[]string{"blame", c.pact, "--as-of", "soon"}, es.ErrInvalid, "soon"},
		"of_a_source":          {[]string{"blame", source}, es.ErrInvalid, "cli.not_compared"},
		"no_such_prefix":       {[]string{"diff", "party-ffffffff", "--from", "5"}, es.ErrNotFound, "party-ffffffff"},
		"no_such_id":           {[]string{"blame", "party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55"}, es.ErrNotFound, "party-0192d1c4"},
	} {
		t.Run(name, func(t *testing.T) {
			r := entente(t, "", append(one.args, "--data", c.data)...)
			require.Equal(t, one.kind.Exit(), r.code, r.err)
			require.Contains(t, r.err, one.says)
			require.Empty(t, r.out)
		})
	}
}
