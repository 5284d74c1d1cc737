package membership

import (
	"cmp"
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// occurrence is one time that a duty is due: as it was set, then as extended.
type occurrence struct {
	stages []stage
	met    []dated // or waived
}

// stage is a due date, and what settles it.
type stage struct {
	due  edtf.Date
	at   es.Revision // of the event that gives the date
	ends []dated     // met, waived or extended
}

// settledBy is the event that settled the stage first, by recording; 0 if none
// did.
func (s stage) settledBy() es.Revision {
	if len(s.ends) == 0 {
		return 0
	}
	return slices.MinFunc(s.ends, func(a, b dated) int { return cmp.Compare(a.at, b.at) }).at
}

// settlings returns the settlings that are in a round, and all that name a due
// date: what was owed in one round may be settled in the next.
func (r *reading) settlings(in func(dated) bool) []settling {
	return pick(r.settled, func(d dated) bool {
		return in(d) || slices.ContainsFunc(r.settled, func(s settling) bool { return s.at == d.at && !s.due.IsUnknown() })
	})
}

// owed returns the duties of a round, of those with one key the first recorded.
func (x *round) owed() []duty {
	var all []duty
	for _, d := range x.duties {
		if !slices.ContainsFunc(all, func(o duty) bool { return o.set.Key == d.set.Key }) {
			all = append(all, d)
		}
	}
	return all
}

// occurrences returns when a duty is due while the party is a member, with what
// settles it.
func (x *round) occurrences(d duty) []occurrence {
	var all []occurrence
	closed := x.closed()
	for _, on := range terms.Occurrences(d.set.Due, d.set.Every, closed) {
		if !x.begunBy(on) || closed.HeldBy(on) == edtf.Yes {
			continue
		}
		all = append(all, occurrence{stages: []stage{{due: on, at: d.at}}})
	}
	for _, s := range x.settled {
		i := slices.IndexFunc(all, func(o occurrence) bool { return o.meant(s) })
		if s.key != d.set.Key || i < 0 {
			continue
		}
		o := &all[i]
		if s.to.IsUnknown() {
			o.met = append(o.met, s.dated)
			continue
		}
		last := &o.stages[len(o.stages)-1]
		last.ends = append(last.ends, s.dated)
		o.stages = append(o.stages, stage{due: s.to, at: s.at})
	}
	for _, o := range all {
		for i := range o.stages {
			o.stages[i].ends = append(o.stages[i].ends, o.met...)
		}
	}
	return all
}

// begunBy reports whether the party was perhaps a member as of a date, by any
// fact that says that it came to be one.
func (x *round) begunBy(on edtf.Date) bool {
	return edtf.Before(on, x.after) != edtf.Yes &&
		slices.ContainsFunc(slices.Concat(x.admitted, x.vouched, x.activated), func(s step) bool {
			return edtf.Before(on, s.from) != edtf.Yes
		})
}

// meant reports whether a settling is of the occurrence, where those before it
// are not meant: it names one of its dates or, if it names none, the occurrence
// is open.
func (o occurrence) meant(s settling) bool {
	if s.due.IsUnknown() {
		return len(o.met) == 0
	}
	return slices.ContainsFunc(o.stages, func(g stage) bool {
		return g.due.Earliest() == s.due.Earliest() && g.due.Latest() == s.due.Latest()
	})
}

// fallout is what follows of itself if a duty is not met in time.
type fallout struct {
	dated // from: the first day on which it has effect
	unmet edtf.Truth
	ends  []dated // of a hold or a suspension
	by    es.Revision
}

var oneDay = edtf.Period{Days: 1}

// fallouts returns what follows from a duty, up to the first effect that
// nothing ends: those that were averted too.
func (x *round) fallouts(d duty) []fallout {
	if d.set.Consequence == "" || d.set.Consequence == ConsequenceNone {
		return nil
	}
	var all []fallout
	closed := x.closed()
	for _, o := range x.occurrences(d) {
		for _, g := range o.stages {
			f := fallout{dated: dated{g.at, g.due.Add(d.set.Grace).Add(oneDay)}, ends: g.ends, by: g.settledBy()}
			if f.from.IsUnknown() || f.from.IsForever() || edtf.Before(f.from, later(d.from, x.after)) == edtf.Yes ||
				edtf.Before(closed, f.from) == edtf.Yes {
				continue
			}
			f.unmet = notBefore(f.ends, f.from)
			if d.set.Consequence != ConsequenceLapse {
				f.ends = append(slices.Clip(f.ends), pick(x.resumedAfter(f.dated), func(d dated) bool {
					return len(all) == 0 || !d.from.IsForever() // else it would end each of them, perhaps
				})...)
			}
			all = append(all, f)
			if f.unmet == edtf.Yes && (d.set.Consequence == ConsequenceLapse || len(f.ends) == 0) {
				return all
			}
		}
	}
	return all
}

// notBefore says whether none of the facts came before a date.
func notBefore(facts []dated, on edtf.Date) edtf.Truth {
	none := edtf.Yes
	for _, d := range facts {
		none = none.And(edtf.Before(d.from, on).Not())
	}
	return none
}

func (x *round) resumedAfter(d dated) []dated {
	var all []dated
	for _, s := range x.resumed {
		if book.Follows(s, d) {
			all = append(all, s.dated)
		}
	}
	return all
}

// nextLapse returns the earliest lapse that follows from a duty and is not among
// the ends yet, and whether there is one.
func nextLapse(rounds []round, ends []leave) (next leave, found bool) {
	for i := range rounds {
		for _, d := range rounds[i].owed() {
			if d.set.Consequence != ConsequenceLapse {
				continue
			}
			doubted := false
			for _, f := range rounds[i].fallouts(d) {
				l := leave{dated: f.dated, standing: StandingLapsed, derived: true, doubt: f.unmet == edtf.Maybe}
				if f.unmet == edtf.No || l.doubt && doubted {
					continue
				}
				doubted = doubted || l.doubt
				known := slices.ContainsFunc(ends, func(e leave) bool { return e.derived && e.dated == l.dated })
				if !known && (!found || compare(l.dated, next.dated) < 0) {
					next, found = l, true
				}
			}
		}
	}
	return next, found
}

// pause is a hold or a suspension, as recorded or as it follows.
type pause struct {
	dated
	standing Standing
	doubt    bool
	end      dated // zero if nothing ends it
}

// pauses returns the holds and suspensions of a round.
func (x *round) pauses() []pause {
	var all []pause
	add := func(d dated, standing Standing, unmet edtf.Truth, ends []dated) {
		if unmet != edtf.No {
			all = append(all, pause{d, standing, unmet == edtf.Maybe, first(ends, d.from)})
		}
	}
	for _, r := range x.rests {
		ends := x.endings(r)
		switch {
		case !r.noticed:
			add(r.dated, r.standing, edtf.Yes, ends)
		case r.begins.IsForever() || !x.begunBy(r.begins): // or unknown
		case x.suspendedAfter(r) == 0:
			add(dated{r.at, r.begins}, r.standing, notBefore(ends, r.begins), ends)
		}
	}
	for _, d := range x.owed() {
		if standing, ok := pausing[d.set.Consequence]; ok {
			for _, f := range x.fallouts(d) {
				add(f.dated, standing, f.unmet, f.ends)
			}
		}
	}
	return all
}

// endings returns what ends a hold or a suspension that was recorded, or averts
// one of which notice was given.
func (x *round) endings(r rest) []dated {
	ends := x.resumedAfter(r.dated)
	if !r.until.IsUnknown() && edtf.Before(r.until, r.from) != edtf.Yes {
		ends = append(ends, dated{r.at, r.until})
	}
	for _, s := range x.settled {
		if r.duty != "" && s.key == r.duty && book.Follows(s, r) {
			ends = append(ends, s.dated)
		}
	}
	return ends
}

// suspendedAfter returns the suspension that was recorded as that of which a
// notice was given, 0 if there is none: a resumption lies between it and others.
func (x *round) suspendedAfter(warned rest) es.Revision {
	for _, s := range x.suspensions {
		between := slices.ContainsFunc(x.resumed, func(r step) bool {
			return book.Follows(r, warned) && book.Follows(s, r)
		})
		if book.Follows(s, warned) && !between {
			return s.at
		}
	}
	return 0
}

// first is the first of several facts, none before a date: a range if their
// dates do not say which that is. It is zero if there are none.
func first(facts []dated, after edtf.Date) dated {
	if len(facts) == 0 {
		return dated{}
	}
	soonest := slices.MinFunc(facts, func(a, b dated) int {
		return cmp.Or(cmp.Compare(a.from.Latest(), b.from.Latest()), compare(a, b))
	})
	for _, d := range facts {
		if d.from.Earliest() < soonest.from.Earliest() {
			soonest.from = edtf.Between(d.from.Earliest(), soonest.from.Latest())
		}
	}
	soonest.from = later(soonest.from, after)
	return soonest
}

// later is the later of two dates: a range if they do not say which that is.
func later(a, b edtf.Date) edtf.Date {
	lo, hi := max(a.Earliest(), b.Earliest()), max(a.Latest(), b.Latest())
	for _, d := range []edtf.Date{a, b} {
		if d.Earliest() == lo && d.Latest() == hi {
			return d
		}
	}
	return edtf.Between(lo, hi)
}
