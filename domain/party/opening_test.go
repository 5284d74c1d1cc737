package party_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/terms"
)

// A party has the name it was registered with also if it is only claimed to
// exist, or if that is contested.
func TestNameOfWhatIsNotCertain(t *testing.T) {
	registered := party.Registered{Kind: "municipality", Name: terms.Text{Lang: "it", Value: "Comune di Ancona"}}
	claimed := registered
	claimed.Status = terms.Claimed
	for name, events := range map[string][]party.Event{
		"claimed":   {claimed},
		"contested": {registered, party.Disputed{Disputed: book.Disputed{Of: 1, Grounds: "there is no such place"}}},
	} {
		t.Run(name, func(t *testing.T) {
			s := party.Decider.Fold(events...)
			require.Equal(t, registered.Name, s.Title())
		})
	}
}
