package httpapi_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/httpapi"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
)

func TestExamplesAreReadByTheStrictDecoder(t *testing.T) {
	for _, kind := range ledger.Aggregates() {
		for _, d := range kind.Commands {
			example := httpapi.Example(kind, d)
			_, err := kind.Parse(d.Name, example)
			require.NoError(t, err, "%s: %s", d.Name, example)
		}
	}
}

// TestEveryCommandIsServed holds the routes against the table of aggregates, and
// the openings against what the ledger says to commands without a stream.
func TestEveryCommandIsServed(t *testing.T) {
	s := newService(t)
	paths := s.Huma().OpenAPI().Paths
	for _, kind := range ledger.Aggregates() {
		if kind.Kind == "ledger" {
			continue
		}
		usual := 0
		for _, d := range kind.Commands {
			verb := strings.TrimPrefix(d.Name, kind.Kind+".")
			if slices.Contains([]string{"proposal.make", "proposal.carry_out", "proposal.fail"}, d.Name) {
				require.NotContains(t, paths, "/v1/proposal/{id}/"+verb, "the service gives it itself")
				usual++ // POST /v1/proposal has a body of its own
				continue
			}
			require.Contains(t, paths, "/v1/"+kind.Kind+"/{id}/"+verb)
			_, collection := paths["/v1/"+kind.Kind+"/"+verb]
			_, err := s.ledger.Do(t.Context(), es.Command{
				ID: uuid.New(), Name: d.Name, Payload: httpapi.Example(kind, d), Actor: "clerk", DryRun: true,
			})
			notThere := err != nil && strings.Contains(err.Error(), kind.Kind+".unknown")
			if collection {
				require.False(t, notThere, "%s opens nothing: %v", d.Name, err)
			} else {
				require.Error(t, err, "%s opens a record, and cannot be given without one", d.Name)
			}
			if p, ok := paths["/v1/"+kind.Kind]; ok && p.Post.Description != "" && collection {
				usual++
			}
		}
		if kind.Kind != "review" {
			require.Contains(t, paths, "/v1/"+kind.Kind)
			require.NotZero(t, usual)
		}
	}
}

func TestDescription(t *testing.T) {
	s := newService(t)
	for path, version := range map[string]string{"/openapi.json": "3.1.0", "/openapi-3.0.json": "3.0.3"} {
		got := s.ask("GET", path, nil, "")
		require.Equal(t, 200, got.status)
		var doc struct {
			OpenAPI string         `json:"openapi"`
			Paths   map[string]any `json:"paths"`
		}
		require.NoError(t, json.Unmarshal([]byte(got.body), &doc))
		require.Equal(t, version, doc.OpenAPI)
		require.Contains(t, doc.Paths, "/v1/memorandum/{id}/sign")
		require.Equal(t, 304, s.ask("GET", path, headers{"If-None-Match": got.header.Get("ETag")}, "").status)
	}
	for _, path := range []string{"/openapi.yaml", "/openapi-3.0.yaml"} {
		got := s.ask("GET", path, nil, "")
		require.Equal(t, 200, got.status)
		require.Equal(t, "application/openapi+yaml", got.header.Get("Content-Type"))
		require.Contains(t, got.body, "/v1/memorandum/{id}/sign")
	}
	ids := map[string]bool{}
	for path, item := range s.Huma().OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Post, item.Put} {
			if op == nil {
				continue
			}
			require.False(t, ids[op.OperationID], op.OperationID)
			ids[op.OperationID] = true
			require.NotEmpty(t, op.Summary, path)
			require.NotEmpty(t, op.Security, path)
			require.Contains(t, op.Responses, "401", path)
		}
	}
}

func TestPages(t *testing.T) {
	s := newService(t)
	foreign := regexp.MustCompile(`(?i)(src|href)="?(https?:)?//|<script|@import`)
	for path, want := range map[string]string{
		"/docs":                 "/v1/memorandum/{id}/sign",
		"/docs/memorandum.sign": "fact.source.locator",
		"/docs/party.open":      "Comune di Ancona",
		"/docs/batch":           "application/x-ndjson",
		"/docs/documents.put":   "application/octet-stream",
		"/errors":               "party.not_linked",
		"/errors/http.stale":    "the record read again",
		"/docs/style.css":       "font",
	} {
		got := s.ask("GET", path, nil, "")
		require.Equal(t, 200, got.status, path)
		require.Contains(t, got.body, want, path)
		require.False(t, foreign.MatchString(got.body), path)
	}
	require.Contains(t, s.ask("GET", "/docs", nil, "").header.Get("Content-Security-Policy"), "default-src 'none'")
	s.ask("GET", "/docs/party.paint", nil, "").problem(t, 404, "http.no_route")
	s.ask("GET", "/errors/no.such_code", nil, "").problem(t, 404, "http.no_route")
}

func TestEveryErrorHasAPage(t *testing.T) {
	s := newService(t)
	codes := []string{"es.conflict", "es.command_reused", "es.bad_text", "es.not_nfc", "es.bad_stream", "es.known_later", "access.denied"}
	for _, own := range problem.Own() {
		require.False(t, slices.Contains(codes, own.Code), "twice: %s", own.Code)
		codes = append(codes, own.Code)
	}
	for _, code := range codes {
		require.Equal(t, 200, s.ask("GET", "/errors/"+code, nil, "").status, code)
	}
}

// unmet are codes in packages beside the ledger that no request meets: those of
// opening their files, and of what only the command line asks.
var unmet = []string{
	"access.bad_expiry", "access.bad_head", "access.bad_identity", "access.bad_limit", "access.bad_options", "access.bad_policy", "access.bad_role",
	"access.bad_scope", "access.bad_subject", "access.entries_missing", "access.entry_changed", "access.foreign", "access.identity_exists",
	"access.newer", "access.db", "vault.db", "access.no_token", "access.record_cut", "access.record_replaced", "document.bad_options",
	"vault.bad_commitment", "vault.bad_id", "vault.bad_options", "vault.foreign", "vault.mismatch", "vault.newer", "vault.unknown",
}

// TestEveryErrorBesideHasAPage reads the codes off the sources of what a request
// can meet beside the ledger.
func TestEveryErrorBesideHasAPage(t *testing.T) {
	s := newService(t)
	code := regexp.MustCompile(`(?:\w\(|Code: |= )"((?:access|vault|document|service)\.[a-z_]+)"`)
	found := 0
	for _, dir := range []string{"../access", "../vault", "../documents", "../service", "front", "."} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		require.NoError(t, err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			for _, m := range code.FindAllStringSubmatch(string(text), -1) {
				if strings.HasSuffix(file, "_test.go") || slices.Contains(unmet, m[1]) {
					continue
				}
				require.Equal(t, 200, s.ask("GET", "/errors/"+m[1], nil, "").status, m[1])
				found++
			}
		}
	}
	require.Greater(t, found, 15)
}
