package activity_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/activity"
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/book/booktest"
	"github.com/entente-ledger/entente/domain/terms"
)

// openings are first events, the carried over ones in every phase.
func openings() events {
	all := events{registered, booktest.Refact(registered, as(terms.Announced, "2018"))}
	for _, phase := range activity.Phase("").Words() {
		older := carried
		older.Phase = activity.Phase(phase)
		all = append(all, older)
	}
	return all
}

var subject = booktest.Subject[activity.Command, activity.State, activity.Event]{
	Decider:  activity.Decider,
	Book:     (*activity.State).Book,
	Openings: openings(),
	Fact:     facts[:plain].Fact,
	Revise:   facts[:plain].Revise,
	Answers:  func(s *activity.State) any { return answersOf(s) },
	Findings: (*activity.State).Findings,
	Correct:  func(c book.Corrected[activity.Event]) activity.Command { return activity.Correct{Corrected: c} },
	Void:     func(v book.Voided) activity.Command { return activity.Void{Voided: v} },
	Dispute:  func(d book.Disputed) activity.Command { return activity.Dispute{Disputed: d} },
	Rule:     func(r book.Ruled) activity.Command { return activity.Rule{Ruled: r} },
	Dated:    []error{activity.ErrHeld, activity.ErrCancelled},
}

func TestLaws(t *testing.T) {
	subject.Laws(t)
	require.Empty(t, subject.Hides(facts[:plain]))
}

func TestCorrectedOpening(t *testing.T) {
	mended := registered
	mended.Kind, mended.Number = "summit", 9
	got := look(subject.Opened(registered, held).Do(t, correct(1, mended)).Events...)
	require.Equal(t, mended.Description, got.Is)
	require.Equal(t, activity.PhaseHeld, got.Ended)
}

func TestSetAsideIsToldNoMore(t *testing.T) {
	h := subject.Opened(registered, took).Do(t, dispute(2))
	require.Len(t, h.State.Participants(), 1)
	h.Do(t, rule(3, false))
	require.Empty(t, h.State.Participants())
}
