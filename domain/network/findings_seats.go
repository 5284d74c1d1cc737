package network

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/edtf"
)

// doubles finds seats of one party, and secretariats, that perhaps overlap, and
// support that is recorded twice. What certainly overlaps is broken structure.
func (f *findings) doubles(r *reading) {
	of := map[whose][]*seat{}
	for _, s := range r.seats {
		if !s.Moves {
			continue
		}
		for _, other := range of[s.whose()] {
			if overlap(other.tenure(), s.tenure()) == edtf.Maybe {
				f.Add("undecidable", "perhaps a party has two seats in one body: "+string(s.says.Body), other.By, s.By)
			}
		}
		of[s.whose()] = append(of[s.whose()], s)
	}
	r.pairs(func(a, b *office, at edtf.Truth) {
		switch {
		case at != edtf.Maybe: // broken structure
		case a.party == b.party:
			f.Add("undecidable", "perhaps a party is the secretariat twice at once", a.By, b.By)
		default:
			f.Add("undecidable", "perhaps two are the secretariat at once", a.By, b.By)
		}
	})
	for i, b := range r.supports {
		for _, a := range r.supports[:i] {
			if a.Moves && b.Moves && a.party == b.party && a.says.Kind == b.says.Kind && a.from != b.from &&
				overlap(a.tenure(), b.tenure()) == edtf.Yes {
				f.Add("competing", "the same support is asserted with different beginnings", a.By, b.By)
			}
		}
	}
}

// bodies finds seats in bodies that are not recorded as set up, and more seats
// than a body has where that stands against nothing: its capacity is
// approximate or only announced, or dates leave it open.
func (f *findings) bodies(r *reading) {
	for _, s := range r.seats {
		if b := r.bodies[s.says.Body]; s.Moves && b != nil && b.shown.By != 0 && !b.shown.Moves {
			f.Add("body_not_established", fmt.Sprintf("a seat is filled in a body that is only %s: %s", b.shown.Status, s.says.Body), b.shown.By, s.By)
		}
	}
	for _, key := range r.order {
		b := r.bodies[key]
		limit, ok := b.limit()
		if !ok {
			continue
		}
		least, events := r.peak(key, Tenure.certain)
		most, perhaps := r.peak(key, Tenure.possible)
		kind := b.shown.Charter.Capacity.Kind
		binds := b.shown.Moves && kind != approximate
		switch {
		case least > limit && !binds:
			f.Add("over_capacity", fmt.Sprintf("%d seats are held at once in the body %s, which has %d (%s)", least, key, limit, kind),
				append(events, b.shown.By)...)
		case least <= limit && most > limit:
			f.Add("undecidable", fmt.Sprintf("perhaps %d seats are held at once in the body %s, which has %d (%s)", most, key, limit, kind),
				append(perhaps, b.shown.By)...)
		}
	}
}

// numbers finds those that are counted and not named.
func (f *findings) numbers(s *State) {
	for _, n := range s.Numbers() {
		c := n.Stated
		if c.What == members {
			continue
		}
		stated := fmt.Sprintf("%d %s (%s)", c.Number, c.What, c.Qualifier)
		if !n.Moves {
			stated = "perhaps " + stated
		}
		switch unnamed := n.Unnamed(); {
		case unnamed > 0:
			f.Add("unnamed_places", fmt.Sprintf("%s, of which %d are not named", stated, unnamed), n.By)
		case n.Named > c.Number && c.Qualifier == exactly:
			f.Add("more_named", fmt.Sprintf("%s, but %d are named", stated, n.Named), n.By)
		}
	}
}

// decisions finds decisions that what is said of the vote contradicts.
func (f *findings) decisions(s *State) {
	for _, decision := range s.Decisions() {
		d, at := decision.Recorded, decision.By
		if d.Quorum > 0 && d.Present > 0 && d.Present < d.Quorum {
			f.Add("no_quorum", fmt.Sprintf("%d were present, and the quorum is %d", d.Present, d.Quorum), at)
		}
		v := d.Votes
		if v == nil {
			continue
		}
		if cast := v.For + v.Against + v.Abstained; d.Present > 0 && cast > d.Present {
			f.Add("more_votes", fmt.Sprintf("%d votes are counted, and %d were present", cast, d.Present), at)
		}
		passes, known := v.pass(d.Rule)
		if known && (d.Outcome == adopted && !passes || d.Outcome == rejected && passes) {
			f.Add("contradiction", fmt.Sprintf("by %s, %d for, %d against and %d abstained is not %s", d.Rule, v.For, v.Against, v.Abstained, d.Outcome), at)
		}
	}
}

// pass reports whether votes carry a proposal by a rule, and whether the rule
// says. Abstentions are not votes cast: they neither make a majority nor stand
// against unanimity.
func (v Votes) pass(rule DecisionRule) (passes, known bool) {
	switch rule {
	case simpleMajority:
		return v.For > v.Against, true
	case twoThirds:
		return v.For > 0 && v.For >= 2*v.Against, true
	case unanimity, consensus:
		return v.For > 0 && v.Against == 0, true
	default:
		return false, false
	}
}
