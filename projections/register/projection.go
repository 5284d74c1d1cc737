package register

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Projection keeps the register.
type Projection struct {
	agreements *readmodel.Table[agreement]
	themes     *readmodel.Table[string]
	phases     *readmodel.Table[phase]
	parts      *readmodel.Table[part]
}

// New returns the projection.
func New() Projection {
	return Projection{agreementTable(), themeTable(), phaseTable(), partTable()}
}

// Name implements [readmodel.Projection].
func (Projection) Name() string { return "register" }

// Version implements [readmodel.Projection].
func (Projection) Version() int { return 2 }

// DDL implements [readmodel.Projection].
func (p Projection) DDL() (tables, indexes string) {
	return p.agreements.DDL() + p.themes.DDL() + p.phases.DDL() + p.parts.DDL(), `
CREATE INDEX IF NOT EXISTS register_agreement_sort ON register_agreement (sort, stream);
CREATE INDEX IF NOT EXISTS register_agreement_entry ON register_agreement (entry_earliest, stream);
CREATE INDEX IF NOT EXISTS register_agreement_public_sort ON register_agreement (sort, stream) WHERE visibility = 'public';
CREATE INDEX IF NOT EXISTS register_agreement_public_entry ON register_agreement (entry_earliest, stream) WHERE visibility = 'public';
CREATE INDEX IF NOT EXISTS register_theme_theme ON register_theme (theme, stream);
CREATE INDEX IF NOT EXISTS register_part_party ON register_part (party, stream);
`
}

type changed struct {
	agreements readmodel.Change[agreement]
	themes     readmodel.Change[string]
	phases     readmodel.Change[phase]
	parts      readmodel.Change[part]
	err        error
}

// Derive implements [readmodel.Projection].
func (Projection) Derive(before any, s readmodel.State) (after, change any) {
	state, ok := s.Of.(*memorandum.State)
	if !ok {
		return nil, nil
	}
	old, _ := before.(kept)
	now, err := rowsOf(state, s.Meta.Visibility)
	return now, changed{
		readmodel.Diff(old.agreements, now.agreements), readmodel.Diff(old.themes, now.themes),
		readmodel.Diff(old.phases, now.phases), readmodel.Diff(old.parts, now.parts), err,
	}
}

// Apply implements [readmodel.Projection].
func (p Projection) Apply(tx *readmodel.Tx, e readmodel.Event, change any) error {
	c, ok := change.(changed)
	if !ok {
		return nil
	}
	if c.err != nil {
		return fmt.Errorf("describe the agreement: %w", c.err)
	}
	stream := e.Record.Stream
	if err := p.agreements.Apply(tx, stream, c.agreements); err != nil {
		return err
	}
	if err := p.themes.Apply(tx, stream, c.themes); err != nil {
		return err
	}
	if err := p.phases.Apply(tx, stream, c.phases); err != nil {
		return err
	}
	return p.parts.Apply(tx, stream, c.parts)
}
