package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/domain/review"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/projections/findings"
)

func (a *app) findingsCommand() *cobra.Command {
	var f findings.Filter
	var about string
	c := &cobra.Command{
		Use:   "findings",
		Short: "Show what a person should look at: contradictions, undecidable dates, unnamed places, duplicates",
		Long: "Show what a person should look at: contradictions, undecidable dates, unnamed places, duplicates. Two records\n" +
			"are probably of one party if they have a name in common, whatever its case, accents, punctuation or, within one\n" +
			"country, script. Below such a finding is the command that links them, should they be one.",
		Example: "  entente findings --about memorandum-f6\n  entente findings --code party.duplicate",
	}
	c.Flags().StringVar(&about, "about", "", "only those about this agreement, party, source or person")
	c.Flags().BoolVar(&f.Accepted, "all", false, "also those that were accepted and have not changed since")
	c.Flags().StringVar(&f.Code, "code", "", "only those with this code")
	c.Flags().IntVar(&f.Limit, "limit", 0, "at most so many; 0: all")
	a.axes(c)
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		ctx := cmd.Context()
		return a.reading(ctx, func(l reading) (err error) {
			if about != "" {
				if f.Stream, err = l.resolve(ctx, about); err != nil {
					return err
				}
			}
			return l.ask(ctx, func(d answering) error { return a.printFindings(d, f) })
		})
	}
	return c
}

func (a *app) printFindings(d answering, f findings.Filter) error {
	var shown []answers.Finding // for people, in the order of the events they begin with
	err := printAll(a, d.AllFindings(f), func(one answers.Finding) { shown = append(shown, one) })
	if err != nil || a.json {
		return err
	}
	if len(shown) == 0 {
		return a.printf("nothing to look at\n")
	}
	t := table{head: []string{"ID", "FINDING", "ABOUT", "EVENTS", "WHAT", ""}}
	for _, one := range inOrder(shown) {
		t.add(one.ID.String()[:8], one.Code, short(one.Stream), events(one.Events), one.Detail, decided(one))
		if one.Remedy != "" {
			t.add("", "", "", "", "  "+one.Remedy, "")
		}
	}
	return a.printTable(t)
}

// decided puts what was decided about a finding into words.
func decided(f answers.Finding) string {
	switch {
	case f.Stale:
		return "accepted, changed since"
	case f.Standing == review.StandingAccepted:
		return "accepted: " + f.Reason
	case f.Standing == review.StandingAssigned:
		return "assigned to " + f.To
	default:
		return ""
	}
}

// inOrder puts findings in the order of the events they begin with.
func inOrder(all []answers.Finding) []answers.Finding {
	slices.SortStableFunc(all, func(a, b answers.Finding) int {
		return cmp.Compare(a.Events[0].Sequence, b.Events[0].Sequence)
	})
	return all
}

// events are the sequences of events and what they are, those of one kind
// together.
func events(all []answers.Place) string {
	var words []string
	for i, e := range all {
		text := fmt.Sprintf("#%d", e.Sequence)
		if i == len(all)-1 || all[i+1].Type != e.Type {
			text += " " + bare(e.Type)
		}
		words = append(words, text)
	}
	return strings.Join(words, " ")
}
