package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/domain/proposal"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/projections/proposals"
)

func (a *app) proposalCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "proposal",
		Short: "Show commands that need a second person, and what was decided about them",
		Long: "Show commands that need a second person, and what was decided about them. Proposals are made, approved and\n" +
			"refused through the service, which knows who is who; `entente do` records what its operator says.",
		Example: "  entente proposal list --phase open\n  entente proposal show proposal-3f",
	}
	c.AddCommand(a.proposalListCommand(), a.proposalShowCommand())
	return c
}

func (a *app) proposalListCommand() *cobra.Command {
	var f proposals.Filter
	var phase, about string
	c := &cobra.Command{Use: "list", Short: "List proposals, those made first at the beginning", Args: cobra.NoArgs}
	c.Flags().StringVar(&phase, "phase", "", "only those in this phase: "+strings.Join(proposal.Phase("").Words(), ", "))
	c.Flags().StringVar(&about, "about", "", "only those about this stream (its id or the beginning of it), or that led to something in it")
	c.Flags().StringVar(&f.By, "by", "", "only those that were made under this opaque id")
	c.Flags().IntVar(&f.Limit, "limit", 0, "at most so many; 0: all")
	a.axes(c)
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := readFlag("--phase", phase, &f.Phase); err != nil {
			return err
		}
		ctx := cmd.Context()
		return a.reading(ctx, func(l reading) (err error) {
			if about != "" {
				if f.Stream, err = l.resolve(ctx, about); err != nil {
					return err
				}
			}
			return a.printProposals(ctx, l, f)
		})
	}
	return c
}

func (a *app) printProposals(ctx context.Context, l reading, f proposals.Filter) error {
	t := table{head: []string{"ID", "PHASE", "COMMAND", "ABOUT", "BY", "ON", "WHY", "DECIDED BY"}}
	return l.ask(ctx, func(d answering) error {
		err := printAll(a, d.AllProposals(f), func(p answers.Proposal) {
			t.add(short(p.ID), string(p.Phase), p.Command, about(p.Row.Proposed), p.By, p.On.String(), p.Why, p.DecidedBy)
		})
		switch {
		case err != nil || a.json:
			return err
		case len(t.rows) == 0:
			return a.printf("no proposals\n")
		}
		return a.printTable(t)
	})
}

// about is what a command is about, for people.
func about(p proposal.Proposed) string {
	if p.Stream == "" {
		return "(new)"
	}
	return short(string(p.Stream))
}

func (a *app) proposalShowCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "show PROPOSAL", Short: "Show a proposal with the command and what came of it",
		Args: cobra.ExactArgs(1),
	}
	a.axes(c)
	c.RunE = func(cmd *cobra.Command, args []string) error {
		ctx := cmd.Context()
		return a.reading(ctx, func(l reading) error {
			stream, err := l.resolve(ctx, args[0])
			if err != nil {
				return err
			}
			return l.ask(ctx, func(d answering) error {
				p, err := d.Proposal(stream)
				if err != nil {
					return err
				}
				if a.json {
					return a.printJSON(p)
				}
				return a.printProposal(p.Row)
			})
		})
	}
	return c
}

func (a *app) printProposal(p proposals.Proposal) error {
	what, s := p.Proposed, p.Standing
	t := table{head: []string{"proposal", p.Stream}}
	add := func(name, value string) {
		if value != "" {
			t.add(name, value)
		}
	}
	add("phase", string(s.Phase))
	add("command", what.Command)
	add("about", string(what.Stream))
	if what.At > 0 {
		add("proposed at", fmt.Sprintf("revision %d", what.At))
	}
	add("known at", what.KnownAt)
	payload := jsontext.Value(what.Payload)
	if err := payload.Compact(); err != nil {
		return fmt.Errorf("show the payload of %s: %w", p.Stream, err)
	}
	add("payload", string(payload))
	for _, c := range what.Concerns {
		add("concerns", string(c))
	}
	add("by", s.MadeBy)
	add("on", p.On.String())
	add("why", p.Why)
	add("decided by", s.DecidedBy)
	add("said", s.Why)
	if s.Stream != "" {
		add("led to", fmt.Sprintf("%s at revision %d", s.Stream, s.Revision))
	}
	for _, id := range s.Events {
		add("event", id.String())
	}
	if s.Code != "" {
		add("rejected", s.Code+": "+s.Message)
	}
	return a.printTable(t)
}
