package httpapi

import (
	"maps"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
)

const aboutBatch = `One command a line: command, stream (left out if it opens), payload, expect (the revision the record must be at), knownAt. All are tried first, each on what those before it lead to; if one would fail, the answer is 422 with a result for each line, and nothing is recorded. Then they are recorded one after the other, with the Idempotency-Key's command id as correlation, and a result is answered for each.

A line can name what an earlier line opens: its command id is version 5 of line/N (N from 1) in the name space of the batch's own id (Command-Id), and the record is the kind, a hyphen, and version 5 of stream/KIND in the name space of that. A dry run shows the ids.

Given again with the same key and body after it was cut off, it goes on: what was recorded is answered again. With person.register a member vault of the payload is taken as for the single command.`

// batch adds POST /v1/batch.
func (a *API) batch() {
	all := a.huma.OpenAPI().Components.Schemas.Map()
	null := func(ref string) *huma.Schema {
		s := *all[ref]
		s.Nullable = true
		return &s
	}
	all["LineResult"] = object(map[string]*huma.Schema{
		"line": {Type: "integer", Description: "From 1"}, "status": {Type: "integer", Description: "The HTTP status it would have alone"},
		"recorded": null("Recorded"), "problem": null("Problem"),
	})
	all["BatchProblem"] = object(maps.Clone(all["Problem"].Properties))
	all["BatchProblem"].Properties["lines"] = &huma.Schema{
		Type: "array", Items: &huma.Schema{Ref: "#/components/schemas/LineResult"}, Description: "What would become of each line; absent if the batch was refused as a whole",
	}
	op := &huma.Operation{
		Method: http.MethodPost, Path: "/v1/batch", OperationID: "batch", Tags: []string{"batch"}, Summary: "Give many commands as one act",
		Description: aboutBatch, Security: security(), Extensions: Asks(access.Record),
		Parameters: []*huma.Param{
			keyParameter(), query("dry_run", "Answer what would become of each line, and record nothing", &huma.Schema{Type: "boolean"}),
		},
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{ndjson: {
			Schema:  &huma.Schema{Type: "string"},
			Example: `{"command":"party.register","payload":{"kind":"municipality","name":{"lang":"it","value":"Comune di Ancona"}}}` + "\n",
		}}},
		Responses: problems(map[string]*huma.Response{"200": {
			Description: "A result a line, as LineResult describes it",
			Content:     map[string]*huma.MediaType{ndjson: {Schema: &huma.Schema{Type: "string"}}},
		}}, refusals()),
	}
	op.Responses["422"].Content[problem.MediaType].Schema = &huma.Schema{Ref: "#/components/schemas/BatchProblem"}
	a.huma.OpenAPI().AddOperation(op)
	a.huma.Adapter().Handle(op, func(ctx huma.Context) {
		r, w := humago.Unwrap(ctx)
		if !acceptable(r.Header.Get("Accept"), op) {
			a.Refuse(w, r, problem.NoFormat)
			return
		}
		a.giveBatch(w, r)
	})
}
