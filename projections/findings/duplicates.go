package findings

import (
	"fmt"
	"slices"
	"strings"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// homonymsQuery bounds how many parties a name is compared with, to those
// registered first: a name that so many have tells nobody apart. The limit is
// no parameter, because SQLite plans a query anew for another limit.
const homonymsQuery = "SELECT s.id, s.name FROM findings_name n JOIN stream s ON s.id = n.stream WHERE n.key = ? ORDER BY n.stream LIMIT 20"

// applyDuplicates keeps the profile of a party, and finds with which others it
// is now probably one.
func (p Projection) applyDuplicates(tx *readmodel.Tx, stream string, after profile) error {
	if err := keepProfile(tx, stream, after); err != nil {
		return err
	}
	others, err := homonyms(tx, stream, after)
	if err != nil {
		return err
	}
	for _, other := range others {
		if err := p.pair(tx, stream, after, other); err != nil {
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

// homonyms returns the parties that share a name with p, and those that are
// found to be probably one with it, in the order of their registration.
func homonyms(tx *readmodel.Tx, stream string, p profile) ([]string, error) {
	id, err := tx.Stream(stream)
	if err != nil {
		return nil, err
	}
	numbers, names := []int64{}, map[int64]string{}
	add := func(row *sqlite.Stmt) {
		n := row.ColumnInt64(0)
		if _, ok := names[n]; !ok && n != id {
			numbers = append(numbers, n)
			names[n] = row.ColumnText(1)
		}
	}
	b := tx.Prepare("SELECT s.id, s.name FROM findings_pair p JOIN stream s ON s.id = p.other WHERE p.party = ?")
	b.Int(id)
	if err := b.Each(add); err != nil {
		return nil, err
	}
	for _, n := range p.names {
		b := tx.Prepare(homonymsQuery)
		b.Text(n.key)
		if err := b.Each(add); err != nil {
			return nil, err
		}
	}
	slices.Sort(numbers)
	all := make([]string, len(numbers))
	for i, n := range numbers {
		all[i] = names[n]
	}
	return all, nil
}

// pair begins, ends or changes the finding that a party is probably one with
// another. It is a finding about the one registered later.
func (p Projection) pair(tx *readmodel.Tx, stream string, self profile, other string) error {
	otherProfile, err := readProfile(tx, other)
	if err != nil {
		return err
	}
	var want []finding
	if alike(stream, self, other, otherProfile) {
		if want, err = p.shared(tx, stream, self, other); err != nil {
			return err
		}
	}
	younger, older, err := byAge(tx, stream, other)
	if err != nil {
		return err
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

// shared returns the finding that two parties have a name in common, or none.
func (p Projection) shared(tx *readmodel.Tx, stream string, self profile, other string) ([]finding, error) {
	for _, n := range self.names {
		theirs := called{}
		b := tx.Prepare("SELECT value, revision FROM findings_name WHERE key = ? AND stream = ?")
		b.Text(n.key)
		b.Stream(other)
		err := b.Each(func(row *sqlite.Stmt) {
			theirs = called{n.key, row.ColumnText(0), es.Revision(row.ColumnInt64(1))}
		})
		if err != nil {
			return nil, err
		}
		if theirs.key == "" {
			continue
		}
		younger, older, err := byAge(tx, stream, other)
		if err != nil {
			return nil, err
		}
		mine := n
		if younger != stream {
			mine, theirs = theirs, mine
		}
		return []finding{{
			about: younger, code: Duplicate, subject: older, events: written(mine.revision),
			detail: fmt.Sprintf("%q is also the name of another party of this kind", mine.value),
			other:  older, otherEvents: written(theirs.revision),
		}}, nil
	}
	return nil, nil
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
