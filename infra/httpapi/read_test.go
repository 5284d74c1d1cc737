package httpapi_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/infra/httpapi"
)

func TestRecord(t *testing.T) {
	l := newLibrary(t)
	city := l.do("party.register", "", ancona)
	l.do("party.rename", city, rename)
	l.catchUp()
	got := l.ok(registrar, "/v1/party/"+city)
	require.Equal(t, `"2"`, got.header.Get("ETag"), "what If-Match takes")
	require.Equal(t, "Accept, Authorization", got.header.Get("Vary"))
	var held answers.Held
	require.NoError(t, json.Unmarshal([]byte(got.body), &held))
	require.EqualValues(t, 2, held.Revision)
	require.Len(t, held.Facts, 2)
	require.Equal(t, "party.renamed", held.Facts[1].Type)

	require.Equal(t, 304, l.get(registrar, "/v1/party/"+city, headers{"If-None-Match": `"1", "2"`}).status)
	require.Equal(t, 200, l.get(registrar, "/v1/party/"+city, headers{"If-None-Match": `"1"`}).status)
	require.Equal(t, 200, l.get(registrar, "/v1/party/"+city, headers{"If-Match": `"2"`}).status)
	l.get(registrar, "/v1/party/"+city, headers{"If-Match": `"1"`}).problem(t, 412, "http.stale")
	l.get(registrar, "/v1/party/"+city, headers{"If-Match": `W/"2"`}).problem(t, 412, "http.stale")

	before := l.ok(registrar, "/v1/party/"+city+"?as_recorded=1")
	require.NotContains(t, before.body, "Città")
	require.True(t, strings.HasPrefix(before.header.Get("ETag"), "W/"), "of what was held then")
	l.get(registrar, "/v1/party/"+city+"?as_known=2001-01-01T00:00:00Z", nil).problem(t, 404, "history.no_stream")

	l.do("party.correct", city, `{"of":2,"reason":"misread","as":{"type":"party.renamed","schema":1,"data":`+strings.Replace(rename, "Città di Ancona", "Ancona", 1)+`}}`)
	l.catchUp()
	got = l.ok(registrar, "/v1/party/"+city)
	require.NotContains(t, got.body, "Città", "as it was corrected")
	require.NoError(t, json.Unmarshal([]byte(got.body), &held))
	require.Equal(t, []es.Revision{1, 3}, []es.Revision{held.Facts[0].Touched, held.Facts[1].Touched})
}

func TestQuestionsAreReadStrictly(t *testing.T) {
	l := filled(t)
	pact := l.of[es.Public]["memorandum"]
	for ask, want := range map[string]struct{ code, at string }{
		"register?colour=red":                          {"http.bad_request", "query colour"},
		"register?limit=1&limit=2":                     {"http.bad_request", "query limit"},
		"register?limit=0":                             {"http.bad_request", "query limit"},
		"register?limit=1001":                          {"http.bad_request", "query limit"},
		"register?limit=":                              {"http.bad_request", "query limit"},
		"register?phase=asleep":                        {"terms.bad_word", "query phase"},
		"register?sort=colour":                         {"http.bad_request", "query sort"},
		"register?perhaps=perhaps":                     {"http.bad_request", "query perhaps"},
		"register?party=party-1":                       {"http.bad_id", "query party"},
		"register?party=" + pact:                       {"http.bad_id", "query party"},
		"register?as_of=yesterday":                     {"http.bad_request", "query as_of"},
		"register?as_known=2019":                       {"http.bad_request", "query as_known"},
		"register?as_recorded=-1":                      {"http.bad_request", "query as_recorded"},
		"register?changed_since=x":                     {"http.bad_request", "query changed_since"},
		"register?cursor=AAAA":                         {"http.bad_cursor", "query cursor"},
		"register?min_position=7":                      {"http.bad_position", "query min_position"},
		"register?theme=%00":                           {"es.bad_text", "query theme"},
		"register?theme=e%CC%81":                       {"es.not_nfc", "query theme"},
		"register?theme=%zz":                           {"http.bad_request", "query"},
		"register/memorandum-1":                        {"http.bad_id", "path id"},
		"memorandum/" + pact[:20]:                      {"http.bad_id", "path id"},
		"memorandum/" + pact + "/explain":              {"http.bad_request", "query field"},
		"memorandum/" + pact + "/explain?field=x":      {"terms.bad_word", "query field"},
		"memorandum/" + pact + "/diff":                 {"answers.no_range", ""},
		"memorandum/" + pact + "/diff?from=5&to=4":     {"answers.bad_range", ""},
		"memorandum/" + pact + "/diff?from=x":          {"http.bad_request", "query from"},
		"memorandum/" + pact + "/history?limit=x":      {"http.bad_request", "query limit"},
		"events?type=memorandum.painted":               {"http.bad_request", "query type"},
		"events?kind=painting":                         {"http.bad_request", "query kind"},
		"events?stream=memorandum-1":                   {"http.bad_id", "query stream"},
		"events?from=-1":                               {"http.bad_request", "query from"},
		"events?" + strings.Repeat("kind=party&", 101): {"history.too_many", ""},
		"events/7":                 {"http.bad_id", "path id"},
		"search":                   {"http.bad_request", "query q"},
		"search?q=x&kind=painting": {"http.bad_request", "query kind"},
		"search?q=x&during=then":   {"http.bad_request", "query during"},
		"search?q=" + url.QueryEscape(strings.Repeat("x", 5000)): {"search.too_long", ""},
		"findings?finding=7":                    {"http.bad_request", "query finding"},
		"findings?about=party-7":                {"http.bad_id", "query about"},
		"proposals?phase=asleep":                {"terms.bad_word", "query phase"},
		"obligations?kind=hobby":                {"http.bad_request", "query kind"},
		"obligations?overdue=true&settled=true": {"http.bad_request", "query overdue"},
		"parties?country=Graz":                  {"party.bad_country", "query country"},
		"stats?from=2019-01-01":                 {"http.bad_request", "query from"},
		"stats?from=2020&to=2019":               {"http.bad_request", "query from"},
		"stats?from=1000&to=2019":               {"http.bad_request", "query from"},
		"report":                                {"http.bad_request", "query from"},
		"report?from=2019&to=2019~":             {"http.bad_request", "query to"},
	} {
		got := l.get(registrar, "/v1/"+ask, nil)
		var p problemBody
		require.NoError(t, json.Unmarshal([]byte(got.body), &p), got.body)
		require.Equal(t, want.code, p.Code, "%s: %s", ask, got.body)
		require.Equal(t, 400, got.status, ask)
		if want.at != "" {
			require.Equal(t, want.at, p.Errors[0].Pointer, ask)
			require.NotEmpty(t, p.Want, ask)
		}
		require.Equal(t, 200, l.get(registrar, "/errors/"+p.Code, nil).status, "a page about %s", p.Code)
	}
	l.get(registrar, "/v1/register/"+l.of[es.Public]["party"], nil).problem(t, 404, "http.no_record")
	l.get(registrar, "/v1/memorandum/"+es.StreamName("memorandum", uuid.New()), nil).problem(t, 404, "http.no_record")
}

func TestWhoMayAsk(t *testing.T) {
	l := filled(t)
	nobody := access.Identity{ID: "none"}
	for _, who := range []access.Identity{nobody, integrator} {
		for _, path := range []string{"/v1/register", "/v1/memorandum/" + l.of[es.Public]["memorandum"], "/v1/search?q=canary", "/v1/report?from=2019&to=2019"} {
			l.get(who, path, nil).problem(t, 403, "access.denied")
		}
	}
	l.get(nobody, "/v1/events", nil).problem(t, 403, "access.denied")
	followed, next := items[answers.Event](t, l.ok(integrator, "/v1/events?limit=1000"))
	require.Empty(t, next)
	require.Len(t, followed, 4, "of the two parties that are not restricted")
	for _, e := range followed {
		require.True(t, strings.HasPrefix(e.Type, "party."), e.Type)
	}
	l.ok(integrator, "/v1/events/"+followed[0].ID.String())
	l.get(integrator, "/v1/events?format=csv", nil).problem(t, 403, "access.denied")
}

// TestPaging visits everything once, although events are recorded meanwhile.
func TestPaging(t *testing.T) {
	l := newLibrary(t)
	want := map[string]bool{}
	for i := range 57 {
		want[l.do("party.register", "", fmt.Sprintf(`{"kind":"municipality","name":{"lang":"de","value":"Stadt %02d"},"visibility":"public"}`, i%19))] = true
	}
	l.catchUp()
	seen := map[string]int{}
	pages := 0
	for next := "/v1/parties?limit=7&kind=municipality"; next != ""; pages++ {
		var page []answers.PartyLine
		page, next = items[answers.PartyLine](t, l.ok(anonymous, next))
		require.LessOrEqual(t, len(page), 7)
		for _, one := range page {
			seen[one.ID]++
		}
		l.do("party.register", "", `{"kind":"municipality","name":{"lang":"de","value":"Aadorf"},"visibility":"public"}`)
		l.do("party.register", "", `{"kind":"municipality","name":{"lang":"de","value":"Stadt 10"},"visibility":"internal"}`)
		l.catchUp()
	}
	require.Equal(t, 9, pages)
	for id := range want {
		require.Equal(t, 1, seen[id])
	}
	require.Len(t, seen, len(want), "what came meanwhile stands before, or is not seen")

	_, next := items[answers.PartyLine](t, l.ok(anonymous, "/v1/parties?limit=7&kind=municipality"))
	cursor := next[strings.Index(next, "cursor="):]
	cursor, _, _ = strings.Cut(cursor, "&")
	l.get(anonymous, "/v1/parties?kind=region&"+cursor, nil).problem(t, 400, "http.bad_cursor")
	l.get(anonymous, "/v1/networks?"+cursor, nil).problem(t, 400, "http.bad_cursor")
	l.get(anonymous, "/v1/parties?kind=municipality&"+cursor[:len(cursor)-1]+"A", nil).problem(t, 400, "http.bad_cursor")
	l.ok(anonymous, "/v1/parties?kind=municipality&limit=3&"+cursor)

	events := 0
	for next := "/v1/events?limit=10&type=party.registered"; next != ""; {
		var page []answers.Event
		page, next = items[answers.Event](t, l.ok(anonymous, next))
		events += len(page)
	}
	require.Equal(t, 57+pages, events)
}

func TestChangedSince(t *testing.T) {
	l := newLibrary(t)
	first := l.do("party.register", "", ancona)
	for range 60 {
		l.do("party.register", "", ancona)
	}
	l.catchUp()
	events, _ := items[answers.Event](t, l.ok(registrar, "/v1/events?limit=1000"))
	last := events[len(events)-1].Sequence
	page, next := items[answers.PartyLine](t, l.ok(registrar, fmt.Sprintf("/v1/parties?changed_since=%d", last)))
	require.Empty(t, page)
	require.Empty(t, next, "the whole of a small list was looked at")
	l.do("party.rename", first, strings.Replace(rename, "Città", "Zittà", 1))
	l.catchUp()
	page, _ = items[answers.PartyLine](t, l.ok(registrar, fmt.Sprintf("/v1/parties?changed_since=%d", last)))
	require.Len(t, page, 1)
	require.Equal(t, first, page[0].ID)
	lines := strings.Count(l.ok(registrar, fmt.Sprintf("/v1/parties?format=csv&changed_since=%d", last)).body, "\n")
	require.Equal(t, 2, lines, "with the names of the columns")
}

func TestMinPosition(t *testing.T) {
	l := newLibrary(t)
	l.catchUp()
	l.do("party.register", "", ancona)
	head, err := l.ledger.Store().Head(t.Context())
	require.NoError(t, err)
	path := "/v1/parties?min_position=" + httpapi.Token(l.ledger.ID, head)
	late := l.get(registrar, path, headers{"Prefer": "wait=0"})
	late.problem(t, 409, "views.lagging")
	require.Equal(t, "1", late.header.Get("Retry-After"))
	got := make(chan answer)
	go func() { got <- l.get(registrar, path, headers{"Prefer": "respond-async, wait=20"}) }()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	require.NoError(t, l.runner.CatchUp(ctx))
	a := <-got
	require.Equal(t, 200, a.status, a.body)
	require.Equal(t, "wait=20", a.header.Get("Preference-Applied"))
	require.Contains(t, a.body, "Comune di Ancona")
	require.Equal(t, httpapi.Token(l.ledger.ID, head), a.header.Get("Ledger-Position"))
}

func TestWeakTags(t *testing.T) {
	l := filled(t)
	got := l.ok(reader, "/v1/register")
	tag := got.header.Get("ETag")
	require.True(t, strings.HasPrefix(tag, `W/"`))
	again := l.get(reader, "/v1/register", headers{"If-None-Match": `"other", ` + tag})
	require.Equal(t, 304, again.status)
	require.Empty(t, again.body)
	require.Equal(t, tag, again.header.Get("ETag"))
	for name, path := range map[string]string{"another_question": "/v1/register?limit=7", "another_day": "/v1/register?as_of=2019", "a_format": "/v1/register?format=csv"} {
		require.NotEqual(t, tag, l.ok(reader, path).header.Get("ETag"), name)
	}
	require.NotEqual(t, tag, l.ok(registrar, "/v1/register").header.Get("ETag"))
	l.do("party.register", "", ancona)
	l.catchUp()
	require.Equal(t, 200, l.get(reader, "/v1/register", headers{"If-None-Match": tag}).status)
}

// unmetReading are codes of what questions are answered from that no request meets,
// as the service checks what it passes on.
var unmetReading = []string{
	"export.not_of_objects", "export.unknown_format", "findings.ambiguous", "findings.none", "history.ambiguous", "readmodel.bad_cursor", "readmodel.bad_sequence",
	"readmodel.bad_span", "readmodel.bad_visibility", "search.bad_kind", "views.empty", "views.none", "answers.not_compared", "answers.not_explained",
}

func TestEveryErrorOfReadingHasAPage(t *testing.T) {
	s := newService(t)
	code := regexp.MustCompile(`(?:NotFound|Invalid|Conflict)\("([a-z]+\.[a-z_]+)"`)
	found := 0
	for _, dir := range []string{"../answers", "../export", "../../projections", "../../projections/*"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		require.NoError(t, err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			for _, m := range code.FindAllStringSubmatch(string(text), -1) {
				if strings.HasSuffix(file, "_test.go") || slices.Contains(unmetReading, m[1]) {
					continue
				}
				require.Equal(t, 200, s.ask("GET", "/errors/"+m[1], nil, "").status, m[1])
				found++
			}
		}
	}
	require.Greater(t, found, 10)
}
