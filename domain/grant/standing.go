package grant

import (
	"cmp"
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
)

// Span is a phase of a grant, or a part of an award's life, from a date on,
// until a later span begins. Spans are ordered: as of a date, the last one that
// has begun holds.
type Span struct {
	Phase Phase
	// Award and Part are set instead of Phase for an award.
	Award Key
	Part  Part
	// Rank orders the spans of one subject: within a rank, the later one holds.
	Rank int
	From edtf.Date
	// Doubt says that partial dates leave it open whether the span is one at
	// all: as of any date it is undecidable.
	Doubt bool
	By    es.Revision // the event it rests on
}

// Phases returns the phases of the grant; none of one that was voided, or that
// is only announced. A call closes the grant if no other is open by then.
func (s *State) Phases() []Span {
	r := s.read()
	var spans []Span
	if r.registered.at != 0 {
		spans = append(spans, Span{Phase: PhaseRegistered, From: r.registered.from, By: r.registered.at})
	}
	for _, key := range r.callOrder {
		c := r.calls[key]
		if len(c.opened) == 0 {
			continue
		}
		spans = append(spans, Span{Phase: PhaseOpen, Rank: 1, From: c.opened[0].from, By: c.opened[0].at})
		end, ok := c.closing()
		if open := r.othersOpen(key, end.from); ok && open != edtf.Yes {
			spans = append(spans, Span{Phase: PhaseClosed, Rank: 1, From: end.from, By: end.at, Doubt: open == edtf.Maybe})
		}
	}
	return sorted(spans)
}

// Open reports whether a call is open for applications as of a date: it was
// opened, and neither closed nor past its last day. The answer needs no event
// that says that the day passed (rule 7 of the ledger).
func (s *State) Open(key Key, on edtf.Date) edtf.Truth { return s.read().call(key).open(on) }

func (r *reading) othersOpen(key Key, on edtf.Date) edtf.Truth {
	open := edtf.No
	for other, c := range r.calls {
		if other != key {
			open = open.Or(c.open(on))
		}
	}
	return open
}

func (c *call) open(on edtf.Date) edtf.Truth {
	if len(c.opened) == 0 {
		return edtf.No
	}
	end, ok := c.closing()
	if !ok {
		return c.opened[0].from.HeldBy(on)
	}
	return c.opened[0].from.HeldBy(on).And(end.from.HeldBy(on).Not())
}

// closing returns from when a call is closed, and whether anything says so: the
// closing that is recorded, else the day after the last one for applications.
func (c *call) closing() (dated, bool) {
	switch {
	case len(c.closed) > 0:
		return c.closed[0], true
	case len(c.opened) == 0 || c.until.IsUnknown():
		return dated{}, false
	}
	next := edtf.Period{Days: 1}
	return dated{c.opened[0].at, c.until.Add(next)}, true
}

// Parts returns the lives of all awards, by award in the order of first
// mention. To ask as of a date, pick those of one award.
func (s *State) Parts() []Span {
	r := s.read()
	var all []Span
	for _, key := range r.order {
		a := r.awards[key]
		if !a.stands() {
			continue
		}
		spans := []Span{{Award: key, Part: PartAwarded, From: a.from, By: a.at}}
		add := func(part Part, rank int, d dated) {
			spans = append(spans, Span{Award: key, Part: part, Rank: rank, From: d.from, By: d.at})
		}
		for _, p := range a.payments {
			if p.back {
				add(PartClawedBack, 2, p.dated)
			} else {
				add(PartDisbursed, 1, p.dated)
			}
		}
		for _, p := range a.reports {
			add(PartReported, 1, p.dated)
		}
		for _, d := range a.closed[:min(1, len(a.closed))] {
			add(PartClosed, 2, d)
		}
		all = append(all, sorted(spans)...)
	}
	return all
}

// sorted orders spans; those that may have begun on the same day stay as they
// are.
func sorted(spans []Span) []Span {
	slices.SortStableFunc(spans, func(a, b Span) int {
		return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.From.Earliest(), b.From.Earliest()))
	})
	return spans
}

// AsOf returns the span of spans that certainly holds as of a date, and those
// that perhaps hold instead. The first is the zero Span if none certainly does.
// The spans are the phases of a grant, or the life of one award.
func AsOf(spans []Span, on edtf.Date) (certain Span, perhaps []Span) { return book.AsOf(spans, on) }

// Begun implements [book.Span].
func (s Span) Begun(on edtf.Date) edtf.Truth { return book.Begun(s.From, s.Doubt, on) }
