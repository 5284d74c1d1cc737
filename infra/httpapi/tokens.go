package httpapi

import (
	"net/http"
	"reflect"
	"time"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
)

// TokenInfo is what is known of a token, without what is secret.
type TokenInfo struct {
	Prefix   string `json:"prefix"` // names it
	Identity string `json:"identity"`
	Created  Act    `json:"created"`
	Expires  string `json:"expires"` // RFC 3339
	Revoked  Act    `json:"revoked"`
	Used     string `json:"used"` // the last time, RFC 3339, to a minute; "": never
}

// TokenList is a list of tokens.
type TokenList struct {
	Items []TokenInfo `json:"items"`
}

// NewToken is a token that is to be made.
type NewToken struct {
	Identity string `json:"identity"`
	Expires  string `json:"expires"` // RFC 3339, at most ten years from now
}

// IssuedToken is a token that was made, with its text, which is not shown again.
type IssuedToken struct {
	Token    string `json:"token"`
	Prefix   string `json:"prefix"`
	Identity string `json:"identity"`
	Expires  string `json:"expires"`
}

// tokens are the errands of administrators about tokens.
func (a *API) tokens() []errand {
	return []errand{
		{
			method: http.MethodGet, path: "/v1/tokens", id: "tokens", tag: "identities", summary: "List tokens",
			about: "Those that no longer hold too, in the order in which they were made. The tokens themselves are not kept.",
			takes: []parameter{texts("identity", "Only those of this identity: its id")}, action: access.Administer,
			answer: reflect.TypeFor[TokenList](), status: http.StatusOK, do: a.listTokens,
		},
		{
			method: http.MethodPost, path: "/v1/tokens", id: "tokens.create", tag: "identities", summary: "Make a token of an identity",
			about:  "The answer has the token, which is shown this once: only its hash is kept.",
			action: access.Administer, body: reflect.TypeFor[NewToken](), answer: reflect.TypeFor[IssuedToken](), status: http.StatusCreated, do: a.createToken,
		},
		{
			method: http.MethodPost, path: "/v1/tokens/{prefix}/revoke", id: "tokens.revoke", tag: "identities", summary: "Have a token refused from now on",
			takes: []parameter{inPath("prefix", "The part of the token that names it: 8 characters")}, action: access.Administer, status: http.StatusNoContent,
			do: func(q *asked) (any, error) {
				prefix := q.r.PathValue("prefix")
				return nil, a.administer(q.r, "token.revoke", prefix, func(by string) error { return a.cfg.Identities.Revoke(q.r.Context(), by, prefix) })
			},
		},
	}
}

func (a *API) listTokens(q *asked) (any, error) {
	all, err := a.cfg.Identities.Tokens(q.r.Context(), q.text("identity"))
	list := TokenList{}
	for _, t := range all {
		list.Items = append(list.Items, TokenInfo{
			t.Prefix, t.Identity, actAs(t.Created), es.FormatInstant(t.Expires), actAs(t.Revoked), es.FormatInstant(t.Used),
		})
	}
	return list, err
}

func (a *API) createToken(q *asked) (any, error) {
	wanted, err := bodyOf[NewToken](q.r)
	if err != nil {
		return nil, err
	}
	until, err := time.Parse(time.RFC3339, wanted.Expires)
	if err != nil {
		return nil, wanting(problem.BadRequest.Saying("this is no instant"), "RFC 3339, such as 2027-01-01T00:00:00Z").At("/expires")
	}
	var made IssuedToken
	err = a.administer(q.r, "token.create", wanted.Identity, func(by string) error {
		t, info, err := a.cfg.Identities.Issue(q.r.Context(), by, wanted.Identity, until)
		if err == nil {
			made = IssuedToken{t.Reveal(), info.Prefix, info.Identity, es.FormatInstant(info.Expires)}
		}
		return err
	})
	return made, err
}
