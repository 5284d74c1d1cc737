package membership_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/terms"
)

// at says how a party stands as of dates.
type at map[string]string

func (h *history) check(t *testing.T, dates at) {
	t.Helper()
	for date, want := range dates {
		require.Equal(t, want, h.standing(date), "as of %s", date)
	}
}

func TestStandings(t *testing.T) {
	dateless, vague := admitted, admitted
	dateless.Fact, vague.Fact = on(""), on("2018")
	back := membership.Admitted{Fact: on("2021-01-01"), Class: "observer"}
	for name, c := range map[string]struct {
		given events
		want  at
	}{
		"a_life": {
			events{registered, invited, applied, reviewed, admitted, signed, activated, withdrawn},
			at{
				"2015": "", "2016-06": "prospect?", "2017-01-15": "invited", "2017-02-15": "applied", "2017-02-15/2017-03-15": "applied under_review?",
				"2017-12-31": "under_review", "2018-01-01": "admitted", "2018-02-01": "signed", "2019-12-31": "active", "2020-01-01": "withdrawn", "2030": "withdrawn",
			},
		},
		"refused_and_asking_again": {
			events{registered, applied, rejected, membership.Applied{Fact: on("2017-06-01")}, membership.Rejected{Fact: on("2017-09-01")}},
			at{"2017-02-15": "applied", "2017-04-01": "prospect", "2017-07": "applied", "2017-10": "prospect"},
		},
		"refusals_compete": {
			events{registered, applied, rejected, membership.Rejected{Fact: on("2017-03-01")}},
			at{"2017-03-15": "applied", "2017-04-01": "prospect"},
		},
		"application_recorded_after_an_undated_refusal": {
			events{registered, applied, membership.Rejected{}, membership.Applied{}},
			at{"2018": "applied prospect? applied?"},
		},
		"admitted_on_no_date": {events{registered, dateless}, at{"2018": "prospect admitted?", "1990": "admitted?"}},
		"admitted_some_time_in_a_year": {
			events{registered, vague, signed}, at{"2017-12-31": "prospect", "2018-01-15": "prospect admitted?", "2018-02-01": "signed", "2019": "signed"},
		},
		"steps_keep_their_order": {
			events{registered, admitted, signed, membership.Activated{Fact: on("2018")}},
			at{"2018-01-15": "admitted active?", "2018-06": "signed active?", "2019": "active"},
		},
		"first_of_competing_admissions_stands": {
			events{registered, admitted, membership.Admitted{Fact: on("2017-06-01")}}, at{"2017-07": "prospect", "2018-01-01": "admitted"},
		},
		"expelled":  {events{registered, admitted, expelled}, at{"2020-01-01": "expelled"}},
		"lapsed":    {events{registered, admitted, lapsed}, at{"2020-01-01": "lapsed"}},
		"succeeded": {events{registered, admitted, succeeded}, at{"2020-01-01": "succeeded"}},
		"first_of_competing_ends_stands": {
			events{registered, admitted, withdrawn, membership.Expelled{Fact: by(paper, "2019-06-01")}},
			at{"2019-07": "admitted", "2020-01-01": "withdrawn", "2021": "withdrawn"},
		},
		"admitted_again": {
			events{registered, admitted, withdrawn, membership.Applied{Fact: on("2020-06-01")}, back},
			at{"2019": "admitted", "2020-03": "withdrawn", "2020-07": "applied", "2021": "admitted"},
		},
		"admitted_again_on_the_same_day": {events{registered, admitted, withdrawn, membership.Admitted{Fact: on("2020-01-01")}}, at{"2020-01-01": "admitted"}},
		"admitted_again_on_no_date": {
			events{registered, admitted, withdrawn, membership.Admitted{}}, at{"2019": "admitted admitted?", "2021": "withdrawn admitted?"},
		},
		"undated_admission_before_a_recorded_end":            {events{registered, dateless, withdrawn}, at{"2019": "prospect admitted?", "2020-01-01": "withdrawn"}},
		"undated_admission_of_whom_a_register_has_as_former": {events{former, dateless}, at{"2016": "admitted? withdrawn?", "2018": "withdrawn"}},
		"old_admission_of_whom_a_register_has_as_former": {
			events{former, membership.Admitted{Fact: on("2015-05-01")}}, at{"2015-06": "admitted withdrawn?", "2018": "withdrawn"},
		},
		"activation_of_unknown_date_is_of_the_round_before": {
			events{registered, admitted, withdrawn, membership.Activated{}}, at{"2019": "admitted active?", "2021": "withdrawn"},
		},
		"signature_from_before_the_second_round": {
			events{registered, admitted, membership.Withdrawn{}, back, membership.Signed{Fact: on("2018-05-01")}},
			at{"2020": "signed withdrawn?", "2021-06": "admitted"},
		},
		"active_after_the_end_is_no_member": {
			events{registered, admitted, withdrawn, back, membership.Activated{Fact: on("2022")}, voided(4)}, at{"2023": "withdrawn"},
		},
		"active_without_admission": {events{registered, admitted, activated, voided(2)}, at{"2018-02": "prospect", "2018-03-01": "active"}},
		"signed_without_admission": {events{registered, admitted, signed, voided(2)}, at{"2019": "prospect"}},
		"withdrawn_before_admitted": {
			events{registered, admitted, membership.Withdrawn{Fact: on("2017-01-01")}}, at{"2017-06": "withdrawn", "2018-01-01": "admitted"},
		},
		"opening_after_all": {
			events{membership.Registered{Fact: on("2023"), Network: network, Party: ref(essen)}, admitted, withdrawn},
			at{"2019": "admitted", "2024": "withdrawn"},
		},
		"carried_over":           {events{carriedOver}, at{"2017": "", "2018-06": "active?", "2019": "active"}},
		"carried_over_applicant": {events{applicant, admitted}, at{"2017": "applied", "2018-01-01": "admitted"}},
		"carried_over_signed": {
			events{membership.CarriedOver{Fact: on("2018"), Standing: membership.StandingSigned, Since: day("2017-05-01")}}, at{"2018": "signed"},
		},
		"carried_over_admitted": {
			events{membership.CarriedOver{Fact: on("2018"), Standing: membership.StandingAdmitted, Since: day("2017-05-01")}}, at{"2018": "admitted"},
		},
		"carried_over_prospect": {events{membership.CarriedOver{Fact: on("2018"), Standing: membership.StandingProspect}}, at{"2019": "prospect"}},
		"carried_over_on_hold": {
			events{
				membership.CarriedOver{Fact: on("2018-05-01"), Standing: membership.StandingOnHold, Class: "observer"},
				membership.Resumed{Fact: on("2018-06-01")},
			}, at{"2018-05-15": "on_hold", "2018-06-01": "active"},
		},
		"carried_over_suspended": {events{membership.CarriedOver{Fact: on("2018"), Standing: membership.StandingSuspended}}, at{"2019": "suspended"}},
		"left_before_it_was_carried_over": {
			events{carriedOver, membership.Withdrawn{Fact: on("2016-01-01")}}, at{"2017": "withdrawn", "2019": "active"},
		},
		"disputed":         {events{registered, admitted, disputed(2)}, at{"2019": "prospect"}},
		"disputed_upheld":  {events{registered, admitted, disputed(2), ruled(3, true)}, at{"2019": "admitted"}},
		"voided":           {events{registered, admitted, voided(1)}, at{"2019": ""}},
		"registered_again": {events{registered, admitted, voided(1), registered}, at{"2019": "prospect"}},
	} {
		t.Run(name, func(t *testing.T) { after(c.given...).check(t, c.want) })
	}
}

func TestHoldsAndSuspensions(t *testing.T) {
	live := func(more ...membership.Event) events { return append(events{registered, admitted, activated}, more...) }
	unnoticed := warned
	unnoticed.From = edtf.Date{}
	second := membership.PutOnHold{Fact: on("2019-02-01")}
	for name, c := range map[string]struct {
		given events
		want  at
	}{
		"on_hold_until_a_day": {live(held), at{"2018-12-31": "active", "2019-01-01": "on_hold", "2019-02-28": "on_hold", "2019-03-01": "active"}},
		"resumed_sooner":      {live(held, membership.Resumed{Fact: on("2019-02-01")}), at{"2019-01-31": "on_hold", "2019-02-01": "active", "2019-04": "active"}},
		"resumed_some_time":   {live(held, membership.Resumed{}), at{"2019-02": "on_hold active?", "2019-03-01": "active"}},
		"resumed_that_year":   {live(membership.PutOnHold{Fact: on("2019-06-01")}, membership.Resumed{Fact: on("2019")}), at{"2019-03": "active", "2019-07": "on_hold active?", "2020": "active"}},
		"until_a_day_before":  {live(membership.PutOnHold{Fact: on("2019-05-01"), Until: day("2019-03-01")}), at{"2019-06": "on_hold"}},
		"two_holds": {
			live(held, second), at{"2019-01-15": "on_hold", "2019-03-01": "on_hold", "2020": "on_hold"},
		},
		"resumed_ends_both":        {live(held, second, resumed), at{"2019-05-31": "on_hold", "2019-06-01": "active"}},
		"held_again":               {live(second, resumed, membership.PutOnHold{Fact: on("2019-08-01")}), at{"2019-06-01": "active", "2019-08-01": "on_hold"}},
		"suspended":                {live(suspended), at{"2019-04-30": "active", "2019-05-01": "suspended"}},
		"suspension_weighs_more":   {live(second, suspended), at{"2019-04-30": "on_hold", "2019-05-01": "suspended"}},
		"hold_within_a_suspension": {live(suspended, membership.PutOnHold{Fact: on("2019-05-15"), Until: day("2019-05-20")}), at{"2019-05-17": "suspended", "2019-06": "suspended"}},
		"suspended_by_notice":      {live(warned), at{"2019-04-30": "active", "2019-05-01": "suspended"}},
		"notice_without_a_day":     {live(unnoticed), at{"2019-06": "active"}},
		"resumed_before_the_day":   {live(warned, membership.Resumed{Fact: on("2019-04-15")}), at{"2019-05-01": "active"}},
		"perhaps_resumed_before":   {live(warned, membership.Resumed{Fact: on("2019")}), at{"2019-05-15": "active suspended? active?", "2020": "active"}},
		"recorded_instead_of_the_notice": {
			live(warned, membership.Suspended{Fact: on("2019-05-10")}), at{"2019-05-05": "active", "2019-05-10": "suspended"},
		},
		"suspended_before_the_notice": {live(membership.Suspended{Fact: on("2019-03-01")}, resumedOn("2019-03-15"), warned), at{"2019-03-20": "active", "2019-05-01": "suspended"}},
		"suspended_again_later": {
			live(warned, resumed, membership.Suspended{Fact: on("2019-09-01")}), at{"2019-05-01": "suspended", "2019-06-01": "active", "2019-09-01": "suspended"},
		},
		"activated_while_on_hold":   {events{registered, admitted, held, membership.Activated{Fact: on("2019-02-01")}}, at{"2019-02-15": "on_hold", "2019-03-01": "active"}},
		"held_before_it_was_active": {events{registered, admitted, held}, at{"2018": "admitted", "2019-01-15": "on_hold", "2019-03-01": "active"}},
		"on_hold_on_no_date":        {live(membership.PutOnHold{}), at{"2018-02": "admitted on_hold?", "2020": "active on_hold?"}},
		"ends_with_the_membership":  {live(suspended, withdrawn), at{"2020-01-01": "withdrawn"}},
		"not_in_the_next_round":     {live(suspended, withdrawn, membership.Admitted{Fact: on("2021-01-01")}), at{"2021-06": "admitted"}},
		"of_nobody":                 {events{registered, admitted, held, voided(2)}, at{"2019-02": "prospect"}},
	} {
		t.Run(name, func(t *testing.T) { after(c.given...).check(t, c.want) })
	}
}

func resumedOn(date string) membership.Resumed { return membership.Resumed{Fact: on(date)} }

func TestNotices(t *testing.T) {
	open := notice
	open.Period = edtf.Period{}
	until := membership.NoticeGiven{Fact: on("2019-07-01"), Until: day("2019-10-01"), Period: edtf.Period{Months: 6}}
	late := membership.NoticeRevoked{Fact: on("2020-06-01")}
	for name, c := range map[string]struct {
		given events
		want  at
	}{
		"period":                   {events{notice}, at{"2019-12-31": "admitted", "2020-01-01": "withdrawn"}},
		"day":                      {events{until}, at{"2019-09-30": "admitted", "2019-10-01": "withdrawn"}},
		"neither":                  {events{open}, at{"2030": "admitted"}},
		"undated":                  {events{membership.NoticeGiven{Period: edtf.Period{Months: 6}}}, at{"2030": "admitted"}},
		"revoked":                  {events{notice, revoked}, at{"2030": "admitted"}},
		"revoked_too_late":         {events{notice, late}, at{"2030": "withdrawn"}},
		"revoked_and_given_again":  {events{notice, revoked, membership.NoticeGiven{Fact: on("2019-09-01"), Until: day("2020-03-01")}}, at{"2020-02": "admitted", "2020-03-01": "withdrawn"}},
		"left_sooner":              {events{notice, membership.Withdrawn{Fact: on("2019-09-01")}}, at{"2019-08": "admitted", "2019-09-01": "withdrawn"}},
		"left_later":               {events{notice, membership.Withdrawn{Fact: on("2020-02-01")}}, at{"2020-01-15": "admitted", "2020-02-01": "withdrawn"}},
		"back_after_leaving_early": {events{notice, membership.Withdrawn{Fact: on("2019-09-01")}, membership.Admitted{Fact: on("2019-10-01")}}, at{"2020-06": "admitted"}},
		"back_after_it_took_effect": {
			events{notice, membership.Admitted{Fact: on("2020-03-01")}, membership.Withdrawn{Fact: on("2021-01-01")}},
			at{"2020-02": "withdrawn", "2020-03-01": "admitted", "2021-01-01": "withdrawn"},
		},
		"back_some_time_in_the_year_of_the_end": {
			events{membership.NoticeGiven{Fact: on("2019-07-01"), Until: day("2020-05-01")}, membership.Admitted{Fact: on("2020")}},
			at{"2020-04": "admitted admitted?", "2020-06": "withdrawn admitted?", "2021": "admitted"},
		},
		"left_once_before": {
			events{membership.Withdrawn{Fact: on("2018-06-01")}, membership.Admitted{Fact: on("2018-09-01")}, notice}, at{"2019": "admitted", "2020-01-01": "withdrawn"},
		},
		"back_within_the_year": {events{notice, membership.Admitted{Fact: on("2020")}}, at{"2019": "admitted", "2020-06": "withdrawn admitted?", "2021": "admitted"}},
	} {
		t.Run(name, func(t *testing.T) { after(append(events{registered, admitted}, c.given...)...).check(t, c.want) })
	}
}

func TestRounds(t *testing.T) {
	h := after(registered, admitted, withdrawn, membership.Admitted{Fact: on("2021-01-01"), Class: "observer"}, membership.Expelled{Fact: on("2022-01-01")})
	var rounds []int
	for i, span := range h.state.Spans() {
		rounds = append(rounds, span.Round)
		require.Equal(t, i, span.Rank)
	}
	require.Equal(t, []int{1, 1, 1, 2, 2}, rounds)
	require.Equal(t, membership.Span{
		Standing: membership.StandingAdmitted, Class: "observer", Round: 2, Rank: 3, From: day("2021-01-01"), By: 4,
	}, h.state.Spans()[3])
}

func TestMember(t *testing.T) {
	h := after(registered, admitted, suspended, withdrawn)
	require.Equal(t, edtf.No, h.state.Member(day("2017")))
	require.Equal(t, edtf.Maybe, h.state.Member(day("2017/2018")))
	require.Equal(t, edtf.Yes, h.state.Member(day("2018")))
	require.Equal(t, edtf.Yes, h.state.Member(day("2019")))
	require.Equal(t, edtf.No, h.state.Member(day("2020")))
	dateless := admitted
	dateless.Fact = on("")
	require.Equal(t, edtf.Maybe, after(registered, dateless).state.Member(day("2019")))
	require.Equal(t, edtf.Yes, after(registered, admitted, membership.Activated{}).state.Member(day("2019")))
	for _, s := range membership.Standing("").Words() {
		standing := membership.Standing(s)
		member := false
		for _, m := range everyStandingMember {
			member = member || m == standing
		}
		require.Equal(t, member, standing.Member(), s)
	}
	require.False(t, membership.StandingSuspended.Ended())
	require.True(t, membership.StandingWithdrawn.Ended())
	require.False(t, membership.Standing("").Ended())
}

func TestClasses(t *testing.T) {
	h := after(registered, applied, admitted, activated, changed)
	for date, want := range map[string]string{
		"2017-06": "", "2018-01-15": "full", "2018-05-31": "full", "2018-06-01": "associate", "2018-06": "associate", "2018": "full associate?", "2030": "associate",
	} {
		require.Equal(t, want, h.class(date), date)
	}
	require.Equal(t, "observer", string(h.state.Spans()[1].Class), "what it asked to be")
	require.Equal(t, membership.Key("city"), h.state.Spans()[2].OwnClass)
	for name, c := range map[string]struct {
		given events
		want  at
	}{
		"unstated":           {events{registered, membership.Admitted{Fact: on("2018")}}, at{"2019": ""}},
		"carried_over":       {events{carriedOver, changed}, at{"2018-05": "full?", "2019": "associate"}},
		"carried_over_rests": {events{membership.CarriedOver{Fact: on("2018"), Class: "observer", Standing: membership.StandingOnHold}}, at{"2019": "observer"}},
		"while_on_hold":      {events{registered, admitted, held, membership.ClassChanged{Fact: on("2019-02-01"), Class: "observer"}}, at{"2019-01-15": "full", "2019-02-15": "observer", "2020": "observer"}},
		"on_no_date":         {events{registered, admitted, membership.ClassChanged{Class: "observer"}}, at{"2019": "full observer?"}},
		"before_activation_some_time": {
			events{registered, admitted, membership.Activated{Fact: on("2018")}, changed}, at{"2018-06-15": "associate", "2019": "associate"},
		},
		"not_after_the_end": {events{registered, admitted, withdrawn}, at{"2021": ""}},
		"another_round":     {events{registered, admitted, withdrawn, membership.Admitted{Fact: on("2021-01-01")}}, at{"2022": ""}},
	} {
		t.Run(name, func(t *testing.T) {
			for date, want := range c.want {
				require.Equal(t, want, after(c.given...).class(date), date)
			}
		})
	}
	t.Run("a_change_keeps_the_standing", func(t *testing.T) {
		associate := membership.ClassChanged{Fact: on("2019-02-01"), Class: "associate"}
		require.Equal(t, "admitted active?", after(registered, admitted, membership.Activated{Fact: on("2019")}, associate).standing("2019-03"))
		require.Equal(t, "on_hold", after(registered, admitted, held, membership.ClassChanged{Fact: on("2019-02-01"), Class: "observer"}).standing("2019-02-15"))
	})
}

func TestDescribe(t *testing.T) {
	d := after(registered, admitted, membership.ClassChanged{Class: "observer"}, succeeded).state.Describe()
	require.Equal(t, membership.Description{Network: network, Party: registered.Party, Class: "observer", Heir: ref(regio)}, d)
	d = after(registered, admitted, membership.Admitted{}).state.Describe()
	require.Equal(t, membership.Description{Network: network, Party: registered.Party, Class: "full", OwnClass: "city"}, d)
	require.Equal(t, membership.Class("full"), after(carriedOver).state.Describe().Class)
	require.Empty(t, after(registered, voided(1)).state.Describe())
	h := after(registered)
	n, p := h.state.Pair()
	require.Equal(t, network, n)
	require.Equal(t, registered.Party, p)
	require.Equal(t, "ESSEN", h.state.Title().Value)
	n, p = after(registered, voided(1)).state.Pair()
	require.Empty(t, n)
	require.Empty(t, p)
}

func TestStatus(t *testing.T) {
	claimed, announced := registered, admitted
	claimed.Status, announced.Status = terms.Claimed, terms.Announced
	maybe := membership.Admitted{Fact: as(terms.Claimed, "2018")}
	for name, c := range map[string]struct {
		given events
		want  terms.Status
	}{
		"a_prospect":             {events{registered}, terms.Recorded},
		"a_member":               {events{registered, admitted}, terms.Recorded},
		"claimed":                {events{claimed}, terms.Claimed},
		"claimed_and_recorded":   {events{claimed, admitted}, terms.Recorded},
		"a_prospect_claimed":     {events{registered, maybe}, terms.Claimed},
		"claimed_and_announced":  {events{claimed, maybe, announced}, terms.Announced},
		"announced_then_claimed": {events{claimed, announced, maybe}, terms.Announced},
		"contested":              {events{registered, admitted, disputed(2)}, terms.Disputed},
		"set_aside":              {events{registered, admitted, disputed(2), ruled(3, false)}, terms.Disputed},
		"carried_over":           {events{carriedOver}, terms.Recorded},
		"voided":                 {events{registered, voided(1)}, terms.Disputed},
		"nothing":                {nil, terms.Disputed},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, after(c.given...).state.Status()) })
	}
}
