package access

import (
	"context"
	"fmt"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
)

// Grant gives an identity roles and scopes from now on; what it holds already
// stays as it is. It fails with [es.ErrInvalid] if g is not valid, with
// [es.ErrNotFound] if there is no such identity, and with [es.ErrRejected] and
// code access.ended if it has ended.
func (r *Registry) Grant(ctx context.Context, by, id string, g Grants) error {
	if err := g.Validate(); err != nil {
		return err
	}
	made := Act{r.instant(), by}
	err := r.change(ctx, func(c *sqlite.Conn) error {
		a, err := account(c, id)
		if err != nil {
			return err
		}
		if !a.Ended.At.IsZero() {
			return es.Rejected("access.ended", "the identity has ended", "another identity")
		}
		return give(c, id, made, g)
	})
	if err != nil {
		return fmt.Errorf("grant to %s: %w", id, err)
	}
	return nil
}

// Withdraw takes roles and scopes from an identity from now on; what it does
// not hold is passed over. It fails with [es.ErrNotFound] if there is no such
// identity.
func (r *Registry) Withdraw(ctx context.Context, by, id string, g Grants) error {
	made := Act{r.instant(), by}
	err := r.change(ctx, func(c *sqlite.Conn) error {
		if _, err := account(c, id); err != nil {
			return err
		}
		return take(c, id, made, g)
	})
	if err != nil {
		return fmt.Errorf("withdraw from %s: %w", id, err)
	}
	return nil
}

func give(c *sqlite.Conn, id string, made Act, g Grants) error {
	return g.each(func(what What, value string) error {
		return run(c, `INSERT INTO holding (identity, what, value, given, given_by, taken, taken_by)
			VALUES (?, ?, ?, ?, ?, 0, '') ON CONFLICT (identity, what, value) WHERE taken = 0 DO NOTHING`,
			nil, id, string(what), value, made.At.UnixMicro(), made.By)
	})
}

func take(c *sqlite.Conn, id string, made Act, g Grants) error {
	return g.each(func(what What, value string) error {
		return run(c, `UPDATE holding SET taken = ?, taken_by = ? WHERE identity = ? AND what = ? AND value = ? AND taken = 0`,
			nil, made.At.UnixMicro(), made.By, id, string(what), value)
	})
}
