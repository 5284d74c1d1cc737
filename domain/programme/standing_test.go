package programme_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/programme"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestPhases(t *testing.T) {
	h := after(registered, launched, closed)
	require.Empty(t, h.phase("2015"))
	require.Equal(t, "registered launched?", h.phase("2017-01-15"))
	require.Equal(t, "launched", h.phase("2018"))
	require.Equal(t, "closed", h.phase("2020"))
	t.Run("announced_launch_has_not_happened", func(t *testing.T) {
		announced := programme.Launched{Fact: as(terms.Announced, "2023?-04-24/2023?-04-30"), Purpose: purpose}
		h := after(registered, announced)
		require.Equal(t, "registered", h.phase("2024"))
		require.Empty(t, h.state.Describe().Purpose)
		require.ElementsMatch(t, []string{"announced", "uncertain_date"}, h.findings())
	})
	t.Run("announced_programme_has_a_title_and_no_phase", func(t *testing.T) {
		announced := registered
		announced.Status = terms.Announced
		h := after(announced)
		require.Empty(t, h.state.Phases())
		require.Equal(t, "IUC", h.state.Title().Value)
		require.Equal(t, []string{"announced"}, h.findings())
	})
	t.Run("carried_over", func(t *testing.T) {
		h := after(carriedOver)
		require.Equal(t, "closed", h.phase("2020"))
		require.Equal(t, "closed?", h.phase("2019-05"))
		require.Equal(t, "paired", h.part(ikoma, "2019"))
		require.Equal(t, "selected?", h.part(essen, "2019"))
		require.Equal(t, "selected", h.part(essen, "2021"))
		require.Empty(t, h.findings())
	})
	t.Run("voided_opening_is_nothing", func(t *testing.T) {
		h := after(append(everything[:len(everything):len(everything)], voided(1))...)
		require.Empty(t, h.state.Phases())
		require.Empty(t, h.state.Parts())
		require.Empty(t, h.state.Findings())
		require.Empty(t, h.state.Describe())
		require.Empty(t, h.state.Title())
	})
	t.Run("launched_by_an_older_register", func(t *testing.T) {
		running := carriedOver
		running.Phase = programme.PhaseLaunched
		h := after(running, programme.Launched{Fact: on("2018")}, closed)
		require.Len(t, h.state.Phases(), 2)
		require.Equal(t, "closed", h.phase("2020"))
	})
	t.Run("first_of_competing_launches_stands", func(t *testing.T) {
		h := after(registered, launched, programme.Launched{Fact: on("2018")})
		require.Equal(t, "launched", h.phase("2017-02"))
		require.Equal(t, []string{"competing"}, h.findings())
	})
	t.Run("correction_derives_anew", func(t *testing.T) {
		h := after(registered, launched).do(t, programme.Correct(corrected(2, programme.Launched{Fact: on("2018-03-01")})))
		require.Equal(t, "registered", h.phase("2017-06"))
		require.Equal(t, "launched", h.phase("2018-03-01"))
		h.do(t, programme.Void(voided(3)))
		require.Equal(t, "launched", h.phase("2017-06"))
	})
	t.Run("disputed_moves_nothing_until_ruled", func(t *testing.T) {
		h := after(registered, launched).do(t, programme.Dispute(disputed(2)))
		require.Equal(t, "registered", h.phase("2018"))
		require.Equal(t, []string{"in_dispute"}, h.findings())
		h.do(t, programme.Rule(ruled(3, true)))
		require.Equal(t, "launched", h.phase("2018"))
		h.do(t, programme.Rule(ruled(3, false)))
		require.Equal(t, "registered", h.phase("2018"))
	})
}

func TestDescribe(t *testing.T) {
	d := after(registered, launched).state.Describe()
	require.Equal(t, programme.Description{Titles: registered.Titles, Owner: ref(regio), Purpose: purpose}, d)
	d = after(registered, launched, stated, owned, programme.Launched{}).state.Describe()
	require.Equal(t, programme.Description{Titles: registered.Titles, Owner: ref(office), Purpose: stated.Purpose}, d)
	require.Equal(t, "IUC", after(carriedOver).state.Describe().Titles[0].Value)
}

func TestParts(t *testing.T) {
	h := after(registered, opened, applied, selected, paired)
	require.Empty(t, h.part(ancona, "2017-03"))
	require.Equal(t, "applied", h.part(ancona, "2017-05"))
	require.Equal(t, "selected", h.part(ancona, "2017-09-01"))
	require.Equal(t, "paired", h.part(ancona, "2018"))
	require.Equal(t, "paired", h.part(ikoma, "2018"))
	require.Empty(t, h.findings())
	require.Equal(t, programme.Key("eu"), h.state.Parts()[2].Call, "the only call of the party")
	t.Run("a_party_may_apply_in_two_calls", func(t *testing.T) {
		us := programme.CallOpened{Fact: on("2018"), Key: "us"}
		second := programme.ApplicationReceived{Fact: on("2019"), Party: ref(ancona), Call: "us"}
		h := after(registered, opened, us, applied, rejected, second)
		var parts []string
		for _, s := range h.state.Parts() {
			parts = append(parts, string(s.Call)+" "+string(s.Part))
		}
		require.Equal(t, []string{"eu applied", "eu rejected", "us applied"}, parts)
	})
	t.Run("in_which_of_two_calls_is_not_guessed", func(t *testing.T) {
		us, second, loose := opened, applied, selected
		us.Key, second.Call, loose.Call = "us", "us", ""
		h := after(registered, opened, us, applied, second, loose)
		require.Empty(t, h.state.Parts()[2].Call)
		require.Empty(t, h.findings())
	})
	t.Run("announced_selection_moves_nothing", func(t *testing.T) {
		announced := selected
		announced.Status = terms.Announced
		require.Equal(t, "applied", after(registered, opened, applied, announced).part(ancona, "2018"))
	})
}

func TestOpenCall(t *testing.T) {
	day := edtf.MustParse
	h := after(registered, opened)
	require.Equal(t, edtf.No, h.state.Open("eu", day("2017-01-31")))
	require.Equal(t, edtf.Maybe, h.state.Open("eu", day("2017")))
	require.Equal(t, edtf.Yes, h.state.Open("eu", day("2017-06-30")))
	require.Equal(t, edtf.No, h.state.Open("eu", day("2017-07-01")))
	require.Equal(t, edtf.No, h.state.Open("us", day("2017-06-30")))
	h.do(t, programme.CloseCall(shut))
	require.Equal(t, edtf.No, h.state.Open("eu", day("2017-06-30")))
	require.Equal(t, []programme.Key{"eu"}, h.state.Calls())
	forever := opened
	forever.Until = edtf.Date{}
	open := after(registered, forever)
	require.Equal(t, edtf.Yes, open.state.Open("eu", day("2030")))
}

func TestFindings(t *testing.T) {
	early, late, perhaps := selected, applied, selected
	early.Fact, late.Fact, perhaps.Fact = on("2017-01-01"), on("2017-08-01"), on("2017?")
	undated, open := selected, selected
	undated.Fact, open.Fact = on(""), on("2018/..")
	unsourced, unsure := launched, applied
	unsure.Fact = on("2017-06/2017-07")
	unsourced.Source = terms.Citation{}
	five, fewer, some := counted, counted, counted
	five.Number, fewer.Number, some.Status = 1, 1, terms.Claimed
	other := selected
	other.Party = ref(essen)
	for name, c := range map[string]struct {
		given events
		want  []string
	}{
		"nothing":                         {events{registered, launched, opened, applied, selected, paired, closed}, nil},
		"no_source":                       {events{registered, unsourced}, []string{"unsourced"}},
		"selected_without_application":    {events{registered, opened, selected}, []string{"no_application"}},
		"selected_before_applying":        {events{registered, opened, applied, early}, []string{"contradiction"}},
		"perhaps_selected_before":         {events{registered, opened, applied, perhaps}, []string{"uncertain_date", "undecidable"}},
		"selected_on_no_date":             {events{registered, opened, applied, undated}, []string{"undated"}},
		"selected_on_an_open_date":        {events{registered, opened, applied, open}, []string{"open_date"}},
		"selected_and_rejected":           {events{registered, opened, applied, selected, rejected}, []string{"selected_and_rejected"}},
		"late":                            {events{registered, opened, late}, []string{"late"}},
		"perhaps_late":                    {events{registered, opened, unsure}, []string{"undecidable"}},
		"late_after_the_closing":          {events{registered, opened, late, shut}, []string{"late"}},
		"paired_without_selection":        {events{registered, paired}, []string{"no_selection"}},
		"unnamed":                         {events{registered, opened, applied, selected, counted}, []string{"unnamed_places"}},
		"perhaps_unnamed":                 {events{registered, some}, []string{"claimed", "unnamed_places"}},
		"all_named":                       {events{registered, opened, applied, selected, five}, nil},
		"more_named":                      {events{registered, opened, applied, selected, other, fewer}, []string{"no_application", "more_named"}},
		"count_set_aside":                 {events{registered, counted, disputed(2), ruled(3, false)}, nil},
		"closed_before_launched":          {events{registered, launched, programme.Closed{Fact: on("2016")}}, []string{"contradiction"}},
		"applied_after_what_closed_later": {events{registered, opened, applied, programme.Closed{Fact: on("2016")}}, []string{"contradiction"}},
		"call_voided":                     {events{registered, opened, applied, voided(2)}, []string{"no_call"}},
		"owners_differ":                   {events{registered, programme.OwnerNamed{Fact: on("2016"), Owner: ref(office)}}, []string{"owners_differ"}},
		"owner_follows":                   {events{registered, owned}, nil},
		"call_closed_before_opened":       {events{registered, opened, programme.CallClosed{Fact: on("2016"), Call: "eu"}}, []string{"contradiction"}},
	} {
		t.Run(name, func(t *testing.T) { require.ElementsMatch(t, c.want, after(c.given...).findings()) })
	}
}

// The page of the municipality of Ancona: five cities of Europe were selected
// to be paired with five of Japan, of which one is named.
func TestAncona(t *testing.T) {
	h := after(registered).do(
		t,
		programme.ReceiveApplication{Fact: on("2017"), Party: ref(ancona), Unit: ref(office)},
		programme.Select{Fact: on("2017?"), Party: ref(ancona)},
		programme.Select{Fact: on("2017?"), Party: ref(essen)},
		programme.Count{Fact: on("2017?"), What: "selected", Number: 5},
		programme.Count{Fact: on(""), What: "pairs", Number: 5},
		programme.Pair{Fact: on(""), First: ref(ancona), Second: ref(ikoma)},
	)
	require.Equal(t, 4, h.state.Unnamed("pairs"), "the other four Japanese cities are not named")
	require.Equal(t, 3, h.state.Unnamed("selected"))
	require.Zero(t, h.state.Unnamed("applicants"))
	require.ElementsMatch(t, []string{"uncertain_date", "undated", "undecidable", "no_application", "unnamed_places"}, h.findings())
	require.Equal(t, "selected paired?", h.part(ancona, "2019"))
	f := h.state.Findings()
	require.Equal(t, terms.Finding{
		Code: "programme.unnamed_places", Events: []es.Revision{6}, Detail: "5 pairs, of which 4 are not named",
	}, f[len(f)-1])
}
