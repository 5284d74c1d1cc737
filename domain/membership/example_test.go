package membership_test

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/terms"
)

// A report that is not handed in puts the membership on hold, whether or not
// anything recorded that the day passed; handing it in ends that.
func Example() {
	fact := func(date string) terms.Fact { return terms.Fact{Occurred: edtf.MustParse(date)} }
	m := membership.Decider.Fold(
		membership.Registered{Fact: fact("2018")},
		membership.Admitted{Fact: fact("2018-10"), Class: "full"},
		membership.DutySet{
			Fact: fact("2018-10"), Key: "report", Kind: "report", What: terms.Text{Lang: "en", Value: "yearly report"},
			Due: edtf.MustParse("2019-03-31"), Consequence: membership.ConsequenceHold,
		},
		membership.DutyMet{Fact: fact("2019-05-17"), Duty: "report"},
	)
	for _, span := range m.Spans() {
		fmt.Println(span.From, span.Standing)
	}
	// Output:
	// 2018 prospect
	// 2018-10 admitted
	// 2019-04-01 on_hold
	// 2019-05-17 active
}
