package memorandum

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// bound picks one end of a partial date. What follows from partial dates is
// computed once from all the earliest days and once from all the latest; the
// answer lies between the two.
type bound func(edtf.Date) edtf.Day

var bounds = [2]bound{edtf.Date.Earliest, edtf.Date.Latest}

// leave is how a round of participation ends.
type leave struct {
	dated        // from: when the party ceases to be bound
	given *dated // the notice it follows from, if any
}

// round is one participation of a party: from an invitation, signature or
// consent to a withdrawal. A party that comes back begins another.
type round struct {
	signed, consented []dated
	leave             *leave
}

// rounds sorts a party's signatures and consents by the withdrawals between
// them. Where the dates do not say which came first, the order of recording
// does.
func (p *participant) rounds(noticePeriod edtf.Period) []round {
	leaves := p.leaves(noticePeriod)
	rounds := make([]round, len(leaves)+1)
	for i := range leaves {
		rounds[i].leave = &leaves[i]
	}
	in := func(d dated) int {
		n := 0
		for _, l := range leaves {
			if edtf.Before(l.from, d.from) == edtf.Yes || l.at < d.at && edtf.Before(d.from, l.from) != edtf.Yes {
				n++
			}
		}
		return n
	}
	for _, d := range p.signed {
		r := &rounds[in(d)]
		r.signed = append(r.signed, d)
	}
	for _, d := range p.consented {
		r := &rounds[in(d)]
		r.consented = append(r.consented, d)
	}
	return rounds
}

// leaves returns the withdrawals and the notices that were neither revoked nor
// followed by a withdrawal, by date.
func (p *participant) leaves(period edtf.Period) []leave {
	var leaves []leave
	followed := map[es.Revision]bool{}
	for _, w := range p.withdrawn {
		l := leave{dated: w}
		for _, n := range p.notices {
			if !followed[n.at] && edtf.Before(w.from, n.from) != edtf.Yes {
				followed[n.at], l.given = true, &n.dated
				break
			}
		}
		leaves = append(leaves, l)
	}
	for _, n := range p.notices {
		revoked := slices.ContainsFunc(p.revoked, func(d dated) bool { return d.at > n.at })
		if followed[n.at] || revoked {
			continue
		}
		until := n.until
		if until.IsUnknown() && !n.from.IsUnknown() {
			until = edtf.Between(n.from.Earliest().Add(period), n.from.Latest().Add(period))
		}
		leaves = append(leaves, leave{dated: dated{at: n.at, from: until}, given: &n.dated})
	}
	slices.SortStableFunc(leaves, func(a, b leave) int { return compare(a.dated, b.dated) })
	return leaves
}

// compare orders facts by their earliest day, then by recording.
func compare(a, b dated) int {
	return cmp.Or(cmp.Compare(a.from.Earliest(), b.from.Earliest()), cmp.Compare(a.at, b.at))
}

// consent is a consent to be bound, and when it ceases.
type consent struct {
	dated
	party terms.PartyID
	round int // from 1
	leave *leave
	// force, if set, is since when an older register has it in force.
	force *edtf.Date
}

// consents returns all consents, by party in the order of first mention. In
// each round an express consent counts before a signature that binds, and the
// one recorded first before those that compete with it.
func (r *reading) consents() []consent {
	var all []consent
	for _, id := range r.order {
		p := r.parties[id]
		for i, round := range p.rounds(r.terms.Notice) {
			c := consent{party: id, round: i + 1, leave: round.leave}
			binding := slices.DeleteFunc(slices.Clone(round.signed), func(d dated) bool {
				return !p.definitive[d.at] && !r.signatureBinds()
			})
			switch {
			case len(round.consented) > 0:
				c.dated = round.consented[0]
			case len(binding) > 0:
				c.dated = binding[0]
			case i == 0 && p.carried != nil && p.carried.bound():
				c.dated = dated{at: p.carriedAt.at, from: p.carried.Consented}
			default:
				continue
			}
			if i == 0 && p.carried != nil && p.carried.inForce() {
				c.force = &p.carried.Since
			}
			all = append(all, c)
		}
	}
	return all
}

func (c CarriedParty) bound() bool   { return c.State != PartInvited && c.State != PartSignatory }
func (c CarriedParty) inForce() bool { return c.State == PartInForce || c.State == PartSuspended }

// holding are those consents that are there on day, by one bound of the dates.
func holding(cs []consent, day edtf.Day, b bound) []consent {
	var hold []consent
	for _, c := range cs {
		if b(c.from) <= day && (c.leave == nil || b(c.leave.from) > day) {
			hold = append(hold, c)
		}
	}
	return hold
}

// met reports whether the conditions hold with those who consented. All who
// must consent under e.All are needed.
func (e Entry) met(hold []consent, needed []terms.PartyID, weight func(terms.PartyID) int64) bool {
	in := map[terms.PartyID]bool{}
	var sum int64
	for _, c := range hold {
		if !in[c.party] {
			sum += weight(c.party)
		}
		in[c.party] = true
	}
	if len(in) < max(e.Count, 2) || e.Share > 0 && sum*10_000 < int64(e.Share)*e.Total {
		return false
	}
	missing := func(id terms.PartyID) bool { return !in[id] }
	if slices.ContainsFunc(e.Named, missing) {
		return false
	}
	return !e.All || len(needed) >= 2 && !slices.ContainsFunc(needed, missing)
}

// start is when an obligation begins that was agreed on day.
func (e Entry) start(day edtf.Day) edtf.Day {
	day = day.Add(e.Delay)
	if e.FirstOfMonth {
		day = day.FirstOfNextMonth()
	}
	return day
}

// IsZero reports whether nothing is stated.
func (e Entry) IsZero() bool {
	return !e.All && e.Count == 0 && e.Share == 0 && len(e.Named) == 0 && e.On.IsUnknown()
}

// String puts the rule in words, for the determinations made by it.
func (e Entry) String() string {
	var when []string
	if e.All {
		when = append(when, "all parties")
	}
	if e.Count > 0 {
		when = append(when, fmt.Sprintf("%d parties", e.Count))
	}
	if e.Share > 0 {
		when = append(when, fmt.Sprintf("%d.%02d %% of a weight of %d", e.Share/100, e.Share%100, e.Total))
	}
	if len(e.Named) > 0 {
		when = append(when, fmt.Sprintf("%d named parties", len(e.Named)))
	}
	rule := "two parties"
	if len(when) > 0 {
		rule = strings.Join(when, " and ")
	}
	if !e.Delay.IsZero() {
		rule += ", then " + e.Delay.String()
	}
	if e.FirstOfMonth {
		rule += ", then the first of the month after"
	}
	if !e.On.IsUnknown() {
		rule += ", not before " + e.On.String()
	}
	return rule
}

// outcome is when the conditions of an Entry are met.
type outcome struct {
	met   edtf.Truth
	from  edtf.Date
	basis []es.Revision
}

// determine finds the first day on which the conditions of e are met.
func (e Entry) determine(cs []consent, needed []terms.PartyID, weight func(terms.PartyID) int64) outcome {
	var days [2]edtf.Day
	var out outcome
	found := 0
	for i, b := range bounds {
		sorted := slices.Clone(cs)
		slices.SortStableFunc(sorted, func(x, y consent) int { return cmp.Compare(b(x.from), b(y.from)) })
		for _, c := range sorted {
			hold := holding(cs, b(c.from), b)
			if !e.met(hold, needed, weight) {
				continue
			}
			days[i] = e.start(b(c.from))
			if !e.On.IsUnknown() {
				days[i] = max(days[i], b(e.On))
			}
			for _, h := range hold {
				out.basis = append(out.basis, h.at)
			}
			found++
			break
		}
	}
	slices.Sort(out.basis)
	out.basis = slices.Compact(out.basis)
	switch found {
	case 2:
		out.met, out.from = edtf.Yes, edtf.Between(days[0], days[1])
	case 1:
		out.met = edtf.Maybe // whether it was ever met hangs on the order of partial dates
	}
	return out
}
