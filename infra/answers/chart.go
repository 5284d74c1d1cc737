package answers

import (
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/statuschart"
)

// Chart is the status chart of an agreement: by party in the order of first
// mention, then by round of participation.
type Chart struct {
	Agreement  string           `json:"agreement"`
	Exists     bool             `json:"exists"` // false: recorded in error
	Visibility terms.Visibility `json:"visibility"`
	Rows       []Standing       `json:"rows"`
}

// Standing is a row of a status chart. An act by event 0 was not done.
type Standing struct {
	Agreement string          `json:"agreement"`
	Party     terms.PartyID   `json:"party"`
	Name      string          `json:"name"`
	Round     int             `json:"round"` // from 1: who comes back after a withdrawal begins another
	Signed    statuschart.Act `json:"signed"`
	Consented statuschart.Act `json:"consented"`
	// Letter says by which means consent was given, as depositaries do.
	Letter  statuschart.Letter `json:"letter"`
	Means   memorandum.Means   `json:"means"` // in a word, or ""
	InForce statuschart.Act    `json:"inForce"`
	// InForceMet says whether it is in force for the party at all.
	InForceMet   edtf.Truth      `json:"inForceEver"`
	Noticed      statuschart.Act `json:"noticed"` // the notice of withdrawal that stands
	Left         statuschart.Act `json:"left"`
	Reservations int             `json:"reservations"` // that stand
	Objections   int             `json:"objections"`   // to reservations of others
	Doubt        bool            `json:"inDoubt"`      // something is in dispute
	// Late are the events of the agreement that were recorded after the instant
	// as known at which is answered.
	Late Late `json:"recordedLater"`
}

// Chart answers who is in what position to an agreement.
func (d *Desk) Chart(id string) (Chart, error) {
	chart, err := statuschart.Get(d.Conn, id, d.At)
	if err != nil {
		return Chart{}, err
	}
	late, err := d.Late(id)
	if err != nil {
		return Chart{}, err
	}
	all := Chart{Agreement: chart.Agreement, Exists: chart.Exists, Visibility: chart.Visibility}
	all.Rows, err = tried(chart.Rows, func(r statuschart.Row) (Standing, error) {
		name, err := d.Name(string(r.Party))
		return Standing{
			r.Agreement, r.Party, name, r.Round, r.Signed, r.Consented, r.Letter, r.Means, r.InForce, r.InForceMet,
			r.Noticed, r.Left, r.Reservations, r.Objections, r.Doubt, late,
		}, err
	})
	return all, err
}
