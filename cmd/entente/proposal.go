package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
	"github.com/spf13/cobra"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/proposal"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/proposals"
)

// proposalLine is a command that needs, or needed, a second person, as JSON.
type proposalLine struct {
	ID       string         `json:"id"`
	Phase    proposal.Phase `json:"phase"`
	Command  string         `json:"command"`
	Stream   terms.Ref      `json:"stream"` // "": it opens one
	At       es.Revision    `json:"at"`     // the revision of the stream when it was proposed
	Payload  string         `json:"payload"`
	KnownAt  string         `json:"knownAt"`
	Concerns []terms.Ref    `json:"concerns"`
	By       string         `json:"by"`
	On       edtf.Date      `json:"on"`
	Why      string         `json:"why"`
	// DecidedBy is the opaque id of who approved, refused or withdrew it.
	DecidedBy string `json:"decidedBy"`
	Said      string `json:"said"`
	// Led is the stream that the command led to, and To its revision after it.
	Led    terms.Ref   `json:"led"`
	To     es.Revision `json:"to"`
	Events []uuid.UUID `json:"events"`
	// Code and Message say how the command was rejected, if it was.
	Code    string `json:"code"`
	Message string `json:"message"`
	Since   string `json:"since"` // when what made it stand so was recorded
}

func proposalOf(p proposals.Proposal) proposalLine {
	what, s := p.Proposed, p.Standing
	return proposalLine{
		ID: p.Stream, Phase: s.Phase, Command: what.Command, Stream: what.Stream, At: what.At, Payload: what.Payload, KnownAt: what.KnownAt,
		Concerns: what.Concerns, By: s.MadeBy, On: p.On, Why: p.Why, DecidedBy: s.DecidedBy, Said: s.Why,
		Led: s.Stream, To: s.Revision, Events: s.Events, Code: s.Code, Message: s.Message, Since: es.FormatInstant(p.Since.Recorded),
	}
}

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
	var limit int
	c := &cobra.Command{Use: "list", Short: "List proposals, those made first at the beginning", Args: cobra.NoArgs}
	c.Flags().StringVar(&phase, "phase", "", "only those in this phase: "+strings.Join(proposal.Phase("").Words(), ", "))
	c.Flags().StringVar(&about, "about", "", "only those about this stream (its id or the beginning of it), or that led to something in it")
	c.Flags().StringVar(&f.By, "by", "", "only those that were made under this opaque id")
	c.Flags().IntVar(&limit, "limit", 0, "at most so many; 0: all")
	a.axes(c)
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := readFlag("--phase", phase, &f.Phase); err != nil {
			return err
		}
		ctx := cmd.Context()
		f.At = a.at
		return a.withReader(ctx, func(l *opened) (err error) {
			if about != "" {
				if f.Stream, err = l.resolve(ctx, about); err != nil {
					return err
				}
			}
			return l.printProposals(ctx, f, limit)
		})
	}
	return c
}

func (l *opened) printProposals(ctx context.Context, f proposals.Filter, limit int) error {
	t := table{head: []string{"ID", "PHASE", "COMMAND", "ABOUT", "BY", "ON", "WHY", "DECIDED BY"}}
	return l.read(ctx, func(conn *sqlite.Conn) error {
		err := pages(limit, func(limit int, after string) (int, string, error) {
			f.Limit, f.After = limit, after
			found, next, err := proposals.List(conn, f)
			for _, p := range found {
				if l.app.json {
					err = cmp.Or(err, l.app.printJSON(proposalOf(p)))
					continue
				}
				s := p.Standing
				t.add(short(p.Stream), string(s.Phase), p.Proposed.Command, about(p.Proposed), s.MadeBy, p.On.String(), p.Why, s.DecidedBy)
			}
			return len(found), next, err
		})
		switch {
		case err != nil || l.app.json:
			return err
		case len(t.rows) == 0:
			return l.app.printf("no proposals\n")
		}
		return l.app.printTable(t)
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
		return a.withReader(ctx, func(l *opened) error {
			stream, err := l.resolve(ctx, args[0])
			if err != nil {
				return err
			}
			return l.read(ctx, func(conn *sqlite.Conn) error {
				p, err := proposals.Get(conn, stream, a.at)
				if err != nil {
					return err
				}
				if a.json {
					return a.printJSON(proposalOf(p))
				}
				return a.printProposal(p)
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
