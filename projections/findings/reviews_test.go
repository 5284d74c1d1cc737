package findings_test

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/review"
	"github.com/entente-ledger/entente/projections/findings"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// desk is a ledger with its views.
type desk struct {
	*testing.T
	*ledger.Ledger
	dir string
}

func newDesk(t *testing.T) *desk {
	l, err := ledger.Open(t.Context(), projectiontest.NewStore(), time.Now, func() [16]byte { return uuid.New() },
		ledger.Opening{ID: uuid.New(), Origin: "ledger.example/test", Actor: "clerk"})
	require.NoError(t, err)
	return &desk{t, l, t.TempDir()}
}

func (d *desk) do(name, stream, payload string) es.Result {
	d.Helper()
	res, err := d.Do(d.Context(), es.Command{ID: uuid.New(), Name: name, Stream: stream, Payload: []byte(payload), Actor: "clerk"})
	require.NoError(d, err)
	return res
}

func (d *desk) list(f findings.Filter) (all []findings.Finding) {
	d.Helper()
	projectiontest.Read(d, d.dir, d.Store(), func(conn *sqlite.Conn) {
		var err error
		all, _, err = findings.List(conn, f)
		require.NoError(d, err)
	})
	return all
}

func (d *desk) accept(f findings.Finding, reason string) es.Result {
	d.Helper()
	events := make([]string, len(f.Events))
	for i, e := range f.Events {
		events[i] = fmt.Sprintf(`"%s@%d"`, e.Stream, e.Revision)
	}
	return d.do("review.accept", "", fmt.Sprintf(`{"finding":{"id":%q,"code":%q,"stream":%q},"basis":{"events":[%s],"digest":%q},"reason":%q}`,
		f.ID, f.Code, f.Stream, strings.Join(events, ","), hex.EncodeToString(f.Digest[:]), reason))
}

func TestReviews(t *testing.T) {
	d := newDesk(t)
	page := d.do("source.register", "", `{"description":{"kind":"web_page","titles":[{"lang":"it","value":"Pagina"}]}}`).Stream
	lviv := d.do("party.register", "", `{"fact":{"source":{"id":"`+page+`"}},"kind":"municipality","name":{"lang":"uk","value":"Львів"}}`).Stream
	pact := d.do("memorandum.draft", "", `{"fact":{"source":{"id":"`+page+`"}},"kind":"mou","titles":[{"lang":"en","value":"Rivers"}],"parties":[{"id":"`+lviv+`"}]}`).Stream
	signed := d.do("memorandum.sign", pact, `{"fact":{"source":{"id":"`+page+`"}},"party":{"id":"`+lviv+`"}}`)
	undated := findings.Filter{Stream: pact, Code: "memorandum.undated"}
	queue := d.list(undated)
	require.Len(t, queue, 1)
	require.Equal(t, findings.Review{}, queue[0].Review)
	audit := undated
	audit.Accepted = true

	res := d.accept(queue[0], "the page has no date")
	require.Empty(t, d.list(undated), "accepted, it leaves the queue")
	all := d.list(audit)
	require.Len(t, all, 1)
	require.Equal(t, findings.Review{Stream: res.Stream, Standing: review.StandingAccepted, Reason: "the page has no date"}, all[0].Review)
	before := audit
	before.At = readmodel.At{Events: all[0].Since.Sequence + 1}
	require.Equal(t, findings.Review{}, d.list(before)[0].Review, "as recorded before")
	byID := findings.Filter{ID: all[0].ID, Accepted: true}
	require.Len(t, d.list(byID), 1)

	d.do("memorandum.add_title", pact, `{"fact":{"source":{"id":"`+page+`"}},"title":{"lang":"de","value":"Flüsse"}}`)
	require.Empty(t, d.list(undated), "another event changes nothing")
	d.do("memorandum.correct", pact, fmt.Sprintf(
		`{"fact":{"source":{"id":%[1]q}},"of":%[2]d,"reason":"misread","as":{"type":"memorandum.signed","schema":1,"data":{"fact":{"source":{"id":%[1]q}},"party":{"id":%[3]q},"place":"Lviv"}}}`,
		page, signed.Events[0].Revision, lviv,
	))
	queue = d.list(undated)
	require.Len(t, queue, 1, "it comes back when its event changes")
	require.True(t, queue[0].Review.Stale)
	require.Equal(t, review.StandingAccepted, queue[0].Review.Standing)

	again := d.accept(queue[0], "still without a date")
	require.Equal(t, res.Stream, again.Stream, "one review of one finding")
	require.Empty(t, d.list(undated))
	d.do("review.reopen", again.Stream, `{"reason":"a date was found"}`)
	queue = d.list(undated)
	require.Len(t, queue, 1)
	require.Equal(t, review.StandingOpen, queue[0].Review.Standing)
	d.do("review.assign", "", fmt.Sprintf(`{"finding":{"id":%q,"code":%q,"stream":%q},"to":"clerk-7"}`, queue[0].ID, queue[0].Code, pact))
	queue = d.list(undated)
	require.Len(t, queue, 1, "assigned, it stays in the queue")
	require.Equal(t, "clerk-7", queue[0].Review.To)
}

// TestHiddenReview checks that a review leaves the queue only of those who may
// see it: for the others nothing is decided.
func TestHiddenReview(t *testing.T) {
	d := newDesk(t)
	pact := d.do("memorandum.draft", "", `{"kind":"mou","titles":[{"lang":"en","value":"Rivers"}]}`).Stream
	queue := d.list(findings.Filter{Stream: pact})
	require.NotEmpty(t, queue)
	res := d.accept(queue[0], "known to the desk")
	internal := findings.Filter{Stream: pact, At: readmodel.At{Sees: es.Internal}}
	require.Len(t, d.list(internal), len(queue)-1)
	d.do("review.reclassify", res.Stream, `{"visibility":"restricted","reason":"says who complained"}`)
	require.Equal(t, queue, d.list(internal))
	require.Len(t, d.list(findings.Filter{Stream: pact, At: readmodel.At{Sees: es.Restricted}}), len(queue)-1)
}
