//go:build e2e

package e2e_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/infra/client"
)

func TestLint(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), tool(t, "redocly"), "lint", "--config", "redocly.yaml", "--format", "json", "../../../docs/openapi.yaml")
	cmd.Env = append(os.Environ(), "REDOCLY_TELEMETRY=off", "REDOCLY_SUPPRESS_UPDATE_NOTICE=true")
	out, err := cmd.Output()
	var found struct {
		Totals struct{ Errors, Warnings, Ignored int }
	}
	require.NoError(t, json.Unmarshal(out, &found), "%s", out)
	require.NoError(t, err, "%s", out)
	require.Zero(t, found.Totals, "%s", out)
}

// TestAsDescribed records a whole agreement through the proxy, reads it, and is
// refused in every way that can be brought about.
func TestAsDescribed(t *testing.T) {
	exe := build(t)
	s := newSuite(t, serve(t, exe, filepath.Join(t.TempDir(), "data")))
	s.agreement()
	t.Run("questions", s.questions)
	t.Run("proofs", s.proofs)
	t.Run("typed", s.typed)
	t.Run("batch", s.batch)
	t.Run("refused", s.refused)
	t.Run("identities", func(t *testing.T) { identities(t, exe) })
	t.Run("proxy_finds_what_is_not_described", func(t *testing.T) {
		other := strings.ReplaceAll(string(get(t, s.service+"/openapi.json")), `"repeated":{`, `"again":{`)
		var found []string
		judge := &judged{func(what string) { found = append(found, what) }}
		c, err := client.Open(between(t, s.service, []byte(other)), client.Options{HTTP: judge})
		require.NoError(t, err)
		_, err = c.Do(t.Context(), client.Command{Says: client.PartyRegister{Kind: client.PartyRegisterKindMunicipality, Name: text("it", "Ancona")}})
		require.NoError(t, err)
		require.NotEmpty(t, found)
	})
}

// suite asks a service through the proxy.
type suite struct {
	*client.Client
	t     *testing.T
	url   string
	judge *judged
	at    map[string]int // revisions of records

	service string            // its URL, without the proxy
	records map[string]string // the last of each kind
	event   string            // the id of the last event
}

func newSuite(t *testing.T, service string) *suite {
	t.Helper()
	s := &suite{
		t: t, url: between(t, service, get(t, service+"/openapi.json")), judge: &judged{func(what string) { t.Error(what) }},
		at: map[string]int{}, service: service, records: map[string]string{},
	}
	var err error
	s.Client, err = client.Open(s.url, client.Options{HTTP: s.judge, Tries: 1})
	require.NoError(t, err)
	return s
}

// do gives a command on the revision that its record is at, and returns the record.
func (s *suite) do(says client.Says, stream string) string {
	s.t.Helper()
	done, err := s.Do(s.t.Context(), client.Command{Says: says, Stream: stream, On: s.at[stream]})
	require.NoError(s.t, err, says.Command())
	s.at[done.Stream] = done.Revision
	kind, _, _ := strings.Cut(done.Stream, "-")
	s.records[kind], s.event = done.Stream, done.Events[len(done.Events)-1].Id.String()
	return done.Stream
}

func text(lang, value string) client.Text { return client.Text{Lang: lang, Value: value} }

func on(day string) client.Fact { return client.Fact{Occurred: day} }

const file = "Memorandum of understanding between Ancona and Ikoma"

// agreement records what two cities agreed on, with all that it rests on.
func (s *suite) agreement() {
	t := s.t
	ancona := s.do(client.PartyRegister{Kind: client.PartyRegisterKindMunicipality, Name: text("it", "Comune di Ancona"), Country: "IT"}, "")
	ikoma := s.do(client.PartyRegister{Kind: client.PartyRegisterKindMunicipality, Name: text("ja", "生駒市"), Country: "JP"}, "")
	s.do(client.PartyRename{Name: text("it", "Città di Ancona"), Fact: on("2019")}, ancona)
	var registered client.SourceRegister
	registered.Description.Titles = []client.Text{text("en", "Text of the memorandum")}
	registered.Description.Kind = client.SourceRegisterDescriptionKindWebPage
	source := s.do(registered, "")
	sum := sha256.Sum256([]byte(file))
	hash := hex.EncodeToString(sum[:])
	require.NoError(t, s.Keep(t.Context(), hash, strings.NewReader(file)))
	var attached client.SourceAttachFile
	attached.File.Name, attached.File.Hash, attached.File.MediaType, attached.File.Size = "mou.txt", hash, "text/plain", len(file)
	s.do(attached, source)
	var ada client.PersonRegister
	ada.Vault.Name = "Ada Example"
	s.do(ada, "")

	both := []client.PartyRef{{Id: ancona}, {Id: ikoma}}
	draft := client.MemorandumDraft{Kind: client.MemorandumDraftKindMou, Titles: []client.Text{text("en", "Ancona and Ikoma")}, Parties: both, Fact: on("2019-03-01")}
	draft.Terms.Entry.All, draft.Terms.Duration, draft.Terms.Consent = true, "P5Y", client.MemorandumDraftTermsConsentSignature
	dry, err := s.Do(t.Context(), client.Command{Says: draft, DryRun: true})
	require.NoError(t, err)
	require.True(t, dry.DryRun)
	memorandum := s.do(draft, "")
	s.do(client.MemorandumAdopt{Fact: on("2019-04")}, memorandum)
	s.do(client.MemorandumOpenForSignature{Fact: on("2019-05-01")}, memorandum)
	for _, p := range both {
		s.do(client.MemorandumSign{Party: p, Fact: on("2019-05-02")}, memorandum)
	}
}

// batch registers two parties as one act, and is refused another one as a whole.
func (s *suite) batch(t *testing.T) {
	lines := strings.Repeat(`{"command":"party.register","payload":`+someCity+"}\n", 2)
	got := s.raw(t, http.StatusOK, "POST", "/v1/batch", lines, "Content-Type", "application/x-ndjson", "Idempotency-Key", uuid.NewString())
	require.Equal(t, 2, strings.Count(got, `"status":201`))
	got = s.raw(t, http.StatusUnprocessableEntity, "POST", "/v1/batch", lines+`{"command":"party.fly"}`+"\n",
		"Content-Type", "application/x-ndjson", "Idempotency-Key", uuid.NewString())
	require.Contains(t, got, "http.batch_refused")
}

const someCity = `{"kind":"municipality","name":{"lang":"it","value":"Comune di Ancona"}}`

// refused asks for what cannot be had.
func (s *suite) refused(t *testing.T) {
	const media = "application/json"
	rename := "/v1/party/" + s.records["party"] + "/rename"
	for name, one := range map[string]struct {
		status     int
		path, body string
		header     []string
	}{
		"no_key":            {400, "/v1/party", someCity, []string{"Content-Type", media}},
		"unknown_member":    {400, "/v1/party", `{"colour":"red"}`, []string{"Content-Type", media, "Idempotency-Key", uuid.NewString()}},
		"unknown_parameter": {400, "/v1/party?dry=true", someCity, []string{"Content-Type", media, "Idempotency-Key", uuid.NewString()}},
		"no_record":         {404, "/v1/party/party-" + uuid.NewString() + "/rename", `{"name":{"lang":"it","value":"A"}}`, []string{"Content-Type", media, "Idempotency-Key", uuid.NewString(), "If-Match", `"1"`}},
		"no_format":         {406, "/v1/party", someCity, []string{"Content-Type", media, "Idempotency-Key", uuid.NewString(), "Accept", "image/png"}},
		"stale":             {412, rename, `{"name":{"lang":"it","value":"A"}}`, []string{"Content-Type", media, "Idempotency-Key", uuid.NewString(), "If-Match", `"1"`}},
		"too_large":         {413, "/v1/party", `{"kind":"` + strings.Repeat("x", 2<<20) + `"}`, []string{"Content-Type", media, "Idempotency-Key", uuid.NewString()}},
		"no_media_type":     {415, "/v1/party", someCity, []string{"Content-Type", "text/plain", "Idempotency-Key", uuid.NewString()}},
		"against_a_rule":    {422, "/v1/memorandum/" + s.records["memorandum"] + "/sign", `{"party":{"id":"party-00000000-0000-4000-8000-000000000000"}}`, []string{"Content-Type", media, "Idempotency-Key", uuid.NewString(), "If-Match", "*"}},
		"no_revision":       {428, rename, `{"name":{"lang":"it","value":"A"}}`, []string{"Content-Type", media, "Idempotency-Key", uuid.NewString()}},
	} {
		t.Run(name, func(t *testing.T) { s.raw(t, one.status, "POST", one.path, one.body, one.header...) })
	}
}

// ask sends a request as it is.
func (s *suite) ask(t *testing.T, method, path, body string, header ...string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
	require.NoError(t, err)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := s.judge.Do(r)
	require.NoError(t, err)
	t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

// raw sends a request as it is, and checks the status of what is answered.
func (s *suite) raw(t *testing.T, status int, method, path, body string, header ...string) string {
	t.Helper()
	got, err := client.Bytes(s.ask(t, method, path, body, header...), nil)
	if status < http.StatusBadRequest {
		require.NoError(t, err)
		return string(got)
	}
	refused, ok := errors.AsType[*client.Refused](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, status, refused.Status, "%s", err)
	return err.Error()
}

// identities asks a service that knows who is who: without a token, with one of
// somebody who may read only, and too often.
func identities(t *testing.T, exe string) {
	data := filepath.Join(t.TempDir(), "data")
	run := func(args ...string) []byte {
		out, err := exec.CommandContext(t.Context(), exe, append(args, "--json", "--actor", "clerk-7", "--data", data)...).Output()
		require.NoError(t, err, "%s", out)
		return out
	}
	run("do", `{"command":"party.register","payload":`+someCity+`}`)
	var made struct{ Token string }
	require.NoError(t, json.Unmarshal(run("token", "create", "--name", "Reader", "--role", "reader"), &made))
	s := newSuite(t, serve(t, exe, data, "--rate", "10"))
	bearer := []string{"Authorization", "Bearer " + made.Token}
	command := []string{"Content-Type", "application/json", "Idempotency-Key", uuid.NewString()}
	s.raw(t, http.StatusUnauthorized, "POST", "/v1/party", someCity, command...)
	s.raw(t, http.StatusUnauthorized, "GET", "/v1/parties", "", "Authorization", "Bearer none")
	s.raw(t, http.StatusForbidden, "POST", "/v1/party", someCity, append(command, bearer...)...)
	s.raw(t, http.StatusOK, "GET", "/v1/parties", "", bearer...)
	require.Eventually(t, func() bool {
		return s.ask(t, "GET", "/v1/parties", "", bearer...).StatusCode == http.StatusTooManyRequests
	}, time.Minute, time.Millisecond, "whoever asks all the time is told to wait")
}
