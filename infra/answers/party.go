package answers

import (
	"iter"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/parties"
)

// PartyLine is a line of the list of parties, in which networks are parties too.
type PartyLine struct {
	Country    party.Country    `json:"country"` // ISO 3166-1, or ""
	ID         string           `json:"id"`      // party-UUID or network-UUID
	Kind       party.Kind       `json:"kind"`
	Name       terms.Text       `json:"name"` // the official one in use
	Visibility terms.Visibility `json:"visibility"`
}

// Party is all that is held of a party.
type Party struct {
	Country     party.Country      `json:"country"` // ISO 3166-1, or ""
	Exists      bool               `json:"exists"`  // false: recorded in error
	ID          string             `json:"id"`      // party-UUID or network-UUID
	Identifiers []party.Identifier `json:"identifiers"`
	Kind        party.Kind         `json:"kind"`
	// Latitude and Longitude are WGS 84 in millionths of a degree; null if they are
	// not known.
	Latitude   *int64           `json:"latitude"`
	Longitude  *int64           `json:"longitude"`
	Name       terms.Text       `json:"name"` // the official one in use
	Names      []PartyName      `json:"names"`
	Region     terms.Text       `json:"region"`
	Relations  []Relation       `json:"relations"`
	Visibility terms.Visibility `json:"visibility"`

	// Row is all that the read model has of it.
	Row parties.Party `json:"-"`
}

// PartyName is a name of a party with its validity.
type PartyName struct {
	From  edtf.Date  `json:"from"`
	Text  terms.Text `json:"text"`
	Until edtf.Date  `json:"until"`
	Use   party.Use  `json:"use"`
}

// Relation is how a party stands to another.
type Relation struct {
	// Back says that it is the other party that stands so to this one.
	Back     bool          `json:"back"`
	From     edtf.Date     `json:"from"`
	Relation string        `json:"relation"`
	To       terms.PartyID `json:"to"` // "" of a party that ended without another

	// Name is that of the other party, in what [Desk.Party] answers.
	Name string `json:"-"`
}

// Parties answers a page of the parties that exist, by their titles.
func (d *Desk) Parties(f parties.Filter) (Page[PartyLine], error) {
	f.At, f.Whole = d.At, false
	rows, next, err := parties.List(d.Conn, f)
	return paged(rows, next, err, func(p parties.Party) (PartyLine, error) {
		return PartyLine{p.Country, p.Stream, p.Kind, p.Title, p.Visibility}, nil
	})
}

// AllParties yields the parties that match f from its cursor on, at most f.Limit
// or, if that is 0, all. After an error it ends.
func (d *Desk) AllParties(f parties.Filter) iter.Seq2[PartyLine, error] {
	return whole(f.Limit, f.After, func(limit int, after string) (Page[PartyLine], error) {
		f.Limit, f.After = limit, after
		return d.Parties(f)
	})
}

// WholeParties is [Desk.Parties] with all that is held of each.
func (d *Desk) WholeParties(f parties.Filter) (Page[Party], error) {
	f.At, f.Whole = d.At, true
	rows, next, err := parties.List(d.Conn, f)
	return paged(rows, next, err, func(p parties.Party) (Party, error) { return wholeParty(p), nil })
}

// AllWholeParties is [Desk.AllParties] with all that is held of each.
func (d *Desk) AllWholeParties(f parties.Filter) iter.Seq2[Party, error] {
	return whole(f.Limit, f.After, func(limit int, after string) (Page[Party], error) {
		f.Limit, f.After = limit, after
		return d.WholeParties(f)
	})
}

// Party answers what is held of a party or network.
func (d *Desk) Party(id string) (Party, error) {
	p, err := parties.Get(d.Conn, id, d.At)
	if err != nil {
		return Party{}, err
	}
	all := wholeParty(p)
	for i := range all.Relations {
		r := &all.Relations[i]
		if r.Name, err = d.Name(string(r.To)); err != nil {
			return Party{}, err
		}
	}
	return all, nil
}

func wholeParty(p parties.Party) Party {
	all := Party{
		Country: p.Country, Exists: p.Exists, ID: p.Stream, Identifiers: p.Identifiers, Kind: p.Kind, Name: p.Title,
		Names:  each(p.Names, func(n parties.Name) PartyName { return PartyName{n.From, n.Text, n.Until, n.Use} }),
		Region: p.Place.Region, Relations: each(p.Relations, relation), Visibility: p.Visibility, Row: p,
	}
	if p.Place.Located() {
		all.Latitude, all.Longitude = &p.Place.Latitude, &p.Place.Longitude
	}
	return all
}

func relation(r parties.Relation) Relation {
	return Relation{Back: r.Back, From: r.From, Relation: r.What, To: r.To}
}
