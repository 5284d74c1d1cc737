package memorandum_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestLeave(t *testing.T) {
	pact := drafted(agreed{}, lviv, graz, bonn)
	revoked := memorandum.NoticeRevoked{Fact: on("2019"), Party: graz}
	carriedNotice := carriedOver(memorandum.PhaseOpen, "2010", carried(graz, memorandum.PartNotice, "2014"))
	estest.Run(t, memorandum.Decider, cases{{
		Name:  "signatory_withdraws",
		Given: events{pact, signed(graz, "2018")},
		When:  memorandum.Withdraw(withdrawn(graz, "2019")),
		Then:  events{withdrawn(graz, "2019")},
	}, {
		Name:  "invited_party_is_not_in_it",
		Given: events{pact},
		When:  memorandum.Withdraw(withdrawn(graz, "2019")),
		Err:   memorandum.ErrNotParty,
	}, {
		Name:  "said_to_have_signed_is_not_in_it",
		Given: events{pact, memorandum.Signed{Fact: as(terms.Claimed, "2018"), Party: ref(graz)}},
		When:  memorandum.GiveNotice(noticed(graz, "2019")),
		Err:   memorandum.ErrNotParty,
	}, {
		Name:  "invited_by_an_older_register_is_not_in_it",
		Given: events{carriedOver(memorandum.PhaseOpen, "2010", carried(graz, memorandum.PartInvited, "2010"))},
		When:  memorandum.GiveNotice(noticed(graz, "2019")),
		Err:   memorandum.ErrNotParty,
	}, {
		Name:  "member_by_an_older_register_gives_notice",
		Given: events{carriedOver(memorandum.PhaseOpen, "2010", carried(graz, memorandum.PartSignatory, "2010"))},
		When:  memorandum.GiveNotice(noticed(graz, "2019")),
		Then:  events{noticed(graz, "2019")},
	}, {
		Name:  "no_notice_to_revoke",
		Given: events{pact, signed(graz, "2018"), noticed(bonn, "2019")},
		When:  memorandum.RevokeNotice(revoked),
		Err:   memorandum.ErrNoNotice,
	}, {
		Name:  "notice_of_an_older_register_is_revoked",
		Given: events{carriedNotice},
		When:  memorandum.RevokeNotice{Fact: on("2014-06-01"), Party: graz},
		Then:  events{memorandum.NoticeRevoked{Fact: on("2014-06-01"), Party: graz}},
	}, {
		Name:  "stranger_declines_a_renewal",
		Given: events{pact, signed(graz, "2018")},
		When:  memorandum.DeclineRenewal{Fact: on("2019"), Party: lviv},
		Err:   memorandum.ErrNotParty,
	}})
}

// members is in force for three since 2015, with a notice period of six months.
func members(t *testing.T) *history {
	return begin(t, memorandum.Draft(drafted(agreed{Notice: period("P6M")}, lviv, graz, bonn))).
		do(sign(lviv, "2015-01-01"), sign(graz, "2015-01-01"), sign(bonn, "2015-01-01"))
}

func TestNoticePeriod(t *testing.T) {
	t.Run("of_the_terms", func(t *testing.T) {
		h := members(t).do(memorandum.GiveNotice(noticed(bonn, "2018-03-01")))
		require.Equal(t, "in_force", h.part(bonn, "2018-02-28"))
		require.Equal(t, "notice_given", h.part(bonn, "2018-03-01"))
		require.Equal(t, "notice_given", h.part(bonn, "2018-08-31"))
		require.Equal(t, "withdrawn", h.part(bonn, "2018-09-01"))
		require.Equal(t, "in_force", h.phase("2020"))
		e, _ := h.state.Entry()
		require.Equal(t, day("2018-09-01"), e.Parties[2].Until)
		require.True(t, e.Parties[2].Left)
	})
	t.Run("of_the_notice", func(t *testing.T) {
		n := noticed(bonn, "2018-03-01")
		n.Until = day("2019-01-01")
		h := members(t).do(memorandum.GiveNotice(n))
		require.Equal(t, "notice_given", h.part(bonn, "2018-12-31"))
		require.Equal(t, "withdrawn", h.part(bonn, "2019-01-01"))
	})
	t.Run("unstated_is_twelve_months", func(t *testing.T) { // VCLT art. 56(2)
		h := begin(t, memorandum.Draft(drafted(agreed{}, lviv, graz))).do(sign(lviv, "2015"), sign(graz, "2015"))
		h.do(memorandum.GiveNotice(noticed(graz, "2018-03-01")))
		require.Equal(t, "notice_given", h.part(graz, "2019-02-28"))
		require.Equal(t, "withdrawn", h.part(graz, "2019-03-01"))
	})
	t.Run("partial", func(t *testing.T) {
		h := members(t).do(memorandum.GiveNotice(noticed(bonn, "2018-03")))
		require.Equal(t, "notice_given", h.part(bonn, "2018-08-31"))
		require.Equal(t, "notice_given withdrawn?", h.part(bonn, "2018-09-15"))
		require.Equal(t, "withdrawn", h.part(bonn, "2018-10-01"))
	})
	t.Run("unknown", func(t *testing.T) {
		h := members(t).do(memorandum.GiveNotice(noticed(bonn, "")))
		require.Equal(t, "in_force notice_given? withdrawn?", h.part(bonn, "2020"))
	})
	t.Run("followed_by_the_withdrawal", func(t *testing.T) {
		h := members(t).do(memorandum.GiveNotice(noticed(bonn, "2018-03-01")), memorandum.Withdraw(withdrawn(bonn, "2018-12-31")))
		require.Equal(t, "notice_given", h.part(bonn, "2018-12-30"))
		require.Equal(t, "withdrawn", h.part(bonn, "2018-12-31"))
		require.Empty(t, h.findings())
	})
	t.Run("of_the_round_before", func(t *testing.T) {
		h := members(t).do(memorandum.GiveNotice(noticed(bonn, "2018-03-01")), memorandum.Withdraw(withdrawn(bonn, "2018-12-31")))
		h.do(consent(bonn, "accession", "2019-01-01"), memorandum.Withdraw(withdrawn(bonn, "2020-01-01")))
		require.Equal(t, "in_force", h.part(bonn, "2019-06"))
	})
	t.Run("of_the_round_after", func(t *testing.T) {
		h := members(t).do(memorandum.Withdraw(withdrawn(bonn, "2018-01-01")), consent(bonn, "accession", "2019-01-01"))
		h.do(memorandum.GiveNotice(noticed(bonn, "2020-01-01")))
		require.Equal(t, "notice_given", h.part(bonn, "2020-06"))
	})
	t.Run("two_sources_of_one_notice", func(t *testing.T) {
		h := members(t).do(memorandum.GiveNotice(noticed(bonn, "2018-03-01")))
		h.do(memorandum.GiveNotice{Fact: from(archive, "2018-03-05"), Party: bonn})
		require.Equal(t, "withdrawn", h.part(bonn, "2018-09-01"), "the first stands")
		require.Contains(t, h.findings(), "competing")
		h.do(memorandum.Withdraw(withdrawn(bonn, "2019-01-01")))
		require.Equal(t, "notice_given", h.part(bonn, "2018-12-31"), "both are followed")
		require.Equal(t, "notice_given", h.part(bonn, "2018-03-02"), "the first stands")
		require.NotContains(t, h.findings(), "competing")
	})
}

// A notice may be revoked until it takes effect (VCLT art. 68).
func TestNoticeRevoked(t *testing.T) {
	revoke := func(date string) memorandum.RevokeNotice {
		return memorandum.RevokeNotice{Fact: on(date), Party: bonn}
	}
	given := func(t *testing.T) *history {
		return members(t).do(memorandum.GiveNotice(noticed(bonn, "2018-03-01")))
	}
	t.Run("in_time", func(t *testing.T) {
		h := given(t).do(revoke("2018-08-31"))
		require.Equal(t, "in_force", h.part(bonn, "2019"))
		require.Equal(t, "in_force", h.part(bonn, "2018-05-01"))
		require.Empty(t, h.findings())
	})
	t.Run("too_late", func(t *testing.T) {
		h := given(t).do(revoke("2018-09-01"))
		require.Equal(t, "withdrawn", h.part(bonn, "2019"))
		require.Equal(t, []string{"revoked_late"}, h.findings())
	})
	t.Run("perhaps_too_late", func(t *testing.T) {
		require.Equal(t, "in_force", given(t).do(revoke("2018")).part(bonn, "2019"))
	})
	t.Run("before_a_second_notice_recorded_first", func(t *testing.T) {
		h := given(t).do(memorandum.GiveNotice(noticed(bonn, "2020-01-01")), revoke("2018-08-01"))
		require.Equal(t, "in_force", h.part(bonn, "2019"))
		require.Equal(t, "withdrawn", h.part(bonn, "2020-07-01"))
	})
	t.Run("of_a_notice_found_later", func(t *testing.T) {
		h := given(t).do(revoke("2018-08-01"), memorandum.GiveNotice{Fact: from(archive, "2018-02-20"), Party: bonn})
		require.Equal(t, "in_force", h.part(bonn, "2019"))
	})
	t.Run("voided_revocation", func(t *testing.T) {
		h := given(t).do(revoke("2018-08-01"))
		require.Equal(t, "withdrawn", h.void(h.at()-1).part(bonn, "2019"))
	})
}

// A party that comes back begins another round.
func TestReaccessionAfterWithdrawal(t *testing.T) {
	h := members(t).do(memorandum.Withdraw(withdrawn(bonn, "2016-01-01")), consent(bonn, "accession", "2018-01-01"))
	require.Equal(t, "in_force", h.part(bonn, "2015"))
	require.Equal(t, "withdrawn", h.part(bonn, "2017"))
	require.Equal(t, "in_force", h.part(bonn, "2019"))
	require.Equal(t, "yes 2015-01-01", h.entry())
	e, _ := h.state.Entry()
	require.Equal(t, forces{
		bound(lviv, "2015-01-01"), bound(graz, "2015-01-01"),
		{Party: bonn, Round: 1, Met: e.Met, From: day("2015-01-01"), Left: true, Until: day("2016-01-01")},
		{Party: bonn, Round: 2, Met: e.Met, From: day("2018-01-01")},
	}, e.Parties)

	t.Run("withdrawal_in_another_source_is_no_other_round", func(t *testing.T) {
		h.do(memorandum.Withdraw{Fact: from(archive, "2016-02-01"), Party: bonn})
		require.Equal(t, "withdrawn", h.part(bonn, "2016-01-15"), "the first stands")
		require.Equal(t, "in_force", h.part(bonn, "2019"))
		require.Contains(t, h.findings(), "competing")
	})
	t.Run("back_dated_consent_is_of_the_first_round", func(t *testing.T) {
		h.do(memorandum.Consent{Fact: from(archive, "2014-12-01"), Party: ref(bonn), Means: "ratification"})
		require.Equal(t, "consented", h.part(bonn, "2014-12-15"))
		require.Equal(t, "in_force", h.part(bonn, "2019"))
	})
	t.Run("leaves_again", func(t *testing.T) {
		h.do(memorandum.Withdraw(withdrawn(bonn, "2020-01-01")))
		require.Equal(t, "in_force", h.part(bonn, "2019"))
		require.Equal(t, "withdrawn", h.part(bonn, "2020-01-01"))
	})
	t.Run("undated_comes_after_what_was_recorded", func(t *testing.T) {
		h.do(consent(bonn, "accession", ""))
		e, _ := h.state.Entry()
		require.Equal(t, 3, e.Parties[len(e.Parties)-1].Round)
	})
	t.Run("ends_with_the_agreement_in_its_last_round", func(t *testing.T) {
		h := members(t).do(memorandum.Withdraw(withdrawn(bonn, "2016-01-01")), memorandum.Terminate{Fact: on("2019-01-01")})
		require.Equal(t, "withdrawn", h.part(bonn, "2020"), "who left is not there at the end")
		require.Equal(t, "ended", h.part(graz, "2020"))
		h = members(t).do(memorandum.Withdraw(withdrawn(bonn, "2016-01-01")), sign(bonn, "2018-01-01"), memorandum.Terminate{Fact: on("2019-01-01")})
		require.Equal(t, "ended", h.part(bonn, "2020"))
	})
}
