package client

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// patient sends a request again, if that does nothing twice, until it is answered.
type patient struct {
	to    HttpRequestDoer
	tries uint
}

// mostWait is the longest that a service is waited for between two tries.
const mostWait = time.Minute

// Do implements [HttpRequestDoer].
func (p *patient) Do(r *http.Request) (*http.Response, error) {
	if !repeatable(r) {
		return p.to.Do(r)
	}
	left := p.tries
	return backoff.Retry(r.Context(), func() (*http.Response, error) {
		left--
		one, err := again(r)
		if err != nil {
			return nil, backoff.Permanent(err)
		}
		res, err := p.to.Do(one)
		if err != nil {
			return nil, err
		}
		wait, asked := retryAfter(res)
		if !asked || left == 0 {
			return res, nil
		}
		_, _ = io.Copy(io.Discard, res.Body) // so that the connection is used again
		_ = res.Body.Close()
		return nil, &backoff.RetryAfterError{Duration: wait}
	}, backoff.WithMaxTries(p.tries))
}

// repeatable reports whether a request does the same when it is sent twice, and can
// be sent twice.
func repeatable(r *http.Request) bool {
	safe := r.Method == http.MethodGet || r.Method == http.MethodHead
	keyed := r.Header.Get("Idempotency-Key") != ""
	return safe || keyed && (r.Body == nil || r.GetBody != nil)
}

// again returns the request with a body that was not read yet.
func again(r *http.Request) (*http.Request, error) {
	c := r.Clone(r.Context())
	if r.GetBody != nil {
		body, err := r.GetBody()
		if err != nil {
			return nil, fmt.Errorf("read the body again: %w", err)
		}
		c.Body = body
	}
	return c, nil
}

// retryAfter returns after how long the service asks to be asked again. That a
// record is at another revision is no reason to.
func retryAfter(res *http.Response) (time.Duration, bool) {
	switch res.StatusCode {
	case http.StatusConflict, http.StatusTooManyRequests, http.StatusServiceUnavailable:
	default:
		return 0, false
	}
	seconds, err := strconv.ParseUint(res.Header.Get("Retry-After"), 10, 16)
	wait := time.Duration(seconds) * time.Second
	return wait, err == nil && wait <= mostWait
}
