package intake

import (
	"slices"
	"strings"

	"github.com/entente-ledger/entente/domain/memorandum"
)

// agreementRow drafts a row that is an agreement with its parties.
func (d *drafting) agreementRow() {
	a := newObject()
	d.key(a)
	officials := d.officials()
	d.titled(a, officials)
	d.describe(a)
	if d.first(ofInForce) == nil {
		a.note("check: the day named here is taken for that since which the agreement is in force")
	}
	if !d.date(a, "inForce", ofInForce, ofSigned, ofSince, ofDate) {
		a.comment = nil
	}
	d.date(a, "until", ofUntil, ofWithdrawn)
	if c := d.take(ofReference); c != nil {
		a.set("reference", columnValue(c))
	}
	d.themes(a)
	d.table.set("agreement", a)
	var parties []*object
	for _, c := range officials {
		parties = append(parties, d.member(c))
	}
	if len(parties) == 0 {
		return
	}
	if len(parties) == 1 && parties[0] != nil && officials[0].separator() == "" {
		d.table.note("fill in: only one party is named. If the register is of one city, add that as another of the parties:")
		d.table.comment = append(d.table.comment, "  - {name: {constant: NAME, lang: LANGUAGE}, kind: municipality, country: XX, state: in_force}")
	}
	d.table.set("parties", parties)
}

// member drafts a party of an agreement with its part.
func (d *drafting) member(name *column) *object {
	o := d.partyOf(name, rowAgreement)
	if c := d.first(ofStanding); c != nil {
		o.note("its part, from how the agreement stands")
		o.set("state", d.words(c, memorandum.Part("").Words(), o))
	} else {
		o.note("fill in: the part of the party, if it is not in force for it")
		o.set("state", string(memorandum.PartInForce))
	}
	return o
}

// key drafts what an agreement goes by in the register.
func (d *drafting) key(a *object) {
	for _, c := range append(append(d.all(ofKey), d.all(ofReference)...), d.all(ofAgreement)...) {
		if c.filled == d.rows && c.unique() {
			d.read = append(d.read, c)
			a.note("each row has its own %s", c.heading)
			a.set("key", columnValue(c))
			return
		}
	}
	of := d.officials()
	if len(of) == 0 {
		of = []*column{d.columns[0]}
	}
	a.note("fill in: no column has a key of each row that is its own, so it is made of names. It must stay what it is when the register changes")
	a.set("key", composed(of))
	if len(of) == 1 && !of[0].unique() {
		a.note("check: %q has the same more than once; rows that say otherwise of one agreement are refused", of[0].heading)
	}
}

// composed is a value of the names of parties.
func composed(of []*column) *object {
	if len(of) == 1 || slices.ContainsFunc(of, func(c *column) bool { return strings.ContainsAny(c.heading, "{}") }) {
		return columnValue(of[0])
	}
	v := newObject()
	var names []string
	for _, c := range of {
		names = append(names, "{"+c.heading+"}")
	}
	v.set("text", strings.Join(names, " - "))
	return v
}

// titled drafts the title.
func (d *drafting) titled(a *object, of []*column) {
	c := d.take(ofTitle, ofAgreement)
	v := newObject()
	if c != nil {
		v.set("column", c.heading)
		lang(a, v, c)
	} else {
		if len(of) == 0 {
			of = d.columns[:1]
		}
		v = composed(of)
		a.note("fill in: no column has a title, so it is made of names; and its language, as lang")
		v.set("lang", "")
	}
	a.set("title", v)
}

// describe drafts the kind and the phase.
func (d *drafting) describe(a *object) {
	kinds := memorandum.Kind("").Words()
	if c := d.take(ofKind); c != nil {
		a.set("kind", d.words(c, kinds, a))
	} else {
		kind := "agreement"
		for _, c := range d.columns {
			if c.role == ofPartner || c.role == ofAgreement {
				for word := range strings.FieldsSeq(spoken(c.heading)) {
					if found := meaningOf(word, kinds); found != "" {
						kind = found
					}
				}
			}
		}
		a.note("fill in: the kind, one of %s", strings.Join(kinds, ", "))
		a.set("kind", kind)
	}
	if c := d.take(ofStanding); c != nil && d.rowsAre(rowAgreement) {
		a.set("phase", d.words(c, memorandum.Phase("").Words(), a))
		return
	}
	a.note("fill in: no column says how the agreements stand; one of %s", strings.Join(memorandum.Phase("").Words(), ", "))
	a.set("phase", string(memorandum.PhaseInForce))
}

func (d *drafting) rowsAre(row string) bool {
	is, _ := d.rowIs()
	return is == row
}

// named drafts the agreement of a participation or a change.
func (d *drafting) named() *object {
	a := newObject()
	if c := d.take(ofAgreement, ofTitle); c != nil {
		a.set("key", columnValue(c))
		v := columnValue(c)
		lang(a, v, c)
		a.set("title", v)
	} else {
		a.note("fill in: what the agreement is called; all rows are taken to be about one")
		a.set("key", d.title())
		v := newObject()
		v.set("constant", d.title())
		v.set("lang", "")
		a.set("title", v)
	}
	d.describe(a)
	return a
}
