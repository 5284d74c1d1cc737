package roster

import (
	"fmt"

	"github.com/entente-ledger/entente/projections/readmodel"
)

// Projection keeps the rosters.
type Projection struct {
	networks    *readmodel.Table[head]
	phases      *readmodel.Table[phase]
	bodies      *readmodel.Table[body]
	stays       *readmodel.Table[stay]
	memberships *readmodel.Table[pair]
	standings   *readmodel.Table[standing]
	activities  *readmodel.Table[meeting]
	presences   *readmodel.Table[presence]
}

// New returns the projection.
func New() Projection {
	return Projection{
		networkTable(), phaseTable(), bodyTable(), stayTable(), membershipTable(), standingTable(), activityTable(), presenceTable(),
	}
}

// Name implements [readmodel.Projection].
func (Projection) Name() string { return "roster" }

// Version implements [readmodel.Projection].
func (Projection) Version() int { return 2 }

// DDL implements [readmodel.Projection].
func (p Projection) DDL() (tables, indexes string) {
	return p.networks.DDL() + p.phases.DDL() + p.bodies.DDL() + p.stays.DDL() +
			p.memberships.DDL() + p.standings.DDL() + p.activities.DDL() + p.presences.DDL(), `
CREATE INDEX IF NOT EXISTS roster_network_sort ON roster_network (sort, stream);
CREATE INDEX IF NOT EXISTS roster_membership_network ON roster_membership (network, stream);
CREATE INDEX IF NOT EXISTS roster_activity_network ON roster_activity (network, stream);
`
}

// changed is what an event changed in the rows of its stream, which has rows in
// some of the tables only.
type changed struct {
	networks    readmodel.Change[head]
	phases      readmodel.Change[phase]
	bodies      readmodel.Change[body]
	stays       readmodel.Change[stay]
	memberships readmodel.Change[pair]
	standings   readmodel.Change[standing]
	activities  readmodel.Change[meeting]
	presences   readmodel.Change[presence]
	err         error
}

// Derive implements [readmodel.Projection].
func (Projection) Derive(before any, s readmodel.State) (after, change any) {
	now, known, err := rowsOf(s)
	if !known {
		return nil, nil
	}
	old, _ := before.(kept)
	return now, changed{
		readmodel.Diff(old.networks, now.networks), readmodel.Diff(old.phases, now.phases),
		readmodel.Diff(old.bodies, now.bodies), readmodel.Diff(old.stays, now.stays),
		readmodel.Diff(old.memberships, now.memberships), readmodel.Diff(old.standings, now.standings),
		readmodel.Diff(old.activities, now.activities), readmodel.Diff(old.presences, now.presences), err,
	}
}

// Apply implements [readmodel.Projection].
func (p Projection) Apply(tx *readmodel.Tx, e readmodel.Event, change any) error {
	c, ok := change.(changed)
	if !ok {
		return nil
	}
	if c.err != nil {
		return fmt.Errorf("describe %s: %w", e.Record.Stream, c.err)
	}
	stream := e.Record.Stream
	for _, write := range []func() error{
		func() error { return p.networks.Apply(tx, stream, c.networks) },
		func() error { return p.phases.Apply(tx, stream, c.phases) },
		func() error { return p.bodies.Apply(tx, stream, c.bodies) },
		func() error { return p.stays.Apply(tx, stream, c.stays) },
		func() error { return p.memberships.Apply(tx, stream, c.memberships) },
		func() error { return p.standings.Apply(tx, stream, c.standings) },
		func() error { return p.activities.Apply(tx, stream, c.activities) },
		func() error { return p.presences.Apply(tx, stream, c.presences) },
	} {
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}
