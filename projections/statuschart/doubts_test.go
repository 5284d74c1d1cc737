package statuschart_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/statuschart"
)

func TestDoubt(t *testing.T) {
	apply := memorandum.ApplyProvisionally{Fact: on("2014")}
	for name, c := range map[string]struct {
		commands []memorandum.Command
		want     []string
	}{
		"signature": {[]memorandum.Command{sign(graz, "2015"), dispute(2)}, []string{"lviv 1", "graz 1, in doubt"}},
		"upheld": {
			[]memorandum.Command{sign(graz, "2015"), dispute(2), rule(3, true)},
			[]string{"lviv 1", "graz 1, signed 2015 @2"},
		},
		"set_aside": {[]memorandum.Command{sign(graz, "2015"), dispute(2), rule(3, false)}, []string{"lviv 1", "graz 1"}},
		"consent": {
			[]memorandum.Command{sign(graz, "2015"), consent(graz, "approval", "2016"), dispute(3)},
			[]string{"lviv 1", "graz 1, signed 2015 @2, in doubt"},
		},
		"invitation": {
			[]memorandum.Command{memorandum.Invite{Fact: on("2011"), Party: ref(bonn)}, dispute(2)},
			[]string{"lviv 1", "graz 1", "bonn 1, in doubt"},
		},
		"contested_when_recorded": {
			[]memorandum.Command{memorandum.Sign{Fact: as(terms.Disputed, "2015"), Party: ref(graz)}}, []string{"lviv 1", "graz 1, in doubt"},
		},
		"of_a_claim": {
			[]memorandum.Command{memorandum.Sign{Fact: as(terms.Claimed, "2015"), Party: ref(graz)}, dispute(2)},
			[]string{"lviv 1", "graz 1"},
		},
		"opening": {[]memorandum.Command{dispute(1)}, []string{"lviv 1, in doubt", "graz 1, in doubt"}},
		"opening_and_a_signature_holds": {
			[]memorandum.Command{sign(graz, "2015"), dispute(1)},
			[]string{"graz 1, signed 2015 @2, in doubt", "lviv 1, in doubt"},
		},
		"provisional_application_of_one": {
			[]memorandum.Command{memorandum.ApplyProvisionally{Fact: on("2014"), Parties: []terms.PartyID{graz}}, dispute(2)},
			[]string{"lviv 1", "graz 1, in doubt"},
		},
		"provisional_application_of_all": {
			[]memorandum.Command{sign(graz, "2015"), apply, dispute(3)},
			[]string{"lviv 1", "graz 1, signed 2015 @2, in doubt"},
		},
		"set_aside_on_one_of_two_grounds": {
			[]memorandum.Command{sign(graz, "2015"), dispute(2), memorandum.Dispute{Disputed: book.Disputed{Of: 2, Grounds: "forged"}}, rule(3, false)},
			[]string{"lviv 1", "graz 1"},
		},
		"what_is_not_in_the_chart": {
			[]memorandum.Command{memorandum.Adopt{Fact: on("2014")}, dispute(2)},
			[]string{"lviv 1", "graz 1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, draw(t, append([]memorandum.Command{needing("ratification", lviv, graz)}, c.commands...)...))
		})
	}
	const entered = bound + ", in force 2015-01-01 undecidable @4, in doubt"
	for name, c := range map[string]struct {
		commands []memorandum.Command
		want     []string
	}{
		"entry_into_force":      {[]memorandum.Command{dispute(4)}, []string{entered}},
		"entry_upheld":          {[]memorandum.Command{dispute(4), rule(7, true)}, []string{inForce}},
		"entry_set_aside":       {[]memorandum.Command{dispute(4), rule(7, false)}, []string{bound}},
		"entry_of_a_late_party": {[]memorandum.Command{dispute(6)}, []string{entered}},
		"withdrawal": {
			[]memorandum.Command{withdraw(graz, "2018-01-01"), dispute(7)},
			[]string{bound + ", in force 2015-01-01 @10, in doubt"},
		},
		"notice": {
			[]memorandum.Command{notice(graz, "2018-01-01"), dispute(7)},
			[]string{bound + ", in force 2015-01-01 @10, in doubt"},
		},
		"withdrawal_before_a_return": {
			returned(dispute(7)),
			[]string{"graz 1, signed 2015-01-01 @3, consent 2020-03-01 a @9, in force 2020-03-01 @12, in doubt"},
		},
		"return": {
			returned(sign(graz, "2020-04-01"), dispute(11)),
			[]string{inForceUntil + ", left 2018-01-01 @7, in doubt", "graz 2, consent 2020-03-01 a @9, in force 2020-03-01 @10, in doubt"},
		},
		"revocation": {
			[]memorandum.Command{notice(graz, "2018-01-01"), memorandum.RevokeNotice{Fact: on("2018-02-01"), Party: graz}, dispute(9)},
			[]string{bound + ", in force 2015-01-01 @12, noticed 2018-01-01 @7, left 2019-01-01 @7, in doubt"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, ofGraz(draw(t, members(c.commands...)...)))
		})
	}
	t.Run("entry_into_force_of_others", func(t *testing.T) {
		lines := draw(t, needing("signature", lviv, graz, bonn), sign(lviv, "2015-01-01"), sign(graz, "2015-01-01"), dispute(4))
		require.Equal(t, []string{entered, "bonn 1"}, lines[1:])
	})
	t.Run("older_register", func(t *testing.T) {
		lines := draw(t, memorandum.CarryOver{
			Fact: on("2015"), Kind: "mou", Titles: needing("").Titles, Phase: memorandum.PhaseOpen,
			Parties: []memorandum.CarriedParty{{Party: ref(graz), State: memorandum.PartSignatory}},
		}, dispute(1))
		require.Equal(t, []string{"graz 1, in doubt"}, lines)
	})
	t.Run("row_of_an_older_register", func(t *testing.T) {
		row := memorandum.CarryOverPart{
			Fact: on("2015"), CarriedParty: memorandum.CarriedParty{Party: ref(bonn), State: memorandum.PartSignatory},
		}
		require.Equal(t, []string{"graz 1", "bonn 1, in doubt"}, draw(t, needing("", graz), row, dispute(2)))
	})
}

// TestOtherAnswer checks that a dispute of an earlier determination, which gave
// another answer, casts no doubt on the present one.
func TestOtherAnswer(t *testing.T) {
	determined := func(met edtf.Truth, from string) memorandum.EntryDetermined {
		return memorandum.EntryDetermined{
			Met: met, From: edtf.MustParse(from), Parties: []memorandum.Force{{Party: graz, Round: 1, Met: met, From: edtf.MustParse(from)}},
		}
	}
	for name, c := range map[string]struct {
		first memorandum.EntryDetermined
		want  string
	}{
		"the_same":        {determined(edtf.Yes, "2015"), "graz 1, signed 2015 @2, in force 2015 undecidable @5, in doubt"},
		"another_date":    {determined(edtf.Yes, "2014"), "graz 1, signed 2015 @2, in force 2015 @5"},
		"another_outcome": {determined(edtf.Maybe, "2015"), "graz 1, signed 2015 @2, in force 2015 @5"},
	} {
		t.Run(name, func(t *testing.T) {
			s := memorandum.Decider.Fold(memorandum.Drafted(needing("ratification", graz)), memorandum.Signed(sign(graz, "2015")),
				c.first, memorandum.Disputed(dispute(3)), determined(edtf.Yes, "2015"))
			require.Equal(t, []string{c.want}, inWords(statuschart.Draw(pact, &s)))
		})
	}
}

func returned(more ...memorandum.Command) []memorandum.Command {
	return append([]memorandum.Command{withdraw(graz, "2018-01-01"), consent(graz, "accession", "2020-03-01")}, more...)
}
