package actionplan_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestDues(t *testing.T) {
	h := with()
	due := func(kind terms.DueKind, rule string, of es.Revision, key, on string, by partyID, what string) terms.Due {
		d := terms.Due{Kind: kind, Rule: rule, Of: of, Key: key, On: day(on), By: by}
		if what != "" {
			d.What = text(what)
		}
		return d
	}
	report := func(on string) terms.Due {
		d := due(terms.Duty, "actionplan.report", 6, "annual", on, ancona, "")
		d.To = council
		return d
	}
	require.Equal(t, []terms.Due{
		due(terms.Deadline, "actionplan.period_end", 1, "", "2022", "", "Urban action plan"),
		due(terms.Deadline, "actionplan.action_end", 2, "trees", "2021-12-31", ancona, "Plant trees"),
		due(terms.Duty, "actionplan.milestone", 3, "first", "2020-12-31", ancona, "First hundred"),
		due(terms.Deadline, "actionplan.target", 4, "stock", "2021-12-31", ancona, "Trees in town"),
		report("2020-12-31"), report("2021-12-31"), report("2022-12-31"),
	}, h.state.Dues())
	settled := func(rule, key string, by es.Revision, more ...actionplan.Event) {
		t.Helper()
		require.Equal(t, by, with(more...).due(rule, key).Settled)
	}
	cancelled, completes := set("trees", actionplan.ActionCancelled, "2021"), set("trees", actionplan.ActionCompleted, "2021")
	settled(actionplan.DueMilestone, "first", 10, reached)
	settled(actionplan.DueMilestone, "first", 10, cancelled)
	settled(actionplan.DueMilestone, "first", 0, completes)
	settled(actionplan.DueMilestone, "first", 10, abandoned)
	settled(actionplan.DueTarget, "stock", 0, measured)
	settled(actionplan.DueTarget, "stock", 10, reading("1500", "2021"))
	settled(actionplan.DueTarget, "stock", 0, reading("1500", "2021"), reading("1400", "2022"))
	settled(actionplan.DueTarget, "stock", 10, cancelled)
	settled(actionplan.DueTarget, "stock", 10, completed)
	settled(actionplan.DueActionEnd, "trees", 10, completes)
	settled(actionplan.DueActionEnd, "trees", 10, cancelled)
	settled(actionplan.DueActionEnd, "trees", 10, completed)
	settled(actionplan.DueActionEnd, "trees", 0, set("trees", actionplan.ActionPostponed, "2021"))
	settled(actionplan.DueActionEnd, "trees", 0, restate(completes, on("2020")), restate(ongoing, on("2021")))
	settled(actionplan.DuePeriodEnd, "", 10, completed)
	settled(actionplan.DueReport, "annual", 10, handed("2020-12-31", "2020"))
	settled(actionplan.DueReport, "annual", 10, abandoned)
	settled(actionplan.DueReport, "annual", 10, handed("2020-12-31", "2021"), abandoned)
	settled(actionplan.DueReport, "annual", 0, restate(completed, on("2019-12-31")))
	t.Run("owed_once_more_after_the_completion", func(t *testing.T) {
		h := with(restate(completed, on("2021-06-30")))
		var of []es.Revision
		for _, d := range h.state.Dues() {
			if d.Rule == actionplan.DueReport {
				of = append(of, d.Settled)
			}
		}
		require.Equal(t, []es.Revision{0, 0, 10}, of)
	})
	t.Run("moved_and_extended_are_determined_by_that", func(t *testing.T) {
		h := with(moved, extension)
		require.Equal(t, due(terms.Duty, "actionplan.milestone", 10, "first", "2021-03-31", ancona, "First hundred"), h.due(actionplan.DueMilestone, "first"))
		last := h.state.Dues()[len(h.state.Dues())-1]
		require.Equal(t, es.Revision(11), last.Of)
		require.Equal(t, day("2021-03-31"), last.On)
	})
	t.Run("of_a_plan_of_one_party_it_owes_all", func(t *testing.T) {
		whole := actionplan.MilestoneSet{Fact: on("2019"), Milestone: actionplan.Milestone{Key: "m", Title: text("M"), Due: day("2020")}}
		report := actionplan.ReportDueSet{Fact: on("2019"), Report: actionplan.Report{Key: "r", Due: day("2020")}}
		h := after(own, whole, report)
		require.Equal(t, ancona, h.due(actionplan.DueMilestone, "m").By)
		require.Equal(t, ancona, h.due(actionplan.DueReport, "r").By)
		require.Empty(t, after(drafted, whole, report).due(actionplan.DueReport, "r").By)
		require.Equal(t, ancona, after(carriedOver, report).due(actionplan.DueReport, "r").By)
	})
	t.Run("what_can_never_come_is_not_listed", func(t *testing.T) {
		h := after(own, action("a", "2019", ""), action("b", "2019", "9999-12-31"), action("c", "2019", "2020/.."), actionplan.MilestoneSet{Milestone: actionplan.Milestone{Key: "m", Title: text("M")}})
		require.Empty(t, h.state.Dues())
	})
	t.Run("without_a_target_nothing_is_to_be_met", func(t *testing.T) {
		aimless := indicator
		aimless.Action, aimless.Target = "", ""
		require.Empty(t, after(own, aimless).state.Dues())
	})
}
