package front

import (
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/entente-ledger/entente/infra/httpapi/problem"
)

const (
	largeBody = 8 << 20   // bytes beyond which a body has
	largeTime = time.Hour // to arrive
	retry     = "1"       // seconds
)

// limitBody bounds the size of a body and how long it may take to arrive. One that
// is announced to be too large is refused before it is read.
func (c Config) limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		limit := c.MaxBody(r)
		if r.ContentLength > limit {
			problem.Write(w, r, c.Logger, problem.TooLarge.With("Connection", "close"))
			return
		}
		within := c.BodyTime
		if limit > largeBody {
			within = largeTime
		}
		if r.ContentLength != 0 {
			conn := http.NewResponseController(w)
			_ = conn.SetReadDeadline(time.Now().Add(within)) // where there is a connection
			r.Body = &timed{http.MaxBytesReader(w, r.Body, limit), conn}
		}
		next.ServeHTTP(w, r)
	})
}

// timed is a body that lifts the deadline of its connection when all of it has
// arrived. The server goes on reading, to notice when the client goes away, and would
// take a deadline that passes for that.
type timed struct {
	io.ReadCloser
	conn *http.ResponseController
}

func (t *timed) Read(p []byte) (int, error) {
	n, err := t.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) {
		_ = t.conn.SetReadDeadline(time.Time{}) // where there is a connection
	}
	return n, err
}

// limitConcurrency answers a bounded number of requests at a time; a bounded
// number waits, for a bounded time, and the others are told to come back. What is
// public is not counted.
func (c Config) limitConcurrency(next http.Handler) http.Handler {
	running, waiting := make(chan struct{}, c.Concurrent), make(chan struct{}, c.Waiting)
	admit := func(r *http.Request) bool {
		select {
		case running <- struct{}{}:
			return true
		default:
		}
		select {
		case waiting <- struct{}{}:
			defer func() { <-waiting }()
		default:
			return false
		}
		patience := time.NewTimer(c.Wait)
		defer patience.Stop()
		select {
		case running <- struct{}{}:
			return true
		case <-patience.C:
		case <-r.Context().Done():
		}
		return false
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c.Public(r) { // is cheap, and says whether the service is well
			next.ServeHTTP(w, r)
			return
		}
		if !admit(r) {
			problem.Write(w, r, c.Logger, problem.Busy.With("Retry-After", retry))
			return
		}
		defer func() { <-running }()
		next.ServeHTTP(w, r)
	})
}
