package access

import (
	"context"
	"fmt"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
)

// What [Registry.Authenticate] fails with. A token that is none, that nobody
// was given, and one whose secret is wrong are not told apart.
var (
	errBadToken = unauthenticated("access.bad_token", "this is not a token of this ledger", "a token as `entente token create` has shown it")
	errExpired  = unauthenticated("access.expired", "the token has expired", "a new token")
	errRevoked  = unauthenticated("access.revoked", "the token was revoked", "a new token")
	errEnded    = unauthenticated("access.ended", "the identity has ended", "another identity")
)

func unauthenticated(code, message, want string) error {
	return &es.Error{Kind: es.ErrUnauthenticated, Code: code, Message: message, Want: want}
}

func noIdentity(id string) error {
	return es.NotFound("access.no_identity", fmt.Sprintf("there is no identity %.60q", id))
}

func noToken(prefix string) error {
	return es.NotFound("access.no_token", fmt.Sprintf("no token begins with %.20q", prefix))
}

// classify turns what SQLite reports of a file into what a caller can act on.
func classify(ctx context.Context, file string, err error) error {
	if err == nil {
		return nil
	}
	switch sqlite.ErrCode(err).ToPrimary() {
	case sqlite.ResultBusy, sqlite.ResultLocked:
		return &es.Error{
			Kind: es.ErrConflict, Code: "access.busy",
			Message: "another process keeps " + file + " to itself", Want: "to try again when it has finished",
		}
	case sqlite.ResultCorrupt, sqlite.ResultNotADB:
		return corrupt(file, err.Error())
	case sqlite.ResultInterrupt:
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return err
}

func corrupt(file, cause string) error {
	return &es.Error{
		Kind: es.ErrCorrupt, Code: "access.corrupt",
		Message: file + " is damaged: " + cause, Want: "a backup to be restored",
	}
}
