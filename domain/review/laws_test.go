package review_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/book/booktest"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/review"
	"github.com/entente-ledger/entente/domain/terms"
)

// answers is what the ledger says of a review, the revisions apart.
type answers struct {
	Of       review.Description
	Decision review.Decision
}

func answersOf(s *review.State) any {
	a := answers{s.Describe(), s.Standing()}
	a.Decision.By = 0
	return a
}

// anyDecision is a command whose fact can follow the opening.
func anyDecision(t *rapid.T, f terms.Fact) review.Command {
	accept, assign := accept, assign
	accept.Fact, assign.Fact = f, f
	accept.Basis = rapid.SampledFrom([]review.Basis{basis, changed}).Draw(t, "basis")
	assign.Due = booktest.Dates.Draw(t, "due")
	return rapid.SampledFrom([]review.Command{accept, assign, review.Reopen{Fact: f, Reason: "looked again"}}).Draw(t, "decision")
}

// decideOpen keeps the first decision from opening a review: the laws have
// openings of their own. That it does so is shown by example.
func decideOpen(c review.Command, s review.State) ([]review.Event, error) {
	switch c.(type) {
	case review.Accept, review.Assign:
		if !s.Exists() {
			return nil, code("review.void")
		}
	default:
	}
	return review.Decider.Decide(c, s)
}

var subject = booktest.Subject[review.Command, review.State, review.Event]{
	Decider:  es.Decider[review.Command, review.State, review.Event]{Decide: decideOpen, Evolve: review.Decider.Evolve},
	Book:     (*review.State).Book,
	Openings: events{carried},
	Fact:     anyDecision,
	Answers:  answersOf,
	Findings: (*review.State).Findings,
	Correct:  func(c book.Corrected[review.Event]) review.Command { return review.Correct{Corrected: c} },
	Void:     func(v book.Voided) review.Command { return review.Void{Voided: v} },
	Dispute:  func(d book.Disputed) review.Command { return review.Dispute{Disputed: d} },
	Rule:     func(r book.Ruled) review.Command { return review.Rule{Ruled: r} },
	Reopen:   func(opening review.Event) review.Command { return review.CarryOver(opening.(review.CarriedOver)) },
	Dues:     (*review.State).Dues,
	MarkDue:  func(f book.FellDue) review.Command { return review.MarkDue{FellDue: f} },
}

func TestLaws(t *testing.T) { subject.Laws(t) }
