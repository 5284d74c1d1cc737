package intake

import (
	"context"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/projections/namekey"
)

// readMentions keeps what parties the rows name, and refuses the rows that
// cannot be read.
func (r *run) readMentions(ctx context.Context, bound []boundSheet) error {
	return r.rows(ctx, "reading", bound, func(n int, at place, t *Table, l line, err error) error {
		r.grow(n)
		var all []mention
		if err == nil {
			all, err = t.mentions(l)
		}
		if err == nil {
			err = r.readable(t, l, all)
		}
		if err != nil {
			return r.refuse(n, at, err)
		}
		known, err := r.knownOf(l)
		if err != nil {
			return r.refuse(n, at, err)
		}
		rank := 1
		if t.Row == rowParty {
			rank = 0
		}
		for _, m := range all {
			if m.id != "" {
				continue
			}
			if err := r.work.mention(m, rank, micros(known), n, at.locator(r.file.Hash)); err != nil {
				return err
			}
		}
		return nil
	})
}

// readable fails if what a row says could not be said, whoever its parties
// are, so that they are not registered for its sake.
func (r *run) readable(t *Table, l line, mentions []mention) error {
	some := make([]mentioned, len(mentions))
	for i, m := range mentions {
		some[i] = mentioned{mention: m, stream: nobody}
	}
	all, err := r.planner.claims(t, l, some)
	if err != nil {
		return err
	}
	for _, m := range mentions {
		if m.id == "" {
			all = append(all, claim{event: m.as})
		}
	}
	for _, c := range all {
		if err := complete(c.event); err != nil {
			return err
		}
	}
	return nil
}

// mention keeps a party as a row names it, unless it is kept from a row that
// comes before it: by rank, by when it is known, by what it says.
func (w *work) mention(m mention, rank int, known int64, row int, at string) error {
	payload, err := json.Marshal(m.as, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("keep a party: %w", err)
	}
	return w.exec(`INSERT INTO mention (key, rank, known, payload, row, place, name) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (key) DO UPDATE SET
			rank = CASE WHEN (excluded.rank, excluded.payload) < (rank, payload) THEN excluded.rank ELSE rank END,
			row = CASE WHEN (excluded.rank, excluded.payload) < (rank, payload) THEN excluded.row ELSE row END,
			place = CASE WHEN (excluded.rank, excluded.payload) < (rank, payload) THEN excluded.place ELSE place END,
			payload = CASE WHEN (excluded.rank, excluded.payload) < (rank, payload) THEN excluded.payload ELSE payload END,
			known = min(known, excluded.known)
		WHERE excluded.known < known OR (excluded.rank, excluded.payload) < (rank, payload)`, nil,
		m.key(), rank, known, string(payload), row, at, m.nameKey())
}

// named is a party as rows name it, kept.
type named struct {
	key, name string
	as        party.CarriedOver
}

// match finds which parties the rows name.
func (r *run) match(ctx context.Context) error {
	if err := r.begun("finding parties", "SELECT count(*) FROM mention"); err != nil {
		return err
	}
	after := ""
	for {
		var page []named
		err := r.work.exec("SELECT key, name, payload FROM mention WHERE key > ? ORDER BY key LIMIT 1000", func(row *sqlite.Stmt) error {
			n := named{key: row.ColumnText(0), name: row.ColumnText(1)}
			page = append(page, n)
			return json.Unmarshal([]byte(row.ColumnText(2)), &page[len(page)-1].as)
		}, after)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, n := range page {
			if err := r.matchOne(ctx, n); err != nil {
				return err
			}
		}
		after = page[len(page)-1].key
		r.advance(len(page))
	}
}

// matchOne finds which party is named: the one that the register opened, the
// one with the identifier, the one with the name and country, or a new one.
func (r *run) matchOne(ctx context.Context, n named) error {
	known, opens, err := r.find(ctx, n)
	problem := ""
	if err != nil && asError(err).Code == ambiguous {
		problem, err = noted(err), nil
	}
	if err != nil {
		return err
	}
	if known.Instead != "" {
		opens = false
		if known, err = r.Directory.Get(ctx, known.Instead); err != nil {
			return err
		}
	}
	title := known.Title
	if opens {
		title = n.as.Names[0].Text.Value
	}
	return r.work.exec("UPDATE mention SET stream = ?, title = ?, opens = ?, problem = ? WHERE key = ?", nil,
		known.Stream, title, opens, problem, n.key)
}

const ambiguous = "import.ambiguous_party"

// find returns the party, and whether the register opens or opened it.
func (r *run) find(ctx context.Context, n named) (Known, bool, error) {
	own := Known{Stream: r.ids.stream("party", n.key)}
	if len(n.as.IDs) == 0 {
		// The name alone may be that of a party that another row identifies.
		keys, err := r.identifiedAs(n.name)
		if err != nil {
			return own, false, err
		}
		switch {
		case len(keys) == 1:
			return r.find(ctx, keys[0])
		case len(keys) > 1:
			return own, false, ambiguousName(n, "the file has several parties of that name that differ by their identifiers")
		}
	}
	streams := []string{own.Stream}
	if len(n.as.IDs) > 0 {
		streams = append(streams, r.ids.stream("party", n.name)) // as of a snapshot without identifiers
	}
	if !r.first {
		for _, stream := range streams {
			known, err := r.Directory.Get(ctx, stream)
			if err != nil {
				return own, false, err
			}
			if known.Stream != "" && compatible(known, n.as.IDs) {
				return known, true, nil
			}
		}
	}
	for _, id := range n.as.IDs {
		all, err := r.Directory.Identified(ctx, string(id.Scheme), id.Value)
		if err != nil || len(all) > 0 {
			return one(n, all, err)
		}
	}
	all, err := r.Directory.Named(ctx, keyName(n.name), string(n.as.Country))
	all = slices.DeleteFunc(all, func(k Known) bool { return k.Kind != n.as.Kind || !compatible(k, n.as.IDs) })
	if err != nil || len(all) > 0 {
		return one(n, all, err)
	}
	return own, true, nil
}

// one returns the party of those found, if it is one.
func one(n named, all []Known, err error) (Known, bool, error) {
	if err != nil {
		return Known{}, false, err
	}
	first := all[0]
	for _, k := range all[1:] {
		if k.Instead != first.Stream && first.Instead != k.Stream && (k.Instead == "" || k.Instead != first.Instead) {
			return Known{}, false, ambiguousName(n, fmt.Sprintf("both %s and %s may be meant", first.Stream, k.Stream))
		}
		if first.Instead == k.Stream {
			first = k
		}
	}
	return first, false, nil
}

func ambiguousName(n named, why string) error {
	return es.Invalid(ambiguous, fmt.Sprintf("which party %q is cannot be told: %s", n.as.Names[0].Text.Value, why), wantParty)
}

const wantParty = "an identifier or a country; or the two records linked (`party.link`), if they are of one party"

// compatible reports whether a party can have identifiers: none of the same
// scheme is another.
func compatible(k Known, ids []party.Identifier) bool {
	for _, id := range ids {
		for _, have := range k.Identifiers {
			if have.Scheme == id.Scheme && have.Value != id.Value && id.Scheme != "other" {
				return false
			}
		}
	}
	return true
}

// identifiedAs returns the parties of the file with a name and country that
// have identifiers.
func (r *run) identifiedAs(name string) ([]named, error) {
	var all []named
	err := r.work.exec("SELECT key, payload FROM mention WHERE name = ? AND key <> name LIMIT 2", func(row *sqlite.Stmt) error {
		n := named{key: row.ColumnText(0), name: name}
		err := json.Unmarshal([]byte(row.ColumnText(1)), &n.as)
		all = append(all, n)
		return err
	}, name)
	return all, err
}

// nobody stands for a party while it is not known which it is.
const nobody = "party-00000000-0000-0000-0000-000000000000"

// networks returns what finds the network of the ledger that has a name and that
// this register did not open. It asks once for each name.
func (r *run) networks(ctx context.Context) func(name string) (string, error) {
	found := map[string]string{}
	return func(name string) (string, error) {
		stream, asked := found[name]
		if asked {
			return stream, nil
		}
		all, err := r.Directory.Named(ctx, namekey.Of(name), "")
		if err != nil {
			return "", err
		}
		all = slices.DeleteFunc(all, func(k Known) bool { return k.Kind != "network" || k.Stream == r.ids.stream("network", name) })
		if len(all) > 1 {
			return "", es.Invalid("import.ambiguous_network", fmt.Sprintf("several networks are called %q", name), "network.id in the mapping")
		}
		if len(all) == 1 {
			stream = all[0].Stream
		}
		found[name] = stream
		return stream, nil
	}
}
