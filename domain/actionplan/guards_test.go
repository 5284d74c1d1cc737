package actionplan_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestKeys(t *testing.T) {
	announced := set("roofs", actionplan.ActionOngoing, "2020")
	announced.Fact = as(terms.Announced, "2020")
	otherOwner, otherEnd, inItalian := trees, trees, trees
	otherOwner.Owner, otherEnd.End = ref(ikoma), day("2030")
	inItalian.Title, inItalian.Owner, inItalian.Fact = terms.Text{Lang: "it", Value: "Alberi"}, ref(""), on("2018-08")
	claimed := otherOwner
	claimed.Status = terms.Claimed
	otherDue, otherTarget, otherAmount, otherFunds, otherPeriod := milestone, indicator, line, funded, owed
	otherDue.Due, otherTarget.Target, otherAmount.Amount, otherFunds.Amount, otherPeriod.Due = day("2030"), "9", euros(1001), euros(601), day("2030")
	planned := action("roofs", "2019", "")
	planned.Start, planned.Unit = day("2020"), ref(council)
	otherStart, otherUnit, anyMilestone, anyIndicator, otherWay, anyLine, otherFunder, oftener := planned, planned, milestone, indicator, indicator, line, funded, owed
	otherStart.Start, otherUnit.Unit, anyMilestone.Action, anyIndicator.Action, anyLine.Action = day("2021"), ref(fund), "", "", ""
	otherWay.Direction, otherFunder.By, oftener.Every = actionplan.Reach, ref(council), edtf.Period{Months: 6}
	given := slices.Concat(base, events{funded})
	later := otherTarget
	later.Fact = on("2021-01")
	early := otherTarget
	early.Fact = on("2019-01")
	nowhere := actionplan.Milestone{Key: "k", Title: text("M"), Action: "roofs"}
	of := func(i *actionplan.Indicator) actionplan.SetIndicator {
		i.Action = "roofs"
		return actionplan.SetIndicator{Indicator: *i}
	}
	estest.Run(t, actionplan.Decider, cases{
		{Name: "of_an_action_of_another_owner", Given: given, When: actionplan.AddAction(otherOwner), Err: actionplan.ErrKeyTaken},
		{Name: "of_an_action_with_another_end", Given: given, When: actionplan.AddAction(otherEnd), Err: actionplan.ErrKeyTaken},
		{Name: "even_if_only_claimed", Given: given, When: actionplan.AddAction(claimed), Err: actionplan.ErrKeyTaken},
		{Name: "of_the_same_action_in_other_words", Given: given, When: actionplan.AddAction(inItalian), Then: events{inItalian}},
		{Name: "of_another_milestone", Given: given, When: actionplan.SetMilestone(otherDue), Err: actionplan.ErrKeyTaken},
		{Name: "of_another_indicator", Given: given, When: actionplan.SetIndicator(otherTarget), Err: actionplan.ErrKeyTaken},
		{Name: "of_another_line", Given: given, When: actionplan.SetBudgetLine(otherAmount), Err: actionplan.ErrKeyTaken},
		{Name: "of_an_action_with_another_start", Given: slices.Concat(given, events{planned}), When: actionplan.AddAction(otherStart), Err: actionplan.ErrKeyTaken},
		{Name: "of_an_action_of_another_unit", Given: slices.Concat(given, events{planned}), When: actionplan.AddAction(otherUnit), Err: actionplan.ErrKeyTaken},
		{Name: "of_a_milestone_of_the_whole_plan", Given: given, When: actionplan.SetMilestone(anyMilestone), Err: actionplan.ErrKeyTaken},
		{Name: "of_an_indicator_of_the_whole_plan", Given: given, When: actionplan.SetIndicator(anyIndicator), Err: actionplan.ErrKeyTaken},
		{Name: "of_an_indicator_that_goes_another_way", Given: given, When: actionplan.SetIndicator(otherWay), Err: actionplan.ErrKeyTaken},
		{Name: "of_a_line_of_the_whole_plan", Given: given, When: actionplan.SetBudgetLine(anyLine), Err: actionplan.ErrKeyTaken},
		{Name: "of_funding_by_another_party", Given: given, When: actionplan.CommitFunding(otherFunder), Err: actionplan.ErrKeyTaken},
		{Name: "of_a_report_due_more_often", Given: given, When: actionplan.SetReportDue(oftener), Err: actionplan.ErrKeyTaken},
		{Name: "of_other_funding", Given: given, When: actionplan.CommitFunding(otherFunds), Err: actionplan.ErrKeyTaken},
		{Name: "of_another_report", Given: given, When: actionplan.SetReportDue(otherPeriod), Err: actionplan.ErrKeyTaken},
		{Name: "the_next_version_says_it_anew", Given: slices.Concat(given, events{second}), When: actionplan.SetIndicator(later), Then: events{later}},
		{Name: "what_was_found_of_the_version_before_does_not", Given: slices.Concat(given, events{second}), When: actionplan.SetIndicator(early), Err: actionplan.ErrKeyTaken},
		{Name: "of_a_carried_action", Given: events{carriedOver}, When: actionplan.AddAction{Fact: on("2021"), Action: actionplan.Action{Key: "trees", Title: text("Trees")}}, Then: events{actionplan.ActionAdded{Fact: on("2021"), Action: actionplan.Action{Key: "trees", Title: text("Trees")}}}},
		{Name: "status_of_a_carried_action", Given: events{carriedOver}, When: actionplan.SetActionStatus(set("roofs", "ongoing", "2021")), Then: events{set("roofs", "ongoing", "2021")}},
		{Name: "status_of_no_action", Given: given, When: actionplan.SetActionStatus(announced), Err: actionplan.ErrNoAction},
		{Name: "milestone_of_no_action", Given: given, When: actionplan.SetMilestone{Milestone: nowhere}, Err: actionplan.ErrNoAction},
		{Name: "indicator_of_no_action", Given: given, When: of(&actionplan.Indicator{Key: "k", Title: text("I"), Direction: "reach"}), Err: actionplan.ErrNoAction},
		{Name: "line_of_no_action", Given: given, When: actionplan.SetBudgetLine{Line: actionplan.Line{Key: "k", Title: text("L"), Action: "roofs", Amount: euros(1)}}, Err: actionplan.ErrNoAction},
		{Name: "funding_of_no_line", Given: given, When: actionplan.CommitFunding{Commitment: actionplan.Commitment{Key: "k", By: ref(fund), Line: "trees", Amount: euros(1)}}, Err: actionplan.ErrNoLine},
		{Name: "no_milestone_to_reach", Given: given, When: actionplan.ReachMilestone{Milestone: "trees"}, Err: actionplan.ErrNoMilestone},
		{Name: "no_milestone_to_move", Given: given, When: actionplan.MoveMilestone{Milestone: "trees", Due: day("2020")}, Err: actionplan.ErrNoMilestone},
		{Name: "reading_of_no_indicator", Given: given, When: actionplan.TakeReading{Indicator: "trees", Value: "1"}, Err: actionplan.ErrNoIndicator},
		{Name: "report_that_nobody_owes", Given: given, When: actionplan.SubmitReport{Report: "trees"}, Err: actionplan.ErrNoReport},
		{Name: "extension_of_what_nobody_owes", Given: given, When: actionplan.ExtendReport{Report: "trees", Due: day("2020"), To: day("2021")}, Err: actionplan.ErrNoReport},
		{Name: "corrected_in_place", Given: base, When: actionplan.Correct(corrected(4, otherTarget)), Then: events{corrected(4, otherTarget)}},
		{Name: "corrected_to_a_key_of_nothing", Given: slices.Concat(base, events{measured}), When: actionplan.Correct(corrected(10, actionplan.ReadingTaken{Indicator: "air", Value: "1"})), Err: actionplan.ErrNoIndicator},
	})
}

func TestGuards(t *testing.T) {
	over, ended := slices.Concat(base, events{funded, completed}), slices.Concat(base, events{abandoned})
	sameVersion, rumoured := revised(2, "2020-07"), revised(5, "2020-07")
	rumoured.Status = terms.Announced
	otherTo, sameTo, chained, next := extended("2020-12-31", "2021-06-30"), extension, extended("2021-03-31", "2021-09-30"), extended("2021-12-31", "2022-02-28")
	sameTo.Source = terms.Citation{ID: page, Locator: "p. 2"}
	hearsay, vague := otherTo, extended("2020-12", "2021-06-30")
	hearsay.Status = terms.Claimed
	once := slices.Concat(base, events{extension})
	all := cases{
		{Name: "revision", Given: base, When: actionplan.Revise(second), Then: events{second}},
		{Name: "revision_that_leaves_out_a_number", Given: base, When: actionplan.Revise(revised(3, "2020")), Err: actionplan.ErrVersion},
		{Name: "revision_after_the_next", Given: slices.Concat(base, events{second}), When: actionplan.Revise(revised(3, "2021")), Then: events{revised(3, "2021")}},
		{Name: "revision_with_another_date_competes", Given: slices.Concat(base, events{second}), When: actionplan.Revise(sameVersion), Then: events{sameVersion}},
		{Name: "revision_that_is_only_announced", Given: base, When: actionplan.Revise(rumoured), Then: events{rumoured}},
		{Name: "revision_of_what_was_carried_over", Given: events{carriedOver}, When: actionplan.Revise(revised(3, "2022")), Then: events{revised(3, "2022")}},
		{Name: "revision_to_what_was_carried_over", Given: events{carriedOver}, When: actionplan.Revise(second), Err: actionplan.ErrVersion},
		{Name: "revision_corrected_to_a_gap", Given: slices.Concat(base, events{second}), When: actionplan.Correct(corrected(10, revised(3, "2020"))), Err: actionplan.ErrVersion},
		{Name: "revision_corrected_to_another_date", Given: slices.Concat(base, events{second, revised(3, "2021")}), When: actionplan.Correct(corrected(10, sameVersion)), Then: events{corrected(10, sameVersion)}},
		{Name: "extended_twice", Given: once, When: actionplan.ExtendReport(otherTo), Err: actionplan.ErrExtended},
		{Name: "extended_twice_by_a_vague_date", Given: once, When: actionplan.ExtendReport(vague), Err: actionplan.ErrExtended},
		{Name: "extended_on_from_the_new_date", Given: once, When: actionplan.ExtendReport(chained), Err: actionplan.ErrExtended},
		{Name: "the_same_extension_from_another_source", Given: once, When: actionplan.ExtendReport(sameTo), Then: events{sameTo}},
		{Name: "extended_for_another_due_date", Given: once, When: actionplan.ExtendReport(next), Then: events{next}},
		{Name: "extension_that_is_only_claimed", Given: once, When: actionplan.ExtendReport(hearsay), Then: events{hearsay}},
		{Name: "extended_after_a_claim", Given: slices.Concat(base, events{hearsay}), When: actionplan.ExtendReport(extension), Then: events{extension}},
		{Name: "extension_corrected", Given: once, When: actionplan.Correct(corrected(10, otherTo)), Then: events{corrected(10, otherTo)}},
		{Name: "readings_may_come_late", Given: over, When: actionplan.TakeReading(reading("1", "2024")), Then: events{reading("1", "2024")}},
		{Name: "reports_may_come_late", Given: over, When: actionplan.SubmitReport(handed("2022-12-31", "2024")), Then: events{handed("2022-12-31", "2024")}},
		{Name: "completed_again_on_another_date_competes", Given: over, When: actionplan.Complete{Fact: on("2023-01-31")}, Then: events{actionplan.Completed{Fact: on("2023-01-31")}}},
		{Name: "abandoned_again_on_another_date_competes", Given: ended, When: actionplan.Abandon{Fact: on("2023")}, Then: events{actionplan.Abandoned{Fact: on("2023")}}},
		{Name: "abandoned_after_the_completion", Given: over, When: actionplan.Abandon{Fact: on("2023-01-31")}, Err: actionplan.ErrEnded},
		{Name: "completed_after_it_was_abandoned", Given: ended, When: actionplan.Complete(completed), Err: actionplan.ErrEnded},
		{Name: "after_what_was_carried_over_ended", Given: events{gone()}, When: actionplan.Approve{Fact: on("2021")}, Err: actionplan.ErrEnded},
		{Name: "corrected_to_after_the_end", Given: over, When: actionplan.Correct(corrected(9, actionplan.Approved{Fact: on("2024")})), Err: actionplan.ErrEnded},
	}
	for _, f := range facts[2:19] {
		if f.name == "completed" || f.name == "abandoned" || f.name == "reading_taken" {
			continue
		}
		late, unsure, claimed := restate(f.event, on("2023-02")), restate(f.event, on("2022/..")), restate(f.event, as(terms.Claimed, "2023-02"))
		all = append(
			all, cases{
				{Name: f.name + "_after_the_end", Given: over, When: command(late), Err: actionplan.ErrEnded},
				{Name: f.name + "_perhaps_after_the_end", Given: over, When: command(unsure), Then: events{unsure}},
				{Name: f.name + "_only_claimed_after_the_end", Given: over, When: command(claimed), Then: events{claimed}},
			}...,
		)
	}
	estest.Run(t, actionplan.Decider, all)
}

// gone is a plan that an older register gives up.
func gone() actionplan.CarriedOver {
	c := carriedOver
	c.Phase = actionplan.PhaseAbandoned
	return c
}

// restate returns an event with another fact about it.
func restate(e actionplan.Event, f terms.Fact) actionplan.Event {
	v := reflect.New(reflect.TypeOf(e)).Elem()
	v.Set(reflect.ValueOf(e))
	v.FieldByName("Fact").Set(reflect.ValueOf(f))
	return v.Interface().(actionplan.Event)
}

// command returns the command that leads to an event.
func command(e actionplan.Event) actionplan.Command {
	for _, f := range facts {
		if reflect.TypeOf(f.event) == reflect.TypeOf(e) {
			return reflect.ValueOf(e).Convert(reflect.TypeOf(f.command)).Interface().(actionplan.Command)
		}
	}
	return nil
}

func TestMarkDue(t *testing.T) {
	end := fell(actionplan.DueActionEnd, 2, "trees", "2021-12-31")
	estest.Run(t, actionplan.Decider, cases{
		{Name: "mark", Given: base, When: actionplan.MarkDue(end), Then: events{end}},
		{Name: "mark_twice", Given: slices.Concat(base, events{end}), When: actionplan.MarkDue(end)},
		{Name: "mark_another_day", Given: base, When: actionplan.MarkDue(fell(actionplan.DueActionEnd, 2, "trees", "2021-12-30")), Err: code("actionplan.not_due")},
		{Name: "mark_what_is_settled", Given: slices.Concat(base, events{set("trees", actionplan.ActionCompleted, "2021")}), When: actionplan.MarkDue(end), Err: code("actionplan.not_due")},
	})
	marked := with(end)
	require.Equal(t, with().findings(), marked.findings())
	require.Equal(t, with().state.Dues(), marked.state.Dues())
}
