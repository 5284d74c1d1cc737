package memorandum_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestFindings(t *testing.T) {
	pact := memorandum.Draft(drafted(agreed{Consent: "ratification"}, lviv, graz))
	signs := memorandum.Draft(drafted(agreed{}, lviv, graz))
	early := drafted(agreed{Consent: "ratification"}, lviv)
	early.Occurred = day("2019")
	for name, c := range map[string]struct {
		first memorandum.Command
		then  commands
		want  []string
	}{
		"nothing":        {pact, nil, []string{}},
		"unsourced":      {pact, commands{memorandum.Sign{Fact: terms.Fact{Occurred: day("2018")}, Party: ref(lviv)}}, []string{"unsourced"}},
		"announced":      {pact, commands{memorandum.Sign{Fact: as(terms.Announced, "2018"), Party: ref(lviv)}}, []string{"announced"}},
		"undated":        {pact, commands{sign(lviv, "")}, []string{"undated"}},
		"undated_close":  {pact, commands{memorandum.Close{Fact: on("")}, sign(lviv, "2018")}, []string{"undated", "undecidable"}},
		"open_date":      {pact, commands{sign(lviv, "2018/..")}, []string{"open_date"}},
		"uncertain_date": {pact, commands{sign(lviv, "2018-05~")}, []string{"uncertain_date"}},
		"same_date_in_another_source": {pact, commands{
			sign(lviv, "2018"), memorandum.Sign{Fact: from(archive, "2018"), Party: ref(lviv)},
		}, []string{}},
		"competing_signatures": {pact, commands{
			sign(lviv, "2018"), memorandum.Sign{Fact: from(archive, "2019"), Party: ref(lviv)},
		}, []string{"competing"}},
		"competing_consents": {pact, commands{consent(lviv, "ratification", "2018"), consent(lviv, "approval", "2019")}, []string{"competing"}},
		"competing_adoptions": {pact, commands{
			memorandum.Adopt{Fact: on("2017")}, memorandum.Adopt{Fact: from(archive, "2018")},
		}, []string{"competing"}},
		"competing_ends": {pact, commands{memorandum.Terminate{Fact: on("2018")}, memorandum.Supersede{Fact: on("2018"), By: other}}, []string{"competing"}},
		"opened_before_adopted": {pact, commands{memorandum.Adopt{Fact: on("2018")}, memorandum.Open{Fact: on("2017")}}, []string{
			"contradiction",
		}},
		"signed_before_opened":         {pact, commands{memorandum.Open{Fact: on("2018")}, sign(lviv, "2017")}, []string{"contradiction"}},
		"perhaps_signed_before_opened": {pact, commands{memorandum.Open{Fact: on("2018")}, sign(lviv, "2018-05")}, []string{"undecidable"}},
		"perhaps_after_the_closing":    {pact, commands{memorandum.Close{Fact: on("2018-05-15")}, sign(lviv, "2018-05")}, []string{"undecidable"}},
		"perhaps_after_the_last_day": {pact, commands{
			memorandum.Open{Fact: on("2018-01-01"), Until: day("2018-05-15")}, sign(lviv, "2018-05"),
		}, []string{"undecidable"}},
		"closed_before_what_was_signed": {pact, commands{sign(lviv, "2018-05"), memorandum.Close{Fact: on("2018-01-01")}}, []string{"contradiction"}},
		"left_before_giving_notice": {pact, commands{
			sign(lviv, "2018-01-01"), memorandum.GiveNotice{Fact: on("2019-05-01"), Party: lviv, Until: day("2019-04-01")},
		}, []string{"contradiction"}},
		"notice_of_some_year": {pact, commands{sign(lviv, "2015"), memorandum.GiveNotice(noticed(lviv, "[2018..2019]"))}, []string{}},
		"left_before_consenting": {pact, commands{
			consent(lviv, "ratification", "2018"), memorandum.Withdraw(withdrawn(lviv, "2018-05-01")),
		}, []string{"undecidable"}},
		"ended_before_in_force": {signs, commands{
			sign(lviv, "2018"), sign(graz, "2018"), memorandum.Terminate{Fact: on("2017")},
		}, []string{"contradiction"}},
		"succession_to_nobody":       {pact, commands{memorandum.Consent{Fact: on("2018"), Party: ref(lviv), Means: "succession"}}, []string{"no_predecessor"}},
		"in_force_on_an_unknown_day": {memorandum.CarryOver(carriedOver(memorandum.PhaseExpired, "2014")), nil, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			h := begin(t, c.first).do(c.then...)
			require.Equal(t, c.want, h.findings())
			for _, f := range h.state.Findings() {
				require.NotEmpty(t, f.Detail)
				require.NotEmpty(t, f.Events, "a finding points at its events")
				require.True(t, slices.IsSorted(f.Events), "%s: %v", f.Code, f.Events)
			}
		})
	}
	t.Run("back_dated_ones_point_at_events_in_order", func(t *testing.T) {
		h := begin(t, pact).do(consent(lviv, "ratification", "2017"), sign(lviv, "2018"))
		require.Equal(t, reasons{2, 3}, h.state.Findings()[0].Events)
	})
	t.Run("settled_by_a_voiding", func(t *testing.T) {
		h := begin(t, pact).do(sign(lviv, "2018"), memorandum.Sign{Fact: from(archive, "2019"), Party: ref(lviv)})
		require.Empty(t, h.void(3).findings())
	})
	t.Run("settled_by_a_correction", func(t *testing.T) {
		h := begin(t, pact).do(sign(lviv, ""))
		require.Empty(t, h.correct(2, signed(lviv, "2018")).findings())
	})
	t.Run("counted_perhaps", func(t *testing.T) {
		h := begin(t, pact).do(memorandum.Count{Fact: as(terms.Claimed, "2018"), Signatories: 3})
		require.Equal(t, []string{"claimed", "unnamed_places"}, h.findings())
		require.Zero(t, h.state.Unnamed())
	})
}
