package actionplan_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestFindings(t *testing.T) {
	step := func(e actionplan.Event, date string) actionplan.Event { return restate(e, on(date)) }
	unsourced := submitted
	unsourced.Source = terms.Citation{}
	unnamed, final, byIkoma := approved, approved, actionplan.Approved{Fact: on("2019-12-01"), By: ref(ikoma)}
	unnamed.By, final.Definitive = terms.PartyRef{}, true
	backwards, reversed, shrinking := trees, drafted, indicator
	backwards.Start = day("2022")
	reversed.From, reversed.Until = day("2023"), day("2022")
	shrinking.Target, shrinking.Key = "900", "shrinking"
	rising := shrinking
	rising.Target, rising.Direction = "1100", actionplan.Decrease
	cancelled := set("trees", actionplan.ActionCancelled, "2020-03-01")
	claimedAction := restate(action("roofs", "2019", ""), as(terms.Claimed, "2019"))
	movedOtherwise := moved
	movedOtherwise.Due = day("2021-06-30")
	upTo := func(n int, more ...actionplan.Event) events { return append(slices.Clone(base[:n]), more...) }
	for name, c := range map[string]struct {
		given events
		want  []string
	}{
		"nothing":                           {whole, nil},
		"no_source":                         {events{drafted, unsourced}, []string{"unsourced"}},
		"undated":                           {events{drafted, step(submitted, "")}, []string{"undated"}},
		"open_date":                         {events{drafted, step(submitted, "2019/..")}, []string{"open_date"}},
		"uncertain_date":                    {events{drafted, step(submitted, "2022?")}, []string{"uncertain_date"}},
		"submitted_before_it_was_drafted":   {events{drafted, step(submitted, "2017")}, []string{"contradiction"}},
		"perhaps_before_it_was_drafted":     {events{drafted, step(submitted, "2018-06")}, []string{"undecidable"}},
		"approved_before_it_was_submitted":  {events{drafted, submitted, step(approved, "2018-09-01")}, []string{"contradiction"}},
		"approved_before_provisionally":     {events{drafted, submitted, provisional, step(approved, "2018-12-01")}, []string{"contradiction"}},
		"approved_before_it_was_returned":   {events{drafted, submitted, step(returned, "2020"), approved}, []string{"contradiction"}},
		"not_submitted":                     {events{drafted, approved}, []string{"not_submitted"}},
		"provisionally_and_not_submitted":   {events{drafted, provisional, approved}, []string{"not_submitted"}},
		"returned_and_not_submitted":        {events{drafted, returned}, []string{"not_submitted"}},
		"nobody_says_who_returned_it":       {events{drafted, submitted, actionplan.Returned{Fact: on("2019")}}, nil},
		"nobody_approved":                   {events{drafted, submitted, unnamed}, []string{"no_approver"}},
		"nobody_approved_provisionally":     {events{drafted, submitted, actionplan.ProvisionallyApproved{Fact: on("2019")}}, []string{"no_approver"}},
		"definitive_of_what":                {events{drafted, submitted, final}, []string{"no_provisional"}},
		"definitive":                        {events{drafted, submitted, provisional, final}, nil},
		"approved_by_both":                  {events{drafted, submitted, approved, byIkoma}, nil},
		"approved_twice_by_one":             {events{drafted, submitted, approved, step(approved, "2020")}, []string{"competing"}},
		"approved_by_somebody_else":         {events{drafted, submitted, approved, step(unnamed, "2020")}, []string{"no_approver", "competing"}},
		"begun_before_it_was_approved":      {events{drafted, submitted, approved, step(begun, "2019-06")}, []string{"contradiction"}},
		"begun_twice":                       {events{drafted, submitted, approved, begun, step(begun, "2021")}, []string{"competing"}},
		"completed_before_it_was_begun":     {events{drafted, submitted, approved, begun, step(completed, "2019-12-15")}, []string{"contradiction"}},
		"completed_twice":                   {events{drafted, submitted, approved, begun, completed, step(completed, "2023")}, []string{"competing"}},
		"abandoned_before_it_was_drafted":   {events{drafted, step(abandoned, "2017")}, []string{"contradiction"}},
		"approved_after_the_end":            {events{drafted, submitted, approved, step(abandoned, "2019-06")}, []string{"contradiction"}},
		"revised_before_it_was_drafted":     {events{drafted, revised(2, "2017")}, []string{"contradiction"}},
		"revised_before_the_one_before":     {events{drafted, revised(2, "2020"), revised(3, "2019")}, []string{"contradiction"}},
		"period_reversed":                   {events{reversed}, []string{"contradiction"}},
		"milestone_before_the_approval":     {upTo(9, step(reached, "2019-10-01")), []string{"contradiction"}},
		"milestone_moved_to_two_days":       {upTo(9, moved, movedOtherwise), []string{"competing"}},
		"milestone_of_a_cancelled_action":   {upTo(9, cancelled), []string{"milestone_of_cancelled"}},
		"reached_before_it_was_cancelled":   {upTo(9, step(reached, "2020-01-01"), cancelled), nil},
		"action_ends_before_it_starts":      {events{drafted, backwards}, []string{"contradiction"}},
		"action_reopened":                   {upTo(2, set("trees", "completed", "2020-01-01"), ongoing), []string{"reopened"}},
		"completed_and_then_so_again":       {upTo(2, set("trees", "completed", "2020-01-01"), set("trees", "completed", "2021-01-01")), nil},
		"action_voided":                     {upTo(2, ongoing, voided(2)), []string{"no_action"}},
		"action_only_claimed":               {events{drafted, claimedAction, set("roofs", "ongoing", "2020")}, []string{"claimed", "rests_on_unrecorded"}},
		"key_of_two_since_a_correction":     {upTo(2, revised(2, "2019"), action("trees", "2020", "2030"), voided(3)), []string{"competing"}},
		"indicator_that_goes_the_wrong_way": {upTo(2, shrinking), []string{"wrong_direction"}},
		"or_the_other_way":                  {upTo(2, rising), []string{"wrong_direction"}},
		"measured_only_too_late":            {upTo(4, reading("1200", "2022-01-01"), reading("1300", "2023")), []string{"late_readings"}},
		"measured_also_too_late":            {upTo(4, reading("1200", "2021-12-31"), reading("1300", "2023")), nil},
		"perhaps_too_late":                  {upTo(4, reading("1200", "2021/2022")), nil},
		"measured_twice_on_one_date":        {upTo(4, reading("1200", "2021"), reading("1300", "2021")), []string{"competing"}},
		"which_reading_is_the_last":         {upTo(4, reading("1200", "2021"), reading("1300", "2021-06")), []string{"undecidable"}},
		"extended_to_an_earlier_day":        {upTo(6, extended("2020-12-31", "2020-11-30")), []string{"contradiction"}},
		"handed_in_twice":                   {upTo(6, handed("2020-12-31", "2020-12-01"), handed("2020-12-31", "2020-12-15")), []string{"competing"}},
	} {
		t.Run(name, func(t *testing.T) { require.ElementsMatch(t, c.want, after(c.given...).findings()) })
	}
	require.Len(t, after(drafted, provisional, approved).state.Findings(), 1, "the approval follows the provisional one")
}
