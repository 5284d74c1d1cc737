package memorandum_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/memorandum"
)

func TestPhasesOfALife(t *testing.T) {
	h := begin(t, memorandum.Draft(drafted(agreed{}, lviv, graz)))
	h.do(memorandum.Adopt{Fact: on("2011-01-01")}, memorandum.Open{Fact: on("2012-01-01")},
		memorandum.ApplyProvisionally{Fact: on("2013-01-01")}, memorandum.EndProvisional{Fact: on("2013-06-01")},
		sign(lviv, "2012-02-01"), sign(graz, "2014-01-01"),
		memorandum.Suspend{Fact: on("2015-01-01")}, memorandum.Resume{Fact: on("2016-01-01")},
		memorandum.Supersede{Fact: on("2020-01-01"), By: other})
	for _, c := range [][2]string{
		{"2009", ""},
		{"2010-01-01", "draft"},
		{"2011-01-01", "adopted"},
		{"2011", "adopted"},
		{"2012-01-01", "open_for_signature"},
		{"2013-01-01", "provisionally_applied"},
		{"2013-06-01", "open_for_signature"},
		{"2014-01-01", "in_force"},
		{"2015-12-31", "suspended"},
		{"2016-01-01", "in_force"},
		{"2020-01-01", "superseded"},
		{"", "draft? adopted? open_for_signature? provisionally_applied? open_for_signature? in_force? suspended? in_force? superseded?"},
	} {
		require.Equal(t, c[1], h.phase(c[0]), "as of %s", c[0])
	}
	require.Equal(t, "invited", h.part(lviv, "2012-01-31"))
	require.Equal(t, "consented", h.part(lviv, "2012-02-01"))
	require.Equal(t, "suspended", h.part(lviv, "2015"))
	require.Equal(t, "ended", h.part(graz, "2021"))
}

func TestWhatCertainlyHoldsLeavesNoDoubtAboutWhatCameBefore(t *testing.T) {
	d := drafted(agreed{}, lviv, graz)
	d.Occurred = day("")
	h := begin(t, memorandum.Draft(d)).do(sign(lviv, "2012"), memorandum.Weigh{Fact: on("2012"), Party: turku, Weight: 3})
	require.Equal(t, "draft? open_for_signature?", h.phase("2012"))
	require.Equal(t, "open_for_signature", h.phase("2013"))
	h.do(memorandum.Terminate{Fact: on("2014")})
	require.Equal(t, "ended", h.part(graz, "2015"))
	require.Empty(t, h.part(turku, "2015"), "it was only weighed")
}

func TestSignatoryIsNotParty(t *testing.T) {
	h := begin(t, memorandum.Draft(drafted(agreed{Consent: "ratification"}, lviv, graz))).do(sign(lviv, "2012"), sign(graz, "2012"))
	require.Equal(t, "signatory", h.part(lviv, "2013"))
	require.Equal(t, "open_for_signature", h.phase("2013"))
}

func TestSuspension(t *testing.T) {
	some := parties{graz}
	t.Run("for_some", func(t *testing.T) {
		h := members(t).do(memorandum.Suspend{Fact: on("2017"), Parties: some})
		require.Equal(t, "in_force", h.phase("2018"))
		require.Equal(t, "suspended", h.part(graz, "2018"))
		require.Equal(t, "in_force", h.part(lviv, "2018"))
		h.do(memorandum.Resume{Fact: on("2019")})
		require.Equal(t, "in_force", h.part(graz, "2020"), "resumed for all")
	})
	t.Run("for_all_and_resumed_for_some", func(t *testing.T) {
		h := members(t).do(memorandum.Suspend{Fact: on("2017")}, memorandum.Resume{Fact: on("2019"), Parties: some})
		require.Equal(t, "suspended", h.phase("2020"))
		require.Equal(t, "in_force", h.part(graz, "2020"))
		require.Equal(t, "suspended", h.part(lviv, "2020"))
	})
	t.Run("of_what_is_not_in_force", func(t *testing.T) {
		h := begin(t, memorandum.Draft(drafted(agreed{}, lviv, graz))).do(sign(lviv, "2015-01-01"), memorandum.Suspend{Fact: on("2017")}, memorandum.Resume{Fact: on("2018")})
		require.Equal(t, "open_for_signature", h.phase("2019"), "resuming brings nothing into force")
		require.Equal(t, "consented", h.part(lviv, "2019"))
		require.Equal(t, []string{"not_in_force"}, h.findings())
		for _, span := range h.state.Parts() {
			require.NotEqual(t, memorandum.PartSuspended, span.Part)
		}
	})
	t.Run("resumed_before_it_was_suspended", func(t *testing.T) {
		h := members(t).do(memorandum.Suspend{Fact: on("2017")}, memorandum.Resume{Fact: on("2016")})
		require.Equal(t, "suspended", h.phase("2018"), "recorded as asserted")
	})
}

func TestProvisionalApplication(t *testing.T) {
	h := begin(t, memorandum.Draft(drafted(agreed{}, lviv, graz)))
	h.do(memorandum.ApplyProvisionally{Fact: on("2013-01-01"), Parties: parties{lviv}}, memorandum.EndProvisional{Fact: on("2014-01-01")})
	require.Equal(t, "provisionally_applied", h.phase("2013"))
	require.Equal(t, "draft", h.phase("2014"), "as before, and not open for signature")
	h.do(sign(lviv, "2013-06-01"), sign(graz, "2013-06-01"))
	require.Equal(t, "in_force", h.phase("2013-06-01"))
}

func TestSpansRestOnTheirEvents(t *testing.T) {
	h := begin(t, memorandum.Draft(drafted(agreed{Entry: entryBy{Count: 2}}, lviv, graz, bonn)))
	h.do(sign(lviv, "2015-01-01"), sign(graz, "2015-01-01"), sign(bonn, "2016-01-01"), memorandum.Terminate{Fact: on("2020")})
	for _, span := range h.state.Phases() {
		require.Equal(t, span.Phase, map[uint64]memorandum.Phase{
			1: memorandum.PhaseDraft, 2: memorandum.PhaseOpen, 4: memorandum.PhaseInForce, 7: memorandum.PhaseTerminated,
		}[uint64(span.By)])
	}
	for _, span := range h.state.Parts() {
		if span.Part == memorandum.PartInForce && span.Party == bonn {
			require.EqualValues(t, 6, span.By, "the determination that brought it in")
		} else if span.Part == memorandum.PartInForce {
			require.EqualValues(t, 4, span.By, "not a later one for another party")
		}
	}
}
