package parties

import (
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/namekey"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// kept is all rows of one party.
type kept struct {
	entities    []entity // one
	names       []name
	identifiers []identifier
	relations   []relation
}

type (
	entity struct {
		exists        bool // its opening was not voided
		kind, country string
		title, lang   string
		sort          string
		visibility    string
		place         party.Place
	}
	name struct {
		revision     es.Revision // that gave it
		n            int         // among those of the revision
		lang, use    string
		value, key   string
		from, until  string // EDTF
		lo, hi       edtf.Day
		endLo, endHi edtf.Day
	}
	identifier struct {
		scheme, value string
		n             int // of the same
	}
	// relation is how the party stands to another: a [party.Relation], or one
	// of the words of lineage.
	relation struct {
		what, to string
		n        int    // of the same
		from     string // EDTF
		lo, hi   edtf.Day
	}
)

// rowsOf returns the rows of a party in state s.
func rowsOf(s *party.State, visibility terms.Visibility) kept {
	kind, country, ok := s.Opened()
	title := s.Title()
	k := kept{entities: []entity{{
		exists: ok, kind: string(kind), country: string(country), title: title.Value, lang: string(title.Lang),
		sort: namekey.Of(title.Value), visibility: string(visibility), place: s.Place(),
	}}}
	k.addNames(s)
	ids := map[party.Identifier]int{}
	for _, id := range s.Identifiers() {
		k.identifiers = append(k.identifiers, identifier{string(id.Scheme), id.Value, ids[id]})
		ids[id]++
	}
	k.addRelations(s)
	return k
}

// rowsOfNetwork returns the rows of a network, which is a party too. All of its
// titles are official.
func rowsOfNetwork(s *network.State, visibility terms.Visibility) kept {
	title := s.Title()
	k := kept{entities: []entity{{
		exists: s.Exists(), kind: "network", title: title.Value, lang: string(title.Lang),
		sort: namekey.Of(title.Value), visibility: string(visibility),
	}}}
	n := 0
	for t := range s.Titles() {
		if n > 0 && k.names[len(k.names)-1].revision != t.Revision {
			n = 0
		}
		k.names = append(k.names, name{
			revision: t.Revision, n: n, lang: string(t.Text.Lang), use: "official", value: t.Text.Value, key: namekey.Of(t.Text.Value),
			from: t.From.String(), lo: t.From.Earliest(), hi: t.From.Latest(), endLo: edtf.MinDay, endHi: edtf.MaxDay,
		})
		n++
	}
	return k
}

func (k *kept) addNames(s *party.State) {
	count := map[es.Revision]int{}
	for _, n := range s.Names() {
		k.names = append(k.names, name{
			revision: n.Revision, n: count[n.Revision], lang: string(n.Text.Lang), use: string(n.Use),
			value: n.Text.Value, key: namekey.Of(n.Text.Value), from: n.From.String(), until: n.Until.String(),
			lo: n.From.Earliest(), hi: n.From.Latest(), endLo: n.Until.Earliest(), endHi: n.Until.Latest(),
		})
		count[n.Revision]++
	}
}

// The words of lineage, beside those of [party.Relation].
const (
	MergedInto  = "merged_into"
	SplitInto   = "split_into"
	SucceededBy = "succeeded_by"
	LinkedTo    = "linked_to" // the record to go by instead
	Ended       = "ended"     // without an heir
)

func (k *kept) addRelations(s *party.State) {
	type pair struct{ what, to string }
	count := map[pair]int{}
	add := func(what string, to terms.PartyID, from edtf.Date) {
		p := pair{what, string(to)}
		k.relations = append(k.relations, relation{what, string(to), count[p], from.String(), from.Earliest(), from.Latest()})
		count[p]++
	}
	for _, r := range s.Relations() {
		add(string(r.Relation), r.To, r.From())
	}
	lineage := map[string]string{"merged": MergedInto, "split": SplitInto, "succeeded": SucceededBy, "ended": Ended}
	for _, e := range s.Ends() {
		for _, heir := range e.Heirs {
			add(lineage[e.How], heir, e.On)
		}
		if len(e.Heirs) == 0 {
			add(lineage[e.How], "", e.On)
		}
	}
	if to := s.LinkedTo(); to != "" {
		add(LinkedTo, to, edtf.Date{})
	}
}

func entityTable() *readmodel.Table[entity] {
	return readmodel.NewTable("parties_entity",
		readmodel.Columns[entity]{Bind: func(*readmodel.Binder, entity) {}},
		readmodel.Columns[entity]{
			Names: []string{
				"live INTEGER", "kind TEXT", "country TEXT", "title TEXT", "lang TEXT", "sort TEXT", "visibility TEXT",
				"region TEXT", "region_lang TEXT", "latitude INTEGER", "longitude INTEGER",
			},
			Bind: func(b *readmodel.Binder, r entity) {
				b.Bool(r.exists)
				for _, text := range []string{r.kind, r.country, r.title, r.lang, r.sort, r.visibility, r.place.Region.Value, string(r.place.Region.Lang)} {
					b.Text(text)
				}
				b.Int(r.place.Latitude)
				b.Int(r.place.Longitude)
			},
		})
}

func nameTable() *readmodel.Table[name] {
	return readmodel.NewTable("parties_name",
		readmodel.Columns[name]{
			Names: []string{"given_by INTEGER", "n INTEGER"},
			Bind: func(b *readmodel.Binder, r name) {
				b.Int(int64(r.revision))
				b.Int(int64(r.n))
			},
		},
		readmodel.Columns[name]{
			Names: []string{
				"lang TEXT", "name_use TEXT", "value TEXT", "key TEXT", "valid_from TEXT", "valid_until TEXT",
				"from_earliest INTEGER", "from_latest INTEGER", "until_earliest INTEGER", "until_latest INTEGER",
			},
			Bind: func(b *readmodel.Binder, r name) {
				for _, text := range []string{r.lang, r.use, r.value, r.key, r.from, r.until} {
					b.Text(text)
				}
				for _, day := range []edtf.Day{r.lo, r.hi, r.endLo, r.endHi} {
					b.Day(day)
				}
			},
		})
}

func identifierTable() *readmodel.Table[identifier] {
	return readmodel.NewTable("parties_identifier",
		readmodel.Columns[identifier]{
			Names: []string{"scheme TEXT", "value TEXT", "n INTEGER"},
			Bind: func(b *readmodel.Binder, r identifier) {
				b.Text(r.scheme)
				b.Text(r.value)
				b.Int(int64(r.n))
			},
		},
		readmodel.Columns[identifier]{Bind: func(*readmodel.Binder, identifier) {}})
}

func relationTable() *readmodel.Table[relation] {
	return readmodel.NewTable("parties_relation",
		readmodel.Columns[relation]{
			Names: []string{"relation TEXT", "other INTEGER", "n INTEGER"},
			Bind: func(b *readmodel.Binder, r relation) {
				b.Text(r.what)
				b.Stream(r.to)
				b.Int(int64(r.n))
			},
		},
		readmodel.Columns[relation]{
			Names: []string{"valid_from TEXT", "from_earliest INTEGER", "from_latest INTEGER"},
			Bind: func(b *readmodel.Binder, r relation) {
				b.Text(r.from)
				b.Day(r.lo)
				b.Day(r.hi)
			},
		})
}
