package httpapi_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/httpapi/front"
)

// TestManyOnOneRecord has 64 clients change one record on what they last saw of
// it: each change that is accepted is there exactly once, and each other one is
// told that it came too late.
func TestManyOnOneRecord(t *testing.T) {
	s := newService(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.ServeHTTP(w, r.WithContext(front.WithWho(r.Context(), access.Identity{ID: "clerk"})))
	}))
	defer server.Close()
	party := s.register()
	type told struct {
		status int
		etag   string
	}
	rename := func(client, match string) told {
		r, err := http.NewRequestWithContext(t.Context(), "POST", server.URL+"/v1/party/"+party+"/rename",
			strings.NewReader(`{"name":{"lang":"it","value":"Ancona `+client+`"}}`))
		if err != nil {
			return told{}
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", uuid.NewString())
		r.Header.Set("If-Match", match)
		res, err := server.Client().Do(r)
		if err != nil {
			return told{}
		}
		_, _ = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
		return told{res.StatusCode, res.Header.Get("ETag")}
	}
	var wg sync.WaitGroup
	all := make(chan told, 64)
	for i := range 64 {
		wg.Go(func() { all <- rename(fmt.Sprint(i), `"1"`) })
	}
	wg.Wait()
	close(all)
	count := map[int]int{}
	for one := range all {
		count[one.status]++
	}
	require.Equal(t, map[int]int{200: 1, 412: 63}, count)

	var accepted sync.Map
	for i := range 64 {
		wg.Go(func() {
			for match := `"2"`; ; {
				got := rename(fmt.Sprint("again ", i), match)
				if got.status == 200 {
					if _, twice := accepted.LoadOrStore(got.etag, i); twice {
						t.Errorf("two changes led to %s", got.etag)
					}
					return
				}
				if got.status != 412 {
					t.Errorf("status %d", got.status)
					return
				}
				at := 0
				for r, err := range s.ledger.Store().ReadStream(t.Context(), party, 0) {
					if err != nil {
						t.Error(err)
						return
					}
					at = int(r.Revision)
				}
				match = fmt.Sprintf("%q", fmt.Sprint(at))
			}
		})
	}
	wg.Wait()
	seen, last := map[string]bool{}, es.Revision(0)
	for r, err := range s.ledger.Store().ReadStream(t.Context(), party, 0) {
		require.NoError(t, err)
		require.False(t, seen[string(r.Data)], "recorded twice: %s", r.Data)
		seen[string(r.Data)], last = true, r.Revision
	}
	require.EqualValues(t, 66, last)
}

// FuzzCommand gives any body and any query: the answer is never an internal error,
// and what is refused leaves the ledger as it is.
func FuzzCommand(f *testing.F) {
	for _, body := range []string{ancona, `{"kind":9007199254740993}`, "{\"a\":\"\u202e\"}", `{"name":{"value":"\u0000"}}`, "", "{", `[[[[`} {
		f.Add(body, "")
		f.Add(body, "dry_run=true&known_at=2020-01-01T00:00:00Z")
	}
	s := newService(f)
	f.Fuzz(func(t *testing.T, body, query string) {
		s.t = t
		before := s.events()
		r := httptest.NewRequest("POST", "/v1/party", strings.NewReader(body))
		r.URL.RawQuery = query
		for name, value := range keyed(uuid.NewString(), "") {
			r.Header.Set(name, value)
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r.WithContext(front.WithWho(r.Context(), access.Identity{ID: "clerk"})))
		require.Less(t, w.Code, 500, w.Body.String())
		if w.Code >= 400 {
			require.Equal(t, before, s.events())
		}
	})
}
