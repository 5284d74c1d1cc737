package network

import (
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Said is which fact says something, and how surely.
type Said struct {
	By     es.Revision
	Status terms.Status
	// Moves says that the fact counts: it is recorded and not in dispute. What
	// does not count is there to be shown as what it is (rule 5 of the ledger).
	Moves bool
}

// dated is a fact reduced to where it stands and from when it counts.
type dated struct {
	Said
	from edtf.Date
}

// When implements [book.Dated].
func (d dated) When() (es.Revision, edtf.Date) { return d.By, d.from }

// reading is what the facts that were not set aside say, sorted by subject. It
// is made anew from the book whenever it is needed, and so follows every
// correction. What does not move state is only in the lists that are shown.
type reading struct {
	begun     Span // by the opening
	founded   []founding
	launched  []dated
	dissolved []dated

	bodies   map[Key]*body
	order    []Key // of bodies, by first mention
	seats    []*seat
	offices  []*office
	supports []*support
	openings []*opening
	// left are the ends of seats, offices and supports, in order of recording.
	left     []leaving
	closings []dated // to joining
	// astray are those of left that end nothing.
	astray []leaving
}

type (
	founding struct {
		dated
		founders []terms.PartyRef
	}
	body struct {
		shown       Body
		established []established
		dissolved   []dated
	}
	established struct {
		dated
		charter Charter
	}
	seat struct {
		stay
		says SeatFilled
	}
	office struct {
		stay
		says SecretariatDesignated
	}
	support struct {
		stay
		says SupporterAdded
	}
	opening struct {
		stay
		says OpenedToJoin
	}
	// leaving is the end of what somebody had.
	leaving struct {
		dated
		whose
	}
	// whose is what a party can leave: its seat in a body, the office, or its
	// support.
	whose struct {
		what  string
		body  Key
		party terms.PartyID
	}
)

// What a party can leave.
const (
	aSeat    = "seat"
	anOffice = "office"
	aSupport = "support"
)

// read sorts the facts. A network whose opening was voided never was, and
// nothing is read of it.
func (s *State) read() *reading {
	r := &reading{bodies: map[Key]*body{}}
	for d, e := range s.shown() {
		r.add(d, e)
	}
	r.settle()
	return r
}

func datedOf(h book.Held[Event]) dated {
	return dated{Said{h.Revision, h.Fact.Status, h.Moves()}, h.Fact.From()}
}

func (r *reading) add(d dated, e Event) {
	switch e := e.(type) {
	case Registered:
		if d.Moves {
			r.begun = Span{Phase: PhaseRegistered, From: d.from, By: d.By}
		}
	case CarriedOver:
		r.carry(d, e)
	case Founded:
		if d.Moves {
			r.founded = append(r.founded, founding{d, e.Founders})
		}
	case Launched:
		r.launched = moving(r.launched, d)
	case Dissolved:
		r.dissolved = moving(r.dissolved, d)
	case OpenedToJoin:
		r.openings = append(r.openings, &opening{stay{dated: d, limit: dayAfter(e.Until)}, e})
	case ClosedToJoin:
		r.closings = moving(r.closings, d)
	case SecretariatDesignated:
		r.leave(d, whose{what: anOffice, party: e.Replaces.ID})
		r.designate(d, e)
	case SecretariatEnded:
		r.leave(d, whose{what: anOffice, party: e.Party.ID})
	case BodyEstablished:
		r.establish(d, e.Key, e.Charter)
	case BodyDissolved:
		r.body(e.Body).dissolved = moving(r.body(e.Body).dissolved, d)
	case SeatFilled:
		r.fill(d, e)
	case SeatVacated:
		r.leave(d, whose{aSeat, e.Body, e.Party.ID})
	case SupporterAdded:
		r.supports = append(r.supports, &support{stay{dated: d, party: e.Party.ID}, e})
	case SupporterEnded:
		r.leave(d, whose{what: aSupport, party: e.Party.ID})
	case Titled, PurposeStated, PrioritiesSet, ClassDefined, SeatNominated, Counted, DecisionRecorded,
		Reclassified, FellDue, Corrected, Voided, Disputed, Ruled:
		// no guard and no phase reads these
	}
}

// moving adds a fact to those of a list, if it moves state.
func moving(list []dated, d dated) []dated {
	if d.Moves {
		return append(list, d)
	}
	return list
}

func (r *reading) leave(d dated, w whose) {
	if d.Moves && w.party != "" {
		r.left = append(r.left, leaving{d, w})
	}
}

func (r *reading) carry(d dated, e CarriedOver) {
	if d.Moves {
		r.begun = Span{Phase: e.Phase, Rank: ranks[e.Phase], From: book.ByThen(e.Since, d.from), By: d.By}
	}
	since := func(date edtf.Date) dated { return dated{d.Said, book.ByThen(date, d.from)} }
	if c := e.Secretariat; c != nil {
		r.designate(since(c.Since), SecretariatDesignated{Party: c.Party, Office: c.Office, Until: c.Until})
	}
	for _, c := range e.Bodies {
		r.establish(since(c.Since), c.Key, c.Charter)
		for _, h := range c.Seats {
			r.fill(since(h.Since), SeatFilled{Body: c.Key, Party: h.Party, Person: h.Person, Role: h.Role, Until: h.Until})
		}
	}
	for _, c := range e.Supporters {
		r.supports = append(r.supports, &support{stay{dated: since(c.Since), party: c.Party.ID}, SupporterAdded{Party: c.Party, Kind: c.Kind}})
	}
}

func (r *reading) body(key Key) *body {
	b, ok := r.bodies[key]
	if !ok {
		b = &body{}
		r.bodies[key] = b
		r.order = append(r.order, key)
	}
	return b
}

// establish shows a body by the first fact that moves state, else by the first.
func (r *reading) establish(d dated, key Key, c Charter) {
	b := r.body(key)
	if b.shown.By == 0 || d.Moves && !b.shown.Moves {
		b.shown = Body{key, c, Tenure{From: d.from}, d.Said}
	}
	if d.Moves {
		b.established = append(b.established, established{d, c})
	}
}

func (r *reading) fill(d dated, e SeatFilled) {
	for _, s := range r.seats {
		same := s.whose() == whose{aSeat, e.Body, e.Party.ID} && s.says.Role == e.Role && s.says.Until == e.Until &&
			(s.says.Person == e.Person || s.says.Person == "" || e.Person == "")
		if same && r.repeats(s.dated, d, s.whose()) {
			return
		}
	}
	r.seats = append(r.seats, &seat{stay{dated: d, party: e.Party.ID, limit: dayAfter(e.Until)}, e})
}

func (r *reading) designate(d dated, e SecretariatDesignated) {
	for _, o := range r.offices {
		same := o.party == e.Party.ID && o.says.Office == e.Office && o.says.Until == e.Until
		if same && r.repeats(o.dated, d, o.whose()) {
			return
		}
	}
	r.offices = append(r.offices, &office{stay{dated: d, party: e.Party.ID, limit: dayAfter(e.Until)}, e})
}

func (s *seat) whose() whose    { return whose{aSeat, s.says.Body, s.party} }
func (o *office) whose() whose  { return whose{what: anOffice, party: o.party} }
func (s *support) whose() whose { return whose{what: aSupport, party: s.party} }

// repeats reports whether a fact says the same as a known one that has the same
// values, from another source: it counts from the same date, and if that is
// unknown, nobody left in between.
func (r *reading) repeats(known, d dated, w whose) bool {
	if !known.Moves || !d.Moves || known.from != d.from || known.By == d.By {
		return false
	}
	return !d.from.IsUnknown() || !slices.ContainsFunc(r.left, func(l leaving) bool {
		return l.whose == w && l.By > known.By && l.By < d.By
	})
}

// ended returns the end of the network that stands, and whether there is one.
func (r *reading) ended() (dated, bool) {
	if r.begun.Phase == PhaseDissolved {
		return r.begun.dated(), true
	}
	d := book.One(r.dissolved)
	return d, d.By != 0
}
