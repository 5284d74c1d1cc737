package programme_test

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/programme"
	"github.com/entente-ledger/entente/domain/terms"
)

// A launch that is only announced has not happened.
func Example() {
	fact := func(date string, s terms.Status) terms.Fact {
		return terms.Fact{Occurred: edtf.MustParse(date), Status: s}
	}
	p := programme.Decider.Fold(
		programme.Registered{Fact: fact("2022", terms.Recorded), Titles: []terms.Text{{Lang: "en", Value: "Cities Forward"}}},
		programme.Launched{Fact: fact("2023-04-24/2023-04-30", terms.Announced)},
	)
	phase, _ := programme.AsOf(p.Phases(), edtf.MustParse("2024"))
	fmt.Println(p.Title().Value, phase.Phase)
	// Output: Cities Forward registered
}
