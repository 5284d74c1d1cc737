package statuschart

import (
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Projection keeps the status charts.
type Projection struct {
	agreements *readmodel.Table[agreement]
	rows       *readmodel.Table[placed]
}

// New returns the projection.
func New() Projection { return Projection{agreementTable(), rowTable()} }

// Name implements [readmodel.Projection].
func (Projection) Name() string { return "statuschart" }

// Version implements [readmodel.Projection].
func (Projection) Version() int { return 1 }

// DDL implements [readmodel.Projection].
func (p Projection) DDL() (tables, indexes string) {
	return p.agreements.DDL() + p.rows.DDL(), `
CREATE INDEX IF NOT EXISTS statuschart_row_party ON statuschart_row (party, stream);
`
}

// kept is all rows of one agreement.
type kept struct {
	agreements []agreement // one
	rows       []placed
}

type changed struct {
	agreements readmodel.Change[agreement]
	rows       readmodel.Change[placed]
}

// Derive implements [readmodel.Projection].
func (Projection) Derive(before any, s readmodel.State) (after, change any) {
	state, ok := s.Of.(*memorandum.State)
	if !ok {
		return nil, nil
	}
	old, _ := before.(kept)
	now := kept{
		agreements: []agreement{{exists: state.Exists(), visibility: s.Meta.Visibility}},
		rows:       place(Draw(s.Stream, state)),
	}
	return now, changed{readmodel.Diff(old.agreements, now.agreements), readmodel.Diff(old.rows, now.rows)}
}

// Apply implements [readmodel.Projection].
func (p Projection) Apply(tx *readmodel.Tx, e readmodel.Event, change any) error {
	c, ok := change.(changed)
	if !ok {
		return nil
	}
	if err := p.agreements.Apply(tx, e.Record.Stream, c.agreements); err != nil {
		return err
	}
	return p.rows.Apply(tx, e.Record.Stream, c.rows)
}
