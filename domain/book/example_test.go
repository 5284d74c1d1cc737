package book_test

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// An aggregate's events, and its own names for those that are about others.
type (
	signed struct {
		terms.Fact
		By string
	}
	// signing is what an aggregate reads of a fact.
	signing struct {
		at   es.Revision
		from edtf.Date
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

func (s signing) When() (es.Revision, edtf.Date) { return s.at, s.from }

// An aggregate adds to what is found in every book.
func ExampleFinds() {
	var b book.Book[book.Event]
	b.Add(signed{terms.Fact{Occurred: edtf.MustParse("2018-10-05")}, "Lviv"})
	b.Add(signed{terms.Fact{Occurred: edtf.MustParse("2018-09"), Status: terms.Announced}, "Lviv"})
	var all []signing
	f := book.NewFinds("memorandum", &b)
	for h := range b.Held() {
		f.Vague(h.Fact.From(), h.Revision)
		all = append(all, signing{h.Revision, h.Fact.From()})
	}
	f.InOrder("ended before it was signed", book.One(all), all[1])
	book.Competing(f, "the signature", all)
	for _, found := range f.All {
		fmt.Println(found.Events, found.Code, "-", found.Detail)
	}
	// Output:
	// [1] memorandum.unsourced - the fact names no source
	// [2] memorandum.announced - the fact is only announced and moves nothing
	// [2] memorandum.unsourced - the fact names no source
	// [1 2] memorandum.contradiction - ended before it was signed: 2018-09 before 2018-10-05
	// [1 2] memorandum.competing - the signature is asserted with different dates; the first stands
}
