package actionplan

import (
	"cmp"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// ActionState is an action, by what the version in force says of it.
type ActionState struct {
	Action
	Version int // that says so
	// Statuses are in their order; to ask as of a date, use [book.AsOf].
	Statuses []StatusSpan
	At       es.Revision // the event it rests on
}

// StatusSpan is a status of an action from a date on, until a later span begins.
type StatusSpan struct {
	Status ActionStatus
	Note   terms.Text
	From   edtf.Date
	By     es.Revision // the event it rests on
}

// Begun implements [book.Span].
func (s StatusSpan) Begun(on edtf.Date) edtf.Truth { return s.From.HeldBy(on) }

// Actions returns the actions that move state, in the order of first mention. An
// action has not started until a fact says that it has, whatever was planned.
func (s *State) Actions() []ActionState {
	r := s.read()
	var all []ActionState
	for _, key := range r.actions.order {
		a := stands(r, r.actions.by[key])
		all = append(all, ActionState{a.what, a.version, r.statusSpans(key), a.at})
	}
	return all
}

func (r *reading) statusSpans(key Key) []StatusSpan {
	var spans []StatusSpan
	if added := book.One(r.actions.by[key]); added.at != 0 && added.at != r.opening.at {
		spans = append(spans, StatusSpan{Status: ActionNotStarted, From: added.from, By: added.at})
	}
	kept, _ := distinct(r.statuses[key], sameDay)
	for _, s := range ordered(kept) {
		spans = append(spans, StatusSpan{s.is, s.note, s.from, s.at})
	}
	return spans
}

// closing is the status by which an action ended, if its last one is such.
func (r *reading) closing(key Key) (StatusSpan, bool) {
	spans := r.statusSpans(key)
	if len(spans) == 0 || !spans[len(spans)-1].Status.ends() {
		return StatusSpan{}, false
	}
	return spans[len(spans)-1], true
}

// owner is the party that answers for an action or, without one, for the plan;
// empty if that is nobody in particular.
func (r *reading) owner(key Key) terms.PartyID {
	if all := r.actions.by[key]; len(all) > 0 {
		return cmp.Or(stands(r, all).what.Owner.ID, r.sole)
	}
	return r.sole
}

// MilestoneState is a milestone, by what the version in force says of it.
type MilestoneState struct {
	Milestone
	Version int // that says so
	// On is the last day on which it is reached in time, as it was moved, and
	// Moved the event that moved it there, 0 if none did.
	On    edtf.Date
	Moved es.Revision
	// ReachedOn is when it was reached, by the event Reached; 0 if it is not
	// known to be.
	ReachedOn edtf.Date
	Reached   es.Revision
	At        es.Revision // the event it rests on
}

// Milestones returns the milestones that move state, in the order of first
// mention.
func (s *State) Milestones() []MilestoneState {
	r := s.read()
	var all []MilestoneState
	for _, key := range r.points.order {
		all = append(all, r.milestone(key))
	}
	return all
}

func (r *reading) milestone(key Key) MilestoneState {
	p := stands(r, r.points.by[key])
	m := MilestoneState{Milestone: p.what, Version: p.version, On: p.what.Due, At: p.at}
	moves, _ := distinct(r.moves[key], sameDay)
	for _, to := range ordered(moves) {
		if to.version >= p.version { // a later version starts afresh
			m.On, m.Moved = to.due, to.at
		}
	}
	reached := book.One(r.reached[key])
	m.ReachedOn, m.Reached = reached.from, reached.at
	return m
}
