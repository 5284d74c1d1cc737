package history

import (
	"fmt"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Late returns, ascending, the revisions of a stream that an answer as known at
// an instant rests on although they were recorded after it: what the registrar
// vouches for from then on, but this ledger did not hold yet. There are none if
// at names no such instant.
func Late(conn *sqlite.Conn, stream string, at readmodel.At) ([]es.Revision, error) {
	if at.Known.IsZero() {
		return nil, nil
	}
	args := at.Arguments()
	args["$stream"] = stream
	var late []es.Revision
	err := readmodel.Query(conn, `SELECT h.revision FROM history h WHERE h.stream = (SELECT id FROM stream WHERE name = $stream)
		AND h.recorded > $known AND `+held(at)+" ORDER BY h.revision", args, func(r *readmodel.Row) error {
		late = append(late, es.Revision(r.Int()))
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find what of %s was recorded later: %w", stream, err)
	}
	return late, nil
}
