package proposal_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/book/booktest"
	"github.com/entente-ledger/entente/domain/proposal"
	"github.com/entente-ledger/entente/domain/terms"
)

// answers is what the ledger says of a proposal, the revisions apart.
type answers struct {
	Of       proposal.Proposed
	Why      string
	Standing proposal.Standing
}

func answersOf(s *proposal.State) any {
	a := answers{s.Describe().Proposed, s.Describe().Why, s.Standing()}
	a.Standing.By = 0
	return a
}

// anyStep is a command whose fact can follow the opening.
func anyStep(t *rapid.T, f terms.Fact) proposal.Command {
	who := rapid.SampledFrom([]string{ada, ben, cai}).Draw(t, "who")
	done, rejected := carriedOut, failed
	done.Fact, rejected.Fact = f, f
	return rapid.SampledFrom([]proposal.Command{
		proposal.Approve{Fact: f, By: who},
		proposal.Refuse{Fact: f, By: who, Why: "no"},
		proposal.Withdraw{Fact: f, By: who},
		proposal.CarryOut(done), proposal.Fail(rejected),
	}).Draw(t, "step")
}

// revise draws another reason.
func revise(t *rapid.T, e proposal.Event) proposal.Event {
	why := rapid.SampledFrom([]string{"yes", "no"}).Draw(t, "why")
	switch e := e.(type) {
	case proposal.Made:
		e.Why = why
		return e
	case proposal.Refused:
		e.Why = why
		return e
	case proposal.Approved:
		e.Why = why
		return e
	default:
		return e
	}
}

var subject = booktest.Subject[proposal.Command, proposal.State, proposal.Event]{
	Decider:  proposal.Decider,
	Book:     (*proposal.State).Book,
	Openings: events{made},
	Fact:     anyStep,
	Revise:   revise,
	Answers:  answersOf,
	Findings: (*proposal.State).Findings,
	Correct:  func(c book.Corrected[proposal.Event]) proposal.Command { return proposal.Correct{Corrected: c} },
	Void:     func(v book.Voided) proposal.Command { return proposal.Void{Voided: v} },
	Dispute:  func(d book.Disputed) proposal.Command { return proposal.Dispute{Disputed: d} },
	Rule:     func(r book.Ruled) proposal.Command { return proposal.Rule{Ruled: r} },
}

func TestLaws(t *testing.T) { subject.Laws(t) }

// TestTwoPersons checks on random histories that nothing is carried out that
// not two persons agreed to.
func TestTwoPersons(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := subject.Any(t)
		d := h.State.Standing()
		switch d.Phase {
		case proposal.PhaseApproved, proposal.PhaseCarriedOut, proposal.PhaseFailed:
			if d.DecidedBy == "" || d.DecidedBy == d.MadeBy {
				t.Fatalf("%+v", d)
			}
		default:
		}
	})
}
