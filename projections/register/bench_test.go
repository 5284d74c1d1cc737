package register_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
	"github.com/entente-ledger/entente/projections/register"
)

// BenchmarkList reads a page of 50 of 100,000 agreements, for the operator, who
// sees all, and for whoever sees what is public: all of them, every tenth, and
// every two thousandth, where the whole register is looked through for a page.
func BenchmarkList(b *testing.B) {
	const agreements = 100_000
	for _, every := range []int{1, 10, 2000} {
		store := drafts(b, agreements, every)
		projectiontest.Read(b, b.TempDir(), store, func(conn *sqlite.Conn) {
			for _, sees := range []es.Visibility{"", es.Public} {
				b.Run(fmt.Sprintf("public_1_in_%d/sees_%s", every, sees), func(b *testing.B) {
					f := register.Filter{At: readmodel.At{Sees: sees}, Limit: 50, On: edtf.MustParse("2020")}
					for b.Loop() {
						page, next, err := register.List(conn, f)
						require.NoError(b, err)
						require.NotEmpty(b, page)
						f.After = next
					}
				})
			}
		}, history.New(), register.New())
	}
}

// drafts returns a log with n agreements, of which one in so many is public.
func drafts(b *testing.B, n, every int) *projectiontest.Store {
	b.Helper()
	store := projectiontest.NewStore()
	w, err := projectiontest.NewWorld(store, func(int) int { return 0 })
	require.NoError(b, err)
	name, _, payload, err := memorandum.Commands.Encode(memorandum.Draft{Kind: "mou", Titles: []terms.Text{{Lang: "en", Value: "title"}}})
	require.NoError(b, err)
	_, err = w.Ledger.Do(b.Context(), es.Command{ID: uuid.NewSHA1(uuid.Nil, nil), Name: name, Payload: payload, Actor: "clerk"})
	require.NoError(b, err)
	log := store.Records()
	draft := log[len(log)-1]
	meta, data := string(draft.Meta), draft.Data
	for i := range n {
		draft.ID = uuid.NewSHA1(uuid.Nil, fmt.Append(nil, i))
		draft.Stream = "memorandum-" + draft.ID.String()
		draft.Data = bytes.ReplaceAll(data, []byte(`"title"`), fmt.Appendf(nil, `"title %d"`, i*7919%n))
		draft.Meta = []byte(meta)
		if i%every == 0 {
			draft.Meta = []byte(strings.Replace(meta, `"internal"`, `"public"`, 1))
		}
		store.Put(draft)
	}
	return store
}
