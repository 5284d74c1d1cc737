package actionplan_test

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
)

// While a second version is drafted the first one is carried out.
func Example() {
	fact := func(date string) terms.Fact { return terms.Fact{Occurred: edtf.MustParse(date)} }
	p := actionplan.Decider.Fold(
		actionplan.Drafted{Fact: fact("2018"), Titles: []terms.Text{{Lang: "en", Value: "Clean air"}}},
		actionplan.Approved{Fact: fact("2019-11"), Definitive: true},
		actionplan.ImplementationBegun{Fact: fact("2020-01")},
		actionplan.Revised{Fact: fact("2021-05"), Version: 2},
	)
	phase, _ := actionplan.AsOf(p.Phases(), edtf.MustParse("2022"))
	next, _ := actionplan.AsOf(p.VersionPhases(2), edtf.MustParse("2022"))
	fmt.Println(phase.Version, phase.Phase)
	fmt.Println(next.Version, next.Phase)
	// Output:
	// 1 implementing
	// 2 draft
}
