package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/answers"
)

func (a *app) diffCommand() *cobra.Command {
	var p answers.Span
	var all bool
	c := &cobra.Command{
		Use:   "diff [ID]",
		Short: "Show what changed between two states of knowledge, and which events changed it",
		Long: "diff compares what `show ID --json` says by two states of knowledge, as of the same date: what this ledger\n" +
			"held (--from, --to), or what the registrar vouched for (--from-known, --to-known). It takes agreements,\n" +
			"parties, networks and action plans; with --all it counts what changed in each that has events in between.",
		Example: "  entente diff memorandum-f6 --from 41 --to 2026-03-01T09:30:00Z\n" +
			"  entente diff --all --from-known 2020-01-01T00:00:00Z",
		Args: cobra.MaximumNArgs(1),
	}
	flags := c.Flags()
	flags.Var(recordedFlag{&p.From}, "from", "what this ledger held at this instant, RFC 3339, or after the event with this sequence")
	flags.Var(recordedFlag{&p.To}, "to", "what it held at this one (default: now)")
	flags.Var(instantFlag{&p.From.Known}, "from-known", "what the registrar vouched for at this instant, RFC 3339")
	flags.Var(instantFlag{&p.To.Known}, "to-known", "what the registrar vouched for at this one (default: now)")
	on := asOf(c, "both are shown")
	flags.BoolVar(&all, "all", false, "everything that has events in between, one line each")
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if all == (len(args) == 1) {
			return usage("diff is of one thing or of all", "an id, or --all")
		}
		return a.withSubject(cmd.Context(), args, on, func(s subject) error {
			if all {
				return inFlags(s.diffAll(p))
			}
			return inFlags(s.diff(cmd.Context(), p))
		})
	}
	return c
}

// inFlags says in the words of the flags that a span cannot be meant.
func inFlags(err error) error {
	var e *es.Error
	if !errors.As(err, &e) || e.Code != answers.CodeNoRange && e.Code != answers.CodeBadRange {
		return err
	}
	if e.Code == answers.CodeNoRange {
		return es.Invalid("cli.bad_range", e.Message, "--from and perhaps --to, or --from-known and perhaps --to-known")
	}
	return es.Invalid("cli.bad_range", e.Message, e.Want)
}

func (s subject) diff(ctx context.Context, p answers.Span) error {
	all, err := s.desk.Diff(ctx, s.id, s.on, p)
	if err != nil {
		return err
	}
	t := table{head: []string{"FIELD", "FROM", "TO", "BY", "WHY"}}
	for _, c := range all {
		event := "-"
		for _, e := range c.By {
			event = fmt.Sprintf("%s by %s, %s", numbered(c.By), e.Actor, instant(e.Recorded))
		}
		if err := s.print(&t, c, shortPath(c.Field), dash(c.FromText), dash(c.ToText), event, dash(c.Why)); err != nil {
			return err
		}
	}
	return s.finish(t)
}

func (s subject) diffAll(p answers.Span) error {
	t := table{head: []string{"ID", "TITLE", "FIELDS"}}
	err := printAll(s.app, s.desk.DiffAll(s.on, p), func(one answers.Differing) {
		t.add(short(one.ID), one.Title, fmt.Sprint(one.Fields))
	})
	if err != nil {
		return err
	}
	return s.finish(t)
}

// print adds a row to the table, or prints its object.
func (s subject) print(t *table, object any, row ...string) error {
	t.add(row...)
	if s.app.json {
		return s.app.printJSON(object)
	}
	return nil
}

// finish prints the table, unless its objects were.
func (s subject) finish(t table) error {
	switch {
	case s.app.json:
		return nil
	case len(t.rows) == 0:
		return s.app.printf("nothing changed\n")
	}
	return s.app.printTable(t)
}

// shortPath is a path with the beginnings of the ids in it.
func shortPath(path string) string {
	parts := strings.Split(path, "[")
	for i, part := range parts {
		if id, rest, keyed := strings.Cut(part, "]"); keyed {
			if _, _, err := es.ParseStream(id); err == nil {
				parts[i] = short(id) + "]" + rest
			}
		}
	}
	return strings.Join(parts, "[")
}
