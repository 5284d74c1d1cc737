package membership_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestEveryCommand(t *testing.T) {
	all := slices.Clone(others)
	for _, f := range facts {
		all = append(all, f.command)
	}
	t.Run("is_in_the_table", func(t *testing.T) {
		have := map[reflect.Type]bool{}
		for _, c := range all {
			have[reflect.TypeOf(c)] = true
		}
		for _, d := range membership.Commands.Definitions() {
			require.True(t, have[d.Type], "%s has no case here", d.Name)
		}
	})
	for _, c := range all {
		name, _, data, err := membership.Commands.Encode(c)
		require.NoError(t, err)
		t.Run(name+"_survives_json", func(t *testing.T) {
			got, err := membership.Commands.Parse(name, data)
			require.NoError(t, err)
			require.Equal(t, c, got)
		})
		if _, opens := c.(es.Keyed); opens {
			continue
		}
		estest.Run(t, membership.Decider, cases{
			{Name: name + "_of_nothing", When: c, Err: es.ErrNotFound},
			{Name: name + "_of_what_is_void", Given: events{registered, voided(1)}, When: c, Err: code("membership.void")},
		})
	}
	t.Run("class_and_consequence_can_be_left_out", func(t *testing.T) {
		got, err := membership.Commands.Parse("membership.admit", []byte(`{}`))
		require.NoError(t, err)
		require.Equal(t, membership.Admit{}, got)
		got, err = membership.Commands.Parse("membership.set_duty", []byte(`{"key":"fee","kind":"fee"}`))
		require.NoError(t, err)
		require.Equal(t, membership.ConsequenceNone, got.(membership.SetDuty).Consequence)
		_, err = membership.Commands.Parse("membership.set_duty", []byte(`{"kind":"fee","consequence":"death"}`))
		require.ErrorIs(t, err, es.ErrInvalid)
		_, err = membership.Commands.Parse("membership.meet_duty", []byte(`{"duty":"A B"}`))
		require.ErrorIs(t, err, code("membership.bad_key"))
	})
}

func TestOpen(t *testing.T) {
	nobody, nowhere, itself, standingless := registered, registered, registered, carriedOver
	nobody.Party, nowhere.Network, itself.Party.ID, standingless.Standing = terms.PartyRef{}, "", network, ""
	other, renamed, swapped := registered, registered, registered
	other.Party, renamed.Party.As, swapped.Network = ref(graz), "Stadt Essen", terms.PartyID(stream("network", "towns"))
	carriedOther := carriedOver
	carriedOther.Party = ref(graz)
	estest.Run(t, membership.Decider, cases{
		{Name: "register", When: membership.Register(registered), Then: events{registered}},
		{Name: "carry_over", When: membership.CarryOver(carriedOver), Then: events{carriedOver}},
		{Name: "register_twice", Given: events{registered}, When: membership.Register(registered), Err: code("membership.exists")},
		{Name: "carry_over_what_is_there", Given: events{registered}, When: membership.CarryOver(carriedOver), Err: code("membership.exists")},
		{Name: "register_again_what_was_void", Given: events{registered, voided(1)}, When: membership.Register(registered), Then: events{registered}},
		{Name: "nobody", When: membership.Register(nobody), Err: code("terms.missing")},
		{Name: "of_nothing", When: membership.Register(nowhere), Err: code("terms.missing")},
		{Name: "of_itself", When: membership.Register(itself), Err: code("membership.own_member")},
		{Name: "no_standing", When: membership.CarryOver(standingless), Err: code("terms.missing")},
		{Name: "corrected_to_another_party", Given: events{registered}, When: membership.Correct(corrected(1, other)), Err: membership.ErrOtherPair},
		{Name: "corrected_to_another_network", Given: events{registered}, When: membership.Correct(corrected(1, swapped)), Err: membership.ErrOtherPair},
		{Name: "carried_over_corrected_to_another_party", Given: events{carriedOver}, When: membership.Correct(corrected(1, carriedOther)), Err: membership.ErrOtherPair},
		{Name: "corrected_to_nobody", Given: events{registered}, When: membership.Correct(corrected(1, nobody)), Err: code("terms.missing")},
		{Name: "name_corrected", Given: events{registered}, When: membership.Correct(corrected(1, renamed)), Then: events{corrected(1, renamed)}},
	})
}

func TestNaturalKey(t *testing.T) {
	require.Equal(t, string(network)+" "+string(essen), membership.Register(registered).NaturalKey())
	require.Equal(t, membership.Register(registered).NaturalKey(), membership.CarryOver(carriedOver).NaturalKey())
	require.NotEqual(t, membership.Register(registered).NaturalKey(), membership.Register{Network: network, Party: ref(graz)}.NaturalKey())
}

func TestRecord(t *testing.T) {
	given := events{registered, admitted, dutySet}
	for _, f := range facts {
		estest.Run(t, membership.Decider, cases{
			{Name: f.name, Given: given, When: f.command, Then: events{f.event}},
			{Name: f.name + "_again", Given: slices.Concat(given, events{f.event}), When: f.command},
		})
	}
	needed := func(c membership.Command, code error) cases {
		return cases{{Name: reflect.TypeOf(c).Name() + "_is_incomplete", Given: given, When: c, Err: code}}
	}
	missing, text := code("terms.missing"), code("terms.bad_text")
	for _, some := range []cases{
		needed(membership.ChangeClass{}, missing), needed(membership.SetDuty{Kind: "fee"}, missing), needed(membership.SetDuty{Key: "fee"}, missing),
		needed(membership.SetDuty{Key: "fee", Kind: "fee"}, text), needed(membership.MeetDuty{}, missing), needed(membership.WaiveDuty{}, missing),
		needed(membership.ExtendDuty{Duty: "report"}, missing), needed(membership.ExtendDuty{To: day("2020")}, missing),
		needed(membership.Reject{Reason: " "}, text), needed(membership.Hold{Reason: " "}, text), needed(membership.NoticeSuspension{Reason: " "}, text),
		needed(membership.Suspend{Reason: " "}, text), needed(membership.Withdraw{Reason: " "}, text), needed(membership.Expel{Reason: " "}, text),
		needed(membership.Lapse{Reason: " "}, text), needed(membership.WaiveDuty{Duty: "report", Reason: " "}, text), needed(membership.Reclassify{}, text),
	} {
		estest.Run(t, membership.Decider, some)
	}
	own := membership.ClassChanged{Fact: on("2019"), OwnClass: "city"}
	estest.Run(t, membership.Decider, cases{
		{Name: "admit", Given: events{registered}, When: membership.Admit(admitted), Then: events{admitted}},
		{Name: "own_class_is_enough", Given: given, When: membership.ChangeClass(own), Then: events{own}},
		{Name: "revoke", Given: events{registered, admitted, notice}, When: membership.RevokeNotice(revoked), Then: events{revoked}},
		{Name: "rule", Given: events{registered, admitted, disputed(2)}, When: membership.Rule(ruled(3, true)), Then: events{ruled(3, true)}},
		{Name: "set_duty", Given: events{registered, admitted}, When: membership.SetDuty(dutySet), Then: events{dutySet}},
		{Name: "duty_that_is_not_due_then", Given: given, When: membership.MarkDue(fell(membership.DueDuty, 3, "report", "2019-03-30")), Err: code("membership.not_due")},
	})
}

func TestMemberGuard(t *testing.T) {
	early, late, same, elsewhere, otherwise := admitted, admitted, admitted, admitted, admitted
	early.Fact, late.Fact, same.Fact = on("2017"), on("2019"), on("2018")
	elsewhere.Fact = by(paper, "2019")
	otherwise.Fact, otherwise.Class = by(paper, "2019"), "observer"
	redecided := elsewhere
	redecided.Authority = anotherDecision
	claimed := late
	claimed.Status = terms.Claimed
	back := admitted
	back.Fact = on("2020-01-01")
	readmit := func(name string, given events, e membership.Admitted, err error) {
		c := cases{{Name: name, Given: given, When: membership.Admit(e), Err: err}}
		if err == nil {
			c[0].Then = events{e}
		}
		estest.Run(t, membership.Decider, c)
	}
	live := events{registered, admitted}
	readmit("second_live_participation", live, late, membership.ErrMember)
	readmit("on_the_next_day", live, membership.Admitted{Fact: on("2018-01-02")}, membership.ErrMember)
	readmit("on_the_same_day_competes", live, membership.Admitted{Fact: on("2018-01-01")}, nil)
	readmit("third_participation_on_the_day_of_the_second", append(live, withdrawn, back), membership.Admitted{Fact: back.Fact, Class: "observer"}, nil)
	readmit("earlier_date_competes", live, early, nil)
	readmit("overlapping_date_competes", live, same, nil)
	readmit("another_source_competes", live, elsewhere, nil)
	readmit("another_source_with_another_class", live, otherwise, membership.ErrMember)
	readmit("another_source_with_another_decision", live, redecided, membership.ErrMember)
	ownOtherwise := elsewhere
	ownOtherwise.OwnClass = "town"
	readmit("another_source_with_another_own_class", live, ownOtherwise, membership.ErrMember)
	readmit("claimed", live, claimed, nil)
	readmit("while_on_hold", append(live, membership.PutOnHold{Fact: on("2018-06")}), late, membership.ErrMember)
	readmit("carried_over_as_a_member", events{carriedOver}, late, membership.ErrMember)
	readmit("carried_over_and_another_source", events{carriedOver}, elsewhere, nil)
	readmit("carried_over_as_an_applicant", events{applicant}, late, nil)
	readmit("on_the_day_it_left", append(live, withdrawn), back, nil)
	readmit("when_a_notice_has_run_out", append(live, notice), back, nil)
	readmit("before_a_notice_has_run_out", append(live, notice), membership.Admitted{Fact: on("2019-12-31")}, membership.ErrMember)
	readmit("when_it_has_lapsed", append(live, once(membership.ConsequenceLapse)), late, nil)
	estest.Run(t, membership.Decider, cases{
		{Name: "corrected_into_another_participation", Given: append(live, withdrawn, back), When: membership.Correct(corrected(4, late)), Err: membership.ErrMember},
	})
}

func TestNotMemberGuard(t *testing.T) {
	announced := admitted
	announced.Status = terms.Announced
	for _, c := range []membership.Command{
		membership.Sign(signed), membership.Activate(activated), membership.ChangeClass(changed), membership.Hold(held),
		membership.NoticeSuspension(warned), membership.Suspend(suspended), membership.Resume(resumed), membership.GiveNotice(notice),
		membership.RevokeNotice(revoked), membership.Withdraw(withdrawn), membership.Expel(expelled), membership.Lapse(lapsed),
		membership.Succeed(succeeded), membership.SetDuty(dutySet),
	} {
		name := reflect.TypeOf(c).Name()
		estest.Run(t, membership.Decider, cases{
			{Name: name + "_of_a_prospect", Given: events{registered}, When: c, Err: membership.ErrNotMember},
			{Name: name + "_of_an_applicant", Given: events{applicant}, When: c, Err: membership.ErrNotMember},
			{Name: name + "_of_who_is_only_announced", Given: events{registered, announced}, When: c, Err: membership.ErrNotMember},
		})
	}
	dateless := admitted
	dateless.Fact = on("")
	early := membership.Withdrawn{Fact: on("2016")}
	claimed := membership.Withdrawn{Fact: as(terms.Claimed, "2016")}
	claimedDuty := dutySet
	claimedDuty.Status = terms.Claimed
	estest.Run(t, membership.Decider, cases{
		{Name: "claimed_withdrawal", Given: events{registered}, When: membership.Withdraw(claimed), Then: events{claimed}},
		{Name: "claimed_duty", Given: events{registered}, When: membership.SetDuty(claimedDuty), Then: events{claimedDuty}},
		{Name: "duty_met_by_a_prospect", Given: events{registered, claimedDuty}, When: membership.MeetDuty(met), Err: membership.ErrNotMember},
		{Name: "withdrawn_before_admitted_is_recorded", Given: events{registered, admitted}, When: membership.Withdraw(early), Then: events{early}},
		{Name: "admitted_on_no_date", Given: events{registered, dateless}, When: membership.Withdraw(withdrawn), Then: events{withdrawn}},
		{Name: "carried_over", Given: events{carriedOver}, When: membership.Withdraw(withdrawn), Then: events{withdrawn}},
		{Name: "carried_over_after_the_end", Given: events{former}, When: membership.Withdraw(early), Then: events{early}},
		{Name: "no_notice", Given: events{registered, admitted}, When: membership.RevokeNotice(revoked), Err: membership.ErrNoNotice},
	})
}

func TestEndedGuard(t *testing.T) {
	left := events{registered, admitted, dutySet, withdrawn}
	later := on("2021")
	for _, c := range []membership.Command{
		membership.Sign{Fact: later},
		membership.Activate{Fact: later},
		membership.ChangeClass{Fact: later, Class: "full"},
		membership.Hold{Fact: later},
		membership.NoticeSuspension{Fact: later},
		membership.Suspend{Fact: later},
		membership.Resume{Fact: later},
		membership.GiveNotice{Fact: later},
		membership.RevokeNotice{Fact: later},
		membership.Withdraw{Fact: later},
		membership.Expel{Fact: later},
		membership.Lapse{Fact: later},
		membership.Succeed{Fact: later},
		membership.SetDuty{Fact: later, Key: "fee", Kind: "fee", What: text("dues")},
	} {
		estest.Run(t, membership.Decider, cases{{Name: reflect.TypeOf(c).Name() + "_after_the_end", Given: left, When: c, Err: membership.ErrEnded}})
	}
	unsure, thatDay, before := membership.Activated{Fact: on("2020")}, membership.Activated{Fact: on("2020-01-01")}, membership.Activated{Fact: on("2019")}
	elsewhere, lapsedLater := membership.Expelled{Fact: by(paper, "2021")}, membership.Lapsed{Fact: on("2021")}
	withdrawnLater := membership.Withdrawn{Fact: on("2020-02-01")}
	again := membership.Applied{Fact: on("2020-06-01")}
	noticed := events{registered, admitted, notice}
	estest.Run(t, membership.Decider, cases{
		{Name: "perhaps_after_the_end", Given: left, When: membership.Activate(unsure), Then: events{unsure}},
		{Name: "on_the_day", Given: left, When: membership.Activate(thatDay), Then: events{thatDay}},
		{Name: "found_in_an_archive", Given: left, When: membership.Activate(before), Then: events{before}},
		{Name: "claimed", Given: left, When: membership.Activate{Fact: as(terms.Claimed, "2021")}, Then: events{membership.Activated{Fact: as(terms.Claimed, "2021")}}},
		{Name: "invited_again", Given: left, When: membership.Invite{Fact: later}, Then: events{membership.Invited{Fact: later}}},
		{Name: "applied_again", Given: left, When: membership.Apply{Fact: later}, Then: events{membership.Applied{Fact: later}}},
		{Name: "reviewed_again", Given: left, When: membership.BeginReview{Fact: later}, Then: events{membership.ReviewBegun{Fact: later}}},
		{Name: "admitted_again", Given: left, When: membership.Admit{Fact: later}, Then: events{membership.Admitted{Fact: later}}},
		{Name: "active_as_an_applicant_again", Given: append(left, again), When: membership.Activate{Fact: later}, Err: membership.ErrEnded},
		{Name: "active_as_a_member_again", Given: append(left, again, membership.Admitted{Fact: on("2020-09")}), When: membership.Activate{Fact: later}, Then: events{membership.Activated{Fact: later}}},
		{Name: "duty_met_late", Given: left, When: membership.MeetDuty{Fact: later, Duty: "report"}, Then: events{membership.DutyMet{Fact: later, Duty: "report"}}},
		{Name: "duty_waived_late", Given: left, When: membership.WaiveDuty{Fact: later, Duty: "report"}, Then: events{membership.DutyWaived{Fact: later, Duty: "report"}}},
		{Name: "duty_extended_late", Given: left, When: membership.ExtendDuty{Fact: later, Duty: "report", To: day("2022")}, Then: events{membership.DutyExtended{Fact: later, Duty: "report", To: day("2022")}}},
		{Name: "another_end_by_another_source", Given: left, When: membership.Expel(elsewhere), Then: events{elsewhere}},
		{Name: "withdrawn_after_a_notice", Given: noticed, When: membership.Withdraw(withdrawnLater), Then: events{withdrawnLater}},
		{Name: "expelled_after_a_notice_took_effect", Given: noticed, When: membership.Expel{Fact: on("2020-02-01")}, Err: membership.ErrEnded},
		{Name: "active_after_a_notice_took_effect", Given: noticed, When: membership.Activate{Fact: on("2020-02-01")}, Err: membership.ErrEnded},
		{Name: "lapse_recorded_after_it_followed", Given: events{registered, admitted, once(membership.ConsequenceLapse)}, When: membership.Lapse(lapsedLater), Then: events{lapsedLater}},
		{Name: "withdrawn_after_what_was_carried_over_ended", Given: events{former}, When: membership.Withdraw{Fact: later}, Err: membership.ErrEnded},
		{Name: "corrected_to_after_the_end", Given: events{registered, admitted, activated, withdrawn}, When: membership.Correct(corrected(3, membership.Activated{Fact: later})), Err: membership.ErrEnded},
	})
}

func TestDutyGuard(t *testing.T) {
	given := events{registered, admitted, dutySet}
	other, again := dutySet, dutySet
	other.Due, again.Fact = day("2019-04-30"), on("2018-02-01")
	claimed := membership.DutyMet{Fact: as(terms.Claimed, "2019"), Duty: "fee"}
	for _, c := range []membership.Command{
		membership.MeetDuty{Duty: "fee"},
		membership.WaiveDuty{Duty: "fee"},
		membership.ExtendDuty{Duty: "fee", To: day("2020")},
		membership.Hold{Duty: "fee"},
		membership.NoticeSuspension{Duty: "fee"},
		membership.Suspend{Duty: "fee"},
		membership.MeetDuty(claimed),
	} {
		estest.Run(t, membership.Decider, cases{{Name: reflect.TypeOf(c).Name() + "_of_no_duty", Given: given, When: c, Err: membership.ErrNoDuty}})
	}
	estest.Run(t, membership.Decider, cases{
		{Name: "key_of_another_duty", Given: given, When: membership.SetDuty(other), Err: membership.ErrKeyTaken},
		{Name: "the_same_duty_on_another_date", Given: given, When: membership.SetDuty(again), Then: events{again}},
		{Name: "corrected_in_place", Given: given, When: membership.Correct(corrected(3, other)), Then: events{corrected(3, other)}},
	})
}
