package httpapi

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
)

// commands adds the operations of all commands, and their description.
func (a *API) commands() error {
	for _, kind := range ledger.Aggregates() {
		if kind.Kind == "ledger" {
			continue
		}
		for _, d := range kind.Commands {
			if d.Name == "proposal.make" || slices.Contains(outcomes, d.Name) {
				continue
			}
			body, err := a.describeBody(kind, d)
			if err != nil {
				return fmt.Errorf("describe %s: %w", d.Name, err)
			}
			_, verb, _ := strings.Cut(d.Name, ".")
			if opens(d.Name) {
				a.command(d, body, "/v1/"+kind.Kind+"/"+verb, true)
			}
			if slices.Contains(usual, d.Name) {
				a.command(d, body, "/v1/"+kind.Kind, true)
			}
			a.command(d, body, "/v1/"+kind.Kind+"/{id}/"+verb, false)
		}
	}
	return nil
}

// command adds one operation.
func (a *API) command(d es.Definition, body *huma.RequestBody, path string, opening bool) {
	op := &huma.Operation{
		Method: http.MethodPost, Path: path, OperationID: operationID(d.Name, path, opening), Tags: []string{kindOf(d.Name)},
		Summary: sentence(a.catalogue.Summary(d)), Description: sentence(strings.TrimPrefix(a.catalogue.Meaning(d), d.Type.Name()+" ")), RequestBody: body,
		Parameters: commandParameters(opening), Responses: commandResponses(opening), Security: security(), Extensions: Asks(actionOfCommand(d.Name)),
	}
	if d.Name == "person.register" {
		problems(op.Responses, []int{http.StatusNotImplemented}) // without a vault
	}
	a.huma.OpenAPI().AddOperation(op)
	a.huma.Adapter().Handle(op, func(ctx huma.Context) {
		r, w := humago.Unwrap(ctx)
		if !acceptable(r.Header.Get("Accept"), op) {
			a.Refuse(w, r, problem.NoFormat)
			return
		}
		a.give(w, r, d.Name, opening)
	})
}

func kindOf(command string) string {
	kind, _, _ := strings.Cut(command, ".")
	return kind
}

// operationID names an operation: memorandum.sign, and for openings
// memorandum.open (the usual one) and memorandum.open.carry_over.
func operationID(command, path string, opening bool) string {
	kind, verb, _ := strings.Cut(command, ".")
	switch {
	case !opening:
		return command
	case path == "/v1/"+kind:
		return kind + ".open"
	}
	return kind + ".open." + verb
}

// sentence writes a summary as one: with a capital letter.
func sentence(summary string) string {
	if summary == "" {
		return ""
	}
	return strings.ToUpper(summary[:1]) + summary[1:]
}

// give answers the request to record one command.
func (a *API) give(w http.ResponseWriter, r *http.Request, name string, opening bool) {
	g, err := a.read(r, name, opening)
	if err != nil {
		a.Refuse(w, r, err)
		return
	}
	a.settle(w, r, g)
}

// settle gives one command, and answers what it led to.
func (a *API) settle(w http.ResponseWriter, r *http.Request, g given) {
	if g.cmd.DryRun {
		res, err := a.do(r.Context(), g)
		a.answer(w, r, g, res, err, false)
		return
	}
	of, err := g.fingerprint()
	if err != nil {
		a.Refuse(w, r, err)
		return
	}
	before, done, err := a.memory.begin(g.cmd.ID, of)
	switch {
	case err != nil:
		a.Refuse(w, r, err)
	case before != nil:
		a.answer(w, r, g, es.Result{}, before, true)
	default:
		var res es.Result
		var failed error
		defer func() { done(failed) }()
		res, failed = a.do(r.Context(), g)
		a.answer(w, r, g, res, failed, res.Repeated)
	}
}
