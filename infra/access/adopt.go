package access

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
)

// Adopt returns the identity of a subject, which by vouches for, with exactly
// these roles: it makes the identity if there is none, and gives and takes
// roles where they differ; scopes stay as they are. Before an identity is made,
// name is called with its id, to put the name into the vault; nil puts none. If
// it fails, so does Adopt, and there is no identity.
//
// It fails with [es.ErrUnauthenticated] and code access.ended if the identity
// has ended, and with [es.ErrInvalid] if a role cannot be given.
func (r *Registry) Adopt(ctx context.Context, by string, s Subject, roles []Role, name func(uuid.UUID) error) (Identity, error) {
	if s.Issuer == "" || s.ID == "" {
		return Identity{}, es.Invalid("access.bad_subject", "a subject has no issuer or no id", "both")
	}
	if err := (Grants{Roles: roles}).Validate(); err != nil {
		return Identity{}, err
	}
	var a Account
	read := func(c *sqlite.Conn) (err error) {
		a, err = bySubject(c, s)
		return err
	}
	if err := r.file.use(ctx, read); err != nil {
		return Identity{}, fmt.Errorf("find the identity of a subject: %w", err)
	}
	if a.ID == "" || a.Ended.At.IsZero() && !sameRoles(a.Now().Roles, roles) {
		made := Act{r.instant(), by}
		err := r.change(ctx, func(c *sqlite.Conn) error {
			if err := adopt(c, s, made, roles, name); err != nil {
				return err
			}
			return read(c)
		})
		if err != nil {
			return Identity{}, fmt.Errorf("adopt a subject: %w", err)
		}
	}
	if !a.Ended.At.IsZero() {
		return Identity{}, errEnded
	}
	return a.Now(), nil
}

// BySubject returns the account of a subject, or fails with [es.ErrNotFound]
// and code access.no_identity.
func (r *Registry) BySubject(ctx context.Context, s Subject) (a Account, err error) {
	err = r.file.use(ctx, func(c *sqlite.Conn) error {
		if a, err = bySubject(c, s); err == nil && a.ID == "" {
			err = es.NotFound("access.no_identity", "the subject has no identity")
		}
		return err
	})
	return a, err
}

func adopt(c *sqlite.Conn, s Subject, made Act, roles []Role, name func(uuid.UUID) error) error {
	a, err := bySubject(c, s) // another may have been faster
	if err != nil || !a.Ended.At.IsZero() {
		return err
	}
	if a.ID == "" {
		id := uuid.New()
		if name != nil {
			if err := name(id); err != nil {
				return err
			}
		}
		return insert(c, formatID(id), s, made, Grants{Roles: roles})
	}
	var gone Grants
	for _, role := range a.Now().Roles {
		if !slices.Contains(roles, role) {
			gone.Roles = append(gone.Roles, role)
		}
	}
	if err := take(c, a.ID, made, gone); err != nil {
		return err
	}
	return give(c, a.ID, made, Grants{Roles: roles})
}

// bySubject returns the zero account if there is none.
func bySubject(c *sqlite.Conn, s Subject) (a Account, err error) {
	id := ""
	err = run(c, `SELECT id FROM identity WHERE issuer = ? AND subject = ?`, func(s *sqlite.Stmt) error {
		id = s.ColumnText(0)
		return nil
	}, s.Issuer, s.ID)
	if err != nil || id == "" {
		return Account{}, err
	}
	return account(c, id)
}

func sameRoles(a, b []Role) bool {
	lacks := func(all []Role) func(Role) bool {
		return func(r Role) bool { return !slices.Contains(all, r) }
	}
	return !slices.ContainsFunc(a, lacks(b)) && !slices.ContainsFunc(b, lacks(a))
}
