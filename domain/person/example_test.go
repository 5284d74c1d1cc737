package person_test

import (
	"fmt"
	"strings"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/person"
	"github.com/entente-ledger/entente/domain/terms"
)

// The ledger knows what a person did for whom, never who it was.
func Example() {
	mayor := person.Decider.Fold(
		person.Registered{Commitment: person.Commitment(strings.Repeat("5e", 32))},
		person.FunctionHeld{
			Fact:     terms.Fact{Occurred: edtf.MustParse("2014-06")},
			Function: terms.Text{Lang: "en", Value: "mayor"},
			At:       "party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55",
			Until:    edtf.MustParse("2019"),
		},
		person.Erased{Reason: "request"},
	)
	for _, f := range mayor.Functions() {
		fmt.Printf("%s from %v until %v, erased: %v\n", f.Title.Value, f.From, f.Until, mayor.Erased())
	}
	// Output: mayor from 2014-06 until 2019, erased: true
}
