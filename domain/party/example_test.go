package party_test

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/terms"
)

// A renaming keeps the identity: both names stay, each with its validity.
func Example() {
	city := party.Decider.Fold(
		party.Registered{Kind: "municipality", Country: "KZ", Name: terms.Text{Lang: "kk", Value: "Астана"}},
		party.Renamed{Fact: terms.Fact{Occurred: edtf.MustParse("2019-03-23")}, Name: terms.Text{Lang: "kk", Value: "Нұр-Сұлтан"}},
		party.Renamed{Fact: terms.Fact{Occurred: edtf.MustParse("2022-09")}, Name: terms.Text{Lang: "kk", Value: "Астана"}},
	)
	for _, n := range city.Names() {
		fmt.Printf("%s from %q until %q\n", n.Text.Value, n.From, n.Until)
	}
	// Output:
	// Астана from "" until "2019-03-23"
	// Нұр-Сұлтан from "2019-03-23" until "2022-09"
	// Астана from "2022-09" until ""
}
