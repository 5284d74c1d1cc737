package httpapi

import (
	"errors"
	"io/fs"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/infra/httpapi/front"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
	"github.com/entente-ledger/entente/infra/tlog"
	"github.com/entente-ledger/entente/projections"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// proof is a question of the transparency log, which is answered with a text.
type proof struct {
	path, id, summary, about, media string
	takes                           []parameter
	get                             func(r *http.Request) ([]byte, error)
}

const plainText = "text/plain; charset=utf-8"

// audit adds what auditors ask of the transparency log, if there is one.
func (a *API) audit() {
	if a.cfg.Log == "" {
		return
	}
	event := inPath("event", "The id of the event, a UUID")
	for _, p := range []proof{
		{
			path: "/v1/audit/receipts/{event}", id: "audit.receipt", summary: "Prove that an event is in the log",
			about: "The event's leaf, an inclusion proof and a signed checkpoint (C2SP tlog-proof). It verifies offline, and for ever.",
			media: plainText, takes: []parameter{event}, get: a.receipt,
		},
		{
			path: "/v1/audit/receipts/{event}/event", id: "audit.event", summary: "Show an event as it is stored",
			about: "What the leaf of a receipt is made of.", media: "application/json", takes: []parameter{event}, get: a.storedEvent,
		},
		{
			path: "/v1/audit/checkpoint", id: "audit.checkpoint", summary: "Show the last checkpoint", about: "A signed note (C2SP tlog-checkpoint).",
			media: plainText, get: func(r *http.Request) ([]byte, error) {
				c, err := a.sealed(r)
				return c.Note, err
			},
		},
		{
			path: "/v1/audit/keys", id: "audit.keys", summary: "Show the keys that the log had", about: "Each but the first stated by one before it.",
			media: plainText, get: func(r *http.Request) ([]byte, error) {
				if err := a.mayAudit(r, access.Request{}); err != nil {
					return nil, err
				}
				return published(a.cfg.Log.PublishedChain())
			},
		},
	} {
		a.proof(p)
	}
}

// proof adds one operation.
func (a *API) proof(p proof) {
	op := &huma.Operation{
		Method: http.MethodGet, Path: p.path, OperationID: p.id, Tags: []string{"audit"}, Summary: p.summary, Description: p.about, Security: security(),
		Extensions: Asks(access.Audit),
		Responses: problems(map[string]*huma.Response{"200": {
			Description: "The answer", Content: map[string]*huma.MediaType{p.media: {Schema: &huma.Schema{}}},
		}}, []int{
			http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusNotAcceptable,
			http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable,
		}),
	}
	qn := &question{takes: p.takes}
	for _, one := range p.takes {
		in := "query"
		if one.inPath {
			in = "path"
		}
		op.Parameters = append(op.Parameters, &huma.Param{Name: one.name, In: in, Required: true, Description: one.doc, Schema: one.schema})
	}
	a.huma.OpenAPI().AddOperation(op)
	a.huma.Adapter().Handle(op, func(ctx huma.Context) {
		r, w := humago.Unwrap(ctx)
		q := &asked{of: qn, r: r}
		err := q.readGiven()
		if err == nil && preferenceOf(r, p.media) == 0 {
			err = problem.NoFormat
		}
		var text []byte
		if err == nil {
			text, err = p.get(r)
		}
		if err != nil {
			a.Refuse(w, r, err)
			return
		}
		w.Header().Set("Content-Type", p.media)
		w.Header().Set("Cache-Control", "private, no-cache")
		_, _ = w.Write(text) // whoever asked may be gone
	})
}

// mayAudit fails unless the policy lets what r is about be audited, or the log is
// everybody's.
func (a *API) mayAudit(r *http.Request, about access.Request) error {
	if a.cfg.LogIsPublic && about.Stream == "" {
		return nil
	}
	about.Who, about.Action = front.Who(r.Context()), access.Audit
	return a.cfg.Permissions.Allow(r.Context(), about)
}

// sealed returns the checkpoint that is published.
func (a *API) sealed(r *http.Request) (tlog.Checkpoint, error) {
	if err := a.mayAudit(r, access.Request{}); err != nil {
		return tlog.Checkpoint{}, err
	}
	return a.lastCheckpoint()
}

func (a *API) lastCheckpoint() (tlog.Checkpoint, error) {
	text, err := published(a.cfg.Log.PublishedChain())
	if err != nil {
		return tlog.Checkpoint{}, err
	}
	keys, err := tlog.ParseChain(text)
	if err != nil {
		return tlog.Checkpoint{}, err
	}
	if text, err = published(a.cfg.Log.Published()); err != nil {
		return tlog.Checkpoint{}, err
	}
	return keys.Checkpoint(text)
}

// published says of what is not there that nothing is sealed yet.
func published(text []byte, err error) ([]byte, error) {
	if errors.Is(err, fs.ErrNotExist) {
		return nil, problem.NotSealed.With("Retry-After", "1")
	}
	return text, err
}

// receipt returns the proof that an event is in the log.
func (a *API) receipt(r *http.Request) (text []byte, err error) {
	place, err := a.placeOf(r)
	if err != nil {
		return nil, err
	}
	c, err := a.lastCheckpoint()
	if err != nil {
		return nil, err
	}
	if int64(place.Sequence) >= c.Tree.N {
		return nil, problem.NotSealed.With("Retry-After", "1")
	}
	proof, err := a.cfg.Log.Receipt(int64(place.Sequence), c)
	if err != nil {
		return nil, err
	}
	return proof.Encode(), nil
}

// storedEvent returns an event as it is stored.
func (a *API) storedEvent(r *http.Request) ([]byte, error) {
	place, err := a.placeOf(r)
	if err != nil {
		return nil, err
	}
	for rec, err := range a.cfg.Store.ReadStream(r.Context(), place.Stream, place.Revision-1) {
		if err != nil {
			return nil, err
		}
		return tlog.EventOf(a.cfg.Ledger, rec).Encode()
	}
	return nil, problem.NoRecord
}

// placeOf returns where the event stands that the path names, or fails with
// [problem.NoRecord], also if whoever asks may not audit it. The views are given
// the time to learn of it: the answer to a command leads here.
func (a *API) placeOf(r *http.Request) (place history.Place, err error) {
	id, err := uuid.Parse(r.PathValue("event"))
	if err != nil {
		return place, wanting(problem.BadID, "a whole UUID, as /v1/events shows").At("path event")
	}
	if err := a.upToDate(r.Context()); err != nil {
		return place, err
	}
	err = a.cfg.Views.Read(r.Context(), func(conn *sqlite.Conn, _ projections.Checkpoint) error {
		place, err = history.Find(conn, id, readmodel.At{}) // whether it is there; who may know of it is decided next
		if errors.Is(err, es.ErrNotFound) {
			return problem.NoRecord
		}
		if err != nil {
			return err
		}
		sight, err := readmodel.Visibility(conn, place.Stream)
		if err != nil {
			return err
		}
		about := access.Request{Kind: answers.KindOf(place.Stream), Stream: place.Stream, Visibility: sight}
		if err := a.mayAudit(r, about); errors.Is(err, es.ErrDenied) {
			return problem.NoRecord
		} else if err != nil {
			return err
		}
		if sight == es.Restricted {
			about.Who, about.Action = front.Who(r.Context()), access.Audit
			return a.note(r.Context(), about, "audit.receipt")
		}
		return nil
	})
	return place, notReady(err)
}
