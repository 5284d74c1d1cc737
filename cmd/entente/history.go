package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
	"github.com/spf13/cobra"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/infra/provenance"
	"github.com/entente-ledger/entente/projections/history"
)

// line is a line of a history, as JSON.
type line struct {
	Sequence    uint64           `json:"sequence"`
	Stream      string           `json:"stream"`
	Revision    es.Revision      `json:"revision"`
	ID          uuid.UUID        `json:"id"`
	Type        string           `json:"type"`
	Schema      int              `json:"schema"`
	Occurred    edtf.Date        `json:"occurred"`
	Effective   edtf.Date        `json:"effective"`
	Status      terms.Status     `json:"status"`
	Source      terms.Citation   `json:"source"`
	Authority   terms.Ref        `json:"authority"`
	About       es.Revision      `json:"about"`
	KnownAt     string           `json:"knownAt"`
	Requested   string           `json:"knownRequested"`
	RecordedAt  string           `json:"recordedAt"`
	Actor       string           `json:"actor"`
	ApprovedBy  string           `json:"approvedBy"`
	Cause       uuid.UUID        `json:"cause"`
	Correlation uuid.UUID        `json:"correlation"`
	Visibility  terms.Visibility `json:"visibility"`
	Backfill    bool             `json:"backfill"` // carried over from elsewhere
	Data        jsontext.Value   `json:"data"`
}

func lineOf(l history.Line) line {
	return line{
		l.Sequence, l.Stream, l.Revision, l.ID, l.Type, l.Record.Schema, l.Occurred, l.Effective, l.Status, l.Source, l.Authority, l.Target,
		es.FormatInstant(l.Known), es.FormatInstant(l.Requested), es.FormatInstant(l.Recorded), l.Actor, l.ApprovedBy,
		l.Cause, l.Correlation, l.Visibility, l.Backfill, l.Record.Data,
	}
}

func (a *app) historyCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "history ID",
		Short:   "Show every event of an agreement, party, network or anything else",
		Long:    "Show every event of an agreement, party, network or anything else: when it occurred, from when it counts, since\nwhen it is known and recorded, how surely, by which source, and who recorded it.",
		Example: "  entente history memorandum-f6\n  entente history f6f61c0b --json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withReader(cmd.Context(), func(l *opened) error {
				id, err := l.resolve(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				return l.printHistory(cmd.Context(), id)
			})
		},
	}
}

func (l *opened) printHistory(ctx context.Context, stream string) error {
	if l.app.format == "prov" {
		return l.printProvenance(ctx, stream)
	}
	return l.read(ctx, func(conn *sqlite.Conn) error {
		t := table{head: []string{"SEQ", "REV", "EVENT", "OCCURRED", "EFFECTIVE", "STATUS", "KNOWN", "RECORDED", "SOURCE", "BY", "WHAT"}}
		w := words{names: names{conn: conn}}
		found := false
		for one, err := range (history.Log{Conn: conn, Store: l.Store()}).Whole(ctx, stream) {
			if err != nil {
				return err
			}
			found = true
			if l.app.json {
				if err := l.app.printJSON(lineOf(one)); err != nil {
					return err
				}
				continue
			}
			what, err := w.what(one)
			if err != nil {
				return err
			}
			t.add(strconv.FormatUint(one.Sequence, 10), strconv.FormatUint(uint64(one.Revision), 10), bare(one.Type),
				dash(one.Occurred.String()), dash(one.Effective.String()), one.Status.String(), instant(one.Known), instant(one.Recorded),
				source(one.Source), one.Actor, what)
		}
		if !found {
			return nothingCalled(stream)
		}
		if l.app.json {
			return nil
		}
		return l.app.printTable(t)
	})
}

// printProvenance prints a history as PROV-JSON.
func (l *opened) printProvenance(ctx context.Context, stream string) error {
	return l.views.Read(ctx, func(conn *sqlite.Conn, c checkpoint) error {
		log := history.Log{Conn: conn, Store: l.Store()}
		if opening, err := log.Stream(ctx, stream, 0, 1); err != nil || len(opening) == 0 {
			return cmp.Or(err, nothingCalled(stream))
		}
		return provenance.Write(l.app.out, l.ID, c.Events-1, log.Whole(ctx, stream))
	})
}

func nothingCalled(stream string) error {
	return es.NotFound("history.no_stream", "there is nothing called "+stream)
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
		return a.withReader(cmd.Context(), func(l *opened) error {
			next, position, err := l.printLog(cmd.Context(), uint64(after+1), typ)
			if err != nil || !follow {
				return err
			}
			return l.follow(cmd.Context(), next, position, typ)
		})
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

// printLog prints what is recorded, and returns where what follows begins.
func (l *opened) printLog(ctx context.Context, from uint64, typ string) (next uint64, at es.Position, err error) {
	err = l.views.Read(ctx, func(conn *sqlite.Conn, c checkpoint) error {
		w := words{names: names{conn: conn}}
		log := history.Log{Conn: conn, Store: l.Store()}
		for {
			page := log.Range
			if typ != "" {
				page = func(ctx context.Context, from uint64, limit int) ([]history.Line, error) {
					return log.Type(ctx, typ, from, limit)
				}
			}
			lines, err := page(ctx, from, 0)
			if err != nil {
				return err
			}
			if len(lines) == 0 {
				next, at = max(from, c.Events), c.Position
				return nil
			}
			for _, one := range lines {
				from = one.Sequence + 1
				if err := l.printLine(one, &w); err != nil {
					return err
				}
			}
		}
	})
	return next, at, err
}

// printLine prints an event of the log at once, so that a follower sees it.
func (l *opened) printLine(one history.Line, w *words) error {
	if l.app.json {
		return l.app.printJSON(lineOf(one))
	}
	what, err := w.what(one)
	if err != nil {
		return err
	}
	return l.app.printf("%7d  %s  %-10s  %-28s  %s@%d  %s\n", one.Sequence, instant(one.Recorded), one.Status, one.Type,
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
			if err := l.printLine(one, &words{}); err != nil {
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

// heldAt returns the lines of a stream's history that a state of knowledge has.
// As known and as recorded are prefixes of a stream.
func (l *opened) heldAt(ctx context.Context, conn *sqlite.Conn, id string) (lines []history.Line, err error) {
	for one, err := range (history.Log{Conn: conn, Store: l.Store()}).Whole(ctx, id) {
		if err != nil {
			return nil, err
		}
		if !one.Within(l.app.at) {
			break
		}
		lines = append(lines, one)
	}
	return lines, nil
}
