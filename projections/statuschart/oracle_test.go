package statuschart_test

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
	"github.com/entente-ledger/entente/projections/statuschart"
)

// TestMain makes fewer random worlds than usual, each of which is compared in
// many ways; -rapid.checks asks for more.
func TestMain(m *testing.M) {
	if err := projectiontest.Checks(20); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// views calls use with the charts of a log.
func views(t require.TestingT, dir string, store es.Store, use func(conn *sqlite.Conn)) {
	projectiontest.Read(t, dir, store, use, statuschart.New())
}

// TestOracle checks the bitemporal rows against a naive replay: whatever is
// asked for, the chart says what the prefix of the stream says when it is
// folded.
func TestOracle(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		store := projectiontest.NewStore()
		choose := func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "choice") }
		w, err := projectiontest.NewWorld(store, choose)
		require.NoError(rt, err)
		for n := range rapid.IntRange(10, 80).Draw(rt, "steps") {
			require.NoError(rt, w.Step())
			require.NoError(rt, participate(w, choose, n))
		}
		dir, err := os.MkdirTemp(t.TempDir(), "")
		require.NoError(rt, err)
		views(rt, dir, store, func(conn *sqlite.Conn) {
			for range 5 {
				compare(rt, conn, store.Records(), w, w.At(len(store.Records())))
			}
		})
	})
}

// participate gives one of the commands that the world does not, the n-th.
func participate(w *projectiontest.World, choose func(n int) int, n int) error {
	if len(w.Agreements()) == 0 || len(w.Parties()) == 0 {
		return nil
	}
	f := on([]string{"", "2018", "2018-10-03", "2019-06-01/2019-06-30", "2020"}[choose(5)])
	party := terms.PartyID(w.Parties()[choose(len(w.Parties()))])
	key := memorandum.Key([]string{"art7", "art8"}[choose(2)])
	means := memorandum.Means("").Words()
	c := []memorandum.Command{
		memorandum.Reserve{Fact: f, Party: party, Key: key, Gist: terms.Text{Lang: "en", Value: "not this"}},
		memorandum.Unreserve{Fact: f, Reservation: key},
		memorandum.Object{Fact: f, Party: party, Reservation: key},
		memorandum.Consent{Fact: f, Party: ref(party), Means: memorandum.Means(means[choose(len(means))]), Predecessor: party},
		memorandum.Sign{Fact: f, Party: ref(party), Definitive: true},
		memorandum.ApplyProvisionally{Fact: f, Parties: []terms.PartyID{party}},
		memorandum.EndProvisional{Fact: f},
		memorandum.RevokeNotice{Fact: f, Party: party},
	}[choose(8)]
	name, _, payload, err := memorandum.Commands.Encode(c)
	if err != nil {
		return err
	}
	_, err = w.Ledger.Do(context.Background(), es.Command{
		ID: uuid.NewSHA1(uuid.NameSpaceDNS, binary.BigEndian.AppendUint64(nil, uint64(n))), Name: name,
		Stream: w.Agreements()[choose(len(w.Agreements()))], Payload: payload, Actor: "tester", KnownAt: w.KnownAt(),
	})
	if errors.Is(err, es.ErrRejected) {
		return nil
	}
	return err
}

// compare compares all charts, and the rows of all parties, with the oracle.
func compare(t *rapid.T, conn *sqlite.Conn, log []es.Record, w *projectiontest.World, at readmodel.At) {
	ofParty := map[terms.PartyID][]statuschart.Row{}
	for _, stream := range w.Agreements() {
		recs, err := projectiontest.Prefix(log, stream, at)
		require.NoError(t, err)
		got, err := statuschart.Get(conn, stream, at)
		if len(recs) == 0 {
			require.ErrorIs(t, err, es.ErrNotFound)
			continue
		}
		require.NoError(t, err)
		s, err := projectiontest.Fold(memorandum.Decider, recs)
		require.NoError(t, err)
		last, err := es.DecodeMeta(recs[len(recs)-1].Meta)
		require.NoError(t, err)
		want := statuschart.Chart{Agreement: stream, Exists: s.Exists(), Visibility: last.Visibility, Rows: statuschart.Draw(stream, &s)}
		require.Equal(t, want, got)
		for _, r := range got.Rows {
			ofParty[r.Party] = append(ofParty[r.Party], r)
		}
		if whole(t, log, recs) {
			lawful(t, &s, got.Rows)
		}
	}
	for _, party := range w.Parties() {
		rows, err := statuschart.ByParty(conn, party, at)
		require.NoError(t, err)
		require.Equal(t, ofParty[terms.PartyID(party)], rows)
	}
}

// whole reports whether a prefix of a stream does not end among the events of
// one command, of which the last ones say what follows from the first.
func whole(t *rapid.T, log, prefix []es.Record) bool {
	last := prefix[len(prefix)-1]
	all, err := projectiontest.Prefix(log, last.Stream, readmodel.At{})
	require.NoError(t, err)
	if len(all) == len(prefix) {
		return true
	}
	now, err := es.DecodeMeta(last.Meta)
	require.NoError(t, err)
	next, err := es.DecodeMeta(all[len(prefix)].Meta)
	require.NoError(t, err)
	return now.Cause != next.Cause
}

type seat struct {
	party terms.PartyID
	round int
}

// lawful checks rows against what the state says elsewhere.
func lawful(t *rapid.T, s *memorandum.State, rows []statuschart.Row) {
	seats, inForce, reservations := map[seat]statuschart.Row{}, 0, 0
	entry, _ := s.Entry()
	// A determination that a later one with another answer replaced is in doubt
	// for nobody; the dates of a party that stayed the same still rest on it.
	replaced := func(e memorandum.Event) bool {
		d, ok := e.(memorandum.EntryDetermined)
		return ok && (d.Met != entry.Met || d.From != entry.From)
	}
	for _, r := range rows {
		require.NotContains(t, seats, seat{r.Party, r.Round})
		seats[seat{r.Party, r.Round}] = r
		reservations += r.Reservations
		if r.InForce.Done() {
			inForce++
		}
		for _, a := range []statuschart.Act{r.Signed, r.Consented, r.InForce, r.Noticed, r.Left} {
			h, held := s.Book().At(a.By)
			require.Equal(t, a.Done(), held)
			require.True(t, !held || h.Moves() || a == r.InForce && (r.Doubt || replaced(h.Event)), "what is in dispute moves nothing")
		}
	}
	if !s.Exists() {
		require.Empty(t, rows)
		return
	}
	for _, span := range s.Parts() {
		require.Contains(t, seats, seat{span.Party, span.Round})
	}
	require.Len(t, entry.Parties, inForce)
	for _, f := range entry.Parties {
		r := seats[seat{f.Party, f.Round}]
		require.Equal(t, []any{f.From, f.Left, f.Until}, []any{r.InForce.On, r.Left.Done(), r.Left.On})
		require.True(t, r.InForceMet == f.Met || r.Doubt && r.InForceMet == edtf.Maybe)
	}
	require.Len(t, standing(s), reservations)
}

// standing returns the reservations that were made and not withdrawn.
func standing(s *memorandum.State) map[memorandum.Key]bool {
	keys := map[memorandum.Key]bool{}
	for h := range s.Book().Moving() {
		if e, ok := h.Event.(memorandum.Reserved); ok {
			keys[e.Key] = true
		}
	}
	for h := range s.Book().Moving() {
		if e, ok := h.Event.(memorandum.Unreserved); ok {
			delete(keys, e.Reservation)
		}
	}
	return keys
}
