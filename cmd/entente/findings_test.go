package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRemedy(t *testing.T) {
	duplicates := func(t *testing.T, data string, args ...string) []map[string]any {
		t.Helper()
		return lines(t, ok(t, append([]string{"findings", "--json", "--code", "party.duplicate", "--data", data}, args...)...))
	}
	greek := strings.NewReplacer("Ancona", "Θεσσαλονίκη", `"kind"`, `"country":"GR","kind"`).Replace(ancona)
	latin := strings.Replace(greek, "Θεσσαλονίκη", "Thessaloniki", 1)
	t.Run("the_command_links_the_two", func(t *testing.T) {
		data, streams := ledgerWith(t, greek, latin)
		found := duplicates(t, data)
		require.Len(t, found, 1)
		require.Equal(t, "entente party link "+short(streams[1])+" "+short(streams[0])+" --reason 'one party, recorded twice'", found[0]["remedy"])
		require.Contains(t, ok(t, "findings", "--data", data), "  "+found[0]["remedy"].(string)+"\n")
		words, reason, _ := strings.Cut(found[0]["remedy"].(string), "'")
		args := append(strings.Fields(words)[1:], strings.TrimSuffix(reason, "'"), "--actor", "clerk", "--data", data)
		ok(t, args...)
		require.Empty(t, duplicates(t, data))
		require.Contains(t, ok(t, "show", streams[1], "--data", data), "linked_to Θεσσαλονίκη")
		past := duplicates(t, data, "--as-recorded", "2")
		require.Len(t, past, 1)
		require.Empty(t, past[0]["remedy"], "it was linked since")
	})
	t.Run("none_for_what_was_accepted", func(t *testing.T) {
		data, _ := ledgerWith(t, greek, latin)
		ok(t, "finding", "accept", duplicates(t, data)[0]["id"].(string), "--reason", "two cities", "--actor", "clerk", "--data", data)
		accepted := duplicates(t, data, "--all")
		require.Len(t, accepted, 1)
		require.Empty(t, accepted[0]["remedy"])
		require.NotContains(t, ok(t, "findings", "--all", "--data", data), "party link")
	})
	t.Run("only_a_party_is_linked", func(t *testing.T) {
		network := `{"command":"network.register","payload":{"titles":[{"lang":"en","value":"Rivers"}]}}`
		data, streams := ledgerWith(t, strings.Replace(ancona, "municipality", "network", 1), strings.Replace(network, "Rivers", "Ancona", 1), network, network)
		found := duplicates(t, data)
		require.Len(t, found, 2)
		require.Contains(t, found[0]["remedy"], short(streams[0])+" "+short(streams[1]))
		require.Empty(t, found[1]["remedy"], "two networks")
	})
}
