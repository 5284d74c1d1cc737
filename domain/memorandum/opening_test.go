package memorandum_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
)

// carriedOver is what a register of 2015 says.
func carriedOver(phase memorandum.Phase, since string, who ...memorandum.CarriedParty) memorandum.CarriedOver {
	return memorandum.CarriedOver{
		Fact: from(archive, "2015-01-01"), Kind: "mou", Titles: []terms.Text{text("Clean rivers")},
		Phase: phase, Since: day(since), Parties: who,
	}
}

func carried(id terms.PartyID, state memorandum.Part, since string) memorandum.CarriedParty {
	return memorandum.CarriedParty{Party: ref(id), State: state, Since: day(since)}
}

func TestOpen(t *testing.T) {
	second := carriedOver(memorandum.PhaseInForce, "2012")
	estest.Run(t, memorandum.Decider, cases{{
		Name: "draft_opens_the_record",
		When: memorandum.Draft(drafted(agreed{}, lviv, graz)),
		Then: events{drafted(agreed{}, lviv, graz)},
	}, {
		Name:  "draft_opens_it_once",
		Given: events{drafted(agreed{}, lviv, graz)},
		When:  memorandum.Draft(drafted(agreed{}, lviv, graz)),
		Err:   code("memorandum.exists"),
	}, {
		Name:  "draft_does_not_reopen_what_was_voided",
		Given: events{drafted(agreed{}, lviv, graz), voided(1)},
		When:  memorandum.Draft(drafted(agreed{}, lviv, graz)),
		Err:   code("memorandum.exists"),
	}, {
		Name: "carried_over_in_force_is_determined_so",
		When: memorandum.CarryOver(carriedOver(memorandum.PhaseInForce, "2012", carried(lviv, memorandum.PartInForce, "2013"))),
		Then: events{
			carriedOver(memorandum.PhaseInForce, "2012", carried(lviv, memorandum.PartInForce, "2013")),
			entered("2012", "as the older register has it", reasons{1}, bound(lviv, "2013")),
		},
	}, {
		Name:  "second_register_competes",
		Given: events{carriedOver(memorandum.PhaseDraft, "2011")},
		When:  memorandum.CarryOver(second),
		Then:  events{second},
	}, {
		Name:  "invitation_adds_a_party",
		Given: events{drafted(agreed{}, lviv, graz)},
		When:  memorandum.Invite{Fact: on("2011"), Party: ref(bonn)},
		Then:  events{memorandum.Invited{Fact: on("2011"), Party: ref(bonn)}},
	}, {
		Name:  "nobody_is_invited_after_the_end",
		Given: events{drafted(agreed{}, lviv, graz), memorandum.Terminated{Fact: on("2012")}},
		When:  memorandum.Invite{Fact: on("2013"), Party: ref(bonn)},
		Err:   memorandum.ErrEnded,
	}, {
		Name:  "unit_of_a_stranger",
		Given: events{drafted(agreed{}, lviv, graz)},
		When:  memorandum.NameUnit{Fact: on("2011"), Party: bonn, Unit: ref(turku), Role: "lead"},
		Err:   memorandum.ErrNotInvited,
	}})
}

// Whatever phase a register gives, it is entered, dated as there, and nothing
// of the steps before is invented.
func TestCarriedOverIntoEveryPhase(t *testing.T) {
	for _, word := range memorandum.Phase("").Words() {
		phase := memorandum.Phase(word)
		t.Run(word, func(t *testing.T) {
			h := begin(t, memorandum.CarryOver(carriedOver(phase, "2012-05-01")))
			if phase == memorandum.PhaseSuspended { // so it was in force before
				require.Equal(t, "in_force?", h.phase("2012-04-30"))
			} else {
				require.Empty(t, h.phase("2012-04-30"), "nothing before")
			}
			require.Equal(t, word, h.phase("2012-05-01"))
			require.Equal(t, word, h.phase("2020"))
		})
		t.Run(word+"_undated", func(t *testing.T) {
			h := begin(t, memorandum.CarryOver(carriedOver(phase, "")))
			require.Equal(t, word, h.phase("2015-01-01"), "as of the register")
			require.Contains(t, h.phase("2014-12-31"), word+"?")
		})
	}
	t.Run("suspended_and_resumed", func(t *testing.T) {
		h := begin(t, memorandum.CarryOver(carriedOver(memorandum.PhaseSuspended, "2012"))).do(memorandum.Resume{Fact: on("2013-01-01")})
		require.Equal(t, "in_force", h.phase("2013"))
		c := carriedOver(memorandum.PhaseInForce, "2010", carried(lviv, memorandum.PartSuspended, "2012"))
		h = begin(t, memorandum.CarryOver(c)).do(memorandum.Resume{Fact: on("2013-01-01"), Parties: parties{lviv}})
		require.Equal(t, "in_force", h.part(lviv, "2013"))
		e, _ := h.state.Entry()
		require.Equal(t, day("[2010-01-01..2012-12-31]"), e.Parties[0].From, "some time before it was suspended")
	})
	t.Run("suspended_since_and_in_force_before", func(t *testing.T) {
		c := carriedOver(memorandum.PhaseSuspended, "2012-05-01", carried(lviv, memorandum.PartSuspended, "2012-05-01"))
		c.InForce = day("2010-01-01")
		h := begin(t, memorandum.CarryOver(c))
		require.Equal(t, "in_force", h.phase("2011"))
		require.Equal(t, "suspended", h.phase("2013"))
		require.Equal(t, "suspended", h.part(lviv, "2013"))
		h.do(memorandum.Resume{Fact: on("2014-01-01")})
		require.Equal(t, "in_force", h.phase("2014"))
		require.Equal(t, "in_force", h.part(lviv, "2014"))
	})
	t.Run("suspended_nobody_knows_since_when_and_in_force_before", func(t *testing.T) {
		c := carriedOver(memorandum.PhaseSuspended, "", carried(lviv, memorandum.PartSuspended, ""))
		c.InForce = day("2010-01-01")
		h := begin(t, memorandum.CarryOver(c))
		require.Empty(t, h.phase("2009"))
		require.Contains(t, h.phase("2012"), "in_force")
		require.Contains(t, h.phase("2012"), "suspended?")
		require.Equal(t, "suspended", h.phase("2015-01-01"), "as of the register")
		require.Equal(t, "suspended", h.part(lviv, "2015-01-01"))
	})
}

func TestCarriedOverParties(t *testing.T) {
	for _, word := range memorandum.Part("").Words() {
		t.Run(word, func(t *testing.T) {
			c := carriedOver(memorandum.PhaseOpen, "2010-01-01", carried(lviv, memorandum.Part(word), "2012-05-01"))
			h := begin(t, memorandum.CarryOver(c))
			require.Equal(t, word, h.part(lviv, "2012-05-01"))
			require.Empty(t, h.part(bonn, "2012-05-01"))
			if p := memorandum.Part(word); p == memorandum.PartConsented || p == memorandum.PartSignatory || p == memorandum.PartInvited {
				require.Empty(t, h.part(lviv, "2012-04-30"), "nothing before")
			}
		})
	}
	t.Run("notice_runs_out", func(t *testing.T) {
		h := begin(t, memorandum.CarryOver(carriedOver(memorandum.PhaseInForce, "2010", carried(lviv, memorandum.PartNotice, "2012-05-01"))))
		require.Equal(t, "withdrawn", h.part(lviv, "2013-05-01"), "after the twelve months of VCLT art. 56(2)")
	})
	t.Run("undated_withdrawal_does_not_undo_what_the_register_says", func(t *testing.T) {
		h := begin(t, memorandum.CarryOver(carriedOver(memorandum.PhaseInForce, "2010", carried(lviv, memorandum.PartInForce, "2012-05-01"))))
		require.Equal(t, "in_force withdrawn?", h.do(memorandum.Withdraw(withdrawn(lviv, ""))).part(lviv, "2013"))
	})
	t.Run("who_withdrew_does_not_count", func(t *testing.T) {
		c := carriedOver(memorandum.PhaseOpen, "2010", carried(lviv, memorandum.PartWithdrawn, "2012"), carried(graz, memorandum.PartInvited, ""))
		c.Terms.Entry.Count = 2
		h := begin(t, memorandum.CarryOver(c)).do(sign(graz, "2014"))
		require.Equal(t, "no ", h.entry())
		require.Equal(t, "withdrawn", h.part(lviv, "2014"))
		require.NotContains(t, h.part(lviv, "2012"), "in_force")
	})
	t.Run("weights_count", func(t *testing.T) {
		heavy := carried(lviv, memorandum.PartConsented, "2012")
		heavy.Weight, heavy.Consented = 60, day("2012-01-01")
		c := carriedOver(memorandum.PhaseOpen, "2010", heavy, carried(graz, memorandum.PartInvited, ""))
		c.Terms.Entry = entryBy{Share: 6000, Total: 100}
		h := begin(t, memorandum.CarryOver(c)).do(sign(graz, "2014-01-01"))
		require.Equal(t, "yes 2014-01-01", h.entry())
	})
}

// The same pair in two registers: two carried_over compete, the first stands
// until it is set aside.
func TestSamePairInTwoRegisters(t *testing.T) {
	pair := func(since string) []memorandum.CarriedParty {
		return []memorandum.CarriedParty{carried(lviv, memorandum.PartInForce, since), carried(graz, memorandum.PartInForce, since)}
	}
	second := carriedOver(memorandum.PhaseInForce, "2013-03-01", pair("2013-03-01")...)
	h := begin(t, memorandum.CarryOver(carriedOver(memorandum.PhaseInForce, "2012-01-01", pair("2012-01-01")...)))
	h.do(memorandum.CarryOver(second))
	require.Equal(t, "yes 2012-01-01", h.entry())
	require.Equal(t, "in_force", h.part(graz, "2012-06"))
	require.Contains(t, h.findings(), "competing")
	require.Len(t, h.state.Describe().Titles, 1)

	dispute := h.dispute(1).at() - 1 // then the determination
	require.Equal(t, "yes 2013-03-01", h.entry(), "the second stands in")
	require.Equal(t, memorandum.Kind("mou"), h.state.Describe().Kind)
	require.Equal(t, "in_force", h.part(graz, "2014"))
	h.rule(dispute, true)
	require.Equal(t, "yes 2012-01-01", h.entry())
	h.void(3)
}

func TestCarriedOverIntoADraft(t *testing.T) {
	h := begin(t, memorandum.Draft(drafted(agreed{Notice: period("P3M")}, lviv, graz)))
	h.do(memorandum.CarryOver(carriedOver(memorandum.PhaseInForce, "2012-01-01", carried(lviv, memorandum.PartInForce, ""))))
	require.Equal(t, "yes 2012-01-01", h.entry())
	require.Equal(t, period("P3M"), h.state.Describe().Terms.Notice, "the draft's terms stand")
	require.Equal(t, "in_force", h.part(lviv, "2015"))
	require.Equal(t, "invited consented? in_force?", h.part(lviv, "2014"))
	require.Equal(t, "invited", h.part(graz, "2015"))
	h.do(memorandum.GiveNotice(noticed(lviv, "2016-01-01")))
	require.Equal(t, "withdrawn", h.part(lviv, "2016-04-01"))
}

func TestVoidedOpening(t *testing.T) {
	h := begin(t, memorandum.Draft(drafted(agreed{}, lviv, graz))).do(sign(lviv, "2012"), sign(graz, "2012")).void(1)
	require.False(t, h.state.Exists())
	require.Equal(t, "no ", h.entry())
	require.Empty(t, h.state.Phases())
	require.Empty(t, h.state.Parts())
	require.Empty(t, h.findings())
}

func TestDescription(t *testing.T) {
	d := drafted(agreed{}, lviv, graz)
	d.Under, d.Reference, d.Themes = terms.Ref(other), "A 12", []terms.Theme{"water"}
	title := memorandum.AddTitle{Fact: on("2012"), Title: terms.Text{Lang: "uk", Value: "Чисті ріки"}}
	h := begin(t, memorandum.Draft(d)).do(title,
		memorandum.SetThemes{Fact: on("2012"), Themes: []terms.Theme{"sdg:6"}},
		memorandum.SetTerms{Fact: on("2012"), Terms: agreed{Minimum: 2}},
		memorandum.Relate{Fact: on("2012"), To: terms.Ref(other), Relation: "renews"},
		memorandum.AddText{Fact: on("2012"), Lang: "en", Standing: "authentic"},
		memorandum.RecordAxis{Fact: on("2012"), Number: 1, Title: text("Water")},
		memorandum.NameUnit{Fact: on("2012"), Party: lviv, Unit: ref(bonn), Role: "lead"})
	got := h.state.Describe()
	require.Equal(t, []terms.Text{text("Clean rivers"), title.Title}, got.Titles)
	require.Equal(t, []terms.Theme{"sdg:6"}, got.Themes)
	require.Equal(t, agreed{Minimum: 2}, got.Terms)
	require.Equal(t, "A 12", got.Reference)
	require.Len(t, got.Relations, 2)
	require.Len(t, got.Texts, 1)
	require.Len(t, got.Axes, 1)
	require.Len(t, got.Units, 1)
	require.Equal(t, edtf.No, func() edtf.Truth { e, _ := h.state.Entry(); return e.Met }())
}

// What an agreement is called and who may sign it is told also of one that is
// only announced, or contested; it is in no phase by that.
func TestOpeningThatMovesNothing(t *testing.T) {
	draft := drafted(agreed{}, lviv, graz)
	draft.Status = terms.Announced
	carried := carriedOver(memorandum.PhaseInForce, "2012", carried(lviv, memorandum.PartInForce, "2012"), carried(graz, memorandum.PartInForce, "2012"))
	carried.Status = terms.Claimed
	for name, open := range map[string]memorandum.Command{
		"announced_draft": memorandum.Draft(draft), "claimed_register": memorandum.CarryOver(carried),
	} {
		t.Run(name, func(t *testing.T) {
			h := begin(t, open)
			require.NotEmpty(t, h.state.Describe().Titles)
			require.Equal(t, memorandum.Kind("mou"), h.state.Describe().Kind)
			require.Empty(t, h.phase("2030"))
			require.Empty(t, h.part(lviv, "2030"))
			h.do(sign(lviv, "2015-01-01"))
			h.do(sign(graz, "2015-02-01"))
			require.Equal(t, "in_force", h.phase("2030"), "who was announced as a party may sign")
		})
	}
	t.Run("contested_draft", func(t *testing.T) {
		h := begin(t, memorandum.Draft(drafted(agreed{}, lviv, graz)))
		h.do(memorandum.Dispute{Disputed: book.Disputed{Of: 1, Grounds: "nobody drafted it"}})
		require.Equal(t, []terms.Text{text("Clean rivers")}, h.state.Describe().Titles)
		require.Empty(t, h.phase("2030"))
	})
}
