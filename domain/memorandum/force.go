package memorandum

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// bound picks one end of a partial date.
type bound func(edtf.Date) edtf.Day

// view is a way of reading partial dates. What follows from them is computed
// in the view in which all join as early and leave as late as they may, and in
// the opposite one: whatever the dates were, the answer lies between the two.
type view struct{ join, leave bound }

var views = [2]view{
	{edtf.Date.Earliest, edtf.Date.Latest},
	{edtf.Date.Latest, edtf.Date.Earliest},
}

// consent is a consent to be bound, and when it ceases.
type consent struct {
	dated
	party terms.PartyID
	round int // from 1
	leave *leave
	// force, if set, is since when an older register has it in force.
	force *dated
}

// consents returns all consents, by party in the order of first mention.
func (r *reading) consents() []consent {
	var all []consent
	for _, id := range r.order {
		all = append(all, r.consentsOf(r.parties[id])...)
	}
	return all
}

// consentsOf returns a party's consents, one a round: an express consent before
// a signature that binds, and the one recorded first before those that compete
// with it.
func (r *reading) consentsOf(p *participant) []consent {
	var all []consent
	for i, round := range r.rounds(p) {
		c := consent{party: p.id, round: i + 1, leave: round.leave}
		carried := round.carried
		signed := slices.IndexFunc(round.signed, r.binds)
		switch {
		case len(round.consented) > 0:
			c.dated = round.consented[0]
		case signed >= 0:
			c.dated = round.signed[signed]
		case carried != nil && r.bound(carried):
			c.dated = carried.consented(round.after)
		default:
			continue
		}
		if carried != nil && carried.State == PartInForce {
			c.force = &carried.dated
		}
		all = append(all, c)
	}
	return all
}

// binds reports whether a signature is consent.
func (r *reading) binds(signature dated) bool { return signature.binds || r.signatureBinds() }

// bound reports whether a party has consented by what an older register says.
// That the agreement ended for it says so only if the agreement was in force.
func (r *reading) bound(c *carriedParty) bool {
	switch c.State {
	case PartInvited, PartSignatory:
		return !c.Consented.IsUnknown()
	case PartEnded:
		return !c.Consented.IsUnknown() || len(r.carried) > 0 && !r.carried[0].says.InForce.IsUnknown()
	default:
		return true
	}
}

// stay returns the days from and until which, exclusive, a consent is there in a
// view. Nobody leaves before the day after joining.
func (c consent) stay(v view) (joined, left edtf.Day) {
	joined, left = v.join(c.from), edtf.MaxDay+1
	if c.leave != nil {
		joined = max(c.from.Earliest(), min(joined, c.leave.from.Latest()-1))
		left = max(c.from.Earliest()+1, v.leave(c.leave.from))
	}
	return joined, left
}

// quorum is what an Entry asks of: who must consent, if all must, and what
// each party weighs.
type quorum struct {
	needed func(on edtf.Day) []terms.PartyID
	weight func(terms.PartyID) int64
}

// met reports whether the conditions hold on a day with those who consented.
// No agreement binds fewer than two (VCLT art. 2(1)(a)).
func (e Entry) met(hold []consent, on edtf.Day, q quorum) bool {
	if len(hold) < max(e.Count, len(e.Named), 2) {
		return false
	}
	in := make(map[terms.PartyID]bool, len(hold))
	var sum int64
	for _, c := range hold {
		if !in[c.party] {
			sum = min(sum+q.weight(c.party), maxWeight)
		}
		in[c.party] = true
	}
	missing := func(id terms.PartyID) bool { return !in[id] }
	switch {
	case len(in) < max(e.Count, 2),
		e.Share > 0 && sum*10_000 < int64(e.Share)*e.Total,
		slices.ContainsFunc(e.Named, missing):
		return false
	}
	return !e.All || !slices.ContainsFunc(q.needed(on), missing)
}

// start is when an obligation begins that was agreed on day.
func (e Entry) start(day edtf.Day) edtf.Day {
	day = day.Add(e.Delay)
	if e.FirstOfMonth {
		day = day.FirstOfNextMonth()
	}
	return day
}

// IsZero reports whether no condition is stated.
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
		when = append(when, fmt.Sprintf("%d parties", max(e.Count, 2)))
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

// determine finds the first day on which the conditions of e are met. If it is
// only perhaps so, that is the first day on which they may be.
func (e Entry) determine(cs []consent, q quorum) outcome {
	var out outcome
	days := [2]edtf.Day{edtf.MinDay, edtf.MaxDay}
	for i, v := range views {
		day, hold := e.first(cs, q, v)
		if hold == nil {
			break // not in the first view: never; only in the first: perhaps
		}
		out.met++
		days[i] = e.start(day)
		if !e.On.IsUnknown() {
			days[i] = max(days[i], v.join(e.On))
		}
		for _, c := range hold {
			out.basis = append(out.basis, c.at)
		}
	}
	slices.Sort(out.basis)
	out.basis = slices.Compact(out.basis)
	out.from = edtf.Between(days[0], days[1])
	return out
}

// first finds, in one view, the first day on which the conditions of e are
// met, and the consents that hold on it: nil if there is none.
func (e Entry) first(cs []consent, q quorum, v view) (edtf.Day, []consent) {
	var days []edtf.Day
	for _, c := range cs {
		joined, _ := c.stay(v)
		days = append(days, joined)
	}
	slices.Sort(days)
	hold := make([]consent, 0, len(cs))
	for _, day := range slices.Compact(days) {
		hold = hold[:0]
		for _, c := range cs {
			if joined, left := c.stay(v); joined <= day && day < left {
				hold = append(hold, c)
			}
		}
		if e.met(hold, day, q) {
			return day, hold
		}
	}
	return 0, nil
}
