package resource

import (
	"fmt"
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
)

// findings collects what a person should look at.
type findings struct{ *book.Finds }

// Findings returns what a person should look at: gaps in the description,
// vague and missing dates, steps that contradict each other.
func (s *State) Findings() []terms.Finding {
	if !s.Exists() {
		return nil // nothing more is said of what was voided
	}
	f := &findings{book.NewFinds("resource", &s.book)}
	f.description(s)
	f.dates(s)
	f.competing(s)
	f.order(s)
	f.verdict(s)
	return f.All
}

// description finds resources without an owner, and those that are published
// and nowhere to be had.
func (f *findings) description(s *State) {
	if s.Describe().Owner.ID == "" {
		f.Add("no_owner", "no party is named that answers for it", 1)
	}
	if len(s.Copies()) > 0 {
		return
	}
	for _, span := range s.Phases() {
		if span.Phase == PhasePublished {
			f.Add("out_of_reach", "it is published, but there is neither an address nor a file", span.By)
		}
	}
}

// dates finds steps of the resource's life that are undated or vaguely dated.
// When something began to be planned, nobody need know.
func (f *findings) dates(s *State) {
	for h := range s.book.Held() {
		on, first := h.Fact.From(), false
		switch e := h.Event.(type) {
		case Registered:
			first = true
		case CarriedOver:
			on = e.Since
		case Proposed, Reviewed, Published, Retired:
		default:
			continue
		}
		if !first || !on.IsUnknown() {
			f.Vague(on, h.Revision)
		}
	}
}

// competing finds publications and retirements with different dates. The one
// recorded first stands until it is corrected, voided or ruled on.
func (f *findings) competing(s *State) {
	first := map[Phase]Span{}
	for _, span := range s.steps() {
		if span.rank < rankPublished {
			continue
		}
		if before, ok := first[span.Phase]; !ok {
			first[span.Phase] = span
		} else if before.From != span.From {
			f.Add("competing", fmt.Sprintf("%s on %s and on %s; the first stands", span.Phase, name(before.From), name(span.From)), before.By, span.By)
		}
	}
}

func name(d edtf.Date) string {
	if d.IsUnknown() {
		return "an unknown date"
	}
	return d.String()
}

// order finds steps whose dates contradict their order, or leave it open.
func (f *findings) order(s *State) {
	spans := s.Phases()
	for i, then := range spans {
		for _, first := range spans[:i] {
			if first.rank == then.rank || first.From.IsUnknown() || then.From.IsUnknown() {
				continue
			}
			switch edtf.Before(then.From, first.From) {
			case edtf.Yes:
				f.Add("contradiction", fmt.Sprintf("%s on %s, before it was %s on %s", then.Phase, then.From, first.Phase, first.From), first.By, then.By)
			case edtf.Maybe:
				f.Add("undecidable", fmt.Sprintf("%s on %s, perhaps before it was %s on %s", then.Phase, then.From, first.Phase, first.From), first.By, then.By)
			case edtf.No:
			}
		}
	}
}

// verdict finds a resource that was published though the last review of it, but
// for those that certainly came later, did not accept it.
func (f *findings) verdict(s *State) {
	spans := s.Phases()
	i := slices.IndexFunc(spans, func(span Span) bool { return span.Phase == PhasePublished })
	if i < 0 {
		return
	}
	for _, review := range slices.Backward(spans[:i]) {
		h, _ := s.book.At(review.By)
		e, ok := h.Event.(Reviewed)
		if !ok || edtf.Before(spans[i].From, review.From) == edtf.Yes {
			continue
		}
		if e.Outcome != "accepted" {
			f.Add("not_accepted", fmt.Sprintf("it was %s by a review, and published", e.Outcome), review.By, spans[i].By)
		}
		return
	}
}
