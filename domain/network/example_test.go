package network_test

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/terms"
)

// A launch that is only announced has not happened, and a committee that is only
// announced is shown as that.
func Example() {
	fact := func(date string, s terms.Status) terms.Fact {
		return terms.Fact{Occurred: edtf.MustParse(date), Status: s}
	}
	text := func(value string) terms.Text { return terms.Text{Lang: "en", Value: value} }
	n := network.Decider.Fold(
		network.Registered{Fact: fact("2015", terms.Recorded), Titles: []terms.Text{text("Strong Cities Network")}},
		network.Launched{Fact: fact("2015-09-29T16:00-04:00/2015-09-29T17:30-04:00", terms.Announced)},
		network.BodyEstablished{Fact: fact("", terms.Announced), Key: "steering", Charter: network.Charter{
			Kind: "steering", Title: text("International Steering Committee"),
			Capacity: &network.Capacity{Number: 25, Kind: "approximate"},
		}},
	)
	phase, _ := network.AsOf(n.Phases(), edtf.MustParse("2016"))
	fmt.Println(n.Title().Value, phase.Phase)
	for _, b := range n.Bodies() {
		fmt.Println(b.Charter.Title.Value, b.Charter.Capacity.Number, b.Charter.Capacity.Kind, b.Status)
	}
	// Output:
	// Strong Cities Network registered
	// International Steering Committee 25 approximate announced
}
