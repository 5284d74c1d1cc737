package main

import (
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/terms"
)

func (a *app) partyCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "party",
		Short:   "Link two records of one party, or unlink them",
		Long:    "Say that two records are of one party, or that they are not after all. A link says by which record to go;\nnothing of either is lost, and it can be taken back.",
		Example: "  entente party link party-5a party-9c --reason 'the same city in two registers'",
	}
	var reason string
	link := &cobra.Command{Use: "link DUPLICATE PARTY", Short: "Say that a record is of the same party as another, which is the one to go by"}
	unlink := &cobra.Command{Use: "unlink DUPLICATE PARTY", Short: "Say that a record that was linked to another is not of the same party"}
	for _, verb := range []*cobra.Command{link, unlink} {
		verb.Flags().StringVar(&reason, "reason", "", "why, in a sentence")
		verb.Args = sentence(cobra.ExactArgs(2))
		c.AddCommand(verb)
	}
	link.RunE = a.between("party.link", func(other terms.PartyID) any { return party.Link{To: other, Reason: reason} })
	unlink.RunE = a.between("party.unlink", func(other terms.PartyID) any { return party.Unlink{From: other, Reason: reason} })
	return c
}

// between records a command on the first of two parties about the second.
func (a *app) between(name string, command func(other terms.PartyID) any) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, args []string) error {
		actor, err := a.identity()
		if err != nil {
			return err
		}
		return a.withExisting(c.Context(), func(l *opened) error {
			other, err := l.resolve(c.Context(), args[1])
			if err != nil {
				return err
			}
			payload, err := json.Marshal(command(terms.PartyID(other)))
			if err != nil {
				return fmt.Errorf("write the command: %w", err)
			}
			res, err := l.give(c.Context(), actor, false, input{Command: name, To: args[0], Payload: payload})
			if err != nil {
				return err
			}
			return a.report(res)
		})
	}
}
