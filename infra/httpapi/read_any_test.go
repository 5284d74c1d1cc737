package httpapi_test

import (
	"maps"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/httpapi/front"
)

// odd are values at the edges of what parameters take.
var odd = []string{
	"0", "1", "3", "-1", "1000", "4611686018427387903", "9223372036854775807", "18446744073709551615", "true", "2019", "2019-01", "2019~", "..", "../2019", "2019/..",
	"-9999", "9999", "0000", "Y-170000002", "2019-XX-XX", "2019-11-30", "9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "2030-01-01T00:00:00+14:00",
	"in_force", "party", "memorandum", "network", "party.registered", "title", "entry", "canary", "\"(*", "%", "🙂", "ﬁ", "\x00", "\u202e", "e\u0301", "\xff", "AT", "XX",
	"phase", "part", "AAAA", "csv", "ndjson", "xlsx", "ics", "geojson", "atom", "cloudevents", "prov", "00000000-0000-0000-0000-000000000000", "",
}

// TestAnyQuestion asks whatever can be asked: it is answered or refused, and nothing
// that is asked makes the service fail.
func TestAnyQuestion(t *testing.T) {
	l := filled(t)
	l.seal()
	values := slices.Clone(odd)
	for _, of := range l.of {
		values = append(values, of["memorandum"], of["party"])
	}
	values = append(values, l.ok(registrar, "/v1/parties?limit=1").header.Get("Ledger-Position"))
	paths := l.Huma().OpenAPI().Paths
	names := slices.Sorted(maps.Keys(paths))
	names = slices.DeleteFunc(names, func(path string) bool { return paths[path].Get == nil })
	answered := 0
	rapid.Check(t, func(rt *rapid.T) {
		path := rapid.SampledFrom(names).Draw(rt, "path")
		q := url.Values{}
		for _, p := range paths[path].Get.Parameters {
			switch value := rapid.SampledFrom(values).Draw(rt, p.Name); {
			case p.In == "path" && rapid.Bool().Draw(rt, "known"):
				path = strings.Replace(path, "{"+p.Name+"}", l.of[es.Public]["memorandum"], 1)
			case p.In == "path":
				path = strings.Replace(path, "{"+p.Name+"}", url.PathEscape(value), 1)
			case p.In == "query" && rapid.IntRange(0, 3).Draw(rt, "given") == 0:
				q.Add(p.Name, value)
			}
		}
		r := httptest.NewRequest("GET", path, nil)
		r.URL.RawQuery = q.Encode()
		r.Header.Set("Prefer", "wait=0")
		w := httptest.NewRecorder()
		l.ServeHTTP(w, r.WithContext(front.WithWho(r.Context(), registrar)))
		require.Less(rt, w.Code, 500, "%s?%s: %s", path, q.Encode(), w.Body)
		if w.Code == 200 {
			answered++
		}
	})
	require.NotZero(t, answered)
}
