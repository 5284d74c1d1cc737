package intake

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/memorandum"
)

// drafting is a table that is drafted from a sheet.
type drafting struct {
	*proposal
	*survey
	table *object
	read  []*column // that the table reads
}

// table drafts what a row of a sheet is.
func (p *proposal) table(s *survey) *object {
	d := &drafting{proposal: p, survey: s, table: newObject()}
	if s.sheet != "" {
		d.table.set("sheet", s.sheet)
	}
	row, why := s.rowIs()
	d.table.note("check: what a row is, because %s", why)
	d.table.set("row", row)
	heading := d.table.node.Content[len(d.table.node.Content)-2] // its key, for comments
	switch row {
	case rowAgreement:
		d.agreementRow()
	case rowParticipation:
		d.participationRow()
	case rowMembership:
		d.membershipRow()
	case rowChange:
		d.changeRow()
	default:
		d.party(d.table, rowParty)
	}
	var left []string
	for _, c := range s.columns {
		if !slices.Contains(d.read, c) {
			left = append(left, c.heading)
		}
	}
	if len(left) > 0 {
		heading.HeadComment += "\n# " + strings.Join(wrapped("check: these columns are not read: "+strings.Join(left, ", ")), "\n# ")
	}
	return d.table
}

// rowIs decides what a row is, and says why.
func (s *survey) rowIs() (row, why string) {
	name, agreement := s.first(ofName), s.first(ofAgreement, ofTitle)
	officials := len(s.officials())
	switch {
	case s.first(ofEvent) != nil && name != nil && s.first(ofDate, ofSince) != nil:
		return rowChange, fmt.Sprintf("%q says what happened", s.first(ofEvent).heading)
	case s.first(ofPartner) != nil:
		return rowAgreement, fmt.Sprintf("%q names a partner", s.first(ofPartner).heading)
	case officials > 1 && s.first(ofNetwork, ofClass) == nil:
		return rowAgreement, "it names several parties"
	case agreement != nil && name != nil && !agreement.unique():
		return rowParticipation, fmt.Sprintf("it names a party, and what stands in %q is there more than once", agreement.heading)
	case agreement != nil:
		return rowAgreement, fmt.Sprintf("%q names an agreement", agreement.heading)
	case s.first(ofNetwork, ofClass) != nil:
		return rowMembership, fmt.Sprintf("%q belongs to a membership", s.first(ofNetwork, ofClass).heading)
	case s.first(ofSigned, ofConsented, ofInForce) != nil:
		return rowParticipation, fmt.Sprintf("%q is said of a party, and no agreement is named", s.first(ofSigned, ofConsented, ofInForce).heading)
	case s.first(ofStanding, ofSince, ofWithdrawn) != nil:
		return rowMembership, fmt.Sprintf("%q is said of a party", s.first(ofStanding, ofSince, ofWithdrawn).heading)
	}
	return rowParty, "it says nothing of agreements, memberships and changes"
}

// officials are the columns with the names by which parties are called, others
// of the same party left out.
func (s *survey) officials() []*column {
	var all []*column
	for i, c := range s.columns {
		if c.role != ofName && c.role != ofPartner {
			continue
		}
		if i > 0 && len(all) > 0 && s.columns[i-1].role == c.role && languageOf(c.heading) != "" && languageOf(s.columns[i-1].heading) != languageOf(c.heading) {
			continue
		}
		all = append(all, c)
	}
	return all
}

// take returns the first column with one of some roles, and counts it as read.
func (d *drafting) take(roles ...role) *column {
	c := d.first(roles...)
	if c != nil {
		d.read = append(d.read, c)
	}
	return c
}

// date drafts a date from the first column with one of some roles, and reports
// whether there is one.
func (d *drafting) date(o *object, key string, roles ...role) bool {
	for _, r := range roles {
		for _, c := range d.all(r) {
			if !slices.Contains(d.read, c) {
				d.read = append(d.read, c)
				datesOf(o, key, c)
				return true
			}
		}
	}
	return false
}

func (d *drafting) participationRow() {
	d.party(d.table, rowParticipation)
	a := d.named()
	if d.first(ofSigned, ofConsented) != nil {
		open := newObject()
		open.set("open", true)
		a.note("check: any party may sign and accede; otherwise each has to be invited before, by a table of changes")
		a.set("constants", open)
	}
	d.table.set("agreement", a)
	said := false
	act := func(key string, roles ...role) {
		if d.first(roles...) == nil {
			return
		}
		o := newObject()
		said = d.date(o, "date", roles...) || said
		if key == "consented" {
			if c := d.take(ofMeans); c != nil {
				o.set("means", d.words(c, memorandum.Means("").Words(), o))
			} else {
				o.note("fill in: one of %s", strings.Join(memorandum.Means("").Words(), ", "))
				o.set("means", "ratification")
			}
		}
		d.table.set(key, o)
	}
	act("signed", ofSigned)
	act("consented", ofConsented)
	act("withdrawn", ofWithdrawn)
	if standing := d.take(ofStanding); standing != nil || d.first(ofInForce, ofSince, ofDate) != nil || !said {
		part := newObject()
		if standing != nil {
			part.set("state", d.words(standing, memorandum.Part("").Words(), part))
		} else {
			part.set("state", string(memorandum.PartInForce))
		}
		d.date(part, "since", ofInForce, ofSince, ofDate)
		d.table.note("the part that the register gives the party as of its date")
		d.table.set("part", part)
	}
}

func (d *drafting) membershipRow() {
	d.party(d.table, rowMembership)
	d.table.set("network", d.network())
	m := newObject()
	if c := d.take(ofStanding); c != nil {
		m.set("standing", d.words(c, membership.Standing("").Words(), m))
	} else {
		m.note("fill in: no column says how the members stand; one of %s", strings.Join(membership.Standing("").Words(), ", "))
		m.set("standing", string(membership.StandingActive))
	}
	if c := d.take(ofClass); c != nil {
		m.set("class", d.words(c, membership.Class("").Words()[1:], m))
	}
	d.date(m, "since", ofSince, ofSigned, ofConsented, ofDate, ofInForce)
	d.table.set("membership", m)
}

func (d *drafting) network() *object {
	n := newObject()
	v := newObject()
	if c := d.take(ofNetwork); c != nil {
		v.set("column", c.heading)
		lang(n, v, c)
	} else {
		n.note("fill in: the name of the network, and its language; or its id in the ledger, as id")
		v.set("constant", d.title())
		v.set("lang", "")
	}
	n.set("name", v)
	phase := newObject()
	phase.set("phase", "launched")
	n.note("fill in: how the network stands, if it is not in the ledger yet: registered, founded, launched or dissolved")
	n.set("constants", phase)
	return n
}

func (d *drafting) changeRow() {
	d.party(d.table, rowChange)
	what := agreementWords
	if d.first(ofAgreement, ofTitle) != nil {
		d.table.set("agreement", d.named())
	} else {
		what = networkWords
		d.table.set("network", d.network())
	}
	c := newObject()
	c.set("what", d.words(d.take(ofEvent), what(), c))
	d.date(c, "date", ofDate, ofSince)
	d.table.set("change", c)
}
