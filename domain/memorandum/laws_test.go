package memorandum_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
)

// answers is what the ledger says of an agreement, the revisions apart.
type answers struct {
	Phases, Parts []memorandum.Span
	Entry         memorandum.EntryDetermined
	End           memorandum.EndDetermined
	Description   memorandum.Description
	Unnamed       int
	Findings      []string
}

func (h *history) answers() answers {
	a := answers{Phases: h.state.Phases(), Parts: slices.Clone(h.state.Parts()), Description: h.state.Describe(), Unnamed: h.state.Unnamed()}
	for _, spans := range [][]memorandum.Span{a.Phases, a.Parts} {
		for i := range spans {
			spans[i].By = 0
		}
	}
	a.Entry, _ = h.state.Entry()
	a.End, _ = h.state.End()
	if a.Entry.Met == edtf.No {
		a.Entry.Rule = "" // none is recorded before there is an answer
	}
	slices.SortFunc(a.Entry.Parties, func(x, y memorandum.Force) int {
		if x.Party != y.Party && x.Party < y.Party || x.Party == y.Party && x.Round < y.Round {
			return -1
		}
		return 1
	})
	for _, f := range h.state.Findings() {
		a.Findings = append(a.Findings, f.Code+" "+f.Detail)
	}
	return a
}

// clone is a history that goes on by itself.
func (h *history) clone() *history {
	c := &history{t: h.t, events: slices.Clone(h.events)}
	c.state = memorandum.Decider.Fold(c.events...)
	return c
}

// consented are the parties that a moving fact says consented, or takes part by
// an older register.
func (h *history) consented() map[terms.PartyID]bool {
	all := map[terms.PartyID]bool{}
	for held := range h.state.Book().Moving() {
		switch e := held.Event.(type) {
		case memorandum.Signed:
			all[e.Party.ID] = true
		case memorandum.Consented:
			all[e.Party.ID] = true
		case memorandum.CarriedOver:
			for _, p := range e.Parties {
				all[p.Party.ID] = true
			}
		case memorandum.PartCarriedOver:
			all[e.Party.ID] = true
		}
	}
	return all
}

func TestLaw1_in_force_only_for_who_consented(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHistory(t, 25)
		consented := h.consented()
		for _, span := range h.state.Parts() {
			if span.Part == memorandum.PartInForce || span.Part == memorandum.PartConsented {
				require.True(t, consented[span.Party], "%+v", span)
			}
		}
		e, _ := h.state.Entry()
		for _, f := range e.Parties {
			require.True(t, consented[f.Party], "%+v", f)
		}
	})
}

func TestLaw2_other_than_recorded_facts_move_nothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHistory(t, 15)
		before := h.clone().answers()
		f := anyFact(t)
		f.Status = rapid.SampledFrom([]terms.Status{terms.Announced, terms.Claimed, terms.Inferred, terms.Disputed}).Draw(t, "as")
		_ = h.try(anyFactual(t, f))
		after := h.answers()
		before.Findings, after.Findings = nil, nil
		require.Equal(t, before, after)
	})
}

func TestLaw3_replaying_gives_the_live_state(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHistory(t, 25)
		require.Equal(t, memorandum.Decider.Fold(h.events...), h.state)
	})
}

func TestLaw4_deciding_leaves_the_state_as_it_is(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHistory(t, 15)
		for range 5 {
			_, _ = memorandum.Decider.Decide(anyCommand(t, h), h.state)
		}
		require.Equal(t, memorandum.Decider.Fold(h.events...), h.state)
	})
}

func TestLaw5_the_same_fact_again_changes_nothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHistory(t, 15)
		c := anyCommand(t, h)
		if h.try(c) != nil {
			return
		}
		at := h.at()
		require.NoError(t, h.try(c))
		require.Equal(t, at, h.at(), "%T", c)
	})
}

func TestLaw6_corrected_and_corrected_back_is_as_before(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHistory(t, 15)
		before := h.answers()
		of := es.Revision(rapid.IntRange(1, len(h.events)).Draw(t, "of"))
		held, ok := h.state.Book().At(of)
		if !ok || h.try(memorandum.Correct(corrected(of, refact(held.Event, anyFact(t))))) != nil {
			return
		}
		if h.try(memorandum.Correct(corrected(of, held.Event))) != nil {
			return // a guard stands against what was recorded before there was one
		}
		require.Equal(t, before, h.answers())
	})
}

func TestLaw7_voided_is_as_never_recorded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHistory(t, 15)
		before, at := h.answers(), h.at()
		c := anyCommand(t, h)
		if h.try(c) != nil || h.at() == at {
			return
		}
		if h.try(memorandum.Void(voided(at+1))) != nil {
			return // a voiding cannot be voided
		}
		require.Equal(t, before, h.answers(), "%T", c)
	})
}

func TestLaw8_what_is_recorded_is_what_follows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHistory(t, 25)
		if !h.state.Exists() {
			return
		}
		got, err := memorandum.Decider.Decide(memorandum.AddTitle{Fact: on("2018"), Title: text("one more")}, h.state)
		require.NoError(t, err)
		require.Len(t, got, 1, "nothing is left to determine")
	})
}

func TestLaw9_an_unknown_date_never_rejects(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHistory(t, 25)
		err := h.try(anyFactual(t, terms.Fact{}))
		for _, chronology := range []error{memorandum.ErrNotOpen, memorandum.ErrEnded, memorandum.ErrInForce} {
			require.NotErrorIs(t, err, chronology)
		}
	})
}

func TestLaw10_whatever_the_events_the_answers_can_be_given(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := &history{}
		for range rapid.IntRange(0, 20).Draw(t, "length") {
			source := anyHistory(t, 3).events
			e := rapid.SampledFrom(source).Draw(t, "event")
			h.events = append(h.events, e)
			h.state = memorandum.Decider.Evolve(h.state, h.at(), e)
			h.answers()
		}
		_ = h.try(anyCommand(t, h))
	})
}

func TestLaw11_determined_only_when_something_changed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var entry memorandum.EntryDetermined
		var end memorandum.EndDetermined
		for _, e := range anyHistory(t, 25).events {
			switch e := e.(type) {
			case memorandum.EntryDetermined:
				require.NotEqual(t, entry, e)
				require.False(t, len(e.Parties) == 0 && e.Met == entry.Met && e.From == entry.From && e.Rule == entry.Rule && slices.Equal(e.Basis, entry.Basis))
				entry = e
			case memorandum.EndDetermined:
				require.NotEqual(t, end, e)
				end = e
			}
		}
	})
}

func TestLaw12_the_order_of_recording_does_not_matter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := commands{
			memorandum.Adopt{Fact: on("2011-01-01")},
			memorandum.Open{Fact: on("2011-02-01")},
			memorandum.Suspend{Fact: on("2017-01-01")},
			sign(lviv, "2012-01-01"), sign(graz, "2013-01-01"), sign(bonn, "2014-01-01"), consent(turku, "accession", "2015-01-01"),
			memorandum.Terminate{Fact: on("2019-01-01")},
			part(carried(oulu, memorandum.PartInForce, "2016-01-01")),
			memorandum.Weigh{Fact: on("2016-01-01"), Party: oulu, Weight: 60},
		}
		by := anyTerms(t)
		by.Duration, by.Until, by.Renewal = edtf.Period{}, edtf.Date{}, memorandum.Renewal{} // nothing is signed after the end
		opening := memorandum.Draft(drafted(by, lviv, graz, bonn, turku))
		one, other := &history{}, &history{}
		for _, h := range []*history{one, other} {
			require.NoError(t, h.try(opening))
			for _, c := range rapid.Permutation(all).Draw(t, "order") {
				require.NoError(t, h.try(c))
			}
		}
		for _, date := range dates {
			require.Equal(t, one.phase(date), other.phase(date))
			for _, id := range (parties{lviv, graz, bonn, turku, oulu}) {
				require.Equal(t, one.part(id, date), other.part(id, date))
			}
		}
		require.Equal(t, one.entry(), other.entry())
		require.Equal(t, one.end(), other.end())
	})
}
