package httpapi_test

import (
	"archive/zip"
	"bytes"
	"io"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/answers"
)

// asks returns every way in which an operation is asked here: of each record, in
// each format, with what it needs.
func (l *library) asks(path string, op *huma.Operation, events []answers.Event) (paths []string) {
	paths = []string{path}
	for _, p := range op.Parameters {
		if p.In != "path" {
			continue
		}
		var values, filled []string
		switch {
		case p.Name == "size":
			values = []string{"1"}
		case p.Name == "event" || strings.HasPrefix(path, "/v1/events/"):
			for _, e := range events {
				values = append(values, e.ID.String())
			}
		default:
			for _, of := range l.of {
				for _, id := range of {
					values = append(values, id)
				}
			}
		}
		for _, before := range paths {
			for _, v := range values {
				filled = append(filled, strings.Replace(before, "{"+p.Name+"}", v, 1))
			}
		}
		paths = filled
	}
	needs := map[string]url.Values{
		"search": {"q": {"canary"}}, "report": {"from": {"2019"}, "to": {"2031"}}, "memorandum.explain": {"field": {"phase"}}, "audit.consistency": {"from": {"1"}},
	}[op.OperationID]
	if strings.HasSuffix(op.OperationID, ".diff") {
		needs = url.Values{"from": {"0"}}
	}
	formats := []string{""}
	for _, p := range op.Parameters {
		if p.Name == "format" {
			formats = nil
			for _, f := range p.Schema.Enum {
				formats = append(formats, f.(string))
			}
		}
	}
	var asks []string
	for _, p := range paths {
		for _, f := range formats {
			q := url.Values{}
			maps.Copy(q, needs)
			if f != "" {
				q.Set("format", f)
			}
			asks = append(asks, p+"?"+q.Encode())
		}
	}
	return asks
}

// plain is a body as text, also of a workbook.
func plain(t testing.TB, a answer) string {
	t.Helper()
	if !strings.Contains(a.header.Get("Content-Type"), "spreadsheetml") {
		return a.body
	}
	z, err := zip.NewReader(bytes.NewReader([]byte(a.body)), int64(len(a.body)))
	require.NoError(t, err)
	var text strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		require.NoError(t, err)
		_, err = io.Copy(&text, r)
		require.NoError(t, err)
		require.NoError(t, r.Close())
	}
	return text.String()
}

var bird = regexp.MustCompile(`canary [A-Z]+ [A-Z]+`)

// may reports whether who may meet the word of something.
func may(who access.Identity, word string) bool {
	switch who.ID {
	case registrar.ID:
		return true
	case reader.ID:
		return !strings.Contains(word, "RESTRICTED")
	case integrator.ID:
		return word == canary(es.Internal, "party") || word == canary(es.Internal, "source") // which events of parties cite
	default:
		return false
	}
}

// TestNothingIsSeenByWhoMayNot asks every question, about every record, in every
// format.
func TestNothingIsSeenByWhoMayNot(t *testing.T) {
	l := filled(t)
	l.seal()
	events, _ := items[answers.Event](t, l.ok(registrar, "/v1/events?limit=1000"))
	seen := map[string]map[string]int{}
	asked := map[string]map[int]int{}
	for path, item := range l.Huma().OpenAPI().Paths {
		if item.Get == nil {
			continue
		}
		for _, ask := range l.asks(path, item.Get, events) {
			for _, who := range all {
				got := l.get(who, ask, nil)
				require.Less(t, got.status, 500, "%s: %s", ask, got.body)
				require.NotEqual(t, 400, got.status, "%s: %s", ask, got.body)
				if asked[who.ID] == nil {
					asked[who.ID], seen[who.ID] = map[int]int{}, map[string]int{}
				}
				asked[who.ID][got.status]++
				for _, word := range bird.FindAllString(plain(t, got), -1) {
					require.True(t, may(who, word), "%s meets %s in %s: %s", who.ID, word, ask, got.body)
					seen[who.ID][word]++
				}
			}
		}
	}
	require.Empty(t, seen[anonymous.ID])
	require.NotZero(t, seen[reader.ID][canary(es.Internal, "memorandum")])
	require.NotZero(t, seen[integrator.ID][canary(es.Internal, "party")])
	for _, kind := range []string{"party", "memorandum", "network", "actionplan", "activity", "source"} {
		require.NotZero(t, seen[registrar.ID][canary(es.Restricted, kind)], kind)
	}
	for _, who := range all {
		require.Greater(t, asked[who.ID][200], 5, who.ID)
		require.NotZero(t, asked[who.ID][404], who.ID)
	}
}

// TestHiddenIsAsIfItWereNot asks whoever may not see a record about it, and about
// one that there is not.
func TestHiddenIsAsIfItWereNot(t *testing.T) {
	l := filled(t)
	l.seal()
	events, _ := items[answers.Event](t, l.ok(registrar, "/v1/events?limit=1000"))
	i := slices.IndexFunc(events, func(e answers.Event) bool { return e.Stream == l.of[es.Restricted]["memorandum"] })
	hidden := l.of[es.Restricted]
	for _, path := range []string{
		"/v1/memorandum/" + hidden["memorandum"], "/v1/memorandum/" + hidden["memorandum"] + "/history", "/v1/memorandum/" + hidden["memorandum"] + "/diff?from=0",
		"/v1/memorandum/" + hidden["memorandum"] + "/blame", "/v1/memorandum/" + hidden["memorandum"] + "/explain?field=phase", "/v1/register/" + hidden["memorandum"],
		"/v1/statuschart/" + hidden["memorandum"], "/v1/parties/" + hidden["party"], "/v1/roster/" + hidden["network"], "/v1/plans/" + hidden["actionplan"],
		"/v1/person/" + hidden["person"], "/v1/report?from=2019&to=2019&about=" + hidden["party"], "/v1/register?party=" + hidden["party"],
		"/v1/events/" + events[i].ID.String(), "/v1/audit/receipts/" + events[i].ID.String(), "/v1/audit/receipts/" + events[i].ID.String() + "/event",
		"/v1/findings?about=" + hidden["memorandum"], "/v1/events?stream=" + hidden["memorandum"],
	} {
		for _, who := range []access.Identity{anonymous, reader} {
			digits := regexp.MustCompile(`[0-9a-f]{12}(\?|/|&|$)`)
			other := digits.ReplaceAllString(path, "000000000000$1")
			require.NotEqual(t, path, other)
			got, none := l.get(who, path, nil), l.get(who, other, nil)
			require.Equal(t, none.status, got.status, path)
			require.Equal(t, none.body, got.body, path)
			if got.status != 200 {
				got.problem(t, 404, "http.no_record")
			}
		}
	}
}

func TestAccessRecord(t *testing.T) {
	l := filled(t)
	secret := l.of[es.Restricted]["memorandum"]
	l.ok(registrar, "/v1/memorandum/"+secret)
	require.Len(t, l.journal.all, 1)
	require.Equal(t, access.Entry{
		Who: "registrar", Action: access.Read, Outcome: access.Granted, Kind: "memorandum", Stream: secret, Command: "memorandum.get",
	}, l.journal.all[0])
	l.ok(reader, "/v1/memorandum/"+l.of[es.Internal]["memorandum"])
	l.ok(reader, "/v1/register")
	require.Len(t, l.journal.all, 1, "what is not restricted is read by many")
	l.ok(reader, "/v1/register?format=csv")
	require.Equal(t, access.Export, l.journal.all[1].Action)
	require.Equal(t, "register", l.journal.all[1].Command)
	l.get(anonymous, "/v1/register?format=csv", nil).problem(t, 403, "access.denied")
	require.Len(t, l.journal.all, 2)
	events, _ := items[answers.Event](t, l.ok(registrar, "/v1/events?stream="+secret))
	l.ok(registrar, "/v1/events/"+events[0].ID.String())
	require.Equal(t, access.Follow, l.journal.all[2].Action)
	require.Equal(t, secret, l.journal.all[2].Stream)
}
