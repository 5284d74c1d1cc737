package offices

import (
	"fmt"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/person"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Holder is a natural person who holds a function at a party.
type Holder struct {
	Person   terms.PersonID
	Function person.Function
	By       es.Revision // the event that says so
	// Held says whether the function is held, of which the dates may leave
	// doubt.
	Held edtf.Truth
}

// At returns who holds, or perhaps holds, a function at a party as of a date,
// in the order in which the persons and their functions were recorded.
func At(conn *sqlite.Conn, party terms.PartyID, on edtf.Date, at readmodel.At) ([]Holder, error) {
	if err := at.Check(); err != nil {
		return nil, err
	}
	args := at.Arguments()
	args["$party"] = string(party)
	var all []Holder
	err := readmodel.Query(conn, `SELECT s.name, f.title, f.lang, f.since, f.until, f.by_revision
		FROM offices_function f JOIN stream s ON s.id = f.stream
		WHERE f.party = (SELECT id FROM stream WHERE name = $party) AND `+at.Clause("f")+` ORDER BY f.stream, f.n`, args,
		func(r *readmodel.Row) error {
			h := Holder{Person: terms.PersonID(r.Text()), Function: person.Function{Title: terms.Text{Value: r.Text(), Lang: terms.Lang(r.Text())}, At: party}}
			var err error
			if h.Function.From, err = edtf.Parse(r.Text()); err != nil {
				return err
			}
			if h.Function.Until, err = edtf.Parse(r.Text()); err != nil {
				return err
			}
			h.By = es.Revision(r.Int())
			if h.Held = h.Function.HeldOn(on); h.Held != edtf.No {
				all = append(all, h)
			}
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("read who holds a function at %s: %w", party, err)
	}
	return all, nil
}
