package rehearsal_test

import (
	"io/fs"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/memory"
	"github.com/entente-ledger/entente/infra/eventstore/rehearsal"
)

func records(n int) []es.Record {
	var all []es.Record
	for range n {
		all = append(all, es.Record{ID: uuid.New(), Type: "party.registered", Schema: 1, Data: []byte(`{}`), Meta: []byte(`{}`)})
	}
	return all
}

func revisions(t *testing.T, store es.Store, stream string, after es.Revision) (all []es.Revision) {
	t.Helper()
	for r, err := range store.ReadStream(t.Context(), stream, after) {
		require.NoError(t, err)
		all = append(all, r.Revision)
	}
	return all
}

func count(t *testing.T, store es.Store, after es.Position) (n int) {
	t.Helper()
	for _, err := range store.ReadAll(t.Context(), after) {
		require.NoError(t, err)
		n++
	}
	return n
}

func TestRehearsal(t *testing.T) {
	base := memory.Open()
	ctx := t.Context()
	here, there := es.StreamName("party", uuid.New()), es.StreamName("party", uuid.New())
	_, err := base.Append(ctx, here, 0, records(2)...)
	require.NoError(t, err)
	s, err := rehearsal.New(ctx, base)
	require.NoError(t, err)

	more := records(2)
	_, err = s.Append(ctx, here, 1, more...)
	require.ErrorIs(t, err, es.ErrConflict)
	first, err := s.Append(ctx, here, 2, more...)
	require.NoError(t, err)
	again, err := s.Append(ctx, here, 2, more...)
	require.NoError(t, err, "the same append")
	require.Equal(t, first, again)
	_, err = s.Append(ctx, there, 0, records(1)...)
	require.NoError(t, err)

	require.Equal(t, []es.Revision{1, 2, 3, 4}, revisions(t, s, here, 0))
	require.Equal(t, []es.Revision{4}, revisions(t, s, here, 3))
	require.Equal(t, []es.Revision{1}, revisions(t, s, there, 0))
	require.Equal(t, 5, count(t, s, 0))
	require.Equal(t, 1, count(t, s, first))
	require.Equal(t, 2, count(t, base, 0), "nothing is in the store below")

	_, err = base.Append(ctx, here, 2, records(1)...)
	require.NoError(t, err)
	require.Equal(t, []es.Revision{1, 2, 3, 4}, revisions(t, s, here, 0), "it no longer follows the store below")

	require.NoError(t, s.Close())
	_, err = s.Head(ctx)
	require.ErrorIs(t, err, fs.ErrClosed)
	_, err = base.Head(ctx)
	require.NoError(t, err)
}
