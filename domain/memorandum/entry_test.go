package memorandum_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestEntryIntoForceIsRecordedWithRuleAndBasis(t *testing.T) {
	delayed := agreed{Entry: entryBy{Count: 2, Delay: period("P30D"), FirstOfMonth: true}}
	estest.Run(t, memorandum.Decider, cases{{
		Name:  "last_signature_brings_into_force",
		Given: events{drafted(agreed{}, lviv, graz), signed(lviv, "2018-04-24")},
		When:  sign(graz, "2018-05-02"),
		Then: events{
			signed(graz, "2018-05-02"),
			entered("2018-05-02", "all parties", reasons{2, 3}, bound(lviv, "2018-05-02"), bound(graz, "2018-05-02")),
		},
	}, {
		Name:  "one_signature_of_two_does_not",
		Given: events{drafted(agreed{}, lviv, graz)},
		When:  sign(graz, "2018-05-02"),
		Then:  events{signed(graz, "2018-05-02")},
	}, {
		Name:  "announced_signature_moves_nothing",
		Given: events{drafted(agreed{}, lviv, graz), signed(lviv, "2018-04-24")},
		When:  memorandum.Sign{Fact: as(terms.Announced, "2018-05-02"), Party: ref(graz)},
		Then:  events{memorandum.Signed{Fact: as(terms.Announced, "2018-05-02"), Party: ref(graz)}},
	}, {
		Name:  "delay_then_first_of_month",
		Given: events{drafted(delayed, lviv, graz, bonn), signed(lviv, "2018-04-24")},
		When:  sign(graz, "2018-05-02"),
		Then: events{
			signed(graz, "2018-05-02"),
			entered("2018-07-01", "2 parties, then P30D, then the first of the month after", reasons{2, 3},
				bound(lviv, "2018-07-01"), bound(graz, "2018-07-01")),
		},
	}, {
		Name: "late_party_enters_on_its_own_consent_and_delay",
		Given: events{
			drafted(delayed, lviv, graz, bonn), signed(lviv, "2018-04-24"), signed(graz, "2018-05-02"),
			entered("2018-07-01", "2 parties, then P30D, then the first of the month after", reasons{2, 3},
				bound(lviv, "2018-07-01"), bound(graz, "2018-07-01")),
		},
		When: sign(bonn, "2019-01-31"),
		Then: events{
			signed(bonn, "2019-01-31"),
			entered("2018-07-01", "2 parties, then P30D, then the first of the month after", reasons{2, 3}, bound(bonn, "2019-04-01")),
		},
	}})
}

func TestConditionsOfEntryIntoForce(t *testing.T) {
	late := "2018-06-01"
	for name, c := range map[string]struct {
		terms agreed
		want  string // after lviv and graz in January and March, bonn in June
	}{
		"silent":                  {agreed{}, "yes " + late},
		"all":                     {agreed{Entry: entryBy{All: true}}, "yes " + late},
		"one_party_means_two":     {agreed{Entry: entryBy{Count: 1}}, "yes 2018-03-01"},
		"two_parties":             {agreed{Entry: entryBy{Count: 2}}, "yes 2018-03-01"},
		"three_parties":           {agreed{Entry: entryBy{Count: 3}}, "yes " + late},
		"four_parties":            {agreed{Entry: entryBy{Count: 4}}, "no "},
		"named_early":             {agreed{Entry: entryBy{Named: parties{lviv, graz}}}, "yes 2018-03-01"},
		"named_late":              {agreed{Entry: entryBy{Named: parties{bonn}}}, "yes " + late},
		"named_never":             {agreed{Entry: entryBy{Named: parties{turku}}}, "no "},
		"named_and_number":        {agreed{Entry: entryBy{Named: parties{lviv}, Count: 3}}, "yes " + late},
		"date":                    {agreed{Entry: entryBy{On: day("2018-09-01")}}, "yes 2018-09-01"},
		"date_passed":             {agreed{Entry: entryBy{On: day("2018-02-01")}}, "yes 2018-03-01"},
		"partial_date":            {agreed{Entry: entryBy{On: day("2019")}}, "yes 2019"},
		"delay":                   {agreed{Entry: entryBy{Count: 2, Delay: period("P30D")}}, "yes 2018-03-31"},
		"first_of_the_month":      {agreed{Entry: entryBy{Count: 2, FirstOfMonth: true}}, "yes 2018-04-01"},
		"silent_but_delayed":      {agreed{Entry: entryBy{Delay: period("P1M")}}, "yes 2018-07-01"},
		"delay_and_date":          {agreed{Entry: entryBy{Count: 2, Delay: period("P1Y"), On: day("2018-09-01")}}, "yes 2019-03-01"},
		"signature_does_not_bind": {agreed{Consent: "ratification"}, "no "},
	} {
		t.Run(name, func(t *testing.T) {
			h := begin(t, memorandum.Draft(drafted(c.terms, lviv, graz, bonn)))
			h.do(sign(lviv, "2018-01-01"), sign(graz, "2018-03-01"), sign(bonn, late))
			require.Equal(t, c.want, h.entry())
		})
	}
}

// Silent terms wait for all who negotiated (VCLT art. 24(2)), which has no end
// if anybody may join.
func TestSilentTerms(t *testing.T) {
	t.Run("open_to_anybody", func(t *testing.T) {
		h := begin(t, memorandum.Draft(open(agreed{}))).do(sign(lviv, "2018-01-01"), sign(graz, "2018-01-01"))
		require.Equal(t, "no ", h.entry())
		require.Contains(t, h.findings(), "entry_unstated")
	})
	t.Run("open_but_stated", func(t *testing.T) {
		h := begin(t, memorandum.Draft(open(agreed{Entry: entryBy{Count: 2}}))).do(sign(lviv, "2018-01-01"), sign(graz, "2018-01-01"))
		require.Equal(t, "yes 2018-01-01", h.entry())
		require.NotContains(t, h.findings(), "entry_unstated")
	})
	t.Run("later_invitation_does_not_undo_it", func(t *testing.T) {
		h := begin(t, memorandum.Draft(drafted(agreed{}, lviv, graz))).do(sign(lviv, "2018-01-01"), sign(graz, "2018-01-01"))
		h.do(memorandum.Invite{Fact: on("2019-01-01"), Party: ref(bonn)})
		require.Equal(t, "yes 2018-01-01", h.entry())
		h.do(sign(bonn, "2019-02-01"))
		require.Equal(t, "in_force", h.part(bonn, "2019-02-01"))
		require.Equal(t, "yes 2018-01-01", h.entry())
	})
	t.Run("earlier_invitation_is_waited_for", func(t *testing.T) {
		h := begin(t, memorandum.Draft(drafted(agreed{}, lviv, graz))).do(sign(lviv, "2018-01-01"), sign(graz, "2018-01-01"))
		h.do(memorandum.Invite{Fact: on("2017-01-01"), Party: ref(bonn)})
		require.Equal(t, "no ", h.entry())
	})
	t.Run("who_was_perhaps_invited_by_then_is_waited_for", func(t *testing.T) {
		for _, date := range []string{"2018-01-01", "2018", ""} {
			h := begin(t, memorandum.Draft(drafted(agreed{}, lviv, graz))).do(sign(lviv, "2018-01-01"), sign(graz, "2018-01-01"))
			require.Equal(t, "no ", h.do(memorandum.Invite{Fact: on(date), Party: ref(bonn)}).entry(), date)
		}
	})
	t.Run("invited_one_by_one", func(t *testing.T) {
		h := begin(t, memorandum.Draft(drafted(agreed{})))
		h.do(memorandum.Invite{Fact: on(""), Party: ref(lviv)}, memorandum.Invite{Fact: on("2017"), Party: ref(graz)})
		h.do(sign(lviv, "2018-01-01"))
		require.Equal(t, "no ", h.entry(), "it takes two")
		h.do(sign(graz, "2018-02-01"))
		require.Equal(t, "yes 2018-02-01", h.entry())
	})
	t.Run("nobody_negotiated", func(t *testing.T) {
		d := drafted(agreed{}, lviv, graz)
		h := begin(t, memorandum.Draft(d)).do(sign(lviv, "2018"), sign(graz, "2018"))
		d.Parties = nil
		h.correct(1, d)
		require.Equal(t, "no ", h.entry(), "all of nobody is nobody")
		require.Contains(t, h.findings(), "not_invited")
	})
	t.Run("signature_of_a_treaty_does_not_bind", func(t *testing.T) {
		d := drafted(agreed{}, lviv, graz)
		d.Kind = "treaty"
		h := begin(t, memorandum.Draft(d)).do(sign(lviv, "2018"), sign(graz, "2018"))
		require.Equal(t, "no ", h.entry())
		h.do(consent(lviv, "ratification", "2019-01-01"), consent(graz, "acceptance", "2019-02-01"))
		require.Equal(t, "yes 2019-02-01", h.entry())
	})
	t.Run("definitive_signature_binds_all_the_same", func(t *testing.T) {
		d := drafted(agreed{Consent: "ratification"}, lviv, graz)
		h := begin(t, memorandum.Draft(d)).do(consent(lviv, "ratification", "2019-01-01"))
		h.do(memorandum.Sign{Fact: on("2018"), Party: ref(graz), Definitive: true})
		require.Equal(t, "yes 2019-01-01", h.entry())
	})
}

func TestShareOfAWeight(t *testing.T) {
	half := agreed{Entry: entryBy{Share: 5500, Total: 1000}}
	weigh := func(id terms.PartyID, n int64) memorandum.Weigh {
		return memorandum.Weigh{Fact: on("2017"), Party: id, Weight: n}
	}
	given := func(t *testing.T, bonnWeighs int64) *history {
		return begin(t, memorandum.Draft(drafted(half, lviv, graz, bonn))).do(
			weigh(lviv, 300), weigh(graz, 200), weigh(bonn, bonnWeighs),
			sign(lviv, "2018-01-01"), sign(graz, "2018-02-01"), sign(bonn, "2018-03-01"),
		)
	}
	t.Run("one_below", func(t *testing.T) { require.Equal(t, "no ", given(t, 49).entry()) })
	t.Run("exactly", func(t *testing.T) { require.Equal(t, "yes 2018-03-01", given(t, 50).entry()) })
	t.Run("above", func(t *testing.T) { require.Equal(t, "yes 2018-03-01", given(t, 51).entry()) })
	t.Run("weight_corrected_later", func(t *testing.T) {
		h := given(t, 49)
		require.Equal(t, "yes 2018-03-01", h.correct(4, memorandum.Weighed(weigh(bonn, 50))).entry())
	})
	t.Run("weight_stated_anew", func(t *testing.T) {
		require.Equal(t, "yes 2018-02-01", given(t, 49).do(weigh(lviv, 350)).entry())
	})
	t.Run("heavy_party_counts_once", func(t *testing.T) {
		h := begin(t, memorandum.Draft(drafted(half, lviv, graz))).do(weigh(lviv, 300), sign(lviv, "2018"), sign(lviv, "2018-05"), sign(graz, "2018"))
		require.Equal(t, "no ", h.entry())
	})
	t.Run("who_perhaps_came_back_before_leaving_counts_once", func(t *testing.T) {
		for _, by := range []agreed{half, {Entry: entryBy{Count: 2}}, {Entry: entryBy{Named: parties{lviv}}}} {
			h := begin(t, memorandum.Draft(drafted(by, lviv, graz))).do(weigh(lviv, 300), sign(lviv, "2018"),
				memorandum.Withdraw(withdrawn(lviv, "2018")), consent(lviv, "accession", "2018"))
			require.Equal(t, "no ", h.entry())
			if by.Entry.Share > 0 {
				require.Equal(t, "no ", h.do(sign(graz, "2018-06-01")).entry())
			}
		}
	})
	t.Run("huge_weights_do_not_overflow", func(t *testing.T) {
		h := begin(t, memorandum.Draft(open(agreed{Entry: entryBy{Share: 10000, Total: 1_000_000_000_000}})))
		for i := range 1000 {
			p := id(string(rune('a'+i%26)) + string(rune('a'+i/26)))
			h.state = memorandum.Decider.Evolve(h.state, 0, memorandum.Weighed(weigh(p, 1_000_000_000_000)))
			h.state = memorandum.Decider.Evolve(h.state, 0, signed(p, "2018-01-01"))
		}
		require.Equal(t, "yes 2018-01-01", h.do(memorandum.Count{Fact: on("2018"), Signatories: 1000}).entry())
	})
}
