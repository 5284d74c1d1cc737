package resource

import (
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Ranks order the spans of a resource's life: as of a date, the span with the
// highest rank that has begun is the phase. Within a rank, the later one.
const (
	rankPlanned = iota
	rankProposed
	rankReviewed
	rankPublished
	rankRetired
)

var phaseRanks = map[Phase]int{
	PhasePlanned: rankPlanned, PhaseProposed: rankProposed, PhaseReviewed: rankReviewed,
	PhasePublished: rankPublished, PhaseRetired: rankRetired,
}

// Span is a phase of a resource from a date on, until a later span begins.
// Spans are ordered: as of a date, the last one that has begun holds.
type Span struct {
	Phase Phase
	From  edtf.Date
	// Doubt says that there may be no such resource: it is contested, or nobody
	// vouches for its being planned.
	Doubt bool
	By    es.Revision // the event it rests on
	rank  int
}

// Phases returns the phases of the resource; none of one that was voided. A
// resource is at least planned, by whatever opened its record; only recorded
// facts bring it further (rule 5 of the ledger). Of several publications the one
// recorded first stands, and so of several retirements; others are findings.
func (s *State) Phases() []Span {
	if !s.Exists() {
		return nil
	}
	var spans []Span
	seen := map[Phase]bool{}
	for _, span := range s.steps() {
		if span.rank >= rankPublished && seen[span.Phase] {
			continue
		}
		seen[span.Phase] = true
		spans = place(spans, span)
	}
	return spans
}

// Phase returns the phase the resource came to last, whatever the dates, and
// the empty one if there is no such resource.
func (s *State) Phase() Phase {
	if spans := s.Phases(); len(spans) > 0 {
		return spans[len(spans)-1].Phase
	}
	return ""
}

// steps returns the phases that facts bring the resource to, in order of
// recording. What is proposed again after it was returned is proposed.
func (s *State) steps() []Span {
	var steps []Span
	var returned []edtf.Date
	for h := range s.book.Held() {
		if span, ok := spanOf(h); ok {
			steps = append(steps, span)
		}
		if e, ok := h.Event.(Reviewed); ok && h.Moves() && e.Outcome == "returned" {
			returned = append(returned, h.Fact.From())
		}
	}
	for i := range steps {
		before := func(review edtf.Date) bool { return edtf.Before(review, steps[i].From) == edtf.Yes }
		if steps[i].rank == rankProposed && slices.ContainsFunc(returned, before) {
			steps[i].rank = rankReviewed
		}
	}
	return steps
}

// spanOf returns the phase that a fact brings the resource to, if it does.
func spanOf(h book.Held[Event]) (Span, bool) {
	span := func(p Phase, from edtf.Date) (Span, bool) {
		return Span{Phase: p, From: from, By: h.Revision, rank: phaseRanks[p]}, true
	}
	if h.SetAside == 0 && h.Revision == 1 && !h.Moves() {
		planned, _ := span(PhasePlanned, h.Fact.From())
		planned.Doubt = h.Dispute != 0 || h.Fact.Status != terms.Announced
		return planned, true
	}
	if !h.Moves() {
		return Span{}, false
	}
	from := h.Fact.From()
	switch e := h.Event.(type) {
	case Registered:
		return span(PhasePlanned, from)
	case CarriedOver:
		return span(e.Phase, e.Since)
	case Proposed:
		return span(PhaseProposed, from)
	case Reviewed:
		return span(PhaseReviewed, from)
	case Published:
		return span(PhasePublished, from)
	case Retired:
		return span(PhaseRetired, from)
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
