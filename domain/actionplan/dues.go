package actionplan

import (
	"cmp"
	"slices"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// The rules by which something of a plan falls due.
const (
	DueReport    = "actionplan.report"     // a report, by who owes it
	DueMilestone = "actionplan.milestone"  // a milestone, by who answers for its action
	DueTarget    = "actionplan.target"     // the target of an indicator
	DueActionEnd = "actionplan.action_end" // the planned end of an action
	DuePeriodEnd = "actionplan.period_end" // the last day of the plan's period
)

// Dues returns what falls due, by the event that determines it, then by the key
// of the report, milestone, indicator or action. A day that can never come is
// none of them.
func (s *State) Dues() []terms.Due {
	r := s.read()
	all := slices.Concat(r.reportDues(), r.milestoneDues(), r.targetDues(), r.actionDues())
	if r.opening.at != 0 {
		all = append(all, terms.Due{
			Kind: terms.Deadline, Rule: DuePeriodEnd, Of: r.opening.at, On: r.until, By: r.sole, What: s.Title(), Settled: r.ended().at,
		})
	}
	all = slices.DeleteFunc(all, func(d terms.Due) bool { return d.On.IsForever() })
	slices.SortStableFunc(all, func(a, b terms.Due) int {
		return cmp.Or(cmp.Compare(a.Of, b.Of), cmp.Compare(a.Key, b.Key))
	})
	return all
}

// reportDues are the reports. On a plan that was completed they are owed once
// more after its end, on one that was abandoned not any more.
func (r *reading) reportDues() []terms.Due {
	var all []terms.Due
	end := r.ended()
	for _, key := range r.reports.order {
		report := r.report(key)
		for i, o := range report.Occurrences {
			d := terms.Due{
				Kind: terms.Duty, Rule: DueReport, Of: cmp.Or(o.Extended, report.At), Key: string(key), On: o.On,
				By: cmp.Or(report.By.ID, r.sole), To: report.To.ID, Settled: o.Submitted,
			}
			over := end.phase == PhaseAbandoned || i > 0 && edtf.Before(end.from, report.Occurrences[i-1].Due) == edtf.Yes
			if end.at != 0 && over {
				d.Settled = cmp.Or(d.Settled, end.at)
			}
			all = append(all, d)
		}
	}
	return all
}

func (r *reading) milestoneDues() []terms.Due {
	var all []terms.Due
	for _, key := range r.points.order {
		m := r.milestone(key)
		all = append(all, terms.Due{
			Kind: terms.Duty, Rule: DueMilestone, Of: cmp.Or(m.Moved, m.At), Key: string(key), On: m.On,
			By: r.owner(m.Action), What: m.Title, Settled: cmp.Or(m.Reached, r.dropped(m.Action)),
		})
	}
	return all
}

// targetDues are the days by which indicators are to meet their targets; one
// without a target has none.
func (r *reading) targetDues() []terms.Due {
	var all []terms.Due
	for _, key := range r.measures.order {
		i := r.indicator(key)
		if i.Target == "" {
			continue
		}
		d := terms.Due{
			Kind: terms.Deadline, Rule: DueTarget, Of: i.At, Key: string(key), On: i.By,
			By: r.owner(i.Action), What: i.Title, Settled: r.dropped(i.Action),
		}
		if i.Progress.Reached == edtf.Yes {
			d.Settled = i.Progress.By
		}
		all = append(all, d)
	}
	return all
}

func (r *reading) actionDues() []terms.Due {
	var all []terms.Due
	for _, key := range r.actions.order {
		a := stands(r, r.actions.by[key])
		d := terms.Due{
			Kind: terms.Deadline, Rule: DueActionEnd, Of: a.at, Key: string(key), On: a.what.End,
			By: r.owner(key), What: a.what.Title, Settled: r.ended().at,
		}
		if closing, ok := r.closing(key); ok {
			d.Settled = closing.By
		}
		all = append(all, d)
	}
	return all
}

// dropped is the event after which nothing of an action is to be reached any
// more, because it was cancelled or the plan ended; 0 if there is none. Without
// an action it is the end of the plan.
func (r *reading) dropped(action Key) es.Revision {
	if closing, ok := r.closing(action); ok && closing.Status == ActionCancelled {
		return closing.By
	}
	return r.ended().at
}
