package embedded

import (
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
)

// corrupt returns an error of kind [es.ErrCorrupt].
func corrupt(message string, cause error) error {
	if cause != nil {
		message += ": " + cause.Error()
	}
	return &es.Error{
		Kind: es.ErrCorrupt, Code: "store.corrupt",
		Message: eventsFile + ": " + message,
		Want:    "an undamaged data folder, such as a backup",
	}
}

// explain turns what SQLite says of damage into an error of kind
// [es.ErrCorrupt], and leaves other errors as they are.
func explain(err error) error {
	switch sqlite.ErrCode(err).ToPrimary() {
	case sqlite.ResultCorrupt:
		return corrupt("the file is damaged", err)
	case sqlite.ResultNotADB:
		return corrupt("it is not a database", err)
	case sqlite.ResultConstraint:
		return corrupt("it was changed by another program", err)
	}
	return err
}

// passing reports whether a failed transaction left the file as it was and may
// succeed later: the disk was full, or another program held the write lock.
// After any other failure, above all a failed fsync, nobody can say what is on
// the disk.
func passing(err error) bool {
	switch sqlite.ErrCode(err).ToPrimary() {
	case sqlite.ResultFull, sqlite.ResultBusy:
		return true
	}
	return false
}
