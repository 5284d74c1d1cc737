package findings

import (
	"fmt"
	"strings"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/projections/readmodel"
)

// applyDuplicates keeps the profile of a party, and finds with which others it
// is now probably one.
func (p Projection) applyDuplicates(tx *readmodel.Tx, stream string, after profile, names []spelling) error {
	if err := keepProfile(tx, stream, after); err != nil {
		return err
	}
	others, err := candidates(tx, stream, names)
	if err != nil {
		return err
	}
	for _, other := range others {
		if err := p.pair(tx, stream, after, names, other); err != nil {
			return fmt.Errorf("compare %s with %s: %w", stream, other, err)
		}
	}
	return nil
}

func keepProfile(tx *readmodel.Tx, stream string, p profile) error {
	b := tx.Prepare("INSERT OR REPLACE INTO findings_party (stream, live, kind, country, linked, heirs, ended) VALUES (?, ?, ?, ?, ?, ?, ?)")
	b.Stream(stream)
	b.Bool(p.exists)
	for _, text := range []string{p.kind, p.country, p.linked, p.heirs} {
		b.Text(text)
	}
	b.Int(int64(p.ended))
	_, err := b.Exec()
	return err
}

// pair begins, ends or changes the finding that a party is probably one with
// another. It is a finding about the one registered later.
func (p Projection) pair(tx *readmodel.Tx, stream string, self profile, names []spelling, other string) error {
	otherProfile, err := readProfile(tx, other)
	if err != nil {
		return err
	}
	younger, older, err := byAge(tx, stream, other)
	if err != nil {
		return err
	}
	var want []finding
	if alike(stream, self, other, otherProfile) {
		theirs, err := readSpellings(tx, other)
		if err != nil {
			return err
		}
		if younger != stream {
			names, theirs = theirs, names
		}
		want = probably(younger, names, older, theirs)
	}
	have, err := openPair(tx, younger, older)
	if err != nil {
		return err
	}
	if err := p.rows.Apply(tx, younger, readmodel.Diff(have, want)); err != nil {
		return err
	}
	query := "INSERT OR IGNORE INTO findings_pair (party, other) VALUES (?, ?), (?, ?)"
	if len(want) == 0 {
		query = "DELETE FROM findings_pair WHERE (party, other) IN (VALUES (?, ?), (?, ?))"
	}
	b := tx.Prepare(query)
	b.Stream(stream)
	b.Stream(other)
	b.Stream(other)
	b.Stream(stream)
	_, err = b.Exec()
	return err
}

// alike reports whether two parties may be one, but for their names.
func alike(a string, p profile, b string, q profile) bool {
	switch {
	case !p.exists || !q.exists || p.kind != q.kind:
		return false
	case p.country != "" && q.country != "" && p.country != q.country:
		return false
	case p.linked == b || q.linked == a || p.linked != "" && p.linked == q.linked:
		return false
	}
	return !strings.Contains(p.heirs, b+" ") && !strings.Contains(q.heirs, a+" ")
}

// probably returns the finding that two parties are one by their names, or none.
func probably(younger string, names []spelling, older string, theirs []spelling) []finding {
	mine, other, how := likest(names, theirs)
	if how == unlike {
		return nil
	}
	return []finding{{
		about: younger, code: Duplicate, subject: older, detail: how.detail(mine.value, other.value),
		events: written(mine.revision), other: older, otherEvents: written(other.revision),
	}}
}

// byAge returns the one of two streams that the log mentions later, and the
// other.
func byAge(tx *readmodel.Tx, a, b string) (younger, older string, err error) {
	m, err := tx.Stream(a)
	if err != nil {
		return "", "", err
	}
	n, err := tx.Stream(b)
	if m < n {
		a, b = b, a
	}
	return a, b, err
}

func readProfile(tx *readmodel.Tx, stream string) (profile, error) {
	var p profile
	b := tx.Prepare("SELECT live, kind, country, linked, heirs FROM findings_party WHERE stream = ?")
	b.Stream(stream)
	err := b.Each(func(row *sqlite.Stmt) {
		p = profile{
			exists: row.ColumnBool(0), kind: row.ColumnText(1), country: row.ColumnText(2),
			linked: row.ColumnText(3), heirs: row.ColumnText(4),
		}
	})
	return p, err
}

// openPair returns the finding about two parties as it stands, or none.
func openPair(tx *readmodel.Tx, younger, older string) ([]finding, error) {
	pair := finding{about: younger, code: Duplicate, subject: older, other: older}
	id := pair.id()
	var open []finding
	b := tx.Prepare("SELECT detail, events, other_events FROM findings_finding WHERE stream = ? AND id = ? AND seq_to IS NULL")
	b.Stream(younger)
	b.Bytes(id[:])
	err := b.Each(func(row *sqlite.Stmt) {
		pair.detail, pair.events, pair.otherEvents = row.ColumnText(0), row.ColumnText(1), row.ColumnText(2)
		open = append(open, pair)
	})
	return open, err
}
