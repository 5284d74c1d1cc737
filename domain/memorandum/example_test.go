package memorandum_test

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/memorandum"
)

// Two cities sign; when the second does, the agreement is in force by silent
// terms, and that is recorded with the rule.
func Example() {
	var s memorandum.State
	for _, c := range []memorandum.Command{
		memorandum.Draft(drafted(memorandum.Terms{}, lviv, graz)),
		memorandum.Sign{Fact: on("2018-04"), Party: ref(lviv)},
		memorandum.Sign{Fact: on("2018-05-02"), Party: ref(graz)},
	} {
		events, err := memorandum.Decider.Decide(c, s)
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, e := range events {
			s = memorandum.Decider.Evolve(s, s.Book().Revision()+1, e)
		}
	}
	entry, at := s.Entry()
	fmt.Printf("in force since %s: %s, by the events %v; recorded at %d\n", entry.From, entry.Rule, entry.Basis, at)
	for _, date := range []string{"2018-04-15", "2018-05-02"} {
		certain, perhaps := memorandum.AsOf(s.Phases(), day(date))
		fmt.Println(date, certain.Phase, len(perhaps))
	}
	// Output:
	// in force since 2018-05-02: all parties, by the events [2 3]; recorded at 4
	// 2018-04-15 draft 1
	// 2018-05-02 in_force 0
}
