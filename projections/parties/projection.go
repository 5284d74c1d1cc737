package parties

import (
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Projection keeps the parties.
type Projection struct {
	entities    *readmodel.Table[entity]
	names       *readmodel.Table[name]
	identifiers *readmodel.Table[identifier]
	relations   *readmodel.Table[relation]
}

// New returns the projection.
func New() Projection {
	return Projection{entityTable(), nameTable(), identifierTable(), relationTable()}
}

// Name implements [readmodel.Projection].
func (Projection) Name() string { return "parties" }

// Version implements [readmodel.Projection].
func (Projection) Version() int { return 3 }

// DDL implements [readmodel.Projection].
func (p Projection) DDL() (tables, indexes string) {
	return p.entities.DDL() + p.names.DDL() + p.identifiers.DDL() + p.relations.DDL(), `
CREATE INDEX IF NOT EXISTS parties_entity_sort ON parties_entity (sort, stream);
CREATE INDEX IF NOT EXISTS parties_entity_public ON parties_entity (sort, stream) WHERE visibility = 'public';
CREATE INDEX IF NOT EXISTS parties_name_key ON parties_name (key);
CREATE INDEX IF NOT EXISTS parties_identifier_value ON parties_identifier (value, scheme);
CREATE INDEX IF NOT EXISTS parties_relation_other ON parties_relation (other);
`
}

type changed struct {
	entities    readmodel.Change[entity]
	names       readmodel.Change[name]
	identifiers readmodel.Change[identifier]
	relations   readmodel.Change[relation]
}

// Derive implements [readmodel.Projection].
func (Projection) Derive(before any, s readmodel.State) (after, change any) {
	var now kept
	switch state := s.Of.(type) {
	case *party.State:
		now = rowsOf(state, s.Meta.Visibility)
	case *network.State:
		now = rowsOfNetwork(state, s.Meta.Visibility)
	default:
		return nil, nil
	}
	old, _ := before.(kept)
	return now, changed{
		readmodel.Diff(old.entities, now.entities), readmodel.Diff(old.names, now.names),
		readmodel.Diff(old.identifiers, now.identifiers), readmodel.Diff(old.relations, now.relations),
	}
}

// Apply implements [readmodel.Projection].
func (p Projection) Apply(tx *readmodel.Tx, e readmodel.Event, change any) error {
	c, ok := change.(changed)
	if !ok {
		return nil
	}
	stream := e.Record.Stream
	if err := p.entities.Apply(tx, stream, c.entities); err != nil {
		return err
	}
	if err := p.names.Apply(tx, stream, c.names); err != nil {
		return err
	}
	if err := p.identifiers.Apply(tx, stream, c.identifiers); err != nil {
		return err
	}
	return p.relations.Apply(tx, stream, c.relations)
}
