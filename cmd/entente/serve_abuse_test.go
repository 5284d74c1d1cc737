package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
)

// head returns where the log is.
func (s within) head(t testing.TB) es.Position {
	t.Helper()
	at, err := s.Store().Head(t.Context())
	require.NoError(t, err)
	return at
}

// ask gives a request to the handler. An error is a problem that says what it is,
// and nothing goes wrong inside.
func (s within) ask(t testing.TB, r *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	what := fmt.Sprintf("%s %q %q: %s", r.Method, r.URL, r.Header, w.Body)
	if w.Code != http.StatusServiceUnavailable { // nothing is sealed here
		require.Less(t, w.Code, 500, what)
	}
	if w.Code < 400 || r.Method == http.MethodHead {
		return w
	}
	require.Equal(t, "application/problem+json", w.Header().Get("Content-Type"), what)
	var p map[string]any
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &p), what)
	for _, member := range []string{"type", "title", "status", "detail", "instance", "code", "want", "currentRevision", "errors"} {
		require.Contains(t, p, member, what)
	}
	require.InEpsilon(t, w.Code, p["status"], 0, what)
	return w
}

// request makes a request to localhost of a target that is sent as it is.
func request(method, target, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "http://localhost/", strings.NewReader(body))
	r.Method, r.RequestURI = method, target
	path, query, _ := strings.Cut(target, "?")
	r.URL.RawQuery = query
	if plain, err := url.PathUnescape(path); err == nil {
		r.URL.Path, r.URL.RawPath = plain, path
	}
	return r
}

// nasty are values that nobody means well with.
var nasty = []string{
	"", " ", "\x00", "%", "%zz", "-1", "0", "1e999", "9007199254740993", "99999999999999999999999999", strings.Repeat("a", 5000),
	strings.Repeat("[", 2000), "../../../etc/passwd", "' OR 1=1 --", "\xff\xfe", "null", "{}", "2020-13-45", "0000-00-00", "9999999-01-01/..", "\u202eabc",
	"\u2066a\u2069", "Cafe\u0301", "true&true", ",", ",,,", "*", `"1"`, "party-" + uuid.Nil.String(), "memorandum-" + strings.Repeat("0", 36), "NaN", "-",
}

// operation is one of the description.
type operation struct {
	method, path string
	parameters   []parameter
}

type parameter struct {
	Name, In string
	Required bool
}

// described reads the description that the service gives of itself.
func (s within) described(t testing.TB) []operation {
	t.Helper()
	w := s.ask(t, request("GET", "/openapi.json", ""))
	var doc struct {
		Paths map[string]map[string]struct{ Parameters []parameter }
	}
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &doc))
	var all []operation
	for path, methods := range doc.Paths {
		for method, op := range methods {
			all = append(all, operation{strings.ToUpper(method), path, op.Parameters})
		}
	}
	require.Greater(t, len(all), 100)
	return all
}

// TestEveryParameter gives every parameter of every operation that is described
// what it must not take, one at a time.
func TestEveryParameter(t *testing.T) {
	s := serveWithin(t, filepath.Join(t.TempDir(), "data"), io.Discard)
	before, asked := s.head(t), 0
	for _, op := range s.described(t) {
		for i, p := range op.parameters {
			for j, value := range nasty {
				if op.method == http.MethodPost && (i+j+len(op.path))%8 != 0 {
					continue // commands take the same parameters: one in eight is enough
				}
				r := op.request(p, value)
				if r == nil {
					continue
				}
				s.ask(t, r)
				asked++
			}
		}
	}
	require.Greater(t, asked, 500)
	require.Equal(t, before, s.head(t), "nothing was recorded")
}

// request is one of the operation with a value for one parameter; nil if none such
// can be sent.
func (op operation) request(p parameter, value string) *http.Request {
	path := op.path
	for _, other := range op.parameters {
		given := "memorandum-" + uuid.NewString()
		if other == p {
			given = value
		}
		if other.In == "path" {
			path = strings.ReplaceAll(path, "{"+other.Name+"}", url.PathEscape(given))
		}
	}
	if p.In == "query" {
		path += "?" + url.Values{p.Name: {value}}.Encode()
	}
	r := request(op.method, path, `{"no":"command"}`)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", uuid.NewString())
	r.Header.Set("If-Match", "*")
	if p.In == "header" {
		if strings.ContainsAny(value, "\x00\r\n") {
			return nil // no server passes it on
		}
		r.Header.Set(p.Name, value)
	}
	return r
}

// TestPaths gives paths that try to be another.
func TestPaths(t *testing.T) {
	s := serveWithin(t, filepath.Join(t.TempDir(), "data"), io.Discard)
	before := s.head(t)
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW", "get", "PROPFIND", strings.Repeat("X", 1000)} {
		for _, target := range []string{
			"/", "//", "/v1", "/v1/", "//v1/party", "/v1//party", "/v1/./party", "/v1/../v1/party", "/v1/%2e%2e/party", "/v1/party%2frename", "/v1/party/%00",
			"/v1/party/%00/rename", "/v1/party/%ff%fe/rename", "/v1/party/..%2f..%2fetc/rename", "/tlog/%2e%2e/%2e%2e/events.db", "/tlog/..%2fevents.db",
			"/tlog/tile/0/%2e%2e", "/v1/documents/%2e%2e%2fevents.db", "/v1/documents/", "/errors/%2e%2e", "/errors/http.stale%00", "/docs/../metrics",
			"/v1/party;a=b", "/v1/PARTY", "/v1/party/", "/v1/party?", "/v1/party?%zz", "/v1/party?a;b", "/*", "/debug/pprof/cmdline",
		} {
			w := s.ask(t, request(method, target, ""))
			if method == "GET" || method == "HEAD" || method == "OPTIONS" {
				continue // the errors' pages, and where a path is clean
			}
			require.GreaterOrEqual(t, w.Code, 300, "%s %s", method, target)
		}
	}
	require.Equal(t, before, s.head(t), "nothing was recorded")
}

// FuzzRequest gives the whole handler any request: nothing goes wrong inside, and
// what is refused leaves the ledger as it is.
func FuzzRequest(f *testing.F) {
	f.Add("POST", "/v1/party", "Idempotency-Key", "register-ancona", municipality)
	f.Add("POST", "/v1/batch?dry_run=true", "Content-Type", "application/x-ndjson", `{"command":"party.register"}`+"\n{")
	f.Add("POST", "/v1/party/party-"+uuid.Nil.String()+"/rename", "If-Match", `"1", W/"2"`, `{"name":{"lang":"it","value":"Ancona"}}`)
	f.Add("POST", "/v1/person", "Accept", "application/json;q=0.1", `{"vault":{"name":"Ada"},"commitment":"x"}`)
	f.Add("PUT", "/v1/documents/"+strings.Repeat("0", 64), "Content-Length", "1", "x")
	f.Add("GET", "/v1/register?as_of=2019-..&limit=0&cursor=x", "Prefer", "wait=9", "")
	f.Add("GET", "/tlog/tile/0/x000/000.p/1", "Range", "bytes=0-0,1-1", "")
	f.Add("GET", "/errors/http.stale", "Accept-Encoding", "gzip;q=0", "")
	f.Add("OPTIONS", "//v1/%2e%2e/party", "Origin", "null", "")
	s := serveWithin(f, filepath.Join(f.TempDir(), "data"), io.Discard)
	f.Fuzz(func(t *testing.T, method, target, name, value, body string) {
		if strings.HasPrefix(target, "/debug/") {
			return // it takes seconds by intent
		}
		r := request(method, target, body)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", uuid.NewString())
		r.Header.Set("If-Match", "*")
		r.Header.Set(name, value)
		before := s.head(t)
		if w := s.ask(t, r); w.Code >= 300 {
			require.Equal(t, before, s.head(t))
		}
	})
}

// FuzzBatchLines has lines of a batch read, of which none is recorded.
func FuzzBatchLines(f *testing.F) {
	line := `{"command":"party.register","payload":` + municipality + `}`
	for _, body := range []string{line + "\n", line, line + "\n{\n", "\n", "{}\n{}", line + "\r\n", "\x00\n", `{"command":"party.register","expect":-1}` + "\n"} {
		f.Add([]byte(body))
	}
	s := serveWithin(f, filepath.Join(f.TempDir(), "data"), io.Discard)
	before := s.head(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		r := httptest.NewRequest("POST", "http://localhost/v1/batch?dry_run=true", bytes.NewReader(body))
		r.Header.Set("Content-Type", "application/x-ndjson")
		r.Header.Set("Idempotency-Key", uuid.NewString())
		s.ask(t, r)
		require.Equal(t, before, s.head(t))
	})
}

// TestListIsAnsweredAnew asks for one list again and again: it is as it was until
// something is recorded.
func TestListIsAnsweredAnew(t *testing.T) {
	s := serveWithin(t, demo(t), io.Discard)
	list := func() string { return s.ask(t, request("GET", "/v1/parties?limit=1000", "")).Body.String() }
	first := list()
	require.Equal(t, first, list())
	require.NotContains(t, first, "Comune di Falconara")
	r := request("POST", "/v1/party", strings.Replace(municipality, "Ancona", "Falconara", 1))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", "register-falconara")
	require.Equal(t, 201, s.ask(t, r).Code)
	require.NoError(t, s.runner.CatchUp(t.Context()))
	require.Contains(t, list(), "Comune di Falconara")
}
