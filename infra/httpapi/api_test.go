package httpapi_test

import (
	"context"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/documents"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
	"github.com/entente-ledger/entente/infra/httpapi"
	"github.com/entente-ledger/entente/infra/httpapi/front"
	"github.com/entente-ledger/entente/infra/tlog"
	"github.com/entente-ledger/entente/infra/vault"
)

// recorder lets everybody record who is not called nobody.
type recorder struct{ *ledger.Ledger }

func (r recorder) Do(ctx context.Context, who access.Identity, cmd es.Command) (es.Result, error) {
	if who.ID == "nobody" {
		return es.Result{}, es.Denied("access.denied", "you may not do this", "somebody else")
	}
	return r.Ledger.Do(ctx, cmd)
}

// allowing allows everything but to nobody.
type allowing struct{}

func (allowing) Allow(_ context.Context, r access.Request) error {
	if r.Who.ID == "nobody" {
		return es.Denied("access.denied", "you may not do this", "somebody else")
	}
	return nil
}

func (allowing) Permits(r access.Request) bool { return r.Who.ID != "nobody" }

func (allowing) Sees(who access.Identity) es.Visibility {
	if who.ID == "nobody" {
		return ""
	}
	return es.Restricted
}

// service is an API over a ledger in a folder, as a test asks it.
type service struct {
	*httpapi.API
	t      testing.TB
	ledger *ledger.Ledger
	dir    string
	who    string
	now    time.Time // if set, instead of the time
}

func newService(t testing.TB, change ...func(*httpapi.Config)) *service {
	t.Helper()
	s := &service{t: t, dir: t.TempDir(), who: "clerk"}
	store, err := embedded.Open(t.Context(), s.dir, embedded.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	s.ledger = openLedger(t, store, ledger.Opening{ID: uuid.New(), Origin: "ledger.example/test", Actor: "clerk"})
	v, err := vault.Open(t.Context(), filepath.Join(s.dir, "vault.db"), nil, vault.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, v.Close()) })
	docs, err := documents.Open(filepath.Join(s.dir, "documents"), documents.Options{})
	require.NoError(t, err)
	cfg := httpapi.Config{
		Recorder: recorder{s.ledger}, Permissions: allowing{}, Store: store, Ledger: s.ledger.ID, Vault: v, Documents: docs,
		Log: tlog.Dir(filepath.Join(s.dir, "tlog")), Version: "test", Logger: slog.New(slog.DiscardHandler), Now: s.time,
	}
	for _, f := range change {
		f(&cfg)
	}
	s.API, err = httpapi.New(cfg)
	require.NoError(t, err)
	return s
}

func (s *service) time() time.Time {
	if !s.now.IsZero() {
		return s.now
	}
	return time.Now()
}

func openLedger(t testing.TB, store es.Store, o ledger.Opening) *ledger.Ledger {
	t.Helper()
	l, err := ledger.Open(t.Context(), store, time.Now, func() [16]byte { return uuid.New() }, o)
	require.NoError(t, err)
	return l
}

type headers map[string]string

// with returns h with other members.
func (h headers) with(name, value string) headers {
	c := maps.Clone(h)
	c[name] = value
	return c
}

// keyed is what a command on a record needs in its header.
func keyed(key, match string) headers {
	h := headers{"Idempotency-Key": key, "Content-Type": "application/json"}
	if match != "" {
		h["If-Match"] = match
	}
	return h
}

// ask sends a request and returns the answer.
func (s *service) ask(method, path string, h headers, body string) answer {
	s.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for name, value := range h {
		r.Header.Set(name, value)
	}
	r = r.WithContext(front.WithWho(r.Context(), access.Identity{ID: s.who}))
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	text, err := io.ReadAll(w.Body)
	require.NoError(s.t, err)
	return answer{w.Code, w.Header(), string(text)}
}

type answer struct {
	status int
	header http.Header
	body   string
}

type problemBody struct {
	Type     string `json:"type"`
	Title    string `json:"title"`
	Status   int    `json:"status"`
	Detail   string `json:"detail"`
	Instance string `json:"instance"`
	Code     string `json:"code"`
	Want     string `json:"want"`
	Current  *int   `json:"currentRevision"`
	Errors   []struct {
		Pointer string `json:"pointer"`
		Message string `json:"message"`
		Want    string `json:"want"`
	} `json:"errors"`
}

// problem checks that an answer is a problem of a status and code.
func (a answer) problem(t testing.TB, status int, code string) problemBody {
	t.Helper()
	require.Equal(t, status, a.status, a.body)
	require.Equal(t, "application/problem+json", a.header.Get("Content-Type"))
	var p problemBody
	require.NoError(t, json.Unmarshal([]byte(a.body), &p))
	require.Equal(t, code, p.Code, a.body)
	require.Equal(t, status, p.Status)
	require.Equal(t, "/errors/"+code, p.Type)
	require.NotEmpty(t, p.Detail)
	return p
}

func (a answer) recorded(t testing.TB, status int) httpapi.Recorded {
	t.Helper()
	require.Equal(t, status, a.status, a.body)
	var r httpapi.Recorded
	require.NoError(t, json.Unmarshal([]byte(a.body), &r))
	return r
}

// events counts what is in the ledger.
func (s *service) events() int {
	n := 0
	for _, err := range ledger.Own(s.ledger.Store().ReadAll(s.t.Context(), 0)) {
		require.NoError(s.t, err)
		n++
	}
	return n
}

const (
	ancona = `{"kind":"municipality","name":{"lang":"it","value":"Comune di Ancona"}}`
	rename = `{"name":{"lang":"it","value":"Città di Ancona"}}`
)

func (s *service) register() string {
	return s.ask("POST", "/v1/party", keyed(uuid.NewString(), ""), ancona).recorded(s.t, 201).Stream
}

func TestCommand(t *testing.T) {
	s := newService(t)
	got := s.ask("POST", "/v1/party", keyed("register-ancona", ""), ancona)
	r := got.recorded(t, 201)
	require.Equal(t, es.NewStream("party", httpapi.CommandID("clerk", "register-ancona")), r.Stream)
	require.Equal(t, "/v1/party/"+r.Stream, got.header.Get("Location"))
	require.Equal(t, `"1"`, got.header.Get("ETag"))
	at, err := httpapi.ParseToken(s.ledger.ID, got.header.Get("Ledger-Position"))
	require.NoError(t, err)
	head, err := s.ledger.Store().Head(t.Context())
	require.NoError(t, err)
	require.Equal(t, head, at)
	require.Equal(t, "party.registered", r.Events[0].Type)
	require.Equal(t, "/v1/audit/receipts/"+r.Events[0].ID.String(), r.Events[0].Receipt)
	meta, err := es.DecodeMeta(r.Events[0].Meta)
	require.NoError(t, err)
	require.Equal(t, "clerk", meta.Actor)

	got = s.ask("POST", "/v1/party/"+r.Stream+"/rename", keyed("rename-ancona", `"1"`), rename)
	require.EqualValues(t, 2, got.recorded(t, 200).Revision)
	require.Equal(t, `"2"`, got.header.Get("ETag"))
	require.Empty(t, got.header.Get("Location"))
	require.Equal(t, 3, s.events())
}
