package book_test

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
)

// An aggregate's events, and its own names for those that are about others.
type (
	signed struct {
		terms.Fact
		By string
	}
	amended struct{ book.Corrected[book.Event] }
)

// A correction leaves the event as it was recorded, and the fact as it should
// have been.
func ExampleBook() {
	on := func(date string) terms.Fact { return terms.Fact{Occurred: edtf.MustParse(date)} }
	var b book.Book[book.Event]
	b.Add(signed{on("2018-10-05"), "Lviv"})
	b.Add(signed{on("2018-10"), "Graz"})
	b.Add(amended{book.Corrected[book.Event]{Of: 2, As: signed{on("2018-11"), "Graz"}, Reason: "misread"}})
	for h := range b.Moving() {
		fmt.Println(h.Revision, h.By, h.Event.(signed).By, h.Fact.From())
	}
	// Output:
	// 1 1 Lviv 2018-10-05
	// 2 3 Graz 2018-11
}
