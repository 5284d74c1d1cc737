package memorandum_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/memorandum"
)

func TestEnd(t *testing.T) {
	pact := drafted(agreed{}, lviv, graz)
	inForce := events{pact, signed(lviv, "2018-01-01"), signed(graz, "2018-05-01"), entered("2018-05-01", "all parties", reasons{2, 3})}
	undecided := events{pact, memorandum.EntryDetermined{Met: 1}}
	suspended := memorandum.Suspended{Fact: on("2019")}
	estest.Run(t, memorandum.Decider, cases{{
		Name:  "abandoned_before_it_was_in_force",
		Given: inForce,
		When:  memorandum.Abandon{Fact: on("2018-04-30")},
		Then:  events{memorandum.Abandoned{Fact: on("2018-04-30")}, entered("2018-05-01", "all parties", reasons{2, 3}, bound(lviv, "2018-05-01"), bound(graz, "2018-05-01"))},
	}, {
		Name:  "abandoned_on_the_day_of_entry",
		Given: inForce,
		When:  memorandum.Abandon{Fact: on("2018-05-01")},
		Err:   memorandum.ErrInForce,
	}, {
		Name:  "abandoned_perhaps_before",
		Given: undecided,
		When:  memorandum.Abandon{Fact: on("2018-05-01")},
		Then:  events{memorandum.Abandoned{Fact: on("2018-05-01")}, memorandum.EntryDetermined{Rule: "all parties"}},
	}, {
		Name:  "superseded",
		Given: events{pact},
		When:  memorandum.Supersede{Fact: on("2019"), By: other},
		Then:  events{memorandum.Superseded{Fact: on("2019"), By: other}},
	}, {
		Name:  "ended_twice_competes",
		Given: events{pact, memorandum.Terminated{Fact: on("2019")}},
		When:  memorandum.Supersede{Fact: on("2020"), By: other},
		Then:  events{memorandum.Superseded{Fact: on("2020"), By: other}},
	}, {
		Name:  "nothing_to_resume",
		Given: inForce,
		When:  memorandum.Resume{Fact: on("2019")},
		Err:   memorandum.ErrNotSuspended,
	}, {
		Name:  "not_suspended_for_this_party",
		Given: events{pact, signed(lviv, "2018"), signed(graz, "2018"), memorandum.Suspended{Fact: on("2019"), Parties: parties{lviv}}},
		When:  memorandum.Resume{Fact: on("2019"), Parties: parties{graz}},
		Err:   memorandum.ErrNotSuspended,
	}, {
		Name:  "suspended_for_a_stranger",
		Given: inForce,
		When:  memorandum.Suspend{Fact: on("2019"), Parties: parties{lviv, bonn}},
		Err:   memorandum.ErrNotParty,
	}, {
		Name:  "suspended_after_the_end",
		Given: events{pact, memorandum.Terminated{Fact: on("2018")}},
		When:  memorandum.Suspend(suspended),
		Err:   memorandum.ErrEnded,
	}, {
		Name:  "no_provisional_application_to_end",
		Given: events{pact},
		When:  memorandum.EndProvisional{Fact: on("2019")},
		Err:   memorandum.ErrNotProvisional,
	}, {
		Name:  "provisional_application_by_a_stranger",
		Given: events{pact},
		When:  memorandum.ApplyProvisionally{Fact: on("2019"), Parties: parties{bonn}},
		Err:   memorandum.ErrNotInvited,
	}})
}

// An agreement that ended years before it was recorded: the end first, then the
// earlier facts.
func TestEndRecordedFirst(t *testing.T) {
	h := begin(t, memorandum.Draft(drafted(agreed{}, lviv, graz))).do(memorandum.Terminate{Fact: on("1999-12-31")})
	h.do(memorandum.Adopt{Fact: on("1990")}, memorandum.Open{Fact: on("1990-06-01")},
		sign(lviv, "1991-01-01"), sign(graz, "1992-01-01"), memorandum.Suspend{Fact: on("1995-01-01")})
	require.Equal(t, "in_force", h.phase("1994"))
	require.Equal(t, "suspended", h.phase("1996"))
	require.Equal(t, "suspended", h.part(graz, "1996"))
	require.Equal(t, "terminated", h.phase("2000"))
	require.Equal(t, "ended", h.part(graz, "2000"))
	_, err := memorandum.Decider.Decide(sign(graz, "2000-01-01"), h.state)
	require.ErrorIs(t, err, memorandum.ErrEnded)
}

func ending(t *testing.T, by agreed) *history {
	return begin(t, memorandum.Draft(drafted(by, lviv, graz))).do(sign(lviv, "2018-01-01"), sign(graz, "2018-01-01"))
}

// An end is the first day on which the agreement is not in force.
func TestExpiry(t *testing.T) {
	for name, c := range map[string]struct {
		terms agreed
		want  string
	}{
		"no_term":          {agreed{}, ""},
		"last_day":         {agreed{Until: day("2019-12-31")}, "expiry 2020-01-01"},
		"duration":         {agreed{Duration: period("P5Y")}, "expiry 2023-01-01"},
		"last_day_first":   {agreed{Duration: period("P5Y"), Until: day("2020-06-30")}, "expiry 2020-07-01"},
		"some_time_in":     {agreed{Until: day("2019-12")}, "expiry [2019-12-02..2020-01-01]"},
		"for_ever":         {agreed{Until: day("9999-12-31")}, ""},
		"open_end":         {agreed{Until: day("2018/..")}, ""},
		"tacitly_renewed":  {agreed{Duration: period("P1Y"), Renewal: memorandum.Renewal{Tacit: true, Every: period("P1Y")}}, ""},
		"at_least_so_long": {agreed{Until: day("[2019..]")}, ""},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, ending(t, c.terms).end()) })
	}
	t.Run("in_force_on_the_last_day", func(t *testing.T) {
		h := ending(t, agreed{Until: day("2019-12-31")})
		require.Equal(t, "in_force", h.phase("2019-12-31"))
		require.Equal(t, "expired", h.phase("2020-01-01"))
		require.Equal(t, "ended", h.part(lviv, "2020-01-01"))
	})
	t.Run("what_never_entered_into_force_does_not_expire", func(t *testing.T) {
		h := begin(t, memorandum.Draft(drafted(agreed{Until: day("2019-12-31")}, lviv, graz)))
		require.Equal(t, "draft", h.phase("2021"))
		h.do(sign(lviv, "2018"), sign(graz, "2018"))
		require.Equal(t, "expired", h.phase("2021"))
		h.dispute(4)
		require.Equal(t, "open_for_signature in_force? expired?", h.phase("2021"))
		h.rule(6, false)
		require.Equal(t, "open_for_signature", h.phase("2021"))
	})
	t.Run("what_was_terminated_does_not", func(t *testing.T) {
		h := ending(t, agreed{Until: day("2019-12-31")}).do(memorandum.Terminate{Fact: on("2019-01-01")})
		require.Equal(t, "terminated", h.phase("2021"))
	})
	t.Run("late_register", func(t *testing.T) {
		c := carriedOver(memorandum.PhaseInForce, "2012-01-01")
		c.Terms.Duration = period("P3Y")
		require.Equal(t, "expiry 2015-01-01", begin(t, memorandum.CarryOver(c)).end())
	})
	t.Run("by_another_rule", func(t *testing.T) {
		h := ending(t, agreed{Until: day("2022-12-31")}).do(memorandum.SetTerms{Fact: on("2018"), Terms: agreed{Duration: period("P5Y")}})
		e, _ := h.state.End()
		require.Equal(t, "P5Y from entry into force", e.Rule)
		require.Equal(t, "expiry 2023-01-01", h.end())
	})
	t.Run("disputed_end", func(t *testing.T) {
		h := ending(t, agreed{Until: day("2019-12-31")}).dispute(5)
		require.Equal(t, "in_force expired?", h.phase("2021"))
		h.do(memorandum.Adopt{Fact: on("2021")}) // what is in doubt stands against nothing
		h.rule(6, false)
		require.Equal(t, "in_force", h.phase("2021"))
		require.Empty(t, h.end())
	})
}

func TestRenewal(t *testing.T) {
	short := agreed{Until: day("2019-12-31")}
	renew := func(date, until string) memorandum.Renew { return memorandum.Renew{Fact: on(date), Until: day(until)} }
	t.Run("express", func(t *testing.T) {
		h := ending(t, short).do(renew("2019-10-01", "2024-12-31"))
		require.Equal(t, "expiry 2025-01-01", h.end())
		require.Equal(t, "in_force", h.phase("2024-12-31"))
		require.Equal(t, "expired", h.phase("2025-01-01"))
		e, _ := h.state.End()
		require.Equal(t, reasons{6}, e.Basis)
		require.Equal(t, "renewed", e.Rule)
	})
	t.Run("for_ever", func(t *testing.T) { require.Empty(t, ending(t, short).do(renew("2019", "9999-12-31")).end()) })
	t.Run("earlier_one_found_later", func(t *testing.T) {
		h := ending(t, short).do(renew("2024", "2029-12-31"), renew("2019", "2024-12-31"))
		require.Equal(t, "expiry 2030-01-01", h.end())
	})
	t.Run("one_after_the_other", func(t *testing.T) {
		h := ending(t, short).do(renew("2019", "2024-12-31"), renew("2024", "2029-12-31"))
		require.Equal(t, "expiry 2030-01-01", h.end())
	})
	t.Run("first_of_those_that_compete", func(t *testing.T) {
		h := ending(t, short).do(renew("2019", "2024-12-31"), renew("2019", "2025-12-31"))
		require.Equal(t, "expiry 2025-01-01", h.end())
	})
}

func TestTacitRenewal(t *testing.T) {
	yearly := agreed{
		Until: day("2019-12-31"), Renewal: memorandum.Renewal{Tacit: true, Every: period("P1Y"), Notice: period("P3M")},
	}
	decline := func(date string) memorandum.DeclineRenewal {
		return memorandum.DeclineRenewal{Fact: on(date), Party: graz}
	}
	for name, c := range map[string]struct{ date, want string }{
		"in_time":                    {"2019-09-30", "expiry 2020-01-01"},
		"long_before":                {"2018-06-01", "expiry 2020-01-01"},
		"a_day_late":                 {"2019-10-01", "expiry 2021-01-01"},
		"years_later":                {"2022-09-30", "expiry 2023-01-01"},
		"years_later_and_a_day_late": {"2022-10-01", "expiry 2024-01-01"},
		"perhaps_late":               {"2019", "expiry [2020-01-01..2021-01-01]"},
		"some_day":                   {"", "expiry [2020-01-01..]"},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, ending(t, yearly).do(decline(c.date)).end()) })
	}
	t.Run("earliest_counts", func(t *testing.T) {
		require.Equal(t, "expiry 2020-01-01", ending(t, yearly).do(decline("2022-06-01"), decline("2019-06-01")).end())
	})
	t.Run("months_do_not_drift", func(t *testing.T) {
		monthly := agreed{Until: day("2018-01-31"), Renewal: memorandum.Renewal{Tacit: true, Every: period("P1M")}}
		require.Equal(t, "expiry 2018-06-01", ending(t, monthly).do(decline("2018-05-31")).end())
	})
	t.Run("partial_term", func(t *testing.T) {
		yearly := yearly
		yearly.Until = day("2019-12")
		require.Equal(t, "expiry [2019-12-02..2021-01-01]", ending(t, yearly).do(decline("2019-09-15")).end())
	})
	t.Run("declined_before_an_express_renewal", func(t *testing.T) {
		h := ending(t, yearly).do(decline("2019-06-01"), memorandum.Renew{Fact: on("2019-11-01"), Until: day("2024-12-31")})
		require.Empty(t, h.end(), "it was about the term before")
		require.Equal(t, "expiry 2025-01-01", h.do(decline("2024-01-01")).end())
	})
}

func TestMinimumOfParties(t *testing.T) {
	given := func(t *testing.T) *history {
		h := begin(t, memorandum.Draft(drafted(agreed{Minimum: 2, Until: day("2030-12-31")}, lviv, graz, bonn)))
		return h.do(sign(lviv, "2015-01-01"), sign(graz, "2015-01-01"), sign(bonn, "2015-01-01"), memorandum.Withdraw(withdrawn(bonn, "2018-01-01")))
	}
	t.Run("just_enough", func(t *testing.T) { require.Equal(t, "expiry 2031-01-01", given(t).end()) })
	t.Run("fewer", func(t *testing.T) {
		h := given(t).do(memorandum.Withdraw(withdrawn(graz, "2019-01-01")))
		require.Equal(t, "minimum 2019-01-01", h.end())
		require.Equal(t, "in_force", h.phase("2018-12-31"))
		require.Equal(t, "terminated", h.phase("2019-01-01"))
		require.Equal(t, "ended", h.part(lviv, "2019-01-01"))
		e, _ := h.state.End()
		require.Equal(t, reasons{9}, e.Basis)
		require.Equal(t, "expiry 2031-01-01", h.void(9).end())
	})
	t.Run("who_comes_later_does_not_count", func(t *testing.T) {
		h := given(t).do(memorandum.Invite{Fact: on("2019"), Party: ref(turku)}, sign(turku, "2021-01-01"))
		require.Equal(t, "minimum 2019-01-01", h.do(memorandum.Withdraw(withdrawn(graz, "2019-01-01"))).end())
	})
	t.Run("notice_given_and_revoked", func(t *testing.T) {
		h := given(t).do(memorandum.GiveNotice(noticed(graz, "2019-01-01")))
		require.Equal(t, "minimum 2020-01-01", h.end())
		require.Equal(t, "expiry 2031-01-01", h.do(memorandum.RevokeNotice{Fact: on("2019-06-01"), Party: graz}).end())
	})
	t.Run("partial", func(t *testing.T) {
		require.Equal(t, "minimum 2019", given(t).do(memorandum.Withdraw(withdrawn(graz, "2019"))).end())
	})
	t.Run("never_reached", func(t *testing.T) {
		h := begin(t, memorandum.Draft(drafted(agreed{Minimum: 4}, lviv, graz))).do(sign(lviv, "2015"), sign(graz, "2015"))
		require.Empty(t, h.do(memorandum.Withdraw(withdrawn(graz, "2019"))).end())
	})
	t.Run("after_expiry", func(t *testing.T) {
		require.Equal(t, "expiry 2031-01-01", given(t).do(memorandum.Withdraw(withdrawn(graz, "2032"))).end())
	})
}
