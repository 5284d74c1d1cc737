package httpapi_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/infra/httpapi/front"
)

// slow takes nothing of an answer before it is let go.
type slow struct {
	*httptest.ResponseRecorder
	once    sync.Once
	writing *sync.WaitGroup // done when the answer has come
	let     chan struct{}
}

func (s *slow) Write(p []byte) (int, error) {
	s.once.Do(func() {
		s.writing.Done()
		<-s.let
	})
	return s.ResponseRecorder.Write(p)
}

// Files that nobody reads leave readers for those who ask for pages.
func TestSlowFilesAreBounded(t *testing.T) {
	l := newLibrary(t)
	l.catchUp()
	ask := func(path string, w http.ResponseWriter) {
		r := httptest.NewRequest("GET", path, nil)
		l.ServeHTTP(w, r.WithContext(front.WithWho(r.Context(), registrar)))
	}
	let := make(chan struct{})
	var writing, asking sync.WaitGroup
	for range 8 {
		writing.Add(1)
		asking.Go(func() { ask("/v1/events?format=csv", &slow{httptest.NewRecorder(), sync.Once{}, &writing, let}) })
	}
	writing.Wait()
	refused := httptest.NewRecorder()
	ask("/v1/events?format=csv", refused)
	require.Equal(t, http.StatusServiceUnavailable, refused.Code)
	require.Equal(t, "5", refused.Header().Get("Retry-After"))
	page := httptest.NewRecorder()
	ask("/v1/events", page)
	require.Equal(t, http.StatusOK, page.Code)
	close(let)
	asking.Wait()
	again := httptest.NewRecorder()
	ask("/v1/events?format=csv", again)
	require.Equal(t, http.StatusOK, again.Code)
}
