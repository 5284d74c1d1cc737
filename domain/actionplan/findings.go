package actionplan

import (
	"fmt"
	"strings"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// findings collects what a person should look at.
type findings struct{ *book.Finds }

// Findings returns what a person should look at: contradictions of dates, what
// partial dates leave undecided, facts that compete, approvals that lack what
// should have gone before, and parts of the plan that do not fit together.
// Whether something is overdue is no finding: that depends on the day.
func (s *State) Findings() []terms.Finding {
	if !s.Exists() {
		return nil // nothing more is said of what was voided
	}
	f := &findings{book.NewFinds("actionplan", &s.book)}
	r := s.read()
	f.dates(s)
	f.dangling(s, r)
	f.competingSteps(r)
	f.competingThings(s, r)
	f.competingParts(r)
	for v := r.base; v <= r.last(); v++ {
		f.approvals(r, v)
		f.version(r, v)
	}
	f.life(s, r)
	f.actions(r)
	f.indicators(r)
	f.reports(r)
	f.budget(r)
	return f.All
}

// dates finds steps that are undated or vaguely dated.
func (f *findings) dates(s *State) {
	for h := range s.book.Held() {
		switch h.Event.(type) {
		case Submitted, Returned, ProvisionallyApproved, Approved, ImplementationBegun, Completed, Abandoned, Revised,
			ActionStatusSet, MilestoneReached, ReadingTaken, ReportSubmitted:
		default:
			continue
		}
		f.Vague(h.Fact.From(), h.Revision)
	}
}

// dangling finds keys that are named and, since they were corrected or voided,
// not there, or of which nothing is recorded as certain; and revisions that
// follow none.
func (f *findings) dangling(s *State, r *reading) {
	certain := map[label]bool{}
	for h := range s.book.Moving() {
		for _, t := range things(h.Event) {
			certain[t.label()] = true
		}
	}
	for h := range s.book.Held() {
		l := named(h.Event)
		switch {
		case l.key == "" || certain[l]:
		case !s.has(l):
			f.Add(strings.TrimPrefix(missing[l.kind].Code, "actionplan."), missing[l.kind].Message+": "+string(l.key), h.Revision)
		case h.Moves():
			f.Add("rests_on_unrecorded", fmt.Sprintf("the fact is about the %s %s, of which nothing is recorded as certain", l.kind, l.key), h.Revision)
		}
	}
	for _, d := range r.loose {
		f.Add("version_gap", fmt.Sprintf("version %d does not follow version %d and is not counted", d.version, r.last()), d.at)
	}
}

// approvals finds what an approval of a version lacks.
func (f *findings) approvals(r *reading, v int) {
	submitted := len(r.stepsTo(v, PhaseSubmitted)) > 0 || v == r.base && r.carried != "" && r.carried != PhaseDraft
	provisional := r.stepTo(v, PhaseProvisional)
	for _, s := range r.stepsTo(v, PhaseReturned, PhaseProvisional, PhaseApproved) {
		switch {
		case s.at == r.opening.at:
			continue // an older register says it without the steps before
		case !submitted && (s.phase != PhaseApproved || provisional.at == 0):
			f.Add("not_submitted", fmt.Sprintf("version %d was %s and is not known to have been submitted", v, verbs[s.phase]), s.at)
		}
		if s.by == "" && s.phase != PhaseReturned {
			f.Add("no_approver", fmt.Sprintf("version %d was %s and nobody says by whom", v, verbs[s.phase]), s.at)
		}
		if s.definitive && provisional.at == 0 {
			f.Add("no_provisional", fmt.Sprintf("the approval of version %d is called definitive and no provisional one is recorded", v), s.at)
		}
	}
}

// verbs says what happened when a version came to a phase.
var verbs = map[Phase]string{
	PhaseSubmitted: "submitted", PhaseReturned: "returned", PhaseProvisional: "provisionally approved", PhaseApproved: "approved",
}

// actions finds actions that go on after they ended, and milestones of those
// that were cancelled.
func (f *findings) actions(r *reading) {
	for _, key := range r.actions.order {
		a := stands(r, r.actions.by[key])
		if edtf.Before(a.what.End, a.what.Start) == edtf.Yes {
			f.Add("contradiction", fmt.Sprintf("the action %s is planned to end %s before it starts %s", key, a.what.End, a.what.Start), a.at)
		}
		spans := r.statusSpans(key)
		for i, s := range spans {
			if i > 0 && spans[i-1].Status.ends() && s.Status != spans[i-1].Status {
				f.Add("reopened", fmt.Sprintf("the action %s was %s and then %s", key, spans[i-1].Status, s.Status), spans[i-1].By, s.By)
			}
		}
	}
	for _, key := range r.points.order {
		m := r.milestone(key)
		if closing, ok := r.closing(m.Action); ok && closing.Status == ActionCancelled && m.Reached == 0 {
			f.Add("milestone_of_cancelled", fmt.Sprintf("the milestone %s is of an action that was cancelled", key), m.At, closing.By)
		}
	}
}

// indicators finds aims that contradict themselves, and measurements that came
// too late to tell or cannot be put in order.
func (f *findings) indicators(r *reading) {
	for _, key := range r.measures.order {
		i := r.indicator(key)
		if i.Baseline != "" && i.Target != "" {
			order := i.Target.Compare(i.Baseline)
			if i.Direction == Increase && order < 0 || i.Direction == Decrease && order > 0 {
				f.Add("wrong_direction", fmt.Sprintf("the indicator %s is to %s from %s to %s", key, i.Direction, i.Baseline, i.Target), i.At)
			}
		}
		var events []es.Revision
		late := len(i.Readings) > 0
		for _, v := range i.Readings {
			events = append(events, v.By)
			late = late && edtf.Before(i.By, v.On) == edtf.Yes
		}
		if late {
			f.Add("late_readings", fmt.Sprintf("the indicator %s was measured only after the target date %s", key, i.By), events...)
		}
		if i.Progress.By != 0 && i.Progress.Value == "" {
			f.Add("undecidable", fmt.Sprintf("dates leave it open which reading of the indicator %s is the last", key), events...)
		}
	}
}

// reports finds what came late, and what names a day on which nothing is due.
func (f *findings) reports(r *reading) {
	for _, key := range r.reports.order {
		report := r.report(key)
		for _, o := range report.Occurrences {
			switch o.Late {
			case edtf.Yes:
				f.Add("late", fmt.Sprintf("the report that was due %s came %s", o.On, o.SubmittedOn), o.Submitted)
			case edtf.Maybe:
				f.Add("undecidable", fmt.Sprintf("perhaps the report that was due %s came late: %s", o.On, o.SubmittedOn), o.Submitted)
			case edtf.No:
			}
		}
		for _, x := range r.extended[key] {
			if edtf.Before(x.to, x.due) == edtf.Yes {
				f.Add("contradiction", fmt.Sprintf("the report due %s was extended to the earlier %s", x.due, x.to), x.at)
			}
			f.noDue(report, x.due, x.at)
		}
		for _, h := range r.handed[key] {
			f.noDue(report, h.due, h.at)
		}
	}
}

func (f *findings) noDue(report ReportState, due edtf.Date, at es.Revision) {
	if report.find(due) == nil {
		f.Add("no_due", fmt.Sprintf("the report %s is not due on the date that the fact names, %q", report.Key, due), at)
	}
}

// budget finds lines with more funding than they have, and with funding in
// another currency, which is in no sum.
func (f *findings) budget(r *reading) {
	for _, l := range r.budget().Lines {
		events := []es.Revision{l.At}
		for _, c := range l.Funding {
			if c.Amount.Currency != l.Amount.Currency {
				f.Add("other_currency", fmt.Sprintf("the line %s is in %s, its funding %s in %s", l.Key, l.Amount.Currency, c.Key, c.Amount.Currency), l.At, c.At)
				continue
			}
			events = append(events, c.At)
		}
		if l.Funded > l.Amount.Minor {
			f.Add("over_funded", fmt.Sprintf("%d of %d minor units of %s are promised for the line %s", l.Funded, l.Amount.Minor, l.Amount.Currency, l.Key), events...)
		}
	}
}
