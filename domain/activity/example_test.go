package activity_test

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/activity"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
)

// A summit that is only announced has not been held, and its year is not even
// stated.
func Example() {
	summit := activity.Decider.Fold(activity.Registered{
		Fact: terms.Fact{Status: terms.Announced},
		Description: activity.Description{
			Kind: "summit", Titles: []terms.Text{{Lang: "en", Value: "Cities Summit of the Americas"}}, Number: 1,
		},
		When: edtf.MustParse("2023?-04-24/2023?-04-30"),
	})
	for _, span := range summit.Phases() {
		fmt.Println(span.Phase)
	}
	_, ended := summit.Outcome()
	fmt.Println("held or cancelled:", ended)
	for _, f := range summit.Findings() {
		fmt.Println(f.Code, f.Events)
	}
	// Output:
	// announced
	// held or cancelled: false
	// activity.announced [1]
	// activity.unsourced [1]
	// activity.uncertain_year [1]
}
