package grant_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/grant"
	"github.com/entente-ledger/entente/domain/terms"
)

// answers is what the ledger says of a grant, the revisions apart.
type answers struct {
	Phases, Parts []grant.Span
	Awards        []grant.AwardState
	Description   grant.Description
	Findings      []string
}

func (h *history) answers() answers {
	a := answers{h.state.Phases(), h.state.Parts(), h.state.Awards(), h.state.Describe(), nil}
	for _, spans := range [][]grant.Span{a.Phases, a.Parts} {
		for i := range spans {
			spans[i].By = 0
		}
	}
	for i := range a.Awards {
		a.Awards[i].By = 0
	}
	for _, f := range h.state.Findings() {
		a.Findings = append(a.Findings, f.Code+" "+f.Detail)
	}
	return a
}

var (
	anyKey  = rapid.SampledFrom([]grant.Key{"a", "b", "c"})
	anyDate = rapid.Map(rapid.SampledFrom([]string{
		"", "2018", "2019?", "2019-04-01", "2019-04", "2019/..", "../2019", "2020-12-31", "[2019..2020]", "2021",
	}), edtf.MustParse)
	anyStatus = rapid.SampledFrom([]terms.Status{0, 0, 0, 0, terms.Announced, terms.Claimed})
	anyAmount = rapid.SampledFrom([]terms.Money{euros(100), euros(300), euros(400), euros(700), {Minor: 100, Currency: "USD"}})
)

func anyFact(t *rapid.T) terms.Fact {
	return terms.Fact{Occurred: anyDate.Draw(t, "date"), Status: anyStatus.Draw(t, "status"), Source: terms.Citation{ID: page}}
}

// anyFactual is a fact that can follow the opening.
func anyFactual(t *rapid.T, f terms.Fact) grant.Command {
	key, award, amount := anyKey.Draw(t, "key"), anyKey.Draw(t, "award"), anyAmount.Draw(t, "amount")
	all := []grant.Command{
		grant.OpenCall{Fact: f, Key: key, Until: anyDate.Draw(t, "until")},
		grant.CloseCall{Fact: f, Call: key},
		grant.Award{Fact: f, Key: key, Party: ref(ancona), Amount: amount},
		grant.Award{Fact: f, Key: key, Party: ref(ancona), Amount: euros(300)},
		grant.Disburse{Fact: f, Key: key, Award: award, Amount: amount},
		grant.Disburse{Fact: f, Key: key, Award: award, Amount: euros(100)},
		grant.ClawBack{Fact: f, Key: key, Award: award, Amount: amount, Reason: "unspent"},
		grant.Report{Fact: f, Award: key},
		grant.CloseAward{Fact: f, Award: key},
	}
	return rapid.SampledFrom(all).Draw(t, "fact")
}

// anyCommand is a fact, a correction or a dispute; if wild, also a voiding or a
// ruling.
func anyCommand(t *rapid.T, h *history, wild bool) grant.Command {
	of := es.Revision(rapid.IntRange(0, len(h.events)+1).Draw(t, "of"))
	switch n := rapid.IntRange(0, 9).Draw(t, "command"); {
	case n == 0 && wild:
		return grant.Void(voided(of))
	case n == 1 && wild:
		return grant.Rule(ruled(of, rapid.Bool().Draw(t, "stands")))
	case n == 2:
		return grant.Dispute(disputed(of))
	case n < 5 && of > 0 && of <= h.at():
		return grant.Correct(corrected(of, revalue(refact(h.events[of-1], anyFact(t)), anyAmount.Draw(t, "as"))))
	}
	return anyFactual(t, anyFact(t))
}

// revalue returns an event with another amount or envelope, if it has one.
func revalue(e grant.Event, m terms.Money) grant.Event {
	switch e := e.(type) {
	case grant.Registered:
		e.Envelope = &m
		return e
	case grant.Awarded:
		e.Amount = m
		return e
	case grant.Disbursed:
		e.Amount = m
		return e
	case grant.ClawedBack:
		e.Amount = m
		return e
	default:
		return e
	}
}

// refact returns an event with another fact about it.
func refact(e grant.Event, f terms.Fact) grant.Event {
	v := reflect.New(reflect.TypeOf(e)).Elem()
	v.Set(reflect.ValueOf(e))
	if field := v.FieldByName("Fact"); field.CanSet() {
		field.Set(reflect.ValueOf(f))
	}
	return v.Interface().(grant.Event)
}

// anyHistory is what some commands, of which some fail, lead to.
func anyHistory(t *rapid.T, wild bool) *history {
	h := after(rapid.SampledFrom(events{registered, registered, unfunded, carriedOver}).Draw(t, "opening"))
	for range rapid.IntRange(0, 15).Draw(t, "length") {
		_ = h.try(anyCommand(t, h, wild))
	}
	return h
}

// sumsHold adds up the answers as a stranger would.
func (h *history) sumsHold() bool {
	d, sum := h.state.Describe(), int64(0)
	held, ok := h.state.Book().At(1)
	bound := ok && held.Moves() && d.Envelope != nil
	for _, a := range h.state.Awards() {
		sum += a.Amount.Minor
		if bound && a.Amount.Currency != d.Envelope.Currency || a.ClawedBack > a.Disbursed || a.Disbursed-a.ClawedBack > a.Amount.Minor {
			return false
		}
	}
	return !bound || sum <= d.Envelope.Minor
}

func TestLaw1_no_fact_and_no_correction_breaks_a_sum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := after(rapid.SampledFrom(events{registered, unfunded, carriedOver}).Draw(t, "opening"))
		for range rapid.IntRange(0, 20).Draw(t, "length") {
			before := h.sumsHold()
			c := anyCommand(t, h, false)
			_ = h.try(c)
			if _, ok := c.(grant.Dispute); !ok && before {
				require.True(t, h.sumsHold(), "%T", c)
			}
		}
	})
}

func TestLaw2_awards_never_exceed_the_envelope_unless_by_a_voiding_or_a_ruling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		require.NotContains(t, anyHistory(t, false).findings(), "over_envelope")
	})
}

func TestLaw3_what_is_broken_is_found(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHistory(t, true)
		broken := slices.DeleteFunc(h.findings(), func(code string) bool {
			return code != "over_envelope" && code != "over_award" && code != "over_disbursed" && code != "other_currency"
		})
		if !h.sumsHold() {
			require.NotEmpty(t, broken)
		}
	})
}

func TestLaw4_other_than_recorded_facts_move_nothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHistory(t, true)
		before := h.answers()
		f := anyFact(t)
		f.Status = rapid.SampledFrom([]terms.Status{terms.Announced, terms.Claimed, terms.Inferred, terms.Disputed}).Draw(t, "as")
		_ = h.try(anyFactual(t, f))
		now := h.answers()
		before.Findings, now.Findings = nil, nil
		require.Equal(t, before, now)
	})
}

func TestLaw5_replaying_gives_the_live_state_and_deciding_leaves_it(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHistory(t, true)
		_, _ = grant.Decider.Decide(anyCommand(t, h, true), h.state)
		require.Equal(t, grant.Decider.Fold(h.events...), h.state)
	})
}

func TestLaw6_corrected_and_corrected_back_is_as_before(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHistory(t, true)
		before := h.answers()
		of := es.Revision(rapid.IntRange(1, len(h.events)).Draw(t, "of"))
		held, ok := h.state.Book().At(of)
		if !ok || h.try(grant.Correct(corrected(of, refact(held.Event, anyFact(t))))) != nil {
			return
		}
		if h.try(grant.Correct(corrected(of, held.Event))) != nil {
			return // a guard stands against what was recorded before there was one
		}
		require.Equal(t, before, h.answers())
	})
}

func TestLaw7_voided_is_as_never_recorded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHistory(t, true)
		before, at := h.answers(), h.at()
		if h.try(anyCommand(t, h, true)) != nil || h.at() == at {
			return
		}
		if h.try(grant.Void(voided(at+1))) != nil {
			return // a voiding cannot be voided
		}
		require.Equal(t, before, h.answers())
	})
}

func TestLaw8_an_unknown_date_never_rejects(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHistory(t, true)
		require.NotErrorIs(t, h.try(anyFactual(t, terms.Fact{})), grant.ErrAwardClosed)
	})
}

func TestLaw9_the_same_fact_again_changes_nothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHistory(t, true)
		c := anyCommand(t, h, true)
		if h.try(c) != nil {
			return
		}
		at := h.at()
		require.NoError(t, h.try(c))
		require.Equal(t, at, h.at(), "%T", c)
	})
}
