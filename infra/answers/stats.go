package answers

import (
	"github.com/entente-ledger/entente/projections/chronicle"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Month counts what happened in a month.
type Month struct {
	Month string `json:"month"` // 2019-05; "" of the last line
	// Perhaps says that the line counts what perhaps happened in one of the
	// months, or did, nobody knows in which.
	Perhaps bool `json:"perhaps"`
	Signed  int  `json:"signed"`           // agreements, by the first of their parties
	InForce int  `json:"enteredIntoForce"` // agreements
	Ended   int  `json:"ended"`            // agreements
	Joined  int  `json:"joined"`           // members of networks
	Left    int  `json:"left"`             // members of networks
	Held    int  `json:"held"`             // activities
	Events  int  `json:"eventsRecorded"`   // UTC
}

// Months answers how often something happened in every month of a span of whole
// months or, if last is not 0, in the last so many that have anything. A line
// with what dates or disputes leave open comes last.
func (d *Desk) Months(w readmodel.Within, last int) ([]Month, error) {
	w.At = d.At
	s, err := chronicle.Monthly(d.Conn, w, last)
	if err != nil {
		return nil, err
	}
	all := each(s.Months, func(m chronicle.Month) Month {
		return month(m.First.String()[:len("2019-05")], m.Counts, m.Events)
	})
	perhaps := month("", s.Perhaps, 0)
	perhaps.Perhaps = true
	return append(all, perhaps), nil
}

func month(name string, counts map[chronicle.Heading]int, events int) Month {
	return Month{
		Month: name, Signed: counts[chronicle.Signed], InForce: counts[chronicle.InForce], Ended: counts[chronicle.Ended],
		Joined: counts[chronicle.Joined], Left: counts[chronicle.Left], Held: counts[chronicle.Held], Events: events,
	}
}
