package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/projections/search"
)

func (a *app) searchCommand() *cobra.Command {
	var q search.Query
	var theme string
	c := &cobra.Command{
		Use:   "search WORDS...",
		Short: "Find agreements, parties and the like by their names and titles, in any language",
		Example: "  entente search urban agenda\n" +
			"  entente search θεσσαλονικη --kind party",
		Args: cobra.MinimumNArgs(1),
	}
	c.Flags().StringVar(&q.Kind, "kind", "", "only those of this kind: "+strings.Join(search.Kinds(), ", "))
	c.Flags().StringVar(&theme, "theme", "", "only those with this theme")
	c.Flags().IntVar(&q.Limit, "limit", 0, "at most so many; 0: all")
	a.axes(c)
	c.RunE = func(cmd *cobra.Command, words []string) error {
		q.Words = strings.Join(words, " ")
		if err := readFlag("--theme", theme, &q.Theme); err != nil {
			return err
		}
		return a.reading(cmd.Context(), func(l reading) error {
			return l.ask(cmd.Context(), func(d answering) error { return a.printHits(d, q) })
		})
	}
	return c
}

func (a *app) printHits(d answering, q search.Query) error {
	t := table{head: []string{"FOUND", "KIND", "ID", "AS"}}
	err := printAll(a, d.AllFound(q), func(h answers.Hit) {
		title, as := dash(h.Title.Value), h.Matched.Value
		if as == h.Title.Value {
			as = ""
		}
		t.add(title, h.Kind, short(h.ID), as)
	})
	if err != nil || a.json {
		return err
	}
	if len(t.rows) == 0 {
		return a.printf("nothing found\n")
	}
	return a.printTable(t)
}
