package terms_test

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
)

// What counts from another date than it happened says so.
func ExampleFact_From() {
	signed := terms.Fact{Occurred: edtf.MustParse("2018-10-05")}
	ratified := terms.Fact{Occurred: edtf.MustParse("2019-02"), Effective: edtf.MustParse("2019-03-01")}
	fmt.Println(signed.From(), ratified.From())
	// Output: 2018-10-05 2019-03-01
}

// A reference names a whole stream or one event of it.
func ExampleRef_Target() {
	var decision terms.Ref
	if err := decision.UnmarshalText([]byte("network-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55@7")); err != nil {
		fmt.Println(err)
	}
	fmt.Println(decision.Target())
	// Output: network-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55 7
}
