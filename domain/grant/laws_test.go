package grant_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/book/booktest"
	"github.com/entente-ledger/entente/domain/grant"
	"github.com/entente-ledger/entente/domain/terms"
)

// answers is what the ledger says of a grant, the revisions apart.
type answers struct {
	Phases, Parts []grant.Span
	Awards        []grant.AwardState
	Description   grant.Description
}

func answersOf(s *grant.State) any {
	a := answers{s.Phases(), s.Parts(), s.Awards(), s.Describe()}
	for _, spans := range [][]grant.Span{a.Phases, a.Parts} {
		for i := range spans {
			spans[i].By = 0
		}
	}
	for i := range a.Awards {
		a.Awards[i].By = 0
	}
	return a
}

var (
	anyKey    = rapid.SampledFrom([]grant.Key{"a", "b", "c"})
	anyAmount = rapid.SampledFrom([]terms.Money{euros(100), euros(300), euros(400), euros(700), euros(900), {Minor: 100, Currency: "USD"}})
)

// anyFactual is a command whose fact can follow the opening.
func anyFactual(t *rapid.T, f terms.Fact) grant.Command {
	key, award, amount := anyKey.Draw(t, "key"), anyKey.Draw(t, "award"), anyAmount.Draw(t, "amount")
	all := []grant.Command{
		grant.OpenCall{Fact: f, Key: key, Until: booktest.Dates.Draw(t, "until")},
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

// revalue returns an event with another amount or envelope, if it has one.
func revalue(t *rapid.T, e grant.Event) grant.Event {
	m := anyAmount.Draw(t, "as")
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

var subject = booktest.Subject[grant.Command, grant.State, grant.Event]{
	Decider:  grant.Decider,
	Book:     (*grant.State).Book,
	Openings: events{registered, registered, unfunded, carriedOver},
	Fact:     anyFactual,
	Revise:   revalue,
	Answers:  answersOf,
	Findings: (*grant.State).Findings,
	Correct:  func(c book.Corrected[grant.Event]) grant.Command { return grant.Correct{Corrected: c} },
	Void:     func(v book.Voided) grant.Command { return grant.Void{Voided: v} },
	Dispute:  func(d book.Disputed) grant.Command { return grant.Dispute{Disputed: d} },
	Rule:     func(r book.Ruled) grant.Command { return grant.Rule{Ruled: r} },
	Dated:    []error{grant.ErrAwardClosed},
	Dues:     (*grant.State).Dues,
	MarkDue:  func(f book.FellDue) grant.Command { return grant.MarkDue{FellDue: f} },
}

func TestLaws(t *testing.T) { subject.Laws(t) }

// sumsHold adds up the answers as a stranger would.
func sumsHold(h *history) bool {
	d, sum := h.State.Describe(), int64(0)
	held, ok := h.State.Book().At(1)
	bound := ok && held.Moves() && d.Envelope != nil
	for _, a := range h.State.Awards() {
		sum += a.Amount.Minor
		if bound && a.Amount.Currency != d.Envelope.Currency || a.ClawedBack > a.Disbursed || a.Disbursed-a.ClawedBack > a.Amount.Minor {
			return false
		}
	}
	return !bound || sum <= d.Envelope.Minor
}

// No fact and no correction breaks a sum, and a dispute not the envelope; what
// a voiding or a ruling breaks is found.
func TestSums(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := subject.Opened(rapid.SampledFrom(subject.Openings).Draw(t, "opening"))
		for range rapid.IntRange(0, 40).Draw(t, "length") {
			held, over := sumsHold(h), slices.Contains(findings(h), "over_envelope")
			c := h.AnyCommand(t)
			_ = h.Try(c)
			switch c.(type) {
			case grant.Void, grant.Rule:
			case grant.Dispute:
				require.False(t, !over && slices.Contains(findings(h), "over_envelope"))
			default:
				require.True(t, !held || sumsHold(h), "%T", c)
			}
			broken := slices.ContainsFunc(findings(h), func(code string) bool {
				return code == "over_envelope" || code == "over_award" || code == "over_disbursed" || code == "other_currency"
			})
			require.True(t, sumsHold(h) || broken)
		}
	})
}
