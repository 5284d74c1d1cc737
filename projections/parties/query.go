package parties

import (
	"fmt"
	"maps"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/namekey"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Party is what is held of a party.
type Party struct {
	Stream     string
	Exists     bool // its opening was not voided
	Kind       party.Kind
	Country    party.Country
	Title      terms.Text // the official name in use
	Place      party.Place
	Visibility terms.Visibility
	// Since is the place of the event that gave it this kind, country, title,
	// place and visibility.
	Since readmodel.Moment

	// What follows is read by [Get], and by [List] if asked for.
	Names       []Name
	Identifiers []party.Identifier
	Relations   []Relation
}

// Name is a name with its validity.
type Name struct {
	party.Name
	From edtf.Date
	By   es.Revision // the event that gave it
}

// Relation is how the party stands to another from a date on: a
// [party.Relation], [MergedInto], [SplitInto], [SucceededBy], [LinkedTo], or
// [Ended] without another.
type Relation struct {
	What string
	To   terms.PartyID
	From edtf.Date
	// Back says that it is the other party that stands so to this one.
	Back bool
}

// Filter says which parties are wanted. The zero Filter: the first ones by
// title, by what is held now.
type Filter struct {
	At      readmodel.At
	Kind    party.Kind    // "": any
	Country party.Country // "": any
	Whole   bool          // with what [Get] reads
	Limit   int           // at most so many, as [readmodel.Limit] has it
	After   string        // a cursor from [List], "" for the beginning
}

const entities = `SELECT s.name, e.live, e.kind, e.country, e.title, e.lang, e.visibility,
	e.region, e.region_lang, e.latitude, e.longitude, e.sort, `

// List returns the parties that exist by the order of their titles, and the
// cursor to what follows, "" at the end.
func List(conn *sqlite.Conn, f Filter) (all []Party, next string, err error) {
	args := f.At.Arguments()
	where := " WHERE e.live AND " + f.At.Clause("e") + " AND " + f.At.Public("e")
	if f.Kind != "" {
		where, args["$kind"] = where+" AND e.kind = $kind", string(f.Kind)
	}
	if f.Country != "" {
		where, args["$country"] = where+" AND e.country = $country", string(f.Country)
	}
	after, err := readmodel.ParseCursor(f.After)
	if err == nil {
		err = f.At.Check()
	}
	if err != nil {
		return nil, "", err
	}
	if f.After != "" {
		where += " AND (e.sort, e.stream) > ($sort, coalesce((SELECT id FROM stream WHERE name = $after), 0))"
		args["$sort"], args["$after"] = after.Sort, after.Stream
	}
	limit := readmodel.Limit(f.Limit)
	args["$limit"] = limit + 1
	last := readmodel.Cursor{}
	err = readmodel.Query(conn, entities+readmodel.Began("e")+
		" FROM parties_entity e JOIN stream s ON s.id = e.stream"+where+" ORDER BY e.sort, e.stream LIMIT $limit", args,
		func(r *readmodel.Row) error {
			if len(all) == limit {
				next = last.String()
				return nil
			}
			p, sort := scan(r)
			all, last = append(all, p), readmodel.Cursor{Sort: sort, Stream: p.Stream}
			return nil
		})
	if err != nil {
		return nil, "", fmt.Errorf("list parties: %w", err)
	}
	if !f.Whole {
		return all, next, nil
	}
	for i := range all {
		if err := all[i].complete(conn, f.At); err != nil {
			return nil, "", fmt.Errorf("read %s: %w", all[i].Stream, err)
		}
	}
	return all, next, nil
}

func scan(r *readmodel.Row) (p Party, sort string) {
	p = Party{
		Stream: r.Text(), Exists: r.Bool(), Kind: party.Kind(r.Text()), Country: party.Country(r.Text()),
		Title: terms.Text{Value: r.Text(), Lang: terms.Lang(r.Text())}, Visibility: terms.Visibility(r.Text()),
		Place: party.Place{Region: terms.Text{Value: r.Text(), Lang: terms.Lang(r.Text())}, Latitude: r.Int(), Longitude: r.Int()},
	}
	sort = r.Text()
	p.Since = r.Moment()
	return p, sort
}

// Get returns a party with all that is held of it, or fails with
// [es.ErrNotFound]. One that was recorded in error is found, and does not
// exist.
func Get(conn *sqlite.Conn, stream string, at readmodel.At) (Party, error) {
	all, err := get(conn, "WHERE e.stream = (SELECT id FROM stream WHERE name = $stream)", readmodel.Arguments{"$stream": stream}, at)
	if err == nil && len(all) == 0 {
		err = es.NotFound("party.unknown", "there is no party "+stream)
	}
	if err != nil {
		return Party{}, err
	}
	p := all[0]
	if err := p.complete(conn, at); err != nil {
		return Party{}, fmt.Errorf("read %s: %w", stream, err)
	}
	return p, nil
}

// ByName returns the parties that have or had a name, of whatever use and
// language, compared as [namekey.Of] says; those registered first in front.
func ByName(conn *sqlite.Conn, name string, at readmodel.At) ([]Party, error) {
	return get(conn, "WHERE e.live AND e.stream IN (SELECT n.stream FROM parties_name n WHERE n.key = $key AND "+at.Clause("n")+")",
		readmodel.Arguments{"$key": namekey.Of(name)}, at)
}

// ByIdentifier returns the parties that have an identifier; those registered
// first in front.
func ByIdentifier(conn *sqlite.Conn, id party.Identifier, at readmodel.At) ([]Party, error) {
	return get(conn, "WHERE e.live AND e.stream IN (SELECT i.stream FROM parties_identifier i WHERE i.value = $value AND i.scheme = $scheme AND "+
		at.Clause("i")+")", readmodel.Arguments{"$value": id.Value, "$scheme": string(id.Scheme)}, at)
}

// get returns the parties that a condition names.
func get(conn *sqlite.Conn, where string, given readmodel.Arguments, at readmodel.At) ([]Party, error) {
	if err := at.Check(); err != nil {
		return nil, err
	}
	args := at.Arguments()
	maps.Copy(args, given)
	var all []Party
	err := readmodel.Query(conn, entities+readmodel.Began("e")+" FROM parties_entity e JOIN stream s ON s.id = e.stream "+
		where+" AND "+at.Clause("e")+" ORDER BY e.stream", args, func(r *readmodel.Row) error {
		p, _ := scan(r)
		all = append(all, p)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read parties: %w", err)
	}
	return all, nil
}
