package httpapi_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	merkle "golang.org/x/mod/sumdb/tlog"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/httpapi"
	"github.com/entente-ledger/entente/infra/tlog"
)

// TestReceipts follows the links in the answer to a command.
func TestReceipts(t *testing.T) {
	l := newLibrary(t)
	l.get(registrar, "/v1/audit/checkpoint", nil).problem(t, 503, "http.not_sealed")
	l.seal()
	recorded := l.ask("POST", "/v1/party", keyed(uuid.NewString(), ""), strings.Replace(ancona, `{"kind"`, `{"visibility":"public","kind"`, 1)).recorded(t, 201)
	link := recorded.Events[0].Receipt
	l.catchUp()
	early := l.get(registrar, link, nil)
	early.problem(t, 503, "http.not_sealed")
	require.Equal(t, "1", early.header.Get("Retry-After"))
	l.seal()

	keys, err := tlog.ParseChain([]byte(l.ok(registrar, "/v1/audit/keys").body))
	require.NoError(t, err)
	got := l.ok(anonymous, link)
	require.Equal(t, "text/plain; charset=utf-8", got.header.Get("Content-Type"))
	receipt, err := tlog.ParseReceipt([]byte(got.body))
	require.NoError(t, err)
	event, err := tlog.ParseEvent([]byte(l.ok(anonymous, link+"/event").body))
	require.NoError(t, err)
	require.Equal(t, recorded.Stream, event.Stream)
	leaf, err := event.Leaf()
	require.NoError(t, err)
	c, err := receipt.Verify(leaf, keys)
	require.NoError(t, err)
	require.Equal(t, l.ok(registrar, "/v1/audit/checkpoint").body, string(c.Note))

	l.get(registrar, "/v1/audit/receipts/"+uuid.NewString(), nil).problem(t, 404, "http.no_record")
	l.get(registrar, "/v1/audit/receipts/7", nil).problem(t, 400, "http.bad_id")
	l.get(registrar, link+"?format=json", nil).problem(t, 400, "http.bad_request")
	l.get(registrar, link, headers{"Accept": "image/png"}).problem(t, 406, "http.not_acceptable")
	l.get(anonymous, "/v1/audit/checkpoint", nil).problem(t, 403, "access.denied")
	l.get(integrator, link, nil).problem(t, 404, "http.no_record")
}

func TestGrowth(t *testing.T) {
	l := newLibrary(t)
	var made []tlog.Checkpoint
	for range 7 {
		made = append(made, l.seal())
		for range len(made) {
			l.do("party.register", "", ancona)
		}
	}
	for _, c := range made {
		require.Equal(t, string(c.Note), l.ok(registrar, "/v1/audit/checkpoints/"+strconv.FormatInt(c.Tree.N, 10)).body)
	}
	for _, size := range []string{"0", "3", "24", "1000"} {
		l.get(registrar, "/v1/audit/checkpoints/"+size, nil).problem(t, 404, "http.no_record")
	}
	l.get(registrar, "/v1/audit/checkpoints/x", nil).problem(t, 400, "http.bad_request")

	last := made[len(made)-1]
	for _, older := range made[:len(made)-1] {
		for _, to := range []tlog.Checkpoint{last, made[len(made)-2]} {
			text := l.ok(registrar, "/v1/audit/consistency?from="+strconv.FormatInt(older.Tree.N, 10)+"&to="+strconv.FormatInt(to.Tree.N, 10)).body
			proof, note, _ := strings.Cut(text, "\n\n")
			require.Equal(t, string(to.Note), note)
			lines := strings.Split(proof, "\n")
			require.Equal(t, "old "+strconv.FormatInt(older.Tree.N, 10), lines[0])
			var p merkle.TreeProof
			for _, line := range lines[1:] {
				h, err := merkle.ParseHash(line)
				require.NoError(t, err)
				p = append(p, h)
			}
			require.NoError(t, tlog.CheckConsistency(p, older.Tree, to.Tree))
		}
	}
	require.Contains(t, l.ok(registrar, "/v1/audit/consistency?from=1").body, string(last.Note), "left out: the last one")
	l.get(registrar, "/v1/audit/consistency", nil).problem(t, 400, "http.bad_request")
	l.get(registrar, "/v1/audit/consistency?from=1000", nil).problem(t, 400, "tlog.bad_size")
	l.get(registrar, "/v1/audit/consistency?from=1&to=3", nil).problem(t, 404, "http.no_record")

	var said httpapi.Witnesses
	require.NoError(t, json.Unmarshal([]byte(l.ok(registrar, "/v1/audit/witnesses").body), &said))
	require.Empty(t, said.Alarms)
}

func TestPublicLog(t *testing.T) {
	l := filled(t, func(c *httpapi.Config) { c.LogIsPublic = true })
	l.seal()
	l.ok(anonymous, "/v1/audit/checkpoint")
	l.ok(anonymous, "/v1/audit/keys")
	l.ok(anonymous, "/v1/audit/witnesses")
	require.Equal(t, 404, l.get(anonymous, "/v1/memorandum/"+l.of[es.Internal]["memorandum"], nil).status)
}
