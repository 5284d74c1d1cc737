package main

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
)

// TestPart enters a row of an older register, found long after, and one of
// another register that says otherwise.
func TestPart(t *testing.T) {
	const draft = `{"command":"memorandum.draft","knownAt":"2018-01-01T00:00:00Z","payload":{"kind":"mou","titles":[{"lang":"en","value":"Rivers"}]}}`
	data, streams := ledgerWith(t, ancona, draft)
	city, pact := streams[0], streams[1]
	row := func(known, state, more string) string {
		return fmt.Sprintf(`{"command":"memorandum.carry_over_part","to":%q,"knownAt":%q,"payload":{"fact":{"occurred":"2015"},"party":{"id":%q},"state":%q%s}}`,
			pact, known, city, state, more)
	}
	do := func(command string) string { return ok(t, "do", "--actor", "clerk", "--data", data, command) }
	require.Contains(t, do(row("2018-06-01T00:00:00Z", "in_force", `,"since":"2012-05-01"`)), "recorded memorandum.part_carried_over")
	require.Contains(t, do(row("2018-07-01T00:00:00Z", "withdrawn", `,"since":"2014"`)), "recorded memorandum.part_carried_over")

	ask := func(args ...string) string { return ok(t, append(args, "--data", data)...) }
	t.Run("as_of", func(t *testing.T) {
		require.Regexp(t, `\nAncona +in_force +2012-05-01 `, ask("show", pact, "--as-of", "2012-05-01"))
		require.NotContains(t, ask("show", pact, "--as-of", "2012-04-30"), "in_force  2012")
	})
	t.Run("as_known", func(t *testing.T) {
		require.NotContains(t, ask("show", pact, "--as-known", "2018-05-31T00:00:00Z"), "2012-05-01")
		after := ask("show", pact, "--as-known", "2018-06-01T00:00:00Z")
		require.Regexp(t, `\nparty-\w+ +in_force +2012-05-01\* `, after)
		require.Contains(t, after, "* rests on facts that were recorded after 2018-06-01")
		require.NotContains(t, after, "memorandum.competing", "the other register was not known")
		require.NotContains(t, ask("show", pact, "--as-recorded", "2"), "2012-05-01")
	})
	t.Run("says_so_in_a_line", func(t *testing.T) {
		require.Regexp(t, `part_carried_over +2015 .*party: Ancona; state: in_force; since: 2012-05-01\n`, ask("history", pact))
		require.Regexp(t, `memorandum.competing .*#3 #5 part_carried_over`, ask("findings"))
		require.Regexp(t, `#3 +part_carried_over, Ancona +2015 (.|\n)*IGNORED\n.*\n#5 +part_carried_over, Ancona +competing: the first recorded stands \(#3\)`,
			ask("explain", pact, "part"))
	})
	t.Run("wrong_input", func(t *testing.T) {
		r := entente(t, "", "do", "--actor", "clerk", "--data", data, row("2018-08-01T00:00:00Z", "ratified", ""))
		require.Equal(t, es.ErrInvalid.Exit(), r.code)
		require.Contains(t, r.err, "(at /state); expected one of invited, signatory")
	})
}
