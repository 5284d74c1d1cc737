package access_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
)

func TestParse(t *testing.T) {
	const fine = `@id("fine") permit (principal, action, resource);` + "\n"
	for name, c := range map[string]struct{ text, want string }{
		"nothing":            {"// nobody\n", "own.cedar has no policy"},
		"not_cedar":          {fine + "allow everybody;", "own.cedar:2:7"},
		"unknown_action":     {fine + `@id("a") permit (principal, action == Action::"raed", resource);`, `own.cedar:2:39: policy a: unrecognized action`},
		"unknown_attribute":  {fine + `@id("a") permit (principal, action, resource) when { resource.visible };`, "own.cedar:2:63: policy a: attribute `visible`"},
		"unknown_context":    {fine + `@id("a") permit (principal, action, resource) when { context.lone };`, "own.cedar:2:62"},
		"unknown_type":       {fine + `@id("a") permit (principal == User::"x", action, resource);`, "own.cedar:2:31"},
		"unknown_role":       {fine + `@id("a") permit (principal in Role::"clrek", action, resource);`, `own.cedar:2:31: policy a: there is no Role::"clrek"`},
		"unknown_role_among": {fine + `@id("a") permit (principal, action, resource) when { principal in [Role::"clerk", Role::"x"] };`, `own.cedar:2:83: policy a: there is no Role::"x"`},
		"unknown_visibility": {fine + `@id("a") permit (principal, action, resource) when { resource.visibility == Visibility::"open" };`, "own.cedar:2:77"},
		"unknown_command": {
			fine + `@id("a") forbid (principal, action, resource)` + "\n" + `when { [Command::"memorandum.end"].contains(context.command) };`,
			`own.cedar:3:9: policy a: there is no Command::"memorandum.end"`,
		},
		"wrong_type":      {fine + `@id("a") permit (principal, action, resource) when { resource.kind == "memorandum" };`, "own.cedar:2:1: policy a"},
		"no_id":           {fine + "permit (principal, action, resource);", "own.cedar:2:1: the policy has no @id"},
		"id_of_another":   {fine + fine, "own.cedar:2:1"},
		"columns_counted": {fine + `@id("a") @says("é") permit (principal in Role::"x", action, resource);`, "own.cedar:2:42"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := access.Parse("own.cedar", []byte(c.text))
			require.ErrorIs(t, err, es.ErrInvalid)
			require.ErrorIs(t, err, &es.Error{Code: "access.bad_policy"})
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), access.PolicyFile)
	p, err := access.Load(path)
	require.NoError(t, err)
	require.Equal(t, access.DefaultPolicy, p.Text(), "none of its own")

	// A site asks for a second person when an agreement is suspended, and not when a network ends.
	own := strings.Replace(string(access.DefaultPolicy), `Command::"network.dissolve"`, `Command::"memorandum.suspend"`, 1)
	require.NoError(t, os.WriteFile(path, []byte(own), 0o600))
	p, err = access.Load(path)
	require.NoError(t, err)
	for command, needed := range map[string]bool{"network.dissolve": false, "memorandum.suspend": true} {
		d := p.Decide(access.Request{Who: who(access.RoleRegistrar), Action: access.Record, Command: command, Alone: true})
		require.Equal(t, needed, d.ApprovalNeeded, command)
		require.Equal(t, !needed, d.Allowed, command)
	}
	_, err = access.Load(t.TempDir())
	require.ErrorContains(t, err, "read the policy")
}

// TestDefaultIsExplained fails if a policy has no sentence for people.
func TestDefaultIsExplained(t *testing.T) {
	p := byDefault(t)
	n := 0
	for id := range p.All() {
		require.NotEmpty(t, p.Says(string(id)), id)
		n++
	}
	require.Greater(t, n, 10)
	require.Empty(t, p.Says("no-such-policy"))
}

// TestFailsClosed: a policy that forbids, but cannot be evaluated, refuses.
func TestFailsClosed(t *testing.T) {
	p, err := access.Parse("p", []byte(`@id("all") permit (principal, action, resource);
		@id("breaks") forbid (principal, action, resource) when { 9223372036854775807 + 1 == 1 };`))
	require.NoError(t, err)
	require.Equal(t, access.Decision{Policies: []string{"breaks"}}, p.Decide(access.Request{Who: who(access.RoleReader), Action: access.Read}))
}

func TestWords(t *testing.T) {
	var r access.Role
	require.NoError(t, r.UnmarshalText([]byte("clerk")))
	require.Equal(t, access.RoleClerk, r)
	require.ErrorIs(t, r.UnmarshalText([]byte("boss")), es.ErrInvalid)
	var a access.Action
	require.NoError(t, a.UnmarshalText([]byte("review_access")))
	require.ErrorIs(t, a.UnmarshalText(nil), es.ErrInvalid)
}
