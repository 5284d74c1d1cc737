package obligations_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/obligations"
	"github.com/entente-ledger/entente/projections/projectiontest"
)

func TestMain(m *testing.M) {
	if err := projectiontest.Checks(12); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// TestOracle checks what falls due, on all axes and under every filter, against
// the folded prefixes of the agreements.
func TestOracle(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w, store := projectiontest.Random(rt, 20, 120, func(w *projectiontest.World) { w.Owing = true })
		dir, err := os.MkdirTemp(t.TempDir(), "")
		require.NoError(rt, err)
		projectiontest.Read(rt, dir, store, func(conn *sqlite.Conn) {
			for range 5 {
				compare(rt, conn, store.Records(), w)
			}
		})
	})
}

// owed is an obligation without its place in the log.
type owed struct {
	terms.Due
	Stream    string
	Fell      bool
	SettledOn edtf.Date
	By        es.Revision // the last reminder
	Sent      edtf.Date
}

func compare(t *rapid.T, conn *sqlite.Conn, log []es.Record, w *projectiontest.World) {
	at, on := w.At(len(log)), w.Date()
	var all []owed
	for _, stream := range w.Agreements() {
		recs, err := projectiontest.Prefix(log, stream, at)
		require.NoError(t, err)
		s, err := projectiontest.Fold(memorandum.Decider, recs)
		require.NoError(t, err)
		for _, d := range s.Dues() {
			by, sent := reminded(&s, d, on)
			all = append(all, owed{d, stream, fell(&s, d), settledOn(&s, d), by, sent})
		}
	}
	days := []edtf.Date{edtf.MustParse("2018-10-03"), edtf.MustParse("2020")}
	for _, o := range all { // the days just on and after which something changes
		for _, d := range []edtf.Day{o.On.Earliest(), o.On.Latest()} {
			days = append(days, edtf.OfDay(d), edtf.OfDay(d.Add(edtf.Period{Days: 1})))
		}
	}
	day := rapid.SampledFrom(days).Draw(t, "day")
	party := terms.PartyID(rapid.SampledFrom(w.Parties()).Draw(t, "party"))
	stream := rapid.SampledFrom(w.Agreements()).Draw(t, "agreement")
	for name, c := range map[string]struct {
		filter obligations.Filter
		wanted func(o owed) bool
	}{
		"all":    {obligations.Filter{}, func(owed) bool { return true }},
		"open":   {obligations.Filter{Open: true}, func(o owed) bool { return o.Settled == 0 }},
		"from":   {obligations.Filter{From: day}, func(o owed) bool { return o.On.Latest() >= day.Earliest() }},
		"to":     {obligations.Filter{To: day}, func(o owed) bool { return o.On.Earliest() <= day.Latest() }},
		"party":  {obligations.Filter{Party: party}, func(o owed) bool { return o.Due.By == party || o.To == party }},
		"by":     {obligations.Filter{By: party}, func(o owed) bool { return o.Due.By == party }},
		"stream": {obligations.Filter{Stream: stream}, func(o owed) bool { return o.Stream == stream }},
		"kind":   {obligations.Filter{Kind: terms.Effect}, func(o owed) bool { return o.Kind == terms.Effect }},
		"overdue": {obligations.Filter{Overdue: day}, func(o owed) bool {
			return o.Kind == terms.Duty && o.Settled == 0 && o.Passed(day) != edtf.No
		}},
		"unmet": {obligations.Filter{Unmet: day}, func(o owed) bool {
			return o.Kind == terms.Duty && o.Passed(day) != edtf.No && (o.Settled == 0 || edtf.Before(day, o.SettledOn) != edtf.No)
		}},
		"came": {obligations.Filter{Came: day}, func(o owed) bool { return o.Settled == 0 && !o.Fell && o.Passed(day) == edtf.Yes }},
	} {
		var want []owed
		for _, o := range all {
			if c.wanted(o) {
				want = append(want, o)
			}
		}
		c.filter.At, c.filter.On = at, on
		require.ElementsMatch(t, want, listed(t, conn, c.filter), name)
	}
}

// settledOn returns from when the event that settled it counts.
func settledOn(s *memorandum.State, d terms.Due) edtf.Date {
	h, _ := s.Book().At(d.Settled)
	return h.Fact.From()
}

// fell reports whether it is recorded that the day came, read naively.
func fell(s *memorandum.State, d terms.Due) bool {
	for fact := range s.Facts() {
		if e, ok := fact.Event.(memorandum.FellDue); ok && e.Rule == d.Rule && e.Of == d.Of && e.Key == d.Key && e.On == d.On {
			return true
		}
	}
	return false
}

// reminded is the reminder of a due day that begins last, of those perhaps sent
// by a date, read naively.
func reminded(s *memorandum.State, d terms.Due, on edtf.Date) (by es.Revision, sent edtf.Date) {
	on = edtf.Between(on.Earliest(), on.Latest()) // of a date-time the day counts
	for h := range s.Book().Held() {
		e, ok := h.Event.(memorandum.Notified)
		if !ok || !h.Moves() || e.Matter != "reminder" || e.Concerning != d.Of || !e.Due.IsUnknown() && e.Due != d.On {
			continue
		}
		from := h.Fact.From()
		if (on.IsUnknown() || edtf.Before(on, from) != edtf.Yes) && (by == 0 || from.Earliest() >= sent.Earliest()) {
			by, sent = h.Revision, from
		}
	}
	return by, sent
}

func listed(t *rapid.T, conn *sqlite.Conn, f obligations.Filter) []owed {
	var all []owed
	last := edtf.MinDay
	for f.Limit = 3; ; {
		page, next, err := obligations.List(conn, f)
		require.NoError(t, err)
		require.LessOrEqual(t, len(page), 3)
		for _, o := range page {
			require.GreaterOrEqual(t, o.On.Latest(), last, "by their last day")
			last = o.On.Latest()
			all = append(all, owed{o.Due, o.Stream, o.Fell, o.SettledOn, o.RemindedBy, o.Reminded})
		}
		if f.After = next; next == "" {
			return all
		}
	}
}
