package programme_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/book/booktest"
	"github.com/entente-ledger/entente/domain/programme"
	"github.com/entente-ledger/entente/domain/terms"
)

// answers is what the ledger says of a programme, the revisions apart.
type answers struct {
	Phases, Parts []programme.Span
	Calls         []programme.Key
	Description   programme.Description
	Unnamed       int
}

func answersOf(s *programme.State) any {
	a := answers{s.Phases(), s.Parts(), s.Calls(), s.Describe(), s.Unnamed("selected")}
	for _, spans := range [][]programme.Span{a.Phases, a.Parts} {
		for i := range spans {
			spans[i].By = 0
		}
	}
	return a
}

var (
	anyParty = rapid.SampledFrom([]partyID{ancona, ikoma, essen})
	anyCall  = rapid.SampledFrom([]programme.Key{"", "eu", "us"})
)

// anyFactual is a command whose fact can follow the opening.
func anyFactual(t *rapid.T, f terms.Fact) programme.Command {
	p, call := ref(anyParty.Draw(t, "party")), anyCall.Draw(t, "call")
	all := commands{
		programme.Launch{Fact: f},
		programme.Close{Fact: f},
		programme.NameOwner{Fact: f, Owner: p},
		programme.StatePurpose{Fact: f, Purpose: purpose},
		programme.OpenCall{Fact: f, Key: "eu"},
		programme.OpenCall{Fact: f, Key: "us", Until: booktest.Dates.Draw(t, "until")},
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

var subject = booktest.Subject[programme.Command, programme.State, programme.Event]{
	Decider:  programme.Decider,
	Book:     (*programme.State).Book,
	Openings: events{registered, registered, carriedOver},
	Fact:     anyFactual,
	Answers:  answersOf,
	Findings: (*programme.State).Findings,
	Correct:  func(c book.Corrected[programme.Event]) programme.Command { return programme.Correct{Corrected: c} },
	Void:     func(v book.Voided) programme.Command { return programme.Void{Voided: v} },
	Dispute:  func(d book.Disputed) programme.Command { return programme.Dispute{Disputed: d} },
	Rule:     func(r book.Ruled) programme.Command { return programme.Rule{Ruled: r} },
	Dated:    []error{programme.ErrEnded},
	Dues:     (*programme.State).Dues,
	MarkDue:  func(f book.FellDue) programme.Command { return programme.MarkDue{FellDue: f} },
}

func TestLaws(t *testing.T) { subject.Laws(t) }
