package proposal_test

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/proposal"
)

// Who proposes cannot approve.
func ExampleDecider() {
	s := proposal.Decider.Fold(made)
	_, err := proposal.Decider.Decide(proposal.Approve{Fact: today, By: ada}, s)
	fmt.Println(err)
	events, err := proposal.Decider.Decide(proposal.Approve{Fact: today, By: ben}, s)
	s = proposal.Decider.Fold(append([]proposal.Event{made}, events...)...)
	fmt.Println(err, s.Standing().Phase, s.Standing().DecidedBy)
	// Output:
	// proposal.same_person: who made a proposal cannot decide about it; expected another person; who made it can withdraw it
	// <nil> approved approver-ben
}
