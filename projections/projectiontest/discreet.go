package projectiontest

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
)

// Answer is what a query answers, to be compared.
type Answer struct {
	Value any
	Err   error
}

// Answered returns what a query answered.
func Answered(value any, err error) Answer {
	if err != nil {
		return Answer{Err: err}
	}
	return Answer{Value: value}
}

// Paged returns what a list answers page by page, and the cursors.
func Paged[T any](list func(after string) (page T, next string, err error)) (all []Answer) {
	after := ""
	for {
		page, next, err := list(after)
		all = append(all, Answered(page, err), Answered(next, nil))
		if after = next; after == "" {
			return all
		}
	}
}

// Discreet checks rule 12 of the ledger for whatever ask asks of the views:
//
//   - To whoever may not see a stream it makes no difference what that stream
//     says: the answers are those about a log in which it says nothing.
//   - Who may see what is restricted is answered as the operator is.
//
// The streams of the log are given visibilities at random, which change at
// random. Ask must ask the same each time it is called, but for who sees it.
func Discreet(t *testing.T, rt *rapid.T, log []es.Record, ask func(conn *sqlite.Conn, sees es.Visibility) []Answer) {
	log = Classify(log, func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "visibility") })
	answers := func(log []es.Record, sees ...es.Visibility) (all [][]Answer) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		require.NoError(rt, err)
		store := NewStore()
		for _, r := range log {
			store.Put(r)
		}
		Read(rt, dir, store, func(conn *sqlite.Conn) {
			for _, s := range sees {
				asked := ask(conn, s)
				for _, a := range asked {
					require.True(rt, a.Err == nil || errors.Is(a.Err, es.ErrNotFound) || errors.Is(a.Err, es.ErrInvalid), "%v", a.Err)
				}
				all = append(all, asked)
			}
		})
		require.NoError(rt, os.RemoveAll(dir))
		return all
	}
	got := answers(log, "", es.Restricted, es.Internal, es.Public)
	require.Equal(rt, got[0], got[1], "restricted")
	require.Equal(rt, answers(Silence(log, es.Internal), es.Internal)[0], got[2], "internal")
	require.Equal(rt, answers(Silence(log, es.Public), es.Public)[0], got[3], "public")
}

// Classify returns a log of which each stream has visibilities that are chosen
// at random: one from its first event on, and perhaps another from a later one.
func Classify(log []es.Record, choose Choose) []es.Record {
	words := []es.Visibility{es.Public, es.Internal, es.Restricted}
	now := map[string]es.Visibility{}
	return each(log, func(r *es.Record, meta *es.Meta) {
		if now[r.Stream] == "" || choose(8) == 0 {
			now[r.Stream] = words[choose(len(words))]
		}
		meta.Visibility = now[r.Stream]
	})
}

// Visibilities returns what each stream of a log has by its last event.
func Visibilities(log []es.Record) map[string]es.Visibility {
	last := map[string]es.Visibility{}
	each(log, func(r *es.Record, meta *es.Meta) { last[r.Stream] = meta.Visibility })
	return last
}

// Seen reports whether who may see one visibility may see another.
func Seen(v, sees es.Visibility) bool {
	rank := []es.Visibility{es.Public, es.Internal, es.Restricted, ""}
	return slices.Index(rank, v) <= slices.Index(rank, sees)
}

// Silence returns a log in which the streams that may not be seen say nothing,
// not even how they were opened: each event is one that states who may see it.
func Silence(log []es.Record, sees es.Visibility) []es.Record {
	of := Visibilities(log)
	return each(log, func(r *es.Record, meta *es.Meta) {
		if Seen(of[r.Stream], sees) || r.Revision == 1 && strings.HasPrefix(r.Stream, "ledger-") {
			return
		}
		kind, _, _ := strings.Cut(r.Stream, "-")
		data, err := json.Marshal(book.Reclassified{Visibility: meta.Visibility, Reason: "says nothing"})
		if err != nil {
			panic(err) // it has nothing that cannot be written
		}
		r.Type, r.Schema, r.Data = kind+".reclassified", 1, data
	})
}

// each returns a log in which each record and its metadata were changed.
func each(log []es.Record, change func(r *es.Record, meta *es.Meta)) []es.Record {
	changed := slices.Clone(log)
	for i := range changed {
		r := &changed[i]
		meta, err := es.DecodeMeta(r.Meta)
		if err == nil {
			change(r, &meta)
			r.Meta, err = meta.Encode()
		}
		if err != nil {
			panic(err) // no ledger wrote the log
		}
	}
	return changed
}
