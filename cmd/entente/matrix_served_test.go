package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/httpapi/front"
)

// recordedParty is a party, and the id of the event that says so.
type recordedParty struct{ stream, event string }

// office is a service in this process, with somebody in each role and a record of
// each kind.
type office struct {
	t       *testing.T
	url     string
	data    string
	sent    map[string]string        // what each sends in Authorization
	of      map[string]string        // record by kind, internal, of the party that one clerk acts for
	parties map[string]recordedParty // by visibility
	sees    func()                   // has the views see what was recorded
}

// servedMatrix serves a ledger that has all that can be asked of one.
func servedMatrix(t *testing.T) (matrix, *office) {
	t.Helper()
	s := &office{t: t, data: filepath.Join(t.TempDir(), "data"), of: map[string]string{}, parties: map[string]recordedParty{}}
	require.NoError(t, os.MkdirAll(s.data, 0o700))
	provider := `{"issuer":"http://127.0.0.1:1","audience":"entente","rolesClaim":"roles","roles":{"desk":"clerk"},` +
		`"login":{"clientId":"browser","secretFile":"","url":"http://localhost","scopes":[]}}`
	require.NoError(t, os.WriteFile(filepath.Join(s.data, "oidc.json"), []byte(provider), 0o600))
	s.sent = people(t, s.data, map[string]access.Grants{
		"registrar": {Roles: []access.Role{access.RoleRegistrar}}, "colleague": {Roles: []access.Role{access.RoleRegistrar}},
	})
	a := &app{data: s.data, out: io.Discard, errs: io.Discard}
	ready, done, stopped := make(chan matrix), make(chan struct{}), make(chan error, 1)
	go func() {
		stopped <- a.with(t.Context(), ledger.Opening{ID: uuid.New(), Origin: "ledger.example/test", Actor: "operator"}, func(l *opened) error {
			h := &host{
				opened: l, options: hosting{anonymous: true}, log: slog.New(slog.DiscardHandler), figures: front.NewFigures(), health: newHealth(), operator: "operator",
			}
			return s.open(t.Context(), h, func(m matrix) {
				ready <- m
				<-done
			})
		})
	}()
	t.Cleanup(func() {
		close(done)
		require.NoError(t, <-stopped)
	})
	select {
	case m := <-ready:
		return m, s
	case err := <-stopped:
		stopped <- err
		require.NoError(t, err)
		return matrix{}, s
	}
}

// open serves until serving returns.
func (s *office) open(ctx context.Context, h *host, serving func(matrix)) error {
	d, err := h.doors(ctx)
	if err != nil {
		return err
	}
	runner, err := h.runner(nil)
	if err != nil {
		return errors.Join(err, d.close())
	}
	s.sees = func() { require.NoError(s.t, runner.CatchUp(ctx)) }
	err = func() error {
		if err := runner.CatchUp(ctx); err != nil {
			return err
		}
		if _, err := h.persons(ctx); err != nil {
			return err
		}
		api, err := h.api(d, noop.NewTracerProvider(), runner)
		if err != nil {
			return err
		}
		handler, err := h.handler(d, noop.NewTracerProvider(), api)
		if err != nil {
			return err
		}
		server := httptest.NewServer(handler)
		defer server.Close()
		s.url = server.URL
		serving(matrix{d.policy, api})
		return nil
	}()
	return errors.Join(err, runner.Close(), d.close())
}

// ask sends a request as somebody, and returns the status, the code of the problem
// if there is one, and the body.
func (s *office) ask(who, method, path, body string, header ...string) (status int, code, text string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	require.NoError(s.t, err)
	if sent := s.sent[who]; sent != "" {
		r.Header.Set("Authorization", sent)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	require.NoError(s.t, err)
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	require.NoError(s.t, err)
	var problem struct {
		Code string `json:"code"`
	}
	_ = json.Unmarshal(answer, &problem)
	return res.StatusCode, problem.Code, string(answer)
}

// do records a command as the registrar, and returns the record.
func (s *office) do(path, body string) string {
	s.t.Helper()
	return s.doAs("registrar", path, body)
}

func (s *office) doAs(who, path, body string) string {
	s.t.Helper()
	status, _, text := s.ask(who, "POST", path, body, "Content-Type", "application/json", "Idempotency-Key", uuid.NewString(), "If-Match", "*")
	require.Less(s.t, status, 300, "%s: %s", path, text)
	return stream(s.t, text)
}

// furnish records something of every kind, and makes somebody in every role.
func (s *office) furnish(m matrix) {
	s.t.Helper()
	titles := `"titles":[{"lang":"en","value":"Port cities"}]`
	for _, v := range es.Visibility("").Words() {
		status, _, text := s.ask("registrar", "POST", "/v1/party", strings.TrimSuffix(municipality, "}")+`,"visibility":"`+v+`"}`,
			"Content-Type", "application/json", "Idempotency-Key", uuid.NewString())
		require.Equal(s.t, 201, status, text)
		var a struct {
			Stream string
			Events []struct{ ID string }
		}
		require.NoError(s.t, json.Unmarshal([]byte(text), &a))
		s.parties[v] = recordedParty{a.Stream, a.Events[0].ID}
	}
	s.of["party"] = s.parties[string(es.Internal)].stream
	s.of["source"] = s.do("/v1/source", `{"description":{"kind":"web_page",`+titles+`}}`)
	party, fact := `{"id":"`+s.of["party"]+`"}`, `"fact":{"occurred":"2019-05","source":{"id":"`+s.of["source"]+`"}}`
	for _, one := range [][3]string{
		{"person", "", `{"vault":{"name":"Ada Example"}}`},
		{"network", "", `{` + fact + `,` + titles + `}`},
		{"memorandum", "", `{` + fact + `,"kind":"agreement","parties":[` + party + `],` + titles + `}`},
		{"actionplan", "", `{` + fact + `,"parties":[` + party + `],` + titles + `}`},
		{"activity", "", `{` + fact + `,"description":{"kind":"meeting",` + titles + `}}`},
	} {
		s.of[one[0]] = s.do("/v1/"+one[0]+one[1], one[2])
	}
	s.of["membership"] = s.do("/v1/membership", `{`+fact+`,"network":"`+s.of["network"]+`","party":`+party+`}`)
	for _, r := range m.api.Routes() {
		name, example := m.command(r)
		kind, _, _ := strings.Cut(name, ".")
		if s.of[kind] != "" || r.Path != "/v1/"+kind || r.Action != access.Record || kind == "" || kind == "batch" {
			continue
		}
		s.of[kind] = s.do(r.Path, strings.ReplaceAll(s.real(example), `"public"`, `"internal"`))
	}
	s.of["review"] = s.do("/v1/review/carry_over", strings.ReplaceAll(s.real(m.example("/v1/review/carry_over")), `"public"`, `"internal"`))
	s.do("/v1/activity/"+s.of["activity"]+"/name_host", `{`+fact+`,"party":`+party+`,"as":"host"}`)
	s.of["proposal"] = s.doAs("colleague", "/v1/proposal", `{"command":"network.dissolve","to":"`+s.of["network"]+`","payload":{`+fact+`},"why":"agreed"}`)
	s.sees()
	grants := map[string]access.Grants{}
	for _, who := range roles() {
		if who.ID == access.AnonymousID || who.ID == "registrar" {
			continue
		}
		g := access.Grants{Roles: who.Roles}
		if len(who.For) > 0 && who.For[0] == own {
			g.For = []string{s.of["party"], s.of["network"]}
		}
		grants[who.ID] = g
	}
	maps.Copy(s.sent, people(s.t, s.data, grants))
}

var exampleID = regexp.MustCompile(`(party|network|person|source|memorandum)-0192d1c4-[0-9a-f-]+`)

// real returns an example that is about the records that there are.
func (s *office) real(example string) string {
	return exampleID.ReplaceAllStringFunc(example, func(id string) string {
		kind, _, _ := strings.Cut(id, "-")
		return s.of[kind]
	})
}
