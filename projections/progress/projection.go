package progress

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Projection keeps how far the action plans are.
type Projection struct {
	plans      *readmodel.Table[plan]
	phases     *readmodel.Table[phase]
	actions    *readmodel.Table[action]
	statuses   *readmodel.Table[status]
	milestones *readmodel.Table[milestone]
	indicators *readmodel.Table[indicator]
	readings   *readmodel.Table[reading]
	lines      *readmodel.Table[line]
	reports    *readmodel.Table[report]
}

// New returns the projection.
func New() Projection {
	return Projection{
		planTable(), phaseTable(), actionTable(), statusTable(), milestoneTable(),
		indicatorTable(), readingTable(), lineTable(), reportTable(),
	}
}

// Name implements [readmodel.Projection].
func (Projection) Name() string { return "progress" }

// Version implements [readmodel.Projection].
func (Projection) Version() int { return 1 }

// DDL implements [readmodel.Projection].
func (p Projection) DDL() (tables, indexes string) {
	return p.plans.DDL() + p.phases.DDL() + p.actions.DDL() + p.statuses.DDL() + p.milestones.DDL() +
			p.indicators.DDL() + p.readings.DDL() + p.lines.DDL() + p.reports.DDL(), `
CREATE INDEX IF NOT EXISTS progress_plan_sort ON progress_plan (sort, stream);
`
}

// changed is what an event changed in the rows of its plan.
type changed struct {
	plans      readmodel.Change[plan]
	phases     readmodel.Change[phase]
	actions    readmodel.Change[action]
	statuses   readmodel.Change[status]
	milestones readmodel.Change[milestone]
	indicators readmodel.Change[indicator]
	readings   readmodel.Change[reading]
	lines      readmodel.Change[line]
	reports    readmodel.Change[report]
	err        error
}

// Derive implements [readmodel.Projection].
func (Projection) Derive(before any, s readmodel.State) (after, change any) {
	state, ok := s.Of.(*actionplan.State)
	if !ok {
		return nil, nil
	}
	old, _ := before.(kept)
	now, err := rowsOf(state, s.Meta.Visibility)
	return now, changed{
		readmodel.Diff(old.plans, now.plans), readmodel.Diff(old.phases, now.phases),
		readmodel.Diff(old.actions, now.actions), readmodel.Diff(old.statuses, now.statuses),
		readmodel.Diff(old.milestones, now.milestones), readmodel.Diff(old.indicators, now.indicators),
		readmodel.Diff(old.readings, now.readings), readmodel.Diff(old.lines, now.lines),
		readmodel.Diff(old.reports, now.reports), err,
	}
}

// Apply implements [readmodel.Projection].
func (p Projection) Apply(tx *readmodel.Tx, e readmodel.Event, change any) error {
	c, ok := change.(changed)
	if !ok {
		return nil
	}
	if c.err != nil {
		return fmt.Errorf("describe the plan: %w", c.err)
	}
	stream := e.Record.Stream
	for _, write := range []func() error{
		func() error { return p.plans.Apply(tx, stream, c.plans) },
		func() error { return p.phases.Apply(tx, stream, c.phases) },
		func() error { return p.actions.Apply(tx, stream, c.actions) },
		func() error { return p.statuses.Apply(tx, stream, c.statuses) },
		func() error { return p.milestones.Apply(tx, stream, c.milestones) },
		func() error { return p.indicators.Apply(tx, stream, c.indicators) },
		func() error { return p.readings.Apply(tx, stream, c.readings) },
		func() error { return p.lines.Apply(tx, stream, c.lines) },
		func() error { return p.reports.Apply(tx, stream, c.reports) },
	} {
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}
