package httpapi

import (
	"encoding"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/infra/httpapi/front"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// asked is a question as it came in.
type asked struct {
	of     *question
	r      *http.Request
	who    access.Identity
	given  url.Values
	format format
	at     readmodel.At
	on     edtf.Date // as of when
	since  *uint64   // changed_since
	limit  int       // 0: all
	after  string    // the place in the list, as the read model has it
	held   uint64    // how many events the views have, once they are read
}

// action is what q is to the policy.
func (q *asked) action() access.Action {
	if q.of.follows {
		return access.Follow
	}
	return access.Read
}

const (
	usualLimit = 50
	mostLimit  = readmodel.MaxLimit
)

// ask reads what every question has.
func (a *API) ask(r *http.Request, qn *question) (*asked, error) {
	q := &asked{of: qn, r: r, who: front.Who(r.Context())}
	if err := q.readGiven(); err != nil {
		return nil, err
	}
	var err error
	if q.format, err = q.chooseFormat(); err != nil {
		return nil, err
	}
	if q.at, err = a.knowledge(q); err != nil {
		return nil, err
	}
	if q.on, err = q.date("as_of"); err != nil {
		return nil, err
	}
	if q.on == (edtf.Date{}) {
		q.on = edtf.OfTime(a.cfg.Now().UTC())
	}
	if q.has("changed_since") {
		n, err := q.sequence("changed_since")
		if err != nil {
			return nil, err
		}
		q.since = &n
	}
	return q, a.readPage(q)
}

// readGiven reads the query. A parameter that the question does not take is
// refused: a misspelt filter would answer something else.
func (q *asked) readGiven() error {
	var err error
	if q.given, err = url.ParseQuery(q.r.URL.RawQuery); err != nil {
		return problem.BadRequest.Saying("the query cannot be read").At("query")
	}
	for name, values := range q.given {
		p, ok := q.of.parameter(name)
		switch {
		case !ok:
			return problem.BadRequest.Saying("there is no such parameter").At("query " + printable(name))
		case len(values) > 1 && !p.many:
			return problem.BadRequest.Saying("a parameter is given twice").At("query " + printable(name))
		}
		for _, v := range values {
			if err := checkString(v, func() string { return "query " + name }); err != nil {
				return err
			}
			if v == "" {
				return bad(name, "a parameter has no value", "a value, or the parameter left out")
			}
		}
	}
	return nil
}

// knowledge is by which knowledge q is answered, to whom. Nothing else makes an At
// of a request.
func (a *API) knowledge(q *asked) (readmodel.At, error) {
	at := readmodel.At{Sees: a.cfg.Permissions.Sees(q.who)}
	if q.of.follows {
		at.Sees = a.follows(q.who)
	}
	var err error
	if q.has("as_known") {
		if at.Known, err = q.instant("as_known"); err != nil {
			return at, err
		}
	}
	if q.has("as_recorded") {
		if err := q.recorded("as_recorded", &at); err != nil {
			return at, err
		}
	}
	return at, nil
}

// follows returns the most restricted visibility of which who may follow events at
// all, as [access.Policy.Sees] is for reading; "" if of none.
func (a *API) follows(who access.Identity) es.Visibility {
	var most es.Visibility
	for _, v := range []es.Visibility{es.Public, es.Internal, es.Restricted} {
		if !a.cfg.Permissions.Permits(access.Request{Who: who, Action: access.Follow, Visibility: v}) {
			break
		}
		most = v
	}
	return most
}

// has reports whether a parameter is given.
func (q *asked) has(name string) bool { return q.given.Has(name) }

// text returns a parameter, "" if it is not given.
func (q *asked) text(name string) string { return q.given.Get(name) }

// word reads a parameter into a value of a closed vocabulary or the like.
func (q *asked) word(name string, into encoding.TextUnmarshaler) error {
	if !q.has(name) {
		return nil
	}
	return inQuery(name, into.UnmarshalText([]byte(q.text(name))))
}

// words reads the parameters that are given, by name.
func (q *asked) words(all map[string]encoding.TextUnmarshaler) error {
	for _, p := range q.of.takes { // in their order, so that the same is refused for the same
		if into, ok := all[p.name]; ok {
			if err := q.word(p.name, into); err != nil {
				return err
			}
		}
	}
	return nil
}

func (q *asked) flag(name string) (bool, error) {
	if !q.has(name) {
		return false, nil
	}
	v, err := strconv.ParseBool(q.text(name))
	if err != nil {
		return false, bad(name, "this is neither true nor false", "true or false")
	}
	return v, nil
}

func (q *asked) instant(name string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, q.text(name))
	if err != nil {
		return time.Time{}, bad(name, "this is no instant", "RFC 3339, such as 2026-03-01T09:30:00Z")
	}
	return t.UTC(), nil
}

func (q *asked) sequence(name string) (uint64, error) {
	n, err := strconv.ParseUint(q.text(name), 10, 62)
	if err != nil {
		return 0, bad(name, "this is no sequence", "a number from 0, such as /v1/events shows")
	}
	return n, nil
}

// recorded reads what the ledger held at an instant, or after the event with a
// sequence.
func (q *asked) recorded(name string, into *readmodel.At) error {
	if n, err := q.sequence(name); err == nil {
		into.Events = n + 1
		return nil
	}
	t, err := q.instant(name)
	if err != nil {
		return bad(name, "this is neither an instant nor a sequence", "RFC 3339, such as 2026-03-01T09:30:00Z, or a number")
	}
	into.Recorded = t
	return nil
}

// date reads a date, the zero Date if it is not given.
func (q *asked) date(name string) (edtf.Date, error) {
	if !q.has(name) {
		return edtf.Date{}, nil
	}
	d, err := edtf.Parse(q.text(name))
	if err != nil {
		return d, bad(name, "this is no date", "an EDTF date such as 2019-11 or 2019-11-30")
	}
	return d, nil
}

// stream reads the id of a record of one of some kinds; none: of any.
func (q *asked) stream(name string, kinds ...string) (string, error) {
	if !q.has(name) {
		return "", nil
	}
	return wholeID(q.text(name), "query "+name, kinds...)
}

// wholeID checks that an id is whole, and of one of some kinds.
func wholeID(id, where string, kinds ...string) (string, error) {
	if _, _, err := es.ParseStream(id); err != nil {
		return "", wanting(problem.BadID, "a kind, a hyphen and a whole UUID; /v1/search finds it").At(where)
	}
	for _, k := range kinds {
		if answers.KindOf(id) == k {
			return id, nil
		}
	}
	if len(kinds) > 0 {
		return "", wanting(problem.BadID.Saying("this is the id of something else"), "the id of a "+kinds[0]).At(where)
	}
	return id, nil
}

// subject returns the id in the path, of a kind.
func (q *asked) subject(name, kind string) (string, error) {
	id, err := wholeID(q.r.PathValue(name), "path "+name)
	if err == nil && kind != "" && answers.KindOf(id) != kind {
		err = problem.NoRecord
	}
	return id, err
}

// bad is the error of a parameter of the query.
func bad(name, message, want string) error {
	return wanting(problem.BadRequest.Saying(message), want).At("query " + name)
}

func wanting(e *problem.Error, want string) *problem.Error {
	c := *e
	c.Want = want
	return &c
}

// inQuery says of an error which parameter of the query is to blame.
func inQuery(name string, err error) error {
	if e, ok := errors.AsType[*es.Error](err); ok {
		return e.At("query " + name)
	}
	if err != nil {
		return bad(name, fmt.Sprintf("the value of %s cannot be read", name), "what /docs describes")
	}
	return nil
}
