package httpapi_test

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/answers"
)

// feed is what a reader of feeds looks for (RFC 4287, section 4.1).
type feed struct {
	XMLName xml.Name  `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string    `xml:"id"`
	Title   string    `xml:"title"`
	Updated time.Time `xml:"updated"`
	Author  string    `xml:"author>name"`
	Links   []struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	} `xml:"link"`
	Entries []struct {
		ID      string    `xml:"id"`
		Title   string    `xml:"title"`
		Updated time.Time `xml:"updated"`
		Summary string    `xml:"summary"`
	} `xml:"entry"`
}

func TestAtom(t *testing.T) {
	l := filled(t)
	pact := l.of[es.Public]["memorandum"]
	path := "/v1/memorandum/" + pact + "/history"
	events, _ := items[answers.Event](t, l.ok(anonymous, path))
	read := func(path string) feed {
		got := l.get(anonymous, path, headers{"Accept": "application/atom+xml"})
		require.Equal(t, 200, got.status, got.body)
		require.Equal(t, "application/atom+xml", got.header.Get("Content-Type"))
		var f feed
		require.NoError(t, xml.Unmarshal([]byte(got.body), &f))
		return f
	}
	whole := read(path)
	require.Len(t, whole.Entries, len(events))
	require.Equal(t, events[len(events)-1].ID.URN(), whole.Entries[0].ID, "the last one first")
	require.Equal(t, whole.Entries[0].Updated, whole.Updated)
	require.NotEmpty(t, whole.Author)
	require.Equal(t, path, whole.Links[0].Href)
	short := read(path + "?limit=2")
	require.Len(t, short.Entries, 2)
	require.Equal(t, whole.Entries[:2], short.Entries)
	require.Equal(t, whole.ID, short.ID)

	log := read("/v1/events?limit=3")
	public, _ := items[answers.Event](t, l.ok(anonymous, "/v1/events?limit=1000"))
	require.Len(t, log.Entries, 3)
	require.Equal(t, public[len(public)-1].ID.URN(), log.Entries[0].ID)
	first := read("/v1/events?limit=3&from=0")
	require.Equal(t, public[0].ID.URN(), first.Entries[2].ID)
	require.Equal(t, "next", first.Links[1].Rel)
	require.Equal(t, public[5].ID.URN(), read(first.Links[1].Href).Entries[0].ID)
}

func TestCloudEvents(t *testing.T) {
	l := filled(t)
	pact := l.of[es.Public]["memorandum"]
	l.do("memorandum.sign", pact, `{"fact":{"occurred":"2032","status":"announced"},"party":{"id":"`+l.of[es.Public]["party"]+`"}}`)
	l.catchUp()
	path := "/v1/memorandum/" + pact + "/history"
	events, _ := items[answers.Event](t, l.ok(anonymous, path))
	got := l.get(anonymous, path, headers{"Accept": "application/cloudevents-batch+json, application/json;q=0.5"})
	require.Equal(t, "application/cloudevents-batch+json", got.header.Get("Content-Type"))
	var batch []map[string]any
	require.NoError(t, json.Unmarshal([]byte(got.body), &batch))
	require.Len(t, batch, len(events))
	before := ""
	for i, e := range batch {
		require.Equal(t, "1.0", e["specversion"])
		require.Equal(t, events[i].ID.String(), e["id"])
		require.Equal(t, l.ledger.ID.URN(), e["source"])
		require.Equal(t, pact, e["subject"])
		require.Equal(t, events[i].RecordedAt, e["time"])
		require.NotEmpty(t, e["data"])
		for name := range e { // CloudEvents 1.0.2, section 3.1: names of attributes
			require.Equal(t, strings.ToLower(name), name)
			require.NotContains(t, name, "_")
		}
		require.Greater(t, e["sequence"], before)
		before = e["sequence"].(string)
		require.Equal(t, fmt.Sprintf("%020d", events[i].Sequence), before)
	}
	require.Equal(t, "memorandum.signed.announced", batch[len(batch)-1]["type"])
	require.True(t, slices.ContainsFunc(batch, func(e map[string]any) bool { return e["type"] == "memorandum.signed" }))
}

// TestFormats asks for formats by name and by what is accepted.
func TestFormats(t *testing.T) {
	l := filled(t)
	for accept, media := range map[string]string{
		"": "application/json", "*/*": "application/json", "text/*": "text/csv; charset=utf-8", "application/x-ndjson": "application/x-ndjson",
		"text/csv;q=0.1, application/json;q=0.2": "application/json", "application/json;q=0, */*;q=0.1": "application/x-ndjson",
		"application/json;profile=\"else\", text/csv": "text/csv; charset=utf-8", "text/html, text/csv;q=0.9, */*;q=0.8": "text/csv; charset=utf-8",
	} {
		h := headers{}
		if accept != "" {
			h["Accept"] = accept
		}
		got := l.get(registrar, "/v1/register", h)
		require.Equal(t, media, got.header.Get("Content-Type"), accept)
		require.Equal(t, "Accept, Authorization", got.header.Get("Vary"))
	}
	l.get(registrar, "/v1/register", headers{"Accept": "image/png"}).problem(t, 406, "http.not_acceptable")
	require.Contains(t, l.get(registrar, "/v1/register?format=ics", nil).problem(t, 406, "http.not_acceptable").Want, "csv")
	prov := `application/json; profile="https://www.w3.org/submissions/prov-json/"`
	history := "/v1/memorandum/" + l.of[es.Public]["memorandum"] + "/history"
	require.Equal(t, prov, l.get(registrar, history, headers{"Accept": prov}).header.Get("Content-Type"))
	require.Equal(t, "application/json", l.get(registrar, history, headers{"Accept": "application/json"}).header.Get("Content-Type"))

	csv := l.ok(registrar, "/v1/register?format=csv")
	require.Equal(t, `attachment; filename="register.csv"`, csv.header.Get("Content-Disposition"))
	require.Equal(t, 4, strings.Count(csv.body, "\n"))
	require.Equal(t, 3, strings.Count(l.ok(registrar, "/v1/register?format=csv&limit=2").body, "\n"))
	require.Equal(t, 3, strings.Count(l.ok(reader, "/v1/register?format=csv").body, "\n"), "what is restricted is left out")
	require.NotContains(t, l.ok(reader, "/v1/networks?format=geojson").body, `"Point"`, "networks have no place here")
	require.Equal(t, 2, strings.Count(l.ok(reader, "/v1/parties?format=geojson").body, `"Point"`))
}
