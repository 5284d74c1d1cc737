package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/infra/answers"
)

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
			return a.reading(ctx, func(l reading) error {
				id, err := l.resolve(ctx, args[0])
				if err != nil {
					return err
				}
				if kindOfStream(id) != "memorandum" {
					return usage(id+" is no agreement", "the id of an agreement")
				}
				return l.ask(ctx, func(d answering) error { return a.explain(ctx, d, id, field) })
			})
		},
	}
	a.axes(c)
	return c
}

func (a *app) explain(ctx context.Context, d answering, id string, field memorandum.Field) error {
	x, err := d.Explain(ctx, id, field)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(x)
	}
	t := telling{printer{app: a}, d, x.Late}
	t.line("%s: %s", field, cmp.Or(x.Answer, "see below"))
	t.line("rule: %s", x.Rule)
	t.tell(strings.ToUpper(string(field)), x.Spans, "DATE", "WHY")
	t.tell("USED", x.Used, "DATE", "SOURCE")
	t.tell("IGNORED", x.Ignored, "WHY")
	if len(x.Late) > 0 {
		t.line("%s", a.explainMarks())
	}
	return t.err
}

// telling prints what an explanation names.
type telling struct {
	printer
	desk answering
	late answers.Late
}

// tell prints a table of events, if there are any, with some columns.
func (p *telling) tell(title string, all []answers.Evidence, columns ...string) {
	t := table{head: append([]string{"EVENT", "TYPE"}, columns...)}
	for _, e := range all {
		what := strings.TrimPrefix(e.Type, "memorandum.")
		if e.Party != "" && p.err == nil {
			var name string
			name, p.err = p.desk.Name(string(e.Party))
			what += ", " + name
		}
		why := e.Why
		if e.By > 0 {
			why += fmt.Sprintf(" (#%d)", e.ByEvent)
		}
		cells := map[string]string{"DATE": dash(e.Date.String()), "SOURCE": source(e.Source), "WHY": why}
		row := []string{fmt.Sprintf("#%d%s", e.Sequence, mark(p.late, e.Revision)), what}
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
