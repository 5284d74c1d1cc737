package source_test

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/source"
	"github.com/entente-ledger/entente/domain/terms"
)

// What a source leaves open is not guessed but found.
func Example() {
	page := source.Decider.Fold(
		source.Registered{Description: source.Description{
			Titles: []terms.Text{{Lang: "en", Value: "Pact signed"}}, Kind: "web_page", URL: "https://example.org/pact",
		}},
		source.NoteRecorded{Note: source.Note{
			Kind: "defect", Locator: "line 3", Gist: terms.Text{Lang: "en", Value: "two dates of signature are given"},
		}},
	)
	for _, f := range page.Findings() {
		fmt.Println(f.Code, f.Events, f.Detail)
	}
	// Output:
	// source.no_issuer [1] nobody is named as the issuer
	// source.undated [1] it is not known when the source was issued
	// source.defect [2] the text has a defect: two dates of signature are given
}
