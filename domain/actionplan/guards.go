package actionplan

import (
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// guard fails with [es.ErrRejected] if e, at a revision, would break the
// structure of the plan: keys are asked of facts of any status, the rest only of
// recorded ones (rules 5 and 6 of the ledger). What dates leave undecided
// passes, and becomes a finding.
func (s *State) guard(e Event, at es.Revision) error {
	r := s.read()
	for _, t := range things(e) {
		if s.taken(r, t, r.place(at, e.About().From()).version) {
			return ErrKeyTaken
		}
	}
	if l := named(e); l.key != "" && !s.has(l) {
		return missing[l.kind]
	}
	if e.About().Status != terms.Recorded {
		return nil
	}
	if err := r.outlived(e); err != nil {
		return err
	}
	switch e := e.(type) {
	case Revised:
		// A number that a revision has already is the same one, from another
		// source or with another date, and competes with it.
		if e.Version <= r.base || e.Version > r.last()+1 {
			return ErrVersion
		}
	case ReportExtended:
		if r.extendedOtherwise(e) {
			return ErrExtended
		}
	default:
	}
	return nil
}

// things returns what the keys that an event gives stand for.
func things(e Event) []thing {
	switch e := e.(type) {
	case CarriedOver:
		var all []thing
		for _, a := range e.Actions {
			all = append(all, a.Action)
		}
		return all
	case ActionAdded:
		return []thing{e.Action}
	case MilestoneSet:
		return []thing{e.Milestone}
	case IndicatorSet:
		return []thing{e.Indicator}
	case BudgetLineSet:
		return []thing{e.Line}
	case FundingCommitted:
		return []thing{e.Commitment}
	case ReportDueSet:
		return []thing{e.Report}
	default:
		return nil
	}
}

// named returns the key that an event names and does not give.
func named(e Event) label {
	switch e := e.(type) {
	case ActionStatusSet:
		return label{"action", e.Action}
	case MilestoneSet:
		return label{"action", e.Action}
	case MilestoneReached:
		return label{"milestone", e.Milestone}
	case MilestoneMoved:
		return label{"milestone", e.Milestone}
	case IndicatorSet:
		return label{"action", e.Action}
	case ReadingTaken:
		return label{"indicator", e.Indicator}
	case BudgetLineSet:
		return label{"action", e.Action}
	case FundingCommitted:
		return label{"line", e.Line}
	case ReportSubmitted:
		return label{"report", e.Report}
	case ReportExtended:
		return label{"report", e.Report}
	default:
		return label{}
	}
}

// missing is what an event meets that names a key of a kind which nothing has.
var missing = map[string]*es.Error{
	"action": ErrNoAction, "milestone": ErrNoMilestone, "indicator": ErrNoIndicator, "line": ErrNoLine, "report": ErrNoReport,
}

// taken reports whether the key of t stands for something else in a version,
// whatever the status of the fact that says so. The same from another source,
// with another date or in other words competes with it; the next version may
// say it anew.
func (s *State) taken(r *reading, t thing, version int) bool {
	for h := range s.book.Held() {
		for _, o := range things(h.Event) {
			if o.label() == t.label() && !o.agrees(t) && r.place(h.Revision, h.Fact.From()).version == version {
				return true
			}
		}
	}
	return false
}

// has reports whether something has a label, whatever the status of the fact
// that says so.
func (s *State) has(l label) bool {
	for h := range s.book.Held() {
		for _, t := range things(h.Event) {
			if t.label() == l {
				return true
			}
		}
	}
	return false
}

// wantsLife reports whether e can only happen to a plan that has not ended.
// Reports and readings may come late, and an end is compared with the other one.
func wantsLife(e Event) bool {
	switch e.(type) {
	case Submitted, Returned, ProvisionallyApproved, Approved, ImplementationBegun, Revised,
		ActionAdded, ActionStatusSet, MilestoneSet, MilestoneReached, MilestoneMoved, IndicatorSet, BudgetLineSet, FundingCommitted:
		return true
	default:
		return false
	}
}

// outlived fails if the plan had certainly ended before a recorded fact that
// only one which has not can meet.
func (r *reading) outlived(e Event) error {
	end := r.ended()
	if end.at == 0 || edtf.Before(end.from, e.About().From()) != edtf.Yes {
		return nil
	}
	other := false
	switch e.(type) {
	case Completed:
		other = end.phase == PhaseAbandoned
	case Abandoned:
		other = end.phase == PhaseCompleted
	default:
	}
	if other || wantsLife(e) {
		return ErrEnded
	}
	return nil
}
