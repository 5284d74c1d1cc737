package network

import (
	"cmp"
	"slices"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
)

// Dues returns the ends of terms and the days until which one can join, by the
// event that determines them, then key. A day that never comes is not there.
func (s *State) Dues() []terms.Due {
	var all []terms.Due
	add := func(x *stay, d terms.Due) {
		if d.On.IsUnknown() || d.On.IsForever() || !x.Moves {
			return
		}
		d.Of, d.By = x.By, x.party
		for _, end := range []dated{x.left, x.closed} {
			if end.By != 0 && d.Settled == 0 && edtf.Before(x.limit, end.from) != edtf.Yes {
				d.Settled = end.By
			}
		}
		all = append(all, d)
	}
	r := s.read()
	for _, x := range r.seats {
		add(&x.stay, terms.Due{
			Kind: terms.Effect, Rule: "network.seat_term", Key: string(x.says.Body) + "/" + string(x.party),
			On: x.limit, What: r.titleOf(x.says.Body),
		})
	}
	for _, o := range r.offices {
		add(&o.stay, terms.Due{Kind: terms.Effect, Rule: "network.secretariat_term", Key: string(o.party), On: o.limit})
	}
	for _, o := range r.openings {
		add(&o.stay, terms.Due{Kind: terms.Deadline, Rule: "network.join_deadline", On: o.says.Until, What: o.says.To})
	}
	slices.SortStableFunc(all, func(a, b terms.Due) int {
		return cmp.Or(cmp.Compare(a.Of, b.Of), cmp.Compare(a.Key, b.Key))
	})
	return all
}

// titleOf returns the title of a body, nothing if no body is recorded as that.
func (r *reading) titleOf(key Key) terms.Text {
	if b := r.bodies[key]; b != nil && b.shown.Moves {
		return b.shown.Charter.Title
	}
	return terms.Text{}
}
