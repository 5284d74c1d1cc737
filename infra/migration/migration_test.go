package migration_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
	"github.com/entente-ledger/entente/infra/eventstore/memory"
	"github.com/entente-ledger/entente/infra/migration"
)

func records(n, size int) []es.Record {
	recs := make([]es.Record, n)
	for i := range recs {
		recs[i] = es.Record{
			ID: uuid.New(), Type: "memorandum.signed", Schema: 1 + i%2,
			Data: fmt.Appendf(nil, `{"n":%d,"x":"%0*d"}`, i, size, 0), Meta: []byte(` {"a":1.0}`),
		}
	}
	return recs
}

// filled returns a store with appends of sizes, some of them to one stream.
func filled(t require.TestingT, sizes ...int) *memory.Store {
	s := memory.Open()
	at := map[string]es.Revision{}
	streams := []string{es.StreamName("memorandum", uuid.New()), es.StreamName("party", uuid.New()), es.SystemPrefix + "lease"}
	for i, n := range sizes {
		stream := streams[i/3%len(streams)]
		_, err := s.Append(context.Background(), stream, at[stream], records(n, 10)...)
		require.NoError(t, err)
		at[stream] += es.Revision(n)
	}
	return s
}

func log(t require.TestingT, s es.Store) (all []es.Record) {
	for r, err := range s.ReadAll(context.Background(), 0) {
		require.NoError(t, err)
		r.Position = 0
		all = append(all, r)
	}
	return all
}

func TestRun(t *testing.T) {
	from := filled(t, 1, 3, 1000, 2, 700, 5, 1, 1, 4)
	large := es.StreamName("memorandum", uuid.New())
	for at := range es.Revision(3) { // more in a row than one append may have
		_, err := from.Append(t.Context(), large, at, records(1, es.MaxAppendBytes/2)...)
		require.NoError(t, err)
	}
	to, err := embedded.Open(t.Context(), t.TempDir(), embedded.Options{})
	require.NoError(t, err)
	var told []migration.Progress
	first, err := migration.Run(t.Context(), from, to, func(p migration.Progress) { told = append(told, p) })
	require.NoError(t, err)
	all := log(t, from)
	require.Equal(t, all, log(t, to))
	require.EqualValues(t, len(all), first.Records)
	require.EqualValues(t, len(all), first.Copied)
	require.Contains(t, told, migration.Progress{Records: uint64(len(all))})
	require.Contains(t, told, migration.Progress{Verifying: true, Records: 1000})

	t.Run("again_copies_nothing", func(t *testing.T) {
		again, err := migration.Run(t.Context(), from, to, nil)
		require.NoError(t, err)
		require.Equal(t, migration.Report{Records: first.Records, Digest: first.Digest}, again)
	})
	t.Run("and_back", func(t *testing.T) {
		back := memory.Open()
		report, err := migration.Run(t.Context(), to, back, nil)
		require.NoError(t, err)
		require.Equal(t, first, report)
		require.Equal(t, all, log(t, back))
	})
	t.Run("goes_on_after_new_records", func(t *testing.T) {
		_, err := from.Append(t.Context(), large, 3, records(2, 1)...)
		require.NoError(t, err)
		more, err := migration.Run(t.Context(), from, to, nil)
		require.NoError(t, err)
		require.EqualValues(t, 2, more.Copied)
		require.NotEqual(t, first.Digest, more.Digest)
	})
	require.NoError(t, to.Close())
}

// failing is a store that fails after some appends.
type failing struct {
	es.Store
	left int
}

var errCut = errors.New("the line was cut")

func (f *failing) Append(ctx context.Context, stream string, at es.Revision, recs ...es.Record) (es.Position, error) {
	if f.left--; f.left < 0 {
		return 0, errCut
	}
	return f.Store.Append(ctx, stream, at, recs...)
}

// TestResume checks that a migration cut short anywhere, again and again, ends
// as one that was not.
func TestResume(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		from := filled(rt, rapid.SliceOfN(rapid.IntRange(1, 5), 1, 30).Draw(rt, "appends")...)
		to := memory.Open()
		for {
			report, err := migration.Run(context.Background(), from, &failing{to, rapid.IntRange(1, 6).Draw(rt, "left")}, nil)
			if err == nil {
				require.EqualValues(rt, len(log(rt, from)), report.Records)
				break
			}
			require.ErrorIs(rt, err, errCut)
		}
		require.Equal(rt, log(rt, from), log(rt, to))
	})
}

func TestRunRefuses(t *testing.T) {
	from := filled(t, 2, 2, 2)
	all := log(t, from)
	for name, change := range map[string]func(recs []es.Record) []es.Record{
		"another_log":  func([]es.Record) []es.Record { return log(t, filled(t, 1)) },
		"other_bytes":  func(recs []es.Record) []es.Record { recs[3].Data = []byte(`{}`); return recs },
		"other_meta":   func(recs []es.Record) []es.Record { recs[3].Meta = []byte(`{}`); return recs },
		"other_id":     func(recs []es.Record) []es.Record { recs[5].ID[3]++; return recs },
		"other_type":   func(recs []es.Record) []es.Record { recs[0].Type = "memorandum.adopted"; return recs },
		"other_schema": func(recs []es.Record) []es.Record { recs[0].Schema = 9; return recs },
		"more":         func(recs []es.Record) []es.Record { return append(recs, records(1, 1)...) },
	} {
		t.Run(name, func(t *testing.T) {
			to := memory.Open()
			for _, r := range change(append([]es.Record(nil), all...)) {
				stream := r.Stream
				if stream == "" {
					stream = all[0].Stream
				}
				n := es.Revision(0)
				for range to.ReadStream(t.Context(), stream, 0) {
					n++
				}
				_, err := to.Append(t.Context(), stream, n, r)
				require.NoError(t, err)
			}
			before := log(t, to)
			_, err := migration.Run(t.Context(), from, to, nil)
			require.ErrorIs(t, err, es.ErrConflict)
			require.ErrorContains(t, err, "migrate.other_log")
			require.Equal(t, before, log(t, to), "nothing was added")
		})
	}
}
