package tabular_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/infra/tabular"
)

// TestMemory reads many rows, which are some 20 MiB, and looks at the heap on the
// way.
func TestMemory(t *testing.T) {
	const allowed = 4 << 20
	for _, c := range []struct {
		name string
		path func(testing.TB, int) string
		rows int
	}{{"csv", asCSV, 100_000}, {"ndjson", asNDJSON, 100_000}, {"xlsx", asXLSX, 25_000}} {
		t.Run(c.name, func(t *testing.T) {
			file := open(t, c.path(t, c.rows), tabular.Options{})
			var first, most uint64
			read := 0
			for row, err := range file.Sheets()[0].Rows(t.Context()) {
				require.NoError(t, err)
				require.NoError(t, row.Err)
				if read++; read%(c.rows/10) == 0 {
					now := heap()
					if first == 0 {
						first = now
					}
					most = max(most, now)
				}
			}
			require.Equal(t, c.rows, read)
			require.Less(t, most-first, uint64(allowed))
		})
	}
}

// heap returns the bytes in use after a collection.
func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
