package answers

import (
	"iter"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/roster"
)

// Network is a line of the list of networks, as of a date.
type Network struct {
	ID     string        `json:"id"`     // network-UUID
	Status terms.Status  `json:"status"` // how surely there is or was such a network
	Title  terms.Text    `json:"title"`
	Titles []terms.Text  `json:"titles"` // the main one first
	Themes []terms.Theme `json:"themes"`
	AsOf   edtf.Date     `json:"asOf"`  // the date as of which the phase is given
	Phase  network.Phase `json:"phase"` // that certainly holds, or ""
	Since  edtf.Date     `json:"since"` // from when it is in that phase
	// Perhaps are the phases that perhaps hold instead.
	Perhaps    []network.Phase  `json:"perhaps"`
	Visibility terms.Visibility `json:"visibility"`
}

// Networks answers a page of the networks that exist, by their titles.
func (d *Desk) Networks(f roster.Filter) (Page[Network], error) {
	f.At = d.At
	rows, next, err := roster.List(d.Conn, f)
	return paged(rows, next, err, func(n roster.Network) (Network, error) {
		return Network{
			ID: n.Stream, Status: n.Status, Title: n.Title, Titles: n.Titles, Themes: n.Themes, AsOf: f.On,
			Phase: n.Phase.Certain.Phase, Since: n.Phase.Certain.From, Perhaps: each(n.Phase.Perhaps, phaseOf), Visibility: n.Visibility,
		}, nil
	})
}

// AllNetworks yields the networks from the cursor of f on, at most f.Limit or, if
// that is 0, all. After an error it ends.
func (d *Desk) AllNetworks(f roster.Filter) iter.Seq2[Network, error] {
	return whole(f.Limit, f.After, func(limit int, after string) (Page[Network], error) {
		f.Limit, f.After = limit, after
		return d.Networks(f)
	})
}

func phaseOf(s network.Span) network.Phase { return s.Phase }
