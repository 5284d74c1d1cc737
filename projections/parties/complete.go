package parties

import (
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// complete reads the names, identifiers and relations of p.
func (p *Party) complete(conn *sqlite.Conn, at readmodel.At) error {
	args := at.Arguments()
	args["$stream"] = p.Stream
	const ofStream = ".stream = (SELECT id FROM stream WHERE name = $stream) AND "
	err := readmodel.Query(conn, `SELECT n.lang, n.value, n.name_use, n.valid_from, n.valid_until, n.given_by
		FROM parties_name n WHERE n`+ofStream+at.Clause("n")+` ORDER BY n.name_use <> 'official', n.given_by, n.n`, args,
		func(r *readmodel.Row) error {
			n := Name{Name: party.Name{Text: terms.Text{Lang: terms.Lang(r.Text()), Value: r.Text()}, Use: party.Use(r.Text())}}
			var err error
			if n.From, err = edtf.Parse(r.Text()); err != nil {
				return err
			}
			if n.Until, err = edtf.Parse(r.Text()); err != nil {
				return err
			}
			n.By = es.Revision(r.Int())
			p.Names = append(p.Names, n)
			return nil
		})
	if err != nil {
		return err
	}
	err = readmodel.Query(conn, "SELECT i.scheme, i.value FROM parties_identifier i WHERE i"+ofStream+at.Clause("i")+
		" ORDER BY i.scheme, i.value, i.n", args, func(r *readmodel.Row) error {
		p.Identifiers = append(p.Identifiers, party.Identifier{Scheme: party.Scheme(r.Text()), Value: r.Text()})
		return nil
	})
	if err != nil {
		return err
	}
	add := func(back bool) func(r *readmodel.Row) error {
		return func(r *readmodel.Row) error {
			rel := Relation{What: r.Text(), To: terms.PartyID(r.Text()), Back: back}
			var err error
			rel.From, err = edtf.Parse(r.Text())
			p.Relations = append(p.Relations, rel)
			return err
		}
	}
	err = readmodel.Query(conn, `SELECT r.relation, s.name, r.valid_from FROM parties_relation r LEFT JOIN stream s ON s.id = r.other
		WHERE r`+ofStream+at.Clause("r")+" ORDER BY r.relation, r.other, r.n", args, add(false))
	if err != nil {
		return err
	}
	return readmodel.Query(conn, `SELECT r.relation, s.name, r.valid_from FROM parties_relation r JOIN stream s ON s.id = r.stream
		WHERE r.other = (SELECT id FROM stream WHERE name = $stream) AND `+at.Clause("r")+" ORDER BY r.relation, r.stream, r.n", args, add(true))
}
