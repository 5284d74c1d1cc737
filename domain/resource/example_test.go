package resource_test

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/resource"
	"github.com/entente-ledger/entente/domain/terms"
)

// An archive that is announced is planned, and the announcement that it is
// online does not make it so.
func Example() {
	archive := resource.Decider.Fold(
		resource.Registered{
			Fact:        terms.Fact{Status: terms.Announced},
			Description: resource.Description{Kind: "archive", Titles: []terms.Text{{Lang: "en", Value: "archive of municipal good practices"}}},
		},
		resource.Published{Fact: terms.Fact{Status: terms.Announced, Occurred: edtf.MustParse("2016")}},
	)
	fmt.Println(archive.Title().Value, "is", archive.Phase())
	// Output:
	// archive of municipal good practices is planned
}
