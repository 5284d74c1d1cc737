package findings

import (
	"fmt"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// unrecorded is the finding that a fact uses a name that is not recorded.
func unrecorded(stream string, m mention) finding {
	return finding{
		about: stream, code: UnrecordedName, subject: written(m.revision) + ":" + m.party + ":" + m.key,
		detail: fmt.Sprintf("the name %q is not among those recorded of the party", m.as),
		events: written(m.revision), other: m.party,
	}
}

// applyMentions keeps the names that the facts of a stream use, and finds those
// that are not recorded.
func (p Projection) applyMentions(tx *readmodel.Tx, stream string, c readmodel.Change[mention]) error {
	var found readmodel.Change[finding]
	for _, m := range c.Closed {
		recorded, err := isRecorded(tx, m)
		if err != nil {
			return err
		}
		if !recorded {
			found.Closed = append(found.Closed, unrecorded(stream, m))
		}
		if err := keepMention(tx, "DELETE FROM findings_mention WHERE party = ? AND key = ? AND stream = ? AND revision = ? AND said = ?", stream, m); err != nil {
			return err
		}
	}
	for _, m := range c.Opened {
		recorded, err := isRecorded(tx, m)
		if err != nil {
			return err
		}
		if !recorded {
			found.Opened = append(found.Opened, unrecorded(stream, m))
		}
		if err := keepMention(tx, "INSERT INTO findings_mention (party, key, stream, revision, said) VALUES (?, ?, ?, ?, ?)", stream, m); err != nil {
			return err
		}
	}
	return p.rows.Apply(tx, stream, found)
}

func keepMention(tx *readmodel.Tx, query, stream string, m mention) error {
	b := tx.Prepare(query)
	b.Stream(m.party)
	b.Text(m.key)
	b.Stream(stream)
	b.Int(int64(m.revision))
	b.Text(m.as)
	_, err := b.Exec()
	return err
}

func isRecorded(tx *readmodel.Tx, m mention) (bool, error) {
	b := tx.Prepare("SELECT 1 FROM findings_name WHERE key = ? AND stream = ?")
	b.Text(m.key)
	b.Stream(m.party)
	found := false
	err := b.Each(func(*sqlite.Stmt) { found = true })
	return found, err
}

// applyNames keeps the names of a party, and ends or begins the findings about
// facts that use those which came or went.
func (p Projection) applyNames(tx *readmodel.Tx, stream string, before, after profile, names []spelling) error {
	for _, n := range before.names {
		b := tx.Prepare("DELETE FROM findings_name WHERE key = ? AND stream = ?")
		b.Text(n.key)
		b.Stream(stream)
		if _, err := b.Exec(); err != nil {
			return err
		}
	}
	for _, n := range names {
		b := tx.Prepare("INSERT INTO findings_name (stream, key, value, letters, sound, script, revision) VALUES (?, ?, ?, ?, ?, ?, ?)")
		b.Stream(stream)
		for _, text := range []string{n.key, n.value, n.letters, n.sound, n.script} {
			b.Text(text)
		}
		b.Int(int64(n.revision))
		if _, err := b.Exec(); err != nil {
			return err
		}
	}
	for _, n := range after.without(before) {
		if err := p.reconsider(tx, stream, n.key, true); err != nil {
			return err
		}
	}
	for _, n := range before.without(after) {
		if err := p.reconsider(tx, stream, n.key, false); err != nil {
			return err
		}
	}
	return nil
}

// reconsider ends the findings about facts that use a name for a party if it is
// recorded now, and begins them if it is no longer.
func (p Projection) reconsider(tx *readmodel.Tx, party, key string, recorded bool) error {
	type used struct {
		stream string
		mention
	}
	var all []used
	b := tx.Prepare(`SELECT s.name, m.revision, m.said FROM findings_mention m JOIN stream s ON s.id = m.stream
		WHERE m.party = ? AND m.key = ? ORDER BY m.stream, m.revision`)
	b.Stream(party)
	b.Text(key)
	err := b.Each(func(row *sqlite.Stmt) {
		revision := es.Revision(row.ColumnInt64(1))
		all = append(all, used{row.ColumnText(0), mention{revision, party, key, row.ColumnText(2)}})
	})
	for _, u := range all {
		var c readmodel.Change[finding]
		if f := []finding{unrecorded(u.stream, u.mention)}; recorded {
			c.Closed = f
		} else {
			c.Opened = f
		}
		if err == nil {
			err = p.rows.Apply(tx, u.stream, c)
		}
	}
	return err
}
