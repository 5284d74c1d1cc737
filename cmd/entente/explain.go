package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/projections/history"
)

// evidence is an event of an explanation, as JSON: a fact, or what began with it.
type evidence struct {
	Sequence uint64 `json:"sequence"`
	memorandum.Evidence
}

func (a *app) explainCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "explain ID FIELD",
		Short:   "Explain why an agreement's inForceFrom, ends, phase or part is what it is: by which facts, and without which",
		Example: "  entente explain memorandum-f6 inForceFrom\n  entente explain f6f61c0b ends --json",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			var field memorandum.Field
			if err := readFlag("FIELD", args[1], &field); err != nil {
				return err
			}
			ctx := cmd.Context()
			return a.withReader(ctx, func(l *opened) error {
				id, err := l.resolve(ctx, args[0])
				if err != nil {
					return err
				}
				if kindOfStream(id) != "memorandum" {
					return usage(id+" is no agreement", "the id of an agreement")
				}
				return l.read(ctx, func(conn *sqlite.Conn) error { return l.explain(ctx, conn, id, field) })
			})
		},
	}
	a.axes(c)
	return c
}

func (l *opened) explain(ctx context.Context, conn *sqlite.Conn, id string, field memorandum.Field) error {
	lines, err := l.heldAt(ctx, conn, id)
	if err != nil {
		return err
	}
	if len(lines) == 0 {
		return es.NotFound("history.no_stream", "there is nothing called "+id)
	}
	var all []memorandum.Event
	for _, one := range lines {
		all = append(all, one.Event.(memorandum.Event))
	}
	x := memorandum.Explain(field, all...)
	late, err := l.app.late(conn, id)
	if err != nil {
		return err
	}
	var spans []memorandum.Evidence
	for _, s := range x.Spans {
		e := memorandum.Evidence{Revision: s.By, Type: string(s.Phase) + string(s.Part), Party: s.Party, Date: s.From}
		if s.Doubt {
			e.Why = "in doubt"
		}
		spans = append(spans, e)
	}
	with := func(all []memorandum.Evidence) (rows []evidence) {
		for _, e := range all {
			rows = append(rows, evidence{lines[e.Revision-1].Sequence, e})
		}
		return rows
	}
	if l.app.json {
		return l.app.printJSON(map[string]any{
			"id": id, "field": field, "answer": x.Answer, "spans": with(spans), "rule": x.Rule,
			"used": with(x.Used), "ignored": with(x.Ignored), "recordedLater": late,
		})
	}
	t := telling{printer{app: l.app}, names{conn: conn, at: l.app.at}, lines, late}
	t.line("%s: %s", field, cmp.Or(x.Answer, "see below"))
	t.line("rule: %s", x.Rule)
	t.tell(strings.ToUpper(string(field)), spans, "DATE", "WHY")
	t.tell("USED", x.Used, "DATE", "SOURCE")
	t.tell("IGNORED", x.Ignored, "WHY")
	if len(late) > 0 {
		t.line("%s", l.app.explainMarks())
	}
	return t.err
}

// telling prints what an explanation names.
type telling struct {
	printer
	names names
	lines []history.Line
	late  late
}

// tell prints a table of events, if there are any, with some columns.
func (p *telling) tell(title string, all []memorandum.Evidence, columns ...string) {
	t := table{head: append([]string{"EVENT", "TYPE"}, columns...)}
	for _, e := range all {
		what := strings.TrimPrefix(e.Type, "memorandum.")
		if e.Party != "" && p.err == nil {
			var name string
			name, p.err = p.names.of(string(e.Party))
			what += ", " + name
		}
		why := e.Why
		if e.By > 0 {
			why += fmt.Sprintf(" (#%d)", p.lines[e.By-1].Sequence)
		}
		cells := map[string]string{"DATE": dash(e.Date.String()), "SOURCE": source(e.Source), "WHY": why}
		row := []string{fmt.Sprintf("#%d%s", p.lines[e.Revision-1].Sequence, p.late.mark(e.Revision)), what}
		for _, c := range columns {
			row = append(row, cells[c])
		}
		t.add(row...)
	}
	if len(all) > 0 {
		p.line("\n%s", title)
		p.table(t)
	}
}
