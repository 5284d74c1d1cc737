package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/spf13/cobra"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/findings"
)

// finding is something a person should look at, as JSON.
type finding struct {
	ID     uuid.UUID `json:"id"`
	Code   string    `json:"code"`
	Stream string    `json:"stream"`
	Other  string    `json:"other"` // another stream it is about, or ""
	Detail string    `json:"detail"`
	Events []place   `json:"events"`
}

// place is where an event stands, as JSON.
type place struct {
	Sequence uint64      `json:"sequence"`
	Stream   string      `json:"stream"`
	Revision es.Revision `json:"revision"`
	ID       uuid.UUID   `json:"id"`
	Type     string      `json:"type"`
}

func (a *app) findingsCommand() *cobra.Command {
	var f findings.Filter
	var about string
	var limit int
	c := &cobra.Command{
		Use:   "findings",
		Short: "Show what a person should look at: contradictions, undecidable dates, unnamed places, duplicates",
	}
	c.Flags().StringVar(&about, "about", "", "only those about this agreement, party, source or person")
	c.Flags().StringVar(&f.Code, "code", "", "only those with this code")
	c.Flags().IntVar(&limit, "limit", 0, "at most so many; 0: all")
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		ctx := cmd.Context()
		return a.withReader(ctx, func(l *opened) (err error) {
			if about != "" {
				if f.Stream, err = l.resolve(ctx, about); err != nil {
					return err
				}
			}
			return l.printFindings(ctx, f, limit)
		})
	}
	return c
}

func (l *opened) printFindings(ctx context.Context, f findings.Filter, limit int) error {
	t := table{head: []string{"FINDING", "ABOUT", "EVENTS", "WHAT"}}
	return l.read(ctx, func(conn *sqlite.Conn) error {
		err := pages(limit, func(limit int, after string) (int, string, error) {
			f.Limit, f.After = limit, after
			found, next, err := findings.List(conn, f)
			for _, one := range found {
				line, at := findingOf(one)
				if l.app.json {
					err = cmp.Or(err, l.app.printJSON(line))
				}
				t.add(one.Code, short(one.Stream), at, one.Detail)
			}
			return len(found), next, err
		})
		if err != nil || l.app.json {
			return err
		}
		if len(t.rows) == 0 {
			return l.app.printf("nothing to look at\n")
		}
		return l.app.printTable(t)
	})
}

func findingOf(f findings.Finding) (line finding, at string) {
	line = finding{ID: f.ID, Code: f.Code, Stream: f.Stream, Other: f.Other, Detail: f.Detail, Events: []place{}}
	var seqs []string
	for _, e := range f.Events {
		line.Events = append(line.Events, place{e.Sequence, e.Stream, e.Revision, e.ID, e.Type})
		seqs = append(seqs, fmt.Sprintf("#%d", e.Sequence))
	}
	return line, strings.Join(seqs, " ")
}
