package main

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
)

// TestAxes asks what was known when, and what was recorded when, of every read
// model that is shown.
func TestAxes(t *testing.T) {
	s := secretariat{t, t.TempDir()}
	known := func(command, to, at, payload string) map[string]any {
		return lines(t, ok(t, "do", "--json", "--actor", "clerk", "--data", s.data,
			fmt.Sprintf(`{"command":%q,"to":%q,"knownAt":%q,"payload":%s}`, command, to, at, payload)))[0]
	}
	lviv := known("party.register", "", "2018-01-01T00:00:00Z", `{"kind":"municipality","name":{"lang":"uk","value":"Львів"}}`)["stream"].(string)
	pact := known("memorandum.draft", "", "2018-01-01T00:00:00Z", fmt.Sprintf(
		`{"kind":"mou","titles":[{"lang":"en","value":"Rivers"}],"parties":[{"id":%q}]}`, lviv,
	))["stream"].(string)
	known("memorandum.record_undertaking", pact, "2018-01-01T00:00:00Z", fmt.Sprintf(
		`{"key":"report","by":{"id":%q},"what":{"lang":"en","value":"A report"},"due":"2018-12-31"}`, lviv,
	))
	network := known("network.register", "", "2018-01-01T00:00:00Z", `{"titles":[{"lang":"en","value":"River cities"}]}`)["stream"].(string)
	member := known("membership.register", "", "2018-01-01T00:00:00Z", fmt.Sprintf(`{"network":%q,"party":{"id":%q}}`, network, lviv))["stream"].(string)
	plan := known("actionplan.draft", "", "2018-01-01T00:00:00Z", fmt.Sprintf(`{"titles":[{"lang":"en","value":"Plan"}],"parties":[{"id":%q}]}`, lviv))["stream"].(string)
	held := count(t, s.data) // the sequence of the next event
	signed := known("memorandum.sign", pact, "2018-06-01T00:00:00Z", fmt.Sprintf(`{"fact":{"occurred":"2018-05-01"},"party":{"id":%q}}`, lviv))
	known("membership.admit", member, "2018-06-01T00:00:00Z", `{"fact":{"occurred":"2018-05-01"}}`)
	known("actionplan.approve", plan, "2018-06-01T00:00:00Z", `{"fact":{"occurred":"2018-05-01"}}`)
	known("party.rename", lviv, "2018-06-01T00:00:00Z", `{"name":{"lang":"en","value":"Lviv"}}`)
	known("network.add_title", network, "2018-06-01T00:00:00Z", `{"title":{"lang":"en","value":"Cities on rivers"}}`)
	before, after := []string{"--as-known", "2018-05-31T00:00:00Z"}, []string{"--as-known", "2018-06-01T00:00:00Z"}
	recorded, yesterday := []string{"--as-recorded", strconv.Itoa(held - 1)}, []string{"--as-recorded", time.Now().AddDate(0, 0, -1).Format(time.RFC3339)}
	for name, c := range map[string]struct {
		args []string
		says string // only after the later events
	}{
		"list":         {[]string{"list"}, "open_for_signature"},
		"list_parties": {[]string{"list", "parties"}, "Lviv"},
		"show":         {[]string{"show", pact}, "open_for_signature"},
		"show_party":   {[]string{"show", lviv}, "Lviv"},
		"show_other":   {[]string{"show", member}, "admitted"},
		"statuschart":  {[]string{"statuschart", pact}, "2018-05-01"},
		"roster":       {[]string{"roster", network}, "admitted"},
		"plan":         {[]string{"plan", plan}, "approved"},
		"plans":        {[]string{"plan"}, "approved"},
		"due":          {[]string{"due", "--as-of", "2018-12-01"}, "Lviv"},
		"report":       {[]string{"report", "--from", "2018", "--to", "2018"}, "2018-05-01"},
		"search":       {[]string{"search", "rivers"}, "Cities on rivers"},
		"findings":     {[]string{"findings", "--about", pact}, "signed"},
	} {
		t.Run(name, func(t *testing.T) {
			ask := func(axis []string) string {
				return ok(t, append(append(c.args[:len(c.args):len(c.args)], axis...), "--data", s.data)...)
			}
			require.Contains(t, ask(nil), c.says)
			require.NotContains(t, ask(before), c.says, "as known before")
			require.Contains(t, ask(after), c.says, "as known after")
			require.NotContains(t, ask(recorded), c.says, "as recorded before")
			require.NotContains(t, ask(nil), "*", "nothing is marked if it is not asked for")
			if name != "search" && name != "findings" && name != "list_parties" && name != "show_party" && name != "plans" {
				require.Contains(t, ask(before), "* rests on facts that were recorded after 2018-05-31")
			}
		})
	}
	marked := lines(t, ok(t, "list", "--as-known", "2018-06-01T00:00:00Z", "--json", "--data", s.data))[0]
	require.Contains(t, marked["recordedLater"], signed["revision"].(float64)-1)
	none := lines(t, ok(t, "list", "--json", "--data", s.data))[0]
	require.Empty(t, none["recordedLater"])
	require.Equal(t, "no agreements\n", ok(t, append(append([]string{"list"}, yesterday...), "--data", s.data)...))
	for _, args := range [][]string{
		{"list", "--as-known", "2018"}, {"list", "--as-recorded", "soon"}, {"show", pact, "--as-recorded", "-1"}, {"roster", network, "--as-known", "yesterday"},
	} {
		require.Equal(t, es.ErrInvalid.Exit(), entente(t, "", append(args, "--data", s.data)...).code, args)
	}
}
