package main

import (
	"cmp"
	"strings"

	"github.com/spf13/cobra"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/search"
)

// hit is something that was found, as JSON.
type hit struct {
	ID         string           `json:"id"`
	Kind       string           `json:"kind"`
	Title      terms.Text       `json:"title"`
	Matched    terms.Text       `json:"matched"` // may be the title
	Date       edtf.Date        `json:"date"`
	Visibility terms.Visibility `json:"visibility"`
}

func (a *app) searchCommand() *cobra.Command {
	var q search.Query
	var theme string
	var limit int
	c := &cobra.Command{
		Use:   "search WORDS...",
		Short: "Find agreements, parties and the like by their names and titles, in any language",
		Example: "  entente search urban agenda\n" +
			"  entente search θεσσαλονικη --kind party",
		Args: cobra.MinimumNArgs(1),
	}
	c.Flags().StringVar(&q.Kind, "kind", "", "only those of this kind: "+strings.Join(search.Kinds(), ", "))
	c.Flags().StringVar(&theme, "theme", "", "only those with this theme")
	c.Flags().IntVar(&limit, "limit", 0, "at most so many; 0: all")
	a.axes(c)
	c.RunE = func(cmd *cobra.Command, words []string) error {
		q.Words, q.At = strings.Join(words, " "), a.at
		if err := readFlag("--theme", theme, &q.Theme); err != nil {
			return err
		}
		return a.withReader(cmd.Context(), func(l *opened) error {
			return l.read(cmd.Context(), func(conn *sqlite.Conn) error { return a.printHits(conn, q, limit) })
		})
	}
	return c
}

func (a *app) printHits(conn *sqlite.Conn, q search.Query, limit int) error {
	t := table{head: []string{"FOUND", "KIND", "ID", "AS"}}
	err := pages(limit, func(limit int, after string) (int, string, error) {
		q.Limit, q.After = limit, after
		found, next, err := search.Find(conn, q)
		for _, h := range found {
			if a.json {
				err = cmp.Or(err, a.printJSON(hit{h.Stream, h.Kind, h.Title, h.Matched, h.Date, h.Visibility}))
				continue
			}
			title, as := dash(h.Title.Value), h.Matched.Value
			if as == h.Title.Value {
				as = ""
			}
			t.add(title, h.Kind, short(h.Stream), as)
		}
		return len(found), next, err
	})
	if err != nil || a.json {
		return err
	}
	if len(t.rows) == 0 {
		return a.printf("nothing found\n")
	}
	return a.printTable(t)
}
