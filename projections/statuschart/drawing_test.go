package statuschart_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
)

// members is in force for three since 2015; its last event is at revision 6.
func members(more ...memorandum.Command) []memorandum.Command {
	return append([]memorandum.Command{
		needing("signature", lviv, graz, bonn), sign(lviv, "2015-01-01"), sign(graz, "2015-01-01"), sign(bonn, "2015-01-01"),
	}, more...)
}

// What the row of graz begins with.
const (
	bound        = "graz 1, signed 2015-01-01 @3, consent 2015-01-01 s @3"
	inForce      = bound + ", in force 2015-01-01 @4"
	inForceUntil = bound + ", in force 2015-01-01 @8"
)

func notice(id terms.PartyID, date string) memorandum.Command {
	return memorandum.GiveNotice{Fact: on(date), Party: id}
}

func TestLeaving(t *testing.T) {
	for name, c := range map[string]struct {
		commands []memorandum.Command
		want     []string
	}{
		"withdrawal": {
			[]memorandum.Command{withdraw(graz, "2018-01-01")},
			[]string{inForceUntil + ", left 2018-01-01 @7"},
		},
		"notice": {
			[]memorandum.Command{notice(graz, "2018-01-01")},
			[]string{inForceUntil + ", noticed 2018-01-01 @7, left 2019-01-01 @7"},
		},
		"notice_and_then_withdrawal": {
			[]memorandum.Command{notice(graz, "2018-01-01"), withdraw(graz, "2018-06-01")},
			[]string{bound + ", in force 2015-01-01 @10, noticed 2018-01-01 @7, left 2018-06-01 @9"},
		},
		"notice_revoked": {
			[]memorandum.Command{notice(graz, "2018-01-01"), memorandum.RevokeNotice{Fact: on("2018-02-01"), Party: graz}},
			[]string{bound + ", in force 2015-01-01 @10"},
		},
		"return": {
			[]memorandum.Command{withdraw(graz, "2018-01-01"), consent(graz, "accession", "2020-03-01")},
			[]string{inForceUntil + ", left 2018-01-01 @7", "graz 2, consent 2020-03-01 a @9, in force 2020-03-01 @10"},
		},
		"suspension_leaves_the_date": {
			[]memorandum.Command{
				memorandum.Suspend{Fact: on("2017"), Parties: []terms.PartyID{graz}},
				memorandum.Resume{Fact: on("2018"), Parties: []terms.PartyID{graz}},
				memorandum.Resume{Fact: on("2014"), Parties: []terms.PartyID{graz}},
			},
			[]string{inForce},
		},
		"end_of_the_agreement": {[]memorandum.Command{memorandum.Terminate{Fact: on("2019")}}, []string{inForce}},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, ofGraz(draw(t, members(c.commands...)...)))
		})
	}
}

// ofGraz returns the lines of graz, without those of the first and the last.
func ofGraz(lines []string) []string { return lines[1 : len(lines)-1] }

func TestReservations(t *testing.T) {
	object := func(id terms.PartyID, to memorandum.Key) memorandum.Command {
		return memorandum.Object{Fact: on("2016-06-01"), Party: id, Reservation: to}
	}
	unreserve := memorandum.Unreserve{Fact: on("2017-01-01"), Reservation: "art7"}
	again := reserve(graz, "art7", "2016-02-01")
	announced := reserve(graz, "art9", "2016-02-01")
	announced.Status = terms.Announced
	for name, c := range map[string]struct {
		commands []memorandum.Command
		want     []string
	}{
		"two": {
			[]memorandum.Command{reserve(graz, "art7", "2016"), reserve(graz, "art8", "2016")},
			[]string{inForce + ", reservations 2"},
		},
		"one_by_two_sources": {[]memorandum.Command{reserve(graz, "art7", "2016"), again}, []string{inForce + ", reservations 1"}},
		"announced":          {[]memorandum.Command{announced}, []string{inForce}},
		"withdrawn": {
			[]memorandum.Command{reserve(graz, "art7", "2016"), reserve(graz, "art8", "2016"), unreserve},
			[]string{inForce + ", reservations 1"},
		},
		"voided":    {[]memorandum.Command{reserve(graz, "art7", "2016"), void(7)}, []string{inForce}},
		"contested": {[]memorandum.Command{reserve(graz, "art7", "2016"), dispute(7)}, []string{inForce + ", in doubt"}},
		"withdrawal_contested": {
			[]memorandum.Command{reserve(graz, "art7", "2016"), unreserve, dispute(8)},
			[]string{inForce + ", reservations 1, in doubt"},
		},
		"withdrawal_of_what_never_was_contested": {
			[]memorandum.Command{reserve(graz, "art7", "2016"), unreserve, dispute(8), void(7)}, []string{inForce},
		},
		"withdrawal_contested_of_one_of_two": {
			[]memorandum.Command{
				reserve(lviv, "art8", "2016"), reserve(graz, "art7", "2016"),
				memorandum.Unreserve{Fact: on("2017"), Reservation: "art8"},
				unreserve, dispute(10),
			},
			[]string{inForce + ", reservations 1, in doubt"},
		},
		"objection_contested": {
			[]memorandum.Command{reserve(lviv, "art7", "2016"), object(graz, "art7"), dispute(8)}, []string{inForce + ", in doubt"},
		},
		"objections": {
			[]memorandum.Command{reserve(lviv, "art7", "2016"), reserve(lviv, "art8", "2016"), object(graz, "art7"), object(graz, "art8"), object(bonn, "art7")},
			[]string{inForce + ", objections 2"},
		},
		"objection_in_the_second_round": {
			[]memorandum.Command{
				withdraw(graz, "2018-01-01"), consent(graz, "accession", "2020-03-01"), reserve(lviv, "art7", "2016"),
				memorandum.Object{Fact: on("2021"), Party: graz, Reservation: "art7"},
			},
			[]string{inForceUntil + ", left 2018-01-01 @7", "graz 2, consent 2020-03-01 a @9, in force 2020-03-01 @10, objections 1"},
		},
		"objection_by_two_sources": {
			[]memorandum.Command{reserve(lviv, "art7", "2016"), object(graz, "art7"), memorandum.Object{Fact: on("2016"), Party: graz, Reservation: "art7"}},
			[]string{inForce + ", objections 1"},
		},
		"objection_to_one_withdrawn": {
			[]memorandum.Command{reserve(lviv, "art7", "2016"), object(graz, "art7"), unreserve}, []string{inForce + ", objections 1"},
		},
		"of_each_round": {
			[]memorandum.Command{
				reserve(graz, "art7", "2016"), withdraw(graz, "2018-01-01"), consent(graz, "accession", "2020-03-01"),
				reserve(graz, "art8", "2020-03-01"), reserve(graz, "art9", "2020-03-02"),
			},
			[]string{
				bound + ", in force 2015-01-01 @9, left 2018-01-01 @8, reservations 1",
				"graz 2, consent 2020-03-01 a @10, in force 2020-03-01 @11, reservations 2",
			},
		},
		"undated_after_the_withdrawal": {
			[]memorandum.Command{withdraw(graz, "2018-01-01"), consent(graz, "accession", "2020-03-01"), reserve(graz, "art8", "")},
			[]string{inForceUntil + ", left 2018-01-01 @7", "graz 2, consent 2020-03-01 a @9, in force 2020-03-01 @10, reservations 1"},
		},
		"before_the_withdrawal_and_recorded_after_it": {
			[]memorandum.Command{withdraw(graz, "2018-01-01"), consent(graz, "accession", "2020-03-01"), reserve(graz, "art8", "2016")},
			[]string{inForceUntil + ", left 2018-01-01 @7, reservations 1", "graz 2, consent 2020-03-01 a @9, in force 2020-03-01 @10"},
		},
		"after_the_withdrawal_and_recorded_before_it": {
			[]memorandum.Command{reserve(graz, "art8", "2020"), withdraw(graz, "2018-01-01"), consent(graz, "accession", "2020-03-01")},
			[]string{
				bound + ", in force 2015-01-01 @9, left 2018-01-01 @8",
				"graz 2, consent 2020-03-01 a @10, in force 2020-03-01 @11, reservations 1",
			},
		},
		"of_who_never_came_back": {
			[]memorandum.Command{withdraw(graz, "2018-01-01"), reserve(graz, "art8", "2019")},
			[]string{inForceUntil + ", left 2018-01-01 @7, reservations 1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, ofGraz(draw(t, members(c.commands...)...)))
		})
	}
}

// TestUndecided checks that dates that leave entry into force undecided do not
// count as a dispute.
func TestUndecided(t *testing.T) {
	lines := draw(t, needing("signature", lviv, graz), sign(lviv, "2015-03"), withdraw(lviv, "2016"), sign(graz, "2016-06-01"))
	require.Equal(t, []string{
		"lviv 1, signed 2015-03 @2, consent 2015-03 s @2, in force [2016-06-01..] undecidable @5, left 2016 @3",
		"graz 1, signed 2016-06-01 @4, consent 2016-06-01 s @4, in force [2016-06-01..] undecidable @5",
	}, lines)
}

func TestOrder(t *testing.T) {
	lines := draw(t, needing("ratification", turku, graz), sign(graz, "2015"), memorandum.Invite{Fact: on("2010"), Party: ref(bonn)}, sign(turku, "2016"))
	require.Equal(t, []string{"turku 1, signed 2016 @4", "graz 1, signed 2015 @2", "bonn 1"}, lines)
}
