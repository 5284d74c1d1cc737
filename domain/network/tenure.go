package network

import (
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
)

// Tenure is from when and until when something is so.
type Tenure struct {
	From edtf.Date
	// Until is the first day on which it is not so any more.
	Until edtf.Date
	// EndedBy is the event that the end rests on, 0 if nothing says that it ends.
	// If there is one and Until is unknown, it ended nobody knows when.
	EndedBy es.Revision
}

// Held reports whether it is so as of a date.
func (t Tenure) Held(on edtf.Date) edtf.Truth {
	held := t.From.HeldBy(on)
	if t.EndedBy != 0 {
		held = held.And(t.Until.HeldBy(on).Not())
	}
	return held
}

// days are the days from lo to hi, none if hi is before lo.
type days struct{ lo, hi edtf.Day }

// certain are the days on which it is certainly so.
func (t Tenure) certain() days {
	d := days{t.From.Latest(), edtf.MaxDay}
	if t.EndedBy != 0 {
		d.hi = t.Until.Earliest() - 1
	}
	if d.lo == edtf.MaxDay {
		d.hi = d.lo - 1 // no day is known by which it began
	}
	return d
}

// possible are the days on which it is perhaps or certainly so.
func (t Tenure) possible() days {
	d := days{t.From.Earliest(), edtf.MaxDay}
	if t.EndedBy != 0 {
		d.hi = t.Until.Latest() - 1
	}
	return d
}

func (d days) has(day edtf.Day) bool { return d.lo <= day && day <= d.hi }

func (d days) meets(o days) bool { return max(d.lo, o.lo) <= min(d.hi, o.hi) }

// overlap reports whether there is a day on which both are so.
func overlap(a, b Tenure) edtf.Truth {
	switch {
	case a.certain().meets(b.certain()):
		return edtf.Yes
	case a.possible().meets(b.possible()):
		return edtf.Maybe
	}
	return edtf.No
}

// dayAfter is the first day after a last one.
func dayAfter(last edtf.Date) edtf.Date { return last.Add(edtf.Period{Days: 1}) }
