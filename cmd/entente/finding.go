package main

import (
	"encoding/hex"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/spf13/cobra"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/review"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/findings"
	"github.com/entente-ledger/entente/projections/readmodel"
)

func (a *app) findingCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "finding",
		Short: "Decide on a finding: accept it, assign it to somebody, or open it again",
		Long: "Decide on a finding. One that is accepted leaves the queue, stays in `entente findings --all`, and comes\n" +
			"back when it, or one of the events it is about, changes.",
		Example: "  entente finding accept 3f2a --reason 'the source has no date'\n  entente finding assign 3f2a --to clerk-7 --by 2026-12-01",
	}
	var reason, to, by string
	accept := &cobra.Command{Use: "accept FINDING", Short: "Say that a finding is known and needs no change"}
	assign := &cobra.Command{Use: "assign FINDING", Short: "Say who is to look at a finding"}
	reopen := &cobra.Command{Use: "reopen FINDING", Short: "Take back that a finding was accepted or assigned"}
	for _, verb := range []*cobra.Command{accept, assign, reopen} {
		verb.Flags().StringVar(&reason, "reason", "", "why, in a sentence")
		verb.Args = sentence(cobra.ExactArgs(1))
		c.AddCommand(verb)
	}
	assign.Flags().StringVar(&to, "to", "", "opaque id of who is to look at it")
	assign.Flags().StringVar(&by, "by", "", "last day for it, EDTF")
	today := terms.Fact{Occurred: today()}
	accept.RunE = a.decide(func(f findings.Finding) (string, any) {
		return "review.accept", review.Accept{Fact: today, Finding: reviewOf(f), Basis: basisOf(f), Reason: reason}
	})
	assign.RunE = a.decide(func(f findings.Finding) (string, any) {
		due, _ := edtf.Parse(by)
		return "review.assign", review.Assign{Fact: today, Finding: reviewOf(f), To: to, Due: due, Reason: reason}
	})
	reopen.RunE = a.decide(func(findings.Finding) (string, any) {
		return "review.reopen", review.Reopened{Fact: today, Reason: reason}
	})
	assign.PreRunE = func(*cobra.Command, []string) error {
		if by == "" {
			return nil
		}
		var day edtf.Date
		return readDate(by, &day)
	}
	return c
}

// decide records what the command of a finding is.
func (a *app) decide(command func(f findings.Finding) (name string, c any)) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, args []string) error {
		actor, err := a.identity()
		if err != nil {
			return err
		}
		return a.withExisting(c.Context(), func(l *opened) error {
			var f findings.Finding
			if err := l.read(c.Context(), func(conn *sqlite.Conn) (err error) {
				f, err = findings.Resolve(conn, args[0], readmodel.At{})
				return err
			}); err != nil {
				return err
			}
			in := input{}
			var payload any
			in.Command, payload = command(f)
			if in.Command == "review.reopen" {
				in.To = f.Review.Stream
			}
			if in.Payload, err = json.Marshal(payload); err != nil {
				return fmt.Errorf("write the decision: %w", err)
			}
			res, err := l.give(c.Context(), actor, false, in)
			if err != nil {
				return err
			}
			return a.report(res)
		})
	}
}

func reviewOf(f findings.Finding) review.Finding {
	return review.Finding{ID: f.ID, Code: f.Code, Stream: terms.Ref(f.Stream)}
}

func basisOf(f findings.Finding) review.Basis {
	b := review.Basis{Digest: hex.EncodeToString(f.Digest[:])}
	for _, e := range f.Events {
		b.Events = append(b.Events, terms.Ref(fmt.Sprintf("%s@%d", e.Stream, e.Revision)))
	}
	return b
}
