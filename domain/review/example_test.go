package review_test

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/review"
)

// A finding that was accepted is known by what it rested on, so that it can be
// shown again when that changes.
func ExampleDecider() {
	events, err := review.Decider.Decide(accept, review.State{})
	s := review.Decider.Fold(events...)
	d := s.Standing()
	fmt.Println(err, d.Standing, d.Basis.Events, d.Reason)
	// Output: <nil> accepted [memorandum-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55@3] the source has no date
}
