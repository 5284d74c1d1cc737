package httpapi_test

import (
	"context"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/eventstore/rehearsal"
	"github.com/entente-ledger/entente/infra/httpapi"
)

// rehearsing has a service try its batches on a copy of its ledger.
func rehearsing(t *testing.T) *service {
	t.Helper()
	var s *service
	s = newService(t, func(c *httpapi.Config) {
		c.Rehearse = func(ctx context.Context) (httpapi.Recorder, error) {
			store, err := rehearsal.New(ctx, s.ledger.Store())
			if err != nil {
				return nil, err
			}
			return recorder{openLedger(s.t, store, ledger.Opening{})}, nil
		}
	})
	return s
}

func (s *service) batch(key, query string, lines ...string) answer {
	return s.ask("POST", "/v1/batch"+query, keyed(key, "").with("Content-Type", "application/x-ndjson"), strings.Join(lines, "\n")+"\n")
}

func (a answer) lines(t *testing.T) []httpapi.LineResult {
	t.Helper()
	require.Equal(t, 200, a.status, a.body)
	require.Equal(t, "application/x-ndjson", a.header.Get("Content-Type"))
	var all []httpapi.LineResult
	for text := range strings.Lines(a.body) {
		var l httpapi.LineResult
		require.NoError(t, json.Unmarshal([]byte(text), &l))
		all = append(all, l)
	}
	return all
}

func TestBatch(t *testing.T) {
	s := rehearsing(t)
	act := httpapi.CommandID("clerk", "signing-ceremony")
	city := es.NewStream("party", httpapi.LineID(act, 1))
	open := `{"command":"party.register","payload":` + ancona + `}`
	ceremony := []string{
		open,
		`{"command":"party.rename","stream":"` + city + `","expect":1,"payload":` + rename + `}`,
		open,
		`{"command":"party.link","stream":"` + es.NewStream("party", httpapi.LineID(act, 3)) + `","payload":{"to":"` + city + `","reason":"the same city"}}`,
	}
	t.Run("one_line_that_fails_keeps_all_out", func(t *testing.T) {
		got := s.batch("signing-ceremony", "", ceremony[0], ceremony[1], `{"command":"party.paint"}`, `{"command":`)
		p := got.problem(t, 422, "http.batch_refused")
		require.Len(t, p.Errors, 2)
		require.Equal(t, "/2", p.Errors[0].Pointer)
		var body struct {
			Lines []httpapi.LineResult `json:"lines"`
		}
		require.NoError(t, json.Unmarshal([]byte(got.body), &body))
		require.Len(t, body.Lines, 4)
		require.Equal(t, 200, body.Lines[1].Status)
		require.Equal(t, "es.unknown_name", body.Lines[2].Problem.Code)
		require.Equal(t, "http.bad_json", body.Lines[3].Problem.Code)
		require.Equal(t, 1, s.events())
	})
	t.Run("dry_run_tells_the_ids", func(t *testing.T) {
		got := s.batch("another-ceremony", "?dry_run=true", open).lines(t)
		require.Equal(t, es.NewStream("party", httpapi.LineID(httpapi.CommandID("clerk", "another-ceremony"), 1)), got[0].Recorded.Stream)
		require.True(t, got[0].Recorded.DryRun)
		require.Equal(t, 1, s.events())
	})
	t.Run("later_lines_rest_on_earlier_ones", func(t *testing.T) {
		first := s.batch("signing-ceremony", "", ceremony...).lines(t)
		require.Len(t, first, 4)
		require.Equal(t, []int{201, 200, 201, 200}, []int{first[0].Status, first[1].Status, first[2].Status, first[3].Status})
		for _, l := range first {
			m, err := es.DecodeMeta(l.Recorded.Events[0].Meta)
			require.NoError(t, err)
			require.Equal(t, act, m.Correlation)
		}
		at := s.events()
		again := s.batch("signing-ceremony", "", ceremony...).lines(t)
		require.Equal(t, at, s.events())
		for i := range again {
			require.True(t, again[i].Recorded.Repeated)
			require.Equal(t, first[i].Recorded.Events[0].ID, again[i].Recorded.Events[0].ID)
		}
		s.batch("signing-ceremony", "", ceremony[0]).problem(t, 422, "http.key_reused")
	})
	t.Run("a_person", func(t *testing.T) {
		got := s.batch("a-person-in-a-batch", "", `{"command":"person.register","payload":{"vault":{"name":"Ada Example"}}}`).lines(t)
		require.Equal(t, 201, got[0].Status)
		require.NotContains(t, string(got[0].Recorded.Events[0].Data), "Ada")
		again := s.batch("a-person-in-a-batch", "", `{"command":"person.register","payload":{"vault":{"name":"Ada Example"}}}`).lines(t)
		require.True(t, again[0].Recorded.Repeated)
	})
}

func TestBadBatch(t *testing.T) {
	s := rehearsing(t)
	h := keyed(uuid.NewString(), "").with("Content-Type", "application/x-ndjson")
	for name, c := range map[string]struct {
		body, query string
		header      headers
		status      int
		code        string
	}{
		"cut":            {`{"command":"party.register"}`, "", h, 400, "http.bad_batch"},
		"nothing":        {"", "", h, 400, "http.bad_batch"},
		"too_many_lines": {strings.Repeat("{}\n", 1001), "", h, 400, "http.bad_batch"},
		"media_type":     {"{}\n", "", h.with("Content-Type", "application/json"), 415, "http.bad_media_type"},
		"known_for_all":  {"{}\n", "?known_at=2020-01-01T00:00:00Z", h, 400, "http.bad_request"},
		"no_key":         {"{}\n", "", h.with("Idempotency-Key", ""), 400, "http.no_idempotency_key"},
		"empty_line":     {"{}\n\n", "", h, 422, "http.batch_refused"},
		"unknown_member": {`{"comand":"party.register"}` + "\n", "", h, 422, "http.batch_refused"},
		"bad_instant":    {`{"command":"party.register","knownAt":"soon"}` + "\n", "", h, 422, "http.batch_refused"},
	} {
		t.Run(name, func(t *testing.T) {
			s.ask("POST", "/v1/batch"+c.query, c.header, c.body).problem(t, c.status, c.code)
		})
	}
	require.Equal(t, 1, s.events())
}
