package membership_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestFindings(t *testing.T) {
	early := admitted
	early.Fact = decided(founded, "2017-02-15")
	vague, undecided, otherwise := admitted, admitted, admitted
	vague.Fact, undecided.Fact, otherwise.Fact = decided(founded, "2017"), decided(terms.Ref(network), "2018-01-01"), decided(anotherDecision, "2017-06")
	undated, unsure, open := activated, activated, activated
	undated.Fact, unsure.Fact, open.Fact = on(""), on("2019?"), on("2019/..")
	unsourced := activated
	unsourced.Source = terms.Citation{}
	nobody := succeeded
	nobody.By = terms.PartyRef{}
	claimed := registered
	claimed.Status = terms.Claimed
	live := events{registered, admitted}
	hold := once(membership.ConsequenceHold)
	for name, c := range map[string]struct {
		given events
		want  []string
	}{
		"nothing": {
			events{registered, invited, applied, reviewed, admitted, signed, activated, changed, held, warned, suspended, resumed, notice, withdrawn}, nil,
		},
		"nothing_of_duties":               {append(live, dutySet, met), nil},
		"nothing_of_an_older_register":    {events{carriedOver}, nil},
		"nothing_of_what_was_void":        {events{registered, undecided, voided(1)}, nil},
		"no_source":                       {append(live, unsourced), []string{"unsourced"}},
		"undated":                         {append(live, undated), []string{"undated"}},
		"uncertain_date":                  {append(live, unsure), []string{"uncertain_date"}},
		"open_date":                       {append(live, open), []string{"open_date"}},
		"undated_duty":                    {append(live, setOn("", hold)), nil},
		"undated_performance":             {append(live, hold, metOn("", "")), []string{"undated", "undecidable"}},
		"no_decision":                     {events{registered, membership.Admitted{Fact: on("2018")}}, []string{"no_decision"}},
		"decision_is_no_event":            {events{registered, undecided}, []string{"no_decision"}},
		"claimed_admission_decides_none":  {events{registered, membership.Admitted{Fact: as(terms.Claimed, "2018")}}, []string{"claimed", "only_claimed"}},
		"only_claimed":                    {events{claimed}, []string{"claimed", "only_claimed"}},
		"claimed_and_then_recorded":       {events{claimed, admitted}, []string{"claimed"}},
		"contested":                       {append(live, disputed(2)), []string{"in_dispute", "only_claimed"}},
		"heir_unnamed":                    {append(live, nobody), []string{"heir_unnamed"}},
		"heir":                            {append(live, succeeded), nil},
		"competing_admissions":            {append(live, otherwise), []string{"competing"}},
		"the_same_admission_elsewhere":    {append(live, membership.Admitted{Fact: decidedBy(paper)}), nil},
		"admitted_as_something_else":      {append(live, membership.Admitted{Fact: decidedBy(paper), Class: "observer"}), []string{"competing"}},
		"admitted_as_something_own":       {append(live, membership.Admitted{Fact: decidedBy(paper), OwnClass: "town"}), []string{"competing"}},
		"competing_signatures":            {append(live, signed, membership.Signed{Fact: on("2018-05-01")}), []string{"competing"}},
		"competing_activations":           {append(live, activated, membership.Activated{Fact: on("2018-05-01")}), []string{"competing"}},
		"competing_applications":          {events{registered, applied, membership.Applied{Fact: on("2017-02-02")}}, []string{"competing"}},
		"applied_again":                   {events{registered, applied, rejected, membership.Applied{Fact: on("2017-06-01")}}, nil},
		"competing_refusals":              {events{registered, applied, rejected, membership.Rejected{Fact: on("2017-05-01")}}, []string{"competing"}},
		"competing_ends":                  {append(live, withdrawn, membership.Expelled{Fact: by(paper, "2020-05-01")}), []string{"competing"}},
		"competing_duties":                {append(live, hold, setOn("2018-05-01", hold)), []string{"competing"}},
		"admitted_before_applying":        {events{registered, membership.Applied{Fact: on("2017-06-01")}, early}, []string{"contradiction"}},
		"perhaps_admitted_before":         {events{registered, applied, vague}, []string{"undecidable"}},
		"admitted_before_invited":         {events{registered, invited, membership.Admitted{Fact: decided(founded, "2016-05-01")}}, []string{"contradiction"}},
		"admitted_before_reviewed":        {events{registered, reviewed, early}, []string{"contradiction"}},
		"reviewed_before_applying":        {events{registered, applied, membership.ReviewBegun{Fact: on("2017-01-15")}}, []string{"contradiction"}},
		"signed_before_admitted":          {append(live, membership.Signed{Fact: on("2017")}), []string{"contradiction"}},
		"active_before_admitted":          {append(live, membership.Activated{Fact: on("2017")}), []string{"contradiction"}},
		"rests_before_admitted":           {append(live, membership.PutOnHold{Fact: on("2017")}), []string{"contradiction"}},
		"class_before_admitted":           {append(live, membership.ClassChanged{Fact: on("2017"), Class: "full"}), []string{"contradiction"}},
		"left_before_admitted":            {append(live, membership.Withdrawn{Fact: on("2017")}), []string{"contradiction"}},
		"perhaps_left_before_admitted":    {append(live, membership.Withdrawn{Fact: on("2017/2018")}), []string{"undecidable"}},
		"perhaps_left_before_resting":     {append(live, membership.PutOnHold{Fact: on("2019-06-01")}, membership.Withdrawn{Fact: on("2019")}), []string{"undecidable"}},
		"no_admission":                    {append(live, activated, signed, voided(2)), []string{"no_admission"}},
		"no_admission_to_rest_from":       {append(live, held, voided(2)), []string{"no_admission"}},
		"active_after_the_end":            {append(live, withdrawn, membership.Admitted{Fact: decided(founded, "2021")}, membership.Activated{Fact: on("2022")}, voided(4)), []string{"after_end"}},
		"on_hold_after_the_end":           {append(live, withdrawn, membership.Admitted{Fact: decided(founded, "2021")}, membership.PutOnHold{Fact: on("2022")}, voided(4)), []string{"after_end"}},
		"nothing_resumed":                 {append(live, resumed), []string{"nothing_resumed"}},
		"resumed_before_a_notice_ran_out": {append(live, warned, resumedOn("2019-04-15")), nil},
		"resumed_from_a_duty":             {append(live, hold, resumed), nil},
		"suspended_without_notice":        {append(live, suspended), []string{"without_notice"}},
		"suspended_before_the_notice":     {append(live, warned, membership.Suspended{Fact: on("2019-03-01")}), []string{"without_notice"}},
		"perhaps_suspended_before":        {append(live, warned, membership.Suspended{Fact: on("2019-03/2019-05")}), []string{"undecidable"}},
		"suspended_undated":               {append(live, warned, membership.Suspended{Fact: on("")}), []string{"undated"}},
		"suspended_undated_no_notice":     {append(live, membership.Suspended{Fact: on("")}), []string{"undated", "without_notice"}},
		"suspended_on_an_undated_notice":  {append(live, membership.SuspensionNoticed{Fact: on("")}, suspended), []string{"undated"}},
		"notice_of_another_round": {
			append(live, warned, withdrawn, membership.Admitted{Fact: decided(founded, "2021")}, membership.Suspended{Fact: on("2022")}), []string{"without_notice"},
		},
		"perhaps_met_in_time":   {append(live, hold, metOn("2019", "")), []string{"undecidable"}},
		"notice_open":           {append(live, membership.NoticeGiven{Fact: on("2019")}), []string{"notice_open"}},
		"revoked_late":          {append(live, notice, membership.NoticeRevoked{Fact: on("2020-06-01")}), []string{"revoked_late"}},
		"revoked_in_time":       {append(live, notice, revoked), nil},
		"met_for_no_due_date":   {append(live, hold, metOn("2019-03-01", "2019-03-30")), []string{"not_due"}},
		"duty_voided":           {append(live, hold, met, voided(3)), []string{"no_duty"}},
		"duty_of_a_hold_voided": {append(live, hold, membership.PutOnHold{Fact: on("2019-05-01"), Duty: "report"}, voided(3)), []string{"no_duty"}},
	} {
		t.Run(name, func(t *testing.T) { require.ElementsMatch(t, c.want, after(c.given...).findings()) })
	}
	t.Run("in_full", func(t *testing.T) {
		require.Equal(t, []terms.Finding{{
			Code: "membership.contradiction", Events: []es.Revision{2, 3}, Detail: "the party was admitted before it applied: 2017-02-15 before 2017-06-01",
		}}, after(registered, early, membership.Applied{Fact: on("2017-06-01")}).state.Findings())
	})
}

// decidedBy is the fact of the admission as another source has it.
func decidedBy(source terms.SourceID) terms.Fact {
	f := admitted.Fact
	f.Source.ID = source
	return f
}

// The Greek network: two founders, and seven new members of which the source
// says neither since when nor by which decision.
func TestGreekNetwork(t *testing.T) {
	founder := after(registered).do(t, membership.Admit{Fact: decided(founded, "2018"), Class: "founder"})
	require.Empty(t, founder.findings())
	require.Equal(t, "founder", founder.class("2019"))
	require.Equal(t, "admitted", founder.standing("2019"))

	newcomer := after(registered).do(t, membership.Admit{Fact: on(""), Class: "full"}, membership.Sign{Fact: on(""), Instrument: charter})
	require.ElementsMatch(t, []string{"undated", "no_decision"}, newcomer.findings())
	require.Equal(t, "prospect admitted? signed?", newcomer.standing("2019"))
	require.Equal(t, terms.Recorded, newcomer.state.Status())
}

// The Strong Cities Network: Oslo is said to take part, and Montréal's mayor to
// have agreed to join.
func TestStrongCitiesNetwork(t *testing.T) {
	claimed := registered
	claimed.Fact = as(terms.Claimed, "")
	oslo := after(claimed)
	montreal := after(claimed).do(t, membership.Admit{Fact: as(terms.Claimed, "../2015-09-29"), Class: "founder"})
	for _, h := range []*history{oslo, montreal} {
		require.Empty(t, h.state.Spans())
		require.Equal(t, terms.Claimed, h.state.Status())
		require.Contains(t, h.findings(), "only_claimed")
		require.Empty(t, h.class("2016"))
	}
}
