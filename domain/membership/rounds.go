package membership

import (
	"cmp"
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
)

// round is one participation of the party, with the facts that belong to it.
type round struct {
	reading
	// leave is how it ended, nil if it did not; perhaps are ends that undecidably
	// came before, and rivals other assertions of the end.
	leave           *leave
	perhaps, rivals []leave
	last            bool
	after           edtf.Date // the end of the round before; unknown of the first
	next            edtf.Day  // the last on which the next round began
	strays          []dated   // facts of a member from after the end
}

// rounds sorts the facts by the ends between them. The ends that follow from
// duties are found one after the other, the earliest first, because each ends
// the duties of its round.
func (r *reading) rounds() []round {
	ends := slices.Concat(r.left, r.runOut())
	for {
		rounds := r.split(ends)
		lapse, found := nextLapse(rounds, ends)
		if !found {
			return rounds
		}
		ends = append(ends, lapse)
	}
}

// runOut returns the ends that follow from notices of withdrawal which were not
// revoked, and before the effect of which the party did not leave otherwise.
func (r *reading) runOut() []leave {
	var ends []leave
	for _, n := range r.notices {
		if !n.until.IsUnknown() && !n.until.IsForever() && r.overtaken(n) == 0 {
			ends = append(ends, leave{dated: dated{n.at, n.until}, standing: StandingWithdrawn, derived: true})
		}
	}
	return ends
}

// split sorts the facts into rounds by ends. Ends with no return between them
// compete.
func (r *reading) split(ends []leave) []round {
	ends = slices.Clone(ends)
	slices.SortStableFunc(ends, func(a, b leave) int { return compare(a.dated, b.dated) })
	entries := slices.Concat(r.asked, r.admitted, r.vouched)
	at := stretch(entries, len(ends), func(d dated, i int) bool { return ends[i].precedes(d) })
	rounds := make([]round, at.count())
	first := r.opened // the record is of all rounds, whenever it begins
	for i := range rounds {
		rounds[i] = round{reading: r.within(func(d dated) bool { return at.of(d) == i }), last: i == len(rounds)-1}
		for j, e := range ends {
			if at.group[j] == i {
				rounds[i].rivals = append(rounds[i].rivals, e)
			}
		}
		rounds[i].opened, first = first, nil
		if i > 0 {
			rounds[i].after = rounds[i-1].leave.from
			rounds[i-1].next = rounds[i].entered()
		}
		rounds[i].end()
		rounds[i].stray()
	}
	return rounds
}

// precedes reports whether d came after the end: by the dates or, where they do
// not say, by the order of recording. That order says nothing of an older
// register, which recorded when all was over; and what follows by itself was not
// recorded when it happened, so that only what is dated comes after it.
func (l leave) precedes(d dated) bool {
	switch held := l.from.HeldBy(d.from); {
	case l.carried:
		return edtf.Before(l.from, d.from) == edtf.Yes
	case l.derived:
		return held == edtf.Yes || held == edtf.Maybe && l.at < d.at && !d.from.IsUnknown()
	}
	return book.Follows(d, l)
}

// compare orders facts by their earliest day, then by recording.
func compare(a, b dated) int {
	return cmp.Or(cmp.Compare(a.from.Earliest(), b.from.Earliest()), cmp.Compare(a.at, b.at))
}

// stretches are the times between breaks: stretch i lies before break i. Those
// with no entry in them belong to the group of the one before.
type stretches struct {
	group   []int // of each stretch
	entries []step
	after   func(d dated, i int) bool
}

// stretch makes the groups of n breaks in order; after says whether a fact came
// after one.
func stretch(entries []step, n int, after func(d dated, i int) bool) stretches {
	s := stretches{make([]int, n+1), entries, after}
	entered := make([]int, n+1)
	for _, e := range entries {
		entered[s.index(e.dated)] = 1
	}
	for i := range n {
		s.group[i+1] = s.group[i] + entered[i+1]
	}
	return s
}

// index is the stretch of a fact: that after the last break before it.
func (s stretches) index(d dated) int {
	for i := len(s.group) - 1; i > 0; i-- {
		if s.after(d, i-1) {
			return i
		}
	}
	return 0
}

// of is the group of a fact. What certainly came before all entries of one
// belongs to the group before.
func (s stretches) of(d dated) int {
	group := s.group[s.index(d)]
	for group > 0 && !slices.ContainsFunc(s.entries, func(e step) bool {
		return s.group[s.index(e.dated)] == group && edtf.Before(d.from, e.from) != edtf.Yes
	}) {
		group--
	}
	return group
}

func (s stretches) count() int { return s.group[len(s.group)-1] + 1 }

// within returns the facts of a reading that are in a round.
func (r *reading) within(in func(dated) bool) reading {
	return reading{
		asked: pick(r.asked, in), refused: pick(r.refused, in), admitted: pick(r.admitted, in),
		vouched: pick(r.vouched, in), signed: pick(r.signed, in), activated: pick(r.activated, in), classes: pick(r.classes, in),
		rests: pick(r.rests, in), resumed: pick(r.resumed, in), notices: pick(r.notices, in), revoked: pick(r.revoked, in),
		left: pick(r.left, in), duties: pick(r.duties, in), settled: r.settlings(in),
		suspensions: pick(r.suspensions, in), warning: pick(r.warning, in),
	}
}

func pick[T book.Dated](all []T, in func(dated) bool) []T {
	var some []T
	for _, x := range all {
		if at, from := x.When(); in(dated{at, from}) {
			some = append(some, x)
		}
	}
	return some
}

// end takes from the rivals the end that stands: that recorded first or, if none
// is recorded, the earliest that follows from a notice or a duty.
func (x *round) end() {
	if len(x.rivals) == 0 {
		return
	}
	stands := slices.MinFunc(x.rivals, func(a, b leave) int {
		if a.order() == 0 && b.order() == 0 {
			return cmp.Compare(a.at, b.at)
		}
		return cmp.Or(cmp.Compare(a.order(), b.order()), compare(a.dated, b.dated))
	})
	x.leave = &stands
	rivals := x.rivals
	x.rivals = nil
	for _, l := range rivals {
		switch {
		case l == stands:
		case l.doubt && stands.derived && edtf.Before(stands.from, l.from) != edtf.Yes:
			x.perhaps = append(x.perhaps, l)
		case !l.derived:
			x.rivals = append(x.rivals, l)
		}
	}
}

// order is 0 of what is recorded, 1 of what follows, 2 of what perhaps does.
func (l leave) order() int {
	switch {
	case l.doubt:
		return 2
	case l.derived:
		return 1
	}
	return 0
}

// stray takes out what can be said of a member only, and is of after the end.
func (x *round) stray() {
	if x.leave == nil || x.leave.doubt {
		return
	}
	in := func(d dated) bool { return edtf.Before(x.leave.from, d.from) != edtf.Yes }
	out := func(d dated) bool { return !in(d) }
	for _, steps := range [][]step{x.signed, x.activated, x.classes, x.resumed} {
		for _, s := range pick(steps, out) {
			x.strays = append(x.strays, s.dated)
		}
	}
	for _, s := range pick(x.rests, out) {
		x.strays = append(x.strays, s.dated)
	}
	x.signed, x.activated, x.classes, x.resumed, x.rests = pick(x.signed, in), pick(x.activated, in), pick(x.classes, in), pick(x.resumed, in), pick(x.rests, in)
}

// entered returns the last day on which the round began.
func (x *round) entered() edtf.Day {
	day := edtf.MaxDay
	for _, s := range slices.Concat(x.asked, x.admitted, x.vouched) {
		day = min(day, s.from.Latest())
	}
	return day
}

// closed returns from when on the round is over for certain, or is followed by
// another one; unknown if neither is so.
func (x *round) closed() edtf.Date {
	if x.leave == nil || x.leave.doubt && x.last {
		return edtf.Date{}
	}
	if !x.last && (x.leave.doubt || x.next < x.leave.from.Latest()) {
		return edtf.Between(x.leave.from.Earliest(), x.next)
	}
	return x.leave.from
}
