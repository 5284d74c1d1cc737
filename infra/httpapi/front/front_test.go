package front_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/httpapi/front"
)

// byName authenticates whoever says a name as that.
type byName struct{}

func (byName) Authenticate(_ context.Context, r *http.Request) (access.Identity, error) {
	name := r.Header.Get("Authorization")
	switch name {
	case "":
		return access.Anonymous(), nil
	case "wrong":
		return access.Identity{}, &es.Error{Kind: es.ErrUnauthenticated, Code: "access.bad_token", Message: "this is no token"}
	}
	return access.Identity{ID: name}, nil
}

// logged is a log that a test reads.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// around puts c around a handler, and returns it with what is logged.
func around(t *testing.T, c front.Config, h http.HandlerFunc) (http.Handler, *logged) {
	t.Helper()
	log := &logged{}
	c.Logger, c.Authenticator = slog.New(slog.NewJSONHandler(log, nil)), byName{}
	got, err := c.Around(h)
	require.NoError(t, err)
	return got, log
}

func ask(h http.Handler, r *http.Request, header ...string) *http.Response {
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func get(target string) *http.Request { return httptest.NewRequest("GET", target, nil) }

func hello(w http.ResponseWriter, r *http.Request) {
	_, _ = io.WriteString(w, "hello "+front.Who(r.Context()).ID)
}

// code returns the code of the problem that an answer is.
func code(t *testing.T, res *http.Response) string {
	t.Helper()
	require.Equal(t, "application/problem+json", res.Header.Get("Content-Type"))
	var p struct {
		Code     string `json:"code"`
		Instance string `json:"instance"`
		Status   int    `json:"status"`
	}
	require.NoError(t, json.UnmarshalRead(res.Body, &p))
	require.Equal(t, res.StatusCode, p.Status)
	require.Equal(t, "urn:entente:request:"+res.Header.Get("X-Request-Id"), p.Instance)
	return p.Code
}

func TestRequestID(t *testing.T) {
	h, log := around(t, front.Config{}, hello)
	for given, kept := range map[string]bool{
		"from-the-proxy.1": true, "short": false, strings.Repeat("x", 65): false, "with a space": false, "with\"quote": false, "": false,
	} {
		id := ask(h, get("/"), "X-Request-Id", given).Header.Get("X-Request-Id")
		require.Equal(t, kept, id == given, "%q", given)
		require.GreaterOrEqual(t, len(id), 8)
		require.Contains(t, log.String(), `"request_id":"`+id+`"`)
	}
}

func TestLog(t *testing.T) {
	h, log := around(t, front.Config{}, func(w http.ResponseWriter, r *http.Request) {
		front.NoteRoute(r.Context(), "GET /v1/search")
		front.NoteCommand(r.Context(), "command-7")
		hello(w, r)
	})
	ask(h, get("/v1/search?name=Ada+Example"), "Authorization", "clerk-7", "Cookie", "session=secret")
	var line map[string]any
	require.NoError(t, json.Unmarshal([]byte(log.String()), &line))
	require.Equal(t, "request", line["msg"])
	require.Equal(t, "clerk-7", line["who"])
	require.Equal(t, "command-7", line["command_id"])
	require.Equal(t, "GET /v1/search", line["route"])
	require.InEpsilon(t, 200, line["status"], 0)
	require.NotContains(t, log.String(), "Ada")
	require.NotContains(t, log.String(), "secret")
}

func TestPanic(t *testing.T) {
	h, log := around(t, front.Config{}, func(http.ResponseWriter, *http.Request) { panic("the password is 1234") })
	res := ask(h, get("/"))
	require.Equal(t, 500, res.StatusCode)
	require.Equal(t, "http.internal", code(t, res))
	require.Contains(t, log.String(), "front_test.go")

	h, _ = around(t, front.Config{}, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat("half an answer", 1000))
		_ = http.NewResponseController(w).Flush()
		panic("too late")
	})
	s := httptest.NewServer(h)
	defer s.Close()
	res, err := s.Client().Get(s.URL)
	if err == nil {
		_, err = io.ReadAll(res.Body)
		require.NoError(t, res.Body.Close())
	}
	require.Error(t, err, "the answer must not pass for whole")
}

func TestHeaders(t *testing.T) {
	h, _ := around(t, front.Config{Secure: true}, hello)
	res := ask(h, get("/"))
	require.Equal(t, "nosniff", res.Header.Get("X-Content-Type-Options"))
	require.Equal(t, "DENY", res.Header.Get("X-Frame-Options"))
	require.Contains(t, res.Header.Get("Strict-Transport-Security"), "max-age=")
	h, _ = around(t, front.Config{}, hello)
	require.Empty(t, ask(h, get("/")).Header.Get("Strict-Transport-Security"))
}

func TestCrossOrigin(t *testing.T) {
	h, _ := around(t, front.Config{Origins: []string{"https://www.example.org"}}, hello)
	for origin, may := range map[string]bool{"https://www.example.org": true, "https://evil.example": false, "http://www.example.org": false, "null": false} {
		res := ask(h, get("/"), "Origin", origin)
		require.Equal(t, may, res.Header.Get("Access-Control-Allow-Origin") == origin, origin)
		require.Empty(t, res.Header.Get("Access-Control-Allow-Credentials"))
		require.Contains(t, res.Header.Values("Vary"), "Origin")
		res = ask(h, httptest.NewRequest("OPTIONS", "/", nil), "Origin", origin, "Access-Control-Request-Method", "POST")
		require.Equal(t, may, res.StatusCode == 204, origin)
	}
}

func TestIdentify(t *testing.T) {
	h, _ := around(t, front.Config{Public: func(r *http.Request) bool { return r.URL.Path == "/docs" }}, hello)
	res := ask(h, get("/"), "Authorization", "wrong")
	require.Equal(t, 401, res.StatusCode)
	require.Equal(t, "Bearer", res.Header.Get("WWW-Authenticate"))
	require.Equal(t, "access.bad_token", code(t, res))
	require.Equal(t, 200, ask(h, get("/docs"), "Authorization", "wrong").StatusCode)
	text, err := io.ReadAll(ask(h, get("/"), "Authorization", "clerk").Body)
	require.NoError(t, err)
	require.Equal(t, "hello clerk", string(text))
}

func TestLocal(t *testing.T) {
	l := front.Local{Who: access.Identity{ID: "operator"}}
	for name, c := range map[string]struct {
		host, header, value string
		may                 bool
	}{
		"by_name":              {"localhost:8080", "", "", true},
		"by_address":           {"127.0.0.1:8080", "", "", true},
		"by_address_6":         {"[::1]:8080", "", "", true},
		"its_own_page":         {"localhost:8080", "Sec-Fetch-Site", "same-origin", true},
		"typed_into_a_browser": {"localhost:8080", "Sec-Fetch-Site", "none", true},
		"foreign_name":         {"rebound.example:8080", "", "", false},
		"name_that_begins_so":  {"127.0.0.1.evil.example", "", "", false},
		"foreign_site":         {"localhost:8080", "Sec-Fetch-Site", "cross-site", false},
		"foreign_origin":       {"localhost:8080", "Origin", "https://evil.example", false},
	} {
		t.Run(name, func(t *testing.T) {
			r := get("/")
			r.Host = c.host
			if c.header != "" {
				r.Header.Set(c.header, c.value)
			}
			who, err := l.Authenticate(t.Context(), r)
			if c.may {
				require.NoError(t, err)
				require.Equal(t, "operator", who.ID)
				return
			}
			require.ErrorIs(t, err, es.ErrUnauthenticated)
		})
	}
}

func TestRate(t *testing.T) {
	now := time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	h, _ := around(t, front.Config{Rate: 2, Burst: 3, Now: func() time.Time { return now }}, hello)
	for left := 2; left >= 0; left-- {
		res := ask(h, get("/"), "Authorization", "clerk")
		require.Equal(t, 200, res.StatusCode)
		require.Contains(t, res.Header.Get("RateLimit"), "r="+string(rune('0'+left))+";")
		require.Equal(t, `"requests";q=3;w=2`, res.Header.Get("RateLimit-Policy"))
	}
	res := ask(h, get("/"), "Authorization", "clerk")
	require.Equal(t, 429, res.StatusCode)
	require.Equal(t, "1", res.Header.Get("Retry-After"))
	require.Equal(t, "http.too_many_requests", code(t, res))
	require.Equal(t, 200, ask(h, get("/"), "Authorization", "colleague").StatusCode, "each has a limit of their own")
	now = now.Add(time.Second)
	require.Equal(t, 200, ask(h, get("/"), "Authorization", "clerk").StatusCode)

	t.Run("forgers_by_their_address", func(t *testing.T) {
		var told []error
		h, _ := around(t, front.Config{Rate: 1, Burst: 2, Refused: func(_ context.Context, err error) { told = append(told, err) }}, hello)
		for range 2 {
			require.Equal(t, 401, ask(h, get("/"), "Authorization", "wrong").StatusCode)
		}
		require.Equal(t, 429, ask(h, get("/"), "Authorization", "wrong").StatusCode)
		require.Len(t, told, 2)
		require.ErrorIs(t, told[0], es.ErrUnauthenticated)
	})
	t.Run("strangers_by_their_address", func(t *testing.T) {
		h, _ := around(t, front.Config{Rate: 1, Burst: 1, BehindProxy: true}, hello)
		require.Equal(t, 200, ask(h, get("/"), "X-Forwarded-For", "1.2.3.4, 192.0.2.1").StatusCode)
		require.Equal(t, 429, ask(h, get("/"), "X-Forwarded-For", "5.6.7.8, 192.0.2.1").StatusCode)
		require.Equal(t, 200, ask(h, get("/"), "X-Forwarded-For", "192.0.2.2").StatusCode)
	})
}

func TestConcurrency(t *testing.T) {
	entered, leave := make(chan struct{}, 8), make(chan struct{})
	h, _ := around(t, front.Config{Concurrent: 1, Waiting: 1, Wait: 50 * time.Millisecond}, func(w http.ResponseWriter, r *http.Request) {
		entered <- struct{}{}
		<-leave
		hello(w, r)
	})
	first := make(chan *http.Response)
	go func() { first <- ask(h, get("/")) }()
	<-entered
	res := ask(h, get("/"))
	require.Equal(t, 503, res.StatusCode, "it waited in vain")
	require.Equal(t, "1", res.Header.Get("Retry-After"))
	require.Equal(t, "http.busy", code(t, res))
	close(leave)
	require.Equal(t, 200, (<-first).StatusCode)
	require.Equal(t, 200, ask(h, get("/")).StatusCode)
}

func TestBody(t *testing.T) {
	read := func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			w.WriteHeader(http.StatusTeapot)
		}
	}
	h, _ := around(t, front.Config{MaxBody: func(*http.Request) int64 { return 10 }}, read)
	require.Equal(t, 200, ask(h, httptest.NewRequest("POST", "/", strings.NewReader("0123456789"))).StatusCode)
	res := ask(h, httptest.NewRequest("POST", "/", strings.NewReader("0123456789a")))
	require.Equal(t, 413, res.StatusCode)
	require.Equal(t, "http.too_large", code(t, res))
	r := httptest.NewRequest("POST", "/", io.MultiReader(strings.NewReader("0123456789a"))) // of a length that is not announced
	r.ContentLength = -1
	require.Equal(t, http.StatusTeapot, ask(h, r).StatusCode)
}

func TestCompression(t *testing.T) {
	h, _ := around(t, front.Config{}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `"`+strings.Repeat("a", 5000)+`"`)
	})
	res := ask(h, get("/"), "Accept-Encoding", "gzip")
	require.Equal(t, "gzip", res.Header.Get("Content-Encoding"))
	unzipped, err := gzip.NewReader(res.Body)
	require.NoError(t, err)
	text, err := io.ReadAll(unzipped)
	require.NoError(t, err)
	require.Len(t, text, 5002)
	require.Empty(t, ask(h, get("/")).Header.Get("Content-Encoding"))
}

func TestFigures(t *testing.T) {
	f := front.NewFigures()
	f.Gauge("entente_projection_lag_seconds", "Lag.", map[string]string{"projection": "register"}, func() float64 { return 7 })
	f.Command("party", time.Millisecond, nil)
	f.Command("party", time.Millisecond, es.Rejected("party.not_linked", "no", ""))
	h, _ := around(t, front.Config{Figures: f}, func(w http.ResponseWriter, r *http.Request) {
		front.NoteRoute(r.Context(), "GET /docs")
		hello(w, r)
	})
	ask(h, get("/docs"))
	ask(h, httptest.NewRequest("BREW", "/", nil))
	text, err := io.ReadAll(ask(f.Handler(), get("/metrics")).Body)
	require.NoError(t, err)
	for _, line := range []string{
		`entente_http_requests_total{method="GET",route="GET /docs",status="200"} 1`,
		`entente_http_requests_total{method="other",route="GET /docs",status="200"} 1`,
		`entente_projection_lag_seconds{projection="register"} 7`,
		`entente_command_seconds_count{aggregate="party"} 1`,
		`entente_commands_refused_total{code="party.not_linked"} 1`,
		`entente_http_requests_under_way 0`,
	} {
		require.Contains(t, string(text), line)
	}
}

func TestHealth(t *testing.T) {
	var broken error
	h := front.Ready(slog.New(slog.DiscardHandler), front.Check{Name: "store", OK: func(context.Context) error { return broken }})
	require.Equal(t, 200, ask(h, get("/readyz")).StatusCode)
	broken = io.ErrUnexpectedEOF
	res := ask(h, get("/readyz"))
	require.Equal(t, 503, res.StatusCode)
	text, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.JSONEq(t, `{"checks":[{"name":"store","ok":false}]}`, string(text))
	require.Equal(t, 200, ask(http.HandlerFunc(front.Live), get("/livez")).StatusCode)
}
