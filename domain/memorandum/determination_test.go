package memorandum_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
)

// What follows from partial dates lies between what follows from their ends.
func TestEntryIntoForceByPartialDates(t *testing.T) {
	two, monthly := entryBy{Count: 2}, entryBy{Count: 2, Delay: period("P1M")}
	for name, c := range map[string]struct {
		entry             entryBy
		lviv, graz, leave string
		want              string
	}{
		"year_stays_a_year":               {two, "2017", "2018", "", "yes 2018"},
		"month_and_delay":                 {monthly, "2018-01", "2018-02", "", "yes [2018-03-01..2018-03-28]"},
		"overlapping_years":               {two, "2018", "2018-06-01", "", "yes [2018-06-01..2018-12-31]"},
		"one_unknown":                     {two, "", "2018-06-01", "", "yes [2018-06-01..]"},
		"both_unknown":                    {two, "", "", "", "yes "},
		"approximate":                     {two, "2017", "2018-06~", "", "yes [2018-05-01..2018-07-31]"},
		"left_before":                     {two, "2015-01-01", "2018-01-01", "2017-01-01", "no "},
		"left_on_the_day":                 {two, "2015-01-01", "2018-01-01", "2018-01-01", "no "},
		"left_the_day_after":              {two, "2015-01-01", "2018-01-01", "2018-01-02", "yes 2018-01-01"},
		"perhaps_left_before":             {two, "2015-01-01", "2018-06-01", "2018", "undecidable [2018-06-01..]"},
		"perhaps_left_within":             {two, "2015-01-01", "[2018-06..2020-06]", "[2019..2021]", "undecidable [2018-06-01..]"},
		"certainly_joined_the_day_before": {two, "2018", "2018-06-29", "2018-06-30", "yes 2018-06-29"},
		"left_on_the_day_of_joining":      {two, "2018-01-01", "2018-01-01", "2018-01-01", "yes 2018-01-01"},
	} {
		t.Run(name, func(t *testing.T) {
			h := begin(t, memorandum.Draft(drafted(agreed{Entry: c.entry}, lviv, graz)))
			h.do(sign(lviv, c.lviv), sign(graz, c.graz))
			if c.leave != "" {
				h.do(memorandum.Withdraw(withdrawn(lviv, c.leave)))
			}
			require.Equal(t, c.want, h.entry())
		})
	}
	t.Run("undated_withdrawal", func(t *testing.T) {
		h := begin(t, memorandum.Draft(drafted(agreed{}, lviv, graz)))
		h.do(sign(lviv, "2015-01-01"), sign(graz, "2018-06-01"), memorandum.Withdraw(withdrawn(lviv, "")))
		require.Equal(t, "undecidable [2018-06-01..]", h.entry())
		require.Equal(t, "consented in_force? withdrawn?", h.part(lviv, "2019"))
		require.Contains(t, h.findings(), "entry_undecidable")
	})
	t.Run("undated_withdrawal_after_entry_on_the_day_of_consent", func(t *testing.T) {
		h := begin(t, memorandum.Draft(drafted(agreed{}, lviv, graz)))
		h.do(sign(lviv, "2018-06-01"), sign(graz, "2018-06-01"), memorandum.Withdraw(withdrawn(lviv, "")))
		require.Equal(t, "yes 2018-06-01", h.entry())
		require.Equal(t, "in_force withdrawn?", h.part(lviv, "2019"))
	})
	t.Run("late_party_perhaps_left_within_the_delay", func(t *testing.T) {
		h := begin(t, memorandum.Draft(drafted(agreed{Entry: entryBy{Count: 2, Delay: period("P30D")}}, lviv, graz, bonn)))
		h.do(sign(lviv, "2015-01-01"), sign(graz, "2015-01-01"), sign(bonn, "2018-06-01"), memorandum.Withdraw(withdrawn(bonn, "")))
		require.Equal(t, "consented in_force? withdrawn?", h.part(bonn, "2019"))
		for left, want := range map[string]int{"2018-07-01": 2, "2018-07-02": 3} { // on the day on which it would be bound, and after
			e, _ := h.correct(5, signed(bonn, "2018-06-01")).correct(7, withdrawn(bonn, left)).state.Entry()
			require.Len(t, e.Parties, want, left)
		}
		e, _ := h.correct(5, signed(bonn, "2018-05")).correct(7, withdrawn(bonn, "2018-06-30")).state.Entry()
		require.Equal(t, edtf.Maybe, e.Parties[2].Met, "bound from the last day of June at the latest, and gone on it")
	})
	t.Run("unknown_dates_become_findings", func(t *testing.T) {
		h := begin(t, memorandum.Draft(drafted(agreed{}, lviv, graz))).do(sign(lviv, ""), sign(graz, ""))
		require.Equal(t, []string{"undated", "entry_undated"}, h.findings())
	})
}

// determinations are the revisions at which entry into force was determined.
func (h *history) determinations() []es.Revision {
	var at []es.Revision
	for i, e := range h.events {
		if _, ok := e.(memorandum.EntryDetermined); ok {
			at = append(at, es.Revision(i+1))
		}
	}
	return at
}

func inForceSince2018(t *testing.T) *history {
	return begin(t, memorandum.Draft(drafted(agreed{}, lviv, graz))).do(sign(lviv, "2018-01-01"), sign(graz, "2018-05-01")) // at 4
}

func TestDeterminedAgainWhenTheAnswerChanges(t *testing.T) {
	t.Run("not_when_nothing_changes", func(t *testing.T) {
		h := inForceSince2018(t)
		h.do(memorandum.AddTitle{Fact: on("2019"), Title: text("Rivers")}, memorandum.Count{Fact: on("2018"), Signatories: 2})
		h.do(memorandum.Sign{Fact: from(archive, "2018-05-02"), Party: ref(graz)})
		require.Equal(t, reasons{4}, h.determinations())
	})
	t.Run("by_a_correction", func(t *testing.T) {
		h := inForceSince2018(t).correct(3, signed(graz, "2018-06-01"))
		require.Equal(t, "yes 2018-06-01", h.entry())
		require.Equal(t, reasons{4, 6}, h.determinations())
	})
	t.Run("by_a_voiding", func(t *testing.T) {
		h := inForceSince2018(t).void(3)
		require.Equal(t, "no ", h.entry())
		require.Equal(t, "open_for_signature", h.phase("2020"))
		require.Equal(t, "consented", h.part(lviv, "2020"))
		require.Equal(t, memorandum.EntryDetermined{
			Met: edtf.No, Rule: "all parties",
			Parties: forces{{Party: lviv, Round: 1}, {Party: graz, Round: 1}},
		}, h.events[5])
	})
	t.Run("by_a_dispute_until_the_ruling", func(t *testing.T) {
		h := inForceSince2018(t).dispute(3)
		require.Equal(t, "no ", h.entry())
		require.Equal(t, "invited", h.part(graz, "2020"))
		h.rule(5, true)
		require.Equal(t, "yes 2018-05-01", h.entry())
		require.Equal(t, "in_force", h.part(graz, "2020"))
	})
	t.Run("not_by_a_ruling_that_sets_aside", func(t *testing.T) {
		h := inForceSince2018(t).dispute(3).rule(5, false)
		require.Equal(t, "no ", h.entry())
		require.Equal(t, reasons{4, 6}, h.determinations())
	})
	t.Run("by_terms_stated_later", func(t *testing.T) {
		h := inForceSince2018(t).do(memorandum.SetTerms{Fact: on("2018"), Terms: agreed{Entry: entryBy{Delay: period("P30D")}}})
		require.Equal(t, "yes 2018-05-31", h.entry())
	})
	t.Run("when_only_the_rule_or_basis_does", func(t *testing.T) {
		h := inForceSince2018(t).do(memorandum.SetTerms{Fact: on("2018"), Terms: agreed{Entry: entryBy{Count: 2}}})
		e, at := h.state.Entry()
		require.Equal(t, "2 parties", e.Rule)
		require.Equal(t, h.at(), at)
		h.do(memorandum.Sign{Fact: from(archive, "2018-05-01"), Party: ref(graz)}).void(3)
		e, _ = h.state.Entry()
		require.Equal(t, reasons{2, 7}, e.Basis, "not what was voided")
	})
	t.Run("consent_withdrawn_before_entry", func(t *testing.T) {
		h := begin(t, memorandum.Draft(drafted(agreed{Entry: entryBy{Count: 2, Delay: period("P90D")}}, lviv, graz, bonn)))
		h.do(sign(lviv, "2018-01-01"), memorandum.Withdraw(withdrawn(lviv, "2018-02-01")), sign(graz, "2018-03-01"))
		require.Equal(t, "no ", h.entry())
		h.do(sign(bonn, "2018-04-01"))
		require.Equal(t, "yes 2018-06-30", h.entry())
		require.Equal(t, "withdrawn", h.part(lviv, "2019"))
	})
	t.Run("withdrawn_within_the_delay", func(t *testing.T) {
		h := begin(t, memorandum.Draft(drafted(agreed{Entry: entryBy{Count: 2, Delay: period("P90D")}}, lviv, graz)))
		h.do(sign(lviv, "2018-01-01"), sign(graz, "2018-03-01"), memorandum.Withdraw(withdrawn(lviv, "2018-04-01")))
		require.Equal(t, "yes 2018-05-30", h.entry(), "the conditions were met all the same")
		require.Equal(t, "withdrawn", h.part(lviv, "2019"))
		e, _ := h.state.Entry()
		require.Equal(t, forces{bound(graz, "2018-05-30")}, e.Parties, "never in force for it")
	})
}

// Entry into force itself is disputed: undecidable while the dispute is open,
// then set aside or upheld; what is determined anew does not undo the ruling.
func TestEntryIntoForceDisputed(t *testing.T) {
	given := func(t *testing.T) *history {
		return begin(t, memorandum.Draft(drafted(agreed{Entry: entryBy{Count: 2}}, lviv, graz, bonn))).
			do(sign(lviv, "2018-01-01"), sign(graz, "2018-05-01")).dispute(4) // at 5
	}
	t.Run("open", func(t *testing.T) {
		h := given(t)
		require.Equal(t, "open_for_signature in_force?", h.phase("2020"))
		require.Equal(t, "consented in_force?", h.part(lviv, "2020"))
		require.Contains(t, h.findings(), "in_dispute")
		h.do(memorandum.Suspend{Fact: on("2019")})
		require.Equal(t, "open_for_signature in_force? suspended?", h.phase("2020"))
		require.Equal(t, "consented in_force? suspended?", h.part(lviv, "2020"))
		h.do(memorandum.Abandon{Fact: on("2021")})
	})
	t.Run("upheld", func(t *testing.T) {
		h := given(t).rule(5, true)
		require.Equal(t, "in_force", h.phase("2020"))
		require.Equal(t, "in_force", h.part(lviv, "2020"))
	})
	t.Run("set_aside", func(t *testing.T) {
		h := given(t).rule(5, false)
		require.Equal(t, "open_for_signature", h.phase("2020"))
		require.Equal(t, "consented", h.part(lviv, "2020"))
		require.Equal(t, "no ", h.entry())
		require.Contains(t, h.findings(), "set_aside")
		require.Equal(t, reasons{4}, h.determinations(), "a ruling is not answered by determining the same")
	})
	t.Run("late_party_does_not_undo_it", func(t *testing.T) {
		require.Equal(t, "open_for_signature in_force?", given(t).do(sign(bonn, "2019")).phase("2020"))
		require.Equal(t, "open_for_signature", given(t).do(sign(bonn, "2019")).rule(5, false).phase("2020"))
		require.Equal(t, "no ", given(t).rule(5, false).do(sign(bonn, "2019")).entry())
	})
	t.Run("whichever_of_the_same_answers_is_disputed", func(t *testing.T) {
		h := begin(t, memorandum.Draft(drafted(agreed{Entry: entryBy{Count: 2}}, lviv, graz, bonn)))
		h.do(sign(lviv, "2018-01-01"), sign(graz, "2018-05-01"), sign(bonn, "2019")).dispute(6)
		require.Equal(t, "open_for_signature in_force?", h.phase("2020"))
		require.Equal(t, "open_for_signature", h.rule(7, false).phase("2020"))
	})
	t.Run("nor_does_a_correction_that_is_taken_back", func(t *testing.T) {
		h := given(t).rule(5, false).correct(3, signed(graz, "2018-06-01"))
		require.Equal(t, "yes 2018-06-01", h.entry())
		require.Equal(t, "no ", h.correct(3, signed(graz, "2018-05-01")).entry())
	})
	t.Run("another_answer_stands_on_its_own", func(t *testing.T) {
		h := given(t).rule(5, false).do(sign(bonn, "2018-02-01"))
		require.Equal(t, "yes 2018-02-01", h.entry())
		require.Equal(t, "in_force", h.phase("2020"))
	})
}
