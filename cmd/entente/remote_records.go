package main

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/projections/register"
)

// Agreement implements [records], as the others here do.
func (d *remoteDesk) Agreement(id string, on edtf.Date) (answers.Agreement, error) {
	one, err := fetched[answers.Agreement](d, "/v1/register/"+id, d.query().asOf(on))
	if err != nil || d.app.json {
		return one, err
	}
	return one, d.addRow(&one)
}

// addRow adds to an agreement what is shown of it besides: all titles, its phases,
// and since when its parties are in their parts.
func (d *remoteDesk) addRow(one *answers.Agreement) error {
	r := &one.Row
	r.Kind, r.Visibility, r.Exists, r.Unnamed, r.Themes = one.Kind, one.Visibility, one.Recorded, one.Unnamed, one.Themes
	r.End.On, r.End.Cause = one.Ends, memorandum.EndCause(one.EndCause)
	held, err := fetched[answers.Held](d, "/v1/memorandum/"+one.ID, d.query())
	if err != nil {
		return err
	}
	for _, f := range held.Facts {
		r.Titles = append(r.Titles, titlesIn(f)...)
	}
	phases, err := d.Explain(d.ctx, one.ID, "phase")
	if err != nil {
		return err
	}
	for _, s := range phases.Spans {
		r.Phase.Spans = append(r.Phase.Spans, memorandum.Span{Phase: memorandum.Phase(s.Type), From: s.Date, Doubt: s.Why != "", By: s.Revision})
		if s.Type == string(one.Phase) {
			r.Phase.Certain = r.Phase.Spans[len(r.Phase.Spans)-1]
		}
	}
	return d.addParts(one)
}

// addParts adds since when the parties are in their parts.
func (d *remoteDesk) addParts(one *answers.Agreement) error {
	parts, err := d.Explain(d.ctx, one.ID, "part")
	if err != nil {
		return err
	}
	r := &one.Row
	for _, p := range one.Parties {
		r.Parties = append(r.Parties, register.Participant{Party: p.ID})
		last := &r.Parties[len(r.Parties)-1]
		for _, s := range parts.Spans {
			if s.Party == p.ID && s.Type == string(p.Part) && s.Date.HeldBy(one.AsOf) == edtf.Yes {
				last.Certain = memorandum.Span{Party: s.Party, Part: p.Part, From: s.Date, By: s.Revision}
			}
		}
	}
	return nil
}

// Party implements [records].
func (d *remoteDesk) Party(id string) (answers.Party, error) {
	p, err := fetched[answers.Party](d, "/v1/parties/"+id, d.query())
	if err != nil {
		return p, err
	}
	p.Row.Place.Region = p.Region
	if p.Latitude != nil && p.Longitude != nil {
		p.Row.Place.Latitude, p.Row.Place.Longitude = *p.Latitude, *p.Longitude
	}
	for i := range p.Relations {
		if p.Relations[i].Name, err = d.Name(string(p.Relations[i].To)); err != nil {
			return p, err
		}
	}
	return p, nil
}

// Roster implements [records].
func (d *remoteDesk) Roster(id string, on edtf.Date) (answers.Roster, error) {
	return fetched[answers.Roster](d, "/v1/roster/"+id, d.query().asOf(on))
}

// Plan implements [records].
func (d *remoteDesk) Plan(id string, on edtf.Date) (answers.Plan, error) {
	return fetched[answers.Plan](d, "/v1/plans/"+id, d.query().asOf(on))
}

// Chart implements [records].
func (d *remoteDesk) Chart(id string) (answers.Chart, error) {
	return fetched[answers.Chart](d, "/v1/statuschart/"+id, d.query())
}

// Proposal implements [records].
func (d *remoteDesk) Proposal(id string) (answers.Proposal, error) {
	p, err := fetched[answers.Proposal](d, "/v1/proposals/"+id, d.query())
	p.Row = proposalRow(p)
	return p, err
}

// Record implements [records]. What the vault keeps of a person is not served.
func (d *remoteDesk) Record(ctx context.Context, id string) (answers.Record, error) {
	r := answers.Record{Facts: []answers.Stated{}, ID: id, Late: answers.Late{}}
	for e, err := range d.AllHistory(ctx, id) {
		if err != nil {
			return r, err
		}
		r.Facts = append(r.Facts, answers.Stated{Data: e.Data, Revision: e.Revision, Status: e.Status, Type: e.Type, Line: e.Line})
		if at := d.app.at.Known; !at.IsZero() && e.Line.Recorded.After(at) {
			r.Late = append(r.Late, e.Revision)
		}
	}
	return r, nil
}

// Explain implements [records].
func (d *remoteDesk) Explain(ctx context.Context, id string, field memorandum.Field) (answers.Explanation, error) {
	x, err := fetched[answers.Explanation](d, "/v1/memorandum/"+id+"/explain", d.query().with("field", string(field)))
	if err != nil || len(x.Ignored) == 0 {
		return x, err
	}
	sequences := map[es.Revision]uint64{}
	for e, err := range d.AllHistory(ctx, id) {
		if err != nil {
			return x, err
		}
		sequences[e.Revision] = e.Sequence
	}
	for i := range x.Ignored {
		x.Ignored[i].ByEvent = sequences[x.Ignored[i].By]
	}
	return x, nil
}

// Diff implements [records].
func (d *remoteDesk) Diff(_ context.Context, id string, on edtf.Date, s answers.Span) ([]answers.Change, error) {
	q := d.query().asOf(on)
	q.at("from", "", "_known", s.From)
	q.at("to", "", "_known", s.To)
	all, err := fetched[struct {
		Changes []answers.Change `json:"changes"`
	}](d, "/v1/"+kindOfStream(id)+"/"+id+"/diff", q)
	for i := range all.Changes {
		c := &all.Changes[i]
		whenRecorded(c.By)
		c.FromText, c.ToText = inWords(c.Field, c.From), inWords(c.Field, c.To)
	}
	return all.Changes, err
}

// Blame implements [records].
func (d *remoteDesk) Blame(_ context.Context, id string, on edtf.Date) ([]answers.Blamed, error) {
	all, err := fetched[struct {
		Fields []answers.Blamed `json:"fields"`
	}](d, "/v1/"+kindOfStream(id)+"/"+id+"/blame", d.query().asOf(on))
	for i := range all.Fields {
		whenRecorded(all.Fields[i].By)
		all.Fields[i].Text = inWords(all.Fields[i].Field, all.Fields[i].Value)
	}
	return all.Fields, err
}

// whenRecorded reads when events were recorded.
func whenRecorded(by []answers.Setter) {
	for i := range by {
		by[i].Recorded, _ = time.Parse(time.RFC3339, by[i].RecordedAt) // which the service wrote
	}
}

// inWords is a value of a field as people read it, "" if it is empty.
func inWords(field string, v jsontext.Value) string {
	return answers.Fields{field: string(v)}.Text(field)
}

// Reachable implements [records].
func (d *remoteDesk) Reachable(context.Context, answers.Obligation, edtf.Date) (answers.Reachable, error) {
	return answers.Reachable{}, notServed("what reaches natural persons", "due without --contacts")
}

// Name implements [answering].
func (d *remoteDesk) Name(id string) (string, error) {
	if name, ok := d.names[id]; ok || id == "" {
		return name, nil
	}
	name, err := d.fetchName(id)
	if err != nil && !isNotFound(err) {
		return "", err
	}
	d.names[id] = cmp.Or(name, short(id))
	return d.names[id], nil
}

// fetchName returns the first name that a record's own facts give, "" if they give
// none.
func (d *remoteDesk) fetchName(id string) (string, error) {
	kind := kindOfStream(id)
	if kind == "party" || kind == "network" {
		one, err := fetched[struct {
			Name terms.Text `json:"name"`
		}](d, "/v1/parties/"+id, d.query())
		return one.Name.Value, err
	}
	held, err := fetched[answers.Held](d, "/v1/"+kind+"/"+id, d.query())
	for _, f := range held.Facts {
		if all := titlesIn(f); len(all) > 0 {
			return all[0].Value, err
		}
	}
	return "", err
}

// titlesIn returns the titles that a fact gives.
func titlesIn(f answers.HeldFact) []terms.Text {
	var of struct {
		Titles []terms.Text `json:"titles"`
		Title  terms.Text   `json:"title"`
		// Description is what activities, sources and the like have them in.
		Description struct {
			Titles []terms.Text `json:"titles"`
		} `json:"description"`
	}
	_ = json.Unmarshal(f.Data, &of) // what is no title there is none
	if strings.HasSuffix(f.Type, ".title_added") {
		return []terms.Text{of.Title}
	}
	return append(of.Titles, of.Description.Titles...)
}
