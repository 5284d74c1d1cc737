package main

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
)

// TestExplain asks why Ancona and Ikoma's agreement is in force, and why it does
// not end although a text says that it was launched anew.
func TestExplain(t *testing.T) {
	data := demo(t)
	var id string
	for _, a := range lines(t, ok(t, "list", "--json", "--data", data)) {
		if a["title"].(map[string]any)["value"] == "Ikoma_Ancona_Agreement" {
			id = a["id"].(string)
		}
	}
	require.NotEmpty(t, id)
	sequences := map[string][]string{} // of the agreement's events, by type
	for _, e := range lines(t, ok(t, "history", id, "--json", "--data", data)) {
		sequences[e["type"].(string)] = append(sequences[e["type"].(string)], strconv.Itoa(int(e["sequence"].(float64))))
	}
	drafted, signed, renewed := sequences["memorandum.drafted"][0], sequences["memorandum.signed"], sequences["memorandum.renewed"][0]
	explain := func(args ...string) (text string, answer map[string]any) {
		args = append(append([]string{"explain", id}, args...), "--data", data)
		return ok(t, args...), lines(t, ok(t, append(args, "--json")...))[0]
	}
	// told are the sequences of what an answer names.
	told := func(of any) []string {
		all := []string{}
		for _, e := range of.([]any) {
			all = append(all, strconv.Itoa(int(e.(map[string]any)["sequence"].(float64))))
		}
		return all
	}

	t.Run("in_force_from", func(t *testing.T) {
		text, x := explain("inForceFrom")
		require.Equal(t, "[..2019-11-30]", x["answer"])
		require.Equal(t, []string{drafted, signed[0], signed[1]}, told(x["used"]))
		require.Empty(t, x["ignored"])
		require.Equal(t, id, x["id"])
		require.Equal(t, "inForceFrom", x["field"])
		require.True(t, strings.HasPrefix(text, "inForceFrom: [..2019-11-30]\nrule: all parties: the terms are silent"), text)
		require.Contains(t, text, "VCLT art. 24(2)")
		require.Regexp(t, `\nUSED\nEVENT  TYPE +DATE +SOURCE\n#`+drafted+` +drafted +- +source-`, text)
		require.Regexp(t, `\n#`+signed[1]+` +signed, 生駒市 +\[\.\.2019-11\] +source-\w+ paragraph 7\n`, text)
		require.NotContains(t, text, "IGNORED")
	})
	t.Run("ends", func(t *testing.T) {
		text, x := explain("ends")
		require.Equal(t, "no end", x["answer"])
		require.Equal(t, "the terms set no end", x["rule"])
		require.Equal(t, []string{renewed}, told(x["ignored"]))
		require.Regexp(t, `\nIGNORED\nEVENT  TYPE +WHY\n#`+renewed+` +renewed +claimed: `, text)
	})
	t.Run("phase_and_part", func(t *testing.T) {
		text, x := explain("phase")
		require.Equal(t, []string{drafted, signed[0], sequences["memorandum.entry_determined"][0]}, told(x["spans"]))
		require.Regexp(t, `\nPHASE\nEVENT  TYPE +DATE +WHY\n#`+drafted+` +draft `, text)
		text, _ = explain("part")
		require.Regexp(t, `#`+signed[1]+` +consented, 生駒市 `, text)
	})
	t.Run("by_another_knowledge", func(t *testing.T) {
		_, x := explain("inForceFrom", "--as-recorded", signed[0])
		require.Equal(t, "not in force", x["answer"])
		require.Equal(t, []string{drafted, signed[0]}, told(x["used"]))
		_, x = explain("inForceFrom", "--as-recorded", signed[1])
		require.Equal(t, []string{drafted, signed[0], signed[1]}, told(x["used"]))
		for _, axis := range []string{"--as-known", "--as-recorded"} {
			r := entente(t, "", "explain", id, "phase", axis, "2001-01-01T00:00:00Z", "--data", data)
			require.Equal(t, es.ErrNotFound.Exit(), r.code, axis)
		}
	})
	t.Run("in_doubt", func(t *testing.T) {
		determined := `{"command":"memorandum.dispute","to":"` + id + `","payload":{"of":5,"grounds":"never in force"}}`
		_, x := explain("phase")
		require.Empty(t, x["spans"].([]any)[2].(map[string]any)["why"])
		ok(t, "do", "--actor", "clerk", "--data", data, determined)
		_, x = explain("phase")
		require.Equal(t, "in doubt", x["spans"].([]any)[2].(map[string]any)["why"])
	})
	t.Run("says_by_which_event", func(t *testing.T) {
		ok(t, "do", "--actor", "clerk", "--data", data,
			`{"command":"memorandum.dispute","to":"`+id+`","payload":{"of":3,"grounds":"never happened"}}`)
		text, x := explain("inForceFrom")
		require.Contains(t, told(x["ignored"]), signed[0])
		disputes := lines(t, ok(t, "log", "--type", "memorandum.disputed", "--json", "--data", data))
		last := disputes[len(disputes)-1]["sequence"].(float64)
		require.Contains(t, text, "disputed, without a ruling (#"+strconv.Itoa(int(last))+")")
	})
	t.Run("marks_what_was_recorded_later", func(t *testing.T) {
		own, streams := ledgerWith(t, ancona, `{"command":"memorandum.draft","knownAt":"2018-01-01T00:00:00Z",
			"payload":{"kind":"mou","titles":[{"lang":"en","value":"Rivers"}],"open":true}}`)
		text := ok(t, "explain", streams[1], "phase", "--as-known", "2018-06-01T00:00:00Z", "--data", own)
		require.Equal(t, 2, strings.Count(text, "#2*"), text)
		require.Contains(t, text, "* rests on facts that were recorded after 2018-06-01")
		require.NotContains(t, ok(t, "explain", streams[1], "phase", "--data", own), "*")
	})
	t.Run("not_explained", func(t *testing.T) {
		r := entente(t, "", "explain", id, "title", "--data", data)
		require.Equal(t, es.ErrInvalid.Exit(), r.code)
		require.Contains(t, r.err, "FIELD: terms.bad_word")
		party := lines(t, ok(t, "list", "parties", "--json", "--data", data))[0]["id"].(string)
		require.Contains(t, entente(t, "", "explain", party, "phase", "--data", data).err, "cli.usage")
	})
}
