package membership

import (
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
)

// Span is a standing from a date on, until a later span begins. Spans are
// ordered: as of a date, the last one that has begun holds.
type Span struct {
	Standing Standing
	// Class is as what the party is a member, or asks to be one, and OwnClass
	// the key of the network's own class; empty: not stated.
	Class    Class
	OwnClass Key
	Round    int // of participation, from 1
	// Rank is the place among all spans, from 0.
	Rank int
	From edtf.Date
	// Doubt says that it is undecidable whether the span begins at all: a duty
	// was perhaps met in time.
	Doubt bool
	By    es.Revision // the event it rests on
}

// Begun implements [book.Span].
func (s Span) Begun(on edtf.Date) edtf.Truth { return book.Begun(s.From, s.Doubt, on) }

// AsOf returns the span of spans that certainly holds as of a date, and those
// that perhaps hold instead. The first is the zero Span if none certainly does.
func AsOf(spans []Span, on edtf.Date) (certain Span, perhaps []Span) { return book.AsOf(spans, on) }

// Spans returns the standings of the party; none of a record that was voided,
// and of a membership that is not recorded but claimed or announced.
func (s *State) Spans() []Span { return s.read().spans() }

func (r *reading) spans() []Span {
	var all []Span
	rounds := r.rounds()
	for i := range rounds {
		x := &rounds[i]
		spans := slices.Concat(x.early(), x.life())
		for _, l := range x.perhaps {
			spans = append(spans, l.span())
		}
		if x.leave != nil {
			spans = append(spans, x.leave.span())
		}
		for _, span := range spans {
			span.Round, span.Rank = i+1, len(all)
			all = append(all, span)
		}
	}
	return all
}

func (l leave) span() Span {
	return Span{Standing: l.standing, From: l.from, By: l.at, Doubt: l.doubt}
}

// Member says whether the party is a member as of a date: it stands somewhere
// from Admitted to Suspended.
func (s *State) Member(on edtf.Date) edtf.Truth { return member(s.Spans(), on) }

func member(spans []Span, on edtf.Date) edtf.Truth {
	certain, perhaps := AsOf(spans, on)
	is := certain.Standing.Member()
	for _, p := range perhaps {
		if p.Standing.Member() != is {
			return edtf.Maybe
		}
	}
	if is {
		return edtf.Yes
	}
	return edtf.No
}

// ClassOn returns as what the party certainly is a member as of a date, and as
// what it perhaps is instead; "" if it is none, or its class is not stated.
func (s *State) ClassOn(on edtf.Date) (certain Class, perhaps []Class) {
	span, others := AsOf(s.Spans(), on)
	if span.Standing.Member() {
		certain = span.Class
	}
	for _, o := range others {
		if c := o.Class; o.Standing.Member() && c != certain && !slices.Contains(perhaps, c) {
			perhaps = append(perhaps, c)
		}
	}
	return certain, perhaps
}
