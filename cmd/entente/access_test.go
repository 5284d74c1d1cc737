package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
)

// gated returns a folder with a ledger, and what runs commands on it as an
// administrator.
func gated(t *testing.T) (data, party string, do func(args ...string) string) {
	t.Helper()
	data, streams := ledgerWith(t, ancona)
	return data, streams[0], func(args ...string) string {
		t.Helper()
		return ok(t, append(args, "--actor", "id-admin", "--data", data)...)
	}
}

func TestToken(t *testing.T) {
	data, party, do := gated(t)
	made := lines(t, do("token", "create", "--json", "--name", "Mira Koval", "--role", "clerk", "--for", party[:12], "--expires", "2030-01-01T00:00:00Z"))[0]
	id, token := made["identity"].(string), made["token"].(string)
	registry, err := access.OpenRegistry(t.Context(), filepath.Join(data, access.RegistryFile), access.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = registry.Close() })
	authenticate := func(token string) (access.Identity, error) { return registry.Authenticate(context.Background(), token) }

	t.Run("is_for_the_identity", func(t *testing.T) {
		who, err := authenticate(token)
		require.NoError(t, err)
		until := time.Date(2030, time.January, 1, 0, 0, 0, 0, time.UTC)
		require.Equal(t, access.Identity{ID: id, Roles: []access.Role{access.RoleClerk}, For: []string{party}, Until: until}, who)
		require.Equal(t, "2030-01-01T00:00:00.000000Z", made["expires"])
	})
	t.Run("shown_once", func(t *testing.T) {
		listed := do("token", "list", "--identity", id[:11])
		require.Contains(t, listed, made["prefix"])
		require.NotContains(t, listed+do("token", "list", "--json"), token[12:])
		require.Contains(t, do("token", "create", "--identity", id), "it is not shown again")
	})
	t.Run("name_in_the_vault_only", func(t *testing.T) {
		require.Contains(t, do("identity", "list"), "Mira Koval")
		require.Contains(t, do("identity", "show", id[:11]), "Mira Koval")
		for _, file := range []string{access.RegistryFile, access.RegistryFile + "-wal", access.JournalFile} {
			content, err := os.ReadFile(filepath.Join(data, file))
			if !os.IsNotExist(err) {
				require.NoError(t, err)
			}
			require.NotContains(t, string(content), "Mira", file)
		}
	})
	t.Run("revoked", func(t *testing.T) {
		do("token", "revoke", made["prefix"].(string))
		again, err := access.OpenRegistry(t.Context(), filepath.Join(data, access.RegistryFile), access.Options{})
		require.NoError(t, err)
		defer func() { _ = again.Close() }()
		_, err = again.Authenticate(t.Context(), token)
		require.ErrorIs(t, err, &es.Error{Code: "access.revoked"})
	})
	t.Run("refused", func(t *testing.T) {
		for _, c := range []struct {
			args string
			want string
		}{
			{"create", "the identity would have no role"},
			{"create --role reader --expires soon", "cli.usage"},
			{"create --role boss", "access.bad_role"},
			{"create --role reader --expires 2020-01-01T00:00:00Z", "access.bad_expiry"},
			{"create --role reader --expires 99y", "access.bad_expiry"},
			{"create --identity " + id + " --role reader", "cli.usage"},
			{"create --identity id-x", "access.no_identity"},
			{"revoke none", "access.no_token"},
			{"list --identity id-x", "access.no_identity"},
			{"", "entente token create|list|revoke"},
		} {
			r := entente(t, "", append([]string{"token"}, append(strings.Fields(c.args), "--actor", "id-admin", "--data", data)...)...)
			require.NotZero(t, r.code, c.args)
			require.Contains(t, r.err, c.want, c.args)
		}
	})
}

func TestIdentity(t *testing.T) {
	_, party, do := gated(t)
	id := lines(t, do("token", "create", "--json", "--role", "reader"))[0]["identity"].(string)
	shown := func() map[string]any { return lines(t, do("identity", "show", "--json", id))[0] }
	do("identity", "grant", id, "--role", "clerk,approver", "--for", party)
	require.Equal(t, []any{"reader", "clerk", "approver"}, shown()["roles"])
	require.Equal(t, []any{party}, shown()["for"])
	do("identity", "revoke", id, "--role", "approver,reader")
	require.Equal(t, []any{"clerk"}, shown()["roles"])
	do("identity", "end", id)
	require.Empty(t, shown()["roles"])
	require.Equal(t, "id-admin", shown()["endedBy"])
	require.Len(t, shown()["holdings"], 4, "who held what when stays")
	require.Len(t, lines(t, do("identity", "list", "--json")), 1)
}

func TestPolicyCheck(t *testing.T) {
	data, party, do := gated(t)
	id := lines(t, do("token", "create", "--json", "--role", "clerk", "--for", party))[0]["identity"].(string)
	for args, want := range map[string]string{
		"--as anonymous --action read --visibility internal":                         "refused: no policy allows it",
		"--as reader --action read --visibility internal":                            "allowed, by\n  known-read-internal: readers",
		"--as registrar --action record --command network.dissolve":                  "refused to one person alone",
		"--as registrar --action record --command network.dissolve --approved":       "allowed, by\n  registrar-records",
		"--as registrar --action record --command party.rename --known-at":           "allowed, by",
		"--as clerk --action record --command memorandum.sign":                       "refused: no policy",
		"--as " + id + " --action record --command party.rename --concerns " + party: "allowed, by\n  clerk-records-own",
		"--as " + id + " --action record --command party.void --concerns " + party:   "refused, by\n  clerk-limits",
		"--as approver --action approve --proposer id-of-a-approver":                 "refused, by\n  own-proposal",
		"--as integrator --reads membership --action follow --kind membership":       "allowed, by",
		"--as integrator --reads membership --action follow --stream " + party:       "refused: no policy",
		"": "the policy can be used: 15 policies",
	} {
		require.Contains(t, do(append([]string{"policy", "check"}, strings.Fields(args)...)...), want, args)
	}
	t.Run("json", func(t *testing.T) {
		got := lines(t, do("policy", "check", "--json", "--as", "registrar", "--action", "record", "--command", "person.erase"))[0]
		require.Equal(t, false, got["allowed"])
		require.Equal(t, true, got["approvalNeeded"])
	})
	t.Run("of_the_site", func(t *testing.T) {
		own := `@id("all") permit (principal, action, resource);`
		require.NoError(t, os.WriteFile(filepath.Join(data, access.PolicyFile), []byte(own), 0o600))
		require.Equal(t, own, do("policy", "show"))
		require.Contains(t, do("policy", "check", "--as", "anonymous", "--action", "administer"), "allowed, by\n  all: -")
	})
	t.Run("not_in_use_yet", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "new.cedar")
		require.NoError(t, os.WriteFile(file, []byte("@id(\"a\")\npermit (principal in Role::\"boss\", action, resource);"), 0o600))
		r := entente(t, "", "policy", "check", "--file", file)
		require.Equal(t, es.ErrInvalid.Exit(), r.code)
		require.Contains(t, r.err, file+`:2:22: policy a: there is no Role::"boss"`)
	})
	t.Run("slips", func(t *testing.T) {
		for args, code := range map[string]string{
			"--as reader --action record --command memorandum.fly": "ledger.unknown_command", "--as reader --action fly": "terms.bad_word",
			"--as reader --action read --visibility open": "es.bad_visibility", "--action read": "cli.usage", "--as id-x --action read": "access.no_identity",
		} {
			r := entente(t, "", append([]string{"policy", "check"}, append(strings.Fields(args), "--data", data)...)...)
			require.Contains(t, r.err, code, args)
		}
	})
	require.Contains(t, do("policy", "schema"), `"memorandum.sign"`)
}

func TestAccessRecord(t *testing.T) {
	data, _, do := gated(t)
	id := lines(t, do("token", "create", "--json", "--role", "reader"))[0]["identity"].(string)
	head := lines(t, do("access", "verify", "--json"))[0]["head"].(string)
	do("identity", "end", id)
	all := lines(t, do("access", "log", "--json"))
	require.Len(t, all, 2)
	require.Equal(t, "identity.create", all[0]["command"])
	require.Equal(t, "identity.end", all[1]["command"])
	require.Equal(t, "id-admin", all[1]["who"])
	require.Equal(t, id, all[1]["stream"])
	require.Len(t, lines(t, do("access", "log", "--json", "--since", all[1]["at"].(string))), 1)
	require.Empty(t, do("access", "log", "--outcome", "refused"))
	require.Contains(t, do("access", "verify", "--head", head), "2 entries are as they were recorded\nhead 2:")
	for args, code := range map[string]string{
		"verify --head 9:" + strings.Repeat("0", 64): "access.record_cut", "verify --head 2:" + strings.Repeat("0", 64): "access.record_replaced",
		"verify --head x": "access.bad_head", "log --outcome won": "terms.bad_word",
	} {
		r := entente(t, "", append([]string{"access"}, append(strings.Fields(args), "--data", data)...)...)
		require.Contains(t, r.err, code, args)
	}
}

// TestSecurityPage runs the commands of docs/security.md, in their order, and
// checks that it names every role, action and code that it has to.
func TestSecurityPage(t *testing.T) {
	content, err := os.ReadFile(filepath.Join("..", "..", "docs", "security.md"))
	require.NoError(t, err)
	page := string(content)
	_, party, do := gated(t)
	ran, prefix, id := 0, "", ""
	for _, command := range regexp.MustCompile(`(?m)^    \$ entente (.*)$`).FindAllStringSubmatch(page, -1) {
		line := strings.NewReplacer("party-5a", party, "Ha16AHYF", prefix, "id-3d", id, "'Mira Koval'", "Mira").Replace(command[1])
		line, _, _ = strings.Cut(line, " > ")
		require.NotEmpty(t, do(strings.Fields(line)...), line)
		if strings.HasPrefix(line, "token create") {
			one := lines(t, do("token", "list", "--json"))[0]
			prefix, id = one["prefix"].(string), one["identity"].(string)
		}
		ran++
	}
	require.GreaterOrEqual(t, ran, 8)
	for _, word := range append(access.Role("").Words(), access.Action("").Words()...) {
		require.Contains(t, page, "`"+word+"`")
	}
	for _, code := range []string{
		"access.bad_token", "access.expired", "access.revoked", "access.ended",
		"access.entry_changed", "access.entries_missing", "access.record_cut", "access.record_replaced",
	} {
		require.Contains(t, page, "`"+code+"`")
	}
}
