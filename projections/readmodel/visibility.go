package readmodel

import (
	"fmt"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
)

// Visibility returns the visibility that a stream has by its latest event, "" if
// the views know of no such stream; [es.Restricted] of one that is only mentioned.
func Visibility(conn *sqlite.Conn, stream string) (v es.Visibility, err error) {
	err = Query(conn, "SELECT visibility FROM stream WHERE name = $name", Arguments{"$name": stream}, func(r *Row) error {
		v = sights[r.Int()]
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("read who may see %s: %w", stream, err)
	}
	return v, nil
}
