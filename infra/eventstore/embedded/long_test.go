//go:build long

package embedded_test

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
)

func TestKilledProcessOften(t *testing.T) {
	for _, acks := range []int{1, 50, 3_000} {
		killAndReopen(t, 8, acks)
	}
}

// More streams than any cache holds, in random turns.
func TestManyStreams(t *testing.T) {
	s := open(t, t.TempDir())
	const writers, each = 64, 2_000
	streams := make([][]string, writers)
	var wg sync.WaitGroup
	for round := range es.Revision(3) {
		for w := range writers {
			wg.Go(func() {
				for i := range each {
					if round == 0 {
						streams[w] = append(streams[w], newStream())
					}
					if _, err := s.Append(context.Background(), streams[w][i], round, batch(1)...); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
	}
	seen := map[string]es.Revision{}
	for r, err := range s.ReadAll(context.Background(), 0) {
		require.NoError(t, err)
		require.Equal(t, seen[r.Stream]+1, r.Revision)
		seen[r.Stream]++
	}
	require.Len(t, seen, writers*each)
}
