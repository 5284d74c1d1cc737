package main

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestProposal(t *testing.T) {
	s := secretariat{t, filepath.Join(t.TempDir(), "data")}
	ask := func(args ...string) string {
		t.Helper()
		return ok(t, append(args, "--data", s.data)...)
	}
	lviv := s.do("party.register", "", `{"kind":"municipality","name":{"lang":"en","value":"Lviv"}}`)
	require.Equal(t, "no proposals\n", ask("proposal", "list"))
	pact := s.do("memorandum.draft", "", fmt.Sprintf(`{"kind":"mou","titles":[{"lang":"en","value":"Rivers"}],"parties":[{"id":%q}]}`, lviv))
	propose := func(id, more string) string {
		return s.do("proposal.make", "", fmt.Sprintf(
			`{"fact":{"occurred":"2026-05-01"},"proposed":{"id":%q,"command":"memorandum.terminate","payload":"{ }","concerns":[%q]%s},"by":"clerk-ada","why":"asked"}`, id, lviv, more,
		))
	}
	ended := propose("0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55", fmt.Sprintf(`,"stream":%q,"at":1`, pact))
	open := propose("0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e56", "")
	s.do("proposal.approve", ended, `{"by":"approver-ben","why":"checked"}`)
	require.Contains(t, ask("proposal", "show", ended), "approved")
	s.do("proposal.fail", ended, `{"code":"memorandum.void","message":"it was recorded in error"}`)

	require.Regexp(t, `^ID +PHASE +COMMAND +ABOUT +BY +ON +WHY +DECIDED BY
`+ended[:17]+` +failed +memorandum.terminate +`+pact[:19]+` +clerk-ada +2026-05-01 +asked +approver-ben
`+open[:17]+` +open +memorandum.terminate +\(new\) +clerk-ada +2026-05-01 +asked
$`, ask("proposal", "list"))
	require.Equal(t, []any{open}, column(lines(t, ask("proposal", "list", "--phase", "open", "--json")), "id"))
	require.Equal(t, []any{ended}, column(lines(t, ask("proposal", "list", "--about", pact[:19], "--json")), "id"))
	require.Equal(t, []any{ended}, column(lines(t, ask("proposal", "list", "--limit", "1", "--json")), "id"))
	require.Equal(t, []any{"open"}, column(lines(t, ask("proposal", "list", "--as-recorded", "3", "--json")), "phase"), "at first")
	require.Equal(t, "no proposals\n", ask("proposal", "list", "--by", "approver-ben"))

	shown := ask("proposal", "show", ended[:17])
	require.Regexp(t, `(?s)^proposal +`+ended+`\nphase +failed\n.*proposed at +revision 1\npayload +{}\nconcerns +`+lviv+
		`\n.*said +checked\nrejected +memorandum.void: it was recorded in error\n$`, shown)
	one := lines(t, ask("proposal", "show", ended, "--json"))[0]
	require.Equal(t, "{ }", one["payload"])
	require.Equal(t, "approver-ben", one["decidedBy"])
	require.NotEmpty(t, one["since"])
	require.Contains(t, ask("history", ended), "approved")
}
