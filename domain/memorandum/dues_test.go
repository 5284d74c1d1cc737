package memorandum_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
)

// due has the dues of one rule: the event that determines each, the day, and
// the event that settled it.
func (h *history) due(rule string) []terms.Due {
	return slices.DeleteFunc(h.state.Dues(), func(d terms.Due) bool { return d.Rule != rule })
}

func days(dues []terms.Due) (all []string) {
	for _, d := range dues {
		text := d.On.String()
		if d.Settled != 0 {
			text += " settled"
		}
		all = append(all, text)
	}
	return all
}

func TestDues_of_the_terms(t *testing.T) {
	for name, c := range map[string]struct {
		by   agreed
		more commands
		rule string
		want []string
	}{
		"no_delay":                    {agreed{}, nil, memorandum.DueEntry, nil},
		"delay":                       {agreed{Entry: entryBy{Delay: period("P30D")}}, nil, memorandum.DueEntry, []string{"2018-05-31"}},
		"term":                        {agreed{Duration: period("P2Y")}, nil, memorandum.DueExpiry, []string{"2020-05-01"}},
		"for_ever":                    {agreed{Until: day("9999-12-31")}, nil, memorandum.DueExpiry, nil},
		"terminated_before":           {agreed{Duration: period("P2Y")}, commands{memorandum.Terminate{Fact: on("2019")}}, memorandum.DueExpiry, nil},
		"terminated_after":            {agreed{Duration: period("P2Y")}, commands{memorandum.Terminate{Fact: on("2021")}}, memorandum.DueExpiry, []string{"2020-05-01"}},
		"notice":                      {agreed{Notice: period("P6M")}, commands{memorandum.GiveNotice{Fact: on("2019-01-01"), Party: graz}}, memorandum.DueWithdrawal, []string{"2019-07-01"}},
		"notice_taken_back":           {agreed{}, commands{memorandum.GiveNotice{Fact: on("2019-01-01"), Party: graz}, memorandum.RevokeNotice{Fact: on("2019-02-01"), Party: graz}}, memorandum.DueWithdrawal, nil},
		"withdrawn_without_notice":    {agreed{}, commands{memorandum.Withdraw{Fact: on("2019-01-01"), Party: graz}}, memorandum.DueWithdrawal, nil},
		"open_until":                  {agreed{}, commands{memorandum.Open{Fact: on("2018-01-01"), Until: day("2019-12-31")}}, memorandum.DueSignature, []string{"2019-12-31"}},
		"open_until_and_closed":       {agreed{}, commands{memorandum.Open{Fact: on("2018-01-01"), Until: day("2019-12-31")}, memorandum.Close{Fact: on("2019")}}, memorandum.DueSignature, []string{"2019-12-31 settled"}},
		"open_until_after_the_end":    {agreed{}, commands{memorandum.Open{Fact: on("2018-01-01"), Until: day("2019-12-31")}, memorandum.Terminate{Fact: on("2018-12-31")}}, memorandum.DueSignature, nil},
		"open_for_ever":               {agreed{}, commands{memorandum.Open{Fact: on("2018-01-01")}}, memorandum.DueSignature, nil},
		"no_tacit_renewal":            {agreed{Duration: period("P2Y")}, nil, memorandum.DueRenewal, nil},
		"tacit_renewal_has_no_expiry": {tacit, nil, memorandum.DueExpiry, nil},
		"renewal_declined":            {tacit, commands{memorandum.DeclineRenewal{Fact: on("2021"), Party: graz}}, memorandum.DueRenewal, []string{"2020-01-30", "2022-01-30"}},
	} {
		t.Run(name, func(t *testing.T) {
			h := begin(t, memorandum.Draft(drafted(c.by, lviv, graz))).do(sign(lviv, "2018-05-01"), sign(graz, "2018-05-01")).do(c.more...)
			require.Equal(t, c.want, days(h.due(c.rule)))
			if name != "tacit_renewal_has_no_expiry" && c.want != nil {
				h.do(memorandum.Void(voided(1)))
				require.Empty(t, h.state.Dues(), "of what was recorded in error")
			}
		})
	}
	h := begin(t, memorandum.Draft(drafted(tacit, lviv, graz))).do(sign(lviv, "2018-05-01"), sign(graz, "2018-05-01"))
	renewals := h.due(memorandum.DueRenewal)
	require.Len(t, renewals, terms.MaxOccurrences)
	require.Equal(t, []string{"2020-01-30", "2022-01-30", "2024-01-30"}, days(renewals[:3]))
	inTime := begin(t, memorandum.Draft(drafted(tacit, lviv, graz))).do(sign(lviv, "2018-05-01"), sign(graz, "2018-05-01"))
	inTime.do(memorandum.DeclineRenewal{Fact: on(renewals[0].On.String()), Party: graz})
	require.Equal(t, []string{"2020-05-01"}, days(inTime.due(memorandum.DueExpiry)))
	late := begin(t, memorandum.Draft(drafted(tacit, lviv, graz))).do(sign(lviv, "2018-05-01"), sign(graz, "2018-05-01"))
	late.do(memorandum.DeclineRenewal{Fact: on("2020-01-31"), Party: graz})
	require.Equal(t, []string{"2022-05-01"}, days(late.due(memorandum.DueExpiry)))
	h.do(memorandum.Renew{Fact: on("2019-06-01"), Until: day("2030-12-31")})
	require.Equal(t, []string{"2030-09-30", "2032-09-30"}, days(h.due(memorandum.DueRenewal)[:2]))
}

// tacit renews every two years unless somebody declines three months before.
var tacit = agreed{Duration: period("P2Y"), Renewal: memorandum.Renewal{Tacit: true, Every: period("P2Y"), Notice: period("P3M")}}

func TestDues_of_undertakings(t *testing.T) {
	yearly := memorandum.Undertake{
		Fact: on("2018"), Key: "report", By: ref(lviv), To: ref(graz), What: text("a yearly report"), Due: day("2019-03-31"), Every: period("P1Y"),
	}
	begun := func(more ...memorandum.Command) *history {
		return begin(t, memorandum.Draft(drafted(agreed{}, lviv, graz))).do(sign(lviv, "2018-05-01"), sign(graz, "2018-05-01"), yearly).
			do(more...).do(memorandum.Terminate{Fact: on("2022-01-01")})
	}
	meet := func(due string) memorandum.Command {
		return memorandum.Meet{Fact: on("2019-03-01"), Undertaking: "report", Due: day(due)}
	}
	for name, c := range map[string]struct {
		more commands
		want []string
	}{
		"until_the_end":               {nil, []string{"2019-03-31", "2020-03-31", "2021-03-31"}},
		"met":                         {commands{meet("2020-03-31")}, []string{"2019-03-31", "2020-03-31 settled", "2021-03-31"}},
		"met_whatever_was_due":        {commands{meet("")}, []string{"2019-03-31 settled", "2020-03-31", "2021-03-31"}},
		"met_on_a_day_nothing_is_due": {commands{meet("2020-03-30")}, []string{"2019-03-31", "2020-03-31", "2021-03-31"}},
		"waived": {
			commands{memorandum.Waive{Fact: on("2020-01-01"), Undertaking: "report", Reason: "flood"}},
			[]string{"2019-03-31", "2020-03-31 settled", "2021-03-31 settled"},
		},
		"extended":         {commands{memorandum.Extend{Fact: on("2020"), Undertaking: "report", Due: day("2020-06-30")}}, []string{"2019-03-31", "2020-06-30", "2021-03-31"}},
		"brought_forward":  {commands{memorandum.Extend{Fact: on("2019"), Undertaking: "report", Due: day("2019-02-01")}}, []string{"2019-02-01", "2020-03-31", "2021-03-31"}},
		"only_announced":   {commands{memorandum.Meet{Fact: as(terms.Announced, "2019"), Undertaking: "report"}}, []string{"2019-03-31", "2020-03-31", "2021-03-31"}},
		"in_another_paper": {commands{memorandum.Undertake{Fact: from(archive, "2018"), Key: "report", By: yearly.By, To: yearly.To, What: yearly.What, Due: yearly.Due, Every: yearly.Every}}, []string{"2019-03-31", "2020-03-31", "2021-03-31"}},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, days(begun(c.more...).due(memorandum.DueUndertaking))) })
	}
	first := begun().due(memorandum.DueUndertaking)[0]
	require.Equal(t, terms.Due{
		Kind: terms.Duty, Rule: memorandum.DueUndertaking, Of: first.Of, Key: "report",
		On: day("2019-03-31"), By: lviv, To: graz, What: text("a yearly report"),
	}, first)
	require.Equal(t, memorandum.Undertaken(yearly), begun().events[first.Of-1])
}

func TestMarkDue(t *testing.T) {
	h := begin(t, memorandum.Draft(drafted(agreed{Duration: period("P2Y")}, lviv, graz))).do(sign(lviv, "2018-05-01"), sign(graz, "2018-05-01"))
	expiry := fell(h.due(memorandum.DueExpiry)[0])
	later, sure, sourced := expiry, expiry, expiry
	later.On, later.Occurred = day("2020-05-02"), day("2020-05-02")
	sure.Occurred = day("2020-04-30")
	sourced.Source.ID = archive
	estest.Run(t, memorandum.Decider, cases{
		{Name: "expired", Given: h.events, When: memorandum.MarkDue(expiry), Then: events{expiry}},
		{Name: "expired_on_another_day", Given: h.events, When: memorandum.MarkDue(later), Err: code("memorandum.not_due")},
		{Name: "happened_on_another_day", Given: h.events, When: memorandum.MarkDue(sure), Err: code("memorandum.not_due")},
		{Name: "by_a_source", Given: h.events, When: memorandum.MarkDue(sourced), Err: code("memorandum.not_due")},
		{Name: "cannot_be_voided", Given: append(slices.Clone(h.events), expiry), When: memorandum.Void(voided(h.at() + 1)), Err: code("book.not_voidable")},
	})
	before := h.state.Phases()
	dues := h.state.Dues()
	findings := h.findings()
	h.do(memorandum.MarkDue(expiry))
	require.Equal(t, before, h.state.Phases())
	require.Equal(t, dues, h.state.Dues())
	require.Equal(t, findings, h.findings())
}
