package httpapi

import (
	"net/http"
	"reflect"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/httpapi/front"
)

// Me is who asks, as the service knows it.
type Me struct {
	ID    string        `json:"id"`    // opaque: the actor of events
	Roles []access.Role `json:"roles"` // held now
	For   []string      `json:"for"`   // parties and networks that a clerk acts for
	Reads []string      `json:"reads"` // what an integrator follows
	Sees  es.Visibility `json:"sees"`  // the most restricted visibility that is read; "": nothing
	Until string        `json:"until"` // when the token or session ends, RFC 3339; "": not known
}

func (a *API) aboutMe() []errand {
	return []errand{{
		method: http.MethodGet, path: "/v1/me", id: "me", tag: "me", summary: "Say who asks",
		about:  "The identity by which the service knows whoever asks, with what it holds, the most restricted records that it reads, and when its token or session ends.",
		action: Anybody, status: http.StatusOK, answer: reflect.TypeFor[Me](),
		do: func(q *asked) (any, error) {
			who := front.Who(q.r.Context())
			return Me{who.ID, who.Roles, who.For, who.Reads, a.cfg.Permissions.Sees(who), es.FormatInstant(who.Until)}, nil
		},
	}}
}
