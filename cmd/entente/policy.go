package main

import (
	"cmp"
	"context"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/catalogue"
)

func (a *app) policyCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "policy",
		Short: "Show and check the policy that says who may do what",
		Long: "Show and check the policy that says who may do what: the file policy.cedar in the folder of the ledger, or the\n" +
			"policy that entente comes with. docs/security.md says more.",
		Example: "  entente policy check --as reader --action read --visibility restricted\n" +
			"  entente policy check --as registrar --action record --command memorandum.terminate\n" +
			"  entente policy show > policy.cedar",
		RunE: func(*cobra.Command, []string) error {
			return usage("what is to be done with the policy?", "entente policy show|schema|check")
		},
	}
	show := &cobra.Command{Use: "show", Short: "Print the policy"}
	show.RunE = func(*cobra.Command, []string) error {
		p, err := a.policy("")
		if err != nil {
			return err
		}
		return a.printf("%s", p.Text())
	}
	schema := &cobra.Command{Use: "schema", Short: "Print what a policy may speak of"}
	schema.RunE = func(*cobra.Command, []string) error { return a.printf("%s", access.Schema()) }
	c.AddCommand(show, schema, a.policyCheckCommand())
	return c
}

// policy returns the policy of a file, or the ledger's.
func (a *app) policy(file string) (*access.Policy, error) {
	return access.Load(cmp.Or(file, filepath.Join(a.data, access.PolicyFile)))
}

// policyQuestion is what is asked of a policy, as flags give it.
type policyQuestion struct {
	file, as, action, visibility string
	approved                     bool
	ask                          access.Request
}

func (a *app) policyCheckCommand() *cobra.Command {
	var q policyQuestion
	c := &cobra.Command{
		Use:   "check",
		Short: "Say whether somebody may do something, and which policies decide it",
		Long: "Say whether somebody may do something, and which policies decide it. It asks the policy and not the ledger:\n" +
			"what the visibility of a record is, and whom it concerns, is given by flags. Without --action, it is only\n" +
			"checked whether the policy can be used.",
	}
	flags := c.Flags()
	flags.StringVar(&q.file, "file", "", "a policy that is not in use yet")
	flags.StringVar(&q.as, "as", "", "who: an identity (its id or the beginning of it), or a role")
	flags.StringVar(&q.action, "action", "", "what: "+strings.Join(access.Action("").Words(), ", "))
	flags.StringVar(&q.ask.Command, "command", "", "the command, such as memorandum.sign; with follow, the type of the event")
	flags.StringVar(&q.ask.Stream, "stream", "", "what it is about (its whole id)")
	flags.StringVar(&q.ask.Kind, "kind", "", "the kind of what it is about (default: that of --stream or --command)")
	flags.StringVar(&q.visibility, "visibility", "", "who may see it: "+strings.Join(es.Visibility("").Words(), ", "))
	flags.StringSliceVar(&q.ask.Who.For, "for", nil, "with a role: the parties and networks that it is held for (whole ids)")
	flags.StringSliceVar(&q.ask.Who.Reads, "reads", nil, "with a role: what it was granted to follow")
	flags.StringSliceVar(&q.ask.Concerns, "concerns", nil, "parties and networks that it concerns (whole ids)")
	flags.BoolVar(&q.ask.Vouched, "known-at", false, "the command vouches for earlier knowledge")
	flags.BoolVar(&q.approved, "approved", false, "the command was approved by a second person")
	flags.StringVar(&q.ask.Proposer, "proposer", "", "with approve: whose proposal it is")
	c.RunE = func(cmd *cobra.Command, _ []string) error { return a.checkPolicy(cmd.Context(), q) }
	return c
}

// checkedPolicy is the answer to policy check, as JSON.
type checkedPolicy struct {
	Who            string        `json:"who"`
	Roles          []access.Role `json:"roles"`
	Action         access.Action `json:"action"`
	Allowed        bool          `json:"allowed"`
	ApprovalNeeded bool          `json:"approvalNeeded"`
	Policies       []saidPolicy  `json:"policies"`
}

type saidPolicy struct {
	ID   string `json:"id"`
	Says string `json:"says"`
}

func (a *app) checkPolicy(ctx context.Context, q policyQuestion) error {
	p, err := a.policy(q.file)
	if err != nil {
		return err
	}
	if q.action == "" {
		n := 0
		for range p.All() {
			n++
		}
		return a.printf("the policy can be used: %d policies\n", n)
	}
	if err := readWords(map[string]flagWord{"action": {q.action, &q.ask.Action}, "visibility": {q.visibility, &q.ask.Visibility}}); err != nil {
		return err
	}
	if q.ask.Command != "" && q.ask.Action != access.Follow {
		if err := isCommand(q.ask.Command); err != nil {
			return err
		}
	}
	if q.ask.Who, err = a.asking(ctx, q); err != nil {
		return err
	}
	kind, _, _ := strings.Cut(q.ask.Command, ".")
	if q.ask.Stream != "" {
		kind = kindOfStream(q.ask.Stream)
	}
	q.ask.Kind = cmp.Or(q.ask.Kind, kind)
	q.ask.Alone = q.ask.Action == access.Record && !q.approved
	d := p.Decide(q.ask)
	answer := checkedPolicy{q.ask.Who.ID, q.ask.Who.Roles, q.ask.Action, d.Allowed, d.ApprovalNeeded, nil}
	for _, id := range d.Policies {
		answer.Policies = append(answer.Policies, saidPolicy{id, p.Says(id)})
	}
	if a.json {
		return a.printJSON(answer)
	}
	return a.printDecision(answer)
}

// isCommand fails unless there is a command of the name: a policy is asked of
// anything, and would say nothing of a slip.
func isCommand(name string) error {
	described, err := catalogue.New()
	if err == nil {
		_, err = described.Command(name)
	}
	return err
}

func (a *app) printDecision(d checkedPolicy) error {
	pr := &printer{app: a}
	switch {
	case d.Allowed:
		pr.line("allowed, by")
	case d.ApprovalNeeded:
		pr.line("refused to one person alone; it may be proposed, and a second person approves it, by")
	case len(d.Policies) > 0:
		pr.line("refused, by")
	default:
		pr.line("refused: no policy allows it")
	}
	for _, one := range d.Policies {
		pr.line("  %s: %s", one.ID, dash(one.Says))
	}
	return pr.err
}

// asking returns the identity that --as names, or one that holds the role.
func (a *app) asking(ctx context.Context, q policyQuestion) (who access.Identity, err error) {
	role := access.Role(q.as)
	switch {
	case q.as == "":
		return who, usage("it is not said who asks", "--as with the id of an identity, or a role")
	case role == access.RoleAnonymous:
		return access.Anonymous(), nil
	case slices.Contains(role.Words(), q.as):
		return access.Identity{ID: "id-of-a-" + q.as, Roles: []access.Role{role}, For: q.ask.Who.For, Reads: q.ask.Who.Reads}, nil
	}
	err = a.withGate(ctx, func(g gate) error {
		acc, err := g.account(ctx, q.as)
		who = acc.Now()
		return err
	})
	return who, err
}
