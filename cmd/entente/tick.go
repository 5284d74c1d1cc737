package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/obligations"
	"github.com/entente-ledger/entente/projections/readmodel"
)

func (a *app) tickCommand() *cobra.Command {
	var at string
	var dry bool
	c := &cobra.Command{
		Use:   "tick",
		Short: "Record what fell due by today: terms that ended, deadlines and duties that passed, notice that ran out",
		Long: "Record what fell due, so that whoever follows the ledger hears of it. It changes no answer: what follows from\n" +
			"time alone is read off the terms, as of any date, whether or not it was recorded that the day came. What is\n" +
			"recorded already is not recorded again. A later date can be looked at in a dry run.",
		Example: "  entente tick\n  entente tick --at 2030-01-01 --dry-run",
	}
	c.Flags().StringVar(&at, "at", "", "day by which it fell due, such as 2026-12-31 (default: today)")
	c.Flags().BoolVar(&dry, "dry-run", false, "show what would be recorded, record nothing")
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		var day edtf.Date
		if err := readDate(at, &day); err != nil {
			return err
		}
		switch {
		case day.Earliest() != day.Latest():
			return usage(fmt.Sprintf("--at %s is not one day", day), "a whole date, such as 2026-12-31")
		case !dry && day.Latest() > today().Latest():
			return usage(fmt.Sprintf("--at %s has not come yet", day), "a day that has come, or --dry-run")
		}
		if dry {
			return a.withReader(cmd.Context(), func(l *opened) error { return l.tick(cmd.Context(), day, true) })
		}
		return a.withExisting(cmd.Context(), func(l *opened) error { return l.tick(cmd.Context(), day, false) })
	}
	return c
}

// tick records what fell due by a day, or shows what would be. It reads all of
// it first: what is recorded changes what is asked for.
func (l *opened) tick(ctx context.Context, day edtf.Date, dry bool) error {
	came, commands, err := l.came(ctx, day)
	if err != nil {
		return err
	}
	for i, c := range commands {
		if err := l.mark(ctx, came[i], c, dry); err != nil {
			return err
		}
	}
	if len(commands) == 0 && !l.app.json {
		return l.app.printf("nothing fell due\n")
	}
	return nil
}

// mark records that something fell due, or shows that it would be.
func (l *opened) mark(ctx context.Context, o obligations.Obligation, c es.Command, dry bool) error {
	if !dry {
		if _, err := l.Do(ctx, c); err != nil {
			return fmt.Errorf("%s %s: %w", c.Name, c.Stream, err)
		}
	}
	if l.app.json {
		return l.read(ctx, func(conn *sqlite.Conn) error {
			d := l.desk(conn)
			line, err := d.Obligation(o, o.On)
			if err != nil {
				return err
			}
			return l.app.printJSON(line)
		})
	}
	verb := "recorded"
	if dry {
		verb = "would record"
	}
	return l.app.printf("%s %s.fell_due  %s on %s, %s\n", verb, kindOfStream(c.Stream), o.Rule, o.On, c.Stream)
}

// came returns what fell due by a day, and the commands that record it.
func (l *opened) came(ctx context.Context, day edtf.Date) (came []obligations.Obligation, commands []es.Command, err error) {
	err = l.read(ctx, func(conn *sqlite.Conn) error {
		for f := (obligations.Filter{Came: day}); ; {
			found, next, err := obligations.List(conn, f)
			if err != nil {
				return err
			}
			for _, o := range found {
				event, err := history.At(conn, o.Stream, o.Of, readmodel.At{})
				if err != nil {
					return err
				}
				c, err := ledger.MarkDue(o.Stream, event.ID, o.Due)
				if err != nil {
					return err
				}
				came, commands = append(came, o), append(commands, c)
			}
			if f.After = next; next == "" {
				return nil
			}
		}
	})
	return came, commands, err
}
