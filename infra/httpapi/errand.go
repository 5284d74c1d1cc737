package httpapi

import (
	"net/http"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/go-json-experiment/json"

	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
)

// errand is something that is asked of the service itself, rather than of the
// ledger: who somebody is, and what was asked by whom.
type errand struct {
	method, path, id, tag string
	summary, about        string
	action                access.Action
	takes                 []parameter  // in its path and query
	body, answer          reflect.Type // nil: none
	status                int          // when it succeeds
	do                    func(q *asked) (any, error)
}

// errands adds them all, as far as there is what they are about.
func (a *API) errands() {
	all := a.aboutMe()
	if a.cfg.Access != nil {
		all = append(all, a.accessRecord()...)
	}
	if a.cfg.Access != nil && a.cfg.Identities != nil {
		all = append(append(all, a.identities()...), a.tokens()...)
	}
	for i := range all {
		a.errand(&all[i])
	}
}

// errand adds the operation of one.
func (a *API) errand(e *errand) {
	op := a.describeErrand(e)
	a.huma.OpenAPI().AddOperation(op)
	a.huma.Adapter().Handle(op, func(ctx huma.Context) {
		r, w := humago.Unwrap(ctx)
		whole, err := a.run(r, e, op)
		switch {
		case err != nil:
			a.Refuse(w, r, err)
		case e.answer == nil:
			w.WriteHeader(e.status)
		default:
			a.write(w, r, e.status, whole)
		}
	})
}

func (a *API) run(r *http.Request, e *errand, op *huma.Operation) (any, error) {
	if err := a.permit(r, e.action); err != nil {
		return nil, err
	}
	if !acceptable(r.Header.Get("Accept"), op) {
		return nil, problem.NoFormat
	}
	q := &asked{of: &question{takes: e.takes}, r: r}
	if err := q.readGiven(); err != nil {
		return nil, err
	}
	return e.do(q)
}

// bodyOf reads the body of a request strictly: members that are not there are zero.
func bodyOf[T any](r *http.Request) (body T, err error) {
	text, err := readBody(r)
	if err != nil {
		return body, err
	}
	if err := json.Unmarshal(text, &body, json.RejectUnknownMembers(true)); err != nil {
		return body, unread(err, "the body does not fit its description")
	}
	return body, nil
}

func (a *API) describeErrand(e *errand) *huma.Operation {
	done := &huma.Response{Description: http.StatusText(e.status)}
	if e.answer != nil {
		done.Content = map[string]*huma.MediaType{"application/json": {Schema: a.schemaOfType(e.answer)}}
	}
	op := &huma.Operation{
		Method: e.method, Path: e.path, OperationID: e.id, Tags: []string{e.tag}, Summary: e.summary, Description: e.about,
		Security: security(), Extensions: Asks(e.action),
		Responses: problems(map[string]*huma.Response{strconv.Itoa(e.status): done}, append(refusals(), http.StatusNotImplemented)),
	}
	for _, p := range e.takes {
		in := "query"
		if p.inPath {
			in = "path"
		}
		op.Parameters = append(op.Parameters, &huma.Param{Name: p.name, In: in, Required: p.inPath, Description: p.doc, Schema: p.schema})
	}
	if e.body != nil {
		schema := a.schemaOfType(e.body)
		a.resolve(schema).Required = nil
		op.RequestBody = &huma.RequestBody{Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}}
	}
	return op
}

// errandTags are what errands are sorted by.
func errandTags() []*huma.Tag {
	return []*huma.Tag{
		{Name: "me", Description: "Who asks"},
		{Name: "identities", Description: "Who may ask, and with which tokens"},
		{Name: "access", Description: "The access record"},
	}
}
