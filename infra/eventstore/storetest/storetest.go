// Package storetest is the conformance suite of the event store port. Every
// adapter of [es.Store] runs it, and so means the same by every word of the
// port.
//
// The suite assumes neither that the log is empty nor that positions are
// dense nor that nobody else writes to it, so that it also runs against a
// shared server.
package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
)

// Backend is one place where records are kept, and the ways to open it.
type Backend struct {
	// Open opens the store for writing. The suite closes it, and then may open
	// it again.
	Open func(ctx context.Context) (es.Store, error)
	// OpenReadOnly opens it a second time, as another process would that only
	// reads, while the first is open. Nil if there is no such thing.
	OpenReadOnly func(ctx context.Context) (es.Store, error)
	// Crash returns what would be found if the process and its store ended at
	// this moment without a chance to clean up. Nil if that cannot be told.
	Crash func(t *testing.T) Backend
	// Volatile says that nothing outlives Close.
	Volatile bool
}

// Factory returns a backend for one test, which may share its log with others.
type Factory func(t *testing.T) Backend

// Run checks that the stores of f keep the contract of [es.Store].
func Run(t *testing.T, f Factory) {
	t.Helper()
	for _, group := range []struct {
		name  string
		tests []test
	}{
		{"append", appendTests},
		{"read", readTests},
		{"subscribe", subscribeTests},
		{"concurrent", concurrentTests},
		{"cancel", cancelTests},
		{"end", endTests},
		{"model", modelTests},
	} {
		t.Run(group.name, func(t *testing.T) {
			for _, test := range group.tests {
				t.Run(test.name, func(t *testing.T) {
					t.Parallel()
					test.run(t, f(t))
				})
			}
		})
	}
}

type test struct {
	name string
	run  func(t *testing.T, b Backend)
}

// patience bounds the waiting for what must come; no test waits that long
// unless it fails.
const patience = 30 * time.Second

func testContext(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

func open(t *testing.T, b Backend) es.Store {
	t.Helper()
	s, err := b.Open(testContext(t))
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() }) // a test that cares closes it itself
	return s
}

// newStream returns the name of a stream that nobody else writes to.
func newStream() string { return es.StreamName("memorandum", uuid.New()) }

// newRecords returns n records that were never appended.
func newRecords(n int) []es.Record {
	recs := make([]es.Record, n)
	for i := range recs {
		id := uuid.New()
		recs[i] = es.Record{
			ID: id, Type: "memorandum.signed", Schema: 1 + i%3,
			Data: fmt.Appendf(nil, `{"party": %q, "at":%d}`, "Ἰωάννινα", i),
			Meta: fmt.Appendf(nil, `{"cause":"%s"}`, id),
		}
	}
	return recs
}

// appendTo appends n new records and returns them as they must be read.
func appendTo(t *testing.T, s es.Store, stream string, at es.Revision, n int) []es.Record {
	t.Helper()
	recs := newRecords(n)
	p, err := s.Append(testContext(t), stream, at, recs...)
	require.NoError(t, err)
	want := placed(stream, at, recs)
	want[n-1].Position = p
	return want
}

// placed returns recs as they are read from a stream, without positions.
func placed(stream string, at es.Revision, recs []es.Record) []es.Record {
	out := make([]es.Record, len(recs))
	for i, r := range recs {
		r.Stream, r.Revision, r.Position = stream, at+es.Revision(i)+1, 0
		out[i] = r
	}
	return out
}

// all reads a sequence to its end, which must not be an error.
func all(t *testing.T, seq iter.Seq2[es.Record, error]) []es.Record {
	t.Helper()
	var recs []es.Record
	for r, err := range seq {
		require.NoError(t, err)
		recs = append(recs, r)
	}
	return recs
}

// requireSame fails unless got are want; positions are compared where want has
// them, and must grow.
func requireSame(t *testing.T, want, got []es.Record) {
	t.Helper()
	require.Len(t, got, len(want))
	last := es.Position(0)
	for i, g := range got {
		require.Greater(t, g.Position, last, "positions grow")
		last = g.Position
		if want[i].Position == 0 {
			g.Position = 0
		}
		require.Equal(t, want[i], g, "record %d", i)
	}
}

// requireStream fails unless stream holds want.
func requireStream(t *testing.T, s es.Store, stream string, want []es.Record) {
	t.Helper()
	requireSame(t, want, all(t, s.ReadStream(testContext(t), stream, 0)))
}

// requireSound reads the log after a position and fails unless positions grow,
// the revisions of each stream are dense, and no id comes twice in a stream. In
// the log it may: another test, or an earlier run on this server, appends the
// same ids to two streams.
func requireSound(t *testing.T, s es.Store, after es.Position) []es.Record {
	t.Helper()
	recs := all(t, s.ReadAll(testContext(t), after))
	type place struct {
		stream string
		id     uuid.UUID
	}
	last, ids, revisions := after, map[place]bool{}, map[string]es.Revision{}
	for _, r := range recs {
		require.Greater(t, r.Position, last, "positions grow")
		if before, seen := revisions[r.Stream]; seen {
			require.Equal(t, before+1, r.Revision, "revisions of %s are dense", r.Stream)
		}
		at := place{r.Stream, r.ID}
		require.False(t, ids[at], "id %s comes once in %s", r.ID, r.Stream)
		last, ids[at], revisions[r.Stream] = r.Position, true, r.Revision
	}
	return recs
}

func head(t *testing.T, s es.Store) es.Position {
	t.Helper()
	p, err := s.Head(testContext(t))
	require.NoError(t, err)
	return p
}

// validJSON is a JSON text of about n bytes, with what encoders like to change.
func validJSON(n int) []byte {
	text, err := json.Marshal(map[string]any{"text": string(make([]byte, n/6)), "σ": "Ιωάννινα 条約 \U0001F91D é e\u0301"})
	if err != nil {
		panic(err)
	}
	return append([]byte(" \t\n{ \"html\":\"<&>\", \"number\": 1.0e+2, \"number\":0.10, \"x\":"), append(text, " }\n"...)...)
}
