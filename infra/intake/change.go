package intake

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/terms"
)

// agreementChanges are what can happen to a party in an agreement.
var agreementChanges = map[string]func(f terms.Fact, p terms.PartyRef, means memorandum.Means) memorandum.Event{
	"invited": func(f terms.Fact, p terms.PartyRef, _ memorandum.Means) memorandum.Event {
		return memorandum.Invited{Fact: f, Party: p}
	},
	"signed": func(f terms.Fact, p terms.PartyRef, _ memorandum.Means) memorandum.Event {
		return memorandum.Signed{Fact: f, Party: p}
	},
	"consented": func(f terms.Fact, p terms.PartyRef, means memorandum.Means) memorandum.Event {
		return memorandum.Consented{Fact: f, Party: p, Means: means}
	},
	"notice_given": func(f terms.Fact, p terms.PartyRef, _ memorandum.Means) memorandum.Event {
		return memorandum.NoticeGiven{Fact: f, Party: p.ID}
	},
	"withdrawn": func(f terms.Fact, p terms.PartyRef, _ memorandum.Means) memorandum.Event {
		return memorandum.Withdrawn{Fact: f, Party: p.ID}
	},
}

// networkChanges are what can happen to a membership.
var networkChanges = map[string]func(f terms.Fact) membership.Event{
	"invited":      func(f terms.Fact) membership.Event { return membership.Invited{Fact: f} },
	"applied":      func(f terms.Fact) membership.Event { return membership.Applied{Fact: f} },
	"admitted":     func(f terms.Fact) membership.Event { return membership.Admitted{Fact: f} },
	"activated":    func(f terms.Fact) membership.Event { return membership.Activated{Fact: f} },
	"suspended":    func(f terms.Fact) membership.Event { return membership.Suspended{Fact: f} },
	"resumed":      func(f terms.Fact) membership.Event { return membership.Resumed{Fact: f} },
	"notice_given": func(f terms.Fact) membership.Event { return membership.NoticeGiven{Fact: f} },
	"withdrawn":    func(f terms.Fact) membership.Event { return membership.Withdrawn{Fact: f} },
	"expelled":     func(f terms.Fact) membership.Event { return membership.Expelled{Fact: f} },
	"lapsed":       func(f terms.Fact) membership.Event { return membership.Lapsed{Fact: f} },
}

// ofChange is a row that is one thing that happened.
func (p *planner) ofChange(t *Table, l line, m mentioned) ([]claim, error) {
	what, err := t.Change.What.of(l)
	if err != nil {
		return nil, err
	}
	on, said, err := p.dated(&t.Change.Date, l)
	if err == nil && !said {
		err = problemOf(t.Change.Date.Column, es.Invalid("import.no_date", "it is not said when that happened", "a date, or a word of dates.unknown"))
	}
	if err != nil {
		return nil, err
	}
	fact := terms.Fact{Occurred: on}
	if t.Agreement != nil {
		event := agreementChanges[what]
		if event == nil {
			return nil, unknownChange(t.Change, what, slices.Sorted(maps.Keys(agreementChanges)))
		}
		var means memorandum.Means
		if err := read(&t.Change.Means, l, &means); err != nil {
			return nil, err
		}
		agreement, stream, err := p.agreement(t.Agreement, l)
		return []claim{
			{stream: stream, event: agreement, implied: true},
			{stream: stream, event: event(fact, m.ref(), means), dated: true},
		}, err
	}
	event := networkChanges[what]
	if event == nil {
		return nil, unknownChange(t.Change, what, slices.Sorted(maps.Keys(networkChanges)))
	}
	id, all, err := p.network(t.Network, l)
	if err != nil {
		return nil, err
	}
	pair := membership.Registered{Network: id, Party: m.ref(), Visibility: terms.Visibility(p.mapping.Visibility)}
	stream := es.KeyedStream("membership", membership.Register(pair).NaturalKey())
	return append(all, claim{stream: stream, event: pair, implied: true}, claim{stream: stream, event: event(fact), dated: true}), nil
}

func unknownChange(c *Change, what string, known []string) error {
	return problemOf(c.What.Column, es.Invalid("import.unknown_change", fmt.Sprintf("nothing is known that would be called %.40q", what),
		"one of "+strings.Join(known, ", ")+", by words in the mapping"))
}

// ofParty is a row that is a party. Of one that the ledger has from elsewhere,
// it adds names and identifiers.
func (p *planner) ofParty(m mentioned) []claim {
	if m.opens {
		e := m.as
		e.Visibility = terms.Visibility(p.mapping.Visibility)
		return []claim{{stream: m.stream, event: e}}
	}
	var all []claim
	for _, n := range m.as.Names {
		all = append(all, claim{stream: m.stream, event: party.Named{Name: n}})
	}
	for _, id := range m.as.IDs {
		all = append(all, claim{stream: m.stream, event: party.Identified{Identifier: id}})
	}
	return all
}
