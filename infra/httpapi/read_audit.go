package httpapi

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
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
		{
			path: "/v1/audit/checkpoints/{size}", id: "audit.checkpoints", summary: "Show the checkpoint of a number of events, if one was made",
			about: "Checkpoints are kept for ever; one is made within a second of an event, and not for every number of events.",
			media: plainText, takes: []parameter{wholeInPath("size", "How many events it covers")}, get: a.keptCheckpoint,
		},
		{
			path: "/v1/audit/consistency", id: "audit.consistency", summary: "Prove that the log has only grown",
			about: "The proof that the log of from events is the beginning of that of to events, and the checkpoint of the latter, as witnesses are offered them (C2SP tlog-witness).",
			media: plainText, get: a.consistency,
			takes: []parameter{wholes("from", "The smaller number of events"), wholes("to", "The larger, of which there is a checkpoint; left out: that of the last checkpoint")},
		},
		{
			path: "/v1/audit/witnesses", id: "audit.witnesses", summary: "Show what witnesses say",
			about: "The alarms of witnesses that nobody acknowledged, and the last checkpoint that as many witnesses cosigned as must.",
			media: "application/json", get: a.witnesses,
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
		op.Parameters = append(op.Parameters, &huma.Param{Name: one.name, In: in, Required: one.inPath, Description: one.doc, Schema: one.schema})
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
