//go:build e2e

package e2e_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/infra/client"
)

// description is what the tests read of the description of an API.
type description struct {
	Paths      map[string]map[string]operation
	Components struct{ Parameters map[string]parameter }
}

type operation struct{ Parameters []parameter }

type parameter struct {
	Ref    string `json:"$ref"`
	Name   string
	Schema struct{ Enum []string }
}

// formats are those that an operation answers in when it is asked by name.
func (d description) formats(op operation) []string {
	for _, p := range op.Parameters {
		if p.Ref != "" {
			p = d.Components.Parameters[strings.TrimPrefix(p.Ref, "#/components/parameters/")]
		}
		if p.Name == "format" {
			return p.Schema.Enum
		}
	}
	return nil
}

// needs are what some questions cannot be asked without.
var needs = map[string]string{"/v1/search": "q=ancona", "/v1/memorandum/{id}/explain": "field=phase", "/v1/report": "from=2019&to=2020"}

// questions asks every question of the description in every format, about the
// records of the suite and about one that is not there, and as it must not be asked.
func (s *suite) questions(t *testing.T) {
	var doc description
	require.NoError(t, json.Unmarshal(get(t, s.service+"/openapi.json"), &doc))
	asked := 0 // in a format by its name
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		op, ok := doc.Paths[path]["get"]
		if !ok || strings.HasPrefix(path, "/v1/audit/") {
			continue
		}
		t.Run(path, func(t *testing.T) {
			query := "?" + needs[path]
			if strings.HasSuffix(path, "/diff") {
				query = "?from=0"
			}
			at, status := s.about(path)
			s.raw(t, status, "GET", at+query, "")
			s.raw(t, http.StatusBadRequest, "GET", at+query+"&colour=red", "")
			s.raw(t, http.StatusNotAcceptable, "GET", at+query, "", "Accept", "image/png")
			for _, f := range doc.formats(op) {
				asked++
				s.raw(t, status, "GET", at+query+"&format="+f, "")
			}
			if strings.Contains(path, "{") {
				s.raw(t, http.StatusBadRequest, "GET", path[:strings.Index(path, "{")]+"short"+query, "")
			}
		})
	}
	require.Greater(t, asked, 100)
}

// about returns a path with the id of a record in it, and how it is answered: 404
// if the suite has no such record.
func (s *suite) about(path string) (string, int) {
	begin, end := strings.Index(path, "{"), strings.Index(path, "}")
	if begin < 0 {
		return path, http.StatusOK
	}
	kind := strings.Split(path, "/")[2]
	if of := map[string]string{
		"register": "memorandum", "statuschart": "memorandum", "parties": "party", "plans": "actionplan", "roster": "network", "proposals": "proposal",
	}[kind]; of != "" {
		kind = of
	}
	id, status := s.records[kind], http.StatusOK
	switch {
	case kind == "events":
		id = s.event
	case id == "":
		id, status = kind+"-00000000-0000-4000-8000-000000000000", http.StatusNotFound
	}
	return path[:begin] + id + path[end+1:], status
}

// proofs asks for what proves that an event is in the log, as soon as it is sealed.
func (s *suite) proofs(t *testing.T) {
	ctx := t.Context()
	patient, err := client.Open(s.url, client.Options{HTTP: s.judge})
	require.NoError(t, err)
	receipt, err := client.Bytes(patient.AuditReceipt(ctx, s.event))
	require.NoError(t, err)
	require.Contains(t, string(receipt), "c2sp.org/tlog-proof@v1")
	_, err = client.Bytes(patient.AuditEvent(ctx, s.event))
	require.NoError(t, err)
	_, err = client.Bytes(patient.AuditCheckpoint(ctx))
	require.NoError(t, err)
	_, err = client.Bytes(patient.AuditKeys(ctx))
	require.NoError(t, err)
	_, err = client.Bytes(patient.AuditWitnesses(ctx))
	require.NoError(t, err)
	some := 2
	_, err = client.Bytes(patient.AuditConsistency(ctx, &client.AuditConsistencyParams{From: &some}))
	require.NoError(t, err)
	s.raw(t, http.StatusBadRequest, "GET", "/v1/audit/consistency?from=some", "")
	s.raw(t, http.StatusNotFound, "GET", "/v1/audit/checkpoints/1000000", "")
	_, err = client.Bytes(patient.AuditReceipt(ctx, "00000000-0000-4000-8000-000000000000"))
	require.Error(t, err)
}

// typed asks as a program in Go does.
func (s *suite) typed(t *testing.T) {
	ctx, day := t.Context(), "2019-06"
	page, err := client.As[client.Page[client.AnswerAgreement]](s.Register(ctx, &client.RegisterParams{AsOf: &day}))
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	require.Equal(t, "in_force", string(page.Items[0].Phase))
	one, err := client.As[client.AnswerAgreement](s.RegisterOne(ctx, s.records["memorandum"], &client.RegisterOneParams{AsOf: &day}))
	require.NoError(t, err)
	require.Equal(t, page.Items[0], one)
	limit := 2
	events := 0
	for cursor := (*string)(nil); ; {
		p, err := client.As[client.Page[client.AnswerEvent]](s.Events(ctx, &client.EventsParams{Limit: &limit, Cursor: cursor}))
		require.NoError(t, err)
		if events += len(p.Items); p.Next == "" {
			break
		}
		cursor = &p.Next
	}
	require.Greater(t, events, 10)
	tag := s.ask(t, "GET", "/v1/memorandum/"+s.records["memorandum"], "").Header.Get("ETag")
	require.Equal(t, http.StatusNotModified, s.ask(t, "GET", "/v1/memorandum/"+s.records["memorandum"], "", "If-None-Match", tag).StatusCode)
}
