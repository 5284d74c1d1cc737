package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
)

// TestRoster shows the networks of the demo.
func TestRoster(t *testing.T) {
	data := demo(t)
	greek := ok(t, "roster", "CITIES network for integration", "--data", data)
	for _, line := range []string{
		"as of ", ": founded\n",
		"open to join: Άλλοι δήμοι (announced)\n",
		"Δήμος Θεσσαλονίκης  founder  admitted                    2018\n",
		"Δήμος Σερρών        -        perhaps admitted or signed  unknown date\n",
		"\n8 present at activities and no member: Δήμος Αγίου Δημητρίου, ",
		"\n1 present as guest and no member: ",
		"\n4 not named, of 21 present at Meeting of the Cities Network for Integration\n",
	} {
		require.Contains(t, greek, line)
	}
	id := strings.TrimSuffix(strings.Fields(greek[strings.Index(greek, "network-"):])[0], ",")
	require.Equal(t, greek, ok(t, "roster", id[:14], "--data", data))

	strong := ok(t, "roster", "Strong Cities Network", "--data", data)
	for _, line := range []string{
		"\nonly announced\n",
		"\nlaunched: 2015-09-29T16:00-04:00/2015-09-29T17:30-04:00, announced\n",
		"\nsecretariat: Institute for Strategic Dialogue (host, announced)\n",
		"International Steering Committee  steering  about 25, 0 filled  strategic direction  announced\n",
		"\nno members\n",
		"\n2 memberships are only claimed: Oslo, Montréal\n",
	} {
		require.Contains(t, strong, line)
	}

	object := lines(t, ok(t, "roster", "Cities Network for Integration", "--as-of", "2019", "--json", "--data", data))[0]
	require.Equal(t, []any{id, "founded", "2019"}, []any{object["id"], object["phase"], object["asOf"]})
	require.Len(t, object["members"], 9)
	require.Len(t, object["present"], 9)
	require.EqualValues(t, 4, object["unnamed"].([]any)[0].(map[string]any)["unnamed"])

	for text, want := range map[string]struct {
		kind es.Kind
		says string
	}{
		"Athens":   {es.ErrNotFound, "Strong Cities Network (network-"},
		"network-": {es.ErrInvalid, "history.ambiguous"},
	} {
		r := entente(t, "", "roster", text, "--data", data)
		require.Equal(t, want.kind.Exit(), r.code, text)
		require.Contains(t, r.err, want.says)
	}
}

func TestRosterOfOneName(t *testing.T) {
	const network = `{"command":"network.register","payload":{"titles":[{"lang":"en","value":"Rivers"}]}}`
	data, streams := ledgerWith(t, network, network,
		`{"command":"network.register","payload":{"fact":{"status":"disputed"},"titles":[{"lang":"en","value":"Lakes"}],"purpose":{"lang":"en","value":"clean water"}}}`)
	r := entente(t, "", "roster", "rivers", "--data", data)
	require.Equal(t, es.ErrInvalid.Exit(), r.code)
	require.Contains(t, r.err, streams[0])
	require.Contains(t, r.err, streams[1])
	require.Contains(t, ok(t, "roster", "Lakes", "--data", data), "\ndisputed\n")
}
