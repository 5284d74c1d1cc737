package memorandum_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestReservations(t *testing.T) {
	pact := drafted(agreed{Consent: "ratification"}, lviv, graz)
	reserved := memorandum.Reserved{Fact: on("2018"), Party: lviv, Key: "art-3", Gist: text("not the lakes")}
	claimed := reserved
	claimed.Status = terms.Claimed
	again, another := reserved, reserved
	again.Fact, another.Party = from(archive, "2018-02"), graz
	estest.Run(t, memorandum.Decider, cases{{
		Name:  "made",
		Given: events{pact},
		When:  memorandum.Reserve(reserved),
		Then:  events{reserved},
	}, {
		Name:  "by_a_stranger",
		Given: events{pact},
		When:  memorandum.Reserve{Fact: on("2018"), Party: bonn, Key: "art-3", Gist: text("not the lakes")},
		Err:   memorandum.ErrNotInvited,
	}, {
		Name:  "in_another_source_competes",
		Given: events{pact, reserved},
		When:  memorandum.Reserve(again),
		Then:  events{again},
	}, {
		Name:  "key_of_another_party's",
		Given: events{pact, reserved},
		When:  memorandum.Reserve(another),
		Err:   memorandum.ErrKeyTaken,
	}, {
		Name:  "key_of_one_that_was_voided",
		Given: events{pact, reserved, voided(2)},
		When:  memorandum.Reserve(another),
		Then:  events{another},
	}, {
		Name:  "correction_takes_no_key",
		Given: events{pact, reserved, memorandum.Reserved{Fact: on("2018"), Party: graz, Key: "art-4", Gist: text("not the ponds")}},
		When:  memorandum.Correct(corrected(3, another)),
		Err:   memorandum.ErrKeyTaken,
	}, {
		Name:  "objection",
		Given: events{pact, claimed},
		When:  memorandum.Object{Fact: on("2019"), Party: graz, Reservation: "art-3", Precludes: true},
		Then:  events{memorandum.Objected{Fact: on("2019"), Party: graz, Reservation: "art-3", Precludes: true}},
	}, {
		Name:  "objection_to_nothing",
		Given: events{pact},
		When:  memorandum.Object{Fact: on("2019"), Party: graz, Reservation: "art-3"},
		Err:   memorandum.ErrNoReservation,
	}, {
		Name:  "claimed_objection_to_nothing",
		Given: events{pact},
		When:  memorandum.Object{Fact: as(terms.Claimed, "2019"), Party: graz, Reservation: "art-3"},
		Err:   memorandum.ErrNoReservation,
	}, {
		Name:  "withdrawal_of_nothing",
		Given: events{pact, reserved, voided(2)},
		When:  memorandum.Unreserve{Fact: on("2019"), Reservation: "art-3"},
		Err:   memorandum.ErrNoReservation,
	}})
}

func adopt(key memorandum.Key, by entryBy) memorandum.AdoptAmendment {
	return memorandum.AdoptAmendment{Fact: on("2016"), Key: key, Titles: []terms.Text{text("Lakes too")}, Entry: by}
}

func accept(key memorandum.Key, id terms.PartyID, date string) memorandum.AcceptAmendment {
	return memorandum.AcceptAmendment{Fact: on(date), Amendment: key, Party: id}
}

// amendment is the last determination of an amendment, and how many there were.
func (h *history) amendment(key memorandum.Key) (string, int) {
	answer, n := "", 0
	for _, e := range h.events {
		if a, ok := e.(memorandum.AmendmentDetermined); ok && a.Amendment == key {
			answer, n = a.Met.String()+" "+a.From.String(), n+1
		}
	}
	return answer, n
}

func TestAmendmentEntersIntoForce(t *testing.T) {
	of := func(by entryBy) func(*testing.T) *history {
		return func(t *testing.T) *history { return members(t).do(adopt("a1", by)) }
	}
	silent := of(entryBy{})
	t.Run("when_all_parties_accept", func(t *testing.T) {
		h := silent(t).do(accept("a1", lviv, "2017-01-01"), accept("a1", graz, "2017-02-01"))
		got, _ := h.amendment("a1")
		require.Empty(t, got)
		got, _ = h.do(accept("a1", bonn, "2017-03-01")).amendment("a1")
		require.Equal(t, "yes 2017-03-01", got)
		require.Equal(t, memorandum.AmendmentDetermined{
			Fact: terms.Fact{Occurred: day("2017-03-01")}, Amendment: "a1", Met: edtf.Yes, From: day("2017-03-01"),
			Rule: "all parties", Basis: reasons{7, 8, 9},
		}, h.events[h.at()-1])
	})
	t.Run("by_its_own_terms", func(t *testing.T) {
		h := of(entryBy{Count: 2, Delay: period("P30D")})(t).do(accept("a1", lviv, "2017-01-01"), accept("a1", graz, "2017-02-01"))
		got, _ := h.amendment("a1")
		require.Equal(t, "yes 2017-03-03", got)
		got, n := h.do(accept("a1", bonn, "2017-05-01")).amendment("a1")
		require.Equal(t, "yes 2017-03-03", got)
		require.Equal(t, 1, n, "nothing changes")
	})
	t.Run("without_who_left", func(t *testing.T) {
		h := silent(t).do(memorandum.Withdraw(withdrawn(bonn, "2016-06-01")), accept("a1", lviv, "2017-01-01"), accept("a1", graz, "2017-02-01"))
		got, _ := h.amendment("a1")
		require.Equal(t, "yes 2017-02-01", got)
	})
	t.Run("who_comes_later_does_not_undo_it", func(t *testing.T) { // VCLT art. 40(5)
		h := begin(t, memorandum.Draft(drafted(agreed{Entry: entryBy{Count: 2}}, lviv, graz, bonn))).
			do(sign(lviv, "2015"), sign(graz, "2015"), adopt("a1", entryBy{}), accept("a1", lviv, "2017-01-01"), accept("a1", graz, "2017-02-01"))
		got, n := h.do(sign(bonn, "2018-01-01")).amendment("a1")
		require.Equal(t, "yes 2017-02-01", got)
		require.Equal(t, 1, n)
	})
	t.Run("acceptances_that_compete", func(t *testing.T) {
		h := of(entryBy{Count: 2})(t).do(accept("a1", lviv, "2017-01-01"), accept("a1", graz, "2017-02-01"), accept("a1", graz, "2017-03-01"))
		got, _ := h.amendment("a1")
		require.Equal(t, "yes 2017-02-01", got, "the first stands")
	})
	t.Run("same_amendment_in_another_source", func(t *testing.T) {
		h := of(entryBy{Count: 2})(t).do(accept("a1", lviv, "2017-01-01"), accept("a1", graz, "2017-02-01"))
		again := adopt("a1", entryBy{Count: 2})
		again.Fact = from(archive, "2016-05")
		got, n := h.do(again).amendment("a1")
		require.Equal(t, "yes 2017-02-01", got)
		require.Equal(t, 1, n)
	})
	t.Run("voided", func(t *testing.T) {
		h := of(entryBy{Count: 2})(t).do(accept("a1", lviv, "2017-01-01"), accept("a1", graz, "2017-02-01")).void(6)
		got, n := h.amendment("a1")
		require.Equal(t, "no ", got)
		require.Equal(t, 2, n)
	})
	t.Run("by_another_basis", func(t *testing.T) {
		again := accept("a1", graz, "2017-02-01")
		again.Fact = from(archive, "2017-02-01")
		h := of(entryBy{Count: 2})(t).do(accept("a1", lviv, "2017-01-01"), accept("a1", graz, "2017-02-01"), again).void(8)
		require.Equal(t, reasons{7, 10}, h.events[h.at()-1].(memorandum.AmendmentDetermined).Basis)
	})
	t.Run("determined_again", func(t *testing.T) {
		h := of(entryBy{Count: 2})(t).do(accept("a1", lviv, "2017-01-01"), accept("a1", graz, "2017-02-01"))
		h.correct(8, memorandum.AmendmentAccepted(accept("a1", graz, "2018-02-01")))
		got, n := h.amendment("a1")
		require.Equal(t, "yes 2018-02-01", got)
		require.Equal(t, 2, n)
	})
}

func TestAmend(t *testing.T) {
	pact := drafted(agreed{}, lviv, graz)
	adopted := memorandum.AmendmentAdopted(adopt("a1", entryBy{}))
	accepted := memorandum.AmendmentAccepted(accept("a1", bonn, "2017"))
	accepted.Status = terms.Claimed
	estest.Run(t, memorandum.Decider, cases{{
		Name:  "no_such_amendment",
		Given: events{pact, signed(lviv, "2015")},
		When:  accept("a1", lviv, "2017"),
		Err:   memorandum.ErrNoAmendment,
	}, {
		Name:  "accepted_by_a_stranger",
		Given: events{pact, adopted},
		When:  accept("a1", bonn, "2017"),
		Err:   memorandum.ErrNotParty,
	}, {
		Name:  "said_to_be_accepted_by_a_stranger",
		Given: events{pact, adopted},
		When:  memorandum.AcceptAmendment(accepted),
		Then:  events{accepted},
	}, {
		Name:  "another_with_the_same_key",
		Given: events{pact, adopted},
		When:  adopt("a1", entryBy{Count: 2}),
		Err:   memorandum.ErrKeyTaken,
	}})
}
