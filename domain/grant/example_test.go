package grant_test

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/grant"
	"github.com/entente-ledger/entente/domain/terms"
)

// The awards of a grant stay within its envelope.
func Example() {
	g := grant.Decider.Fold(
		grant.Registered{Titles: []terms.Text{{Lang: "en", Value: "Local initiatives"}}, Envelope: &terms.Money{Minor: 100_00, Currency: "EUR"}},
		grant.Awarded{Key: "first", Party: terms.PartyRef{ID: ancona}, Amount: terms.Money{Minor: 60_00, Currency: "EUR"}},
	)
	_, err := grant.Decider.Decide(grant.Award{Key: "second", Party: terms.PartyRef{ID: essen}, Amount: terms.Money{Minor: 40_01, Currency: "EUR"}}, g)
	fmt.Println(err)
	// Output: grant.over_envelope: the awards exceed the envelope; expected awards within the envelope, or the envelope corrected first
}
