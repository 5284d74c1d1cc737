package main

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/httpapi"
)

// call calls a route as somebody, and returns the cells of the matrix that the
// answer agrees with.
func (s *office) call(m matrix, r httpapi.Route, who access.Identity) (cells []string, said string) {
	switch {
	case r.ID == "batch":
		return s.callBatch(who)
	case r.ID == "documents.put":
		hash := sha256.Sum256([]byte("a text"))
		status, code, text := s.ask(who.ID, r.Method, "/v1/documents/"+hex.EncodeToString(hash[:]), "a text")
		return s.outcome(who, status, code), text
	case r.Action == access.Record || r.Action == access.Propose || r.Action == access.Approve:
		return s.callCommand(m, r, who)
	case r.Action == access.Read || r.Action == access.Follow || strings.Contains(r.Path, "{event}"):
		return s.callReading(r, who)
	}
	path := strings.NewReplacer("{file...}", "checkpoint", "{operation}", "me", "{code}", "access.denied", "{size}", "1", "{prefix}", "none", "{id}", "none").Replace(r.Path)
	switch {
	case strings.HasSuffix(path, "/profile"), strings.HasSuffix(path, "/trace"):
		path += "?seconds=1"
	case strings.HasPrefix(r.Path, "/v1/proposal/"):
		path = strings.Replace(r.Path, "{id}", s.of["proposal"], 1)
	case r.ID == "audit.consistency":
		path += "?from=1"
	}
	status, code, text := s.ask(who.ID, r.Method, path, "{}", "Content-Type", "application/json", "Idempotency-Key", uuid.NewString(), "If-Match", "*")
	if code == "access.denied" {
		return []string{no}, text
	}
	require.NotContains(s.t, []int{http.StatusMethodNotAllowed, http.StatusTooManyRequests}, status, r.Path)
	require.False(s.t, strings.HasPrefix(code, "access.") && status == http.StatusUnauthorized, text)
	return []string{yes}, text
}

// outcome says what an answer to a command means. That a record is there which
// somebody may not read is not told to them.
func (s *office) outcome(who access.Identity, status int, code string) []string {
	readsNothing := slices.Contains(who.Roles, access.RoleAnonymous) || slices.Contains(who.Roles, access.RoleIntegrator)
	switch {
	case code == "es.other_stream":
		return []string{yes, no} // the id of such a record follows from what it is about, which the example changes
	case code == "findings.none": // what is not in the views is looked for last
		return []string{yes}
	case code == "access.approval_needed":
		return []string{second}
	case code == "access.denied" && status == http.StatusForbidden, readsNothing && status >= http.StatusBadRequest:
		return []string{no}
	case status == http.StatusNotFound, code == "es.bad_input", code == "ledger.unknown_reference", strings.HasPrefix(code, "http.") && code != "http.no_if_match":
		return nil // the policy was not asked
	}
	return []string{yes}
}

// callCommand gives the example of a command as a dry run.
func (s *office) callCommand(m matrix, r httpapi.Route, who access.Identity) (cells []string, said string) {
	name, example := m.command(r)
	kind, _, _ := strings.Cut(name, ".")
	body, header := s.real(example), []string{"Content-Type", "application/json", "Idempotency-Key", uuid.NewString()}
	if r.Action == access.Propose {
		body = `{"command":"network.dissolve","to":"` + s.of["network"] + `","payload":{"fact":{"occurred":"2019-05"}},"why":"agreed"}`
	}
	if strings.Contains(r.Path, "{id}") || r.Action == access.Propose {
		header = append(header, "If-Match", "*")
	}
	path := strings.Replace(r.Path, "{id}", s.of[kind], 1) + "?dry_run=true"
	status, code, text := s.ask(who.ID, r.Method, path, body, header...)
	return s.outcome(who, status, code), body + " " + text
}

// callBatch gives a command that some may give, in a batch.
func (s *office) callBatch(who access.Identity) (cells []string, said string) {
	line := `{"command":"source.register","payload":{"description":{"kind":"web_page","titles":[{"lang":"en","value":"Port cities"}]}}}` + "\n"
	status, _, text := s.ask(who.ID, "POST", "/v1/batch?dry_run=true", line, "Content-Type", "application/x-ndjson", "Idempotency-Key", uuid.NewString())
	if status == http.StatusUnprocessableEntity && strings.Contains(text, "access.denied") {
		return []string{no}, text
	}
	require.Equal(s.t, http.StatusOK, status, text)
	return []string{yes}, text
}

// kindsOf are the kinds of the records that readings are about, by their first
// segment, where that is not the kind.
var kindsOf = map[string]string{
	"register": "memorandum", "statuschart": "memorandum", "parties": "party", "roster": "network", "plans": "actionplan", "proposals": "proposal",
}

// callReading asks a question: about a record of each visibility if it is about one
// that there are of each, else about one that is internal.
func (s *office) callReading(r httpapi.Route, who access.Identity) (cells []string, said string) {
	needs := map[string]url.Values{
		"search": {"q": {"cities"}}, "report": {"from": {"2019"}, "to": {"2031"}}, "memorandum.explain": {"field": {"phase"}},
	}[r.ID]
	if strings.HasSuffix(r.ID, ".diff") {
		needs = url.Values{"from": {"0"}}
	}
	segment := strings.Split(r.Path, "/")[2]
	kind := segment
	if kindsOf[segment] != "" {
		kind = kindsOf[segment]
	}
	before, after, param := cutParameter(r.Path)
	if !param {
		status, code, text := s.ask(who.ID, r.Method, r.Path+"?"+needs.Encode(), "")
		if status == http.StatusForbidden {
			require.Equal(s.t, "access.denied", code, r.Path)
			return []string{no}, text
		}
		require.Equal(s.t, http.StatusOK, status, "%s: %s", r.Path, text)
		return append(es.Visibility("").Words(), "granted"), text
	}
	most := no
	for _, v := range es.Visibility("").Words() {
		id := s.parties[v].stream
		switch {
		case segment == "events" || segment == "audit":
			id = s.parties[v].event
		case kind != "party" && v != string(es.Internal):
			continue
		case kind != "party":
			id = s.of[kind]
		}
		require.NotEmpty(s.t, id, "%s needs a record to be about", r.Path)
		status, code, text := s.ask(who.ID, r.Method, before+id+after+"?"+needs.Encode(), "")
		said += text
		if status != http.StatusForbidden && code != "http.no_record" {
			require.Contains(s.t, []int{http.StatusOK, http.StatusServiceUnavailable}, status, "%s: %s", r.Path, text) // not sealed yet
			most = v
		}
	}
	precise := kind == "party" || segment == "events" || segment == "audit"
	switch {
	case most == no && precise:
		return []string{no, "granted"}, said
	case most == no:
		return []string{no, "granted", string(es.Public)}, said
	case !precise:
		return []string{string(es.Internal), string(es.Restricted)}, said
	}
	return []string{most}, said
}

// cutParameter returns what is before and after the parameter of a path.
func cutParameter(path string) (before, after string, ok bool) {
	before, rest, ok := strings.Cut(path, "{")
	_, after, _ = strings.Cut(rest, "}")
	return before, after, ok
}
