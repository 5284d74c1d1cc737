package roster

import (
	"fmt"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Move is a step of a member: it joins, rests or leaves.
type Move struct {
	Membership string // its stream
	Network    terms.PartyID
	Party      terms.PartyID
	Kind       MoveKind
	// Span is the standing that it led to. If that is in doubt, it is undecidable
	// whether the step was taken at all.
	membership.Span
}

// MoveKind says what a step of a member is.
type MoveKind int8

// The kinds of steps.
const (
	Joined MoveKind = iota // it came to be a member, in a round of participation
	Rested                 // its membership was put on hold or suspended
	Left                   // it is none any more
)

// Moves returns the steps that certainly or perhaps were taken within a span, by
// membership, in the order in which the ledger first heard of them, and by the
// order of its standings. Memberships that are not recorded but claimed have
// none. A change of class is no step.
func Moves(conn *sqlite.Conn, w readmodel.Within) ([]Move, error) {
	if err := w.Check(); err != nil {
		return nil, err
	}
	about := "TRUE"
	if w.About != "" {
		about = "(" + w.Of("m.network") + " OR " + w.Of("m.party") + ")"
	}
	var all []Move
	var life []Move // of one membership
	flush := func() {
		for _, m := range moves(life) {
			if w.Is(m.From, m.Doubt) != edtf.No {
				all = append(all, m)
			}
		}
		life = nil
	}
	err := readmodel.Query(conn, `SELECT s.name, n.name, p.name, t.rank, t.standing, t.class, t.own_class, t.round, t.since, t.doubt, t.by_revision
		FROM roster_membership m JOIN roster_standing t ON t.stream = m.stream AND `+w.At.Clause("t")+`
		JOIN stream s ON s.id = m.stream JOIN stream n ON n.id = m.network JOIN stream p ON p.id = m.party
		WHERE m.status = 'recorded' AND `+about+" AND "+w.At.Clause("m")+` AND EXISTS (SELECT 1 FROM roster_standing x
			WHERE x.stream = m.stream AND `+w.At.Clause("x")+" AND "+w.Overlaps("x.earliest", "x.latest")+`)
		ORDER BY m.stream, t.rank`, w.Arguments(), func(r *readmodel.Row) error {
		one := Move{Membership: r.Text(), Network: terms.PartyID(r.Text()), Party: terms.PartyID(r.Text())}
		one.Rank, one.Standing = int(r.Int()), membership.Standing(r.Text())
		one.Class, one.OwnClass, one.Round = membership.Class(r.Text()), membership.Key(r.Text()), int(r.Int())
		err := one.From.UnmarshalText([]byte(r.Text()))
		one.Doubt, one.By = r.Bool(), es.Revision(r.Int())
		if len(life) > 0 && life[0].Membership != one.Membership {
			flush()
		}
		life = append(life, one)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the steps of members: %w", err)
	}
	flush()
	return all, nil
}

// moves returns which of all standings of a membership, in their order, are
// steps.
func moves(life []Move) []Move {
	var steps []Move
	step := func(kind MoveKind, m Move) {
		m.Kind = kind
		steps = append(steps, m)
	}
	var last Move // in the round
	joined := false
	for _, m := range life {
		if m.Round != last.Round {
			last, joined = Move{}, false
		}
		if m.Standing.Member() && !joined {
			step(Joined, m)
			joined = true
		}
		rests := m.Standing == membership.StandingOnHold || m.Standing == membership.StandingSuspended
		switch same := m.Standing == last.Standing && (m.Doubt || !last.Doubt); {
		case rests && !same:
			step(Rested, m)
		case m.Standing.Ended():
			step(Left, m)
		}
		last = m
	}
	return steps
}

// Held returns the activities that certainly or perhaps were held within a span,
// in the order in which the ledger first heard of them. What was held on several
// days, of which some are outside, perhaps was held within it. About a network
// are those under it, about a party those at which it was present.
func Held(conn *sqlite.Conn, w readmodel.Within) ([]Meeting, error) {
	if err := w.Check(); err != nil {
		return nil, err
	}
	about := "TRUE"
	if w.About != "" {
		about = "(" + w.Of("a.network") + " OR EXISTS (SELECT 1 FROM roster_presence x WHERE x.stream = a.stream AND x.presence = 'present' AND x.moves AND " +
			w.Of("x.party") + " AND " + w.At.Clause("x") + "))"
	}
	var all []Meeting
	err := readmodel.Query(conn, `SELECT DISTINCT s.name, a.title, a.lang, a.visibility, a.held_on, a.held_by
		FROM roster_activity a JOIN stream s ON s.id = a.stream
		WHERE a.held AND `+about+" AND "+w.Overlaps("a.held_earliest", "a.held_latest")+" AND "+w.At.Clause("a")+" ORDER BY a.stream",
		w.Arguments(), func(r *readmodel.Row) error {
			m := Meeting{Activity: r.Text(), Title: terms.Text{Value: r.Text(), Lang: terms.Lang(r.Text())}, Visibility: terms.Visibility(r.Text())}
			err := m.On.UnmarshalText([]byte(r.Text()))
			m.By, m.Is = es.Revision(r.Int()), w.Is(m.On, false)
			all = append(all, m)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("list what was held: %w", err)
	}
	return all, nil
}
