package progress

import (
	"fmt"
	"slices"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Reached is something that a plan set out to do, and that is done.
type Reached struct {
	Plan  string // its stream
	Kind  ReachedKind
	Title terms.Text // of the milestone or indicator
	On    edtf.Date
	By    es.Revision // the event that it rests on
}

// ReachedKind says what was reached.
type ReachedKind int8

// The kinds of what is reached.
const (
	PlanCompleted    ReachedKind = iota // the plan as a whole
	MilestoneReached                    // one of its milestones
	TargetReached                       // the target of one of its indicators, for the first time
)

// Goals returns what plans certainly or perhaps reached within a span, by plan in
// the order in which they were first recorded, and in that of the kinds. About a
// party are the plans that are its own, alone or with others, and those under it.
func Goals(conn *sqlite.Conn, w readmodel.Within) ([]Reached, error) {
	if err := w.Check(); err != nil {
		return nil, err
	}
	where, args, err := Filter{At: w.At}.where()
	if err != nil {
		return nil, err
	}
	plans, _, err := read(conn, where+" ORDER BY p.stream", args)
	var all []Reached
	for _, p := range plans {
		if err != nil {
			break
		}
		if w.About != "" && !p.about(w.About) {
			continue
		}
		var one []Reached
		if one, err = goals(conn, p.Stream, w.At); err != nil {
			break
		}
		for _, r := range one {
			if w.Is(r.On, false) != edtf.No {
				all = append(all, r)
			}
		}
	}
	if err != nil {
		return nil, fmt.Errorf("list what plans reached: %w", err)
	}
	return all, nil
}

// about reports whether p is a party's own, alone or with others, or under it.
func (p Plan) about(party string) bool {
	under, _ := p.Under.Target()
	return under == party || slices.ContainsFunc(p.Parties, func(r terms.PartyRef) bool { return string(r.ID) == party })
}

// goals returns what one plan reached, whenever it did.
func goals(conn *sqlite.Conn, plan string, at readmodel.At) ([]Reached, error) {
	q := ask(conn, plan, at, edtf.OfDay(edtf.MaxDay))
	var all []Reached
	err := q.each("x.phase, x.since, x.by_revision", "progress_phase x", "x.n", func(r *reader) {
		phase, done := actionplan.Phase(r.Text()), Reached{Plan: plan, Kind: PlanCompleted, On: r.date(), By: r.revision()}
		if phase == actionplan.PhaseCompleted {
			all = append(all, done)
		}
	})
	var p Plan
	err = terms.First(err, q.milestones(&p), q.indicators(&p))
	for _, m := range p.Milestones {
		if m.By != 0 {
			all = append(all, Reached{plan, MilestoneReached, m.Title, m.ReachedOn, m.By})
		}
	}
	for _, i := range p.Indicators {
		if on, by := i.met(); by != 0 {
			all = append(all, Reached{plan, TargetReached, i.Title, on, by})
		}
	}
	return all, err
}

// met returns when the target was met first, by which of the readings that meet
// it; 0 if none does.
func (i Indicator) met() (on edtf.Date, by es.Revision) {
	lo, hi := edtf.MaxDay, edtf.MaxDay
	for _, r := range i.Readings {
		r.Taken = edtf.Yes
		alone := Indicator{Indicator: i.Indicator, Readings: []Reading{r}}
		if alone.progress().Reached != edtf.Yes {
			continue
		}
		if by == 0 { // they are by date
			on, by = r.On, r.By
		}
		lo, hi = min(lo, r.On.Earliest()), min(hi, r.On.Latest())
	}
	if by != 0 && (on.Earliest() != lo || on.Latest() != hi) {
		on = edtf.Between(lo, hi)
	}
	return on, by
}
