package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/infra/gazetteer"
	"github.com/entente-ledger/entente/projections/findings"
	"github.com/entente-ledger/entente/projections/parties"
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
		return a.withReader(ctx, func(l *opened) error {
			id, err := l.resolve(ctx, args[0])
			if err != nil {
				return err
			}
			return l.read(ctx, func(conn *sqlite.Conn) error { return l.show(ctx, conn, id, day) })
		})
	}
	return c
}

func (l *opened) show(ctx context.Context, conn *sqlite.Conn, id string, on edtf.Date) error {
	switch kindOfStream(id) {
	case "memorandum":
		return l.showAgreement(conn, id, on)
	case "party":
		return l.showParty(conn, id)
	case "network":
		return l.app.printRoster(conn, id, on)
	case "actionplan":
		return l.app.printPlan(conn, id, on)
	default:
		return l.showOther(ctx, conn, id)
	}
}

func (l *opened) showAgreement(conn *sqlite.Conn, id string, on edtf.Date) error {
	r, err := register.Get(conn, id, l.app.at, on)
	if err != nil {
		return err
	}
	names := names{conn: conn, at: l.app.at}
	line, err := names.agreement(r, on)
	if err != nil {
		return err
	}
	if line.Late, err = l.app.late(conn, id); err != nil {
		return err
	}
	if l.app.json {
		return l.app.printJSON(line)
	}
	p := &printer{app: l.app}
	for _, t := range r.Titles {
		p.line("%s", t.Value)
	}
	p.line("%s, %s, %s", id, r.Kind, r.Visibility)
	if !r.Exists {
		p.line("recorded in error")
	}
	p.line("")
	p.line("as of %s: %s", on, line.phase()+line.Late.mark(r.Phase.Certain.By))
	p.line("in force from: %s", line.inForce()+line.Late.mark(r.Entry.By))
	if r.End.Cause != "" {
		p.line("ends: %s (%s)", dash(r.End.On.String()), r.End.Cause)
	}
	if len(r.Themes) > 0 {
		p.line("themes: %s", strings.Trim(fmt.Sprint(r.Themes), "[]"))
	}
	p.line("")
	t := table{head: []string{"PARTY", "PART", "SINCE", "ID"}}
	for i, one := range line.Parties {
		t.add(one.Name, certainty(one.Part, one.Perhaps), dash(r.Parties[i].Certain.From.String())+line.Late.mark(r.Parties[i].Certain.By), short(string(one.ID)))
	}
	if r.Unnamed > 0 {
		t.add(fmt.Sprintf("%d not named", r.Unnamed), "signatory", "-", "")
	}
	p.table(t)
	if len(line.Late) > 0 {
		p.line("%s", l.app.explainMarks())
	}
	p.phases(r)
	found, _, err := findings.List(conn, findings.Filter{Stream: id, At: l.app.at})
	if err != nil {
		return err
	}
	p.findings(found)
	return p.err
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

func (p *printer) findings(found []findings.Finding) {
	if len(found) == 0 {
		return
	}
	p.line("")
	p.line("to look at:")
	for _, f := range inOrder(found) {
		p.line("  %s: %s (%s)", f.Code, f.Detail, events(f.Events))
	}
}

func (l *opened) showParty(conn *sqlite.Conn, id string) error {
	party, err := parties.Get(conn, id, l.app.at)
	if err != nil {
		return err
	}
	if l.app.json {
		return l.app.printJSON(partyOf(party))
	}
	p := &printer{app: l.app}
	p.line("%s", party.Title.Value)
	p.line("%s, %s, %s", id, party.Kind, cmp.Or(string(party.Country), "no country"))
	if at := whereabouts(party.Place); at != "" {
		p.line("%s", at)
	}
	p.line("")
	t := table{head: []string{"NAME", "LANGUAGE", "USE", "FROM", "UNTIL"}}
	for _, n := range party.Names {
		t.add(n.Text.Value, dash(string(n.Text.Lang)), string(n.Use), dash(n.From.String()), dash(n.Until.String()))
	}
	p.table(t)
	names := names{conn: conn, at: l.app.at}
	for _, r := range party.Relations {
		other, err := names.of(string(r.To))
		if r.To == "" {
			other, err = "", nil
		}
		if err != nil {
			return err
		}
		arrow := "->"
		if r.Back {
			arrow = "<-"
		}
		p.line("%s %s %s", arrow, r.What, other)
	}
	for _, i := range party.Identifiers {
		p.line("%s %s", i.Scheme, i.Value)
	}
	found, _, err := findings.List(conn, findings.Filter{Stream: id, At: l.app.at})
	if err != nil {
		return err
	}
	p.findings(found)
	return p.err
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

func partyOf(p parties.Party) map[string]any {
	all, ids, relations := []map[string]any{}, []map[string]any{}, []map[string]any{}
	for _, n := range p.Names {
		all = append(all, map[string]any{"text": n.Text, "use": n.Use, "from": n.From, "until": n.Until})
	}
	for _, i := range p.Identifiers {
		ids = append(ids, map[string]any{"scheme": i.Scheme, "value": i.Value})
	}
	for _, r := range p.Relations {
		relations = append(relations, map[string]any{"relation": r.What, "to": r.To, "from": r.From, "back": r.Back})
	}
	var latitude, longitude any // millionths of a degree, as in the event; nil if they are not known
	if p.Place.Located() {
		latitude, longitude = p.Place.Latitude, p.Place.Longitude
	}
	return map[string]any{
		"id": p.Stream, "kind": p.Kind, "country": p.Country, "name": p.Title, "visibility": p.Visibility, "exists": p.Exists,
		"names": all, "identifiers": ids, "relations": relations,
		"region": p.Place.Region, "latitude": latitude, "longitude": longitude,
	}
}

// showOther shows what has no read model of its own: a source, or a person,
// whose name is fetched from the vault.
func (l *opened) showOther(ctx context.Context, conn *sqlite.Conn, id string) error {
	lines, err := l.heldAt(ctx, conn, id)
	if err != nil {
		return err
	}
	if len(lines) == 0 {
		return es.NotFound("history.no_stream", "there is nothing called "+id)
	}
	name, err := l.person(ctx, id)
	if err != nil {
		return err
	}
	late, err := l.app.late(conn, id)
	if err != nil {
		return err
	}
	w := words{names: names{conn: conn, at: l.app.at}}
	p := &printer{app: l.app}
	if !l.app.json {
		p.line("%s", strings.TrimSpace(id+" "+name))
	}
	facts := []map[string]any{}
	for _, one := range lines {
		what, err := w.what(one)
		if err != nil {
			return err
		}
		facts = append(facts, map[string]any{"type": one.Type, "revision": one.Revision, "status": one.Status, "data": one.Record.Data})
		if !l.app.json {
			p.line("  %s%s  %s", bare(one.Type), late.mark(one.Revision), what)
		}
	}
	if l.app.json {
		return l.app.printJSON(map[string]any{"id": id, "name": name, "facts": facts, "recordedLater": late})
	}
	if len(late) > 0 {
		p.line("%s", l.app.explainMarks())
	}
	return p.err
}
