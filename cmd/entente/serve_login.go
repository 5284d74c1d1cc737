package main

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"strings"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/httpapi"
	"github.com/entente-ledger/entente/infra/httpapi/front"
	requests "github.com/entente-ledger/entente/infra/httpapi/problem"
	"github.com/entente-ledger/entente/infra/oidc"
	"github.com/entente-ledger/entente/infra/oidc/login"
	"github.com/entente-ledger/entente/infra/vault"
)

// providers opens what believes a provider of identities, if one is configured.
func (s *host) providers(d *doors) error {
	cfg, found, err := oidc.Load(filepath.Join(s.app.data, oidc.File))
	if err != nil || !found {
		return err
	}
	cfg.Name = s.nameOf
	if d.verifier, err = oidc.New(cfg, d.registry); err != nil {
		return err
	}
	if cfg.Login != nil {
		d.desk, err = login.New(login.Config{Issuer: cfg.Issuer, Login: *cfg.Login, Verifier: d.verifier, Account: d.registry.Account})
	}
	return err
}

// nameOf puts the name that a provider states into the vault.
func (s *host) nameOf(ctx context.Context, id uuid.UUID, name string) error {
	if name == "" {
		return nil
	}
	v, err := s.persons(ctx)
	if err != nil {
		return err
	}
	_, err = v.Put(ctx, id, vault.Entry{Name: name})
	return err
}

// loginPaths are where somebody comes who is not known yet.
var loginPaths = []string{"/auth/login", "/auth/callback"}

// logins adds what people log in by with a browser.
func (d *doors) logins(api *httpapi.API) {
	if d.desk == nil {
		return
	}
	for pattern, do := range map[string]func(http.ResponseWriter, *http.Request) error{
		"GET /auth/login": d.desk.Begin, "GET /auth/callback": d.arrive, "POST /auth/logout": d.desk.Logout,
	} {
		api.Handle(pattern, httpapi.Anybody, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Cache-Control", "no-store")
			if err := do(w, r); err != nil {
				api.Refuse(w, r, err)
			}
		}))
	}
}

// arrive ends a login. The access record says when it came to nothing.
func (d *doors) arrive(w http.ResponseWriter, r *http.Request) error {
	err := d.desk.End(w, r)
	d.unknown(r.Context(), err)
	return err
}

// bearer returns who has a token: one of this service, or of the provider.
func (d *doors) bearer(ctx context.Context, token string) (access.Identity, error) {
	if d.verifier == nil || strings.HasPrefix(token, "ent_") {
		return d.registry.Authenticate(ctx, token)
	}
	return d.verifier.Authenticate(ctx, token)
}

// unknown has the access record say that somebody was not known, and why. It does
// not wait for the disk, which those who try many tokens would make busy.
func (d *doors) unknown(ctx context.Context, err error) {
	e, ok := errors.AsType[*es.Error](err)
	if !ok || d.journal == nil || !errors.Is(err, es.ErrUnauthenticated) && !errors.Is(err, es.ErrDenied) {
		return
	}
	_ = d.journal.Note(ctx, access.Entry{
		Who: front.Who(ctx).ID, Outcome: access.Refused, Reason: e.Code, Request: requests.RequestID(ctx),
	}) // it was refused all the same
}
