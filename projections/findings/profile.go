package findings

import (
	"slices"
	"strings"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/projections/namekey"
)

// profile is what tells a party from another. The zero profile is of none.
type profile struct {
	exists        bool
	kind, country string
	linked        string // to the record to go by instead
	heirs         string // streams, a space after each
	ended         es.Revision
	names         []called
}

// called is a name of a party, each key once.
type called struct {
	key, value string
	revision   es.Revision // that gave it first
}

func profileOf(s *party.State) profile {
	kind, country, ok := s.Opened()
	if !ok {
		return profile{}
	}
	p := profile{exists: true, kind: string(kind), country: string(country), linked: string(s.LinkedTo())}
	for _, end := range s.Ends() {
		p.ended = max(p.ended, end.Revision)
		for _, heir := range end.Heirs {
			p.heirs += string(heir) + " "
		}
	}
	for _, n := range s.Names() {
		p.name(n.Text.Value, n.Revision)
	}
	p.sort()
	return p
}

// profileOfNetwork is the profile of a network, which is a party too.
func profileOfNetwork(s *network.State) profile {
	if !s.Exists() {
		return profile{}
	}
	p := profile{exists: true, kind: "network"}
	for t := range s.Titles() {
		p.name(t.Text.Value, t.Revision)
	}
	p.sort()
	return p
}

// name adds a name, unless one with its key was given earlier.
func (p *profile) name(value string, by es.Revision) {
	c := called{namekey.Of(value), value, by}
	i := slices.IndexFunc(p.names, func(o called) bool { return o.key == c.key })
	switch {
	case i < 0:
		p.names = append(p.names, c)
	case c.revision < p.names[i].revision:
		p.names[i] = c
	}
}

func (p *profile) sort() {
	slices.SortFunc(p.names, func(a, b called) int { return strings.Compare(a.key, b.key) })
}

func (p profile) equal(q profile) bool {
	return p.exists == q.exists && p.kind == q.kind && p.country == q.country && p.linked == q.linked &&
		p.heirs == q.heirs && p.ended == q.ended && slices.Equal(p.names, q.names)
}

// without returns the names of p whose keys are none of q's.
func (p profile) without(q profile) []called {
	var rest []called
	for _, n := range p.names {
		if !slices.ContainsFunc(q.names, func(o called) bool { return o.key == n.key }) {
			rest = append(rest, n)
		}
	}
	return rest
}
