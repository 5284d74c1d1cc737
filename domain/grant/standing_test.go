package grant_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/grant"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestPhases(t *testing.T) {
	h := subject.Opened(registered, opened)
	require.Equal(t, "registered?", phase(h, "2018-01-01"))
	require.Equal(t, "open", phase(h, "2018-06-30"))
	require.Equal(t, "closed", phase(h, "2018-07-01"))
	h.Do(t, grant.CloseCall(shut))
	require.Equal(t, "closed", phase(h, "2018-05-31"))
	t.Run("open_while_any_call_is", func(t *testing.T) {
		h := subject.Opened(registered, opened, grant.CallOpened{Fact: on("2018-06-01"), Key: "d", Until: edtf.MustParse("2018-12-31")})
		require.Equal(t, "open", phase(h, "2018-07-01"))
		require.Equal(t, "closed", phase(h, "2019-01-01"))
	})
	t.Run("perhaps_closed_while_another_is_perhaps_open", func(t *testing.T) {
		h := subject.Opened(registered, opened, grant.CallOpened{Fact: on("2018"), Key: "d"})
		require.Equal(t, "open closed?", phase(h, "2018-07-01"))
	})
	t.Run("announced_moves_nothing", func(t *testing.T) {
		announced, call := registered, opened
		announced.Status, call.Status = terms.Announced, terms.Announced
		h := subject.Opened(announced, call)
		require.Empty(t, h.State.Phases())
		require.Equal(t, edtf.No, h.State.Open("c", edtf.MustParse("2018-03-01")))
		require.Equal(t, "Local initiatives", h.State.Title().Value)
		h.Do(t, grant.Award(award("a", 5000, "2019")))
		require.Equal(t, []string{"announced"}, findings(h), "an announced envelope binds nobody")
	})
	t.Run("voided_opening_is_nothing", func(t *testing.T) {
		h := subject.Opened(append(base[:4:4], voided(1))...)
		require.Empty(t, h.State.Phases())
		require.Empty(t, h.State.Parts())
		require.Empty(t, h.State.Awards())
		require.Empty(t, h.State.Findings())
		require.Empty(t, h.State.Title())
	})
}

func TestOpenCall(t *testing.T) {
	day := edtf.MustParse
	h := subject.Opened(registered, opened, grant.CallOpened{Fact: on("2019-01-01"), Key: "d"})
	require.Equal(t, edtf.No, h.State.Open("c", day("2018-01-31")))
	require.Equal(t, edtf.Yes, h.State.Open("c", day("2018-06-30")))
	require.Equal(t, edtf.Maybe, h.State.Open("c", day("2018")))
	require.Equal(t, edtf.No, h.State.Open("c", day("2018-07-01")))
	require.Equal(t, edtf.Yes, h.State.Open("d", day("2030")))
	require.Equal(t, edtf.No, h.State.Open("x", day("2030")))
}

func TestAwards(t *testing.T) {
	h := subject.Opened(base...).Do(t, grant.Report(reported), grant.CloseAward(ended), grant.ClawBack(clawed))
	require.Empty(t, part(h, "a", "2018-08-31"))
	require.Equal(t, "awarded", part(h, "a", "2018-09-01"))
	require.Equal(t, "disbursed", part(h, "a", "2019-01-01"))
	require.Equal(t, "reported", part(h, "a", "2019-07-01"))
	require.Equal(t, "closed", part(h, "a", "2020-01-01"))
	require.Equal(t, "clawed_back", part(h, "a", "2020-06-01"))
	require.Equal(t, []grant.AwardState{{
		Key: "a", Party: ref(ancona), Amount: euros(600), Disbursed: 500, ClawedBack: 200, Reports: 1, By: 3,
	}}, h.State.Awards())
	require.Empty(t, findings(h))
	for _, c := range []struct {
		on          string
		least, most int64
	}{{"2018", 0, 0}, {"2019-01-01", 500, 500}, {"2020", 300, 500}, {"2021", 300, 300}, {"", 0, 500}} {
		least, most := h.State.Paid("a", edtf.MustParse(c.on))
		require.Equal(t, []int64{c.least, c.most}, []int64{least, most}, c.on)
	}
	least, most := h.State.Paid("x", edtf.MustParse("2020"))
	require.Zero(t, least+most)
	t.Run("carried_over", func(t *testing.T) {
		h := subject.Opened(carriedOver)
		require.Equal(t, int64(100), h.State.Awards()[0].ClawedBack)
		require.Equal(t, "closed", part(h, "b", "2021"))
		require.Equal(t, carriedOver.Envelope, h.State.Describe().Envelope)
		require.Empty(t, findings(h))
	})
	t.Run("correction_derives_anew", func(t *testing.T) {
		h := subject.Opened(base...).Do(t, grant.Correct(corrected(4, pay("p1", "a", 400, "2021"))))
		require.Equal(t, "awarded", part(h, "a", "2020"))
		require.Equal(t, int64(400), h.State.Awards()[0].Disbursed)
	})
	t.Run("disputed_moves_nothing_until_ruled", func(t *testing.T) {
		h := subject.Opened(base...).Do(t, grant.Dispute(disputed(4)))
		require.Zero(t, h.State.Awards()[0].Disbursed)
		h.Do(t, grant.Rule(ruled(5, true)))
		require.Equal(t, int64(500), h.State.Awards()[0].Disbursed)
	})
}

func TestFindings(t *testing.T) {
	again, samePay, late := awarded, paid, reported
	again.Fact, samePay.Source.Locator, late.Due = on("2018-10-01"), "p. 2", edtf.MustParse("2019-06-30")
	for name, c := range map[string]struct {
		more events
		want []string
	}{
		"nothing":                        {nil, nil},
		"competing":                      {events{again}, []string{"competing"}},
		"payment_from_two_sources":       {events{samePay}, nil},
		"late_report":                    {events{late}, []string{"late"}},
		"undated":                        {events{award("b", 1, "")}, []string{"undated"}},
		"uncertain":                      {events{award("b", 1, "2019?")}, []string{"uncertain_date"}},
		"open":                           {events{award("b", 1, "2019/..")}, []string{"open_date"}},
		"unsourced":                      {events{grant.CallOpened{Fact: terms.Fact{Occurred: edtf.MustParse("2019")}, Key: "d"}}, []string{"unsourced"}},
		"paid_before_it_was_awarded":     {events{pay("p2", "a", 1, "2017")}, []string{"contradiction"}},
		"perhaps_paid_before":            {events{pay("p2", "a", 1, "2018")}, []string{"undecidable"}},
		"closed_before_it_was_paid":      {events{grant.AwardClosed{Fact: on("2018-12"), Award: "a"}}, []string{"contradiction"}},
		"clawed_back_before_it_was_paid": {events{back("b", "a", 1, "2018-12-01")}, []string{"contradiction"}},
		"perhaps_clawed_back_before":     {events{back("b", "a", 1, "[2018..2019]")}, []string{"undecidable"}},
		"perhaps_over_the_award":         {events{clawed, pay("p2", "a", 300, "2020")}, []string{"undecidable"}},
		"call_closed_before_it_opened":   {events{grant.CallClosed{Fact: on("2017"), Call: "c"}}, []string{"contradiction"}},
		"reported_before_it_was_awarded": {events{grant.Reported{Fact: on("2017"), Award: "a"}}, []string{"contradiction"}},
	} {
		t.Run(name, func(t *testing.T) {
			require.ElementsMatch(t, c.want, findings(subject.Opened(append(base[:4:4], c.more...)...)))
		})
	}
	require.Equal(t, []string{"no_envelope"}, findings(subject.Opened(unfunded, award("a", 1, "2019"))))
}
