package httpapi_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/documents"
	"github.com/entente-ledger/entente/infra/httpapi"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
	"github.com/entente-ledger/entente/infra/vault"
)

func TestPerson(t *testing.T) {
	var kept httpapi.Vault
	s := newService(t, func(c *httpapi.Config) { kept = c.Vault })
	ada := `{"vault":{"name":"Ada Example","nameLang":"en","contact":"ada@example.org"}}`
	h := keyed("register-ada", "")
	got := s.ask("POST", "/v1/person", h, ada)
	person := got.recorded(t, 201)
	require.NotContains(t, got.body, "Ada")
	_, id, err := es.ParseStream(person.Stream)
	require.NoError(t, err)
	entry, err := kept.(*vault.Vault).Get(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, "Ada Example", entry.Name)
	opening, err := kept.(*vault.Vault).Opening(t.Context(), id)
	require.NoError(t, err)
	require.Contains(t, string(person.Events[0].Data), opening.Commitment().String())

	require.True(t, s.ask("POST", "/v1/person", h, ada).recorded(t, 201).Repeated)
	s.ask("POST", "/v1/person", h, strings.Replace(ada, "Ada", "Eve", 1)).problem(t, 422, "http.key_reused")
	restarted := &service{API: newAPI(t, s, kept), t: t, ledger: s.ledger, who: "clerk"}
	require.True(t, restarted.ask("POST", "/v1/person", h, ada).recorded(t, 201).Repeated)
	restarted.API = newAPI(t, s, kept)
	restarted.ask("POST", "/v1/person", h, strings.Replace(ada, "Ada", "Eve", 1)).problem(t, 409, "vault.other_entry")

	for name, c := range map[string]struct{ body, code string }{
		"no_name":              {`{"vault":{"name":""}}`, "vault.bad_entry"},
		"unknown_member":       {`{"vault":{"name":"Ada","age":7}}`, "http.bad_request"},
		"commitment_of_others": {`{"vault":{"name":"Ada"},"commitment":"` + strings.Repeat("5e", 32) + `"}`, "http.bad_request"},
	} {
		t.Run(name, func(t *testing.T) {
			got := s.ask("POST", "/v1/person", keyed(uuid.NewString(), ""), c.body)
			got.problem(t, 400, c.code)
			require.NotContains(t, got.body, "Ada")
		})
	}
	t.Run("dry_run_keeps_nothing", func(t *testing.T) {
		would := s.ask("POST", "/v1/person?dry_run=true", keyed("register-nobody", ""), ada).recorded(t, 200)
		_, id, err := es.ParseStream(would.Stream)
		require.NoError(t, err)
		_, err = kept.(*vault.Vault).Get(t.Context(), id)
		require.ErrorIs(t, err, es.ErrNotFound)
	})
	t.Run("erased", func(t *testing.T) {
		at := "/v1/person/" + person.Stream + "/erase"
		s.ask("POST", at, keyed(uuid.NewString(), `"1"`), `{"fact":{"authority":"`+s.register()+`"},"reason":"request"}`).recorded(t, 200)
		_, err := kept.(*vault.Vault).Get(t.Context(), id)
		require.ErrorIs(t, err, &es.Error{Code: vault.CodeErased})
	})
	t.Run("without_a_vault", func(t *testing.T) {
		s := newService(t, func(c *httpapi.Config) { c.Vault = nil })
		s.ask("POST", "/v1/person", h, ada).problem(t, 501, "http.not_kept")
		require.Equal(t, 1, s.events())
	})
}

func TestDocuments(t *testing.T) {
	var kept httpapi.Documents
	s := newService(t, func(c *httpapi.Config) { kept = c.Documents })
	text := "the text of the agreement"
	sum := sha256.Sum256([]byte(text))
	at := "/v1/documents/" + hex.EncodeToString(sum[:])
	for range 2 {
		require.Equal(t, 204, s.ask("PUT", at, nil, text).status)
	}
	f, err := kept.(*documents.Folder).Open(sum)
	require.NoError(t, err)
	got, err := io.ReadAll(f)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	require.Equal(t, text, string(got))

	other := strings.Repeat("5e", 32)
	s.ask("PUT", "/v1/documents/"+other, nil, text).problem(t, 400, "http.other_bytes")
	s.ask("PUT", "/v1/documents/../x", nil, text).problem(t, 404, "http.no_route")
	s.ask("PUT", "/v1/documents/x", nil, text).problem(t, 400, "document.bad_hash")
	for hash, err := range kept.(*documents.Folder).List(t.Context()) {
		require.NoError(t, err)
		require.Equal(t, documents.Hash(sum), hash, "nothing else is kept")
	}
	s.who = "nobody"
	s.ask("PUT", at, nil, text).problem(t, 403, "access.denied")
	s = newService(t, func(c *httpapi.Config) { c.Documents = nil })
	s.ask("PUT", at, nil, text).problem(t, 501, "http.not_kept")
}

func TestTiles(t *testing.T) {
	s := newService(t)
	files := map[string]string{ // and how each is cached
		"checkpoint": "private, no-cache", "log.vkey": "private, no-cache", "keys": "private, no-cache",
		"tile/0/000": "private, max-age=31536000, immutable", "tile/entries/x001/234.p/7": "private, max-age=31536000, immutable",
		"timestamps/12.tsr": "private, max-age=31536000, immutable",
	}
	hidden := []string{".new/draft", "log.key", "tile/0/000~", "position"}
	for name := range files {
		write(t, s.dir, name)
	}
	for _, name := range hidden {
		write(t, s.dir, name)
	}
	for name, cache := range files {
		got := s.ask("GET", "/tlog/"+name, nil, "")
		require.Equal(t, 200, got.status, name)
		require.Equal(t, name, got.body)
		require.Equal(t, cache, got.header.Get("Cache-Control"), name)
	}
	for _, name := range append(hidden, "tile", "tile/0", "tile/0/001", "..%2fevents.db", "checkpoint%00") {
		s.ask("GET", "/tlog/"+name, nil, "").problem(t, 404, "http.no_route")
	}
	s.who = "nobody"
	s.ask("GET", "/tlog/checkpoint", nil, "").problem(t, 403, "access.denied")
	public := newService(t, func(c *httpapi.Config) { c.LogIsPublic = true })
	write(t, public.dir, "checkpoint")
	public.who = "nobody"
	require.Equal(t, "public, no-cache", public.ask("GET", "/tlog/checkpoint", nil, "").header.Get("Cache-Control"))
}

func write(t *testing.T, dir, name string) {
	t.Helper()
	path := filepath.Join(dir, "tlog", filepath.FromSlash(name))
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(name), 0o644))
}

// TestErrorsOfHuma adds an operation as reads are added, and looks at how its
// errors are answered.
func TestErrorsOfHuma(t *testing.T) {
	s := newService(t)
	type input struct {
		Limit int `query:"limit" maximum:"10"`
		Body  struct {
			Kind string `json:"kind" enum:"city,region"`
		}
	}
	type output struct{ Body struct{} }
	var err error
	huma.Register(s.Huma(), huma.Operation{Method: "POST", Path: "/v1/test", OperationID: "test", Extensions: httpapi.Asks(access.Read)},
		func(context.Context, *input) (*output, error) { return &output{}, s.Fail(err) })
	json := headers{"Content-Type": "application/json"}
	t.Run("its_own", func(t *testing.T) {
		p := s.ask("POST", "/v1/test?limit=11", json, `{"kind":"ship"}`).problem(t, 422, "http.bad_request")
		var at []string
		for _, e := range p.Errors {
			at = append(at, e.Pointer)
			require.NotEmpty(t, e.Message)
		}
		require.ElementsMatch(t, []string{"query limit", "/kind"}, at)
		p = s.ask("POST", "/v1/test?lmit=7", json, `{"kind":"city"}`).problem(t, 422, "http.bad_request")
		require.Equal(t, "query lmit", p.Errors[0].Pointer)
		s.ask("POST", "/v1/test", json, `{`).problem(t, 400, "http.bad_request")
		s.ask("POST", "/v1/test", json.with("Accept", "image/png"), `{"kind":"city"}`).problem(t, 406, "http.not_acceptable")
		s.ask("POST", "/v1/test", headers{"Content-Type": "image/png"}, `{"kind":"city"}`).problem(t, 415, "http.bad_media_type")
	})
	for name, c := range map[string]struct {
		err    error
		status int
		code   string
	}{
		"of_the_ledger":  {es.NotFound("party.unknown", "there is no such party"), 404, "party.unknown"},
		"of_the_service": {problem.TooMany.With("Retry-After", "7"), 429, "http.too_many_requests"},
		"internal":       {errors.New("dial tcp 10.0.0.7: refused"), 500, "http.internal"},
		"corrupt":        {&es.Error{Kind: es.ErrCorrupt, Code: "es.bad_meta", Message: "the metadata at /var/lib is damaged"}, 500, "es.bad_meta"},
	} {
		t.Run(name, func(t *testing.T) {
			err = c.err
			got := s.ask("POST", "/v1/test", json, `{"kind":"city"}`)
			got.problem(t, c.status, c.code)
			require.NotContains(t, got.body, "10.0.0.7")
			require.NotContains(t, got.body, "/var/lib")
			if c.status == http.StatusTooManyRequests {
				require.Equal(t, "7", got.header.Get("Retry-After"))
			}
		})
	}
}

// breaking is a recorder that fails as inside.
type breaking struct{}

func (breaking) Do(context.Context, access.Identity, es.Command) (es.Result, error) {
	return es.Result{}, errors.New("open /var/lib/entente/events.db: disk I/O error")
}

func TestNothingInternalLeaks(t *testing.T) {
	s := newService(t, func(c *httpapi.Config) { c.Recorder = breaking{} })
	got := s.ask("POST", "/v1/party", keyed(uuid.NewString(), ""), ancona)
	got.problem(t, 500, "http.internal")
	require.NotContains(t, got.body, "/var/lib")
}

// waiting is a recorder that waits until it is told to go on.
type waiting struct {
	recorder
	entered, leave chan struct{}
}

func (w waiting) Do(ctx context.Context, who access.Identity, cmd es.Command) (es.Result, error) {
	w.entered <- struct{}{}
	<-w.leave
	return w.recorder.Do(ctx, who, cmd)
}

func TestInFlight(t *testing.T) {
	w := waiting{entered: make(chan struct{}), leave: make(chan struct{})}
	s := newService(t, func(c *httpapi.Config) {
		w.recorder = c.Recorder.(recorder)
		c.Recorder = w
	})
	h := keyed("register-ancona", "")
	first := make(chan answer)
	go func() { first <- s.ask("POST", "/v1/party", h, ancona) }()
	<-w.entered
	got := s.ask("POST", "/v1/party", h, ancona)
	got.problem(t, 409, "http.in_flight")
	require.NotEmpty(t, got.header.Get("Retry-After"))
	close(w.leave)
	(<-first).recorded(t, 201)
}
