package grant_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/grant"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestDues(t *testing.T) {
	endless := opened
	endless.Key, endless.Until = "d", edtf.Date{}
	due := terms.Due{Kind: terms.Deadline, Rule: grant.DueCall, Of: 2, Key: "c", On: opened.Until}
	dues := func(events ...grant.Event) []terms.Due { return subject.Opened(events...).State.Dues() }
	require.Equal(t, []terms.Due{due}, dues(registered, opened, endless))
	due.Settled = 3
	require.Equal(t, []terms.Due{due}, dues(registered, opened, shut))
	require.Empty(t, dues(registered, opened, voided(1)))
	other := fellDue
	other.Key = "d"
	estest.Run(t, grant.Decider, cases{
		{Name: "came", Given: events{registered, opened}, When: grant.MarkDue(fellDue), Then: events{fellDue}},
		{Name: "came_again", Given: events{registered, opened, fellDue}, When: grant.MarkDue(fellDue)},
		{Name: "of_another_call", Given: events{registered, opened}, When: grant.MarkDue(other), Err: code("grant.not_due")},
		{Name: "of_a_closed_call", Given: events{registered, opened, shut}, When: grant.MarkDue(fellDue), Err: code("grant.not_due")},
	})
}
