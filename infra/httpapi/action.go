package httpapi

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/httpapi/front"
)

// Anybody is the action of an operation that asks nothing of the policy: what it
// answers is for everybody, or about whoever asks.
const Anybody access.Action = "anybody"

// actionKey is the extension of an operation of the description (OpenAPI 3.1,
// section 4.9) that says which action it asks of the policy.
const actionKey = "x-action"

// Asks returns the extensions of an operation that asks the policy for an action,
// or [Anybody]. Every operation has one:
//
//	huma.Operation{Path: "/v1/register", Extensions: httpapi.Asks(access.Read), ...}
//
// Whoever may not even do the action on something public is refused before the
// handler of an operation that was registered with huma is called, but for
// commands and approvals, which the [Recorder] decides. A handler that gives out
// more than what is public asks for that besides.
func Asks(action access.Action) map[string]any { return map[string]any{actionKey: string(action)} }

// actionOf returns what an operation declares, "" if it declares nothing.
func actionOf(op *huma.Operation) access.Action {
	said, _ := op.Extensions[actionKey].(string)
	return access.Action(said)
}

// Route is something that can be asked of an [API].
type Route struct {
	Method string
	Path   string        // as the standard router has it, such as /v1/party/{id}/rename
	Action access.Action // what it asks of the policy, or [Anybody]; "" if that was forgotten
	ID     string        // that of the operation in the description; "" if it is not in it
}

// Routes returns all that can be asked, by path and then by method.
func (a *API) Routes() []Route {
	all := slices.Clone(a.beside)
	for op := range a.operations {
		all = append(all, Route{op.Method, op.Path, actionOf(op), op.OperationID})
	}
	slices.SortFunc(all, func(a, b Route) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Method, b.Method))
	})
	return all
}

// Handle adds a handler that needs no description, at a pattern with a method. It
// asks for an action first, unless that is [Anybody], or for recording and
// approving, which a handler decides itself.
func (a *API) Handle(pattern string, action access.Action, h http.Handler) {
	method, path, _ := strings.Cut(pattern, " ")
	a.beside = append(a.beside, Route{Method: method, Path: path, Action: action})
	a.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		if err := a.permit(r, action); err != nil {
			a.Refuse(w, r, err)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// permit refuses whoever may not do an action even on what is public.
func (a *API) permit(r *http.Request, action access.Action) error {
	switch action {
	case Anybody, access.Record, access.Propose, access.Approve:
		return nil
	case "":
		return fmt.Errorf("answer %s: it is not said who may ask", r.URL.Path)
	}
	return a.cfg.Permissions.Allow(r.Context(), access.Request{Who: front.Who(r.Context()), Action: action, Visibility: es.Public})
}
