package memorandum_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/memorandum"
)

func TestCorrect(t *testing.T) {
	pact := drafted(agreed{Consent: "ratification"}, lviv, graz)
	closed := memorandum.Closed{Fact: on("2018-06-30")}
	given := events{pact, signed(lviv, "2018-05-01"), closed}
	longer := drafted(agreed{Consent: "ratification"}, lviv, graz)
	longer.Reference = "A 12"
	restricted := longer
	restricted.Visibility = es.Restricted
	accession := memorandum.Consented{Fact: on("2018"), Party: ref(graz), Means: "accession"}
	estest.Run(t, memorandum.Decider, cases{{
		Name: "date", Given: given,
		When: memorandum.Correct(corrected(2, signed(lviv, "2018-05-02"))),
		Then: events{corrected(2, signed(lviv, "2018-05-02"))},
	}, {
		Name: "opening", Given: given,
		When: memorandum.Correct(corrected(1, longer)),
		Then: events{corrected(1, longer)},
	}, {
		Name: "to_what_it_says", Given: given,
		When: memorandum.Correct(corrected(2, signed(lviv, "2018-05-01"))),
	}, {
		Name: "and_back", Given: append(given, corrected(2, signed(lviv, "2018-05-02"))),
		When: memorandum.Correct(corrected(2, signed(lviv, "2018-05-01"))),
		Then: events{corrected(2, signed(lviv, "2018-05-01"))},
	}, {
		Name: "guards_hold_for_what_it_says_then", Given: given,
		When: memorandum.Correct(corrected(2, signed(lviv, "2018-07-01"))),
		Err:  memorandum.ErrNotOpen,
	}, {
		Name: "to_a_stranger's", Given: given,
		When: memorandum.Correct(corrected(2, signed(bonn, "2018-05-01"))),
		Err:  memorandum.ErrNotInvited,
	}, {
		Name: "is_no_second_participation", Given: events{pact, accession},
		When: memorandum.Correct(corrected(2, memorandum.Consented{Fact: on("2019"), Party: ref(graz), Means: "succession", Predecessor: bonn})),
		Then: events{corrected(2, memorandum.Consented{Fact: on("2019"), Party: ref(graz), Means: "succession", Predecessor: bonn})},
	}, {
		Name: "of_another_type", Given: given,
		When: memorandum.Correct(corrected(2, ratified(lviv, "2018"))),
		Err:  code("book.other_type"),
	}, {
		Name: "of_nothing", Given: given,
		When: memorandum.Correct(corrected(4, signed(lviv, "2018"))),
		Err:  code("book.no_such_event"),
	}, {
		Name: "with_nothing", Given: given,
		When: memorandum.Correct(corrected(2, nil)),
		Err:  code("book.other_type"),
	}, {
		Name: "with_bad_values", Given: given,
		When: memorandum.Correct(corrected(2, signed("", "2018"))),
		Err:  code("terms.missing"),
	}, {
		Name: "of_what_was_voided", Given: append(given, voided(2)),
		When: memorandum.Correct(corrected(2, signed(lviv, "2018"))),
		Err:  code("book.voided"),
	}, {
		Name: "of_the_visibility", Given: given,
		When: memorandum.Correct(corrected(1, restricted)),
		Err:  code("book.other_visibility"),
	}, {
		Name: "without_a_reason", Given: given,
		When: memorandum.Correct{Corrected: book.Corrected[memorandum.Event]{Of: 2, As: signed(lviv, "2018")}},
		Err:  code("terms.bad_text"),
	}})
}

func TestVoidDisputeRule(t *testing.T) {
	inForce := events{
		drafted(agreed{}, lviv, graz), signed(lviv, "2018-01-01"), signed(graz, "2018-01-01"),
		entered("2018-01-01", "all parties", reasons{2, 3}, bound(lviv, "2018-01-01"), bound(graz, "2018-01-01")),
	}
	gone := memorandum.EntryDetermined{Rule: "all parties", Parties: forces{{Party: graz, Round: 1}, {Party: lviv, Round: 1}}}
	back := entered("2018-01-01", "all parties", reasons{2, 3}, bound(lviv, "2018-01-01"), bound(graz, "2018-01-01"))
	contested := append(inForce, disputed(2), gone) // 5, 6
	estest.Run(t, memorandum.Decider, cases{{
		Name: "void", Given: inForce, When: memorandum.Void(voided(2)), Then: events{voided(2), gone},
	}, {
		Name: "void_again", Given: append(inForce, voided(2), gone), When: memorandum.Void(voided(2)),
	}, {
		Name: "void_a_determination", Given: inForce, When: memorandum.Void(voided(4)), Err: code("book.not_voidable"),
	}, {
		Name: "correct_a_determination", Given: inForce, When: memorandum.Correct(corrected(4, back)), Err: code("book.not_a_fact"),
	}, {
		Name: "dispute", Given: inForce, When: memorandum.Dispute(disputed(2)), Then: events{disputed(2), gone},
	}, {
		Name: "dispute_a_determination", Given: inForce, When: memorandum.Dispute(disputed(4)), Then: events{disputed(4)},
	}, {
		Name: "dispute_the_same_again", Given: contested, When: memorandum.Dispute(disputed(2)),
	}, {
		Name: "uphold", Given: contested, When: memorandum.Rule(ruled(5, true)), Then: events{ruled(5, true), back},
	}, {
		Name: "set_aside", Given: contested, When: memorandum.Rule(ruled(5, false)), Then: events{ruled(5, false)},
	}, {
		Name: "rule_again_otherwise", Given: append(contested, ruled(5, false)), When: memorandum.Rule(ruled(5, true)), Then: events{ruled(5, true), back},
	}, {
		Name: "void_the_dispute", Given: contested, When: memorandum.Void(voided(5)), Then: events{voided(5), back},
	}, {
		Name: "rule_on_no_dispute", Given: inForce, When: memorandum.Rule(ruled(2, true)), Err: code("book.not_a_dispute"),
	}, {
		Name: "dispute_nothing", Given: inForce, When: memorandum.Dispute(disputed(9)), Err: code("book.no_such_event"),
	}})
}

// A register overwrote a value: what was known before stays the fold of the
// prefix, what is known after is the whole.
func TestRegisterThatOverwroteAValue(t *testing.T) {
	c := carriedOver(memorandum.PhaseInForce, "2012-01-01", carried(lviv, memorandum.PartInForce, "2012-01-01"))
	h := begin(t, memorandum.CarryOver(c))
	overwritten := h.at()
	c.Since, c.Parties = day("2011-06-01"), []memorandum.CarriedParty{carried(lviv, memorandum.PartInForce, "2011-06-01")}
	h.correct(1, c)

	before := history{t: t, state: memorandum.Decider.Fold(h.events[:overwritten]...)}
	require.Equal(t, "yes 2012-01-01", before.entry())
	require.Empty(t, before.phase("2011-12-31"))
	require.Equal(t, "consented?", before.part(lviv, "2011-12-31"), "when it did, the register did not say")
	require.Equal(t, "yes 2011-06-01", h.entry())
	require.Equal(t, "in_force", h.phase("2011-12-31"))
	require.Equal(t, "in_force", h.part(lviv, "2011-12-31"))
}

// A last day of 9999-12-31, or an open one, is no end; corrected, it is one.
func TestForeverEndDate(t *testing.T) {
	for _, forever := range []string{"9999-12-31", "9999", "2018/.."} {
		h := ending(t, agreed{Until: day(forever)})
		require.Empty(t, h.end())
		require.Equal(t, "in_force", h.phase("9999-12-31"))
		d := drafted(agreed{Until: day("2019-12-31")}, lviv, graz)
		require.Equal(t, "expiry 2020-01-01", h.correct(1, d).end())
		d.Terms.Until = day(forever)
		require.Empty(t, h.correct(1, d).end(), "and back")
		require.Equal(t, "in_force", h.phase("2021"))
	}
}
