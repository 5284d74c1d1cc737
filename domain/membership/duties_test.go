package membership_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/terms"
)

func metOn(date, due string) membership.DutyMet {
	return membership.DutyMet{Fact: on(date), Duty: "report", Due: day(due)}
}

func TestConsequences(t *testing.T) {
	hold, suspension, lapse := once(membership.ConsequenceHold), once(membership.ConsequenceSuspension), once(membership.ConsequenceLapse)
	graced, vague, undue, late, none := hold, hold, hold, hold, once(membership.ConsequenceNone)
	graced.Grace, vague.Due, undue.Due, late.Fact = edtf.Period{Months: 1}, day("2019"), edtf.Date{}, on("2019-06-01")
	yearly, ending := hold, lapse
	yearly.Every, ending.Every = edtf.Period{Years: 1}, edtf.Period{Years: 1}
	waivedLate, waivedInTime := waived, waived
	waivedLate.Fact, waivedInTime.Fact = on("2019-05-01"), on("2019-03-31")
	more := func(date, due, to string) membership.DutyExtended {
		return membership.DutyExtended{Fact: on(date), Duty: "report", Due: day(due), To: day(to)}
	}
	back := membership.Admitted{Fact: on("2020-01-01")}
	for name, c := range map[string]struct {
		given events
		want  at
	}{
		"in_time":                            {events{hold, metOn("2019-03-31", "")}, at{"2019-04-01": "admitted", "2030": "admitted"}},
		"on_hold":                            {events{hold}, at{"2019-03-31": "admitted", "2019-04-01": "on_hold", "2030": "on_hold"}},
		"suspended":                          {events{suspension}, at{"2019-04-01": "suspended"}},
		"lapsed":                             {events{lapse}, at{"2019-03-31": "admitted", "2019-04-01": "lapsed"}},
		"nothing":                            {events{none}, at{"2019-04-01": "admitted"}},
		"grace":                              {events{graced}, at{"2019-04-30": "admitted", "2019-05-01": "on_hold"}},
		"met_late_reactivates":               {events{hold, metOn("2019-05-17", "2019-03-31")}, at{"2019-05-16": "on_hold", "2019-05-17": "active"}},
		"met_on_the_day_of_effect":           {events{hold, metOn("2019-04-01", "")}, at{"2019-04-01": "active"}},
		"met_some_time":                      {events{hold, metOn("", "")}, at{"2019-05": "admitted on_hold? admitted?"}},
		"met_in_that_year":                   {events{hold, metOn("2019", "")}, at{"2019-05": "admitted on_hold? admitted?", "2020": "admitted"}},
		"met_by_who_has_left":                {events{hold, membership.Withdrawn{Fact: on("2019-05-01")}, membership.DutyMet{Fact: on("2019-06-01"), Duty: "report"}}, at{"2019-04-15": "on_hold", "2019-07-01": "withdrawn"}},
		"met_too_late_for_a_lapse":           {events{lapse, membership.DutyMet{Fact: on("2019-04-01"), Duty: "report"}}, at{"2019-04-01": "lapsed"}},
		"lapse_met_in_time":                  {events{lapse, metOn("2019-03-31", "")}, at{"2030": "admitted"}},
		"lapse_perhaps_met":                  {events{lapse, metOn("2019", "")}, at{"2019-03-31": "admitted", "2030": "admitted lapsed?"}},
		"met_for_another_day":                {events{hold, metOn("2019-03-01", "2019-03-30")}, at{"2019-04-01": "on_hold"}},
		"announced_is_not_met":               {events{hold, membership.DutyMet{Fact: as(terms.Announced, "2019-03-01"), Duty: "report"}}, at{"2019-04-01": "on_hold"}},
		"waived_in_time":                     {events{hold, waivedInTime}, at{"2030": "admitted"}},
		"waived_late":                        {events{hold, waivedLate}, at{"2019-04-30": "on_hold", "2019-05-01": "active"}},
		"extended":                           {events{hold, extended}, at{"2019-06-30": "admitted", "2019-07-01": "on_hold"}},
		"extended_and_met":                   {events{hold, extended, metOn("2019-06-30", "2019-06-30")}, at{"2030": "admitted"}},
		"extended_and_met_for_the_first_day": {events{hold, extended, metOn("2019-06-30", "2019-03-31")}, at{"2030": "admitted"}},
		"extended_late":                      {events{hold, more("2019-05-01", "", "2019-06-30")}, at{"2019-04-15": "on_hold", "2019-05-01": "active", "2019-07-01": "on_hold"}},
		"extended_twice":                     {events{hold, extended, more("2019-06-01", "2019-06-30", "2019-09-30")}, at{"2019-09-30": "admitted", "2019-10-01": "on_hold"}},
		"extended_too_late_for_a_lapse":      {events{lapse, more("2019-05-01", "", "2019-06-30")}, at{"2019-04-01": "lapsed"}},
		"due_some_time_in_a_year":            {events{vague}, at{"2018": "admitted", "2019-06": "admitted on_hold?", "2020-01-01": "on_hold"}},
		"due_nobody_knows_when":              {events{undue}, at{"2030": "admitted"}},
		"set_when_it_was_over":               {events{late}, at{"2030": "admitted"}},
		"resumed_all_the_same":               {events{hold, resumed}, at{"2019-05-31": "on_hold", "2019-06-01": "active"}},
		"yearly": {
			events{yearly, metOn("2019-03-01", ""), metOn("2020-05-01", "")},
			at{"2019-04-01": "admitted", "2020-04-01": "on_hold", "2020-05-01": "active", "2021-03-31": "active", "2021-04-01": "on_hold"},
		},
		"yearly_one_left_out": {
			events{yearly, metOn("2020-03-01", "2020-03-31")}, at{"2019-04-01": "on_hold", "2020-04-15": "on_hold"},
		},
		"yearly_resumed": {
			events{yearly, resumed}, at{"2019-06-01": "active", "2020-03-31": "active", "2020-04-01": "on_hold"},
		},
		"yearly_lapse": {events{ending, metOn("2019-03-01", "")}, at{"2020-03-31": "admitted", "2020-04-01": "lapsed", "2025": "lapsed"}},
		"not_due_before_admission": {
			events{membership.DutySet{Fact: on("2017"), Key: "fee", Kind: "fee", Due: day("2017-12-31"), Consequence: membership.ConsequenceHold}}, at{"2019": "admitted"},
		},
		"not_due_on_the_day_of_the_end":         {events{lapse, membership.Withdrawn{Fact: on("2019-03-31")}}, at{"2019-04-01": "withdrawn"}},
		"no_effect_after_the_end":               {events{hold, membership.Withdrawn{Fact: on("2019-03-31")}, back}, at{"2020-06": "admitted"}},
		"lapse_recorded_later":                  {events{lapse, membership.Lapsed{Fact: on("2019-06-01")}}, at{"2019-05": "admitted", "2019-06-01": "lapsed"}},
		"left_before_it_lapsed":                 {events{lapse, membership.Withdrawn{Fact: on("2019-02-01")}}, at{"2019-03": "withdrawn", "2020": "withdrawn"}},
		"back_after_a_lapse":                    {events{lapse, back}, at{"2019-06": "lapsed", "2020-01-01": "admitted"}},
		"duty_ends_with_the_round":              {events{ending, back}, at{"2019-06": "lapsed", "2021": "admitted"}},
		"duty_of_the_next_round":                {events{ending, back, setOn("2020-02-01", ending)}, at{"2019-06": "lapsed", "2020-03-31": "admitted", "2020-04-01": "lapsed"}},
		"admitted_again_undated_before_a_lapse": {events{lapse, membership.Admitted{}}, at{"2030": "lapsed"}},
		"earlier_of_two_lapses": {
			events{membership.DutySet{Fact: on("2018"), Key: "fee", Kind: "fee", Due: day("2018-12-31"), Consequence: membership.ConsequenceLapse}, lapse, back},
			at{"2018-12-31": "admitted", "2019-01-01": "lapsed", "2019-05": "lapsed", "2021": "admitted"},
		},
		"doubtful_lapse_then_certain": {
			events{ending, metOn("2019", "2019-03-31")}, at{"2019-06": "admitted lapsed?", "2020-04-01": "lapsed"},
		},
		"the_first_of_competing_duties": {events{hold, setOn("2018-02-01", hold), metOn("2019-03-01", "")}, at{"2030": "admitted"}},
		"recorded_hold_for_a_duty": {
			events{none, membership.PutOnHold{Fact: on("2019-05-01"), Duty: "report"}, metOn("2019-06-01", "")}, at{"2019-05-01": "on_hold", "2019-06-01": "active"},
		},
		"recorded_hold_for_no_duty": {
			events{none, membership.PutOnHold{Fact: on("2019-05-01")}, metOn("2019-06-01", "")}, at{"2019-06-01": "on_hold"},
		},
		"recorded_suspension_for_a_duty": {
			events{none, membership.Suspended{Fact: on("2019-05-01"), Duty: "report"}, waivedOn("2019-06-01")}, at{"2019-05-01": "suspended", "2019-06-01": "active"},
		},
		"averted_suspension": {
			events{none, membership.SuspensionNoticed{Fact: on("2019-04-01"), From: day("2019-05-01"), Duty: "report"}, metOn("2019-04-15", "")}, at{"2030": "admitted"},
		},
		"met_before_the_hold_was_recorded": {
			events{none, metOn("2019-03-01", ""), membership.PutOnHold{Fact: on("2019-05-01"), Duty: "report"}}, at{"2019-06-01": "on_hold"},
		},
		"back_after_a_doubtful_lapse": {
			events{ending, metOn("2019", "2019-03-31"), membership.Admitted{Fact: on("2019-12-01")}}, at{"2019-06": "admitted lapsed?", "2021": "admitted"},
		},
		"back_after_a_doubtful_lapse_and_a_certain_one": {
			events{lapse, more("", "", "2020-06-30"), membership.Admitted{Fact: on("2021-01-01")}},
			at{"2019-06": "admitted lapsed?", "2020-07-01": "lapsed", "2021-01-01": "admitted"},
		},
		"recorded_end_instead_of_a_doubtful_lapse": {
			events{lapse, metOn("2019", ""), withdrawn}, at{"2019-06": "admitted", "2020-01-01": "withdrawn"},
		},
		"another_duty_met": {
			events{hold, membership.DutySet{Fact: on("2018"), Key: "fee", Kind: "fee", Due: hold.Due}, membership.DutyMet{Fact: on("2019-03-01"), Duty: "fee", Due: hold.Due}},
			at{"2019-04-01": "on_hold"},
		},
		"later_lapse_is_none_when_the_party_is_back": {
			events{
				lapse,
				membership.DutySet{Fact: on("2018"), Key: "fee", Kind: "fee", Due: day("2018-12-31"), Consequence: membership.ConsequenceLapse},
				membership.Admitted{Fact: on("2019-02-01")},
			},
			at{"2019-01-15": "lapsed", "2020": "admitted"},
		},
		"resumed_nobody_knows_when": {events{yearly, resumedOn("")}, at{"2019-06": "on_hold active?", "2020-06": "on_hold"}},
		"doubtful_hold_of_who_is_perhaps_active": {
			events{membership.Activated{Fact: on("2019")}, hold, metOn("", "")}, at{"2019-05": "admitted active? on_hold? active?"},
		},
		"doubtful_hold_during_a_suspension": {events{hold, metOn("2019", ""), membership.Suspended{Fact: on("2019-04-15")}}, at{"2019-05": "suspended"}},
		"doubtful_hold_during_a_certain_one": {
			events{hold, metOn("2019", ""), membership.PutOnHold{Fact: on("2019-04-15"), Until: day("2019-05-15")}},
			at{"2019-04-10": "admitted on_hold? admitted? active?", "2019-05-01": "on_hold active?", "2019-06": "active on_hold? active?", "2020": "active"},
		},
	} {
		t.Run(name, func(t *testing.T) { after(append(events{registered, admitted}, c.given...)...).check(t, c.want) })
	}
}

// A resumption on no date ends one hold, and not perhaps each that will be.
func TestUndatedResumption(t *testing.T) {
	yearly := once(membership.ConsequenceHold)
	yearly.Every = edtf.Period{Years: 1}
	require.Equal(t, []string{"2019-04-01", "2020-04-01"}, after(registered, admitted, yearly, resumedOn("")).dues(membership.DueHold))
}

func setOn(date string, d membership.DutySet) membership.DutySet {
	d.Fact = on(date)
	return d
}

func waivedOn(date string) membership.DutyWaived {
	return membership.DutyWaived{Fact: on(date), Duty: "report"}
}

func TestDues(t *testing.T) {
	hold, lapse := once(membership.ConsequenceHold), once(membership.ConsequenceLapse)
	yearly := hold
	yearly.Every = edtf.Period{Years: 1}
	forever := hold
	forever.Due = day("9999-12-31")
	to9999 := membership.DutyExtended{Fact: on("2019-03-01"), Duty: "report", To: day("9999-12-31")}
	open := notice
	open.Period = edtf.Period{}
	for name, c := range map[string]struct {
		given events
		rule  string
		want  []string
	}{
		"duty":                              {events{hold}, membership.DueDuty, []string{"2019-03-31"}},
		"duty_met":                          {events{hold, met}, membership.DueDuty, []string{"2019-03-31 settled"}},
		"duty_extended":                     {events{hold, extended}, membership.DueDuty, []string{"2019-03-31 settled", "2019-06-30"}},
		"duty_for_ever":                     {events{forever}, membership.DueDuty, nil},
		"duty_extended_for_ever":            {events{hold, to9999}, membership.DueDuty, []string{"2019-03-31 settled"}},
		"duties_until_the_end":              {events{yearly, membership.Withdrawn{Fact: on("2021-03-31")}}, membership.DueDuty, []string{"2019-03-31", "2020-03-31"}},
		"hold":                              {events{hold}, membership.DueHold, []string{"2019-04-01"}},
		"hold_averted":                      {events{hold, met}, membership.DueHold, []string{"2019-04-01 settled"}},
		"hold_came":                         {events{hold, metOn("2019-05-01", "")}, membership.DueHold, []string{"2019-04-01"}},
		"holds_up_to_the_first_open":        {events{yearly, met, metOn("2020-05-01", "")}, membership.DueHold, []string{"2019-04-01 settled", "2020-04-01", "2021-04-01"}},
		"suspension":                        {events{once(membership.ConsequenceSuspension)}, membership.DueSuspension, []string{"2019-04-01"}},
		"met_in_the_next_round":             {events{hold, withdrawn, membership.Admitted{Fact: on("2021-01-01")}, metOn("2021-06-01", "2019-03-31")}, membership.DueDuty, []string{"2019-03-31 settled"}},
		"no_hold_once_the_next_round_began": {events{hold, membership.Withdrawn{}, membership.Admitted{Fact: on("2018-06-01")}}, membership.DueHold, nil},
		"lapse":                             {events{lapse}, membership.DueLapse, []string{"2019-04-01"}},
		"lapse_averted":                     {events{lapse, met}, membership.DueLapse, []string{"2019-04-01 settled"}},
		"lapse_recorded":                    {events{lapse, membership.Lapsed{Fact: on("2019-05-01")}}, membership.DueLapse, []string{"2019-04-01 settled"}},
		"no_lapse_after_the_end":            {events{lapse, membership.Withdrawn{Fact: on("2019-03-31")}}, membership.DueLapse, nil},
		"no_consequence":                    {events{once(membership.ConsequenceNone)}, membership.DueHold, nil},
		"noticed":                           {events{warned}, membership.DueNoticed, []string{"2019-05-01"}},
		"noticed_and_averted":               {events{warned, resumedOn("2019-04-15")}, membership.DueNoticed, []string{"2019-05-01 settled"}},
		"noticed_and_recorded":              {events{warned, suspended}, membership.DueNoticed, []string{"2019-05-01 settled"}},
		"noticed_and_ended_later":           {events{warned, resumed}, membership.DueNoticed, []string{"2019-05-01"}},
		"noticed_after_the_end":             {events{warned, membership.Withdrawn{Fact: on("2019-04-15")}}, membership.DueNoticed, nil},
		"resumption":                        {events{held}, membership.DueResumption, []string{"2019-03-01"}},
		"resumed_sooner":                    {events{held, resumedOn("2019-02-01")}, membership.DueResumption, []string{"2019-03-01 settled"}},
		"resumption_open":                   {events{membership.PutOnHold{Fact: on("2019")}}, membership.DueResumption, nil},
		"resumption_before_the_hold":        {events{membership.PutOnHold{Fact: on("2019-05"), Until: day("2019-04")}}, membership.DueResumption, nil},
		"withdrawal":                        {events{notice}, membership.DueWithdrawal, []string{"2020-01-01"}},
		"withdrawal_open":                   {events{open}, membership.DueWithdrawal, nil},
		"withdrawal_revoked":                {events{notice, revoked}, membership.DueWithdrawal, []string{"2020-01-01 settled"}},
		"withdrawal_sooner":                 {events{notice, membership.Expelled{Fact: on("2019-08-01")}}, membership.DueWithdrawal, []string{"2020-01-01 settled"}},
		"withdrawal_recorded":               {events{notice, withdrawn}, membership.DueWithdrawal, []string{"2020-01-01 settled"}},
		"withdrawal_after_a_lapse":          {events{lapse, notice}, membership.DueWithdrawal, nil},
		"nothing_of_what_was_void":          {events{hold, voided(1)}, membership.DueDuty, nil},
		"nothing_of_who_is_no_member":       {events{hold, voided(2)}, membership.DueDuty, nil},
		"no_rest_of_who_is_no_member":       {events{warned, voided(2)}, membership.DueNoticed, nil},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, after(append(events{registered, admitted}, c.given...)...).dues(c.rule))
		})
	}
	t.Run("in_full", func(t *testing.T) {
		h := after(registered, admitted, hold, notice, extended)
		require.Equal(t, []terms.Due{
			{Kind: terms.Duty, Rule: membership.DueDuty, Of: 3, Key: "report", On: day("2019-03-31"), By: essen, To: network, What: hold.What, Settled: 5},
			{Kind: terms.Effect, Rule: membership.DueHold, Of: 3, Key: "report", On: day("2019-04-01"), By: essen, What: hold.What, Settled: 5},
			{Kind: terms.Effect, Rule: membership.DueWithdrawal, Of: 4, On: day("2020-01-01"), By: essen},
			{Kind: terms.Duty, Rule: membership.DueDuty, Of: 5, Key: "report", On: day("2019-06-30"), By: essen, To: network, What: hold.What},
			{Kind: terms.Effect, Rule: membership.DueHold, Of: 5, Key: "report", On: day("2019-07-01"), By: essen, What: hold.What},
		}, h.state.Dues())
	})
	t.Run("no_more_than_can_be_listed", func(t *testing.T) {
		require.Len(t, after(registered, admitted, yearly).dues(membership.DueDuty), terms.MaxOccurrences)
	})
	given := events{registered, admitted, hold}
	came := fell(membership.DueHold, 3, "report", "2019-04-01")
	estest.Run(t, membership.Decider, cases{
		{Name: "came", Given: given, When: membership.MarkDue(came), Then: events{came}},
		{Name: "came_again", Given: append(given, came), When: membership.MarkDue(came)},
		{Name: "averted", Given: append(given, met), When: membership.MarkDue(came), Err: code("membership.not_due")},
	})
	t.Run("it_changes_no_answer", func(t *testing.T) {
		require.Equal(t, after(given...).state.Spans(), after(append(given, came)...).state.Spans())
	})
}
