package answers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/answers"
)

// TestHeld looks at an agreement of which the date of a signature was corrected.
func TestHeld(t *testing.T) {
	s := newSmall(t)
	s.do(t, "memorandum.void", s.pact, `{"of":5,"reason":"recorded in error"}`)
	s.ask(t, func(d *answers.Desk) {
		h, err := d.Held(t.Context(), s.pact)
		require.NoError(t, err)
		all, err := d.History(t.Context(), s.pact, 0, "")
		require.NoError(t, err)
		require.Equal(t, all.Items[len(all.Items)-1].Revision, h.Revision)
		held := map[es.Revision]answers.HeldFact{}
		for _, f := range h.Facts {
			held[f.Revision] = f
		}
		require.Equal(t, "memorandum.signed", held[2].Type)
		require.Contains(t, string(held[2].Data), "2018-04-30", "as it was corrected")
		require.Greater(t, held[2].Touched, held[2].Revision)
		require.NotContains(t, held, es.Revision(5), "it was voided")
		for _, f := range h.Facts {
			require.NotContains(t, []string{"memorandum.corrected", "memorandum.voided"}, f.Type)
		}
		_, err = d.Held(t.Context(), "memorandum-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55")
		require.ErrorIs(t, err, es.ErrNotFound)
	})
}
