package history

import (
	"fmt"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/projections/readmodel"
)

// Changed reports whether a stream has an event after one with a sequence.
func Changed(conn *sqlite.Conn, stream string, since uint64) (changed bool, err error) {
	err = readmodel.Query(conn, `SELECT sequence > $since FROM history
		WHERE stream = (SELECT id FROM stream WHERE name = $stream) ORDER BY revision DESC LIMIT 1`,
		readmodel.Arguments{"$stream": stream, "$since": signed(since)}, func(r *readmodel.Row) error {
			changed = r.Bool()
			return nil
		})
	if err != nil {
		return false, fmt.Errorf("read the history: %w", err)
	}
	return changed, nil
}
