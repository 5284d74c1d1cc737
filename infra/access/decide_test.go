package access_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
)

const (
	lviv   = "party-6a1b0d3c-0000-4000-8000-000000000001"
	graz   = "party-6a1b0d3c-0000-4000-8000-000000000002"
	treaty = "memorandum-6a1b0d3c-0000-4000-8000-000000000003"
)

func who(roles ...access.Role) access.Identity {
	return access.Identity{ID: "id-" + string(roles[0]), Roles: roles, For: []string{lviv}, Reads: []string{"membership"}}
}

func byDefault(t testing.TB) *access.Policy {
	t.Helper()
	p, err := access.Default()
	require.NoError(t, err)
	return p
}

// TestRoles says for every role which actions it may do on an agreement of
// somebody else, by the visibility of the agreement.
func TestRoles(t *testing.T) {
	p := byDefault(t)
	visibilities := []es.Visibility{es.Public, es.Internal, es.Restricted}
	for role, want := range map[access.Role]map[access.Action]string{
		access.RoleAnonymous: {access.Read: "p", access.Follow: "p", access.Audit: "p"},
		access.RoleReader:    {access.Read: "pi", access.Follow: "pi", access.Audit: "pi", access.Export: "pi"},
		access.RoleAuditor: {
			access.Read: "pir", access.Follow: "pir", access.Audit: "pir", access.Export: "pir", access.ReviewAccess: "pir",
		},
		access.RoleClerk: {access.Read: "pi", access.Follow: "pi", access.Audit: "pi", access.Export: "pi"},
		access.RoleApprover: {
			access.Read: "pi", access.Follow: "pi", access.Audit: "pi", access.Export: "pi", access.Approve: "pi",
		},
		access.RoleRegistrar: {
			access.Read: "pir", access.Follow: "pir", access.Audit: "pir", access.Export: "pir",
			access.Record: "pir", access.Propose: "pir",
		},
		access.RoleIntegrator: {},
		access.RoleAdministrator: {
			access.Read: "pi", access.Follow: "pi", access.Audit: "pi", access.Export: "pi",
			access.Administer: "pir", access.Profile: "pir",
		},
	} {
		for _, action := range access.Action("").Words() {
			got := ""
			for _, v := range visibilities {
				r := access.Request{
					Who: who(role), Action: access.Action(action), Kind: "memorandum", Stream: treaty, Visibility: v,
					Concerns: []string{graz}, Command: "memorandum.sign", Proposer: "id-other",
				}
				if d := p.Decide(r); d.Allowed {
					require.NotEmpty(t, d.Policies)
					got += string(v[:1])
				}
			}
			require.Equal(t, want[access.Action(action)], got, "%s %s", role, action)
		}
	}
	require.Len(t, access.Role("").Words(), 8, "a new role belongs into this table")
}

func TestDecide(t *testing.T) {
	p := byDefault(t)
	record := func(role access.Role, command string, change ...func(*access.Request)) access.Request {
		kind, _, _ := strings.Cut(command, ".")
		r := access.Request{
			Who: who(role), Action: access.Record, Command: command, Kind: kind, Stream: kind + "-x",
			Visibility: es.Internal, Concerns: []string{graz, lviv}, Alone: true,
		}
		for _, c := range change {
			c(&r)
		}
		return r
	}
	seen := func(v es.Visibility) func(*access.Request) { return func(r *access.Request) { r.Visibility = v } }
	others := func(r *access.Request) { r.Concerns = []string{graz} }
	vouched := func(r *access.Request) { r.Vouched = true }
	also := func(role access.Role) func(*access.Request) {
		return func(r *access.Request) { r.Who.Roles = append(r.Who.Roles, role) }
	}
	approve := func(proposer string) func(*access.Request) {
		return func(r *access.Request) { r.Action, r.Proposer, r.Alone = access.Approve, proposer, false }
	}
	follow := func(kind, typ string) access.Request {
		return access.Request{Who: who(access.RoleIntegrator), Action: access.Follow, Kind: kind, Command: typ, Visibility: es.Internal}
	}
	for name, c := range map[string]struct {
		ask  access.Request
		want access.Decision
	}{
		"clerk_own":        {record(access.RoleClerk, "memorandum.sign"), access.Decision{Allowed: true, Policies: []string{"clerk-records-own"}}},
		"clerk_others":     {record(access.RoleClerk, "memorandum.sign", others), access.Decision{}},
		"clerk_source":     {record(access.RoleClerk, "source.register", others), access.Decision{Allowed: true, Policies: []string{"clerk-records-freely"}}},
		"clerk_vouches":    {record(access.RoleClerk, "memorandum.sign", vouched), access.Decision{Policies: []string{"clerk-limits"}}},
		"clerk_restricted": {record(access.RoleClerk, "memorandum.sign", seen(es.Restricted)), access.Decision{Policies: []string{"clerk-limits"}}},
		"clerk_reclassify": {record(access.RoleClerk, "memorandum.reclassify"), access.Decision{Policies: []string{"clerk-limits"}}},
		"clerk_carries":    {record(access.RoleClerk, "party.carry_over"), access.Decision{Policies: []string{"clerk-limits"}}},
		"clerk_erases":     {record(access.RoleClerk, "person.erase"), access.Decision{Policies: []string{"clerk-limits", "two-persons"}}},
		"clerk_terminates": {record(access.RoleClerk, "memorandum.terminate"), access.Decision{ApprovalNeeded: true, Policies: []string{"two-persons"}}},
		"clerk_terminates_others": {
			record(access.RoleClerk, "memorandum.terminate", others), access.Decision{Policies: []string{"two-persons"}},
		},
		"registrar_vouches": {record(access.RoleRegistrar, "memorandum.sign", vouched, others), access.Decision{Allowed: true, Policies: []string{"registrar-records"}}},
		"registrar_links":   {record(access.RoleRegistrar, "party.link"), access.Decision{Allowed: true, Policies: []string{"registrar-records"}}},
		"registrar_expels":  {record(access.RoleRegistrar, "membership.expel"), access.Decision{ApprovalNeeded: true, Policies: []string{"two-persons"}}},
		"registrar_approved": {
			record(access.RoleRegistrar, "membership.expel", func(r *access.Request) { r.Alone = false }),
			access.Decision{Allowed: true, Policies: []string{"registrar-records"}},
		},
		"registrar_proposes": {
			record(access.RoleRegistrar, "membership.expel", func(r *access.Request) { r.Action = access.Propose }),
			access.Decision{Allowed: true, Policies: []string{"registrar-records"}},
		},
		"registrar_publishes": {
			record(access.RoleRegistrar, "network.reclassify", seen(es.Public)),
			access.Decision{ApprovalNeeded: true, Policies: []string{"two-persons"}},
		},
		"registrar_hides": {
			record(access.RoleRegistrar, "network.reclassify", seen(es.Restricted)),
			access.Decision{Allowed: true, Policies: []string{"registrar-records"}},
		},
		"registrar_who_audits": {
			record(access.RoleRegistrar, "memorandum.sign", also(access.RoleAuditor)),
			access.Decision{Policies: []string{"auditor-writes-nothing"}},
		},
		"registrar_who_administers": {
			record(access.RoleRegistrar, "memorandum.sign", also(access.RoleAdministrator)),
			access.Decision{Policies: []string{"administrator-records-nothing"}},
		},
		"approver_others": {
			record(access.RoleApprover, "membership.expel", approve("id-other")),
			access.Decision{Allowed: true, Policies: []string{"approver-approves"}},
		},
		"approver_own":     {record(access.RoleApprover, "membership.expel", approve("id-approver")), access.Decision{Policies: []string{"own-proposal"}}},
		"approver_nobodys": {record(access.RoleApprover, "membership.expel", approve("")), access.Decision{Policies: []string{"own-proposal"}}},
		"approver_of_restricted": {
			record(access.RoleApprover, "membership.expel", approve("id-other"), seen(es.Restricted)), access.Decision{},
		},
		"approver_and_registrar_of_restricted": {
			record(access.RoleApprover, "membership.expel", approve("id-other"), seen(es.Restricted), also(access.RoleRegistrar)),
			access.Decision{Allowed: true, Policies: []string{"approver-approves"}},
		},
		"integrator_opens":   {access.Request{Who: who(access.RoleIntegrator), Action: access.Follow}, access.Decision{Allowed: true, Policies: []string{"integrator-follows-granted"}}},
		"integrator_granted": {follow("membership", "membership.admitted"), access.Decision{Allowed: true, Policies: []string{"integrator-follows-granted"}}},
		"integrator_other":   {follow("memorandum", "memorandum.signed"), access.Decision{}},
		"integrator_stream_without_kind": {
			access.Request{Who: who(access.RoleIntegrator), Action: access.Follow, Stream: treaty, Visibility: es.Public}, access.Decision{},
		},
		"integrator_type_without_kind": {
			access.Request{Who: who(access.RoleIntegrator), Action: access.Follow, Command: "memorandum.signed", Visibility: es.Public}, access.Decision{},
		},
		"nobody": {access.Request{Action: access.Read, Visibility: es.Public}, access.Decision{}},
		"tiles_without_a_visibility": {
			access.Request{Who: access.Anonymous(), Action: access.Audit}, access.Decision{},
		},
		"list": {
			access.Request{Who: access.Anonymous(), Action: access.Read, Kind: "memorandum"},
			access.Decision{Allowed: true, Policies: []string{"anonymous-reads-public"}},
		},
		"record_that_states_no_visibility": {
			access.Request{Who: access.Anonymous(), Action: access.Read, Kind: "memorandum", Stream: treaty}, access.Decision{},
		},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, p.Decide(c.ask)) })
	}
	t.Run("integrator_type_and_stream", func(t *testing.T) {
		r := follow("memorandum", "memorandum.signed")
		r.Stream = treaty
		for _, granted := range []string{"memorandum.signed", treaty} {
			r.Who.Reads = []string{granted}
			require.True(t, p.Decide(r).Allowed, granted)
			r.Visibility = es.Restricted
			require.False(t, p.Decide(r).Allowed, granted)
			r.Visibility = es.Internal
		}
		r.Who.Reads = []string{"memorandum.withdrew"}
		require.False(t, p.Decide(r).Allowed)
	})
}

func TestSees(t *testing.T) {
	p := byDefault(t)
	for role, want := range map[access.Role]es.Visibility{
		access.RoleAnonymous: es.Public, access.RoleReader: es.Internal, access.RoleAuditor: es.Restricted, access.RoleClerk: es.Internal,
		access.RoleApprover: es.Internal, access.RoleRegistrar: es.Restricted, access.RoleIntegrator: "", access.RoleAdministrator: es.Internal,
	} {
		require.Equal(t, want, p.Sees(who(role)), role)
	}
	require.Empty(t, p.Sees(access.Identity{ID: "id-x"}))
	t.Run("no_gaps", func(t *testing.T) {
		p, err := access.Parse("p", []byte(`@id("a") permit (principal, action, resource) when { resource.visibility != Visibility::"internal" };`))
		require.NoError(t, err)
		require.Equal(t, es.Public, p.Sees(who(access.RoleReader)))
	})
}

// drawn is any request at all.
func drawn(t *rapid.T) access.Request {
	word := func(of []string, label string) string { return rapid.SampledFrom(of).Draw(t, label) }
	streams := rapid.SliceOfN(rapid.SampledFrom([]string{lviv, graz, treaty}), 0, 3)
	roles := rapid.SliceOfNDistinct(rapid.SampledFrom(access.Role("").Words()), 0, 8, rapid.ID).Draw(t, "roles")
	r := access.Request{
		Who:    access.Identity{ID: word([]string{"id-1", "id-2"}, "id"), For: streams.Draw(t, "for"), Reads: streams.Draw(t, "reads")},
		Action: access.Action(word(access.Action("").Words(), "action")), Kind: word([]string{"", "memorandum", "source"}, "kind"),
		Stream: word([]string{"", treaty}, "stream"), Visibility: es.Visibility(word(append(es.Visibility("").Words(), ""), "visibility")),
		Concerns: streams.Draw(t, "concerns"), Command: word([]string{"", "memorandum.sign", "memorandum.void", "memorandum.terminate"}, "command"),
		Vouched: rapid.Bool().Draw(t, "vouched"), Proposer: word([]string{"", "id-1", "id-2"}, "proposer"), Alone: rapid.Bool().Draw(t, "alone"),
	}
	for _, role := range roles {
		r.Who.Roles = append(r.Who.Roles, access.Role(role))
	}
	return r
}

// TestLaws holds the default policy against what must be true of every request.
func TestLaws(t *testing.T) {
	p := byDefault(t)
	rapid.Check(t, func(t *rapid.T) {
		r := drawn(t)
		d := p.Decide(r)
		has := func(role access.Role) bool { return slices.Contains(r.Who.Roles, role) }
		records := r.Action == access.Record || r.Action == access.Propose
		require.False(t, d.Allowed && d.ApprovalNeeded)
		if !d.Allowed {
			return
		}
		require.NotEmpty(t, r.Who.Roles, "nobody may do anything")
		require.False(t, records && (has(access.RoleAuditor) || has(access.RoleAdministrator)), "two duties that exclude each other")
		require.False(t, r.Action == access.Approve && r.Proposer == r.Who.ID, "own proposal")
		if records && !has(access.RoleRegistrar) {
			require.True(t, has(access.RoleClerk))
			require.False(t, r.Vouched)
			require.NotEqual(t, es.Restricted, r.Visibility)
			require.NotEqual(t, "memorandum.void", r.Command)
		}
		if r.Action == access.Record && r.Command == "memorandum.terminate" {
			require.False(t, r.Alone)
		}
		if r.Visibility == es.Restricted && r.Action == access.Read {
			require.True(t, has(access.RoleAuditor) || has(access.RoleRegistrar))
		}
	})
}

func TestDecideAtOnce(t *testing.T) {
	p := byDefault(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 200 {
				if !p.Decide(access.Request{Who: who(access.RoleReader), Action: access.Read, Visibility: es.Internal}).Allowed {
					t.Error("a reader was refused")
				}
			}
		})
	}
	all.Wait()
}

func BenchmarkDecide(b *testing.B) {
	p := byDefault(b)
	for _, role := range []access.Role{access.RoleReader, access.RoleClerk} {
		action := map[access.Role]access.Action{access.RoleReader: access.Read, access.RoleClerk: access.Record}[role]
		r := access.Request{
			Who: who(role), Action: action, Kind: "memorandum", Stream: treaty, Visibility: es.Internal,
			Concerns: []string{graz, lviv}, Command: "memorandum.sign", Alone: true,
		}
		b.Run(fmt.Sprintf("%s_%s", role, action), func(b *testing.B) {
			for b.Loop() {
				if !p.Decide(r).Allowed {
					b.Fatal("refused")
				}
			}
		})
	}
}
