package answers_test

import (
	"encoding"
	"iter"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/projections/findings"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/obligations"
	"github.com/entente-ledger/entente/projections/parties"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/register"
	"github.com/entente-ledger/entente/projections/search"
)

// TestMain makes fewer random worlds than usual, each of which is asked in many
// ways; -rapid.checks asks for more.
func TestMain(m *testing.M) {
	if err := projectiontest.Checks(20); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// The pages of a list, of whatever size, are the list; and so many at most are the
// first of it.
func TestPages(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		w, store := projectiontest.Random(rt, 5, 60, nil)
		at := w.At(len(store.Records()))
		views, err := os.MkdirTemp(dir, "views")
		require.NoError(rt, err)
		projectiontest.Read(rt, views, store, func(conn *sqlite.Conn) {
			d := &answers.Desk{Conn: conn, Store: store, At: at}
			pages(rt, "agreements", func(limit int, after string) (answers.Page[answers.Agreement], error) {
				return d.Agreements(register.Filter{On: on, Limit: limit, After: after})
			}, func(limit int) iter.Seq2[answers.Agreement, error] {
				return d.AllAgreements(register.Filter{On: on, Limit: limit})
			})
			pages(rt, "parties", func(limit int, after string) (answers.Page[answers.PartyLine], error) {
				return d.Parties(parties.Filter{Limit: limit, After: after})
			}, func(limit int) iter.Seq2[answers.PartyLine, error] {
				return d.AllParties(parties.Filter{Limit: limit})
			})
			pages(rt, "due", func(limit int, after string) (answers.Page[answers.Obligation], error) {
				return d.Due(obligations.Filter{On: on, Limit: limit, After: after})
			}, func(limit int) iter.Seq2[answers.Obligation, error] {
				return d.AllDue(obligations.Filter{On: on, Limit: limit})
			})
			pages(rt, "findings", func(limit int, after string) (answers.Page[answers.Finding], error) {
				return d.Findings(findings.Filter{Limit: limit, After: after})
			}, func(limit int) iter.Seq2[answers.Finding, error] {
				return d.AllFindings(findings.Filter{Limit: limit})
			})
			pages(rt, "found", func(limit int, after string) (answers.Page[answers.Hit], error) {
				return d.Search(search.Query{Words: "a", Limit: limit, After: after})
			}, func(limit int) iter.Seq2[answers.Hit, error] {
				return d.AllFound(search.Query{Words: "a", Limit: limit})
			})
		})
	})
}

// pages checks a list by its pages and as a whole.
func pages[T any](t *rapid.T, name string, page func(limit int, after string) (answers.Page[T], error), all func(limit int) iter.Seq2[T, error]) {
	take := func(seq iter.Seq2[T, error]) (items []T) {
		for one, err := range seq {
			require.NoError(t, err, name)
			items = append(items, one)
		}
		return items
	}
	want := take(all(0))
	limit := rapid.IntRange(1, 5).Draw(t, "limit")
	require.Equal(t, want[:min(limit, len(want))], append([]T(nil), take(all(limit))...), name)
	var got []T
	for after := ""; ; {
		p, err := page(limit, after)
		require.NoError(t, err, name)
		require.LessOrEqual(t, len(p.Items), limit, name)
		got = append(got, p.Items...)
		if after = p.Next; after == "" {
			break
		}
	}
	require.Equal(t, want, got, name)
}

// The log by a filter is what the filter leaves of the records.
func TestLog(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		w, store := projectiontest.Random(rt, 5, 40, nil)
		records := store.Records()
		at := w.At(len(records))
		f := answers.LogFilter{From: rapid.Uint64Range(0, uint64(len(records))).Draw(rt, "from")}
		like := records[rapid.IntRange(0, len(records)-1).Draw(rt, "like")]
		if rapid.Bool().Draw(rt, "stream") {
			f.Streams = []string{like.Stream}
		}
		if rapid.Bool().Draw(rt, "kind") {
			f.Kinds = []string{answers.KindOf(like.Stream)}
		}
		if rapid.Bool().Draw(rt, "type") {
			f.Types = []string{like.Type}
		}
		var want []uint64
		for i, r := range records {
			l, err := history.LineOf(uint64(i), r)
			require.NoError(rt, err)
			if l.Sequence >= f.From && l.Within(at) && (f.Streams == nil || r.Stream == like.Stream) &&
				(f.Kinds == nil || strings.HasPrefix(r.Stream, answers.KindOf(like.Stream)+"-")) && (f.Types == nil || r.Type == like.Type) {
				want = append(want, l.Sequence)
			}
		}
		views, err := os.MkdirTemp(dir, "views")
		require.NoError(rt, err)
		projectiontest.Read(rt, views, store, func(conn *sqlite.Conn) {
			d := &answers.Desk{Conn: conn, Store: store, At: at}
			f.Limit = rapid.IntRange(1, 4).Draw(rt, "limit")
			var got []uint64
			for f.After = ""; ; {
				p, err := d.Log(t.Context(), f)
				require.NoError(rt, err)
				for _, e := range p.Items {
					got = append(got, e.Sequence)
				}
				if f.After = p.Next; f.After == "" {
					break
				}
			}
			require.Equal(rt, want, got)
			var first []uint64
			for e, err := range d.AllLog(t.Context(), f) {
				require.NoError(rt, err)
				first = append(first, e.Sequence)
			}
			require.Equal(rt, want[:min(f.Limit, len(want))], append(want[:0:0], first...))
			_, err := d.Log(t.Context(), answers.LogFilter{After: "x"})
			require.ErrorIs(rt, err, es.ErrInvalid)
		})
	})
}

// An answer says what it has: no member of it, at whatever depth, is of any type,
// of a map's, or left out when it is empty.
func TestTyped(t *testing.T) {
	seen := map[reflect.Type]bool{}
	for _, answer := range []any{
		answers.Agreement{},
		answers.PartyLine{},
		answers.Party{},
		answers.Network{},
		answers.Roster{},
		answers.PlanLine{},
		answers.Plan{},
		answers.Reachable{},
		answers.Finding{},
		answers.Hit{},
		answers.Chart{},
		answers.Event{},
		answers.Record{},
		answers.Explanation{},
		answers.Blamed{},
		answers.Change{},
		answers.Differing{},
		answers.Month{},
		answers.Report{},
		answers.Page[answers.Event]{},
	} {
		typed(t, reflect.TypeOf(answer), seen)
	}
	require.Greater(t, len(seen), 60)
}

var marshaler = reflect.TypeFor[encoding.TextMarshaler]()

func typed(t *testing.T, of reflect.Type, seen map[reflect.Type]bool) {
	if seen[of] || of == reflect.TypeFor[jsontext.Value]() || of.Implements(marshaler) {
		return
	}
	seen[of] = true
	switch of.Kind() {
	case reflect.Interface, reflect.Map, reflect.Func, reflect.Chan:
		require.Fail(t, "it is not said what it has", of.String())
	case reflect.Pointer, reflect.Slice, reflect.Array:
		typed(t, of.Elem(), seen)
	case reflect.Struct:
		for f := range of.Fields() {
			name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "-" {
				continue
			}
			require.True(t, f.Anonymous || name != "", "%s.%s has no name", of, f.Name)
			require.NotContains(t, options, "omit", "%s.%s", of, f.Name)
			typed(t, f.Type, seen)
		}
	default:
	}
}
