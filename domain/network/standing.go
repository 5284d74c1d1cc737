package network

import (
	"cmp"
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Span is a phase of a network from a date on, until a later span begins. Spans
// are ordered: as of a date, the last one that has begun holds.
type Span struct {
	Phase Phase
	// Rank orders the spans: within a rank, the later one holds.
	Rank int
	From edtf.Date
	By   es.Revision // the event it rests on
}

var ranks = map[Phase]int{PhaseRegistered: 0, PhaseFounded: 1, PhaseLaunched: 2, PhaseDissolved: 3}

// Phases returns the phases of the network; none of one that was voided, or
// that is only announced. Of facts that compete the one recorded first stands.
func (s *State) Phases() []Span {
	r := s.read()
	var spans []Span
	if r.begun.Phase != "" {
		spans = append(spans, r.begun)
	}
	add := func(phase Phase, d dated) {
		if d.By != 0 && r.begun.Phase != phase {
			spans = append(spans, Span{phase, ranks[phase], d.from, d.By})
		}
	}
	add(PhaseFounded, book.One(r.founded).dated)
	add(PhaseLaunched, book.One(r.launched))
	add(PhaseDissolved, book.One(r.dissolved))
	slices.SortStableFunc(spans, func(a, b Span) int {
		return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.From.Earliest(), b.From.Earliest()))
	})
	return spans
}

// dated is the fact that a span rests on.
func (s Span) dated() dated { return dated{Said{s.By, terms.Recorded, true}, s.From} }

// AsOf returns the span of spans that certainly holds as of a date, and those
// that perhaps hold instead. The first is the zero Span if none certainly does.
func AsOf(spans []Span, on edtf.Date) (certain Span, perhaps []Span) { return book.AsOf(spans, on) }

// Begun implements [book.Span].
func (s Span) Begun(on edtf.Date) edtf.Truth { return s.From.HeldBy(on) }

// SeatsOn returns how many parties certainly have a seat in a body as of a
// date, and how many more perhaps have one. Observers do not count.
func (s *State) SeatsOn(key Key, on edtf.Date) (held, perhaps int) {
	parties := map[terms.PartyID]edtf.Truth{}
	for _, x := range s.read().seats {
		if x.says.Body == key && x.counts() {
			parties[x.party] = parties[x.party].Or(x.tenure().Held(on))
		}
	}
	for _, has := range parties {
		switch has {
		case edtf.Yes:
			held++
		case edtf.Maybe:
			perhaps++
		case edtf.No:
		}
	}
	return held, perhaps
}

// counts reports whether a seat takes up one of the body's capacity.
func (s *seat) counts() bool { return s.Moves && s.says.Role != observer }

// Number is a stated number, with how many of them are named.
type Number struct {
	Stated Counted
	// Named is how many certainly or perhaps are what is counted as of the date
	// of the count. Of members nobody is named here.
	Named int
	Said
}

// Unnamed returns how many of them are not named, 0 if all are or, as of
// members, that is not known here. Unnamed places are counted by no guard
// (rule 8 of the ledger).
func (n Number) Unnamed() int {
	if n.Stated.What == members {
		return 0
	}
	return max(n.Stated.Number-n.Named, 0)
}

// Numbers returns what is counted, in order of recording.
func (s *State) Numbers() []Number {
	var all []Number
	r := s.read()
	for d, e := range s.shown() {
		if e, ok := e.(Counted); ok {
			all = append(all, Number{e, r.named(e, d.from), d.Said})
		}
	}
	return all
}

// named counts those of what e counts that are named and perhaps or certainly
// are that as of a date.
func (r *reading) named(e Counted, on edtf.Date) int {
	type place struct {
		body  Key
		party terms.PartyID
	}
	seen := map[place]bool{}
	see := func(s *stay, body Key) {
		if s.Moves && s.tenure().Held(on) != edtf.No {
			seen[place{body, s.party}] = true
		}
	}
	switch e.What {
	case seats:
		for _, s := range r.seats {
			if s.counts() && (e.Body == "" || e.Body == s.says.Body) {
				see(&s.stay, s.says.Body)
			}
		}
	case supporters:
		for _, s := range r.supports {
			see(&s.stay, "")
		}
	}
	return len(seen)
}
