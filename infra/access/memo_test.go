package access_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
)

// TestMemo asks one policy many things, in any order and again, and each also of a
// policy that was asked nothing before: they agree.
func TestMemo(t *testing.T) {
	experienced := byDefault(t)
	words := []string{"", lviv, graz, treaty, "membership", "memorandum.sign"}
	rapid.Check(t, func(t *rapid.T) {
		word := func(label string, words ...string) string { return rapid.SampledFrom(words).Draw(t, label) }
		list := func(label string) []string { return rapid.SliceOfN(rapid.SampledFrom(words), 0, 2).Draw(t, label) }
		r := access.Request{
			Who: access.Identity{
				ID: word("id", "id-1", "id-2"), Roles: []access.Role{access.Role(word("role", access.Role("").Words()...))},
				For: list("for"), Reads: list("reads"),
			},
			Action: access.Action(word("action", access.Action("").Words()...)), Kind: word("kind", "", "memorandum", "source", "membership"),
			Stream: word("stream", "", treaty, lviv), Visibility: es.Visibility(word("visibility", "", "public", "internal", "restricted")),
			Concerns: list("concerns"), Command: word("command", "", "memorandum.sign", "memorandum.terminate", "party.link"),
			Vouched: rapid.Bool().Draw(t, "vouched"), Proposer: word("proposer", "", "id-1"), Alone: rapid.Bool().Draw(t, "alone"),
		}
		fresh, err := access.Default()
		require.NoError(t, err)
		require.Equal(t, fresh.Decide(r), experienced.Decide(r))
		require.Equal(t, fresh.Sees(r.Who), experienced.Sees(r.Who))
	})
}

// TestMemoKnowsAllThatIsAsked fails when a request gets a member of which the memo
// does not know.
func TestMemoKnowsAllThatIsAsked(t *testing.T) {
	require.Equal(t, 10, reflect.TypeFor[access.Request]().NumField(), "see Request.key")
	require.Equal(t, 4+1, reflect.TypeFor[access.Identity]().NumField(), "see Request.key; Until decides nothing")
}
