package edtf_test

import (
	"fmt"
	"time"

	"github.com/entente-ledger/entente/domain/edtf"
)

func Example() {
	signed := edtf.MustParse("2018-10~")
	fmt.Println(signed, "is", signed.Earliest(), "to", signed.Latest())
	for _, on := range []string{"2018-08-31", "2018-10-15", "2018-11-30"} {
		fmt.Println("signed by", on+":", signed.HeldBy(edtf.MustParse(on)))
	}
	// Output:
	// 2018-10~ is 2018-09-01 to 2018-11-30
	// signed by 2018-08-31: no
	// signed by 2018-10-15: undecidable
	// signed by 2018-11-30: yes
}

func ExampleParse_error() {
	_, err := edtf.Parse("2018-02-30")
	fmt.Println(err)
	_, err = edtf.Parse("2015-09-29T16:00")
	fmt.Println(err)
	// Output:
	// parse date "2018-02-30": no day 30 in 2018-02: want 01 to 28
	// parse date "2015-09-29T16:00": want Z or an offset as in -04:00 after the time
}

func ExampleBetween() {
	// In force three months after a signature some day in November 2019.
	signed := edtf.MustParse("2019-11")
	notice := edtf.Period{Months: 3}
	fmt.Println(edtf.Between(signed.Earliest().Add(notice), signed.Latest().Add(notice)))
	fmt.Println(edtf.Between(edtf.DayOf(2020, time.February, 1), edtf.MaxDay))
	// Output:
	// 2020-02
	// [2020-02-01..]
}
