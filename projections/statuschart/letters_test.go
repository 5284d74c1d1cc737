package statuschart_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/statuschart"
)

// TestLetters checks that every means of consent has its letter, so that a new
// one is not forgotten.
func TestLetters(t *testing.T) {
	letters := map[string]statuschart.Letter{
		"signature": "s", "ratification": "", "acceptance": "A", "approval": "AA", "formal_confirmation": "c", "accession": "a", "succession": "d",
	}
	for _, means := range memorandum.Means("").Words() {
		t.Run(means, func(t *testing.T) {
			s := memorandum.Decider.Fold(
				memorandum.Drafted(needing("ratification", graz)), memorandum.Consented(consent(graz, memorandum.Means(means), "2015-02-01")),
			)
			require.Equal(t, []statuschart.Row{{
				Agreement: pact, Party: graz, Round: 1, Consented: statuschart.Act{On: edtf.MustParse("2015-02-01"), By: 2},
				Letter: letters[means], Means: memorandum.Means(means),
			}}, statuschart.Draw(pact, &s))
		})
	}
	require.Len(t, letters, len(memorandum.Means("").Words()))
}

func TestSignatures(t *testing.T) {
	definitive := sign(graz, "2015-01-01")
	definitive.Definitive = true
	for name, c := range map[string]struct {
		commands []memorandum.Command
		want     string
	}{
		"invited_only":     {nil, "graz 1"},
		"signature_only":   {[]memorandum.Command{sign(graz, "2015-01-01")}, "graz 1, signed 2015-01-01 @2"},
		"definitive":       {[]memorandum.Command{definitive}, "graz 1, signed 2015-01-01 @2, consent 2015-01-01 s @2"},
		"of_unknown_date":  {[]memorandum.Command{sign(graz, "")}, "graz 1, signed  @2"},
		"two_dates_of_one": {[]memorandum.Command{sign(graz, "2015-01-02"), sign(graz, "2015-01-01")}, "graz 1, signed 2015-01-02 @2"},
		"ratified": {
			[]memorandum.Command{sign(graz, "2015-01-01"), consent(graz, "ratification", "2015-06")},
			"graz 1, signed 2015-01-01 @2, consent 2015-06 @3",
		},
		"definitive_and_ratified": {
			[]memorandum.Command{definitive, consent(graz, "ratification", "2015-06")},
			"graz 1, signed 2015-01-01 @2, consent 2015-06 @3",
		},
		"corrected": {
			[]memorandum.Command{
				sign(graz, "2015-01-01"),
				correct(2, memorandum.Signed{Fact: on("2015-01-11"), Party: ref(graz)}),
			},
			"graz 1, signed 2015-01-11 @2",
		},
		"announced": {[]memorandum.Command{memorandum.Sign{Fact: as(terms.Announced, "2015"), Party: ref(graz)}}, "graz 1"},
		"claimed":   {[]memorandum.Command{memorandum.Consent{Fact: as(terms.Claimed, "2015"), Party: ref(graz), Means: "approval"}}, "graz 1"},
		"voided":    {[]memorandum.Command{sign(graz, "2015-01-01"), void(2)}, "graz 1"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, []string{c.want}, draw(t, append([]memorandum.Command{needing("ratification", graz)}, c.commands...)...))
		})
	}
	t.Run("binding_by_the_terms", func(t *testing.T) {
		require.Equal(t, []string{
			"graz 1, signed 2015-01-01 @2, consent 2015-01-01 s @2, in force 2015-02-01 @4",
			"lviv 1, signed 2015-02-01 @3, consent 2015-02-01 s @3, in force 2015-02-01 @4",
		}, draw(t, needing("signature", graz, lviv), sign(graz, "2015-01-01"), sign(lviv, "2015-02-01")))
	})
	t.Run("nobody_is_there_by_an_announcement", func(t *testing.T) {
		open := needing("ratification")
		open.Open = true
		require.Empty(t, draw(t, open, memorandum.Sign{Fact: as(terms.Announced, "2015"), Party: ref(graz)},
			memorandum.ApplyProvisionally{Fact: as(terms.Announced, "2015"), Parties: []terms.PartyID{graz}}))
	})
	t.Run("recorded_in_error", func(t *testing.T) {
		require.Empty(t, draw(t, needing("ratification", graz), sign(graz, "2015-01-01"), reserve(graz, "r", "2015"), dispute(2), void(1)))
	})
}

func correct(of es.Revision, e memorandum.Event) memorandum.Correct {
	c := memorandum.Correct{}
	c.Of, c.As, c.Reason = of, e, "misread"
	return c
}

func TestProvisionalApplication(t *testing.T) {
	apply := func(date string, ids ...terms.PartyID) memorandum.Command {
		return memorandum.ApplyProvisionally{Fact: on(date), Parties: ids}
	}
	end := func(date string) memorandum.Command { return memorandum.EndProvisional{Fact: on(date)} }
	for name, c := range map[string]struct {
		commands []memorandum.Command
		want     []string
	}{
		"by_one": {
			[]memorandum.Command{sign(lviv, "2014"), apply("2015-01-01", graz)},
			[]string{"lviv 1, signed 2014 @2", "graz 1, consent 2015-01-01 n @3"},
		},
		"by_all_signatories": {
			[]memorandum.Command{sign(lviv, "2014"), apply("2015-01-01")},
			[]string{"lviv 1, signed 2014 @2, consent 2015-01-01 n @3", "graz 1"},
		},
		"by_who_signs_later": {
			[]memorandum.Command{sign(lviv, "2014"), apply("2015-01-01"), sign(graz, "2016-01-01")},
			[]string{"lviv 1, signed 2014 @2, consent 2015-01-01 n @3", "graz 1, signed 2016-01-01 @4, consent 2016-01-01 n @3"},
		},
		"not_by_who_had_left": {
			[]memorandum.Command{sign(lviv, "2014"), withdraw(lviv, "2014-06-01"), apply("2015-01-01")},
			[]string{"lviv 1, signed 2014 @2, left 2014-06-01 @3", "graz 1"},
		},
		"until_ratification": {
			[]memorandum.Command{apply("2015-01-01", graz), consent(graz, "ratification", "2016-01-01")},
			[]string{"lviv 1", "graz 1, consent 2016-01-01 @3"},
		},
		"ended":       {[]memorandum.Command{apply("2015-01-01", graz), end("2016-01-01")}, []string{"lviv 1", "graz 1"}},
		"begun_again": {[]memorandum.Command{apply("2015", graz), end("2016"), apply("2017", graz)}, []string{"lviv 1", "graz 1, consent 2017 n @4"}},
		"ended_by_the_order_of_recording": {
			[]memorandum.Command{apply("2015", graz), end("2015")}, []string{"lviv 1", "graz 1"},
		},
		"begun_by_the_order_of_recording": {
			[]memorandum.Command{apply("2014", graz), end("2015"), apply("2015", graz)}, []string{"lviv 1", "graz 1, consent 2015 n @4"},
		},
		"effective_later_and_corrected": {
			[]memorandum.Command{apply("2014", graz), correct(2, memorandum.Provisional{
				Fact: terms.Fact{Occurred: edtf.MustParse("2014"), Effective: edtf.MustParse("2015")}, Parties: []terms.PartyID{graz},
			})},
			[]string{"lviv 1", "graz 1, consent 2015 n @2"},
		},
		"twice": {
			[]memorandum.Command{apply("2015-02-01", graz), apply("2015-01-01", graz)},
			[]string{"lviv 1", "graz 1, consent 2015-02-01 n @2"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, draw(t, append([]memorandum.Command{needing("ratification", lviv, graz)}, c.commands...)...))
		})
	}
	t.Run("by_a_party_not_mentioned_before", func(t *testing.T) {
		open := needing("ratification")
		open.Open = true
		require.Equal(t, []string{"lviv 1, signed 2016 @3", "graz 1, consent 2015 n @2"}, draw(t, open, apply("2015", graz), sign(lviv, "2016")))
	})
}

func TestCarriedOver(t *testing.T) {
	carried := func(id terms.PartyID, state memorandum.Part, since, consented string) memorandum.CarriedParty {
		return memorandum.CarriedParty{Party: ref(id), State: state, Since: edtf.MustParse(since), Consented: edtf.MustParse(consented)}
	}
	register := memorandum.CarryOver{
		Fact: on("2015-01-01"), Kind: "agreement", Titles: []terms.Text{{Lang: "en", Value: "Clean rivers"}},
		Terms: memorandum.Terms{Consent: "ratification"}, Phase: memorandum.PhaseInForce, Since: edtf.MustParse("2010-01-01"),
		Parties: []memorandum.CarriedParty{
			carried(lviv, memorandum.PartInForce, "2010-01-01", "2009-05-01"), carried(graz, memorandum.PartSignatory, "2009-03-01", ""),
			carried(bonn, memorandum.PartWithdrawn, "2012-01-01", "2009-06-01"), carried(turku, memorandum.PartNotice, "2014-06-01", "2009-07-01"),
		},
	}
	require.Equal(t, []string{
		"lviv 1, consent 2009-05-01 @1, in force 2010-01-01 @2",
		"graz 1, signed 2009-03-01 @1",
		"bonn 1, consent 2009-06-01 @1, in force 2010-01-01 @2, left 2012-01-01 @1",
		"turku 1, consent 2009-07-01 @1, in force 2010-01-01 @2, noticed 2014-06-01 @1, left 2015-06-01 @1",
	}, draw(t, register))
	t.Run("row_by_row", func(t *testing.T) {
		bare := register
		bare.Parties = nil
		all := []memorandum.Command{bare}
		for _, p := range register.Parties {
			all = append(all, memorandum.CarryOverPart{Fact: register.Fact, CarriedParty: p})
		}
		require.Equal(t, []string{
			"lviv 1, consent 2009-05-01 @3, in force 2010-01-01 @4",
			"graz 1, signed 2009-03-01 @5",
			"bonn 1, consent 2009-06-01 @6, in force 2010-01-01 @7, left 2012-01-01 @6",
			"turku 1, consent 2009-07-01 @8, in force 2010-01-01 @9, noticed 2014-06-01 @8, left 2015-06-01 @8",
		}, draw(t, all...))
	})
	t.Run("says_no_means", func(t *testing.T) {
		s := memorandum.Decider.Fold(memorandum.CarriedOver(register))
		row := statuschart.Draw(pact, &s)[0]
		require.True(t, row.Consented.Done())
		require.Empty(t, row.Means)
	})
	for _, date := range []string{"2009-02-27", "2009-03-03"} {
		t.Run("gives_way_to_a_signature_of_"+date, func(t *testing.T) {
			require.Equal(t, "graz 1, signed "+date+" @3", draw(t, register, sign(graz, date))[1])
		})
	}
}
