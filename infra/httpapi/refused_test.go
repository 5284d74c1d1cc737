package httpapi_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/httpapi"
)

// TestStrictBody gives bodies that must not reach the ledger.
func TestStrictBody(t *testing.T) {
	s := newService(t)
	named := func(name string) string {
		return `{"kind":"municipality","name":{"lang":"it","value":` + name + `}}`
	}
	for name, c := range map[string]struct{ body, code, pointer string }{
		"no_json":             {`{"kind":`, "http.bad_json", ""},
		"two_objects":         {ancona + ancona, "http.bad_json", ""},
		"an_array":            {"[]", "http.bad_json", ""},
		"null":                {"null", "http.bad_json", ""},
		"only_space":          {"  ", "http.bad_json", ""},
		"duplicate_member":    {`{"kind":"municipality","kind":"region"}`, "http.bad_json", "/kind"},
		"invalid_utf8":        {named("\"a\xff\""), "http.bad_json", "/name/value"},
		"lone_surrogate":      {named(`"\ud800"`), "http.bad_json", "/name/value"},
		"escaped_nul":         {named(`"a\u0000b"`), "es.bad_text", "/name/value"},
		"bidi_override":       {named("\"a\u202eb\""), "es.bad_text", "/name/value"},
		"escaped_isolate":     {named(`"a\u2066b"`), "es.bad_text", "/name/value"},
		"not_composed":        {named("\"Cafe\u0301\""), "es.not_nfc", "/name/value"},
		"unknown_member":      {`{"kinds":"municipality"}`, "es.bad_input", "/kinds"},
		"wrongly_cased":       {`{"Kind":"municipality"}`, "es.bad_input", "/Kind"},
		"number_for_text":     {`{"kind":7}`, "es.bad_input", "/kind"},
		"too_big_a_number":    {`{"kind":9007199254740993}`, "http.big_number", "/kind"},
		"endless_number":      {`{"kind":1e999}`, "http.big_number", "/kind"},
		"nested":              {`{"kind":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`, "http.too_deep", "/kind" + strings.Repeat("/0", 31)},
		"nested_beyond_sense": {`{"kind":` + strings.Repeat("[", 100_000), "http.too_deep", "/kind" + strings.Repeat("/0", 31)},
	} {
		t.Run(name, func(t *testing.T) {
			got := s.ask("POST", "/v1/party", keyed(uuid.NewString(), ""), c.body).problem(t, 400, c.code)
			if c.pointer == "" {
				return
			}
			require.Len(t, got.Errors, 1)
			require.Equal(t, c.pointer, got.Errors[0].Pointer)
		})
	}
	require.Equal(t, 1, s.events())
	t.Run("what_arabic_needs_is_kept", func(t *testing.T) {
		s.ask("POST", "/v1/party", keyed(uuid.NewString(), ""), named("\"می\u200cخواهم\u200f\"")).recorded(t, 201)
	})
}

// TestRequest gives requests that are wrong about something else than the body.
func TestRequest(t *testing.T) {
	s := newService(t)
	party := s.register()
	at := "/v1/party/" + party + "/rename"
	full := keyed("a-key-of-its-own", `"1"`)
	without := func(name string) headers {
		h := full.with("X", "")
		delete(h, name)
		return h
	}
	for name, c := range map[string]struct {
		path   string
		header headers
		status int
		code   string
	}{
		"no_key":            {at, without("Idempotency-Key"), 400, "http.no_idempotency_key"},
		"short_key":         {at, full.with("Idempotency-Key", "1234567"), 400, "http.no_idempotency_key"},
		"long_key":          {at, full.with("Idempotency-Key", strings.Repeat("k", 256)), 400, "http.no_idempotency_key"},
		"key_with_a_space":  {at, full.with("Idempotency-Key", "12345 678"), 400, "http.no_idempotency_key"},
		"key_beyond_ascii":  {at, full.with("Idempotency-Key", "12345678é"), 400, "http.no_idempotency_key"},
		"no_match":          {at, without("If-Match"), 428, "http.no_if_match"},
		"no_tag":            {at, full.with("If-Match", "1"), 400, "http.bad_request"},
		"stale":             {at, full.with("If-Match", `"7"`), 412, "http.stale"},
		"weak_tag":          {at, full.with("If-Match", `W/"1"`), 412, "http.stale"},
		"foreign_tag":       {at, full.with("If-Match", `"abc"`), 412, "http.stale"},
		"padded_tag":        {at, full.with("If-Match", `"01"`), 412, "http.stale"},
		"several_stale":     {at, full.with("If-Match", `"3", "4"`), 412, "http.stale"},
		"no_media_type":     {at, without("Content-Type"), 415, "http.bad_media_type"},
		"other_media_type":  {at, full.with("Content-Type", "text/plain"), 415, "http.bad_media_type"},
		"other_charset":     {at, full.with("Content-Type", "application/json; charset=latin1"), 415, "http.bad_media_type"},
		"encoded":           {at, full.with("Content-Encoding", "gzip"), 415, "http.bad_media_type"},
		"misspelt_query":    {at + "?dryrun=true", full, 400, "http.bad_request"},
		"query_twice":       {at + "?dry_run=true&dry_run=false", full, 400, "http.bad_request"},
		"bad_query":         {at + "?dry_run=perhaps", full, 400, "http.bad_request"},
		"bad_known":         {at + "?known_at=yesterday", full, 400, "http.bad_request"},
		"known_in_future":   {at + "?known_at=2999-01-01T00:00:00Z", full.with("Idempotency-Key", "later-than-now"), 400, "es.known_later"},
		"no_such_record":    {"/v1/party/party-" + uuid.NewString() + "/rename", full, 404, "http.no_record"},
		"any_of_none":       {"/v1/party/party-" + uuid.NewString() + "/rename", full.with("If-Match", "*"), 404, "party.unknown"},
		"no_id":             {"/v1/party/ancona/rename", full, 400, "es.bad_stream"},
		"id_of_another":     {"/v1/party/person-" + uuid.NewString() + "/rename", full, 400, "es.wrong_stream"},
		"accepts_no_json":   {at, full.with("Accept", "image/png, text/*;q=0.5"), 406, "http.not_acceptable"},
		"no_such_command":   {"/v1/party/" + party + "/paint", full, 404, "http.no_route"},
		"no_such_aggregate": {"/v1/ship", full, 404, "http.no_route"},
	} {
		t.Run(name, func(t *testing.T) {
			h := c.header
			if h["Idempotency-Key"] == full["Idempotency-Key"] {
				h = h.with("Idempotency-Key", uuid.NewString())
			}
			got := s.ask("POST", c.path, h, rename).problem(t, c.status, c.code)
			if c.status == 412 {
				require.NotNil(t, got.Current)
				require.Equal(t, 1, *got.Current)
			}
		})
	}
	t.Run("method", func(t *testing.T) {
		got := s.ask("DELETE", at, full, "")
		got.problem(t, 405, "http.bad_method")
		require.Contains(t, got.header.Get("Allow"), "POST")
	})
	t.Run("denied", func(t *testing.T) {
		s.who = "nobody"
		s.ask("POST", at, full, rename).problem(t, 403, "access.denied")
		s.who = "clerk"
	})
	require.Equal(t, 2, s.events(), "nothing of it was recorded")
	t.Run("any_that_is_there", func(t *testing.T) {
		s.ask("POST", at, full.with("If-Match", "*"), rename).recorded(t, 200)
	})
	t.Run("one_of_several_tags", func(t *testing.T) {
		h := keyed(uuid.NewString(), `"1", "2"`)
		require.EqualValues(t, 3, s.ask("POST", at, h, `{"name":{"lang":"it","value":"Ancona"}}`).recorded(t, 200).Revision)
	})
}

func TestIdempotency(t *testing.T) {
	s := newService(t)
	h := keyed("register-ancona", "")
	first := s.ask("POST", "/v1/party", h, ancona)
	require.Empty(t, first.header.Get("Idempotency-Replayed"))
	party := first.recorded(t, 201).Stream

	again := func(t *testing.T, s *service) {
		t.Helper()
		got := s.ask("POST", "/v1/party", h, ancona)
		require.Equal(t, "true", got.header.Get("Idempotency-Replayed"))
		require.Equal(t, first.header.Get("Etag"), got.header.Get("Etag"))
		require.Equal(t, first.header.Get("Location"), got.header.Get("Location"))
		a, b := first.recorded(t, 201), got.recorded(t, 201)
		b.Repeated = false
		require.Equal(t, a, b)
	}
	t.Run("same_again", func(t *testing.T) { again(t, s) })
	t.Run("same_again_before_if_match", func(t *testing.T) {
		at, h := "/v1/party/"+party+"/rename", keyed("rename-it", `"1"`)
		s.ask("POST", at, h, rename).recorded(t, 200)
		got := s.ask("POST", at, h, rename)
		require.True(t, got.recorded(t, 200).Repeated, "the record has moved on")
		require.Equal(t, "true", got.header.Get("Idempotency-Replayed"))
	})
	t.Run("same_again_with_other_white_space_and_order_of_members", func(t *testing.T) {
		got := s.ask("POST", "/v1/party", h, ` {"name":{"value":"Comune di Ancona","lang":"it"},  "kind":"municipality"}`)
		require.True(t, got.recorded(t, 201).Repeated)
	})
	t.Run("another_body", func(t *testing.T) {
		s.ask("POST", "/v1/party", h, strings.Replace(ancona, "Ancona", "Bari", 1)).problem(t, 422, "http.key_reused")
	})
	t.Run("another_command", func(t *testing.T) {
		s.ask("POST", "/v1/party/"+party+"/rename", h.with("If-Match", "*"), rename).problem(t, 422, "http.key_reused")
	})
	t.Run("another_identity", func(t *testing.T) {
		s.who = "colleague"
		require.NotEqual(t, party, s.ask("POST", "/v1/party", h, ancona).recorded(t, 201).Stream)
		s.who = "clerk"
	})
	t.Run("after_a_restart", func(t *testing.T) {
		restarted := &service{API: newAPI(t, s), t: t, ledger: s.ledger, who: "clerk"}
		again(t, restarted)
		restarted.API = newAPI(t, s)
		restarted.ask("POST", "/v1/party", h, strings.Replace(ancona, "Ancona", "Bari", 1)).problem(t, 422, "es.command_reused")
	})
}

// newAPI returns another API on the ledger of s, which remembers nothing.
func newAPI(t *testing.T, s *service, v ...httpapi.Vault) *httpapi.API {
	t.Helper()
	var kept httpapi.Config
	newService(t, func(c *httpapi.Config) { kept = *c })
	kept.Recorder, kept.Store, kept.Ledger = recorder{s.ledger}, s.ledger.Store(), s.ledger.ID
	if len(v) > 0 {
		kept.Vault = v[0]
	}
	a, err := httpapi.New(kept)
	require.NoError(t, err)
	return a
}

func TestRefusalsAreKeptForADay(t *testing.T) {
	s := newService(t)
	s.now = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	h := keyed("link-nowhere", `*`)
	party, other := s.register(), es.NewStream("party", httpapi.CommandID("clerk", "not-yet-there"))
	at, body := "/v1/party/"+party+"/link", `{"to":"`+other+`","reason":"the same city"}`
	refused := s.ask("POST", at, h, body)
	code := refused.problem(t, 422, "ledger.unknown_reference").Code
	s.ask("POST", "/v1/party", keyed("not-yet-there", ""), ancona).recorded(t, 201)

	s.now = s.now.Add(23 * time.Hour)
	again := s.ask("POST", at, h, body)
	again.problem(t, 422, code)
	require.Equal(t, "true", again.header.Get("Idempotency-Replayed"))

	s.now = s.now.Add(2 * time.Hour)
	s.ask("POST", at, h, body).recorded(t, 200)
}

func TestDryRun(t *testing.T) {
	s := newService(t)
	h := keyed("register-ancona", "")
	got := s.ask("POST", "/v1/party?dry_run=true", h, ancona)
	would := got.recorded(t, 200)
	require.True(t, would.DryRun)
	require.Len(t, would.Events, 1)
	require.Empty(t, would.Events[0].Receipt)
	require.Empty(t, got.header.Get("ETag"))
	require.Equal(t, 1, s.events())
	require.Equal(t, would.Stream, s.ask("POST", "/v1/party", h, ancona).recorded(t, 201).Stream)
}

func TestKnownAtAndCorrelation(t *testing.T) {
	s := newService(t)
	act := uuid.New()
	r := s.ask("POST", "/v1/party?known_at=2020-05-01T12:00:00%2B02:00&correlation="+act.String(), keyed(uuid.NewString(), ""), ancona).recorded(t, 201)
	m, err := es.DecodeMeta(r.Events[0].Meta)
	require.NoError(t, err)
	require.Equal(t, time.Date(2020, time.May, 1, 10, 0, 0, 0, time.UTC), m.KnownAt)
	require.Equal(t, act, m.Correlation)
}
