package httpapi

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/catalogue"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
)

// explanation is the page of one code.
type explanation struct {
	Code   string
	Kind   string
	Status int
	Says   []saying
}

// saying is a sentence of a code, and what would be right.
type saying struct{ Message, Want string }

// elsewhere are the errors of what stands beside the ledger, as far as a request
// can meet them.
var elsewhere = []catalogue.Refusal{
	{Kind: es.ErrInvalid, Code: "es.bad_input", Message: "the body does not fit the command; the sentence says what does not, and where", Want: "what /docs describes"},
	{Kind: es.ErrUnauthenticated, Code: "access.unauthenticated", Message: "it is not known who asks", Want: "Authorization: Bearer and a token"},
	{Kind: es.ErrUnauthenticated, Code: "access.bad_token", Message: "this is no token of this service", Want: "a token as it was shown when it was made"},
	{Kind: es.ErrUnauthenticated, Code: "access.expired", Message: "the token has expired", Want: "a new token"},
	{Kind: es.ErrUnauthenticated, Code: "access.revoked", Message: "the token was revoked", Want: "a new token"},
	{Kind: es.ErrUnauthenticated, Code: "access.ended", Message: "the identity has ended", Want: "another identity"},
	{Kind: es.ErrUnauthenticated, Code: "oidc.bad_token", Message: "the provider of identities has not signed this token for this service", Want: "a token of the provider, for the audience of this service"},
	{Kind: es.ErrUnauthenticated, Code: "oidc.expired", Message: "the token has expired", Want: "a new token of the provider"},
	{Kind: es.ErrDenied, Code: "oidc.no_role", Message: "the provider states no role that this service knows", Want: "a role that the configuration maps"},
	{Kind: es.ErrUnauthenticated, Code: "oidc.not_begun", Message: "this login did not begin in this browser, or too long ago", Want: "/auth/login"},
	{Kind: es.ErrUnauthenticated, Code: "oidc.not_done", Message: "the provider of identities did not log you in", Want: "/auth/login, and a login at the provider"},
	{Kind: es.ErrInvalid, Code: "oidc.bad_return", Message: "a login leads to a path of this service only", Want: "a path such as /docs"},
	{Kind: es.ErrUnauthenticated, Code: "oidc.session_ended", Message: "the session has ended", Want: "/auth/login"},
	{Kind: es.ErrDenied, Code: "oidc.foreign_site", Message: "another web site asks in your place", Want: "a request of this service's own pages, or a token"},
	{Kind: es.ErrUnauthenticated, Code: "access.not_local", Message: "the request does not come from the operator of this machine", Want: "a request to localhost that no web site makes, or a service with identities"},
	{Kind: es.ErrDenied, Code: "access.denied", Message: "you may not do this", Want: "a role that the policy allows it"},
	{Kind: es.ErrDenied, Code: "access.approval_needed", Message: "this needs the approval of another person", Want: "a proposal, and its approval"},
	{Kind: es.ErrDenied, Code: "access.nobody_else", Message: "there are no identities, so that nobody else could approve", Want: "the command itself"},
	{Kind: es.ErrInvalid, Code: "access.bad_role", Message: "this is no role that can be given", Want: "reader, auditor, clerk, approver, registrar, integrator or administrator"},
	{Kind: es.ErrInvalid, Code: "access.bad_scope", Message: "nobody can act for this, or follow it", Want: "the id of a party or network; or a kind, a type of event or a record"},
	{Kind: es.ErrInvalid, Code: "access.bad_expiry", Message: "a token cannot expire then", Want: "an instant to come, at most ten years from now"},
	{Kind: es.ErrConflict, Code: "access.identity_exists", Message: "there is an identity of this id or subject already", Want: "another id, or that identity"},
	{Kind: es.ErrNotFound, Code: "access.no_token", Message: "there is no such token", Want: "the prefix of one that was made"},
	{Kind: es.ErrConflict, Code: "access.busy", Message: "another process keeps the access record to itself", Want: "the same again later"},
	{Kind: es.ErrConflict, Code: "access.closed", Message: "the service is about to stop", Want: "the same again later"},
	{Kind: es.ErrCorrupt, Code: "access.corrupt", Message: problem.Internal.Message, Want: problem.Internal.Want},
	{Kind: es.ErrNotFound, Code: "access.no_identity", Message: "there is no such identity", Want: "the id of one that was made"},
	{Kind: es.ErrInvalid, Code: "service.filled_in", Message: "this is filled in by the service", Want: "nothing"},
	{Kind: es.ErrRejected, Code: "service.too_visible", Message: "a proposal cannot be seen by more than what it is about", Want: "a visibility that is as restricted"},
	{Kind: es.ErrCorrupt, Code: "store.corrupt", Message: problem.Internal.Message, Want: problem.Internal.Want},
	{Kind: es.ErrNewer, Code: "store.newer", Message: problem.Internal.Message, Want: problem.Internal.Want},
	{Kind: es.ErrCorrupt, Code: "vault.corrupt", Message: problem.Internal.Message, Want: problem.Internal.Want},
	{Kind: es.ErrCorrupt, Code: "document.corrupt", Message: problem.Internal.Message, Want: problem.Internal.Want},
	{Kind: es.ErrInvalid, Code: "vault.bad_entry", Message: "the vault cannot keep this of a person", Want: "a name within the limits, and a BCP 47 tag if a language is given"},
	{Kind: es.ErrConflict, Code: "vault.other_entry", Message: "something else is kept of this person", Want: "the same as before, or a new Idempotency-Key"},
	{Kind: es.ErrRejected, Code: "vault.erased", Message: "the person was erased", Want: "a new Idempotency-Key"},
	{Kind: es.ErrConflict, Code: "vault.busy", Message: "another process keeps the vault to itself", Want: "the same again later"},
	{Kind: es.ErrInvalid, Code: "document.bad_hash", Message: "this is not the hash of a document", Want: "64 lower-case hexadecimal digits"},
	{Kind: es.ErrInvalid, Code: "document.too_large", Message: "the document is too large", Want: "at most 1 GiB"},
	{Kind: es.ErrNotFound, Code: "document.unknown", Message: "there is no such document", Want: "the hash of one that was put"},
}

// explanations returns the pages of all codes, by code.
func explanations() ([]explanation, error) {
	found, err := catalogue.Refusals()
	if err != nil {
		return nil, err
	}
	var all []explanation
	add := func(code, kind string, status int, s saying) {
		i := slices.IndexFunc(all, func(e explanation) bool { return e.Code == code })
		if i < 0 {
			i, all = len(all), append(all, explanation{Code: code, Kind: kind, Status: status})
		}
		all[i].Says = append(all[i].Says, s)
	}
	for _, r := range slices.Concat(found, elsewhere, whileReading) {
		add(r.Code, r.Kind.Error(), r.Kind.Status(), saying{r.Message, r.Want})
	}
	for _, own := range problem.Own() {
		add(own.Code, http.StatusText(own.Status), own.Status, saying{own.Message, own.Want})
	}
	slices.SortFunc(all, func(a, b explanation) int { return cmp.Compare(a.Code, b.Code) })
	return all, nil
}
