package httpapi_test

import (
	"context"
	"errors"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/httpapi"
	"github.com/entente-ledger/entente/infra/httpapi/front"
)

// failing is a store that reads its log a number of times, and then no more.
type failing struct {
	es.Store
	left atomic.Int32
}

func (s *failing) ReadAll(ctx context.Context, after es.Position) iter.Seq2[es.Record, error] {
	if s.left.Add(-1) < 0 {
		return func(yield func(es.Record, error) bool) { yield(es.Record{}, errors.New("the disk is gone")) }
	}
	return s.Store.ReadAll(ctx, after)
}

// TestBrokenFilesAreCutOff has the store fail before and within a file.
func TestBrokenFilesAreCutOff(t *testing.T) {
	store := &failing{}
	l := newLibrary(t, func(c *httpapi.Config) {
		store.Store, c.Store = c.Store, store
	})
	var group errgroup.Group
	group.SetLimit(32)
	for range 1200 {
		group.Go(func() error {
			_, err := l.ledger.Do(t.Context(), es.Command{ID: uuid.New(), Name: "party.register", Actor: "clerk", Payload: []byte(ancona)})
			return err
		})
	}
	require.NoError(t, group.Wait())
	l.catchUp()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l.ServeHTTP(w, r.WithContext(front.WithWho(r.Context(), registrar)))
	}))
	defer server.Close()
	get := func(pages int32) (*http.Response, string, error) {
		store.left.Store(pages)
		r, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+"/v1/events?format=csv", nil)
		require.NoError(t, err)
		res, err := server.Client().Do(r)
		require.NoError(t, err)
		text, err := io.ReadAll(res.Body)
		require.NoError(t, res.Body.Close())
		return res, string(text), err
	}
	res, text, err := get(0)
	require.NoError(t, err)
	require.Equal(t, 500, res.StatusCode)
	require.Contains(t, text, "http.internal")
	require.NotContains(t, text, "disk")
	require.Empty(t, res.Header.Get("Content-Disposition"))
	_, text, err = get(1)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF, "nobody takes it for whole")
	require.NotEmpty(t, text)
	_, _, err = get(2)
	require.NoError(t, err)
}
