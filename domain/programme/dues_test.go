package programme_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/programme"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestDues(t *testing.T) {
	endless := programme.CallOpened{Fact: on("2017"), Key: "us"}
	require.Equal(t, []terms.Due{{Kind: terms.Deadline, Rule: programme.DueCall, Of: 2, Key: "eu", On: opened.Until}},
		after(registered, opened, endless).dues())
	require.Equal(t, []terms.Due{{Kind: terms.Deadline, Rule: programme.DueCall, Of: 2, Key: "eu", On: opened.Until, Settled: 3}},
		after(registered, opened, shut).dues())
	require.Empty(t, after(registered, opened, voided(1)).dues())
	other := fellDue
	other.Key = "us"
	estest.Run(t, programme.Decider, cases{
		{Name: "came", Given: events{registered, opened}, When: programme.MarkDue(fellDue), Then: events{fellDue}},
		{Name: "came_again", Given: events{registered, opened, fellDue}, When: programme.MarkDue(fellDue)},
		{Name: "of_another_call", Given: events{registered, opened}, When: programme.MarkDue(other), Err: code("programme.not_due")},
		{Name: "of_a_closed_call", Given: events{registered, opened, shut}, When: programme.MarkDue(fellDue), Err: code("programme.not_due")},
	})
}

func (h *history) dues() []terms.Due { return h.state.Dues() }
