package projections

import (
	"github.com/entente-ledger/entente/projections/bi"
	"github.com/entente-ledger/entente/projections/findings"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/obligations"
	"github.com/entente-ledger/entente/projections/offices"
	"github.com/entente-ledger/entente/projections/parties"
	"github.com/entente-ledger/entente/projections/progress"
	"github.com/entente-ledger/entente/projections/proposals"
	"github.com/entente-ledger/entente/projections/readmodel"
	"github.com/entente-ledger/entente/projections/register"
	"github.com/entente-ledger/entente/projections/roster"
	"github.com/entente-ledger/entente/projections/search"
	"github.com/entente-ledger/entente/projections/statuschart"
)

// Catalog returns all projections. One more is one line more here.
func Catalog() []readmodel.Projection {
	return []readmodel.Projection{
		history.New(),
		register.New(),
		parties.New(),
		findings.New(),
		obligations.New(),
		offices.New(),
		statuschart.New(),
		search.New(),
		roster.New(),
		progress.New(),
		bi.New(),
		proposals.New(),
	}
}
