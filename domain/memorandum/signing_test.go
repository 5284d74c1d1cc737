package memorandum_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestSign(t *testing.T) {
	opened := memorandum.Opened{Fact: on("2018-01-01"), Until: day("2018-06-30")}
	closed := memorandum.Closed{Fact: on("2018-06-30")}
	again := memorandum.Opened{Fact: on("2019-01-01"), Until: day("2019-06-30")}
	pact := drafted(agreed{Consent: "ratification"}, lviv, graz)
	press := signed(graz, "2018-05")
	archived := memorandum.Signed{Fact: from(archive, "2018-05-02"), Party: ref(graz)}
	estest.Run(t, memorandum.Decider, cases{{
		Name:  "invited_party_signs",
		Given: events{pact, opened},
		When:  sign(graz, "2018-05-01"),
		Then:  events{signed(graz, "2018-05-01")},
	}, {
		Name:  "stranger_cannot_sign",
		Given: events{pact, opened},
		When:  sign(bonn, "2018-05-01"),
		Err:   memorandum.ErrNotInvited,
	}, {
		Name:  "stranger_is_said_to_sign",
		Given: events{pact, opened},
		When:  memorandum.Sign{Fact: as(terms.Claimed, "2018-05-01"), Party: ref(bonn)},
		Then:  events{memorandum.Signed{Fact: as(terms.Claimed, "2018-05-01"), Party: ref(bonn)}},
	}, {
		Name:  "announced_invitation_invites_nobody",
		Given: events{pact, memorandum.Invited{Fact: as(terms.Announced, "2018"), Party: ref(bonn)}},
		When:  sign(bonn, "2018-05-01"),
		Err:   memorandum.ErrNotInvited,
	}, {
		Name:  "anybody_signs_what_is_open",
		Given: events{open(agreed{}), opened},
		When:  sign(bonn, "2018-05-01"),
		Then:  events{signed(bonn, "2018-05-01")},
	}, {
		Name:  "last_day_for_signature",
		Given: events{pact, opened, closed},
		When:  sign(graz, "2018-06-30"),
		Then:  events{signed(graz, "2018-06-30")},
	}, {
		Name:  "day_after_the_last",
		Given: events{pact, opened},
		When:  sign(graz, "2018-07-01"),
		Err:   memorandum.ErrNotOpen,
	}, {
		Name:  "day_after_the_closing",
		Given: events{pact, closed},
		When:  sign(graz, "2018-07-01"),
		Err:   memorandum.ErrNotOpen,
	}, {
		Name:  "signature_as_consent_after_the_closing",
		Given: events{pact, closed},
		When:  consent(graz, "signature", "2018-07-01"),
		Err:   memorandum.ErrNotOpen,
	}, {
		Name:  "perhaps_after_the_closing_is_recorded",
		Given: events{pact, closed},
		When:  sign(graz, "2018"),
		Then:  events{signed(graz, "2018")},
	}, {
		Name:  "undated_after_the_closing_is_recorded",
		Given: events{pact, closed},
		When:  sign(graz, ""),
		Then:  events{signed(graz, "")},
	}, {
		Name:  "back_dated_signature_found_after_the_closing",
		Given: events{pact, opened, closed},
		When:  sign(graz, "2018-05-01"),
		Then:  events{signed(graz, "2018-05-01")},
	}, {
		Name:  "reopened",
		Given: events{pact, opened, closed, again},
		When:  sign(graz, "2019-06-30"),
		Then:  events{signed(graz, "2019-06-30")},
	}, {
		Name:  "between_closing_and_reopening",
		Given: events{pact, opened, closed, again},
		When:  sign(graz, "2018-12-31"),
		Err:   memorandum.ErrNotOpen,
	}, {
		Name:  "after_the_second_closing",
		Given: events{pact, opened, closed, again},
		When:  sign(graz, "2019-07-01"),
		Err:   memorandum.ErrNotOpen,
	}, {
		Name:  "after_the_end",
		Given: events{pact, memorandum.Abandoned{Fact: on("2018-05-01")}},
		When:  sign(graz, "2018-05-02"),
		Err:   memorandum.ErrEnded,
	}, {
		Name:  "on_the_day_of_the_end",
		Given: events{pact, memorandum.Abandoned{Fact: on("2018-05-01")}},
		When:  sign(graz, "2018-05-01"),
		Then:  events{signed(graz, "2018-05-01")},
	}, {
		Name:  "same_from_another_source_competes",
		Given: events{pact, press},
		When:  memorandum.Sign(archived),
		Then:  events{archived},
	}, {
		Name:  "same_again_changes_nothing",
		Given: events{pact, press, archived},
		When:  memorandum.Sign(press),
	}})
}

func TestConsent(t *testing.T) {
	pact := drafted(agreed{Consent: "ratification"}, lviv, graz)
	signs := drafted(agreed{Entry: entryBy{Count: 3}}, lviv, graz)
	accession := memorandum.Consented{Fact: on("2019"), Party: ref(graz), Means: "accession"}
	succession := memorandum.Consented{Fact: on("2020"), Party: ref(graz), Means: "succession", Predecessor: bonn}
	heir := memorandum.Consented{Fact: on("2020"), Party: ref(graz), Means: "succession"}
	later := memorandum.Consented{Fact: from(archive, "2019-03"), Party: ref(graz), Means: "accession"}
	estest.Run(t, memorandum.Decider, cases{{
		Name:  "by_ratification",
		Given: events{pact, signed(graz, "2018")},
		When:  consent(graz, "ratification", "2019"),
		Then:  events{ratified(graz, "2019")},
	}, {
		Name:  "accession_after_the_closing",
		Given: events{pact, memorandum.Closed{Fact: on("2018-06-30")}},
		When:  memorandum.Consent(accession),
		Then:  events{accession},
	}, {
		Name:  "succession_to_nobody_in_particular",
		Given: events{pact},
		When:  memorandum.Consent(heir),
		Then:  events{heir},
	}, {
		Name:  "by_a_stranger",
		Given: events{pact},
		When:  consent(bonn, "ratification", "2019"),
		Err:   memorandum.ErrNotInvited,
	}, {
		Name:  "accession_of_who_ratified",
		Given: events{pact, ratified(graz, "2018")},
		When:  memorandum.Consent(accession),
		Err:   memorandum.ErrAlreadyParty,
	}, {
		Name:  "accession_of_who_is_bound_by_signature",
		Given: events{signs, signed(graz, "2018")},
		When:  memorandum.Consent(accession),
		Err:   memorandum.ErrAlreadyParty,
	}, {
		Name:  "succession_of_who_acceded",
		Given: events{pact, accession},
		When:  memorandum.Consent(succession),
		Err:   memorandum.ErrAlreadyParty,
	}, {
		Name:  "accession_of_a_signatory",
		Given: events{pact, signed(graz, "2018")},
		When:  memorandum.Consent(accession),
		Then:  events{accession},
	}, {
		Name:  "accession_in_another_source_competes",
		Given: events{pact, accession},
		When:  memorandum.Consent(later),
		Then:  events{later},
	}, {
		Name:  "accession_before_withdrawal_though_recorded_after",
		Given: events{pact, ratified(graz, "2015"), withdrawn(graz, "2019-12-31")},
		When:  memorandum.Consent{Fact: on("2018"), Party: ref(graz), Means: "accession"},
		Err:   memorandum.ErrAlreadyParty,
	}, {
		Name:  "after_the_end",
		Given: events{pact, memorandum.Superseded{Fact: on("2018"), By: other}},
		When:  memorandum.Consent(accession),
		Err:   memorandum.ErrEnded,
	}})
}

// A signature found in an archive is as good as one given today, and moves the
// date on which the agreement entered into force.
func TestBackDatedSignature(t *testing.T) {
	h := begin(t, memorandum.Draft(drafted(agreed{Entry: entryBy{Count: 2}}, lviv, graz, bonn)))
	h.do(memorandum.Close{Fact: on("2018-12-31")}, sign(lviv, "2018-01-01"), sign(graz, "2018-05-01"))
	require.Equal(t, "yes 2018-05-01", h.entry())
	h.do(sign(bonn, "2018-03-01"))
	require.Equal(t, "yes 2018-03-01", h.entry())
	require.Equal(t, "in_force", h.part(lviv, "2018-03-01"), "for the others too")
	require.Equal(t, "consented", h.part(lviv, "2018-02-28"))
	require.Equal(t, "in_force", h.part(graz, "2018-05-01"))
}

// Ratified before signed: real registers are full of it. It is recorded as
// asserted, and becomes a finding.
func TestConsentBeforeSignature(t *testing.T) {
	h := begin(t, memorandum.Draft(drafted(agreed{Consent: "ratification"}, lviv, graz)))
	h.do(consent(graz, "ratification", "2017-12-31"), sign(graz, "2018-05-01"))
	require.Equal(t, []string{"contradiction"}, h.findings())
	require.Equal(t, reasons{2, 3}, h.state.Findings()[0].Events)
	require.Equal(t, "consented", h.part(graz, "2018-05-01"))
}

// Undated but known to precede November 2019, as Ancona and Ikoma: certain as
// of the next month, undecidable before, and never rejected.
func TestUndatedAgreementThatMustPrecedeAnother(t *testing.T) {
	h := begin(t, memorandum.Draft(drafted(agreed{}, lviv, graz)))
	h.do(sign(lviv, "[..2019-11]"), sign(graz, "[..2019-11]"))
	require.Equal(t, "yes [..2019-11-30]", h.entry())
	require.Equal(t, "in_force", h.phase("2020"))
	require.Equal(t, "in_force", h.phase("2019-11-30"))
	require.Contains(t, h.phase("2019-11-29"), "in_force?")
	require.Equal(t, "in_force", h.part(graz, "2020"))
	require.Equal(t, []string{"open_date"}, h.findings())
}

func TestUnnamedPlaces(t *testing.T) {
	h := begin(t, memorandum.Draft(drafted(agreed{Entry: entryBy{Count: 3}}, lviv, graz, bonn)))
	h.do(memorandum.Count{Fact: on("2018"), Signatories: 3}, sign(lviv, "2018-01-01"), sign(graz, "2018-01-01"))
	require.Equal(t, 1, h.state.Unnamed())
	require.Equal(t, "no ", h.entry(), "an unnamed place is never a party")
	require.Equal(t, []string{"unnamed_places"}, h.findings())
	h.do(sign(bonn, "2018-01-01"))
	require.Zero(t, h.state.Unnamed())
	require.Equal(t, "yes 2018-01-01", h.entry())
	require.Empty(t, h.findings())
	h.do(memorandum.Count{Fact: from(archive, "2018"), Signatories: 2})
	require.Equal(t, []string{"more_named"}, h.findings())
	h.do(memorandum.Count{Fact: from(archive, "2019"), Signatories: 9}, memorandum.Count{Fact: from(archive, "2020"), Signatories: 5})
	require.Equal(t, 6, h.state.Unnamed(), "the highest count stands")
}
