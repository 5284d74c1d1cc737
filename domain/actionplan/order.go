package actionplan

import (
	"fmt"
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
)

// version finds steps of a version whose dates contradict their order, or leave
// it open.
func (f *findings) version(r *reading, v int) {
	opened := dated{at: r.opening.at, from: r.since}
	if v > r.base {
		before := opened
		opened = r.revisions[v-r.base-1]
		if v > r.base+1 {
			before = r.revisions[v-r.base-2]
		}
		f.InOrder(fmt.Sprintf("version %d was opened before the one before it", v), before, opened)
	}
	submitted, provisional := r.stepTo(v, PhaseSubmitted), r.stepTo(v, PhaseProvisional)
	for _, s := range r.stepsTo(v, PhaseSubmitted, PhaseProvisional, PhaseApproved) {
		did := fmt.Sprintf("version %d was %s before it was ", v, verbs[s.phase])
		f.InOrder(did+"drafted", opened, s.dated)
		if s.phase == PhaseSubmitted {
			continue
		}
		f.InOrder(did+"submitted", submitted.dated, s.dated)
		for _, t := range r.turns(v) {
			if t.phase == PhaseReturned {
				f.InOrder(did+"returned", t.dated, s.dated)
			}
		}
		if s.phase == PhaseApproved {
			f.InOrder(did+"provisionally approved", provisional.dated, s.dated)
		}
	}
}

// life finds steps of the plan as a whole that do not follow each other.
func (f *findings) life(s *State, r *reading) {
	begun, end := r.started(), r.ended()
	var approved dated
	for v := r.last(); v >= r.base; v-- {
		if d := r.stepTo(v, PhaseApproved); d.at != 0 {
			approved = d.dated
		}
	}
	f.InOrder("the plan was carried out before it was approved", approved, begun)
	if begun.at != 0 && r.inForce() == 0 {
		f.Add("not_approved", "the plan is carried out and no approval of it is recorded", begun.at)
	}
	if end.phase == PhaseCompleted {
		f.InOrder("the plan was completed before it was begun", begun, end.dated)
	}
	f.InOrder("the plan ended before it was drafted", dated{at: r.opening.at, from: r.since}, end.dated)
	for _, d := range r.living {
		f.InOrder("the plan ended before what is recorded of it", d, end.dated)
	}
	for _, key := range r.points.order {
		f.InOrder(fmt.Sprintf("the milestone %s was reached before the plan was approved", key), approved, book.One(r.reached[key]))
	}
	if d := s.Describe(); r.opening.at != 0 && edtf.Before(d.Until, d.From) == edtf.Yes {
		f.Add("contradiction", fmt.Sprintf("the plan's period ends %s before it begins %s", d.Until, d.From), r.opening.at)
	}
}

// competingSteps finds steps of which only one can be so. The one recorded first
// stands until it is corrected, voided or ruled on. Approvals by different
// parties are of one plan that all of them approved.
func (f *findings) competingSteps(r *reading) {
	book.Competing(f.Finds, "the beginning of the implementation", r.begun)
	pairs := slices.Clone(r.rivals)
	for v := r.base; v <= r.last(); v++ {
		_, turns := r.takeTurns(v)
		pairs = append(pairs, turns...)
		for _, phase := range []Phase{PhaseProvisional, PhaseApproved} {
			all := r.stepsTo(v, phase)
			for _, s := range all[min(1, len(all)):] {
				if either(s.by, all[0].by) {
					pairs = append(pairs, [2]dated{all[0].dated, s.dated})
				}
			}
		}
	}
	for _, p := range pairs {
		book.Competing(f.Finds, "a step of a version", p[:])
	}
	for _, e := range r.ends[min(1, len(r.ends)):] {
		if e.phase != r.ended().phase {
			f.Add("contradiction", "the plan is said to have been completed and abandoned; the first stands", r.ended().at, e.at)
			continue
		}
		book.Competing(f.Finds, "the end of the plan", []dated{r.ended().dated, e.dated})
	}
}

// competingThings finds keys that stand for several things in one version,
// since something was corrected, voided or ruled on.
func (f *findings) competingThings(s *State, r *reading) {
	type said struct {
		thing
		version int
		at      es.Revision
	}
	var all []said
	for h := range s.book.Moving() {
		for _, t := range things(h.Event) {
			now := said{t, r.place(h.Revision, h.Fact.From()).version, h.Revision}
			for _, o := range all {
				if o.label() == t.label() && o.version == now.version && !o.agrees(t) {
					f.Add("competing", fmt.Sprintf("the %s %s is said to be different things; the first stands", t.label().kind, t.label().key), o.at, now.at)
					break
				}
			}
			all = append(all, now)
		}
	}
}

// competingParts finds what is said differently of one part of the plan.
func (f *findings) competingParts(r *reading) {
	for _, key := range r.actions.order {
		_, rivals := distinct(r.statuses[key], sameDay)
		for _, p := range rivals {
			f.differ(p[0].is != p[1].is, "the action "+string(key)+" has different statuses on one day", p[0].dated, p[1].dated)
		}
	}
	for _, key := range r.points.order {
		_, rivals := distinct(r.moves[key], sameDay)
		for _, p := range rivals {
			f.differ(p[0].due != p[1].due, "the milestone "+string(key)+" was moved to different days on one", p[0].dated, p[1].dated)
		}
		book.Competing(f.Finds, "the milestone "+string(key), r.reached[key])
	}
	for _, key := range r.measures.order {
		_, rivals := distinct(r.values[key], sameDate)
		for _, p := range rivals {
			f.differ(p[0].is != p[1].is, "the indicator "+string(key)+" has different values on one date", p[0].dated, p[1].dated)
		}
	}
	for _, key := range r.reports.order {
		report := r.report(key)
		for _, x := range r.extended[key] {
			if o := report.find(x.due); o != nil {
				f.differ(o.On != x.to, "the report "+string(key)+" is extended to different days", dated{at: o.Extended}, x.dated)
			}
		}
		for _, h := range r.handed[key] {
			if o := report.find(h.due); o != nil {
				f.differ(o.SubmittedOn != h.from, "the report "+string(key)+" came on different dates", dated{at: o.Submitted}, h.dated)
			}
		}
	}
}

func (f *findings) differ(they bool, what string, first, second dated) {
	if they {
		f.Add("competing", what+"; the first stands", first.at, second.at)
	}
}
