package intake

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json"
	"go.yaml.in/yaml/v3"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/terms"
)

// planner turns rows into claims.
type planner struct {
	mapping *Mapping
	ids     ids
	asOf    edtf.Date // of the snapshot
	// bases are the constants of agreements by table and key; "" for all others.
	bases    map[*Agreement]map[string]memorandum.CarriedOver
	networks map[*Network]network.CarriedOver
	// named returns the network of the ledger that has a name, "" if there is none.
	named func(name string) (string, error)
}

// newPlanner returns the planner of a mapping, the constants of which it checks.
func newPlanner(m *Mapping, named func(string) (string, error)) (*planner, error) {
	p := &planner{
		mapping: m, named: named,
		bases: map[*Agreement]map[string]memorandum.CarriedOver{}, networks: map[*Network]network.CarriedOver{},
	}
	for i := range m.Tables {
		if a := m.Tables[i].Agreement; a != nil {
			p.bases[a] = map[string]memorandum.CarriedOver{}
			of := map[string]yaml.Node{"": {}}
			maps.Copy(of, a.Of)
			for key, node := range of {
				base := memorandum.CarriedOver{Visibility: terms.Visibility(m.Visibility)}
				if err := constants(&base, &a.Constants, &node); err != nil {
					return nil, fmt.Errorf("mapping, table %d, agreement %s: %w", i+1, key, err)
				}
				p.bases[a][key] = base
			}
		}
		if n := m.Tables[i].Network; n != nil {
			base := network.CarriedOver{Visibility: terms.Visibility(m.Visibility)}
			if err := constants(&base, &n.Constants); err != nil {
				return nil, fmt.Errorf("mapping, table %d, network: %w", i+1, err)
			}
			p.networks[n] = base
		}
	}
	return p, nil
}

// constants sets the members of a payload that the mapping gives.
func constants[T any](into *T, nodes ...*yaml.Node) error {
	for _, n := range nodes {
		if n.IsZero() {
			continue
		}
		data, err := json.Marshal(plain(n))
		if err == nil {
			err = json.Unmarshal(data, into, json.RejectUnknownMembers(true))
		}
		if err != nil {
			return bad(fmt.Sprintf("the constants at line %d are not read: %v", n.Line, err), "members of the command's payload, as `entente schema` shows them")
		}
	}
	return nil
}

// plain returns a YAML node as JSON has it: dates stay texts.
func plain(n *yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		object := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			object[n.Content[i].Value] = plain(n.Content[i+1])
		}
		return object
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, item := range n.Content {
			list[i] = plain(item)
		}
		return list
	case yaml.AliasNode:
		return plain(n.Alias)
	}
	switch n.Tag {
	case "!!int":
		if v, err := strconv.ParseInt(n.Value, 10, 64); err == nil {
			return v
		}
	case "!!bool":
		return n.Value == "true"
	case "!!null":
		return nil
	}
	return n.Value
}

// claims returns what a row says, given the parties that it mentions.
func (p *planner) claims(t *Table, l line, parties []mentioned) ([]claim, error) {
	switch t.Row {
	case rowParty:
		return p.ofParty(parties[0]), nil
	case rowAgreement:
		return p.ofAgreement(t, l, parties)
	case rowParticipation:
		return p.ofParticipation(t, l, parties[0])
	case rowMembership:
		return p.ofMembership(t, l, parties[0])
	default:
		return p.ofChange(t, l, parties[0])
	}
}

// mentioned is a party that a row mentions, once it is known which it is.
type mentioned struct {
	mention
	stream string
	title  string // as the ledger has it
	opens  bool   // the register opened its record
}

func (m mentioned) ref() terms.PartyRef {
	r := terms.PartyRef{ID: terms.PartyID(m.stream)}
	if m.name() != m.title {
		r.As = m.name()
	}
	return r
}

// said is the fact that the register says so.
func (p *planner) said() terms.Fact { return terms.Fact{Occurred: p.asOf} }

// ofAgreement is a row that is an agreement with its parties.
func (p *planner) ofAgreement(t *Table, l line, parties []mentioned) ([]claim, error) {
	e, stream, err := p.agreement(t.Agreement, l)
	if err != nil {
		return nil, err
	}
	n := 0
	for i := range t.Parties {
		m := &t.Parties[i]
		names, err := m.Name.all(l)
		if err != nil {
			return nil, err
		}
		if m.ID != "" {
			names = []string{""}
		}
		for range names {
			c := memorandum.CarriedParty{Party: parties[n].ref()}
			if _, err := p.part(&m.Part, l, &c); err != nil {
				return nil, err
			}
			if c.State == "" {
				return nil, problemOf(m.State.Column, es.Invalid("import.no_state", "it is not said what part the party has", "state, in the mapping"))
			}
			e.Parties = append(e.Parties, c)
			n++
		}
	}
	return []claim{{stream: stream, event: e}}, nil
}

// agreement returns the agreement that a row is about.
func (p *planner) agreement(a *Agreement, l line) (memorandum.CarriedOver, string, error) {
	key, err := a.Key.of(l)
	if err == nil && key == "" {
		err = problemOf(a.Key.Column, es.Invalid("import.no_key", "the row does not say which agreement it is about", "its key in the register"))
	}
	if err != nil {
		return memorandum.CarriedOver{}, "", err
	}
	e, ok := p.bases[a][key]
	if !ok {
		if e = p.bases[a][""]; len(a.Of) > 0 && a.Title.empty() {
			return e, "", problemOf(a.Key.Column, es.Invalid("import.unknown_agreement",
				fmt.Sprintf("the mapping does not know an agreement %.80q", key), "the agreement under agreement.of in the mapping, or a title"))
		}
	}
	e.Fact, e.Titles, e.Themes, e.Parties = p.said(), slices.Clone(e.Titles), slices.Clone(e.Themes), slices.Clone(e.Parties)
	return e, p.ids.stream("memorandum", key), p.describe(a, l, &e)
}

// describe fills in what the columns say of an agreement.
func (p *planner) describe(a *Agreement, l line, e *memorandum.CarriedOver) error {
	for _, v := range append([]Value{a.Title}, a.Titles...) {
		title, err := v.of(l)
		if err != nil {
			return err
		}
		if title == "" {
			continue
		}
		text, err := v.text(title)
		if err != nil {
			return err
		}
		e.Titles = append(e.Titles, text)
	}
	themes, err := a.Themes.all(l)
	if err != nil {
		return err
	}
	for _, word := range themes {
		var theme terms.Theme
		if err := theme.UnmarshalText([]byte(word)); err != nil {
			return problemOf(a.Themes.Column, err)
		}
		e.Themes = append(e.Themes, theme)
	}
	if reference, err := a.Reference.of(l); err != nil {
		return err
	} else if reference != "" {
		e.Reference = reference
	}
	for _, f := range []func() error{
		func() error { return read(&a.Kind, l, &e.Kind) },
		func() error { return read(&a.Phase, l, &e.Phase) },
		func() error { return read(&a.Duration, l, &e.Terms.Duration) },
		func() error { return read(&a.Notice, l, &e.Terms.Notice) },
		func() error { return p.date(&a.Since, l, &e.Since) },
		func() error { return p.date(&a.InForce, l, &e.InForce) },
		func() error { return p.date(&a.Until, l, &e.Terms.Until) },
	} {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}

// date reads a date of a row; a blank one leaves it as it is.
func (p *planner) date(v *Value, l line, into *edtf.Date) error {
	date, said, err := p.dated(v, l)
	if err == nil && said {
		*into = date
	}
	return err
}

// dated returns the date of a row, and whether it says any.
func (p *planner) dated(v *Value, l line) (edtf.Date, bool, error) {
	text, err := v.of(l)
	if err != nil {
		return edtf.Date{}, false, err
	}
	date, said, err := p.mapping.Dates.date(text)
	if err != nil {
		err = problemOf(v.Column, err)
	}
	return date, said, err
}

// part reads a party's part, and whether the row says any.
func (p *planner) part(v *Part, l line, c *memorandum.CarriedParty) (bool, error) {
	if err := read(&v.State, l, &c.State); err != nil {
		return false, err
	}
	since, sinceSaid, err := p.dated(&v.Since, l)
	if err != nil {
		return false, err
	}
	consented, consentSaid, err := p.dated(&v.Consented, l)
	if err != nil {
		return false, err
	}
	c.Since, c.Consented = since, consented
	if weight, err := v.Weight.of(l); err != nil {
		return false, err
	} else if weight != "" {
		if c.Weight, err = strconv.ParseInt(weight, 10, 64); err != nil {
			return false, problemOf(v.Weight.Column, es.Invalid("import.bad_weight", fmt.Sprintf("%.40q is not a weight", weight), "a whole number"))
		}
	}
	return c.State != "" && (!v.State.constant() || sinceSaid || consentSaid || v.Since.constant() && v.Consented.constant()), nil
}

// ofParticipation is a row that is a party's part in an agreement.
func (p *planner) ofParticipation(t *Table, l line, m mentioned) ([]claim, error) {
	agreement, stream, err := p.agreement(t.Agreement, l)
	if err != nil {
		return nil, err
	}
	all := []claim{{stream: stream, event: agreement, implied: true}}
	if t.Signed != nil {
		on, said, err := p.dated(&t.Signed.Date, l)
		if err != nil {
			return nil, err
		}
		if said {
			all = append(all, claim{stream: stream, event: memorandum.Signed{Fact: terms.Fact{Occurred: on}, Party: m.ref()}})
		}
	}
	if t.Consented != nil {
		on, said, err := p.dated(&t.Consented.Date, l)
		if err != nil {
			return nil, err
		}
		e := memorandum.Consented{Fact: terms.Fact{Occurred: on}, Party: m.ref()}
		if err := read(&t.Consented.Means, l, &e.Means); err != nil {
			return nil, err
		}
		if said || e.Means != "" && !t.Consented.Means.constant() {
			all = append(all, claim{stream: stream, event: e})
		}
	}
	if t.Part != nil {
		c := memorandum.CarriedParty{Party: m.ref()}
		said, err := p.part(t.Part, l, &c)
		if err != nil {
			return nil, err
		}
		if said {
			all = append(all, claim{stream: stream, event: memorandum.PartCarriedOver{Fact: p.said(), CarriedParty: c}})
		}
	}
	if t.Withdrawn != nil {
		on, said, err := p.dated(&t.Withdrawn.Date, l)
		if err != nil {
			return nil, err
		}
		if said {
			all = append(all, claim{stream: stream, event: memorandum.Withdrawn{Fact: terms.Fact{Occurred: on}, Party: terms.PartyID(m.stream)}})
		}
	}
	return all, nil
}

// network returns the id of the network that a row is about, and what opens it
// if the register names it.
func (p *planner) network(n *Network, l line) (terms.PartyID, []claim, error) {
	if n.ID != "" {
		var id terms.PartyID
		return id, nil, id.UnmarshalText([]byte(n.ID))
	}
	name, err := n.Name.of(l)
	if err == nil && name == "" {
		err = problemOf(n.Name.Column, es.Invalid("import.no_name", "the row names no network", "a name"))
	}
	if err != nil {
		return "", nil, err
	}
	if stream, err := p.named(name); err != nil || stream != "" {
		return terms.PartyID(stream), nil, err
	}
	e := p.networks[n]
	title, err := n.Name.text(name)
	e.Fact, e.Titles = p.said(), append(slices.Clone(e.Titles), title)
	stream := p.ids.stream("network", name)
	return terms.PartyID(stream), []claim{{stream: stream, event: e, implied: true}}, err
}

// ofMembership is a row that is a membership.
func (p *planner) ofMembership(t *Table, l line, m mentioned) ([]claim, error) {
	id, all, err := p.network(t.Network, l)
	if err != nil {
		return nil, err
	}
	e := membership.CarriedOver{Fact: p.said(), Network: id, Party: m.ref(), Visibility: terms.Visibility(p.mapping.Visibility)}
	for _, f := range []func() error{
		func() error { return read(&t.Membership.Standing, l, &e.Standing) },
		func() error { return read(&t.Membership.Class, l, &e.Class) },
		func() error { return read(&t.Membership.OwnClass, l, &e.OwnClass) },
		func() error { return p.date(&t.Membership.Since, l, &e.Since) },
	} {
		if err := f(); err != nil {
			return nil, err
		}
	}
	stream := es.KeyedStream("membership", membership.CarryOver(e).NaturalKey())
	return append(all, claim{stream: stream, event: e}), nil
}
