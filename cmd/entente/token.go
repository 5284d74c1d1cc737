package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
)

func (a *app) tokenCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "token",
		Short: "Make, list and revoke the API tokens of identities",
		Long: "Make, list and revoke API tokens. A token is a secret by which a program or a person is known to the service; it\n" +
			"is shown once, and only its hash is kept. docs/security.md says more.",
		Example: "  entente token create --name 'Mira Koval' --role clerk --for party-5a --expires 90d\n" +
			"  entente token create --role integrator --reads membership --expires 2027-01-01T00:00:00Z\n" +
			"  entente token revoke Ha16AHYF",
		RunE: func(*cobra.Command, []string) error {
			return usage("what is to be done with tokens?", "entente token create|list|revoke")
		},
	}
	c.AddCommand(a.tokenCreateCommand(), a.tokenListCommand(), a.tokenRevokeCommand())
	return c
}

// grantFlags are flags that say what an identity holds.
type grantFlags struct{ roles, forWhom, reads []string }

func (f *grantFlags) add(c *cobra.Command) {
	c.Flags().StringSliceVar(&f.roles, "role", nil, "role: "+strings.Join(access.Role("").Words()[1:], ", "))
	c.Flags().StringSliceVar(&f.forWhom, "for", nil, "party or network that a clerk acts for (its id or the beginning of it)")
	c.Flags().StringSliceVar(&f.reads, "reads", nil, "what an integrator follows: a kind, a type of event, or the id of a stream")
}

func (f *grantFlags) empty() bool { return len(f.roles)+len(f.forWhom)+len(f.reads) == 0 }

// grants returns what the flags say; the ids of parties and networks may be shortened.
func (f *grantFlags) grants(ctx context.Context, l *opened) (g access.Grants, err error) {
	for _, role := range f.roles {
		g.Roles = append(g.Roles, access.Role(role))
	}
	for _, id := range f.forWhom {
		if id, err = l.resolve(ctx, id); err != nil {
			return g, fmt.Errorf("--for: %w", err)
		}
		g.For = append(g.For, id)
	}
	g.Reads = f.reads
	return g, g.Validate()
}

// issued is a new token, as JSON.
type issued struct {
	Token    string `json:"token"`
	Prefix   string `json:"prefix"`
	Identity string `json:"identity"`
	Expires  string `json:"expires"`
}

func (a *app) tokenCreateCommand() *cobra.Command {
	var f grantFlags
	var identity, name, expires string
	c := &cobra.Command{
		Use:   "create",
		Short: "Make an identity and a token of it, or another token of an identity",
		Long: "Make an identity with the roles and scopes given, and a token of it; or, with --identity, another token of one\n" +
			"that is there. The name goes to the vault and nowhere else. The token is printed once.",
	}
	f.add(c)
	c.Flags().StringVar(&identity, "identity", "", "make a token of this identity (its id or the beginning of it)")
	c.Flags().StringVar(&name, "name", "", "name of the person behind a new identity, kept in the vault")
	c.Flags().StringVar(&expires, "expires", "90d", "after days, weeks, months or years (90d, 6w, 3m, 2y), or at an instant, RFC 3339")
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		until, err := readExpiry(expires, time.Now())
		switch {
		case err != nil:
			return err
		case identity != "" && (name != "" || !f.empty()):
			return usage("--identity is one that is there, with its own name and roles", "entente identity grant, to change what it holds")
		case identity == "" && len(f.roles) == 0:
			return usage("the identity would have no role, and could do nothing", "--role, or --identity of one that is there")
		}
		return a.withGate(cmd.Context(), func(g gate) error {
			if identity == "" {
				return g.createIdentity(cmd.Context(), name, &f, until)
			}
			acc, err := g.account(cmd.Context(), identity)
			if err != nil {
				return err
			}
			return g.administer(cmd.Context(), "token.create", acc.ID, func(by string) error {
				return g.issue(cmd.Context(), by, acc.ID, until)
			})
		})
	}
	return c
}

// createIdentity makes an identity and a token of it. The name comes first: what
// a crash leaves then is a name that nobody has.
func (g gate) createIdentity(ctx context.Context, name string, f *grantFlags, until time.Time) error {
	grants, err := f.grants(ctx, g.opened)
	if err != nil {
		return err
	}
	id := uuid.New()
	return g.administer(ctx, "identity.create", "id-"+id.String(), func(by string) error {
		if err := g.name(ctx, id, name); err != nil {
			return err
		}
		made, err := g.registry.Create(ctx, by, id, access.Subject{}, grants)
		if err != nil {
			return err
		}
		return g.issue(ctx, by, made.ID, until)
	})
}

func (g gate) issue(ctx context.Context, by, id string, until time.Time) error {
	t, info, err := g.registry.Issue(ctx, by, id, until)
	if err != nil {
		return err
	}
	if g.app.json {
		return g.app.printJSON(issued{t.Reveal(), info.Prefix, info.Identity, es.FormatInstant(info.Expires)})
	}
	return g.app.printf("%s\nis a token of %s until %s; it is not shown again\n", t.Reveal(), info.Identity, es.FormatInstant(info.Expires))
}

// readExpiry reads a span of time from now, or an instant.
func readExpiry(text string, now time.Time) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	if p, err := readSpan(text); err == nil {
		return now.AddDate(p.Years, p.Months, p.Days), nil
	}
	return time.Time{}, usage(fmt.Sprintf("--expires %.40q is neither a span of time nor an instant", text), "such as 90d or 2027-01-01T00:00:00Z")
}

// listedToken is a token, as JSON, without what is secret.
type listedToken struct {
	Prefix   string `json:"prefix"`
	Identity string `json:"identity"`
	Created  string `json:"created"`
	By       string `json:"createdBy"`
	Expires  string `json:"expires"`
	Revoked  string `json:"revoked"`
	Used     string `json:"used"`
}

func (a *app) tokenListCommand() *cobra.Command {
	var identity string
	c := &cobra.Command{Use: "list", Short: "List tokens, also those that no longer hold"}
	c.Flags().StringVar(&identity, "identity", "", "only of this identity (its id or the beginning of it)")
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		return a.withGate(cmd.Context(), func(g gate) error {
			of := ""
			if identity != "" {
				acc, err := g.account(cmd.Context(), identity)
				if err != nil {
					return err
				}
				of = acc.ID
			}
			all, err := g.registry.Tokens(cmd.Context(), of)
			if err != nil {
				return err
			}
			return a.printTokens(all)
		})
	}
	return c
}

func (a *app) printTokens(all []access.TokenInfo) error {
	t := table{head: []string{"PREFIX", "IDENTITY", "CREATED", "EXPIRES", "REVOKED", "LAST USED"}}
	for _, one := range all {
		if a.json {
			err := a.printJSON(listedToken{
				one.Prefix, one.Identity, es.FormatInstant(one.Created.At), one.Created.By,
				es.FormatInstant(one.Expires), es.FormatInstant(one.Revoked.At), es.FormatInstant(one.Used),
			})
			if err != nil {
				return err
			}
			continue
		}
		t.add(one.Prefix, one.Identity, when(one.Created.At), when(one.Expires), when(one.Revoked.At), when(one.Used))
	}
	if a.json {
		return nil
	}
	return a.printTable(t)
}

func (a *app) tokenRevokeCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "revoke PREFIX",
		Short: "Have a token refused from now on",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withGate(cmd.Context(), func(g gate) error {
				err := g.administer(cmd.Context(), "token.revoke", args[0], func(by string) error {
					return g.registry.Revoke(cmd.Context(), by, args[0])
				})
				if err != nil || a.json {
					return err
				}
				return a.printf("the token %s is revoked; a running service refuses it within seconds\n", args[0])
			})
		},
	}
}
