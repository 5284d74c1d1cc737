package httpapi_test

import (
	"context"
	"io"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/infra/httpapi"
	"github.com/entente-ledger/entente/infra/httpapi/front"
	"github.com/entente-ledger/entente/infra/tlog"
	"github.com/entente-ledger/entente/projections"
)

// governed are the permissions of a policy, without a record of what it refuses.
type governed struct{ *access.Policy }

func (g governed) Allow(_ context.Context, r access.Request) error {
	if g.Decide(r).Allowed {
		return nil
	}
	return es.Denied("access.denied", "you may not do this", "somebody else")
}

func (g governed) Permits(r access.Request) bool { return g.Decide(r).Allowed }

// journal remembers what was noted.
type journal struct {
	mu  sync.Mutex
	all []access.Entry
}

func (j *journal) Append(ctx context.Context, e access.Entry) error { return j.Note(ctx, e) }

func (j *journal) List(context.Context, access.Filter, int) ([]access.Entry, error) { return nil, nil }

func (j *journal) Note(_ context.Context, e access.Entry) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.all = append(j.all, e)
	return nil
}

// library is a small ledger that is read by the default policy. What is internal or
// restricted in it has a word in every text of its own that nothing else has.
type library struct {
	*service
	runner  *projections.Runner
	journal *journal
	// of are the records by visibility and kind.
	of map[es.Visibility]map[string]string
}

var (
	anonymous  = access.Anonymous()
	reader     = access.Identity{ID: "reader", Roles: []access.Role{access.RoleReader}}
	registrar  = access.Identity{ID: "registrar", Roles: []access.Role{access.RoleRegistrar}}
	integrator = access.Identity{ID: "integrator", Roles: []access.Role{access.RoleIntegrator}, Reads: []string{"party"}}
	// all are those who ask in turn, with nobody.
	all = []access.Identity{anonymous, reader, integrator, registrar}
)

func newLibrary(t testing.TB, change ...func(*httpapi.Config)) *library {
	t.Helper()
	policy, err := access.Default()
	require.NoError(t, err)
	l := &library{journal: &journal{}, of: map[es.Visibility]map[string]string{}}
	l.service = newService(t, append([]func(*httpapi.Config){func(c *httpapi.Config) {
		var err error
		l.runner, err = projections.Open(projections.Config{Dir: filepath.Join(t.TempDir(), "views"), Store: c.Store})
		require.NoError(t, err)
		c.Views, c.Permissions, c.Access = l.runner.Views(), governed{policy}, l.journal
		t.Cleanup(func() {
			require.NoError(t, c.Views.Close())
			require.NoError(t, l.runner.Close())
		})
	}}, change...)...)
	l.t = t
	return l
}

// filled is a library with something of every visibility in it.
func filled(t testing.TB, change ...func(*httpapi.Config)) *library {
	l := newLibrary(t, change...)
	for _, v := range []es.Visibility{es.Public, es.Internal, es.Restricted} {
		l.fill(v)
	}
	l.catchUp()
	return l
}

// canary is the word that only the records of a visibility and kind have.
func canary(v es.Visibility, kind string) string {
	if v == es.Public {
		return "Openness of " + kind
	}
	return "canary " + strings.ToUpper(string(v)) + " " + strings.ToUpper(kind)
}

func (l *library) fill(v es.Visibility) {
	of := map[string]string{}
	l.of[v] = of
	text := func(kind string) string { return `{"lang":"en","value":"` + canary(v, kind) + `"}` }
	titles := func(kind string) string { return `"titles":[` + text(kind) + `],"visibility":"` + string(v) + `"` }
	of["source"] = l.do("source.register", "", `{"description":{"kind":"web_page",`+titles("source")[:strings.Index(titles("source"), `,"visibility`)]+`},"visibility":"`+string(v)+`"}`)
	fact := `"fact":{"occurred":"2019-05","source":{"id":"` + of["source"] + `","locator":"` + canary(v, "source") + `"}}`
	of["party"] = l.do("party.register", "", `{`+fact+`,"kind":"municipality","country":"AT","name":`+text("party")+`,"visibility":"`+string(v)+`"}`)
	l.do("party.locate", of["party"], `{`+fact+`,"country":"AT","latitude":47070714,"longitude":15439504}`)
	of["memorandum"] = l.do("memorandum.draft", "", `{`+fact+`,"kind":"agreement","parties":[{"id":"`+of["party"]+`"}],`+titles("memorandum")+`}`)
	l.do("memorandum.sign", of["memorandum"], `{`+fact+`,"party":{"id":"`+of["party"]+`"}}`)
	l.do("memorandum.record_undertaking", of["memorandum"], `{`+fact+`,"key":"report","by":{"id":"`+of["party"]+`"},"what":`+text("memorandum")+`,"due":"2031-03-31"}`)
	of["network"] = l.do("network.register", "", `{`+fact+`,`+titles("network")+`}`)
	of["membership"] = l.do("membership.register", "", `{`+fact+`,"network":"`+of["network"]+`","party":{"id":"`+of["party"]+`"},"visibility":"`+string(v)+`"}`)
	l.do("membership.admit", of["membership"], `{`+fact+`,"class":"founder"}`)
	of["actionplan"] = l.do("actionplan.draft", "", `{`+fact+`,`+titles("actionplan")+`,"parties":[{"id":"`+of["party"]+`"}]}`)
	of["activity"] = l.do("activity.register", "", `{`+fact+`,"description":{"kind":"meeting","titles":[`+text("activity")+`]},"visibility":"`+string(v)+`"}`)
	of["person"] = l.do("person.register", "", `{`+fact+`,"commitment":"`+strings.Repeat("ab", 32)+`","visibility":"`+string(v)+`"}`)
}

// do records a command.
func (l *library) do(command, stream, payload string) string {
	l.t.Helper()
	res, err := l.ledger.Do(l.t.Context(), es.Command{ID: uuid.New(), Name: command, Stream: stream, Payload: []byte(payload), Actor: "clerk"})
	require.NoError(l.t, err, "%s %s", command, payload)
	return res.Stream
}

func (l *library) catchUp() {
	l.t.Helper()
	require.NoError(l.t, l.runner.CatchUp(l.t.Context()))
}

// get asks as somebody.
func (l *library) get(who access.Identity, path string, h headers) answer {
	l.t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	for name, value := range h {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	l.ServeHTTP(w, r.WithContext(front.WithWho(r.Context(), who)))
	text, err := io.ReadAll(w.Body)
	require.NoError(l.t, err)
	return answer{w.Code, w.Header(), string(text)}
}

// ok is get of what is answered.
func (l *library) ok(who access.Identity, path string) answer {
	l.t.Helper()
	got := l.get(who, path, nil)
	require.Equal(l.t, 200, got.status, "%s: %s", path, got.body)
	return got
}

// items are those of a page, and the path of the next one.
func items[T any](t testing.TB, a answer) (all []T, next string) {
	t.Helper()
	var p answers.Page[T]
	require.NoError(t, json.Unmarshal([]byte(a.body), &p), a.body)
	link := a.header.Get("Link")
	require.Equal(t, p.Next == "", link == "", "a link to what follows")
	if link != "" {
		next = strings.TrimSuffix(strings.TrimPrefix(link, "<"), `>; rel="next"`)
		require.Contains(t, next, "cursor="+p.Next)
	}
	return p.Items, next
}

// seal seals what is recorded.
func (l *library) seal() tlog.Checkpoint {
	l.t.Helper()
	ctx, dir := l.t.Context(), tlog.Dir(filepath.Join(l.dir, "tlog"))
	key, err := tlog.OpenKey(ctx, l.ledger.Store(), filepath.Join(l.dir, "log.key"), l.ledger.Origin, dir)
	require.NoError(l.t, err)
	s, err := tlog.Open(ctx, tlog.Config{Store: l.ledger.Store(), Ledger: l.ledger.ID, Key: key, Dir: dir})
	require.NoError(l.t, err)
	c, err := s.Seal(ctx)
	require.NoError(l.t, err)
	l.catchUp()
	return c
}
