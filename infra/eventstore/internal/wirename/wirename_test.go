package wirename_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/infra/eventstore/internal/wirename"
)

func Example() {
	fmt.Println(wirename.Join("memorandum.signed", 1), wirename.Join("memorandum.notified", 2))
	fmt.Println(wirename.Split("memorandum.notified@2"))
	// Output:
	// memorandum.signed memorandum.notified@2
	// memorandum.notified 2
}

func TestJoinAndSplit(t *testing.T) {
	part := rapid.SampledFrom([]string{"a", ".", "@", "0", "1", "2", "12", "-", "+", "@1", "@2"})
	text := rapid.Custom(func(t *rapid.T) (s string) {
		for _, p := range rapid.SliceOfN(part, 0, 6).Draw(t, "parts") {
			s += p
		}
		return s
	})
	t.Run("split_undoes_join", rapid.MakeCheck(func(t *rapid.T) {
		typ, schema := text.Draw(t, "type"), rapid.IntRange(1, 1<<31-1).Draw(t, "schema")
		again, number := wirename.Split(wirename.Join(typ, schema))
		require.Equal(t, typ, again)
		require.Equal(t, schema, number)
	}))
	t.Run("one_name_for_each", rapid.MakeCheck(func(t *rapid.T) {
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		i, j := rapid.IntRange(1, 3).Draw(t, "i"), rapid.IntRange(1, 3).Draw(t, "j")
		if a != b || i != j {
			require.NotEqual(t, wirename.Join(a, i), wirename.Join(b, j))
		}
	}))
}
