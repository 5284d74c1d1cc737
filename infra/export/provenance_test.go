package export_test

import (
	"bytes"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/infra/export"
	"github.com/entente-ledger/entente/infra/provenance/provenancetest"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// The provenance of a history is by the desk's knowledge.
func TestProvenance(t *testing.T) {
	store := projectiontest.NewStore()
	w, err := projectiontest.NewWorld(store, func(n int) int { return n / 3 })
	require.NoError(t, err)
	for range 30 {
		require.NoError(t, w.Step())
	}
	records := store.Records()
	stream := w.Parties()[0]
	projectiontest.Read(t, t.TempDir(), store, func(conn *sqlite.Conn) {
		for _, events := range []uint64{0, uint64(len(records)), 3} {
			want := 0
			for i, r := range records {
				if r.Stream == stream && (events == 0 || uint64(i) < events) {
					want++
				}
			}
			d := &answers.Desk{Conn: conn, Store: store, At: readmodel.At{Events: events}}
			var out bytes.Buffer
			require.NoError(t, export.Provenance(t.Context(), &out, d, uuid.Nil, stream, sequence))
			doc, err := provenancetest.Read(out.Bytes())
			require.NoError(t, err)
			require.Len(t, doc.Members["wasGeneratedBy"], want)
		}
		var out bytes.Buffer
		d := &answers.Desk{Conn: conn, Store: store, At: readmodel.At{Events: 1}}
		require.ErrorIs(t, export.Provenance(t.Context(), &out, d, uuid.Nil, stream, 0), es.ErrNotFound)
		require.Empty(t, out.String())
	})
}
