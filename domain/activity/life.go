package activity

import (
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Ranks order the spans of an activity's life: as of a date, the span with the
// highest rank that has begun is the phase. Within a rank, the later one.
const (
	rankAnnounced = iota
	rankScheduled
	rankChanged // rescheduled, postponed
	rankEnded   // held, cancelled
)

var phaseRanks = map[Phase]int{
	PhaseAnnounced: rankAnnounced, PhaseScheduled: rankScheduled, PhasePostponed: rankChanged,
	PhaseHeld: rankEnded, PhaseCancelled: rankEnded,
}

// Span is a phase of an activity from a date on, until a later span begins.
// Spans are ordered: as of a date, the last one that has begun holds.
type Span struct {
	Phase Phase
	// From is when it began. What was held has it all: while an activity goes
	// on, and on any day of a vague date, it has perhaps been held.
	From edtf.Date
	// Doubt says that there may be no such activity: it is contested, or nobody
	// vouches for its having been announced.
	Doubt bool
	By    es.Revision // the event it rests on
	rank  int
}

// Phases returns the phases of the activity; none of one that was voided. An
// activity is at least announced, by whatever opened its record; only recorded
// facts bring it further (rule 5 of the ledger). Of several ends the one that
// was recorded first stands, and the others are findings.
func (s *State) Phases() []Span {
	var spans []Span
	for h := range s.book.Held() {
		if span, ok := spanOf(h); ok && span.rank < rankEnded {
			spans = place(spans, span)
		}
	}
	if !s.Exists() {
		return nil
	}
	if end, ok := s.Outcome(); ok {
		spans = append(spans, end)
	}
	return spans
}

// Outcome returns how the activity ended, held or cancelled, whatever the date,
// and whether it did.
func (s *State) Outcome() (Span, bool) {
	ends := s.ends()
	if len(ends) == 0 || !s.Exists() {
		return Span{}, false
	}
	return ends[0], true
}

// ends returns what is recorded of the activity's end, in order of recording.
func (s *State) ends() []Span {
	var ends []Span
	for h := range s.book.Held() {
		if span, ok := spanOf(h); ok && span.rank == rankEnded {
			ends = append(ends, span)
		}
	}
	return ends
}

// spanOf returns the phase that a fact brings the activity to, if it does.
func spanOf(h book.Held[Event]) (Span, bool) {
	span := func(p Phase, rank int, from edtf.Date) (Span, bool) {
		return Span{Phase: p, From: from, By: h.Revision, rank: rank}, true
	}
	if h.SetAside == 0 && h.Revision == 1 && !h.Moves() {
		announced, _ := span(PhaseAnnounced, rankAnnounced, h.Fact.From())
		announced.Doubt = h.Dispute != 0 || h.Fact.Status != terms.Announced
		return announced, true
	}
	if !h.Moves() {
		return Span{}, false
	}
	from := h.Fact.From()
	switch e := h.Event.(type) {
	case Registered, Announced:
		return span(PhaseAnnounced, rankAnnounced, from)
	case CarriedOver:
		return span(e.Phase, phaseRanks[e.Phase], e.Since)
	case Scheduled:
		return span(PhaseScheduled, rankScheduled, from)
	case Rescheduled:
		return span(PhaseScheduled, rankChanged, from)
	case Postponed:
		return span(PhasePostponed, rankChanged, from)
	case Held:
		return span(PhaseHeld, rankEnded, from)
	case Cancelled:
		return span(PhaseCancelled, rankEnded, from)
	default:
		return Span{}, false
	}
}

// place inserts a span by its rank and, within a rank, after all spans but those
// that it certainly comes before: what the dates leave open is in the order of
// recording.
func place(spans []Span, span Span) []Span {
	i := len(spans)
	for i > 0 && (span.rank < spans[i-1].rank ||
		span.rank == spans[i-1].rank && edtf.Before(span.From, spans[i-1].From) == edtf.Yes) {
		i--
	}
	return slices.Insert(spans, i, span)
}

// AsOf returns the span of spans that certainly holds as of a date, and those
// that perhaps hold instead. The first is the zero Span if none certainly does.
func AsOf(spans []Span, on edtf.Date) (certain Span, perhaps []Span) { return book.AsOf(spans, on) }

// Begun implements [book.Span].
func (s Span) Begun(on edtf.Date) edtf.Truth { return book.Begun(s.From, s.Doubt, on) }

// Plan is for when an activity is planned.
type Plan struct {
	// Phase is announced, scheduled or postponed.
	Phase Phase
	// When is unknown if it was put off and no other time named.
	When edtf.Date
}

// Plans returns all that is said of when the activity is to take place, in order
// of recording.
func (s *State) Plans() []Said[Plan] {
	return said(s, func(e Event) []Plan {
		switch e := e.(type) {
		case Registered:
			return plan(PhaseAnnounced, e.When)
		case CarriedOver:
			return plan(PhaseScheduled, e.When)
		case Announced:
			return plan(PhaseAnnounced, e.When)
		case Scheduled:
			return plan(PhaseScheduled, e.When)
		case Rescheduled:
			return plan(PhaseScheduled, e.When)
		case Postponed:
			return []Plan{{PhasePostponed, e.When}}
		default:
			return nil
		}
	})
}

func plan(p Phase, when edtf.Date) []Plan {
	if when.IsUnknown() {
		return nil
	}
	return []Plan{{p, when}}
}

// Planned returns for when the activity is planned by the facts that move state,
// and whether they say. What it was put off to goes before what was scheduled,
// and that before what was announced; of what competes, the first stands.
func (s *State) Planned() (Plan, bool) {
	plans := map[es.Revision]Plan{}
	for _, p := range s.Plans() {
		if p.Moves {
			plans[p.Revision] = p.What
		}
	}
	var stands Plan
	found, rank := false, 0
	for _, span := range s.Phases() {
		if p, ok := plans[span.By]; ok && (!found || span.rank > rank || span.rank == rankChanged) {
			stands, found, rank = p, true, span.rank
		}
	}
	return stands, found
}
