package readmodel_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// TestDiff checks that a change applied to what was before gives what is after,
// and touches nothing that stays.
func TestDiff(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfDistinct(rapid.IntRange(0, 12), rapid.ID[int])
		before, after := rows.Draw(t, "before"), rows.Draw(t, "after")
		c := readmodel.Diff(before, after)
		got := slices.DeleteFunc(slices.Clone(before), func(r int) bool { return slices.Contains(c.Closed, r) })
		for _, r := range c.Opened {
			require.NotContains(t, before, r)
		}
		for _, r := range c.Closed {
			require.Contains(t, before, r)
			require.NotContains(t, after, r)
		}
		require.ElementsMatch(t, after, append(got, c.Opened...))
	})
}

func TestCursor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := readmodel.Cursor{Sort: rapid.String().Draw(t, "sort"), Day: rapid.Int64().Draw(t, "day"), Stream: rapid.String().Draw(t, "stream")}
		got, err := readmodel.ParseCursor(c.String())
		require.NoError(t, err)
		require.Equal(t, c, got)
	})
	for _, bad := range []string{"x", "e30x", "!!", "bnVsbA=="} {
		_, err := readmodel.ParseCursor(bad)
		require.ErrorIs(t, err, es.ErrInvalid, bad)
	}
}

func TestAtIsChecked(t *testing.T) {
	require.NoError(t, readmodel.At{}.Check())
	require.ErrorIs(t, readmodel.At{Events: 1 << 63}.Check(), es.ErrInvalid)
	for _, sees := range append(es.Visibility("").Words(), "") {
		require.NoError(t, readmodel.At{Sees: es.Visibility(sees)}.Check())
	}
	nobody := readmodel.At{Sees: "Restricted"}
	require.ErrorIs(t, nobody.Check(), es.ErrInvalid)
	require.Equal(t, readmodel.At{Sees: es.Public}.Shows("x"), nobody.Shows("x"), "what is no visibility sees the least")
}

func TestInstants(t *testing.T) {
	for _, at := range []time.Time{time.Unix(0, 0), time.Date(1, 1, 1, 0, 0, 0, 1000, time.UTC), time.Date(2026, 11, 22, 8, 0, 0, 999_999_000, time.UTC)} {
		require.True(t, at.Equal(readmodel.Instant(readmodel.Micros(at))))
	}
}

func ExampleAt_Clause() {
	fmt.Println(readmodel.At{}.Clause("r"))
	fmt.Println(readmodel.At{Events: 10}.Clause("r"))
	fmt.Println(readmodel.At{Sees: es.Internal}.Clause("r"))
	// Output:
	// (r.seq_to IS NULL AND TRUE)
	// (r.seq_from <= $last AND (r.seq_to IS NULL OR r.seq_to > $last) AND TRUE)
	// (r.seq_to IS NULL AND (SELECT visibility FROM stream WHERE id = r.stream) <= 1)
}
