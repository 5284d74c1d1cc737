package findings

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/review"
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
	// Duplicate: two parties of the same kind have a name in common, but for the
	// way it is written, their countries do not differ, and nothing says how they
	// stand to each other. Where the scripts differ, the country is known.
	Duplicate = "party.duplicate"
	// SuccessionOpen: a party has ended, by a merger, a division or a
	// succession, that takes part in an agreement, is a member, has a seat or a
	// plan; and it is not decided who takes that over.
	SuccessionOpen = "party.succession_open"
)

// Projection keeps the findings.
type Projection struct {
	rows     *readmodel.Table[finding]
	reviews  *readmodel.Table[reviewed]
	mentions *mentions
}

// New returns the projection.
func New() Projection { return Projection{table(), reviewTable(), &mentions{}} }

// Name implements [readmodel.Projection].
func (Projection) Name() string { return "findings" }

// Version implements [readmodel.Projection].
func (Projection) Version() int { return 3 }

// DDL implements [readmodel.Projection]. Besides the findings, it keeps what
// they are found by: the present names and profiles of parties, the names that
// facts use for them, and the parts they take.
func (p Projection) DDL() (tables, indexes string) {
	return p.rows.DDL() + p.reviews.DDL() + `
CREATE TABLE findings_party (
	stream INTEGER PRIMARY KEY, live INTEGER NOT NULL, kind TEXT NOT NULL, country TEXT NOT NULL,
	linked TEXT NOT NULL, heirs TEXT NOT NULL, ended INTEGER NOT NULL
) STRICT;
CREATE TABLE findings_part (
	party INTEGER NOT NULL, stream INTEGER NOT NULL, key TEXT NOT NULL, revision INTEGER NOT NULL, PRIMARY KEY (party, stream, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE findings_pair (party INTEGER NOT NULL, other INTEGER NOT NULL, PRIMARY KEY (party, other)) STRICT, WITHOUT ROWID;
CREATE TABLE findings_name (
	stream INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, letters TEXT NOT NULL, sound TEXT NOT NULL,
	script TEXT NOT NULL, revision INTEGER NOT NULL, PRIMARY KEY (stream, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX findings_name_letters ON findings_name (letters);
CREATE INDEX findings_name_sound ON findings_name (sound, script);
CREATE TABLE findings_mention (
	party INTEGER NOT NULL, key TEXT NOT NULL, stream INTEGER NOT NULL, revision INTEGER NOT NULL, said TEXT NOT NULL,
	PRIMARY KEY (party, key, stream, revision)
) STRICT, WITHOUT ROWID;
`, `
CREATE INDEX IF NOT EXISTS findings_finding_code ON findings_finding (code, stream);
CREATE INDEX IF NOT EXISTS findings_finding_id ON findings_finding (id);
CREATE INDEX IF NOT EXISTS findings_review_finding ON findings_review (finding);
`
}

// kept is what is known of a stream's findings between its events.
type kept struct {
	own      []finding
	mentions []mention
	profile  profile
	reviews  []reviewed // of one, in its own stream
	parts    []part
}

// changed is what an event changed of that.
type changed struct {
	own           readmodel.Change[finding]
	mentions      readmodel.Change[mention]
	reviews       readmodel.Change[reviewed]
	parts         readmodel.Change[part]
	before, after profile
}

// Derive implements [readmodel.Projection].
func (p Projection) Derive(before any, s readmodel.State) (after, change any) {
	if s.Findings == nil {
		return nil, nil
	}
	old, known := before.(kept)
	now := kept{own: own(s), mentions: p.mentions.after(old.mentions, known, s), parts: partsOf(s.Of)}
	switch state := s.Of.(type) {
	case *party.State:
		now.profile = profileOf(state)
	case *network.State:
		now.profile = profileOfNetwork(state)
	case *review.State:
		now.reviews = reviewOf(state)
	}
	return now, changed{
		readmodel.Diff(old.own, now.own), readmodel.Diff(old.mentions, now.mentions), readmodel.Diff(old.reviews, now.reviews),
		readmodel.Diff(old.parts, now.parts), old.profile, now.profile,
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
	if err := p.reviews.Apply(tx, e.Record.Stream, c.reviews); err != nil {
		return err
	}
	if err := p.applyMentions(tx, e.Record.Stream, c.mentions); err != nil {
		return fmt.Errorf("find unrecorded names: %w", err)
	}
	if err := p.applyParts(tx, e.Record.Stream, c.parts); err != nil {
		return fmt.Errorf("find open successions: %w", err)
	}
	if c.before.equal(c.after) {
		return nil
	}
	if err := p.applyEnd(tx, e.Record.Stream, c.before.ended, c.after.ended); err != nil {
		return err
	}
	names := c.after.spellings()
	if err := p.applyNames(tx, e.Record.Stream, c.before, c.after, names); err != nil {
		return fmt.Errorf("find unrecorded names: %w", err)
	}
	if err := p.applyDuplicates(tx, e.Record.Stream, c.after, names); err != nil {
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
