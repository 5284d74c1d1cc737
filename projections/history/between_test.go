package history_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// TestBetween compares the streams of the index with the lines of the log.
func TestBetween(t *testing.T) {
	recorded(t, func(_ *projectiontest.Store, log history.Log) {
		lines, err := log.Range(t.Context(), 0, 0)
		require.NoError(t, err)
		n := uint64(len(lines))
		early, late := lines[n/4], lines[n/2]
		states := []readmodel.At{
			{},
			{Events: 1},
			{Events: n / 2},
			{Events: n + 9},
			{Known: early.Known},
			{Known: late.Known},
			{Recorded: early.Recorded},
			{Recorded: late.Recorded},
			{Known: late.Known, Recorded: early.Recorded, Events: n / 3},
		}
		found := 0
		for _, from := range states {
			for _, to := range states {
				want := map[string]bool{}
				for _, l := range lines {
					held := func(at readmodel.At) bool {
						return (at.Events == 0 || l.Sequence+1 <= at.Events) && (at.Known.IsZero() || l.Known.Compare(at.Known) <= 0) &&
							(at.Recorded.IsZero() || l.Recorded.Compare(at.Recorded) <= 0)
					}
					require.Equal(t, held(to), l.Within(to))
					if held(to) && !held(from) {
						want[l.Stream] = true
					}
				}
				got, err := history.Between(log.Conn, from, to)
				require.NoError(t, err)
				require.Equal(t, slices.Sorted(maps.Keys(want)), got)
				found += len(got)
			}
		}
		require.Positive(t, found)
	})
}
