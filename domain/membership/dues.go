package membership

import (
	"cmp"
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// The rules by which something of a membership falls due.
const (
	DueDuty       = "membership.duty"       // a duty is to be met
	DueHold       = "membership.hold"       // a duty that is not met puts the membership on hold
	DueSuspension = "membership.suspension" // a duty that is not met suspends it
	DueLapse      = "membership.lapse"      // a duty that is not met has it lapse
	DueNoticed    = "membership.noticed"    // a suspension begins of which notice was given
	DueResumption = "membership.resumption" // a hold is over
	DueWithdrawal = "membership.withdrawal" // a notice of withdrawal takes effect
)

var dueRules = map[Consequence]string{
	ConsequenceHold: DueHold, ConsequenceSuspension: DueSuspension, ConsequenceLapse: DueLapse,
}

// Dues returns what falls due, by the event that determines it. A duty that
// recurs is listed until the end of the round of participation, at most
// [terms.MaxOccurrences] times; its consequence until the first that nothing
// averts or ends.
func (s *State) Dues() []terms.Due {
	network, party := s.Pair()
	r := s.read()
	rounds := r.rounds()
	var all []terms.Due
	for i := range rounds {
		x := &rounds[i]
		for _, d := range x.owed() {
			all = append(all, x.dueDuty(d)...)
			all = append(all, x.dueConsequences(d)...)
		}
		all = append(all, x.dueRests()...)
	}
	all = append(all, r.dueWithdrawals(rounds)...)
	for i := range all {
		all[i].By = party.ID
		if all[i].Kind == terms.Duty {
			all[i].To = network
		}
	}
	slices.SortStableFunc(all, func(a, b terms.Due) int {
		return cmp.Or(cmp.Compare(a.Of, b.Of), cmp.Compare(a.Key, b.Key))
	})
	return all
}

func (x *round) dueDuty(d duty) []terms.Due {
	var all []terms.Due
	for _, o := range x.occurrences(d) {
		for _, g := range o.stages {
			if !g.due.IsForever() {
				all = append(all, terms.Due{
					Kind: terms.Duty, Rule: DueDuty, Of: g.at, Key: string(d.set.Key), On: g.due, What: d.set.What, Settled: g.settledBy(),
				})
			}
		}
	}
	return all
}

// dueConsequences returns the days on which a duty has consequences: settled if
// it was met in time or, of a lapse, the party left otherwise.
func (x *round) dueConsequences(d duty) []terms.Due {
	var all []terms.Due
	for _, f := range x.fallouts(d) {
		due := terms.Due{
			Kind: terms.Effect, Rule: dueRules[d.set.Consequence], Of: f.at, Key: string(d.set.Key), On: f.from, What: d.set.What,
		}
		switch {
		case f.unmet == edtf.No:
			due.Settled = f.by
		case d.set.Consequence == ConsequenceLapse:
			due.Settled = x.leftBy()
		}
		all = append(all, due)
	}
	return all
}

// leftBy is the recorded end of a round, 0 if there is none.
func (x *round) leftBy() es.Revision {
	if x.leave == nil || x.leave.derived {
		return 0
	}
	return x.leave.at
}

// dueRests returns the days on which holds are over, and on which suspensions
// begin of which notice was given.
func (x *round) dueRests() []terms.Due {
	var all []terms.Due
	add := func(rule string, r rest, on edtf.Date, settled es.Revision) {
		if on.IsForever() || edtf.Before(x.closed(), on) == edtf.Yes || !x.begunBy(on) { // or unknown
			return
		}
		all = append(all, terms.Due{Kind: terms.Effect, Rule: rule, Of: r.at, Key: string(r.duty), On: on, Settled: settled})
	}
	for _, r := range x.rests {
		switch {
		case r.noticed:
			add(DueNoticed, r, r.begins, cmp.Or(x.suspendedAfter(r), soonerThan(x.endings(r), r.begins)))
		case edtf.Before(r.until, r.from) != edtf.Yes:
			add(DueResumption, r, r.until, soonerThan(x.endings(r), r.until))
		}
	}
	return all
}

// soonerThan is the first fact recorded of those that certainly came before a
// date, 0 if there is none.
func soonerThan(facts []dated, on edtf.Date) es.Revision {
	for _, d := range facts {
		if edtf.Before(d.from, on) == edtf.Yes {
			return d.at
		}
	}
	return 0
}

// dueWithdrawals returns the days on which notices of withdrawal take effect:
// settled if they were revoked, or the party left otherwise by a recorded end.
// If it left otherwise by itself, the day is none.
func (r *reading) dueWithdrawals(rounds []round) []terms.Due {
	var all []terms.Due
	for _, n := range r.notices {
		if n.until.IsUnknown() || n.until.IsForever() {
			continue
		}
		settled := r.overtaken(n)
		ends := slices.ContainsFunc(rounds, func(x round) bool { return x.leave != nil && x.leave.derived && x.leave.at == n.at })
		for i := range rounds {
			if slices.ContainsFunc(rounds[i].notices, func(o notice) bool { return o.at == n.at }) {
				settled = cmp.Or(settled, rounds[i].leftBy())
			}
		}
		if ends || settled != 0 {
			all = append(all, terms.Due{Kind: terms.Effect, Rule: DueWithdrawal, Of: n.at, On: n.until, Settled: settled})
		}
	}
	return all
}

// overtaken returns what keeps a notice from taking effect: its revocation, or
// an end before the day. It is 0 if nothing does.
func (r *reading) overtaken(n notice) es.Revision {
	if revoked, _ := r.revocation(n); revoked != 0 {
		return revoked
	}
	for _, l := range r.left {
		if book.Follows(l, n) && edtf.Before(l.from, n.until) == edtf.Yes {
			return l.at
		}
	}
	return 0
}

// revocation returns what revokes a notice, and what would if it had not come
// when the notice had taken effect.
func (r *reading) revocation(n notice) (revoked, late es.Revision) {
	for _, v := range r.revoked {
		switch {
		case !book.Follows(v, n):
		case !n.until.IsUnknown() && n.until.HeldBy(v.from) == edtf.Yes:
			late = v.at
		case revoked == 0:
			revoked = v.at
		}
	}
	return revoked, late
}
