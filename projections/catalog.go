package projections

import (
	"github.com/entente-ledger/entente/projections/findings"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/parties"
	"github.com/entente-ledger/entente/projections/readmodel"
	"github.com/entente-ledger/entente/projections/register"
)

// Catalog returns all projections. One more is one line more here.
func Catalog() []readmodel.Projection {
	return []readmodel.Projection{
		history.New(),
		register.New(),
		parties.New(),
		findings.New(),
	}
}
