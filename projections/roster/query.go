package roster

import (
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Network is what a network is called and for, and in which phase it is.
type Network struct {
	Stream     string
	Exists     bool // its opening was not voided
	Status     terms.Status
	Title      terms.Text // the main one
	Visibility terms.Visibility
	About
	// Since is the place of the event that gave it this description.
	Since readmodel.Moment
	Phase Phase
}

// Phase is in which phase a network is as of a date.
type Phase struct {
	// Certain is the span that certainly holds, zero if none does.
	Certain network.Span
	// Perhaps are those that perhaps hold instead.
	Perhaps []network.Span
	// Spans are all, in their order.
	Spans []network.Span
}

// Filter says which networks are wanted. The zero Filter: the first ones by
// title, by what is held now.
type Filter struct {
	At readmodel.At
	// On is as of when the phases are given. As of an unknown date everything is
	// undecided.
	On    edtf.Date
	Limit int    // at most so many, as [readmodel.Limit] has it
	After string // a cursor from [List], "" for the beginning
}

// List returns the networks that exist by the order of their titles, and the
// cursor to what follows, "" at the end.
func List(conn *sqlite.Conn, f Filter) (all []Network, next string, err error) {
	after, err := readmodel.ParseCursor(f.After)
	if err == nil {
		err = f.At.Check()
	}
	if err != nil {
		return nil, "", err
	}
	args, where := f.At.Arguments(), "e.live AND "+f.At.Clause("e")
	if f.After != "" {
		where += " AND (e.sort, e.stream) > ($sort, coalesce((SELECT id FROM stream WHERE name = $after), 0))"
		args["$sort"], args["$after"] = after.Sort, after.Stream
	}
	limit := readmodel.Limit(f.Limit)
	args["$limit"] = limit + 1
	all, sorts, err := read(conn, where+" ORDER BY e.sort, e.stream LIMIT $limit", args)
	if len(all) > limit {
		all = all[:limit]
		next = readmodel.Cursor{Sort: sorts[limit-1], Stream: all[limit-1].Stream}.String()
	}
	for i := range all {
		if err == nil {
			err = asked{conn, all[i].Stream, f.At, f.On}.stand(&all[i])
		}
	}
	if err != nil {
		return nil, "", fmt.Errorf("list networks: %w", err)
	}
	return all, next, nil
}

// Get returns the roster of a network as of a date, or fails with
// [es.ErrNotFound]. Of one that was recorded in error only what others say of it
// is left, its members say; and it does not exist.
func Get(conn *sqlite.Conn, network string, at readmodel.At, on edtf.Date) (Roster, error) {
	if err := at.Check(); err != nil {
		return Roster{}, err
	}
	q := asked{conn, network, at, on}
	all, _, err := read(conn, "e.stream = "+theNetwork+" AND "+at.Clause("e"), q.arguments())
	if err == nil && len(all) == 0 {
		return Roster{}, es.NotFound("network.unknown", "there is no network "+network)
	}
	if err != nil {
		return Roster{}, fmt.Errorf("read the roster of %s: %w", network, err)
	}
	r := Roster{Network: all[0]}
	for _, part := range []func() error{
		func() error { return q.stand(&r.Network) },
		func() error { return q.bodies(&r) },
		func() error { return q.stays(&r) },
		func() error { return q.members(&r) },
		func() error { return q.present(&r) },
	} {
		if err := part(); err != nil {
			return Roster{}, fmt.Errorf("read the roster of %s: %w", network, err)
		}
	}
	return r, nil
}

// read returns networks, their phases apart, and by what each is sorted.
func read(conn *sqlite.Conn, where string, args readmodel.Arguments) (all []Network, sorts []string, err error) {
	err = readmodel.Query(conn, `SELECT s.name, e.live, e.status, e.title, e.lang, e.visibility, e.about, e.sort, `+readmodel.Began("e")+
		` FROM roster_network e JOIN stream s ON s.id = e.stream WHERE `+where, args, func(r *readmodel.Row) error {
		n := Network{Stream: r.Text(), Exists: r.Bool()}
		err := n.Status.UnmarshalText([]byte(r.Text()))
		n.Title, n.Visibility = terms.Text{Value: r.Text(), Lang: terms.Lang(r.Text())}, terms.Visibility(r.Text())
		err = terms.First(err, json.Unmarshal([]byte(r.Text()), &n.About))
		sorts = append(sorts, r.Text())
		n.Since = r.Moment()
		all = append(all, n)
		return err
	})
	return all, sorts, err
}

// asked is a question about one network.
type asked struct {
	conn    *sqlite.Conn
	network string
	at      readmodel.At
	on      edtf.Date
}

// theNetwork is the number of the network that is asked about.
const theNetwork = "(SELECT id FROM stream WHERE name = $network)"

func (q asked) arguments() readmodel.Arguments {
	args := q.at.Arguments()
	args["$network"] = q.network
	return args
}

// each calls visit for every row of an answer.
func (q asked) each(query string, visit func(r *readmodel.Row) error) error {
	return readmodel.Query(q.conn, query, q.arguments(), visit)
}

// stand says in which phase a network is, and to whom it is open.
func (q asked) stand(n *Network) error {
	err := q.each("SELECT p.phase, p.rank, p.since, p.by_revision FROM roster_phase p WHERE p.stream = "+theNetwork+" AND "+
		q.at.Clause("p")+" ORDER BY p.n", func(r *readmodel.Row) error {
		s := network.Span{Phase: network.Phase(r.Text()), Rank: int(r.Int())}
		err := s.From.UnmarshalText([]byte(r.Text()))
		s.By = es.Revision(r.Int())
		n.Phase.Spans = append(n.Phase.Spans, s)
		return err
	})
	n.Phase.Certain, n.Phase.Perhaps = network.AsOf(n.Phase.Spans, q.on)
	n.Open = slices.DeleteFunc(n.Open, func(o network.Opening) bool {
		_, shown := holds(o.Tenure, o.Said, q.on)
		return !shown
	})
	return err
}

// Pair returns the network and the party that a membership is of, nothing if
// there is no such membership.
func Pair(conn *sqlite.Conn, membership string, at readmodel.At) (network, party terms.PartyID, err error) {
	if err := at.Check(); err != nil {
		return "", "", err
	}
	args := at.Arguments()
	args["$stream"] = membership
	err = readmodel.Query(conn, `SELECT n.name, p.name FROM roster_membership m
		JOIN stream n ON n.id = m.network JOIN stream p ON p.id = m.party
		WHERE m.stream = (SELECT id FROM stream WHERE name = $stream) AND `+at.Clause("m"), args, func(r *readmodel.Row) error {
		network, party = terms.PartyID(r.Text()), terms.PartyID(r.Text())
		return nil
	})
	if err != nil {
		return "", "", fmt.Errorf("read the pair of %s: %w", membership, err)
	}
	return network, party, nil
}
