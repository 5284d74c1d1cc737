package httpapi

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/httpapi/front"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
)

// Proposal is a command that waits for a second person, as it is asked for.
type Proposal struct {
	Command string         `json:"command"` // memorandum.terminate
	To      string         `json:"to"`      // the record that it is about; "": it opens one
	Payload jsontext.Value `json:"payload"` // what the command says
	KnownAt string         `json:"knownAt"` // the instant from which the registrar vouches for the fact, RFC 3339; "": when it is recorded
	Why     string         `json:"why"`     // why, in a sentence
}

// outcomes are the commands on proposals that only the service itself gives.
var outcomes = []string{"proposal.carry_out", "proposal.fail"}

// verdicts are those that somebody says to a proposal.
var verdicts = []string{"proposal.approve", "proposal.refuse", "proposal.withdraw"}

// actionOfCommand is what a command asks of the policy. Who made a proposal may
// take it back, whoever that is.
func actionOfCommand(name string) access.Action {
	switch name {
	case "proposal.approve", "proposal.refuse":
		return access.Approve
	case "proposal.withdraw":
		return Anybody
	}
	return access.Record
}

const aboutPropose = `For a command that needs a second person: given itself it is refused with 403 access.approval_needed. The ledger is asked first whether it would record the command. Then the proposal is kept until somebody else approves or refuses it, or who made it withdraws it; when it is approved the command is recorded with both as those who did it.

With a member to, If-Match has the ETag of that record. A dry run answers the events that the command would lead to.`

// propose adds POST /v1/proposal.
func (a *API) propose() {
	text := func(doc string) *huma.Schema { return &huma.Schema{Type: "string", Description: doc} }
	body := object(map[string]*huma.Schema{
		"command": text("Name of the command, such as memorandum.terminate"), "to": text("The record that it is about; left out if it opens one"),
		"payload": {Type: "object", AdditionalProperties: true, Description: "What the command says, as its own operation takes it"},
		"knownAt": text("The instant from which the registrar vouches for the fact (RFC 3339); left out: when it is recorded"),
		"why":     text("Why, in a sentence"),
	})
	body.Required = []string{"command", "why"}
	a.huma.OpenAPI().Components.Schemas.Map()["proposal.propose"] = body
	example := jsonValue(`{"command":"memorandum.terminate","to":"memorandum-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e59",` +
		`"payload":{"fact":{"occurred":"2026-03-01"}},"why":"the council decided so"}`)
	match := header("If-Match", "ETag of the record that the command is about, or *; left out if it opens one", false, `"7"`)
	op := &huma.Operation{
		Method: http.MethodPost, Path: "/v1/proposal", OperationID: "proposal.open", Tags: []string{"proposal"},
		Summary: "Propose a command, which somebody else approves", Description: aboutPropose,
		Parameters: []*huma.Param{
			keyParameter(), query("dry_run", "Answer the events that the command would lead to, and record nothing", &huma.Schema{Type: "boolean"}), match,
		},
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"application/json": {Schema: &huma.Schema{Ref: "#/components/schemas/proposal.propose"}, Example: example},
		}},
		Responses: commandResponses(true), Security: security(), Extensions: Asks(access.Propose),
	}
	a.huma.OpenAPI().AddOperation(op)
	a.huma.Adapter().Handle(op, func(ctx huma.Context) {
		r, w := humago.Unwrap(ctx)
		if !acceptable(r.Header.Get("Accept"), op) {
			a.Refuse(w, r, problem.NoFormat)
			return
		}
		g, err := readProposal(r)
		if err != nil {
			a.Refuse(w, r, err)
			return
		}
		a.settle(w, r, g)
	})
}

// readProposal reads the request to propose a command, as the command that makes a
// proposal.
func readProposal(r *http.Request) (given, error) {
	g := given{who: front.Who(r.Context())}
	key, err := idempotencyKey(r)
	if err != nil {
		return g, err
	}
	g.cmd = es.Command{ID: CommandID(g.who.ID, key), Name: "proposal.make", Actor: g.who.ID}
	if err := readQuery(r.URL, &g.cmd); err != nil {
		return g, err
	}
	if !g.cmd.KnownAt.IsZero() || g.cmd.Correlation != uuid.Nil {
		return g, problem.BadRequest.Saying("a proposal takes dry_run only; knownAt stands in the body").At("query")
	}
	body, err := readBody(r)
	if err != nil {
		return g, err
	}
	p := Proposal{Payload: jsontext.Value("{}")}
	if err := json.Unmarshal(body, &p, json.RejectUnknownMembers(true)); err != nil {
		return g, unread(err, "this is no proposal")
	}
	if p.Payload.Kind() != jsontext.KindBeginObject {
		return g, problem.BadRequest.Saying("the payload is no JSON object").At("/payload")
	}
	if p.KnownAt != "" {
		known, err := time.Parse(time.RFC3339, p.KnownAt)
		if err != nil {
			return g, problem.BadRequest.Saying("knownAt is no instant").At("/knownAt")
		}
		p.KnownAt = es.FormatInstant(known)
	}
	type proposed struct {
		Command string `json:"command"`
		Stream  string `json:"stream"`
		Payload string `json:"payload"`
		KnownAt string `json:"knownAt"`
	}
	g.about = p.To
	g.cmd.Payload, err = json.Marshal(struct {
		Proposed proposed `json:"proposed"`
		Why      string   `json:"why"`
	}{proposed{p.Command, p.To, string(p.Payload), p.KnownAt}, p.Why})
	if err != nil {
		return g, fmt.Errorf("write the proposal: %w", err)
	}
	return g, g.readMatch(r, p.To == "")
}

// withoutBy takes out of the description of a verdict, and of its example, who gives
// it: that is who asks.
func withoutBy(s *huma.Schema, example jsontext.Value) (jsontext.Value, error) {
	delete(s.Properties, "by")
	s.Required = slices.DeleteFunc(s.Required, func(member string) bool { return member == "by" })
	members := map[string]jsontext.Value{}
	if err := json.Unmarshal(example, &members); err != nil {
		return nil, err
	}
	delete(members, "by")
	return json.Marshal(members, json.Deterministic(true))
}

// proposable says how a command that needs a second person is proposed.
func proposable(err error, command string) error {
	e, ok := errors.AsType[*es.Error](err)
	if !ok || e.Code != "access.approval_needed" {
		return err
	}
	c := *e
	c.Want = fmt.Sprintf(`POST /v1/proposal with {"command": %q, "to": the record, "payload": this body, "why": a reason}, and the approval of somebody else`, command)
	return &c
}
