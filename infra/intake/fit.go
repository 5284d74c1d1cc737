package intake

import (
	"fmt"
	"strings"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/namekey"
)

// fits fails unless the sheet has the columns that a table reads.
func (t *Table) fits(at map[string]int, headings []string) error {
	for _, v := range t.values() {
		for _, column := range v.columns() {
			if _, ok := at[column]; !ok {
				return noColumn(column, headings)
			}
		}
	}
	return nil
}

func noColumn(column string, headings []string) error {
	want := "one of " + strings.Join(headings, ", ")
	for _, h := range headings {
		if namekey.Of(h) == namekey.Of(column) {
			want = fmt.Sprintf("%q, as the heading is written", h)
		}
	}
	return es.Invalid("import.no_column", fmt.Sprintf("the file has no column %q, which the mapping names", column), want)
}

// values returns all values of the table.
func (t *Table) values() []*Value {
	var all []*Value
	if t.Party != nil {
		all = append(all, t.Party.values()...)
	}
	for i := range t.Parties {
		all = append(append(all, t.Parties[i].Party.values()...), t.Parties[i].Part.values()...)
	}
	if a := t.Agreement; a != nil {
		all = append(all, &a.Key, &a.Title, &a.Kind, &a.Phase, &a.Since, &a.InForce, &a.Until, &a.Duration, &a.Notice, &a.Themes, &a.Reference)
		for i := range a.Titles {
			all = append(all, &a.Titles[i])
		}
	}
	if t.Network != nil {
		all = append(all, &t.Network.Name)
	}
	if t.Part != nil {
		all = append(all, t.Part.values()...)
	}
	for _, act := range []*Act{t.Signed, t.Consented, t.Withdrawn} {
		if act != nil {
			all = append(all, &act.Date, &act.Means)
		}
	}
	if m := t.Membership; m != nil {
		all = append(all, &m.Standing, &m.Class, &m.OwnClass, &m.Since)
	}
	if c := t.Change; c != nil {
		all = append(all, &c.What, &c.Date, &c.Means)
	}
	return all
}

func (p *Party) values() []*Value {
	all := []*Value{&p.Name, &p.Kind, &p.Country}
	for i := range p.Names {
		all = append(all, &p.Names[i].Value)
	}
	for _, v := range p.Identifiers {
		all = append(all, &v)
	}
	return all
}

func (p *Part) values() []*Value { return []*Value{&p.State, &p.Since, &p.Consented, &p.Weight} }

// keyName returns the folded name of what [mention.nameKey] wrote.
func keyName(key string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(key, "name:"), "\n")
	return name
}
