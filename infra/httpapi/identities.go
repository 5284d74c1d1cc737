package httpapi

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"strconv"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/httpapi/front"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
	"github.com/entente-ledger/entente/infra/vault"
)

// Identity is what is known of an identity, without any name.
type Identity struct {
	ID       string        `json:"id"`
	Issuer   string        `json:"issuer"`  // provider of identities; "" for one that only has tokens
	Subject  string        `json:"subject"` // opaque at the issuer
	Created  Act           `json:"created"`
	Ended    Act           `json:"ended"`
	Roles    []access.Role `json:"roles"` // held now
	For      []string      `json:"for"`
	Reads    []string      `json:"reads"`
	Holdings []Holding     `json:"holdings"` // all that it ever held
}

// Act is when something was done, RFC 3339, and by whom; both "" if it was not.
type Act struct {
	At string `json:"at"`
	By string `json:"by"`
}

// Holding is a role or scope that was held from given until taken.
type Holding struct {
	What  access.What `json:"what"`
	Value string      `json:"value"`
	Given Act         `json:"given"`
	Taken Act         `json:"taken"`
}

// Grants are what is given to an identity, or taken from it.
type Grants struct {
	Roles []access.Role `json:"roles"`
	For   []string      `json:"for"`   // parties and networks that a clerk acts for
	Reads []string      `json:"reads"` // kinds, types of events and records that an integrator follows
}

// NewIdentity is an identity that is to be made.
type NewIdentity struct {
	Grants `json:",inline"`
	Name   string `json:"name"` // of the person behind it, for the vault alone
}

// IdentityPage is a page of a list of identities.
type IdentityPage struct {
	Items []Identity `json:"items"`
	Next  string     `json:"next"` // cursor to what follows; "" at the end
}

func actAs(a access.Act) Act { return Act{es.FormatInstant(a.At), a.By} }

func identityOf(a access.Account) Identity {
	now := a.Now()
	i := Identity{
		ID: a.ID, Issuer: a.Subject.Issuer, Subject: a.Subject.ID, Created: actAs(a.Created), Ended: actAs(a.Ended),
		Roles: now.Roles, For: now.For, Reads: now.Reads,
	}
	for _, h := range a.Holdings {
		i.Holdings = append(i.Holdings, Holding{h.What, h.Value, actAs(h.Given), actAs(h.Taken)})
	}
	return i
}

func (g Grants) grants() access.Grants {
	return access.Grants{Roles: g.Roles, For: g.For, Reads: g.Reads}
}

// identities are the errands of administrators about who may ask.
func (a *API) identities() []errand {
	one := reflect.TypeFor[Identity]()
	id := inPath("id", "The id of the identity: id- and a UUID")
	change := func(verb, summary string, body reflect.Type, act func(ctx context.Context, by, id string, r *http.Request) error) errand {
		return errand{
			method: http.MethodPost, path: "/v1/identities/{id}/" + verb, id: "identities." + verb, tag: "identities", summary: summary,
			action: access.Administer, takes: []parameter{id}, body: body, answer: one, status: http.StatusOK,
			do: func(q *asked) (any, error) { return a.changeIdentity(q.r, verb, act) },
		}
	}
	granting := func(give func(context.Context, string, string, access.Grants) error) func(context.Context, string, string, *http.Request) error {
		return func(ctx context.Context, by, id string, r *http.Request) error {
			g, err := bodyOf[Grants](r)
			if err != nil {
				return err
			}
			return give(ctx, by, id, g.grants())
		}
	}
	grants := reflect.TypeFor[Grants]()
	return []errand{
		{
			method: http.MethodGet, path: "/v1/identities", id: "identities", tag: "identities", summary: "List the identities",
			about: "Those that have ended too, in the order in which they were made.", action: access.Administer,
			takes: paged(), answer: reflect.TypeFor[IdentityPage](), status: http.StatusOK, do: a.listIdentities,
		},
		{
			method: http.MethodPost, path: "/v1/identities", id: "identities.create", tag: "identities", summary: "Make an identity",
			about:  "It has no token yet. The name goes to the vault, and nowhere else.",
			action: access.Administer, body: reflect.TypeFor[NewIdentity](), answer: one, status: http.StatusCreated, do: a.createIdentity,
		},
		{
			method: http.MethodGet, path: "/v1/identities/{id}", id: "identities.get", tag: "identities", summary: "Show an identity",
			about: "With all that it ever held, when, and by whom.", action: access.Administer,
			takes: []parameter{id}, answer: one, status: http.StatusOK,
			do: func(q *asked) (any, error) {
				found, err := a.cfg.Identities.Account(q.r.Context(), q.r.PathValue("id"))
				return identityOf(found), err
			},
		},
		change("grant", "Give roles and scopes, from now on", grants, granting(func(ctx context.Context, by, id string, g access.Grants) error {
			return a.cfg.Identities.Grant(ctx, by, id, g)
		})),
		change("revoke", "Take roles and scopes, from now on", grants, granting(func(ctx context.Context, by, id string, g access.Grants) error {
			return a.cfg.Identities.Withdraw(ctx, by, id, g)
		})),
		change("end", "End an identity for ever, and its tokens", nil, func(ctx context.Context, by, id string, _ *http.Request) error {
			return a.cfg.Identities.End(ctx, by, id)
		}),
	}
}

func (a *API) changeIdentity(r *http.Request, verb string, act func(ctx context.Context, by, id string, r *http.Request) error) (any, error) {
	id := r.PathValue("id")
	err := a.administer(r, "identity."+verb, id, func(by string) error { return act(r.Context(), by, id, r) })
	if err != nil {
		return nil, err
	}
	found, err := a.cfg.Identities.Account(r.Context(), id)
	return identityOf(found), err
}

// createIdentity makes an identity. The name comes first: what a crash leaves then
// is a name that nobody has.
func (a *API) createIdentity(q *asked) (any, error) {
	wanted, err := bodyOf[NewIdentity](q.r)
	if err != nil {
		return nil, err
	}
	if wanted.Name != "" && a.cfg.Vault == nil {
		return nil, problem.NotKept.At("/name")
	}
	if err := wanted.grants().Validate(); err != nil {
		return nil, err
	}
	id := uuid.New()
	var made access.Account
	err = a.administer(q.r, "identity.create", "id-"+id.String(), func(by string) (err error) {
		if wanted.Name != "" {
			if _, err := a.cfg.Vault.Put(q.r.Context(), id, vault.Entry{Name: wanted.Name}); err != nil {
				return err
			}
		}
		made, err = a.cfg.Identities.Create(q.r.Context(), by, id, access.Subject{}, wanted.grants())
		return err
	})
	return identityOf(made), err
}

func (a *API) listIdentities(q *asked) (any, error) {
	limit, err := q.pageSize()
	if err != nil {
		return nil, err
	}
	page := IdentityPage{}
	begun := !q.has("cursor")
	for one, err := range a.cfg.Identities.Accounts(q.r.Context()) {
		switch {
		case err != nil:
			return nil, err
		case !begun:
			begun = one.ID == q.text("cursor")
		case len(page.Items) == limit:
			page.Next = page.Items[limit-1].ID
			return page, nil
		default:
			page.Items = append(page.Items, identityOf(one))
		}
	}
	if !begun {
		return nil, problem.BadCursor.At("query cursor")
	}
	return page, nil
}

// pageSize reads limit.
func (q *asked) pageSize() (int, error) {
	if !q.has("limit") {
		return usualLimit, nil
	}
	n, err := strconv.Atoi(q.text("limit"))
	if err != nil || n < 1 || n > mostLimit {
		return 0, bad("limit", "this is no number of items", "1 to "+strconv.Itoa(mostLimit))
	}
	return n, nil
}

// administer does an administrative act about an identity or token, and has the
// access record say so before; by is told who does it.
func (a *API) administer(r *http.Request, command, about string, act func(by string) error) error {
	if a.cfg.Identities == nil || a.cfg.Access == nil {
		return problem.NotKept
	}
	e := access.Entry{
		Who: front.Who(r.Context()).ID, Action: access.Administer, Outcome: access.Granted, Stream: about, Command: command,
		Request: problem.RequestID(r.Context()),
	}
	if err := a.cfg.Access.Append(r.Context(), e); err != nil {
		return err
	}
	failed := act(e.Who)
	if failed == nil {
		return nil
	}
	p, _ := problem.Of(r.Context(), failed)
	e.Outcome, e.Reason = access.Failed, p.Code
	if err := a.cfg.Access.Append(r.Context(), e); err != nil {
		return errors.Join(failed, err)
	}
	return failed
}
