package resource_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/book/booktest"
	"github.com/entente-ledger/entente/domain/resource"
	"github.com/entente-ledger/entente/domain/terms"
)

// openings are first events, the carried over ones in every phase.
func openings() events {
	all := events{registered, booktest.Refact(registered, as(terms.Announced, "2018"))}
	for _, phase := range resource.Phase("").Words() {
		older := carried
		older.Phase = resource.Phase(phase)
		all = append(all, older)
	}
	return all
}

var subject = booktest.Subject[resource.Command, resource.State, resource.Event]{
	Decider:  resource.Decider,
	Book:     (*resource.State).Book,
	Openings: openings(),
	Fact:     facts[:plain].Fact,
	Revise:   facts[:plain].Revise,
	Answers:  func(s *resource.State) any { return answersOf(s) },
	Findings: (*resource.State).Findings,
	Correct:  func(c book.Corrected[resource.Event]) resource.Command { return resource.Correct{Corrected: c} },
	Void:     func(v book.Voided) resource.Command { return resource.Void{Voided: v} },
	Dispute:  func(d book.Disputed) resource.Command { return resource.Dispute{Disputed: d} },
	Rule:     func(r book.Ruled) resource.Command { return resource.Rule{Ruled: r} },
	Dated:    []error{resource.ErrPublished, resource.ErrRetired},
}

func TestLaws(t *testing.T) {
	subject.Laws(t)
	require.Empty(t, subject.Hides(facts[:plain]))
}

func TestCorrectedOpening(t *testing.T) {
	mended := registered
	mended.Kind = "toolkit"
	got := look(subject.Opened(registered, published).Do(t, correct(1, mended)).Events...)
	require.Equal(t, mended.Description, got.Is)
	require.Equal(t, resource.PhasePublished, got.Phase)
}
