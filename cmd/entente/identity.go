package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
)

func (a *app) identityCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "identity",
		Short: "Show who may ask the service, and change what they hold",
		Long: "Show identities, who held which role when, and change what they hold. An identity is never deleted: it ends.\n" +
			"`entente token create` makes one, and so does whoever logs in for the first time.",
		Example: "  entente identity show id-3d\n" +
			"  entente identity grant id-3d --role clerk --for party-5a",
		RunE: func(*cobra.Command, []string) error {
			return usage("what is to be done with identities?", "entente identity list|show|grant|revoke|end")
		},
	}
	c.AddCommand(a.identityListCommand(), a.identityShowCommand(),
		a.identityChange("grant", "Give an identity roles and scopes, from now on", (*access.Registry).Grant),
		a.identityChange("revoke", "Take roles and scopes from an identity, from now on", (*access.Registry).Withdraw),
		a.identityEndCommand())
	return c
}

// shownIdentity is an identity, as JSON: what it holds now, and all that it ever held.
type shownIdentity struct {
	ID       string         `json:"id"`
	Name     string         `json:"name"` // as the vault has it
	Issuer   string         `json:"issuer"`
	Subject  string         `json:"subject"`
	Created  string         `json:"created"`
	By       string         `json:"createdBy"`
	Ended    string         `json:"ended"`
	EndedBy  string         `json:"endedBy"`
	Roles    []access.Role  `json:"roles"`
	For      []string       `json:"for"`
	Reads    []string       `json:"reads"`
	Holdings []shownHolding `json:"holdings"`
}

type shownHolding struct {
	What    access.What `json:"what"`
	Value   string      `json:"value"`
	Given   string      `json:"given"`
	GivenBy string      `json:"givenBy"`
	Taken   string      `json:"taken"`
	TakenBy string      `json:"takenBy"`
}

func (g gate) shown(ctx context.Context, acc access.Account) (shownIdentity, error) {
	name, err := g.named(ctx, acc)
	if err != nil {
		return shownIdentity{}, err
	}
	now := acc.Now()
	s := shownIdentity{
		ID: acc.ID, Name: name, Issuer: acc.Subject.Issuer, Subject: acc.Subject.ID,
		Created: es.FormatInstant(acc.Created.At), By: acc.Created.By, Ended: es.FormatInstant(acc.Ended.At), EndedBy: acc.Ended.By,
		Roles: now.Roles, For: now.For, Reads: now.Reads,
	}
	for _, h := range acc.Holdings {
		s.Holdings = append(s.Holdings, shownHolding{
			h.What, h.Value, es.FormatInstant(h.Given.At), h.Given.By, es.FormatInstant(h.Taken.At), h.Taken.By,
		})
	}
	return s, nil
}

func (a *app) identityListCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List identities, also those that have ended",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withGate(cmd.Context(), func(g gate) error { return g.listIdentities(cmd.Context()) })
		},
	}
}

func (g gate) listIdentities(ctx context.Context) error {
	t := table{head: []string{"IDENTITY", "NAME", "ROLES", "FOR", "READS", "CREATED", "ENDED"}}
	for acc, err := range g.registry.Accounts(ctx) {
		if err != nil {
			return err
		}
		s, err := g.shown(ctx, acc)
		if err != nil {
			return err
		}
		if g.app.json {
			if err := g.app.printJSON(s); err != nil {
				return err
			}
			continue
		}
		t.add(s.ID, dash(s.Name), joined(s.Roles), joined(s.For), joined(s.Reads), when(acc.Created.At), when(acc.Ended.At))
	}
	if g.app.json {
		return nil
	}
	return g.app.printTable(t)
}

// joined puts words into one cell.
func joined[W ~string](words []W) string {
	var all []string
	for _, w := range words {
		all = append(all, string(w))
	}
	return dash(strings.Join(all, ", "))
}

func (a *app) identityShowCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "show ID",
		Short: "Show an identity, and which roles and scopes it held when",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withGate(cmd.Context(), func(g gate) error { return g.showIdentity(cmd.Context(), args[0]) })
		},
	}
}

func (g gate) showIdentity(ctx context.Context, id string) error {
	acc, err := g.account(ctx, id)
	if err != nil {
		return err
	}
	s, err := g.shown(ctx, acc)
	if err != nil {
		return err
	}
	if g.app.json {
		return g.app.printJSON(s)
	}
	p := &printer{app: g.app}
	p.line("%s", s.ID)
	if s.Name != "" {
		p.line("%s", s.Name)
	}
	if s.Issuer != "" {
		p.line("%s at %s", s.Subject, s.Issuer)
	}
	p.line("created %s by %s", when(acc.Created.At), dash(s.By))
	if s.Ended != "" {
		p.line("ended %s by %s", when(acc.Ended.At), dash(s.EndedBy))
	}
	p.line("")
	t := table{head: []string{"HOLDS", "", "FROM", "BY", "UNTIL", "BY"}}
	for _, h := range acc.Holdings {
		t.add(string(h.What), h.Value, when(h.Given.At), dash(h.Given.By), when(h.Taken.At), dash(h.Taken.By))
	}
	p.table(t)
	return p.err
}

// identityChange is the command that gives, or takes, roles and scopes.
func (a *app) identityChange(verb, short string, change func(*access.Registry, context.Context, string, string, access.Grants) error) *cobra.Command {
	var f grantFlags
	c := &cobra.Command{Use: verb + " ID", Short: short, Args: cobra.ExactArgs(1)}
	f.add(c)
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if f.empty() {
			return usage("it is not said what to "+verb, "--role, --for or --reads")
		}
		return a.withGate(cmd.Context(), func(g gate) error {
			acc, err := g.account(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			grants, err := f.grants(cmd.Context(), g.opened)
			if err != nil {
				return err
			}
			err = g.administer(cmd.Context(), "identity."+verb, acc.ID, func(by string) error {
				return change(g.registry, cmd.Context(), by, acc.ID, grants)
			})
			if err != nil {
				return err
			}
			return g.showIdentity(cmd.Context(), acc.ID)
		})
	}
	return c
}

func (a *app) identityEndCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "end ID",
		Short: "End an identity for ever: it loses what it holds, and its tokens are refused",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withGate(cmd.Context(), func(g gate) error {
				acc, err := g.account(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				err = g.administer(cmd.Context(), "identity.end", acc.ID, func(by string) error {
					return g.registry.End(cmd.Context(), by, acc.ID)
				})
				if err != nil {
					return err
				}
				return g.showIdentity(cmd.Context(), acc.ID)
			})
		},
	}
}
