package progress

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Filter says which plans are wanted, all of its fields together. The zero
// Filter: the first ones by title, by what is held now.
type Filter struct {
	At readmodel.At
	// On is as of when the phases are given and filtered by. Of a date-time the
	// day counts. As of an unknown date everything is undecided.
	On    edtf.Date
	Party terms.PartyID    // whose plan it is, alone or with others; "": any
	Phase actionplan.Phase // in which it certainly is; "": any
	Limit int              // at most so many, as [readmodel.Limit] has it
	After string           // a cursor from [List], with the same filter; "" for the beginning
}

// List returns the plans that exist and match f, without their parts, in the
// order of their titles, and the cursor to what follows, "" at the end.
func List(conn *sqlite.Conn, f Filter) (all []Plan, next string, err error) {
	where, args, err := f.where()
	if err != nil {
		return nil, "", err
	}
	limit := readmodel.Limit(f.Limit)
	args["$limit"] = limit + 1
	all, sorts, err := read(conn, where+" ORDER BY p.sort, p.stream LIMIT $limit", args)
	if len(all) > limit {
		all = all[:limit]
		next = readmodel.Cursor{Sort: sorts[limit-1], Stream: all[limit-1].Stream}.String()
	}
	for i := range all {
		if err == nil {
			err = ask(conn, all[i].Stream, f.At, f.On).phase(&all[i])
		}
	}
	if err != nil {
		return nil, "", fmt.Errorf("list plans: %w", err)
	}
	return all, next, nil
}

// Get returns a plan with all of its parts as of on, or fails with
// [es.ErrNotFound]. One that was recorded in error is found, does not exist, and
// has no parts.
func Get(conn *sqlite.Conn, plan string, at readmodel.At, on edtf.Date) (Plan, error) {
	if err := at.Check(); err != nil {
		return Plan{}, err
	}
	q := ask(conn, plan, at, on)
	all, _, err := read(conn, "p.stream = "+thePlan+" AND "+at.Clause("p"), q.arguments())
	if err == nil && len(all) == 0 {
		return Plan{}, es.NotFound("actionplan.unknown", "there is no action plan "+plan)
	}
	if err != nil {
		return Plan{}, fmt.Errorf("read %s: %w", plan, err)
	}
	p := all[0]
	for _, part := range []func(*Plan) error{q.phase, q.actions, q.milestones, q.indicators, q.lines, q.reports} {
		if err := part(&p); err != nil {
			return Plan{}, fmt.Errorf("read %s: %w", plan, err)
		}
	}
	return p, nil
}

// where returns the condition of a list and its arguments, the limit apart.
func (f Filter) where() (string, readmodel.Arguments, error) {
	after, err := readmodel.ParseCursor(f.After)
	if err := terms.First(err, f.At.Check()); err != nil {
		return "", nil, err
	}
	args := f.At.Arguments()
	where := []string{"p.live", f.At.Clause("p")}
	if f.Party != "" {
		where = append(where, "EXISTS (SELECT 1 FROM json_each(p.parties) j WHERE json_extract(j.value, '$.id') = $party)")
		args["$party"] = string(f.Party)
	}
	if f.Phase != "" { // the last span of which no day comes after the first one asked for
		where = append(where, "$phase = (SELECT f.phase FROM progress_phase f WHERE f.stream = p.stream AND f.latest <= $day AND "+
			f.At.Clause("f")+" ORDER BY f.n DESC LIMIT 1)")
		args["$phase"], args["$day"] = string(f.Phase), int64(f.On.Earliest())
	}
	if f.After != "" {
		where = append(where, "(p.sort, p.stream) > ($sort, coalesce((SELECT id FROM stream WHERE name = $after), 0))")
		args["$sort"], args["$after"] = after.Sort, after.Stream
	}
	return strings.Join(where, " AND "), args, nil
}

// read returns plans, their phases and parts apart, and by what each is sorted.
func read(conn *sqlite.Conn, where string, args readmodel.Arguments) (all []Plan, sorts []string, err error) {
	err = readmodel.Query(conn, `SELECT s.name, p.live, p.titles, p.sort, p.parties, p.under, p.themes, p.since, p.until,
		p.version, p.in_force, p.visibility FROM progress_plan p JOIN stream s ON s.id = p.stream WHERE `+where, args,
		func(row *readmodel.Row) error {
			r := &reader{Row: row}
			p := Plan{Stream: r.Text(), Exists: r.Bool()}
			r.json(&p.Titles)
			sorts = append(sorts, r.Text())
			r.json(&p.Parties)
			p.Under = terms.Ref(r.Text())
			r.json(&p.Themes)
			p.From, p.Until = r.date(), r.date()
			p.Version, p.InForce, p.Visibility = int(r.Int()), int(r.Int()), terms.Visibility(r.Text())
			all = append(all, p)
			return r.err
		})
	return all, sorts, err
}

// reader reads the columns of a row, and keeps the first error.
type reader struct {
	*readmodel.Row
	err error
}

func (r *reader) date() edtf.Date {
	d, err := edtf.Parse(r.Text())
	r.err = terms.First(r.err, err)
	return d
}

func (r *reader) text() terms.Text {
	return terms.Text{Value: r.Text(), Lang: terms.Lang(r.Text())}
}

func (r *reader) party() terms.PartyRef {
	return terms.PartyRef{ID: terms.PartyID(r.Text()), As: r.Text()}
}

func (r *reader) key() actionplan.Key { return actionplan.Key(r.Text()) }

func (r *reader) revision() es.Revision { return es.Revision(r.Int()) }

func (r *reader) json(into any) {
	r.err = terms.First(r.err, json.Unmarshal([]byte(r.Text()), into))
}
