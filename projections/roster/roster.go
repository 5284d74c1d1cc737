package roster

import (
	"github.com/go-json-experiment/json"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Roster is a network with all who belong to it, as of a date. What certainly
// was not yet, or is not any more, is left out, ended memberships apart. What
// moves nothing, because it is announced, claimed or in dispute, is there
// whatever the date, and is not so.
type Roster struct {
	Network
	// Bodies are in the order of first mention; secretariats, seats and
	// supporters in that of recording; memberships and activities in that in which
	// the ledger first heard of them.
	Bodies      []Body
	Secretariat []Stay
	Supporters  []Stay

	// Members are those who certainly or perhaps are members. Who was admitted
	// nobody knows when perhaps is one, as of any date.
	Members []Member
	// Ended are those who were members and certainly are none any more.
	Ended []Member
	// Candidates are those who certainly are no members and never were in this
	// round: invited, asking to be admitted, or no more than on record.
	Candidates []Member
	// Claimed are those of whom nothing that counts says that they are members.
	Claimed []Claim

	// Present are those who were present at an activity of the network and are
	// certainly no members of it, nor its secretariat or a supporter.
	Present []Present
	// Unnamed are the counts of parties that were present at its activities, of
	// which not all are named.
	Unnamed []Unnamed
}

// Body is a body of a network with its seats.
type Body struct {
	Key     network.Key
	Charter network.Charter
	network.Tenure
	network.Said
	// Is says whether there is such a body; no, if the fact moves nothing.
	Is    edtf.Truth
	Seats []Stay
	// Filled is how many parties certainly have a seat, Perhaps how many more
	// perhaps have one. Observers do not count.
	Filled, Perhaps int
}

// Vacant returns how many seats are not certainly filled, and whether it can be
// said: a capacity that is approximate or not stated leaves it open, and a body
// that is only announced has no seat that could be vacant.
func (b Body) Vacant() (int, bool) {
	c := b.Charter.Capacity
	if c == nil || !b.Moves || c.Kind != "exact" && c.Kind != "up_to" {
		return 0, false
	}
	return max(c.Number-b.Filled, 0), true
}

// Stay is somebody's time as the secretariat, in a seat or as a supporter.
type Stay struct {
	Party  terms.PartyRef
	Person terms.PersonID // in a seat, for the party
	Role   string         // a [network.Office], [network.SeatRole] or [network.SupportKind]
	network.Tenure
	network.Said
	// Is says whether it is so; no, if the fact moves nothing.
	Is edtf.Truth
}

// Sure returns how surely something is said: one that is recorded and moves
// nothing is disputed.
func Sure(s network.Said) terms.Status { return cast(s.Status, s.Moves) }

// holds says whether something is so as of a date, and whether it is shown: what
// moves nothing is not so, and shown all the same.
func holds(t network.Tenure, s network.Said, on edtf.Date) (is edtf.Truth, shown bool) {
	if !s.Moves {
		return edtf.No, true
	}
	is = t.Held(on)
	return is, is != edtf.No
}

// tenureColumns are those that scanTenure reads.
const tenureColumns = "x.since, x.until, x.ended_by, x.by_revision, x.status, x.moves"

func scanTenure(r *readmodel.Row, t *network.Tenure, s *network.Said) error {
	err := terms.First(t.From.UnmarshalText([]byte(r.Text())), t.Until.UnmarshalText([]byte(r.Text())))
	t.EndedBy, s.By = es.Revision(r.Int()), es.Revision(r.Int())
	err = terms.First(err, s.Status.UnmarshalText([]byte(r.Text())))
	s.Moves = r.Bool()
	return err
}

func (q asked) bodies(into *Roster) error {
	return q.each("SELECT x.key, x.charter, "+tenureColumns+" FROM roster_body x WHERE x.stream = "+theNetwork+" AND "+
		q.at.Clause("x")+" ORDER BY x.n", func(r *readmodel.Row) error {
		b := Body{Key: network.Key(r.Text())}
		err := json.Unmarshal([]byte(r.Text()), &b.Charter)
		err = terms.First(err, scanTenure(r, &b.Tenure, &b.Said))
		shown := false
		if b.Is, shown = holds(b.Tenure, b.Said, q.on); shown {
			into.Bodies = append(into.Bodies, b)
		}
		return err
	})
}

func (q asked) stays(into *Roster) error {
	err := q.each("SELECT x.what, x.body, s.name, x.named, x.person, x.role, "+tenureColumns+
		" FROM roster_stay x JOIN stream s ON s.id = x.party WHERE x.stream = "+theNetwork+" AND "+q.at.Clause("x")+
		" ORDER BY x.what, x.n", func(r *readmodel.Row) error {
		what, body := r.Text(), network.Key(r.Text())
		s := Stay{Party: party(r), Person: terms.PersonID(r.Text()), Role: r.Text()}
		err := scanTenure(r, &s.Tenure, &s.Said)
		shown := false
		if s.Is, shown = holds(s.Tenure, s.Said, q.on); shown {
			into.place(what, body, s)
		}
		return err
	})
	for i := range into.Bodies {
		into.Bodies[i].count()
	}
	return err
}

func party(r *readmodel.Row) terms.PartyRef {
	return terms.PartyRef{ID: terms.PartyID(r.Text()), As: r.Text()}
}

// place puts a stay where it belongs. A seat in a body that is not there any
// more ended with it.
func (r *Roster) place(what string, body network.Key, s Stay) {
	switch what {
	case secretariat:
		r.Secretariat = append(r.Secretariat, s)
	case supporter:
		r.Supporters = append(r.Supporters, s)
	case seat:
		for i := range r.Bodies {
			if b := &r.Bodies[i]; b.Key == body {
				b.Seats = append(b.Seats, s)
			}
		}
	}
}

// count counts the parties with a seat. One with two, by facts that compete, is
// counted once, as [network.State.SeatsOn] does.
func (b *Body) count() {
	parties := map[terms.PartyID]edtf.Truth{}
	for _, s := range b.Seats {
		if s.Role != observer {
			parties[s.Party.ID] = parties[s.Party.ID].Or(s.Is)
		}
	}
	for _, is := range parties {
		switch is {
		case edtf.Yes:
			b.Filled++
		case edtf.Maybe:
			b.Perhaps++
		case edtf.No:
		}
	}
}

// observer takes up no seat of a body's capacity.
const observer = "observer"
