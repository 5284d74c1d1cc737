package front

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/infra/httpapi/problem"
)

// writeTime is how long a client may take to read what is written at once.
const writeTime = time.Minute

// observe gives the request an id, logs it when it is answered, and counts it. It
// logs the path and not the query, which may say whom somebody looks for.
func (c Config) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := c.Now()
		id, n := requestID(r), &note{}
		w.Header().Set("X-Request-Id", id)
		ctx := context.WithValue(problem.WithRequestID(r.Context(), id), noteKey{}, n)
		seen := &recorder{ResponseWriter: w}
		done := c.Figures.begin()
		defer func() {
			took := c.Now().Sub(began)
			done(r.Method, n.route, seen.status(), took)
			c.Logger.LogAttrs(ctx, slog.LevelInfo, "request", slog.String("request_id", id), slog.String("method", r.Method),
				slog.String("path", r.URL.Path), slog.String("route", n.route), slog.Int("status", seen.status()), slog.Int64("bytes", seen.bytes),
				slog.Float64("took_ms", float64(took.Microseconds())/1000), slog.String("who", n.who), slog.String("command_id", n.command))
		}()
		next.ServeHTTP(seen, r.WithContext(ctx))
	})
}

// requestID returns the id that the client or a proxy gave, if it is 8 to 64 of
// letters, digits, point, hyphen and underscore; else a new one.
func requestID(r *http.Request) string {
	given := r.Header.Get("X-Request-Id")
	sane := len(given) >= 8 && len(given) <= 64
	for i := 0; sane && i < len(given); i++ {
		b := given[i]
		sane = b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '.' || b == '-' || b == '_'
	}
	if sane {
		return given
	}
	return uuid.Must(uuid.NewV7()).String() // fails only without randomness, when nothing goes on
}

// recorder remembers what was answered, and gives each write a time of its own.
type recorder struct {
	http.ResponseWriter
	code  int
	bytes int64
}

func (r *recorder) status() int {
	if r.code == 0 {
		return http.StatusOK
	}
	return r.code
}

func (r *recorder) WriteHeader(status int) {
	if r.code == 0 && status >= http.StatusOK {
		r.code = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	if r.code == 0 {
		r.code = http.StatusOK
	}
	_ = http.NewResponseController(r.ResponseWriter).SetWriteDeadline(time.Now().Add(writeTime)) // where there is a connection
	n, err := r.ResponseWriter.Write(p)
	r.bytes += int64(n)
	return n, err
}

// Unwrap is for [http.ResponseController].
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// Flush implements [http.Flusher], which is what compression looks for.
func (r *recorder) Flush() { _ = http.NewResponseController(r.ResponseWriter).Flush() }

// recoverPanics answers a panic as an internal error, and logs where it was. If
// the answer had begun, the connection is cut, so that nobody takes it for whole.
func (c Config) recoverPanics(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(p)
			}
			c.Logger.ErrorContext(r.Context(), "handler panicked", "request_id", problem.RequestID(r.Context()),
				"panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			if seen, ok := w.(*recorder); ok && seen.code != 0 {
				panic(http.ErrAbortHandler)
			}
			problem.Write(w, r, c.Logger, problem.Internal)
		}()
		next.ServeHTTP(w, r)
	})
}
