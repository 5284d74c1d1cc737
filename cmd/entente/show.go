package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/infra/gazetteer"
	"github.com/entente-ledger/entente/projections/findings"
	"github.com/entente-ledger/entente/projections/register"
)

func (a *app) showCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "show ID",
		Short:   "Show an agreement, party, network, action plan, or anything else by its id",
		Example: "  entente show memorandum-f6 --as-of 2019-11\n  entente show f6f61c0b --json",
		Args:    cobra.ExactArgs(1),
	}
	on := asOf(c, "it is shown")
	a.axes(c)
	c.RunE = func(cmd *cobra.Command, args []string) error {
		day, err := on()
		if err != nil {
			return err
		}
		ctx := cmd.Context()
		return a.reading(ctx, func(l reading) error {
			id, err := l.resolve(ctx, args[0])
			if err != nil {
				return err
			}
			return l.ask(ctx, func(d answering) error { return a.show(ctx, d, id, day) })
		})
	}
	return c
}

func (a *app) show(ctx context.Context, d answering, id string, on edtf.Date) error {
	switch kindOfStream(id) {
	case "memorandum":
		return a.showAgreement(d, id, on)
	case "party":
		return a.showParty(d, id)
	case "network":
		return a.printRoster(d, id, on)
	case "actionplan":
		return a.printPlan(d, id, on)
	default:
		return a.showOther(ctx, d, id)
	}
}

func (a *app) showAgreement(d answering, id string, on edtf.Date) error {
	line, err := d.Agreement(id, on)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(line)
	}
	p, r := &printer{app: a}, line.Row
	for _, t := range r.Titles {
		p.line("%s", t.Value)
	}
	p.line("%s, %s, %s", id, r.Kind, r.Visibility)
	if !r.Exists {
		p.line("recorded in error")
	}
	p.line("")
	p.line("as of %s: %s", on, certainty(line.Phase, line.Perhaps)+mark(line.Late, r.Phase.Certain.By))
	p.line("in force from: %s", inForce(line)+mark(line.Late, r.Entry.By))
	if r.End.Cause != "" {
		p.line("ends: %s (%s)", dash(r.End.On.String()), r.End.Cause)
	}
	if len(r.Themes) > 0 {
		p.line("themes: %s", strings.Trim(fmt.Sprint(r.Themes), "[]"))
	}
	p.line("")
	t := table{head: []string{"PARTY", "PART", "SINCE", "ID"}}
	for i, one := range line.Parties {
		t.add(one.Name, certainty(one.Part, one.Perhaps), dash(r.Parties[i].Certain.From.String())+mark(line.Late, r.Parties[i].Certain.By), short(string(one.ID)))
	}
	if r.Unnamed > 0 {
		t.add(fmt.Sprintf("%d not named", r.Unnamed), "signatory", "-", "")
	}
	p.table(t)
	if len(line.Late) > 0 {
		p.line("%s", a.explainMarks())
	}
	p.phases(r)
	return p.findings(d, id)
}

// printer prints until the first error.
type printer struct {
	app *app
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		p.err = p.app.printf(format+"\n", args...)
	}
}

func (p *printer) table(t table) {
	if p.err == nil {
		p.err = p.app.printTable(t)
	}
}

func (p *printer) phases(r register.Agreement) {
	t := table{head: []string{"PHASE", "FROM", "BY EVENT"}}
	for _, s := range r.Phase.Spans {
		from := dash(s.From.String())
		if s.Doubt {
			from += " (in doubt)"
		}
		t.add(string(s.Phase), from, fmt.Sprintf("%d", s.By))
	}
	p.line("")
	p.table(t)
}

// findings prints what a person should look at in a stream.
func (p *printer) findings(d answering, stream string) error {
	var found []answers.Finding
	for one, err := range d.AllFindings(findings.Filter{Stream: stream}) {
		if err != nil {
			return err
		}
		found = append(found, one)
	}
	if len(found) == 0 {
		return p.err
	}
	p.line("")
	p.line("to look at:")
	for _, f := range inOrder(found) {
		p.line("  %s: %s (%s)", f.Code, f.Detail, events(f.Events))
	}
	return p.err
}

func (a *app) showParty(d answering, id string) error {
	party, err := d.Party(id)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(party)
	}
	p := &printer{app: a}
	p.line("%s", party.Name.Value)
	p.line("%s, %s, %s", id, party.Kind, cmp.Or(string(party.Country), "no country"))
	if at := whereabouts(party.Row.Place); at != "" {
		p.line("%s", at)
	}
	p.line("")
	t := table{head: []string{"NAME", "LANGUAGE", "USE", "FROM", "UNTIL"}}
	for _, n := range party.Names {
		t.add(n.Text.Value, dash(string(n.Text.Lang)), string(n.Use), dash(n.From.String()), dash(n.Until.String()))
	}
	p.table(t)
	for _, r := range party.Relations {
		arrow := "->"
		if r.Back {
			arrow = "<-"
		}
		p.line("%s %s %s", arrow, r.Relation, r.Name)
	}
	for _, i := range party.Identifiers {
		p.line("%s %s", i.Scheme, i.Value)
	}
	return p.findings(d, id)
}

// whereabouts puts a place into words, "" if nothing is known of it.
func whereabouts(p party.Place) string {
	var parts []string
	if p.Region.Value != "" {
		parts = append(parts, p.Region.Value)
	}
	if p.Located() {
		parts = append(parts, "latitude "+gazetteer.Degrees(p.Latitude), "longitude "+gazetteer.Degrees(p.Longitude))
	}
	return strings.Join(parts, ", ")
}

// showOther shows what has no read model of its own: a source, or a person,
// whose name is fetched from the vault.
func (a *app) showOther(ctx context.Context, d answering, id string) error {
	r, err := d.Record(ctx, id)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(r)
	}
	p, w := &printer{app: a}, words{desk: d}
	p.line("%s", strings.TrimSpace(id+" "+r.Name))
	for _, one := range r.Facts {
		what, err := w.what(one.Line)
		if err != nil {
			return err
		}
		p.line("  %s%s  %s", bare(one.Type), mark(r.Late, one.Revision), what)
	}
	if len(r.Late) > 0 {
		p.line("%s", a.explainMarks())
	}
	return p.err
}
