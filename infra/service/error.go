package service

import (
	"errors"

	"github.com/entente-ledger/entente/domain/es"
)

// kindOf returns the kind of an error, 0 if it has none.
func kindOf(err error) es.Kind {
	if e, ok := errors.AsType[*es.Error](err); ok {
		return e.Kind
	}
	return 0
}

// answers reports whether an error is the ledger's, or the policy's, answer to a
// command: the same command would meet it again.
func answers(err error) bool {
	switch kindOf(err) {
	case es.ErrInvalid, es.ErrRejected, es.ErrReused, es.ErrNotFound, es.ErrDenied:
		return true
	default:
		return false
	}
}
