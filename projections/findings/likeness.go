package findings

import (
	"fmt"
	"maps"
	"slices"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/namekey"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// spelling is a name of a party with the looser forms by which another may be
// the same.
type spelling struct {
	called
	letters string // as [namekey.Letters] has it
	// sound is the country and kind of the party and what [namekey.Sound] has,
	// or "" if one of them is missing: names that only sound alike mean the same
	// party only if both parties are of one kind and in one country.
	sound, script string
}

// spellings returns the names of p, in the order of their keys.
func (p profile) spellings() []spelling {
	all := make([]spelling, len(p.names))
	for i, n := range p.names {
		sound, script := namekey.Sound(n.value)
		if p.country == "" || sound == "" {
			all[i] = spelling{called: n, letters: namekey.Letters(n.key)}
			continue
		}
		all[i] = spelling{n, namekey.Letters(n.key), p.country + " " + p.kind + " " + sound, script}
	}
	return all
}

// likeness says how two names can be the same, the surest first.
type likeness int

const (
	unlike likeness = iota
	sameKey
	sameLetters
	sameSound // in another script
)

func likenessOf(a, b spelling) likeness {
	switch {
	case a.key == b.key:
		return sameKey
	case a.letters == b.letters:
		return sameLetters
	case a.sound != "" && a.sound == b.sound && a.script != b.script:
		return sameSound
	}
	return unlike
}

// detail puts into words how a name is the same as that of another party.
func (l likeness) detail(name, other string) string {
	switch l {
	case sameLetters:
		return fmt.Sprintf("%q is probably %q with other punctuation or spacing", name, other)
	case sameSound:
		return fmt.Sprintf("%q is probably %q in another script", name, other)
	default:
		return fmt.Sprintf("%q is also the name of another party of this kind", name)
	}
}

// likest returns the two names by which two parties are most surely one, of
// several the first in the order of their keys.
func likest(mine, theirs []spelling) (name, other spelling, how likeness) {
	for _, a := range mine {
		for _, b := range theirs {
			if l := likenessOf(a, b); l != unlike && (how == unlike || l < how) {
				name, other, how = a, b, l
			}
		}
	}
	return name, other, how
}

// bound is how many parties a name is compared with at most, those registered
// first: a name that so many have tells nobody apart. The limit is no
// parameter, because SQLite plans a query anew for another limit.
const (
	bound        = " LIMIT 20"
	lettersQuery = "SELECT s.id, s.name FROM findings_name n JOIN stream s ON s.id = n.stream WHERE n.letters = ? ORDER BY n.stream" + bound
	// Names of one script do not match by their sound, so that the look-up
	// passes over them on both sides of it.
	soundsQuery = "SELECT s.id, s.name FROM findings_name n JOIN stream s ON s.id = n.stream WHERE n.sound = ? AND n.script "
	soundsOrder = " ORDER BY n.script, n.stream" + bound
)

// candidates returns the parties that have a name like one of those of a
// stream, and those that are found to be probably one with it, in the order of
// their registration.
func candidates(tx *readmodel.Tx, stream string, names []spelling) ([]string, error) {
	id, err := tx.Stream(stream)
	if err != nil {
		return nil, err
	}
	found := map[int64]string{}
	look := func(query string, bind func(b *readmodel.Binder)) {
		if err != nil {
			return
		}
		b := tx.Prepare(query)
		bind(b)
		err = b.Each(func(row *sqlite.Stmt) { found[row.ColumnInt64(0)] = row.ColumnText(1) })
	}
	look("SELECT s.id, s.name FROM findings_pair p JOIN stream s ON s.id = p.other WHERE p.party = ?", func(b *readmodel.Binder) { b.Int(id) })
	for _, n := range names {
		look(lettersQuery, func(b *readmodel.Binder) { b.Text(n.letters) })
		if n.sound == "" {
			continue
		}
		for _, side := range []string{"< ?", "> ?"} {
			look(soundsQuery+side+soundsOrder, func(b *readmodel.Binder) {
				b.Text(n.sound)
				b.Text(n.script)
			})
		}
	}
	delete(found, id)
	all := make([]string, 0, len(found))
	for _, n := range slices.Sorted(maps.Keys(found)) {
		all = append(all, found[n])
	}
	return all, err
}

// readSpellings returns the names of a party, in the order of their keys.
func readSpellings(tx *readmodel.Tx, stream string) ([]spelling, error) {
	var all []spelling
	b := tx.Prepare("SELECT key, value, revision, letters, sound, script FROM findings_name WHERE stream = ? ORDER BY key")
	b.Stream(stream)
	err := b.Each(func(row *sqlite.Stmt) {
		all = append(all, spelling{
			called{row.ColumnText(0), row.ColumnText(1), es.Revision(row.ColumnInt64(2))},
			row.ColumnText(3), row.ColumnText(4), row.ColumnText(5),
		})
	})
	return all, err
}
