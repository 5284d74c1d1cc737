package programme_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/programme"
	"github.com/entente-ledger/entente/domain/terms"
)

// answers is what the ledger says of a programme, the revisions apart.
type answers struct {
	Phases, Parts []programme.Span
	Calls         []programme.Key
	Description   programme.Description
	Unnamed       int
	Findings      []string
}

func (h *history) answers() answers {
	a := answers{h.state.Phases(), h.state.Parts(), h.state.Calls(), h.state.Describe(), h.state.Unnamed("selected"), nil}
	for _, spans := range [][]programme.Span{a.Phases, a.Parts} {
		for i := range spans {
			spans[i].By = 0
		}
	}
	for _, f := range h.state.Findings() {
		a.Findings = append(a.Findings, f.Code+" "+f.Detail)
	}
	return a
}

var (
	anyParty = rapid.SampledFrom([]partyID{ancona, ikoma, essen})
	anyCall  = rapid.SampledFrom([]programme.Key{"", "eu", "us"})
	anyDate  = rapid.Map(rapid.SampledFrom([]string{
		"", "2016", "2017?", "2017-04-01", "2017-04", "2018/..", "../2017", "2019-12-31", "[2017..2018]", "2020",
	}), edtf.MustParse)
	anyStatus = rapid.SampledFrom([]terms.Status{0, 0, 0, 0, terms.Announced, terms.Claimed})
)

func anyFact(t *rapid.T) terms.Fact {
	return terms.Fact{Occurred: anyDate.Draw(t, "date"), Status: anyStatus.Draw(t, "status"), Source: terms.Citation{ID: page}}
}

// anyFactual is a fact that can follow the opening.
func anyFactual(t *rapid.T, f terms.Fact) programme.Command {
	p, call := ref(anyParty.Draw(t, "party")), anyCall.Draw(t, "call")
	all := commands{
		programme.Launch{Fact: f},
		programme.Close{Fact: f},
		programme.NameOwner{Fact: f, Owner: p},
		programme.StatePurpose{Fact: f, Purpose: purpose},
		programme.OpenCall{Fact: f, Key: "eu"},
		programme.OpenCall{Fact: f, Key: "us", Until: anyDate.Draw(t, "until")},
		programme.CloseCall{Fact: f, Call: call},
		programme.ReceiveApplication{Fact: f, Party: p, Call: call},
		programme.ReceiveApplication{Fact: f, Party: p},
		programme.Select{Fact: f, Party: p, Call: call},
		programme.Reject{Fact: f, Party: p, Call: call},
		programme.Count{Fact: f, What: "selected", Number: 2},
		programme.Pair{Fact: f, First: p, Second: ref(anyParty.Draw(t, "second")), Call: call},
	}
	return rapid.SampledFrom(all).Draw(t, "fact")
}

func anyCommand(t *rapid.T, h *history) programme.Command {
	of := es.Revision(rapid.IntRange(0, len(h.events)+1).Draw(t, "of"))
	switch rapid.IntRange(0, 9).Draw(t, "command") {
	case 0:
		return programme.Void(voided(of))
	case 1:
		return programme.Dispute(disputed(of))
	case 2:
		return programme.Rule(ruled(of, rapid.Bool().Draw(t, "stands")))
	case 3:
		if of > 0 && of <= h.at() {
			return programme.Correct(corrected(of, refact(h.events[of-1], anyFact(t))))
		}
	}
	return anyFactual(t, anyFact(t))
}

// refact returns an event with another fact about it.
func refact(e programme.Event, f terms.Fact) programme.Event {
	v := reflect.New(reflect.TypeOf(e)).Elem()
	v.Set(reflect.ValueOf(e))
	if field := v.FieldByName("Fact"); field.CanSet() {
		field.Set(reflect.ValueOf(f))
	}
	return v.Interface().(programme.Event)
}

// anyHistory is what some commands, of which some fail, lead to.
func anyHistory(t *rapid.T) *history {
	h := after(registered)
	if rapid.IntRange(0, 3).Draw(t, "opening") == 0 {
		h = after(carriedOver)
	}
	for range rapid.IntRange(0, 15).Draw(t, "length") {
		_ = h.try(anyCommand(t, h))
	}
	return h
}

func TestLaw1_other_than_recorded_facts_move_nothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHistory(t)
		before := h.answers()
		f := anyFact(t)
		f.Status = rapid.SampledFrom([]terms.Status{terms.Announced, terms.Claimed, terms.Inferred, terms.Disputed}).Draw(t, "as")
		_ = h.try(anyFactual(t, f))
		now := h.answers()
		before.Findings, now.Findings = nil, nil
		require.Equal(t, before, now)
	})
}

func TestLaw2_replaying_gives_the_live_state_and_deciding_leaves_it(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHistory(t)
		_, _ = programme.Decider.Decide(anyCommand(t, h), h.state)
		require.Equal(t, programme.Decider.Fold(h.events...), h.state)
	})
}

func TestLaw3_corrected_and_corrected_back_is_as_before(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHistory(t)
		before := h.answers()
		of := es.Revision(rapid.IntRange(1, len(h.events)).Draw(t, "of"))
		held, ok := h.state.Book().At(of)
		if !ok || h.try(programme.Correct(corrected(of, refact(held.Event, anyFact(t))))) != nil {
			return
		}
		if h.try(programme.Correct(corrected(of, held.Event))) != nil {
			return // a guard stands against what was recorded before there was one
		}
		require.Equal(t, before, h.answers())
	})
}

func TestLaw4_voided_is_as_never_recorded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHistory(t)
		before, at := h.answers(), h.at()
		if h.try(anyCommand(t, h)) != nil || h.at() == at {
			return
		}
		if h.try(programme.Void(voided(at+1))) != nil {
			return // a voiding cannot be voided
		}
		require.Equal(t, before, h.answers())
	})
}

func TestLaw5_an_unknown_date_never_rejects(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHistory(t)
		require.NotErrorIs(t, h.try(anyFactual(t, terms.Fact{})), programme.ErrEnded)
	})
}

func TestLaw6_the_same_fact_again_changes_nothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHistory(t)
		c := anyCommand(t, h)
		if h.try(c) != nil {
			return
		}
		at := h.at()
		require.NoError(t, h.try(c))
		require.Equal(t, at, h.at(), "%T", c)
	})
}
