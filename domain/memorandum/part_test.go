package memorandum_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
)

// part is a row of a register of 2015.
func part(says memorandum.CarriedParty) memorandum.CarryOverPart {
	return memorandum.CarryOverPart{Fact: from(archive, "2015-01-01"), CarriedParty: says}
}

func row(id terms.PartyID, state memorandum.Part, since string) memorandum.PartCarriedOver {
	return memorandum.PartCarriedOver(part(carried(id, state, since)))
}

// ratifying is an agreement of two that takes more than signatures.
func ratifying() memorandum.Drafted { return drafted(agreed{Consent: "ratification"}, lviv, graz) }

func TestCarryOverPart(t *testing.T) {
	signatory := row(bonn, memorandum.PartSignatory, "2013-01-01")
	estest.Run(t, memorandum.Decider, cases{{
		Name:  "needs_no_invitation",
		Given: events{drafted(agreed{}, lviv, graz)},
		When:  memorandum.CarryOverPart(signatory),
		Then:  events{signatory},
	}, {
		Name:  "whatever_ended_before",
		Given: events{drafted(agreed{}, lviv, graz), memorandum.Terminated{Fact: on("2012")}},
		When:  memorandum.CarryOverPart(signatory),
		Then:  events{signatory},
	}, {
		Name:  "whatever_was_closed_before",
		Given: events{drafted(agreed{}, lviv, graz), memorandum.Closed{Fact: on("2012")}},
		When:  memorandum.CarryOverPart(signatory),
		Then:  events{signatory},
	}, {
		Name:  "another_part_competes",
		Given: events{drafted(agreed{}, lviv, graz), signatory},
		When:  memorandum.CarryOverPart(row(bonn, memorandum.PartSignatory, "2014")),
		Then:  events{row(bonn, memorandum.PartSignatory, "2014")},
	}, {
		Name:  "in_force_counts_as_a_consent",
		Given: events{drafted(agreed{}, lviv, graz), signed(lviv, "2012-01-01")},
		When:  memorandum.CarryOverPart(row(graz, memorandum.PartInForce, "2013-01-01")),
		Then: events{
			row(graz, memorandum.PartInForce, "2013-01-01"),
			entered("[2012-01-01..2013-01-01]", "all parties", reasons{2, 3}, boundFrom(lviv, "[2012-01-01..2013-01-01]"), bound(graz, "2013-01-01")),
		},
	}, {
		Name:  "in_force_for_one_without_the_others",
		Given: events{drafted(agreed{}, lviv, graz)},
		When:  memorandum.CarryOverPart(row(graz, memorandum.PartInForce, "2013-01-01")),
		Then: events{
			row(graz, memorandum.PartInForce, "2013-01-01"),
			memorandum.EntryDetermined{Rule: "all parties", Parties: forces{bound(graz, "2013-01-01")}},
		},
	}, {
		Name:  "invited_are_waited_for",
		Given: events{drafted(agreed{}, lviv, graz), row(bonn, memorandum.PartInvited, ""), signed(lviv, "2012-01-01")},
		When:  sign(graz, "2012-02-01"),
		Then:  events{signed(graz, "2012-02-01")},
	}})
}

func boundFrom(id terms.PartyID, date string) memorandum.Force {
	return memorandum.Force{Party: id, Round: 1, Met: edtf.Yes, From: day(date)}
}

// A row by itself says what the same row says in an opening, whatever follows.
func TestLaw_rows_say_what_an_opening_says(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := anyFact(t)
		f.Status = terms.Recorded
		whole := anyCarried(t, f)
		bare := whole
		bare.Parties = nil
		one, other := &history{}, &history{}
		require.NoError(t, one.try(memorandum.CarryOver(whole)))
		require.NoError(t, other.try(memorandum.CarryOver(bare)))
		for _, p := range whole.Parties {
			require.NoError(t, other.try(memorandum.CarryOverPart{Fact: f, CarriedParty: p}))
		}
		for range rapid.IntRange(0, 8).Draw(t, "length") {
			c := anyFactual(t, anyFact(t))
			require.Equal(t, one.try(c), other.try(c))
		}
		a, b := one.answers(), other.answers()
		for _, x := range []*answers{&a, &b} { // the revisions apart
			x.Entry.Basis, x.End.Basis = nil, nil
			slices.Sort(x.Findings)
		}
		require.Equal(t, a, b)
	})
}

func TestPartOfEveryState(t *testing.T) {
	for _, word := range memorandum.Part("").Words() {
		t.Run(word, func(t *testing.T) {
			h := begin(t, memorandum.Draft(ratifying())).do(part(carried(bonn, memorandum.Part(word), "2012-05-01")))
			require.Equal(t, word, h.part(bonn, "2012-05-01"))
			require.Equal(t, "invited", h.part(lviv, "2012-05-01"))
			require.Empty(t, h.findings())
		})
		t.Run(word+"_undated", func(t *testing.T) {
			h := begin(t, memorandum.Draft(ratifying())).do(part(carried(bonn, memorandum.Part(word), "")))
			require.Contains(t, h.part(bonn, "2014-12-31"), word+"?", "by the date of the register")
			if memorandum.Part(word) != memorandum.PartNotice { // which has perhaps run out
				require.Equal(t, word, h.part(bonn, "2015-01-01"))
			}
		})
	}
	t.Run("signatory_is_named", func(t *testing.T) {
		h := begin(t, memorandum.Draft(ratifying())).do(part(carried(lviv, memorandum.PartSignatory, "2012")), memorandum.Count{Fact: on("2012"), Signatories: 3})
		require.Equal(t, 2, h.state.Unnamed())
		h.do(memorandum.Withdraw(withdrawn(lviv, "2014-01-01")))
		require.Equal(t, "withdrawn", h.part(lviv, "2014"), "who signed may leave")
	})
	t.Run("ended_binds_only_by_a_consent", func(t *testing.T) {
		h := begin(t, memorandum.Draft(ratifying())).do(part(carried(lviv, memorandum.PartEnded, "2012")))
		require.Equal(t, "invited", h.part(lviv, "2011-12-31"))
		ended := carried(graz, memorandum.PartEnded, "2012")
		ended.Consented = day("2011")
		require.Equal(t, "consented", h.do(part(ended)).part(graz, "2011-12-31"))
	})
	t.Run("ended_binds_if_the_agreement_was_in_force", func(t *testing.T) {
		c := carriedOver(memorandum.PhaseTerminated, "2012")
		c.InForce = day("2010-01-01")
		h := begin(t, memorandum.CarryOver(c)).do(part(carried(lviv, memorandum.PartEnded, "2012")))
		require.Contains(t, h.part(lviv, "2011"), "in_force")
	})
	t.Run("suspended_and_resumed", func(t *testing.T) {
		h := begin(t, memorandum.CarryOver(carriedOver(memorandum.PhaseInForce, "2010-01-01"))).do(part(carried(lviv, memorandum.PartSuspended, "2012")))
		require.Equal(t, "in_force", h.do(memorandum.Resume{Fact: on("2013-01-01"), Parties: parties{lviv}}).part(lviv, "2013"))
	})
	t.Run("notice_runs_out_unless_revoked", func(t *testing.T) {
		h := begin(t, memorandum.Draft(ratifying())).do(part(carried(lviv, memorandum.PartNotice, "2012-05-01")))
		require.Equal(t, "withdrawn", h.part(lviv, "2013-05-01"), "after the twelve months of VCLT art. 56(2)")
		require.Equal(t, memorandum.DueWithdrawal, h.state.Dues()[0].Rule)
		h.do(memorandum.RevokeNotice{Fact: on("2013-01-01"), Party: lviv})
		require.NotContains(t, h.part(lviv, "2013-05-01"), "withdrawn")
	})
}

// When and how a party consented is for its own acts to say; since when the
// agreement is in force for it is for the register.
func TestPartBesideExpressActs(t *testing.T) {
	h := begin(t, memorandum.Draft(ratifying())).do(part(carried(lviv, memorandum.PartInForce, "2013-01-01")))
	require.Equal(t, "in_force", h.part(lviv, "2013-01-01"))
	require.Equal(t, "invited consented?", h.part(lviv, "2012-01-01"), "by the time it is in force")
	h.do(consent(lviv, "ratification", "2011-05-01"))
	require.Equal(t, "consented", h.part(lviv, "2012-01-01"))
	require.Equal(t, "invited", h.part(lviv, "2011-04-30"))
	require.Equal(t, "in_force", h.part(lviv, "2013-01-01"), "still by the register")
	h.do(consent(graz, "ratification", "2012-01-01"))
	require.Equal(t, "yes 2012-01-01", h.entry())
	e, _ := h.state.Entry()
	require.Equal(t, forces{bound(lviv, "2013-01-01"), bound(graz, "2012-01-01")}, e.Parties)
	require.Equal(t, "consented", h.part(lviv, "2012-12-31"))
}

func TestPartsCompete(t *testing.T) {
	since := func(date string) memorandum.CarryOverPart {
		return part(carried(lviv, memorandum.PartInForce, date))
	}
	another := func(change func(p *memorandum.CarriedParty)) memorandum.CarryOverPart {
		c := since("2012-01-01")
		c.Fact = on("2016")
		change(&c.CarriedParty)
		return c
	}
	for name, c := range map[string]struct {
		second memorandum.CarryOverPart
		want   []string
	}{
		"state":         {another(func(p *memorandum.CarriedParty) { p.State = memorandum.PartWithdrawn }), []string{"competing"}},
		"since":         {another(func(p *memorandum.CarriedParty) { p.Since = day("2013") }), []string{"competing"}},
		"consented":     {another(func(p *memorandum.CarriedParty) { p.Consented = day("2011") }), []string{"competing"}},
		"weight":        {another(func(p *memorandum.CarriedParty) { p.Weight = 1 }), []string{"competing"}},
		"under_a_name":  {another(func(p *memorandum.CarriedParty) { p.Party.As = "Lwów" }), []string{}},
		"of_another":    {another(func(p *memorandum.CarriedParty) { p.Party.ID = graz }), []string{}},
		"in_other_word": {another(func(*memorandum.CarriedParty) {}), []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			h := begin(t, memorandum.Draft(drafted(agreed{}, lviv, graz))).do(since("2012-01-01"))
			before, at := h.state.Parts(), h.at()
			h.do(c.second)
			require.Equal(t, c.want, h.findings())
			if len(c.want) > 0 {
				require.Equal(t, reasons{2, at + 1}, h.state.Findings()[0].Events)
				require.Equal(t, before, h.state.Parts(), "the first stands")
			}
		})
	}
	t.Run("with_the_opening", func(t *testing.T) {
		h := begin(t, memorandum.CarryOver(carriedOver(memorandum.PhaseInForce, "2010-01-01", carried(lviv, memorandum.PartInForce, "2012-01-01"))))
		h.do(since("2013-01-01"))
		require.Equal(t, []string{"competing"}, h.findings())
		require.Equal(t, "in_force", h.part(lviv, "2012-06"))
	})
	t.Run("before_a_register_of_all", func(t *testing.T) {
		h := begin(t, memorandum.Draft(drafted(agreed{}, lviv, graz))).do(since("2013-01-01"))
		h.do(memorandum.CarryOver(carriedOver(memorandum.PhaseInForce, "2010-01-01", carried(lviv, memorandum.PartInForce, "2012-01-01"))))
		require.Equal(t, []string{"competing"}, h.findings())
		require.NotContains(t, h.part(lviv, "2012-06"), "in_force")
		require.Equal(t, "yes 2010-01-01", h.entry())
	})
	t.Run("second_stands_in_for_what_is_contested", func(t *testing.T) {
		h := begin(t, memorandum.Draft(drafted(agreed{}, lviv, graz))).do(since("2013-01-01"), since("2012-01-01")).dispute(2)
		require.Equal(t, "in_force", h.part(lviv, "2012-06"))
		require.Equal(t, []string{"in_dispute"}, h.findings())
	})
}

func TestPartCorrectedAndVoided(t *testing.T) {
	given := func() *history {
		return begin(t, memorandum.Draft(drafted(agreed{}, lviv, graz))).do(sign(lviv, "2012-01-01"))
	}
	ended := carried(graz, memorandum.PartWithdrawn, "2014-01-01")
	ended.Consented = day("2012-02-01")
	t.Run("corrected", func(t *testing.T) {
		h := given().do(part(ended))
		require.Equal(t, "yes 2012-02-01", h.entry())
		right := memorandum.PartCarriedOver(part(ended))
		right.Consented, right.State, right.Since = day("2012-03-01"), memorandum.PartInForce, day("2012-04-01")
		h.correct(3, right)
		require.Equal(t, "yes 2012-03-01", h.entry())
		require.Equal(t, "in_force", h.part(graz, "2014"))
		require.Equal(t, "consented", h.part(graz, "2012-03-31"))
	})
	t.Run("voided", func(t *testing.T) {
		h := given().do(part(ended)).void(3)
		require.Equal(t, given().answers().Parts, h.answers().Parts)
		require.Equal(t, "no ", h.entry())
		require.ErrorIs(t, h.try(memorandum.Withdraw(withdrawn(graz, "2014"))), memorandum.ErrNotParty)
	})
	t.Run("set_aside", func(t *testing.T) {
		h := given().do(part(ended)).dispute(3)
		h.rule(5, false)
		require.Equal(t, "no ", h.entry())
	})
}

func TestPartWeighs(t *testing.T) {
	heavy := carried(graz, memorandum.PartInForce, "2013-01-01")
	heavy.Consented, heavy.Weight = day("2012-01-01"), 60
	given := func() *history {
		return begin(t, memorandum.Draft(drafted(agreed{Entry: entryBy{Share: 7000, Total: 100}}, lviv, graz))).do(
			sign(lviv, "2012-05-01"), memorandum.Weigh{Fact: on("2012"), Party: lviv, Weight: 10},
		)
	}
	light := memorandum.Weigh{Fact: on("2012"), Party: graz, Weight: 50}
	require.Equal(t, "yes 2012-05-01", given().do(part(heavy)).entry())
	require.Equal(t, "no ", given().do(part(heavy), light).entry(), "what is stated expressly counts")
	require.Equal(t, "no ", given().do(light, part(heavy)).entry(), "whichever was recorded first")
}

// Where a party left and came back, the dates tell to which of its rounds a row
// belongs.
func TestPartOfAnotherRound(t *testing.T) {
	left := func() *history {
		return begin(t, memorandum.Draft(drafted(agreed{Entry: entryBy{Count: 2}}, lviv, graz))).do(
			sign(lviv, "2010-01-01"), sign(graz, "2010-01-01"), memorandum.Withdraw(withdrawn(lviv, "2012-01-01")),
		)
	}
	t.Run("after_it", func(t *testing.T) {
		h := left().do(part(carried(lviv, memorandum.PartInForce, "2014-01-01")))
		require.Equal(t, "in_force", h.part(lviv, "2011"))
		require.Equal(t, "in_force", h.part(lviv, "2014-01-01"))
		require.Equal(t, "withdrawn consented?", h.part(lviv, "2013"), "bound some day since it left")
		e, _ := h.state.Entry()
		require.Len(t, e.Parties, 3)
	})
	t.Run("before_it", func(t *testing.T) {
		h := left().do(part(carried(lviv, memorandum.PartInForce, "2011-01-01")))
		require.Equal(t, "consented", h.part(lviv, "2010-12-31"))
		require.Equal(t, "withdrawn", h.part(lviv, "2014"))
	})
	t.Run("by_its_consent", func(t *testing.T) {
		again := carried(lviv, memorandum.PartWithdrawn, "2014-01-01")
		again.Consented = day("2013-01-01")
		h := left().do(part(again))
		require.Equal(t, "withdrawn", h.part(lviv, "2012-06"))
		require.Equal(t, "in_force", h.part(lviv, "2013-01-01"))
		require.Equal(t, "withdrawn", h.part(lviv, "2014-01-01"))
	})
	t.Run("suspended_after_it", func(t *testing.T) {
		h := left().do(part(carried(lviv, memorandum.PartSuspended, "2014-01-01")))
		require.Equal(t, "in_force", h.part(lviv, "2011"))
		require.Equal(t, "suspended", h.part(lviv, "2014-01-01"))
	})
	t.Run("signatory_after_it", func(t *testing.T) {
		h := left().do(part(carried(lviv, memorandum.PartSignatory, "2014-01-01")))
		require.Equal(t, "withdrawn", h.part(lviv, "2013"))
		require.Equal(t, "signatory", h.part(lviv, "2014-01-01"))
	})
	t.Run("in_force_whenever_it_was_first_bound", func(t *testing.T) {
		again := carried(lviv, memorandum.PartInForce, "2014-01-01")
		again.Consented = day("2010-01-01")
		h := left().do(part(again))
		require.Contains(t, h.part(lviv, "2011"), "in_force")
		require.Equal(t, "in_force", h.part(lviv, "2014-01-01"))
	})
	for _, state := range []memorandum.Part{memorandum.PartWithdrawn, memorandum.PartNotice} {
		for _, consented := range []string{"", "2010-01-01"} {
			t.Run(string(state)+"_competes_"+consented, func(t *testing.T) {
				leaves := carried(lviv, state, "2013-01-01")
				leaves.Consented = day(consented)
				h := left().do(part(leaves))
				require.Equal(t, "withdrawn", h.part(lviv, "2012-06"))
				require.Equal(t, []string{"competing"}, h.findings())
				e, _ := h.state.Entry()
				require.Len(t, e.Parties, 2, "no other round")
			})
		}
	}
	for _, state := range []memorandum.Part{memorandum.PartInvited, memorandum.PartEnded} {
		t.Run(string(state)+"_is_no_return", func(t *testing.T) {
			h := left().do(part(carried(lviv, state, "2014-01-01")))
			require.Equal(t, "withdrawn", h.part(lviv, "2015"))
		})
	}
	t.Run("withdrawal_told_after_it_leaves_the_consent", func(t *testing.T) {
		h := begin(t, memorandum.Draft(ratifying())).do(part(carried(lviv, memorandum.PartWithdrawn, "2013-01-01")))
		h.do(memorandum.Withdraw(withdrawn(lviv, "2012-01-01")))
		require.Equal(t, "invited consented?", h.part(lviv, "2012-06-01"), "the register was first")
		require.Equal(t, "withdrawn", h.part(lviv, "2013-01-01"))
	})
}

func TestExplainPart(t *testing.T) {
	pact := func() *history { return begin(t, memorandum.Draft(drafted(agreed{}, lviv, graz))) }
	since := part(carried(graz, memorandum.PartInForce, "2013-01-01"))
	another := part(carried(graz, memorandum.PartInForce, "2014-01-01"))
	register := carriedOver(memorandum.PhaseOpen, "2010", carried(graz, memorandum.PartInForce, "2012-01-01"))
	heavy := since
	heavy.Weight = 50
	gone := carried(graz, memorandum.PartWithdrawn, "2014-01-01")
	gone.Consented = day("2012-01-01")
	shared := begin(t, memorandum.Draft(drafted(agreed{Entry: entryBy{Share: 5000, Total: 100}}, lviv, graz)))
	weighed := memorandum.Weigh{Fact: on("2012"), Party: graz, Weight: 60}
	counted := begin(t, memorandum.Draft(drafted(agreed{Entry: entryBy{Count: 2}}, lviv, graz))).do(since, sign(graz, "2012"))
	stated := begin(t, memorandum.Draft(drafted(agreed{Entry: entryBy{All: true}}, lviv, graz)))
	for name, c := range map[string]struct {
		field   memorandum.Field
		given   *history
		used    reasons
		ignored map[es.Revision]string
	}{
		"end_and_what_competes":  {"ends", pact().do(since, another), reasons{1, 2}, map[es.Revision]string{4: "competing by 2"}},
		"since_when_in_force":    {"part", counted.clone(), reasons{1, 2, 4}, nil},
		"no_phase_by_it":         {"phase", counted.clone(), reasons{1, 4}, map[es.Revision]string{2: "the answer does not rest on it"}},
		"as_one_of_all_by_terms": {"inForceFrom", stated.do(part(carried(bonn, memorandum.PartInvited, ""))), reasons{1, 2}, nil},
		"as_a_consent":           {"inForceFrom", pact().do(sign(lviv, "2012"), since), reasons{1, 2, 3}, nil},
		"its_part":               {"part", pact().do(since), reasons{1, 2}, nil},
		"its_part_by_a_consent":  {"part", pact().do(since, sign(graz, "2012")), reasons{1, 2, 4}, nil},
		"entry_by_a_consent":     {"inForceFrom", begin(t, memorandum.Draft(drafted(agreed{Entry: entryBy{Count: 2}}, lviv, graz))).do(since, sign(graz, "2012"), sign(lviv, "2013")), reasons{1, 4, 5}, map[es.Revision]string{2: "the answer does not rest on it"}},
		"as_one_of_all":          {"inForceFrom", pact().do(part(carried(bonn, memorandum.PartInvited, ""))), reasons{1, 2}, nil},
		"competing":              {"part", pact().do(since, another), reasons{1, 2}, map[es.Revision]string{4: "competing by 2"}},
		"competing_with_all":     {"inForceFrom", begin(t, memorandum.CarryOver(register)).do(since), reasons{1}, map[es.Revision]string{3: "competing by 1"}},
		"corrected":              {"part", pact().do(since).correct(2, memorandum.PartCarriedOver(another)), reasons{1, 4}, map[es.Revision]string{2: "superseded by a correction by 4"}},
		"opening_voided": {"part", pact().do(since, another).void(1), nil, map[es.Revision]string{
			1: "voided", 2: "the agreement was opened in error", 3: "the agreement was opened in error", 4: "the agreement was opened in error",
		}},
		"voided":                  {"part", pact().do(since).void(2), reasons{1}, map[es.Revision]string{2: "voided"}},
		"which_left":              {"ends", begin(t, memorandum.Draft(drafted(agreed{Minimum: 2}, lviv, graz))).do(sign(lviv, "2012-01-01"), part(gone)), reasons{1, 2, 3}, nil},
		"its_weight":              {"inForceFrom", shared.clone().do(heavy, sign(graz, "2011"), sign(lviv, "2012")), reasons{1, 2, 4, 5}, nil},
		"its_weight_told_express": {"inForceFrom", shared.clone().do(heavy, sign(graz, "2011"), sign(lviv, "2012"), weighed), reasons{1, 4, 5, 7}, map[es.Revision]string{2: "the answer does not rest on it"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, used, ignored := explained(t, c.field, c.given)
			if c.ignored == nil {
				c.ignored = map[es.Revision]string{}
			}
			require.Equal(t, c.used, used)
			require.Equal(t, c.ignored, ignored)
		})
	}
	t.Run("names_the_event_and_its_source", func(t *testing.T) {
		x := memorandum.Explain("part", pact().do(since).events...)
		require.Equal(t, memorandum.Evidence{
			Revision: 2, Type: "memorandum.part_carried_over", Party: graz, Date: day("2015-01-01"), Source: terms.Citation{ID: archive},
		}, x.Used[1])
	})
}
