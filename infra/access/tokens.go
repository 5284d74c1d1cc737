package access

import (
	"context"
	"crypto/subtle"
	"fmt"
	"time"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
)

// TokenInfo is what is known of a token. The token itself is not.
type TokenInfo struct {
	Prefix   string // names it
	Identity string
	Created  Act
	Expires  time.Time // UTC, from which on it is refused
	Revoked  Act       // zero if it was not
	Used     time.Time // the last time, to a minute; zero if never
}

// Issue makes a token of an identity, which by has asked for. Only its hash is
// kept: the token returned is the only one. It fails with [es.ErrNotFound] if
// there is no such identity, with [es.ErrRejected] and code access.ended if it
// has ended, and with [es.ErrInvalid] and code access.bad_expiry
// if the token would have expired already, or not for more than ten years.
func (r *Registry) Issue(ctx context.Context, by, identity string, expires time.Time) (Token, TokenInfo, error) {
	made := Act{r.instant(), by}
	expires = expires.UTC().Truncate(time.Microsecond)
	if !expires.After(made.At) || expires.After(made.At.AddDate(10, 0, 0)) {
		return Token{}, TokenInfo{}, es.Invalid("access.bad_expiry", "a token cannot expire at "+es.FormatInstant(expires),
			"an instant to come, at most ten years from now").At("/expires")
	}
	t, err := NewToken(r.rand)
	if err != nil {
		return Token{}, TokenInfo{}, err
	}
	hash := t.Hash()
	err = r.file.write(ctx, func(c *sqlite.Conn) error {
		a, err := account(c, identity)
		if err != nil {
			return err
		}
		if !a.Ended.At.IsZero() {
			return es.Rejected("access.ended", "the identity has ended", "another identity")
		}
		return run(c, `INSERT INTO token (prefix, hash, identity, created, created_by, expires, revoked, revoked_by, used)
			VALUES (?, ?, ?, ?, ?, ?, 0, '', 0)`, nil, t.Prefix(), hash[:], identity, made.At.UnixMicro(), by, expires.UnixMicro())
	})
	if err != nil {
		return Token{}, TokenInfo{}, fmt.Errorf("issue a token of %s: %w", identity, err)
	}
	return t, TokenInfo{Prefix: t.Prefix(), Identity: identity, Created: made, Expires: expires}, nil
}

// Revoke has a token refused from now on. Revoking again changes nothing. It
// fails with [es.ErrNotFound] and code access.no_token if there is none of the
// prefix.
func (r *Registry) Revoke(ctx context.Context, by, prefix string) error {
	now := r.instant().UnixMicro()
	err := r.change(ctx, func(c *sqlite.Conn) error {
		if _, _, found, err := token(c, prefix); err != nil || !found {
			return orElse(err, noToken(prefix))
		}
		return run(c, `UPDATE token SET revoked = ?, revoked_by = ? WHERE prefix = ? AND revoked = 0`, nil, now, by, prefix)
	})
	if err != nil {
		return fmt.Errorf("revoke a token: %w", err)
	}
	return nil
}

// Tokens returns the tokens of an identity, or of all if it is "", in the
// order in which they were made; also those that are refused by now.
func (r *Registry) Tokens(ctx context.Context, identity string) (all []TokenInfo, err error) {
	err = r.file.use(ctx, func(c *sqlite.Conn) error {
		return run(c, `SELECT `+tokenColumns+` FROM token WHERE ?1 = '' OR identity = ?1 ORDER BY rowid`, func(s *sqlite.Stmt) error {
			all = append(all, tokenInfo(s))
			return nil
		}, identity)
	})
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	return all, nil
}

const tokenColumns = `prefix, identity, created, created_by, expires, revoked, revoked_by, used`

func tokenInfo(s *sqlite.Stmt) TokenInfo {
	return TokenInfo{
		Prefix: s.ColumnText(0), Identity: s.ColumnText(1), Created: act(s, 2), Expires: instant(s.ColumnInt64(4)),
		Revoked: act(s, 5), Used: instant(s.ColumnInt64(7)),
	}
}

// token returns what is known of a token, and the hash of it.
func token(c *sqlite.Conn, prefix string) (info TokenInfo, hash [32]byte, found bool, err error) {
	err = run(c, `SELECT `+tokenColumns+`, hash FROM token WHERE prefix = ?`, func(s *sqlite.Stmt) error {
		info, found = tokenInfo(s), true
		if s.ColumnBytes(8, hash[:]) != len(hash) {
			return corrupt("access.db", "the hash of a token is too short")
		}
		return nil
	}, prefix)
	return info, hash, found, err
}

// load looks a token up in the file.
func (r *Registry) load(ctx context.Context, t Token) (k kept, err error) {
	err = r.file.use(ctx, func(c *sqlite.Conn) error {
		info, hash, found, err := token(c, t.Prefix())
		if err != nil {
			return err
		}
		// Where there is no token, the comparison takes as long, and fails.
		if given := t.Hash(); subtle.ConstantTimeCompare(given[:], hash[:]) != 1 || !found {
			return errBadToken
		}
		a, err := account(c, info.Identity)
		if err != nil {
			return err
		}
		switch {
		case !a.Ended.At.IsZero():
			return errEnded
		case !info.Revoked.At.IsZero():
			return errRevoked
		}
		k = kept{identity: a.Now(), expires: info.Expires}
		k.identity.Until = info.Expires
		return nil
	})
	return k, err
}

func orElse(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}
