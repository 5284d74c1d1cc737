package roster

import (
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

func networkTable() *readmodel.Table[head] {
	return readmodel.NewTable("roster_network",
		readmodel.Columns[head]{Bind: func(*readmodel.Binder, head) {}},
		readmodel.Columns[head]{
			Names: []string{"live INTEGER", "status TEXT", "title TEXT", "lang TEXT", "sort TEXT", "visibility TEXT", "about TEXT"},
			Bind: func(b *readmodel.Binder, r head) {
				b.Bool(r.exists)
				for _, text := range []string{r.status.String(), r.title, r.lang, r.sort, string(r.visibility), r.about} {
					b.Text(text)
				}
			},
		})
}

func phaseTable() *readmodel.Table[phase] {
	return readmodel.NewTable("roster_phase",
		readmodel.Columns[phase]{
			Names: []string{"n INTEGER"},
			Bind:  func(b *readmodel.Binder, r phase) { b.Int(int64(r.n)) },
		},
		readmodel.Columns[phase]{
			Names: []string{"phase TEXT", "rank INTEGER", "since TEXT", "by_revision INTEGER"},
			Bind: func(b *readmodel.Binder, r phase) {
				b.Text(string(r.Phase))
				b.Int(int64(r.Rank))
				b.Text(r.From.String())
				b.Int(int64(r.By))
			},
		})
}

// The columns of a tenure and of the fact it rests on.
var tenure = []string{
	"since TEXT", "until TEXT", "ended_by INTEGER", "by_revision INTEGER", "status TEXT", "moves INTEGER",
}

func bindTenure(b *readmodel.Binder, t network.Tenure, s network.Said) {
	b.Text(t.From.String())
	b.Text(t.Until.String())
	b.Int(int64(t.EndedBy))
	b.Int(int64(s.By))
	b.Text(s.Status.String())
	b.Bool(s.Moves)
}

func bodyTable() *readmodel.Table[body] {
	return readmodel.NewTable("roster_body",
		readmodel.Columns[body]{
			Names: []string{"n INTEGER"},
			Bind:  func(b *readmodel.Binder, r body) { b.Int(int64(r.n)) },
		},
		readmodel.Columns[body]{
			Names: append([]string{"key TEXT", "charter TEXT"}, tenure...),
			Bind: func(b *readmodel.Binder, r body) {
				b.Text(string(r.key))
				b.Text(r.charter)
				bindTenure(b, r.Tenure, r.Said)
			},
		})
}

func stayTable() *readmodel.Table[stay] {
	return readmodel.NewTable("roster_stay",
		readmodel.Columns[stay]{
			Names: []string{"what TEXT", "n INTEGER"},
			Bind: func(b *readmodel.Binder, r stay) {
				b.Text(r.what)
				b.Int(int64(r.n))
			},
		},
		readmodel.Columns[stay]{
			Names: append([]string{"body TEXT", "party INTEGER", "named TEXT", "person TEXT", "role TEXT"}, tenure...),
			Bind: func(b *readmodel.Binder, r stay) {
				b.Text(string(r.body))
				bindParty(b, r.party)
				b.Text(string(r.person))
				b.Text(r.role)
				bindTenure(b, r.Tenure, r.Said)
			},
		})
}

func bindParty(b *readmodel.Binder, p terms.PartyRef) {
	b.Stream(string(p.ID))
	b.Text(p.As)
}

func membershipTable() *readmodel.Table[pair] {
	return readmodel.NewTable("roster_membership",
		readmodel.Columns[pair]{Bind: func(*readmodel.Binder, pair) {}},
		readmodel.Columns[pair]{
			Names: []string{"network INTEGER", "party INTEGER", "named TEXT", "status TEXT", "visibility TEXT"},
			Bind: func(b *readmodel.Binder, r pair) {
				b.Stream(string(r.network))
				bindParty(b, r.party)
				b.Text(r.status.String())
				b.Text(string(r.visibility))
			},
		})
}

func standingTable() *readmodel.Table[standing] {
	return readmodel.NewTable("roster_standing",
		readmodel.Columns[standing]{
			Names: []string{"rank INTEGER"},
			Bind:  func(b *readmodel.Binder, r standing) { b.Int(int64(r.Rank)) },
		},
		readmodel.Columns[standing]{
			Names: []string{
				"standing TEXT", "class TEXT", "own_class TEXT", "round INTEGER", "since TEXT", "earliest INTEGER", "latest INTEGER",
				"doubt INTEGER", "by_revision INTEGER", "authority TEXT",
			},
			Bind: func(b *readmodel.Binder, r standing) {
				b.Text(string(r.Standing))
				b.Text(string(r.Class))
				b.Text(string(r.OwnClass))
				b.Int(int64(r.Round))
				b.Text(r.From.String())
				b.Day(r.From.Earliest())
				b.Day(r.From.Latest())
				b.Bool(r.Doubt)
				b.Int(int64(r.By))
				b.Text(string(r.authority))
			},
		})
}

func activityTable() *readmodel.Table[meeting] {
	return readmodel.NewTable("roster_activity",
		readmodel.Columns[meeting]{
			Names: []string{"network INTEGER"},
			Bind:  func(b *readmodel.Binder, r meeting) { b.Stream(string(r.network)) },
		},
		readmodel.Columns[meeting]{
			Names: []string{
				"title TEXT", "lang TEXT", "held INTEGER", "held_on TEXT", "held_earliest INTEGER", "held_latest INTEGER", "held_by INTEGER",
				"visibility TEXT", "counts TEXT",
			},
			Bind: func(b *readmodel.Binder, r meeting) {
				b.Text(r.title.Value)
				b.Text(string(r.title.Lang))
				b.Bool(r.held)
				b.Text(r.on.String())
				b.Day(r.on.Earliest())
				b.Day(r.on.Latest())
				b.Int(int64(r.by))
				b.Text(string(r.visibility))
				b.Text(r.counts)
			},
		})
}

func presenceTable() *readmodel.Table[presence] {
	return readmodel.NewTable("roster_presence",
		readmodel.Columns[presence]{
			Names: []string{"n INTEGER"},
			Bind:  func(b *readmodel.Binder, r presence) { b.Int(int64(r.n)) },
		},
		readmodel.Columns[presence]{
			Names: []string{"party INTEGER", "named TEXT", "role TEXT", "presence TEXT", "moves INTEGER"},
			Bind: func(b *readmodel.Binder, r presence) {
				bindParty(b, r.party)
				b.Text(string(r.role))
				b.Text(string(r.presence))
				b.Bool(r.moves)
			},
		})
}
