package statuschart

import (
	"fmt"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Chart is the status chart of an agreement.
type Chart struct {
	Agreement  string // its stream
	Exists     bool   // its opening was not voided
	Visibility terms.Visibility
	Rows       []Row // by party in the order of first mention, then by round
}

// Get returns the chart of an agreement, or fails with [es.ErrNotFound]. One
// that was recorded in error is found, and has no rows.
func Get(conn *sqlite.Conn, stream string, at readmodel.At) (Chart, error) {
	if err := at.Check(); err != nil {
		return Chart{}, err
	}
	args := at.Arguments()
	args["$stream"] = stream
	c, found := Chart{Agreement: stream}, false
	err := readmodel.Query(conn, "SELECT a.live, a.visibility FROM statuschart_agreement a WHERE a.stream = (SELECT id FROM stream WHERE name = $stream) AND "+
		at.Clause("a"), args, func(r *readmodel.Row) error {
		c.Exists, c.Visibility, found = r.Bool(), terms.Visibility(r.Text()), true
		return nil
	})
	if err == nil && !found {
		return Chart{}, es.NotFound("memorandum.unknown", "there is no agreement "+stream)
	}
	if err == nil {
		c.Rows, err = list(conn, "r.stream = (SELECT id FROM stream WHERE name = $stream) AND "+at.Clause("r")+" ORDER BY r.place, r.round", args)
	}
	if err != nil {
		return Chart{}, fmt.Errorf("read the status chart of %s: %w", stream, err)
	}
	return c, nil
}

// ByParty returns the rows of a party in all agreements, by agreement in the
// order in which they were first recorded, then by round. Who has none is in no
// agreement.
func ByParty(conn *sqlite.Conn, party string, at readmodel.At) ([]Row, error) {
	if err := at.Check(); err != nil {
		return nil, err
	}
	args := at.Arguments()
	args["$party"] = party
	rows, err := list(conn, "r.party = (SELECT id FROM stream WHERE name = $party) AND "+at.Clause("r")+" ORDER BY r.stream, r.round", args)
	if err != nil {
		return nil, fmt.Errorf("read the status of %s: %w", party, err)
	}
	return rows, nil
}

func list(conn *sqlite.Conn, where string, args readmodel.Arguments) (rows []Row, err error) {
	err = readmodel.Query(conn, `SELECT s.name, p.name, r.round, r.signed, r.signed_by, r.consented, r.consented_by, r.letter, r.means,
	r.in_force, r.in_force_by, r.in_force_met, r.noticed, r.noticed_by, r.left_on, r.left_by, r.reservations, r.objections, r.doubt
	FROM statuschart_row r JOIN stream s ON s.id = r.stream JOIN stream p ON p.id = r.party WHERE `+where, args,
		func(r *readmodel.Row) error {
			row, err := scan(r)
			rows = append(rows, row)
			return err
		})
	return rows, err
}

func scan(r *readmodel.Row) (Row, error) {
	row := Row{Agreement: r.Text(), Party: terms.PartyID(r.Text()), Round: int(r.Int())}
	var failed error
	act := func(a *Act) {
		if err := a.On.UnmarshalText([]byte(r.Text())); err != nil && failed == nil {
			failed = err
		}
		a.By = es.Revision(r.Int())
	}
	act(&row.Signed)
	act(&row.Consented)
	row.Letter, row.Means = Letter(r.Text()), memorandum.Means(r.Text())
	act(&row.InForce)
	row.InForceMet = edtf.Truth(r.Int())
	act(&row.Noticed)
	act(&row.Left)
	row.Reservations, row.Objections, row.Doubt = int(r.Int()), int(r.Int()), r.Bool()
	return row, failed
}
