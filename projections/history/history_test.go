package history_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// recorded returns a world, and calls use with its history.
func recorded(t *testing.T, use func(store *projectiontest.Store, log history.Log)) {
	t.Helper()
	store := projectiontest.NewStore()
	w, err := projectiontest.NewWorld(store, rand.New(rand.NewPCG(2, 1)).IntN)
	require.NoError(t, err)
	for i := range 200 {
		if i == 50 {
			store.Put(es.Record{Stream: "entente_lease", Revision: 1, Type: "lease", Schema: 1})
		}
		require.NoError(t, w.Step())
	}
	projectiontest.Read(t, t.TempDir(), store, func(conn *sqlite.Conn) { use(store, history.Log{Conn: conn, Store: store}) })
}

// own returns the records that are the ledger's.
func own(store *projectiontest.Store) []es.Record {
	var all []es.Record
	for r := range ledger.Own(store.ReadAll(context.Background(), 0)) {
		all = append(all, r)
	}
	return all
}

func TestLines(t *testing.T) {
	recorded(t, func(store *projectiontest.Store, log history.Log) {
		all := own(store)
		byStream, byType := map[string][]es.Record{}, map[string][]es.Record{}
		for _, r := range all {
			byStream[r.Stream] = append(byStream[r.Stream], r)
			byType[r.Type] = append(byType[r.Type], r)
		}
		records := func(lines []history.Line) []es.Record {
			var recs []es.Record
			for _, l := range lines {
				require.Equal(t, all[l.Sequence].ID, l.ID)
				recs = append(recs, l.Record)
			}
			return recs
		}
		t.Run("by_sequence", func(t *testing.T) {
			lines, err := log.Range(t.Context(), 0, 0)
			require.NoError(t, err)
			require.Equal(t, all, records(lines))
			lines, err = log.Range(t.Context(), 45, 10)
			require.NoError(t, err)
			require.Equal(t, all[45:55], records(lines))
			lines, err = log.Range(t.Context(), uint64(len(all)), 10)
			require.NoError(t, err)
			require.Empty(t, lines)
		})
		t.Run("by_stream", func(t *testing.T) {
			for stream, want := range byStream {
				lines, err := log.Stream(t.Context(), stream, 0, 0)
				require.NoError(t, err)
				require.Equal(t, want, records(lines))
				lines, err = log.Stream(t.Context(), stream, 1, 2)
				require.NoError(t, err)
				require.Equal(t, append([]es.Record(nil), want[1:min(3, len(want))]...), records(lines))
			}
			lines, err := log.Stream(t.Context(), "party-none", 0, 0)
			require.NoError(t, err)
			require.Empty(t, lines)
		})
		t.Run("by_type", func(t *testing.T) {
			for name, want := range byType {
				lines, err := log.Type(t.Context(), name, 0, 0)
				require.NoError(t, err)
				require.Equal(t, want, records(lines))
			}
		})
		t.Run("by_id", func(t *testing.T) {
			for i, r := range all {
				l, err := log.Event(t.Context(), r.ID)
				require.NoError(t, err)
				require.Equal(t, uint64(i), l.Sequence)
				require.Equal(t, r, l.Record)
				p, err := history.At(log.Conn, r.Stream, r.Revision, readmodel.At{})
				require.NoError(t, err)
				require.Equal(t, history.Place{Sequence: uint64(i), Position: r.Position, Stream: r.Stream, Revision: r.Revision, ID: r.ID, Type: r.Type}, p)
			}
			_, err := log.Event(t.Context(), uuid.Max)
			require.ErrorIs(t, err, es.ErrNotFound)
			_, err = history.At(log.Conn, all[0].Stream, 99, readmodel.At{})
			require.ErrorIs(t, err, es.ErrNotFound)
		})
	})
}

func TestLineTells(t *testing.T) {
	recorded(t, func(_ *projectiontest.Store, log history.Log) {
		lines, err := log.Range(t.Context(), 0, 0)
		require.NoError(t, err)
		targets := 0
		for _, l := range lines {
			meta, err := es.DecodeMeta(l.Record.Meta)
			require.NoError(t, err)
			require.Equal(t, []any{meta.KnownAt, meta.KnownRequested, meta.RecordedAt, meta.Actor, meta.Cause, meta.Visibility},
				[]any{l.Known, l.Requested, l.Recorded, l.Actor, l.Cause, l.Visibility})
			if e, ok := l.Event.(interface{ About() terms.Fact }); ok {
				f := e.About()
				require.Equal(t, []any{f.Occurred, f.From(), f.Status, f.Source, f.Authority}, []any{l.Occurred, l.Effective, l.Status, l.Source, l.Authority})
			}
			switch e := l.Event.(type) {
			case memorandum.Corrected:
				require.Equal(t, e.Of, l.Target)
				targets++
			case memorandum.Voided:
				require.Equal(t, e.Of, l.Target)
				targets++
			case memorandum.Signed:
				require.Zero(t, l.Target)
			}
		}
		require.Positive(t, targets)
	})
}

func TestAnotherStore(t *testing.T) {
	recorded(t, func(store *projectiontest.Store, log history.Log) {
		all := own(store)
		short := history.Log{Conn: log.Conn, Store: store.Prefix(10)}
		_, err := short.Range(t.Context(), 0, 0)
		require.ErrorIs(t, err, es.ErrCorrupt)
		_, err = short.Event(t.Context(), all[20].ID)
		require.ErrorIs(t, err, es.ErrCorrupt)
		_, err = short.Stream(t.Context(), all[20].Stream, 0, 0)
		require.ErrorIs(t, err, es.ErrCorrupt)
	})
}

func TestResolve(t *testing.T) {
	recorded(t, func(store *projectiontest.Store, log history.Log) {
		streams := map[string]bool{}
		for _, r := range own(store) {
			streams[r.Stream] = true
		}
		for stream := range streams {
			_, id, err := es.ParseStream(stream)
			require.NoError(t, err)
			for _, prefix := range []string{stream, stream[:len(stream)-20], id.String(), id.String()[:13]} {
				got, err := history.Resolve(log.Conn, prefix, readmodel.At{})
				require.NoError(t, err, prefix)
				require.Equal(t, stream, got)
			}
		}
		for _, prefix := range []string{"", "party-ffffffffffff", "x", "memorandum", "'", "0%"} {
			_, err := history.Resolve(log.Conn, prefix, readmodel.At{})
			require.ErrorIs(t, err, es.ErrNotFound, prefix)
		}
		_, err := history.Resolve(log.Conn, "memorandum-", readmodel.At{})
		require.ErrorIs(t, err, es.ErrInvalid)
		require.ErrorContains(t, err, "and others")
	})
}

// The streams that cite a source are those with an event that names it.
func TestCiting(t *testing.T) {
	recorded(t, func(store *projectiontest.Store, log history.Log) {
		want := map[string]map[string]bool{}
		for _, r := range own(store) {
			e, err := ledger.Decode(r)
			require.NoError(t, err)
			f, ok := e.(interface{ About() terms.Fact })
			if !ok || f.About().Source.ID == "" {
				continue
			}
			id := string(f.About().Source.ID)
			if want[id] == nil {
				want[id] = map[string]bool{}
			}
			want[id][r.Stream] = true
		}
		require.NotEmpty(t, want)
		for id, streams := range want {
			got := map[string]bool{}
			require.NoError(t, history.Citing(log.Conn, id, readmodel.At{}, func(stream string) error {
				require.False(t, got[stream], "twice")
				got[stream] = true
				return nil
			}))
			require.Equal(t, streams, got)
		}
		require.NoError(t, history.Citing(log.Conn, "source-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9eff", readmodel.At{}, func(string) error {
			require.Fail(t, "nobody cites what is not there")
			return nil
		}))
	})
}
