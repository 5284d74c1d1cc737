package vault

import (
	"context"
	"fmt"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
)

// Codes of this package's errors that a caller may want to tell apart, as in
// errors.Is(err, &es.Error{Code: vault.CodeErased}).
const (
	CodeUnknown    = "vault.unknown"
	CodeErased     = "vault.erased"
	CodeOtherEntry = "vault.other_entry"
	CodeMismatch   = "vault.mismatch"
	CodeBusy       = "vault.busy"
)

// classify turns what SQLite reports into what a caller can act on. No error
// of SQLite's repeats a bound value.
func classify(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	switch sqlite.ErrCode(err).ToPrimary() {
	case sqlite.ResultBusy, sqlite.ResultLocked:
		return &es.Error{
			Kind: es.ErrConflict, Code: CodeBusy,
			Message: "another process keeps the vault to itself", Want: "to try again when it has finished",
		}
	case sqlite.ResultCorrupt, sqlite.ResultNotADB:
		return corrupt(err.Error())
	case sqlite.ResultInterrupt:
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return err
}

func corrupt(cause string) error {
	return &es.Error{
		Kind: es.ErrCorrupt, Code: "vault.corrupt",
		Message: "the vault is damaged: " + cause, Want: "a backup to be restored",
	}
}

func newer(version int) error {
	return &es.Error{
		Kind: es.ErrNewer, Code: "vault.newer",
		Message: fmt.Sprintf("the vault has format %d", version),
		Want:    fmt.Sprintf("format %d; upgrade entente", formatVersion),
	}
}
