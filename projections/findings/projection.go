package findings

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// The codes of findings that are not of one aggregate's state.
const (
	// KnownRaised: the fact was to be known from an instant before that of the
	// event before it.
	KnownRaised = "ledger.known_raised"
	// UnrecordedName: a fact uses a name for a party that is none of those
	// recorded of it.
	UnrecordedName = "party.unrecorded_name"
	// Duplicate: two parties of the same kind have a name in common, their
	// countries do not differ, and nothing says how they stand to each other.
	Duplicate = "party.duplicate"
)

// Projection keeps the findings.
type Projection struct {
	rows     *readmodel.Table[finding]
	mentions *mentions
}

// New returns the projection.
func New() Projection { return Projection{table(), &mentions{}} }

// Name implements [readmodel.Projection].
func (Projection) Name() string { return "findings" }

// Version implements [readmodel.Projection].
func (Projection) Version() int { return 1 }

// DDL implements [readmodel.Projection]. Besides the findings, it keeps what
// they are found by: the present names and profiles of parties, and the names
// that facts use for them.
func (p Projection) DDL() (tables, indexes string) {
	return p.rows.DDL() + `
CREATE TABLE findings_party (
	stream INTEGER PRIMARY KEY, live INTEGER NOT NULL, kind TEXT NOT NULL, country TEXT NOT NULL,
	linked TEXT NOT NULL, heirs TEXT NOT NULL
) STRICT;
CREATE TABLE findings_pair (party INTEGER NOT NULL, other INTEGER NOT NULL, PRIMARY KEY (party, other)) STRICT, WITHOUT ROWID;
CREATE TABLE findings_name (
	key TEXT NOT NULL, stream INTEGER NOT NULL, value TEXT NOT NULL, revision INTEGER NOT NULL, PRIMARY KEY (key, stream)
) STRICT, WITHOUT ROWID;
CREATE TABLE findings_mention (
	party INTEGER NOT NULL, key TEXT NOT NULL, stream INTEGER NOT NULL, revision INTEGER NOT NULL, said TEXT NOT NULL,
	PRIMARY KEY (party, key, stream, revision)
) STRICT, WITHOUT ROWID;
`, `
CREATE INDEX IF NOT EXISTS findings_finding_code ON findings_finding (code, stream);
CREATE INDEX IF NOT EXISTS findings_finding_id ON findings_finding (id);
`
}

// kept is what is known of a stream's findings between its events.
type kept struct {
	own      []finding
	mentions []mention
	profile  profile
}

// changed is what an event changed of that.
type changed struct {
	own           readmodel.Change[finding]
	mentions      readmodel.Change[mention]
	before, after profile
}

// Derive implements [readmodel.Projection].
func (p Projection) Derive(before any, s readmodel.State) (after, change any) {
	if s.Findings == nil {
		return nil, nil
	}
	old, known := before.(kept)
	now := kept{own: own(s.Stream, s.Findings()), mentions: p.mentions.after(old.mentions, known, s)}
	if state, ok := s.Of.(*party.State); ok {
		now.profile = profileOf(state)
	}
	return now, changed{
		readmodel.Diff(old.own, now.own), readmodel.Diff(old.mentions, now.mentions), old.profile, now.profile,
	}
}

// Apply implements [readmodel.Projection].
func (p Projection) Apply(tx *readmodel.Tx, e readmodel.Event, change any) error {
	if !e.Meta.KnownRequested.IsZero() {
		if err := p.raised(tx, e); err != nil {
			return err
		}
	}
	c, ok := change.(changed)
	if !ok {
		return nil
	}
	if err := p.rows.Apply(tx, e.Record.Stream, c.own); err != nil {
		return err
	}
	if err := p.applyMentions(tx, e.Record.Stream, c.mentions); err != nil {
		return fmt.Errorf("find unrecorded names: %w", err)
	}
	if c.before.equal(c.after) {
		return nil
	}
	if err := p.applyNames(tx, e.Record.Stream, c.before, c.after); err != nil {
		return fmt.Errorf("find unrecorded names: %w", err)
	}
	if err := p.applyDuplicates(tx, e.Record.Stream, c.after); err != nil {
		return fmt.Errorf("find duplicates: %w", err)
	}
	return nil
}

func (p Projection) raised(tx *readmodel.Tx, e readmodel.Event) error {
	events := written(e.Record.Revision)
	return p.rows.Apply(tx, e.Record.Stream, readmodel.Change[finding]{Opened: []finding{{
		about: e.Record.Stream, code: KnownRaised, subject: events, events: events,
		detail: fmt.Sprintf("it was to be known from %s on, but the event before it is known only from %s on",
			es.FormatInstant(e.Meta.KnownRequested), es.FormatInstant(e.Meta.KnownAt)),
	}}})
}
