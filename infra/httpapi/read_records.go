package httpapi

import (
	"reflect"
	"slices"
	"strings"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/infra/export"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// records are the questions about one record.
func (a *API) records() []question {
	all := []question{
		single("/v1/register/{id}", "register.one", "register", "memorandum", "Show an agreement as the register has it", true,
			func(d *answers.Desk, id string, on edtf.Date) (answers.Agreement, error) { return d.Agreement(id, on) }),
		single("/v1/plans/{id}", "plans.one", "plans", "actionplan", "Show an action plan with all its parts", true,
			func(d *answers.Desk, id string, on edtf.Date) (answers.Plan, error) { return d.Plan(id, on) }),
		single("/v1/roster/{network}", "roster", "roster", "network", "Show a network with all who belong to it", true,
			func(d *answers.Desk, id string, on edtf.Date) (answers.Roster, error) { return d.Roster(id, on) }),
		single("/v1/proposals/{id}", "proposals.one", "proposals", "proposal", "Show a proposal with its payload", false,
			func(d *answers.Desk, id string, _ edtf.Date) (answers.Proposal, error) { return d.Proposal(id) }),
		a.party(), a.chart(), a.explain(), a.stats(), a.report(),
	}
	for _, kind := range ledger.Aggregates() {
		if kind.Kind == "ledger" {
			continue
		}
		all = append(all, a.held(kind.Kind), a.history(kind.Kind))
		if slices.Contains(answers.Compared(), kind.Kind) {
			all = append(all, a.diff(kind.Kind), a.blame(kind.Kind))
		}
	}
	return all
}

// idOf describes the id in a path.
func idOf(kind string) parameter {
	return inPath("id", "Id of the record: "+kind+", a hyphen and a UUID")
}

// single is the question of one thing about a record of a kind, perhaps as of a
// date.
func single[T any](path, id, tag, kind, summary string, dated bool, get func(d *answers.Desk, id string, on edtf.Date) (T, error)) question {
	name := path[strings.Index(path, "{")+1 : len(path)-1]
	takes := []parameter{inPath(name, "Its id: "+kind+", a hyphen and a UUID")}
	if dated {
		takes = append(takes, asOf())
	}
	return question{
		path: path, id: id, tag: tag, kind: kind, summary: summary, answer: reflect.TypeFor[T](), formats: tables(), takes: append(takes, axes()...),
		read: func(q *asked) (reply, error) {
			record, err := q.subject(name, kind)
			return one(record, func(d *answers.Desk) (T, error) { return get(d, record, q.on) }), err
		},
	}
}

func (a *API) party() question {
	qn := single("/v1/parties/{id}", "parties.one", "parties", "", "Show all that is held of a party or network", false,
		func(d *answers.Desk, id string, _ edtf.Date) (answers.Party, error) { return d.Party(id) })
	qn.formats = with(qn.formats, exported(export.GeoJSON))
	qn.takes[0].doc = "Its id: party or network, a hyphen and a UUID"
	return qn
}

// held is the question of a record by its own events alone, with a strong entity
// tag: the one that commands are decided on.
func (a *API) held(kind string) question {
	return question{
		path: "/v1/" + kind + "/{id}", id: kind + ".get", tag: kind, kind: kind, summary: "Show the facts that hold",
		about:  "What the record's own events say, as corrected, without what was voided. Its ETag, the revision, is what If-Match of a command takes.",
		answer: reflect.TypeFor[answers.Held](), formats: []format{formatJSON}, takes: append([]parameter{idOf(kind)}, axes()...),
		read: func(q *asked) (reply, error) {
			id, err := q.subject("id", kind)
			rep := one(id, func(d *answers.Desk) (answers.Held, error) { return d.Held(q.r.Context(), id) })
			rep.tag = func(whole any) string { return ETag(whole.(answers.Held).Revision) }
			return rep, err
		},
	}
}

func (a *API) history(kind string) question {
	return question{
		path: "/v1/" + kind + "/{id}/history", id: kind + ".history", tag: kind, kind: kind, summary: "Show every event of the record", about: "In their order; a feed without a cursor has the last ones.",
		answer: reflect.TypeFor[answers.Event](), formats: with(tables(), formatAtom, formatEvents, exported(export.PROV)),
		takes: slices.Concat([]parameter{idOf(kind)}, axes(), paged()),
		read: func(q *asked) (reply, error) {
			id, err := q.subject("id", kind)
			rep := list(func(d *answers.Desk, limit int, after string) (answers.Page[answers.Event], error) {
				return d.History(q.r.Context(), id, limit, after)
			})
			rep.record = id
			return rep, err
		},
	}
}

// Changes are the fields that differ between two states of knowledge.
type Changes struct {
	Changes []answers.Change `json:"changes"`
}

func (a *API) diff(kind string) question {
	return question{
		path: "/v1/" + kind + "/{id}/diff", id: kind + ".diff", tag: kind, kind: kind, summary: "Show what changed between two states of knowledge, and by which events",
		about: "Either from and to, as recorded, or from_known and to_known. The second is now if it is left out.", answer: reflect.TypeFor[Changes](), formats: tables(),
		takes: []parameter{
			idOf(kind), asOf(), texts("from", "What this ledger held at this instant (RFC 3339), or after the event with this sequence"),
			texts("to", "Likewise; left out: now"), texts("from_known", "What the registrar vouched for at this instant (RFC 3339)"), texts("to_known", "Likewise; left out: now"),
		},
		read: func(q *asked) (reply, error) {
			id, err := q.subject("id", kind)
			if err != nil {
				return reply{}, err
			}
			span, err := q.span()
			rep := one(id, func(d *answers.Desk) (Changes, error) {
				all, err := d.Diff(q.r.Context(), id, q.on, span)
				return Changes{all}, err
			})
			rep.lines = func(whole any) []any { return boxed(whole.(Changes).Changes) }
			return rep, err
		},
	}
}

// span reads between which two states of knowledge q asks, for whoever asks it.
func (q *asked) span() (answers.Span, error) {
	s := answers.Span{From: readmodel.At{Sees: q.at.Sees}, To: readmodel.At{Sees: q.at.Sees}}
	for name, at := range map[string]*readmodel.At{"from": &s.From, "to": &s.To} {
		if q.has(name) {
			if err := q.recorded(name, at); err != nil {
				return s, err
			}
		}
		if q.has(name + "_known") {
			var err error
			if at.Known, err = q.instant(name + "_known"); err != nil {
				return s, err
			}
		}
	}
	return s, nil
}

// Blames are the fields of a record with the events that last set them.
type Blames struct {
	Fields []answers.Blamed `json:"fields"`
}

func (a *API) blame(kind string) question {
	return question{
		path: "/v1/" + kind + "/{id}/blame", id: kind + ".blame", tag: kind, kind: kind, summary: "Show field by field which event last set it",
		answer: reflect.TypeFor[Blames](), formats: tables(), takes: append([]parameter{idOf(kind), asOf()}, axes()...),
		read: func(q *asked) (reply, error) {
			id, err := q.subject("id", kind)
			rep := one(id, func(d *answers.Desk) (Blames, error) {
				all, err := d.Blame(q.r.Context(), id, q.on)
				return Blames{all}, err
			})
			rep.lines = func(whole any) []any { return boxed(whole.(Blames).Fields) }
			return rep, err
		},
	}
}

func (a *API) chart() question {
	qn := single("/v1/statuschart/{id}", "statuschart", "statuschart", "memorandum", "Show who is in what position to an agreement", false,
		func(d *answers.Desk, id string, _ edtf.Date) (answers.Chart, error) { return d.Chart(id) })
	read := qn.read
	qn.read = func(q *asked) (reply, error) {
		rep, err := read(q)
		rep.lines = func(whole any) []any { return boxed(whole.(answers.Chart).Rows) }
		return rep, err
	}
	return qn
}

func (a *API) explain() question {
	return question{
		path: "/v1/memorandum/{id}/explain", id: "memorandum.explain", tag: "memorandum", kind: "memorandum", summary: "Show why a field is what it is",
		about: "By which rule and facts an agreement is in force, ends, or is in a phase, and without which.", answer: reflect.TypeFor[answers.Explanation](),
		formats: tables(),
		takes:   append([]parameter{idOf("memorandum"), choice("field", "The field", memorandum.Field("").Words())}, axes()...),
		read: func(q *asked) (reply, error) {
			var f memorandum.Field
			id, err := q.subject("id", "memorandum")
			if err == nil {
				err = q.word("field", &f)
			}
			if err == nil && f == "" {
				err = bad("field", "it is not said which field to explain", strings.Join(f.Words(), ", "))
			}
			return one(id, func(d *answers.Desk) (answers.Explanation, error) { return d.Explain(q.r.Context(), id, f) }), err
		},
	}
}
