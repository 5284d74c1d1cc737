package programme

import (
	"cmp"
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Span is a phase of a programme, or a party's part in it, from a date on,
// until a later span begins. Spans are ordered: as of a date, the last one that
// has begun holds.
type Span struct {
	Phase Phase
	// Party, Call and Part are set instead of Phase for a party's part; Call is
	// empty if no fact says which. With is the other party of a pair.
	Party, With terms.PartyID
	Call        Key
	Part        Part
	// Rank orders the spans of one subject: within a rank, the later one holds.
	Rank int
	From edtf.Date
	By   es.Revision // the event it rests on
}

var (
	ranks     = map[Phase]int{PhaseRegistered: 0, PhaseLaunched: 1, PhaseClosed: 2}
	partRanks = map[Part]int{PartApplied: 0, PartSelected: 1, PartRejected: 1, PartPaired: 2}
)

// Phases returns the phases of the programme; none of one that was voided, or
// that is only announced. Of facts that compete the one recorded first stands.
func (s *State) Phases() []Span {
	r := s.read()
	var spans []Span
	if r.begun.Phase != "" {
		spans = append(spans, r.begun)
	}
	add := func(phase Phase, ds []dated) {
		if d := book.One(ds); d.at != 0 && r.begun.Phase != phase {
			spans = append(spans, Span{Phase: phase, Rank: ranks[phase], From: d.from, By: d.at})
		}
	}
	add(PhaseLaunched, r.launched)
	add(PhaseClosed, r.closed)
	return sorted(spans)
}

// Parts returns the parts of all parties, by party and call in the order of
// first mention. To ask as of a date, pick those of one party and call.
func (s *State) Parts() []Span {
	type subject struct {
		party terms.PartyID
		call  Key
	}
	var order []subject
	by := map[subject][]Span{}
	for _, p := range s.read().steps {
		of := subject{p.party, p.call}
		if by[of] == nil {
			order = append(order, of)
		}
		by[of] = append(by[of], Span{
			Party: p.party, With: p.with, Call: p.call, Part: p.part, Rank: partRanks[p.part], From: p.from, By: p.at,
		})
	}
	var all []Span
	for _, of := range order {
		all = append(all, sorted(by[of])...)
	}
	return all
}

// sorted orders spans; those that may have begun on the same day stay as they
// are, in the order of recording.
func sorted(spans []Span) []Span {
	slices.SortStableFunc(spans, func(a, b Span) int {
		return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.From.Earliest(), b.From.Earliest()))
	})
	return spans
}

// AsOf returns the span of spans that certainly holds as of a date, and those
// that perhaps hold instead. The first is the zero Span if none certainly does.
// The spans are the phases of a programme, or the parts of one party in one
// call.
func AsOf(spans []Span, on edtf.Date) (certain Span, perhaps []Span) { return book.AsOf(spans, on) }

// Begun implements [book.Span].
func (s Span) Begun(on edtf.Date) edtf.Truth {
	return s.From.HeldBy(on)
}

// Calls returns the calls, in the order of recording.
func (s *State) Calls() []Key { return s.read().calls }

// Open reports whether a call is open for applications as of a date: it was
// opened, and neither closed nor past its last day. The answer needs no event
// that says that the day passed (rule 7 of the ledger).
func (s *State) Open(call Key, on edtf.Date) edtf.Truth {
	r := s.read()
	if len(r.opened[call]) == 0 {
		return edtf.No
	}
	return r.opened[call][0].from.HeldBy(on).And(r.closedBy(call, on).Not())
}

// closedBy reports whether a call was closed as of a date. A closing that is
// recorded counts rather than the last day that was stated.
func (r *reading) closedBy(call Key, on edtf.Date) edtf.Truth {
	if d := book.One(r.shut[call]); d.at != 0 {
		return d.from.HeldBy(on)
	}
	if d := book.One(r.opened[call]); !d.until.IsUnknown() {
		return edtf.Before(d.until, on)
	}
	return edtf.No
}
