package actionplan_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestActions(t *testing.T) {
	postponed, done := set("trees", actionplan.ActionPostponed, "2020-06"), set("trees", actionplan.ActionCompleted, "2021-03-01")
	h := with(done, postponed, ongoing) // in any order
	require.Empty(t, h.status("trees", "2018-08-31"))
	require.Equal(t, "not_started", h.status("trees", "2020-01-31"))
	require.Equal(t, "ongoing", h.status("trees", "2020-02-01"))
	require.Equal(t, "ongoing postponed?", h.status("trees", "2020-06-15"))
	require.Equal(t, "postponed", h.status("trees", "2021-02-28"))
	require.Equal(t, "completed", h.status("trees", "2021-03-01"))
	require.Empty(t, h.findings())
	t.Run("a_status_from_before_it_was_added_is_kept", func(t *testing.T) {
		h := with(set("trees", actionplan.ActionOngoing, "2018-01-01"))
		require.Equal(t, "ongoing", h.status("trees", "2018-05"))
		require.Equal(t, "ongoing", h.status("trees", "2019"))
	})
	t.Run("first_of_two_on_one_day_stands", func(t *testing.T) {
		h := with(ongoing, set("trees", actionplan.ActionCancelled, "2020-02-01"))
		require.Equal(t, "ongoing", h.status("trees", "2021"))
		require.Equal(t, []string{"competing"}, h.findings())
	})
	t.Run("in_one_year_they_follow_in_the_order_of_recording", func(t *testing.T) {
		h := with(set("trees", actionplan.ActionOngoing, "2020"), set("trees", actionplan.ActionCompleted, "2020"))
		require.Equal(t, "completed", h.status("trees", "2021"))
		require.Empty(t, h.findings())
	})
	t.Run("a_vague_date_is_not_one_day", func(t *testing.T) {
		for _, dates := range [][2]string{{"2020-02", "2020-02-01"}, {"2020-02-01", "2020-02"}} {
			h := with(set("trees", actionplan.ActionOngoing, dates[0]), set("trees", actionplan.ActionCompleted, dates[1]))
			require.Equal(t, "completed", h.status("trees", "2021"))
			require.Empty(t, h.findings())
		}
	})
	t.Run("carried_over_it_belongs_to_the_version_carried_over", func(t *testing.T) {
		h := after(carriedOver, revised(3, "2020-01"), actionplan.Approved{Fact: on("2020-03"), By: ref(council)})
		require.Equal(t, 3, h.state.InForce())
		require.Equal(t, 2, h.state.Actions()[0].Version)
		require.Len(t, h.state.Actions()[0].Statuses, 1)
	})
	t.Run("announced_completion_moves_nothing", func(t *testing.T) {
		h := with(ongoing, restate(done, as(terms.Announced, "2021-03-01")))
		require.Equal(t, "ongoing", h.status("trees", "2022"))
		require.Zero(t, h.due(actionplan.DueActionEnd, "trees").Settled)
	})
	t.Run("what_a_draft_says_anew_holds_from_its_approval", func(t *testing.T) {
		later := action("trees", "2020-07-01", "2025-12-31")
		h := with(second, later)
		require.Equal(t, day("2021-12-31"), h.state.Actions()[0].End)
		require.Equal(t, 1, h.state.Actions()[0].Version)
		require.Empty(t, h.findings(), "two versions do not compete")
		require.Equal(t, day("2021-12-31"), h.due(actionplan.DueActionEnd, "trees").On)
		h.do(t, actionplan.Approve{Fact: on("2020-12-01"), By: ref(council)})
		require.Equal(t, day("2025-12-31"), h.state.Actions()[0].End)
		require.Equal(t, 2, h.state.Actions()[0].Version)
		require.Equal(t, es.Revision(11), h.due(actionplan.DueActionEnd, "trees").Of)
		require.Equal(t, "not_started", h.status("trees", "2019"), "since it was first added")
	})
	t.Run("what_only_a_draft_says_is_there_too", func(t *testing.T) {
		h := with(second, action("roofs", "2020-07-01", ""))
		require.Equal(t, 2, h.state.Actions()[1].Version)
	})
	t.Run("before_any_approval_the_last_version_says_it", func(t *testing.T) {
		h := after(drafted, trees, second, action("trees", "2020-07-01", "2025"))
		require.Equal(t, day("2025"), h.state.Actions()[0].End)
	})
}

func TestMilestones(t *testing.T) {
	h := with()
	require.Equal(t, actionplan.MilestoneState{Milestone: milestone.Milestone, Version: 1, On: milestone.Due, At: 3}, h.state.Milestones()[0])
	h.do(t, actionplan.MoveMilestone(moved), actionplan.MoveMilestone{Fact: on("2020-09-01"), Milestone: "first", Due: day("2021-01-31")})
	require.Equal(t, day("2021-03-31"), h.state.Milestones()[0].On, "the move found last came earlier")
	require.Equal(t, es.Revision(10), h.state.Milestones()[0].Moved)
	h.do(t, actionplan.ReachMilestone(reached), actionplan.ReachMilestone{Fact: on("2020-12-24"), Milestone: "first"})
	require.Equal(t, day("2020-11-30"), h.state.Milestones()[0].ReachedOn)
	require.Equal(t, es.Revision(12), h.state.Milestones()[0].Reached)
	require.Equal(t, []string{"competing"}, h.findings())
	t.Run("a_later_version_starts_afresh", func(t *testing.T) {
		again := milestone
		again.Fact, again.Due = on("2021-01-01"), day("2022-06-30")
		h := with(moved, revised(2, "2020-12-01"), again, actionplan.Approved{Fact: on("2021-02-01"), By: ref(council)})
		require.Equal(t, day("2022-06-30"), h.state.Milestones()[0].On)
		require.Zero(t, h.state.Milestones()[0].Moved)
	})
}

func TestIndicators(t *testing.T) {
	progress := func(i actionplan.Indicator, readings ...actionplan.Event) actionplan.Progress {
		i.Key = "stock"
		h := after(append(events{drafted, actionplan.IndicatorSet{Fact: on("2018-09"), Indicator: i}}, readings...)...)
		return h.state.Indicators()[0].Progress
	}
	up := actionplan.Indicator{Baseline: "1000", Target: "1500", Direction: actionplan.Increase}
	down := actionplan.Indicator{Baseline: "80.5", Target: "40.25", Direction: actionplan.Decrease}
	exact := actionplan.Indicator{Baseline: "0", Target: "3", Direction: actionplan.Reach}
	for name, c := range map[string]struct {
		of       actionplan.Indicator
		readings events
		value    actionplan.Quantity
		permille int
		known    bool
		reached  edtf.Truth
	}{
		"none":             {up, nil, "", 0, false, edtf.Maybe},
		"half_way":         {up, events{reading("1250", "2020")}, "1250", 500, true, edtf.No},
		"there":            {up, events{reading("1500", "2020")}, "1500", 1000, true, edtf.Yes},
		"almost_there":     {up, events{reading("1499.999999", "2020")}, "1499.999999", 999, true, edtf.No},
		"beyond":           {up, events{reading("1600", "2020")}, "1600", 1200, true, edtf.Yes},
		"back":             {up, events{reading("999.5", "2020")}, "999.5", -1, true, edtf.No},
		"down":             {down, events{reading("60.375", "2020")}, "60.375", 500, true, edtf.No},
		"down_there":       {down, events{reading("40.25", "2020")}, "40.25", 1000, true, edtf.Yes},
		"down_beyond":      {down, events{reading("-3", "2020")}, "-3", 2074, true, edtf.Yes},
		"exactly":          {exact, events{reading("3", "2020")}, "3", 1000, true, edtf.Yes},
		"not_exactly":      {exact, events{reading("4", "2020")}, "4", 1333, true, edtf.No},
		"no_baseline":      {actionplan.Indicator{Target: "5", Direction: actionplan.Increase}, events{reading("5", "2020")}, "5", 0, false, edtf.Yes},
		"no_target":        {actionplan.Indicator{Baseline: "5", Direction: actionplan.Increase}, events{reading("5", "2020")}, "5", 0, false, edtf.Maybe},
		"no_way":           {actionplan.Indicator{Baseline: "5", Target: "5", Direction: actionplan.Increase}, events{reading("5", "2020")}, "5", 0, false, edtf.Yes},
		"far_beyond":       {exact, events{reading("999999999999999", "2020")}, "999999999999999", 1_000_000, true, edtf.No},
		"far_back":         {exact, events{reading("-999999999999999", "2020")}, "-999999999999999", -1_000_000, true, edtf.No},
		"immeasurably":     {actionplan.Indicator{Baseline: "0", Target: "0.000001", Direction: actionplan.Decrease}, events{reading("-999999999999999", "2020")}, "-999999999999999", -1_000_000, true, edtf.Yes},
		"last_by_date":     {up, events{reading("1500", "2021"), reading("1250", "2020")}, "1500", 1000, true, edtf.Yes},
		"fell_back":        {up, events{reading("1500", "2020"), reading("1250", "2021")}, "1250", 500, true, edtf.No},
		"open_which":       {up, events{reading("1500", "2020"), reading("1250", "2020-06")}, "", 0, false, edtf.Maybe},
		"open_but_reached": {up, events{reading("1500", "2020"), reading("1600", "2020-06")}, "", 0, false, edtf.Yes},
		"open_but_equal":   {up, events{reading("1500", "2020"), reading("1500", "")}, "1500", 1000, true, edtf.Yes},
		"first_on_a_date":  {up, events{reading("1500", "2020"), reading("1250", "2020")}, "1500", 1000, true, edtf.Yes},
		"claimed":          {up, events{restate(reading("1500", "2020"), as(terms.Claimed, "2020"))}, "", 0, false, edtf.Maybe},
	} {
		t.Run(name, func(t *testing.T) {
			p := progress(c.of, c.readings...)
			p.By = 0
			require.Equal(t, actionplan.Progress{Value: c.value, Permille: c.permille, Known: c.known, Reached: c.reached}, p)
		})
	}
	h := with(reading("3", "2021"), reading("2", "2019"), reading("4", "2021-05"))
	require.Equal(t, []actionplan.Reading{{"2", day("2019"), 11}, {"3", day("2021"), 10}, {"4", day("2021-05"), 12}}, h.state.Indicators()[0].Readings)
	require.Equal(t, indicator.Indicator, h.state.Indicators()[0].Indicator)
	require.Equal(t, es.Revision(12), h.state.Indicators()[0].Progress.By)
	require.Equal(t, es.Revision(4), h.state.Indicators()[0].At)
}

func TestBudget(t *testing.T) {
	yen, loose := funding("f2", 700), funding("f3", 5)
	yen.Amount.Currency, loose.Line = "JPY", ""
	h := with(funded, yen, loose, restate(funded, on("2021")))
	b := h.state.Budget()
	require.Len(t, b.Lines, 1)
	require.Equal(t, line.Line, b.Lines[0].Line)
	require.Equal(t, int64(600), b.Lines[0].Funded, "one commitment from two sources counts once")
	require.Equal(t, []actionplan.Funding{{funded.Commitment, 10}, {yen.Commitment, 11}}, b.Lines[0].Funding)
	require.Equal(t, []actionplan.Funding{{loose.Commitment, 12}}, b.Loose)
	require.Equal(t, []string{"other_currency"}, h.findings())
	h.do(t, actionplan.CommitFunding(funding("f4", 400)))
	require.NotContains(t, h.findings(), "over_funded")
	h.do(t, actionplan.CommitFunding(funding("f5", 1)))
	require.Equal(t, int64(1001), h.state.Budget().Lines[0].Funded)
	findings := h.state.Findings()
	require.Equal(t, terms.Finding{
		Code: "actionplan.over_funded", Events: []es.Revision{5, 10, 14, 15},
		Detail: "1001 of 1000 minor units of EUR are promised for the line saplings",
	}, findings[len(findings)-1])
	t.Run("of_a_voided_line_is_loose", func(t *testing.T) {
		h := with(funded, voided(5))
		require.Equal(t, []actionplan.Funding{{funded.Commitment, 10}}, h.state.Budget().Loose)
		require.Equal(t, []string{"no_line"}, h.findings())
	})
}

func TestReports(t *testing.T) {
	h := with()
	r := h.state.Reports()[0]
	require.Equal(t, owed.Report, r.Report)
	require.Equal(t, es.Revision(6), r.At)
	require.Equal(t, []actionplan.Occurrence{
		{Due: day("2020-12-31"), On: day("2020-12-31")}, {Due: day("2021-12-31"), On: day("2021-12-31")}, {Due: day("2022-12-31"), On: day("2022-12-31")},
	}, r.Occurrences, "until the end of the period")
	h.do(t, actionplan.ExtendReport(extension), actionplan.SubmitReport(handed("2021-03-31", "2021-03-01")), actionplan.SubmitReport(handed("2022", "2023-01-01")))
	occurrences := h.state.Reports()[0].Occurrences
	require.Equal(t, actionplan.Occurrence{
		Due: day("2020-12-31"), On: day("2021-03-31"), Extended: 10, Submitted: 11, SubmittedOn: day("2021-03-01"), Document: page,
	}, occurrences[0], "by the new date")
	require.Zero(t, occurrences[1].Submitted)
	require.Equal(t, edtf.Yes, occurrences[2].Late)
	require.Equal(t, []string{"late"}, h.findings())
	t.Run("due_once", func(t *testing.T) {
		final := actionplan.ReportDueSet{Fact: on("2019"), Report: actionplan.Report{Key: "annual", Due: day("2022")}}
		h := after(drafted, final, handed("", "2022-05"))
		require.Equal(t, es.Revision(3), h.state.Reports()[0].Occurrences[0].Submitted, "an unknown date means the only one")
		require.Equal(t, edtf.Maybe, h.state.Reports()[0].Occurrences[0].Late.Or(edtf.Maybe))
		require.Equal(t, []string{"undecidable"}, h.findings())
	})
	t.Run("without_an_end_it_is_bounded", func(t *testing.T) {
		h := after(own, owed)
		require.Len(t, h.state.Reports()[0].Occurrences, terms.MaxOccurrences)
	})
	t.Run("handed_in_twice_the_first_stands", func(t *testing.T) {
		h := with(report, handed("2020-12-31", "2022"))
		require.Equal(t, es.Revision(10), h.state.Reports()[0].Occurrences[0].Submitted)
	})
	t.Run("extended_to_the_next_due_date_they_stay_apart", func(t *testing.T) {
		h := with(extended("2020-12-31", "2021-12-31"), handed("2021-12-31", "2021-12-30"), extended("2021-12-31", "2022-03-31"))
		first, next := h.state.Reports()[0].Occurrences[0], h.state.Reports()[0].Occurrences[1]
		require.Zero(t, first.Submitted)
		require.Equal(t, es.Revision(11), next.Submitted)
		require.Equal(t, day("2022-03-31"), next.On)
	})
	t.Run("a_date_on_which_nothing_is_due", func(t *testing.T) {
		require.Equal(t, []string{"no_due"}, with(handed("2019", "2020")).findings())
		require.Equal(t, []string{"no_due"}, with(handed("", "2020")).findings(), "which of several is not guessed")
		h := with(extended("2019", "2020"))
		require.Equal(t, []string{"no_due"}, h.findings())
		require.ErrorIs(t, h.try(actionplan.ExtendReport(extended("2019", "2021"))), actionplan.ErrExtended)
	})
	t.Run("ruled_extensions_compete", func(t *testing.T) {
		h := with(extension).do(t, actionplan.Dispute(disputed(10)), actionplan.ExtendReport(extended("2020-12-31", "2021-06-30")), actionplan.Rule(ruled(11, true)))
		require.Equal(t, day("2021-03-31"), h.state.Reports()[0].Occurrences[0].On)
		require.Equal(t, []string{"competing"}, h.findings())
	})
}
