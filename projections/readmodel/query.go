package readmodel

import (
	"errors"
	"fmt"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/entente-ledger/entente/domain/es"
)

// Query runs a query and calls visit for every row of the answer. visit may
// query further, not with the same text.
func Query(conn *sqlite.Conn, query string, args Arguments, visit func(r *Row) error) error {
	err := sqlitex.Execute(conn, query, &sqlitex.ExecOptions{
		Named:      args,
		ResultFunc: func(stmt *sqlite.Stmt) error { return visit(&Row{stmt: stmt}) },
	})
	return Damage(err)
}

// Damage returns err as [es.ErrCorrupt] if SQLite says that the views file is
// damaged, else as it is.
func Damage(err error) error {
	switch sqlite.ErrCode(err).ToPrimary() {
	case sqlite.ResultCorrupt, sqlite.ResultNotADB:
		if errors.Is(err, es.ErrCorrupt) {
			return err
		}
		return &es.Error{
			Kind: es.ErrCorrupt, Code: "views.damaged", Message: fmt.Sprintf("the views are damaged (%v); the ledger itself is not affected", err),
			Want: "a rebuild: `entente rebuild`",
		}
	}
	return err
}
