package httpapi

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
	"github.com/entente-ledger/entente/projections"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// question is something that can be asked for with GET.
type question struct {
	path, id, tag  string
	summary, about string
	takes          []parameter // in its path and query; what all questions take is added
	formats        []format    // that it is answered in, the usual one first
	answer         reflect.Type
	// kind is that of the records it is about, for the policy; "": of several.
	kind string
	// follows says that it gives out events, one by one: whether each may be seen
	// is asked of the policy with [access.Follow].
	follows bool
	// read reads what is asked, before anything is looked up.
	read func(q *asked) (reply, error)
}

// reply is how a question is answered within one read of the views: with a page of
// a list, or with one thing.
type reply struct {
	// record is the record that it is about: who may not read it learns that there
	// is none. "": a list.
	record string
	page   func(d *answers.Desk, limit int, after string) (answers.Page[any], error)
	one    func(d *answers.Desk) (any, error)
	// lines returns what formats of lines have of the one thing; nil: itself.
	lines func(one any) []any
	// tag returns the strong entity tag of the one thing; nil: it has a weak one.
	tag func(one any) string
}

// list returns the reply of a list.
func list[T any](page func(d *answers.Desk, limit int, after string) (answers.Page[T], error)) reply {
	return reply{page: func(d *answers.Desk, limit int, after string) (answers.Page[any], error) {
		p, err := page(d, limit, after)
		return answers.Page[any]{Items: boxed(p.Items), Next: p.Next}, err
	}}
}

// one returns the reply that is one thing about a record.
func one[T any](record string, get func(d *answers.Desk) (T, error)) reply {
	return reply{record: record, one: func(d *answers.Desk) (any, error) { return get(d) }}
}

func boxed[T any](all []T) []any {
	out := make([]any, len(all))
	for i, one := range all {
		out[i] = one
	}
	return out
}

// reads adds all questions, if there are views to answer them from.
func (a *API) reads() {
	if a.cfg.Views == nil {
		return
	}
	for _, all := range [][]question{a.lists(), a.records(), a.events()} {
		for i := range all {
			a.question(&all[i])
		}
	}
	a.audit()
}

// question adds the operation of one.
func (a *API) question(qn *question) {
	qn.takes = append(qn.takes, everywhere(qn)...)
	op := a.describeQuestion(qn)
	a.huma.OpenAPI().AddOperation(op)
	a.huma.Adapter().Handle(op, func(ctx huma.Context) {
		r, w := humago.Unwrap(ctx)
		if err := a.tell(w, r, qn); err != nil {
			a.Refuse(w, r, err)
		}
	})
}

// tell answers a question. It fails if nothing was written.
func (a *API) tell(w http.ResponseWriter, r *http.Request, qn *question) error {
	w.Header().Add("Vary", "Accept, Authorization")
	q, err := a.ask(r, qn)
	if err != nil {
		return err
	}
	rep, err := qn.read(q)
	if err != nil {
		return err
	}
	if err := a.admit(q); err != nil {
		return err
	}
	if err := a.await(w, q); err != nil {
		return err
	}
	if q.format.file {
		select {
		case a.files <- struct{}{}:
			defer func() { <-a.files }()
		default:
			return problem.Busy.Saying("as many files are being taken away as can be at once").With("Retry-After", "5")
		}
	}
	var send func()
	err = a.cfg.Views.Read(r.Context(), func(conn *sqlite.Conn, c projections.Checkpoint) (err error) {
		send, err = a.reply(w, q, rep, &answers.Desk{Conn: conn, Store: a.cfg.Store, At: q.at}, c)
		return err
	})
	if err != nil {
		return notReady(err)
	}
	send()
	return nil
}

// notReady is the error of views that are being built.
func notReady(err error) error {
	if e, ok := errors.AsType[*es.Error](err); ok && errors.Is(e, es.ErrNotFound) && strings.HasPrefix(e.Code, "views.") {
		return problem.Busy.Saying("the views are being made").With("Retry-After", "1")
	}
	return err
}

// admit fails unless the policy lets q be asked at all, and has the access record
// say what is taken away as a file.
func (a *API) admit(q *asked) error {
	ctx := q.r.Context()
	if q.at.Sees == "" {
		r := access.Request{Who: q.who, Action: q.action(), Kind: q.of.kind}
		if err := a.cfg.Permissions.Allow(ctx, r); err != nil {
			return err
		}
		return errMayNot // the policy lets it be asked, and nothing be seen
	}
	if q.of.follows {
		if err := a.cfg.Permissions.Allow(ctx, access.Request{Who: q.who, Action: access.Follow}); err != nil {
			return err
		}
	}
	if !q.format.file {
		return nil
	}
	r := access.Request{Who: q.who, Action: access.Export, Kind: q.of.kind, Visibility: q.at.Sees}
	if err := a.cfg.Permissions.Allow(ctx, r); err != nil {
		return err
	}
	if a.cfg.Access == nil {
		return nil
	}
	return a.cfg.Access.Append(ctx, granted(ctx, r, q.of.id)) // what is taken away does not come back
}

var errMayNot = es.Denied("access.denied", "you may not do this", "somebody to whom the policy allows it")

// note has the access record say that something was allowed.
func (a *API) note(ctx context.Context, r access.Request, what string) error {
	if a.cfg.Access == nil {
		return nil
	}
	return a.cfg.Access.Note(ctx, granted(ctx, r, what))
}

func granted(ctx context.Context, r access.Request, what string) access.Entry {
	return access.Entry{
		Who: r.Who.ID, Action: r.Action, Outcome: access.Granted, Kind: r.Kind, Stream: r.Stream, Command: what, Request: problem.RequestID(ctx),
	}
}

// mayRead fails with [problem.NoRecord] if there is no such record, and just so if
// the policy does not let it be read.
func (a *API) mayRead(q *asked, conn *sqlite.Conn, record string) error {
	sight, err := visibility(conn, record)
	if err != nil {
		return err
	}
	if sight == "" {
		return problem.NoRecord
	}
	kind := answers.KindOf(record)
	r := access.Request{Who: q.who, Action: access.Read, Kind: kind, Stream: record, Visibility: sight}
	if err := a.cfg.Permissions.Allow(q.r.Context(), r); err != nil {
		if errors.Is(err, es.ErrDenied) {
			return problem.NoRecord
		}
		return err
	}
	if sight == es.Restricted {
		return a.note(q.r.Context(), r, q.of.id)
	}
	return nil
}

// visibility returns the one that a record has now, "" if there is none. What it
// finds is for deciding who may see the record, and is given to nobody.
func visibility(conn *sqlite.Conn, record string) (es.Visibility, error) {
	if _, err := history.At(conn, record, 1, readmodel.At{}); errors.Is(err, es.ErrNotFound) {
		return "", nil
	} else if err != nil {
		return "", err
	}
	return readmodel.Visibility(conn, record)
}
