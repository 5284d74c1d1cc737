package bi

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Projection keeps no rows: its views are over those of the others.
type Projection struct{}

// New returns the projection.
func New() Projection { return Projection{} }

// Name implements [readmodel.Projection].
func (Projection) Name() string { return "bi" }

// Version implements [readmodel.Projection].
func (Projection) Version() int { return 1 }

// DDL implements [readmodel.Projection].
func (Projection) DDL() (tables, indexes string) {
	return agreements + phases + participations + parties + memberships + obligations + findings + events, ""
}

// Derive implements [readmodel.Projection].
func (Projection) Derive(any, readmodel.State) (after, change any) { return nil, nil }

// Apply implements [readmodel.Projection].
func (Projection) Apply(*readmodel.Tx, readmodel.Event, any) error { return nil }

// day is a column of days as a date, NULL if it is unbounded.
func day(column, as string) string {
	return fmt.Sprintf("CASE WHEN %[1]s > %[2]d AND %[1]s < %[3]d THEN date(%[1]s * 86400, 'unixepoch') END AS %[4]s", column, edtf.MinDay, edtf.MaxDay, as)
}

// instant is a column of microseconds as an instant.
func instant(column, as string) string {
	return fmt.Sprintf("strftime('%%Y-%%m-%%dT%%H:%%M:%%SZ', %s / 1000000, 'unixepoch') AS %s", column, as)
}

var (
	agreements = `
CREATE VIEW bi_agreement AS SELECT s.name AS id, a.kind, a.title, a.lang, a.reference, a.visibility, a.open AS open_to_all,
	CASE a.entry_met WHEN 0 THEN 'no' WHEN 1 THEN 'undecidable' ELSE 'yes' END AS in_force_ever, a.entry AS in_force_from,
	` + day("a.entry_earliest", "in_force_earliest") + ", " + day("a.entry_latest", "in_force_latest") + `,
	a.end_cause, a.end_on AS ends, ` + day("a.end_earliest", "ends_earliest") + ", " + day("a.end_latest", "ends_latest") + `,
	a.unnamed AS signatories_not_named
FROM register_agreement a JOIN stream s ON s.id = a.stream WHERE a.live AND a.seq_to IS NULL;
`
	phases = `
CREATE VIEW bi_phase AS SELECT s.name AS agreement, p.phase, p.since, ` + day("p.earliest", "since_earliest") + ", " + day("p.latest", "since_latest") + `,
	p.doubt AS in_dispute, p.rank
FROM register_phase p JOIN stream s ON s.id = p.stream WHERE p.seq_to IS NULL;
`
	participations = `
CREATE VIEW bi_participation AS SELECT s.name AS agreement, a.title, y.name AS party, e.title AS party_name, p.round, p.part, p.since,
	` + day("p.earliest", "since_earliest") + ", " + day("p.latest", "since_latest") + `, p.doubt AS in_dispute
FROM register_part p JOIN stream s ON s.id = p.stream JOIN stream y ON y.id = p.party
	JOIN register_agreement a ON a.stream = p.stream AND a.seq_to IS NULL
	LEFT JOIN parties_entity e ON e.stream = p.party AND e.seq_to IS NULL
WHERE p.seq_to IS NULL;
`
	parties = `
CREATE VIEW bi_party AS SELECT s.name AS id, e.kind, e.country, e.title AS name, e.lang, e.visibility
FROM parties_entity e JOIN stream s ON s.id = e.stream WHERE e.live AND e.seq_to IS NULL;
`
	memberships = `
CREATE VIEW bi_membership AS SELECT s.name AS id, n.name AS network, h.title AS network_title, y.name AS party, e.title AS party_name,
	t.round, t.standing, t.class, t.own_class, t.since, t.doubt AS in_doubt, t.rank, m.status
FROM roster_membership m JOIN stream s ON s.id = m.stream JOIN stream n ON n.id = m.network JOIN stream y ON y.id = m.party
	LEFT JOIN roster_standing t ON t.stream = m.stream AND t.seq_to IS NULL
	LEFT JOIN parties_entity h ON h.stream = m.network AND h.seq_to IS NULL
	LEFT JOIN parties_entity e ON e.stream = m.party AND e.seq_to IS NULL
WHERE m.seq_to IS NULL;
`
	obligations = `
CREATE VIEW bi_obligation AS SELECT s.name AS stream, o.rule, o.kind, o.day AS due, ` + day("o.earliest", "due_earliest") + ", " + day("o.latest", "due_latest") + `,
	b.name AS owed_by, t.name AS owed_to, o.what, o.settled > 0 AS is_settled
FROM obligations_due o JOIN stream s ON s.id = o.stream LEFT JOIN stream b ON b.id = o.party LEFT JOIN stream t ON t.id = o.toward
WHERE o.seq_to IS NULL;
`
	findings = `
CREATE VIEW bi_finding AS SELECT lower(hex(f.id)) AS id, f.code, s.name AS stream, o.name AS other_stream, f.detail,
	coalesce(v.standing, 'open') AS standing, coalesce(v.standing = 'accepted' AND v.digest = f.digest, 0) AS is_settled
FROM findings_finding f JOIN stream s ON s.id = f.stream LEFT JOIN stream o ON o.id = f.other
	LEFT JOIN findings_review v ON v.finding = f.id AND v.seq_to IS NULL
WHERE f.seq_to IS NULL;
`
	events = `
CREATE VIEW bi_event AS SELECT h.sequence, s.name AS stream, h.revision, w.text AS type, ` + instant("h.recorded", "recorded_at") + ", " + instant("h.known", "known_at") + `,
	` + day("h.earliest", "from_earliest") + ", " + day("h.latest", "from_latest") + `
FROM history h JOIN stream s ON s.id = h.stream JOIN word w ON w.id = h.type;
`
)
