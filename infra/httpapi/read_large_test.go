package httpapi_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/httpapi/front"
)

// gauge is a client that keeps nothing, and looks at the heap as it reads.
type gauge struct {
	header  http.Header
	bytes   int
	looked  int
	highest uint64
}

func (g *gauge) Header() http.Header { return g.header }
func (g *gauge) WriteHeader(int)     {}

func (g *gauge) Write(p []byte) (int, error) {
	if g.bytes += len(p); g.bytes >= g.looked {
		g.looked = g.bytes + 1<<20
		g.highest = max(g.highest, heap())
	}
	return len(p), nil
}

// heap is how many bytes are in use.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestLargeFilesAreStreamed takes away a list that is much larger than what is held
// of it.
func TestLargeFilesAreStreamed(t *testing.T) {
	const parties, size, most = 2200, 4000, 6 << 20
	l := newLibrary(t)
	var group errgroup.Group
	group.SetLimit(32)
	for i := range parties {
		group.Go(func() error {
			name := fmt.Sprintf("%05d %s", i, strings.Repeat("long ", size/5)) + "name"
			_, err := l.ledger.Do(t.Context(), es.Command{
				ID: uuid.New(), Name: "party.register", Actor: "clerk",
				Payload: []byte(`{"kind":"municipality","name":{"lang":"en","value":"` + name + `"}}`),
			})
			return err
		})
	}
	require.NoError(t, group.Wait())
	l.catchUp()
	for _, format := range []string{"csv", "ndjson"} {
		before := heap()
		g := &gauge{header: http.Header{}}
		r := httptest.NewRequest("GET", "/v1/parties?format="+format, nil)
		l.ServeHTTP(g, r.WithContext(front.WithWho(r.Context(), registrar)))
		require.Greater(t, g.bytes, parties*size)
		require.Less(t, g.highest, before+most, "%s: %d bytes, held at most %d", format, g.bytes, int64(g.highest)-int64(before))
	}
}
