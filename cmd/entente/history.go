package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/infra/export"
	"github.com/entente-ledger/entente/projections/history"
)

func (a *app) historyCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "history ID",
		Short:   "Show every event of an agreement, party, network or anything else",
		Long:    "Show every event of an agreement, party, network or anything else: when it occurred, from when it counts, since\nwhen it is known and recorded, how surely, by which source, and who recorded it.",
		Example: "  entente history memorandum-f6\n  entente history f6f61c0b --json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.reading(cmd.Context(), func(l reading) error {
				id, err := l.resolve(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				return a.printHistory(cmd.Context(), l, id)
			})
		},
	}
}

func (a *app) printHistory(ctx context.Context, l reading, stream string) error {
	if a.format == export.PROV {
		return l.provenance(ctx, stream)
	}
	return l.ask(ctx, func(d answering) error {
		t := table{head: []string{"SEQ", "REV", "EVENT", "OCCURRED", "EFFECTIVE", "STATUS", "KNOWN", "RECORDED", "SOURCE", "BY", "WHAT"}}
		w := words{desk: d}
		for one, err := range d.AllHistory(ctx, stream) {
			if err != nil {
				return err
			}
			if a.json {
				if err := a.printJSON(one); err != nil {
					return err
				}
				continue
			}
			what, err := w.what(one.Line)
			if err != nil {
				return err
			}
			t.add(strconv.FormatUint(one.Sequence, 10), strconv.FormatUint(uint64(one.Revision), 10), bare(one.Type),
				dash(one.Occurred.String()), dash(one.Effective.String()), one.Status.String(), instant(one.Line.Known), instant(one.Line.Recorded),
				source(one.Source), one.Actor, what)
		}
		if a.json {
			return nil
		}
		return a.printTable(t)
	})
}

// provenance prints a history as PROV-JSON.
func (l *opened) provenance(ctx context.Context, stream string) error {
	return l.views.Read(ctx, func(conn *sqlite.Conn, c checkpoint) error {
		last := c.Events - 1
		if l.app.at.Events > 0 {
			last = min(last, l.app.at.Events-1)
		}
		return export.Provenance(ctx, l.app.out, l.desk(conn), l.ID, stream, last)
	})
}

func (a *app) logCommand() *cobra.Command {
	var after int64
	var typ string
	var follow bool
	c := &cobra.Command{
		Use:     "log",
		Short:   "Show the log: all events in the order in which they were recorded",
		Example: "  entente log --after 100 --type memorandum.signed --follow --json",
	}
	c.AddCommand(a.succeedCommand())
	c.Flags().Int64Var(&after, "after", -1, "only events after this sequence; the first event has sequence 0")
	c.Flags().StringVar(&typ, "type", "", "only events of this type")
	c.Flags().BoolVar(&follow, "follow", false, "wait for more, until interrupted")
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		if after < -1 {
			return usage(fmt.Sprintf("--after %d is not a sequence", after), "0 or more")
		}
		if typ != "" && !known(typ) {
			return es.Invalid("cli.unknown_type", fmt.Sprintf("there is no event type %.80q", typ), "one of docs/events.md, such as memorandum.signed")
		}
		return a.reading(cmd.Context(), func(l reading) error { return l.log(cmd.Context(), uint64(after+1), typ, follow) })
	}
	return c
}

func known(typ string) bool {
	for _, a := range ledger.Aggregates() {
		for _, d := range a.Events {
			if d.Name == typ {
				return true
			}
		}
	}
	return false
}

// log prints what is recorded from a sequence on, and then what comes.
func (l *opened) log(ctx context.Context, from uint64, typ string, follow bool) error {
	next, position, err := l.printLog(ctx, from, typ)
	if err != nil || !follow {
		return err
	}
	return l.follow(ctx, next, position, typ)
}

// printLog prints what is recorded, and returns where what follows begins.
func (l *opened) printLog(ctx context.Context, from uint64, typ string) (next uint64, at es.Position, err error) {
	err = l.views.Read(ctx, func(conn *sqlite.Conn, c checkpoint) error {
		d := l.desk(conn)
		w := words{desk: d}
		next, at = max(from, c.Events), c.Position
		for one, err := range d.AllLog(ctx, answers.LogFilter{From: from, Types: ofType(typ)}) {
			if err == nil {
				err = l.app.printLine(one, &w)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return next, at, err
}

// printLine prints an event of the log at once, so that a follower sees it.
func (a *app) printLine(one answers.Event, w *words) error {
	if a.json {
		return a.printJSON(one)
	}
	what, err := w.what(one.Line)
	if err != nil {
		return err
	}
	return a.printf("%7d  %s  %-10s  %-28s  %s@%d  %s\n", one.Sequence, instant(one.Line.Recorded), one.Status, one.Type,
		short(one.Stream), one.Revision, what)
}

// follow prints what is recorded from now on, until ctx is done.
func (l *opened) follow(ctx context.Context, next uint64, at es.Position, typ string) error {
	for r, err := range ledger.Own(l.Store().Subscribe(ctx, at)) {
		if err != nil {
			if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
				return nil // interrupted, as is meant
			}
			return err
		}
		if r.IsMarker() {
			continue
		}
		if typ == "" || r.Type == typ {
			one, err := history.LineOf(next, r)
			if err != nil {
				return err
			}
			if err := l.app.printLine(answers.EventOf(one), &words{}); err != nil {
				return err
			}
		}
		next++
	}
	return nil
}

// bare is a type's name without the aggregate.
func bare(typ string) string {
	_, name, _ := strings.Cut(typ, ".")
	return name
}

func dash(text string) string { return cmp.Or(text, "-") }

func instant(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05Z") }

func source(c terms.Citation) string {
	if c.ID == "" {
		return "-"
	}
	return strings.TrimSpace(short(string(c.ID)) + " " + c.Locator)
}

// ofType is the list of a type, empty if there is none.
func ofType(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}
