package main

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/eventstore/rehearsal"
	"github.com/entente-ledger/entente/infra/httpapi"
	"github.com/entente-ledger/entente/infra/httpapi/front"
	requests "github.com/entente-ledger/entente/infra/httpapi/problem"
	"github.com/entente-ledger/entente/infra/oidc"
	"github.com/entente-ledger/entente/infra/oidc/login"
	"github.com/entente-ledger/entente/infra/service"
)

// doors are who may come in, and what they may do.
type doors struct {
	policy    *access.Policy
	registry  *access.Registry // nil: nobody is to be told apart, and there is one local operator
	journal   *access.Journal  // nil with it
	verifier  *oidc.Verifier   // nil: there is no provider of identities
	desk      *login.Desk      // nil: nobody logs in with a browser
	local     front.Local
	anonymous bool
}

// doors opens what says who may do what.
func (s *host) doors(ctx context.Context) (d *doors, err error) {
	d = &doors{anonymous: s.options.anonymous}
	d.local.Who = access.Identity{ID: s.operator, Roles: []access.Role{access.RoleRegistrar, access.RoleAuditor, access.RoleAdministrator}}
	if d.policy, err = access.Load(filepath.Join(s.app.data, access.PolicyFile)); err != nil {
		return nil, err
	}
	if d.registry, err = access.OpenRegistry(ctx, filepath.Join(s.app.data, access.RegistryFile), access.Options{Log: s.log}); err != nil {
		return nil, err
	}
	if err := s.providers(d); err != nil {
		return nil, errors.Join(err, d.close())
	}
	// Whoever logs in at a provider has no identity before.
	empty, err := d.registry.Empty(ctx)
	empty = empty && d.verifier == nil
	if err == nil && !empty {
		d.journal, err = access.OpenJournal(ctx, filepath.Join(s.app.data, access.JournalFile), access.JournalOptions{})
	}
	if err != nil {
		return nil, errors.Join(err, d.close())
	}
	if empty {
		err, d.registry = d.registry.Close(), nil
	}
	return d, err
}

func (d *doors) close() error {
	var err error
	if d.registry != nil {
		err = d.registry.Close()
	}
	if d.journal != nil {
		err = errors.Join(err, d.journal.Close())
	}
	return err
}

// Authenticate implements [front.Authenticator]: by the token of the request or the
// session of the browser; by where it comes from, if there are no identities.
func (d *doors) Authenticate(ctx context.Context, r *http.Request) (access.Identity, error) {
	header := r.Header.Get("Authorization")
	scheme, token, _ := strings.Cut(header, " ")
	if d.desk != nil && header == "" {
		if slices.Contains(loginPaths, r.URL.Path) {
			return access.Anonymous(), nil
		}
		if who, found, err := d.desk.Authenticate(r); found {
			return who, err
		}
	}
	switch {
	case d.registry != nil && strings.EqualFold(scheme, "Bearer"):
		return d.bearer(ctx, strings.TrimSpace(token))
	case d.registry == nil && header == "":
		who, err := d.local.Authenticate(ctx, r)
		if err == nil || !d.anonymous {
			return who, err
		}
		return access.Anonymous(), nil
	case d.anonymous && header == "":
		return access.Anonymous(), nil
	}
	return access.Identity{}, &es.Error{
		Kind: es.ErrUnauthenticated, Code: "access.unauthenticated", Message: "it is not known who asks", Want: "Authorization: Bearer and a token; or /auth/login in a browser, where there is one",
	}
}

// Allow implements [httpapi.Permissions]. The local operator may do everything;
// the policy separates roles that one person alone has to hold together.
func (d *doors) Allow(ctx context.Context, r access.Request) error {
	if d.registry == nil && r.Who.ID != access.AnonymousID {
		return nil
	}
	by := d.policy.Decide(r)
	if by.Allowed {
		return nil
	}
	if d.journal != nil {
		if err := d.Denied(ctx, r, errDenied.Code, by); err != nil {
			return err
		}
	}
	return errDenied
}

// Permits implements [httpapi.Permissions].
func (d *doors) Permits(r access.Request) bool {
	return d.registry == nil && r.Who.ID != access.AnonymousID || d.policy.Decide(r).Allowed
}

// Sees implements [httpapi.Permissions]. The local operator sees everything.
func (d *doors) Sees(who access.Identity) es.Visibility {
	if d.registry == nil && who.ID != access.AnonymousID {
		return es.Restricted
	}
	return d.policy.Sees(who)
}

// record is what keeps who read what is restricted, and took away what; nil if
// there are no identities.
func (d *doors) record() httpapi.AccessRecord {
	if d.journal == nil {
		return nil
	}
	return d.journal
}

// identity returns what an identity holds now.
func (d *doors) identity(ctx context.Context, id string) (access.Identity, error) {
	a, err := d.registry.Account(ctx, id)
	return a.Now(), err
}

// Denied implements the journal of package service: what is refused stands in the
// access record.
func (d *doors) Denied(ctx context.Context, r access.Request, code string, by access.Decision) error {
	return d.journal.Append(ctx, access.Entry{
		Who: r.Who.ID, Action: r.Action, Outcome: access.Refused, Kind: r.Kind, Stream: r.Stream, Command: r.Command,
		Reason: strings.Join(append([]string{code}, by.Policies...), " "), Request: requests.RequestID(ctx),
	})
}

// recorder returns what records in a ledger for those who come in.
func (s *host) recorder(d *doors, l *ledger.Ledger) httpapi.Recorder {
	if d.registry == nil {
		return alone{l}
	}
	return &service.Service{Ledger: l, Views: s.views, Policy: d.policy, Identity: d.identity, Journal: d, Now: time.Now}
}

// alone records for the local operator, who may do everything: there is no second
// person to ask.
type alone struct{ *ledger.Ledger }

var (
	errDenied     = es.Denied("access.denied", "you may not do this", "somebody to whom the policy allows it")
	errNobodyElse = es.Denied("access.nobody_else", "there are no identities, so that nobody else could approve", "the command itself")
)

// Do implements [httpapi.Recorder].
func (r alone) Do(ctx context.Context, who access.Identity, cmd es.Command) (es.Result, error) {
	if who.ID == access.AnonymousID {
		return es.Result{}, errDenied
	}
	if service.Manages(cmd.Name) {
		return es.Result{}, errNobodyElse
	}
	cmd.Actor, cmd.ApprovedBy = who.ID, ""
	return r.Ledger.Do(ctx, cmd)
}

// rehearse returns a recorder that records nothing: a ledger over a copy in memory.
func (s *host) rehearse(d *doors) func(ctx context.Context) (httpapi.Recorder, error) {
	return func(ctx context.Context) (httpapi.Recorder, error) {
		store, err := rehearsal.New(ctx, s.Store())
		if err != nil {
			return nil, err
		}
		l, err := ledger.Open(ctx, store, time.Now, func() [16]byte { return uuid.New() }, ledger.Opening{})
		if err != nil {
			return nil, err
		}
		return s.recorder(d, l), nil
	}
}

// resume carries out what two persons agreed to before the service was stopped.
func (s *host) resume(ctx context.Context, d *doors) error {
	if r, ok := s.recorder(d, s.Ledger).(*service.Service); ok {
		return r.Resume(ctx)
	}
	return nil
}
