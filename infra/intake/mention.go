package intake

import (
	"cmp"
	"slices"
	"strings"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/namekey"
)

// mention is a party as a row names it.
type mention struct {
	id      terms.PartyID // where the mapping names a party of the ledger
	as      party.CarriedOver
	columns [2]string // of the name and of the country
}

// name is how the row calls the party.
func (m mention) name() string {
	if len(m.as.Names) == 0 {
		return ""
	}
	return m.as.Names[0].Text.Value
}

// nameKey is under what a party without an identifier is found again.
func (m mention) nameKey() string {
	return "name:" + namekey.Of(m.name()) + "\n" + string(m.as.Country) + "\n" + string(m.as.Kind)
}

// key is under what the party is found again in the same register.
func (m mention) key() string {
	if len(m.as.IDs) > 0 {
		return string(m.as.IDs[0].Scheme) + ":" + m.as.IDs[0].Value
	}
	return m.nameKey()
}

// mentions returns the parties that a row is about, in the order in which
// [planner.claims] takes them.
func (t *Table) mentions(l line) ([]mention, error) {
	if t.Party != nil {
		m, err := t.Party.mention(l, t.Party.Name.raw(l))
		return []mention{m}, err
	}
	var all []mention
	for i := range t.Parties {
		p := &t.Parties[i].Party
		names, err := p.Name.all(l)
		if p.ID != "" {
			names = []string{""}
		}
		if err == nil && len(names) == 0 && p.Name.Split == "" {
			err = problemOf(p.Name.Column, errNoName)
		}
		for _, name := range names {
			var m mention
			if m, err = p.mention(l, name); err != nil {
				break
			}
			all = append(all, m)
		}
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

var errNoName = es.Invalid("import.no_name", "the row names no party", "a name")

// mention returns the party that a row calls name.
func (p *Party) mention(l line, name string) (mention, error) {
	m := mention{columns: [2]string{p.Name.Column, p.Country.Column}}
	if p.ID != "" {
		return m, m.id.UnmarshalText([]byte(p.ID))
	}
	name, err := p.Name.word(name)
	if err != nil {
		return m, err
	}
	if name == "" {
		return m, problemOf(p.Name.Column, errNoName)
	}
	m.as.Exists = true
	official, err := p.Name.text(name)
	if err != nil {
		return m, err
	}
	m.as.Names = []party.Name{{Text: official, Use: "official"}}
	if err := p.others(l, &m.as); err != nil {
		return m, err
	}
	if err := read(&p.Kind, l, &m.as.Kind); err != nil {
		return m, err
	}
	if m.as.Kind == "" {
		return m, problemOf(p.Kind.Column, es.Invalid("import.no_kind", "it is not said what kind of party this is", "kind: one of "+strings.Join(m.as.Kind.Words(), ", ")))
	}
	if err := read(&p.Country, l, &m.as.Country); err != nil {
		return m, err
	}
	return m, p.identifiers(l, &m.as)
}

// others adds the names besides the official one.
func (p *Party) others(l line, as *party.CarriedOver) error {
	for i := range p.Names {
		names, err := p.Names[i].all(l)
		if err != nil {
			return err
		}
		for _, name := range names {
			n := party.Name{Use: "translation"}
			if p.Names[i].Use != "" {
				if err := n.Use.UnmarshalText([]byte(p.Names[i].Use)); err != nil {
					return err
				}
			}
			if n.Text, err = p.Names[i].text(name); err != nil {
				return err
			}
			as.Names = append(as.Names, n)
		}
	}
	return nil
}

// identifiers adds the identifiers, in the order of the schemes.
func (p *Party) identifiers(l line, as *party.CarriedOver) error {
	for scheme := range p.Identifiers {
		v := p.Identifiers[scheme]
		all, err := v.all(l)
		if err != nil {
			return err
		}
		for _, value := range all {
			id := party.Identifier{Value: value}
			if err := id.Scheme.UnmarshalText([]byte(scheme)); err != nil {
				return err
			}
			as.IDs = append(as.IDs, id)
		}
	}
	order := party.Scheme("").Words()
	slices.SortFunc(as.IDs, func(a, b party.Identifier) int {
		return cmp.Or(cmp.Compare(slices.Index(order, string(a.Scheme)), slices.Index(order, string(b.Scheme))), cmp.Compare(a.Value, b.Value))
	})
	return nil
}

// text returns a text in the language of the value.
func (v *Value) text(value string) (terms.Text, error) {
	t := terms.Text{Value: value}
	return t, t.Lang.UnmarshalText([]byte(v.Lang))
}

// read reads a value of a row into something that checks itself; a blank one
// leaves it as it is.
func read[T any, P interface {
	*T
	UnmarshalText(text []byte) error
}](v *Value, l line, into P,
) error {
	text, err := v.of(l)
	if err != nil || text == "" {
		return err
	}
	if err := into.UnmarshalText([]byte(text)); err != nil {
		return problemOf(v.Column, err)
	}
	return nil
}
