package findings_test

import (
	"strings"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/person"
	"github.com/entente-ledger/entente/domain/source"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/projectiontest"
)

// otherFindings returns the findings of the state of a source or a person.
func otherFindings(t *rapid.T, stream string, recs []es.Record) []terms.Finding {
	switch {
	case strings.HasPrefix(stream, "source-"):
		s, err := projectiontest.Fold(source.Decider, recs)
		require.NoError(t, err)
		return s.Findings()
	case strings.HasPrefix(stream, "person-"):
		s, err := projectiontest.Fold(person.Decider, recs)
		require.NoError(t, err)
		return s.Findings()
	}
	return nil
}
