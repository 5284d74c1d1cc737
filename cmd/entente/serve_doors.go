package main

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/eventstore/rehearsal"
	"github.com/entente-ledger/entente/infra/httpapi"
	"github.com/entente-ledger/entente/infra/httpapi/front"
)

// doors are who may come in, and what they may do.
type doors struct {
	policy    *access.Policy
	registry  *access.Registry // nil: there are no identities, and one local operator
	local     front.Local
	anonymous bool
}

// doors opens what says who may do what.
func (s *service) doors(ctx context.Context) (*doors, error) {
	policy, err := access.Load(filepath.Join(s.app.data, access.PolicyFile))
	if err != nil {
		return nil, err
	}
	d := &doors{policy: policy, anonymous: s.options.anonymous}
	d.local.Who = access.Identity{ID: s.operator, Roles: []access.Role{access.RoleRegistrar, access.RoleAuditor, access.RoleAdministrator}}
	registry, err := access.OpenRegistry(ctx, filepath.Join(s.app.data, access.RegistryFile), access.Options{Log: s.log})
	if err != nil {
		return nil, err
	}
	empty, err := registry.Empty(ctx)
	if err != nil || empty {
		return d, errors.Join(err, registry.Close())
	}
	d.registry = registry
	return d, nil
}

func (d *doors) close() error {
	if d.registry == nil {
		return nil
	}
	return d.registry.Close()
}

// Authenticate implements [front.Authenticator]: by the token of the request; by
// where it comes from, if there are no identities.
func (d *doors) Authenticate(ctx context.Context, r *http.Request) (access.Identity, error) {
	header := r.Header.Get("Authorization")
	scheme, token, _ := strings.Cut(header, " ")
	switch {
	case d.registry != nil && strings.EqualFold(scheme, "Bearer"):
		return d.registry.Authenticate(ctx, strings.TrimSpace(token))
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
		Kind: es.ErrUnauthenticated, Code: "access.unauthenticated", Message: "it is not known who asks", Want: "Authorization: Bearer and a token",
	}
}

// recorder records what the local operator asks for, who may do everything.
type recorder struct{ *ledger.Ledger }

// Do implements [httpapi.Recorder].
func (r recorder) Do(ctx context.Context, who access.Identity, cmd es.Command) (es.Result, error) {
	cmd.Actor, cmd.ApprovedBy = who.ID, ""
	return r.Ledger.Do(ctx, cmd)
}

// rehearse returns a recorder that records nothing: a ledger over a copy in memory.
func (s *service) rehearse(ctx context.Context) (httpapi.Recorder, error) {
	store, err := rehearsal.New(ctx, s.Store())
	if err != nil {
		return nil, err
	}
	l, err := ledger.Open(ctx, store, time.Now, func() [16]byte { return uuid.New() }, ledger.Opening{})
	if err != nil {
		return nil, err
	}
	return recorder{l}, nil
}
