package httpapi

import (
	"reflect"
	"slices"
	"strings"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/infra/export"
	"github.com/entente-ledger/entente/projections/obligations"
)

// obligations is the question of what falls due.
func (a *API) obligations() question {
	return question{
		path: "/v1/obligations", id: "obligations", tag: "obligations", summary: "List what falls due",
		about:  "Duties, deadlines, terms that end and notice that runs out, by their last day. Left alone, it is all that is not settled.",
		answer: reflect.TypeFor[answers.Obligation](), formats: with(tables(), exported(export.ICS)),
		takes: ofList(asOf(), texts("from", "The first day wanted (EDTF); of a partial date those that may lie after it begins"), texts("to", "The last day wanted (EDTF)"),
			flags("overdue", "Duties of which the day certainly or perhaps has passed as of the date"),
			flags("settled", "Also what is settled"),
			choice("kind", "Only those of this kind", terms.DueKind("").Words()), texts("by", "Only what this party or network owes: its id"),
			texts("party", "Only what this party or network owes or is owed: its id"), texts("about", "Only what falls due in this record: its id")),
		read: readObligations,
	}
}

func readObligations(q *asked) (reply, error) {
	f := obligations.Filter{On: q.on, Open: true}
	var err error
	for _, read := range []func() error{
		func() error { f.From, err = q.date("from"); return err },
		func() error { f.To, err = q.date("to"); return err },
		func() error { f.By, err = q.party("by"); return err },
		func() error { f.Party, err = q.party("party"); return err },
		func() error { f.Stream, err = q.stream("about"); return err },
		func() error { return q.dueKind(&f.Kind) },
		func() error { return q.overdue(&f) },
	} {
		if err := read(); err != nil {
			return reply{}, err
		}
	}
	return list(func(d *answers.Desk, limit int, after string) (answers.Page[answers.Obligation], error) {
		f.Limit, f.After = limit, after
		return d.Due(f)
	}), nil
}

// overdue reads what is asked for besides what is open.
func (q *asked) overdue(f *obligations.Filter) error {
	overdue, err := q.flag("overdue")
	if err != nil {
		return err
	}
	settled, err := q.flag("settled")
	if err != nil {
		return err
	}
	switch {
	case overdue && (settled || f.From != (edtf.Date{}) || f.To != (edtf.Date{})):
		return bad("overdue", "what is overdue is not settled, and of no span", "overdue alone, with as_of")
	case overdue:
		f.Overdue = q.on
	case settled:
		f.Open = false
	}
	return nil
}

// dueKind reads one of the kinds of what falls due.
func (q *asked) dueKind(into *terms.DueKind) error {
	if *into = terms.DueKind(q.text("kind")); q.has("kind") && !slices.Contains(into.Words(), string(*into)) {
		return bad("kind", "there is no such kind", "one of "+strings.Join(into.Words(), ", "))
	}
	return nil
}
