package intake

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/namekey"
)

func agreementWords() []string { return slices.Sorted(maps.Keys(agreementChanges)) }

func networkWords() []string { return slices.Sorted(maps.Keys(networkChanges)) }

// party drafts the party that a row is about.
func (d *drafting) party(table *object, row string) {
	name := d.first(ofName)
	if name == nil {
		name = d.columns[0]
		table.note("fill in: no heading says where the name of the party is")
	}
	table.set("party", d.partyOf(name, row))
}

// partyOf drafts the party of which a column has the name. Of several parties,
// it has the columns from there to the next name.
func (d *drafting) partyOf(name *column, row string) *object {
	o := newObject()
	v := columnValue(name)
	d.read = append(d.read, name)
	if s := name.separator(); s != "" {
		if row == rowAgreement {
			o.note("%d of %d have several names, each of which is a party", name.splits[s], name.filled)
			v.set("split", strings.TrimRight(s, " "))
		} else {
			o.note("fill in: %d of %d have several names with %q between them; a row is about one party, so make them rows of their own", name.splits[s], name.filled, s)
		}
	}
	lang(o, v, name)
	o.set("name", v)
	own := d.columnsOf(name, row)
	var names []*object
	for _, c := range own {
		if c != name && (c.role == ofName || c.role == ofPartner) {
			names = append(names, d.otherName(c))
		}
	}
	if len(names) > 0 {
		o.note("check: these are taken for other names of the same party")
		o.set("names", names)
	}
	d.partyKind(o, name, own, row)
	for _, c := range own {
		if c.role == ofCountry || c.role == ofStateOrNot {
			d.read = append(d.read, c)
			d.country(o, c)
			break
		}
	}
	d.identifiers(o, own, row)
	return o
}

func (d *drafting) otherName(c *column) *object {
	d.read = append(d.read, c)
	v := columnValue(c)
	if s := c.separator(); s != "" {
		v.set("split", strings.TrimRight(s, " "))
	}
	lang(v, v, c)
	v.set("use", "translation")
	return v
}

// columnsOf are the columns of the party of a name.
func (d *drafting) columnsOf(name *column, row string) []*column {
	all := d.officials()
	at := slices.Index(all, name)
	if row != rowAgreement || len(all) < 2 || at < 0 {
		return d.columns
	}
	from, to := slices.Index(d.columns, name), len(d.columns)
	if at == 0 {
		from = 0
	}
	if at+1 < len(all) {
		to = slices.Index(d.columns, all[at+1])
	}
	return d.columns[from:to]
}

// partyKind drafts the kind of a party.
func (d *drafting) partyKind(o *object, name *column, own []*column, row string) {
	kinds := party.Kind("").Words()
	if row == rowParty || row == rowMembership {
		for _, c := range own {
			if c.role == ofKind {
				d.read = append(d.read, c)
				o.set("kind", d.words(c, kinds, o))
				return
			}
		}
	}
	for word := range strings.FieldsSeq(spoken(name.heading)) {
		if kind := meaningOf(word, []string{"municipality", "state", "region", "ministry", "university"}); kind != "" {
			o.note("check: the heading %q says so", name.heading)
			o.set("kind", kind)
			return
		}
	}
	o.note("fill in: no column says what kind the parties are; one of %s", strings.Join(kinds, ", "))
	o.set("kind", "municipality")
}

// lang sets the language that a heading names, or asks for it.
func lang(above, v *object, c *column) {
	l := languageOf(c.heading)
	if l == "" {
		above.note("fill in: the language of %q as lang, if all are in one", c.heading)
	}
	v.set("lang", l)
}

// country drafts the country: codes as they stand there, names by words.
func (d *drafting) country(o *object, c *column) {
	if c.countries == c.filled && c.filled > 0 {
		o.note("ISO 3166-1 codes in all cells")
		o.set("country", columnValue(c))
		return
	}
	o.set("country", d.listed(o, c, fewCountries, "an ISO 3166-1 code such as IT", func(text string) string {
		return countryOf(text, d.countries)
	}))
}

// identifiers drafts the identifiers of a party.
func (d *drafting) identifiers(o *object, own []*column, row string) {
	ids, taken := newObject(), map[string]bool{}
	add := func(scheme string, c *column, n int, what string) {
		if taken[scheme] {
			return // a party has one of each; the column is among those that are not read
		}
		taken[scheme] = true
		ids.note("%s: %d of %d are %s", c.heading, n, c.filled, what)
		ids.set(scheme, columnValue(c))
		d.read = append(d.read, c)
	}
	for _, c := range own {
		switch c.role {
		case ofWikidata:
			add("wikidata", c, c.wikidata, "items of Wikidata")
		case ofGeonames:
			add("geonames", c, c.numbers, "numbers")
		case ofUNLOCODE:
			add("unlocode", c, c.locodes, "written as UN/LOCODE; they must have no spaces in them")
		case ofKey:
			if row == rowParty || row == rowMembership {
				add("other", c, c.filled, "taken for what the register calls the party; fill in another scheme, one of "+
					strings.Join(party.Scheme("").Words(), ", "))
			}
		default:
		}
	}
	if len(ids.node.Content) > 0 {
		o.set("identifiers", ids)
	}
}

// words drafts a value that has to be one of the words of the ledger.
func (d *drafting) words(c *column, allowed []string, above *object) *object {
	return d.listed(above, c, fewValues, "one of "+strings.Join(allowed, ", "), func(text string) string { return meaningOf(text, allowed) })
}

// listed drafts a value with what each text means.
func (d *drafting) listed(above *object, c *column, most int, want string, guess func(string) string) *object {
	v := columnValue(c)
	values := c.distinct()
	if !slices.ContainsFunc(values, func(text string) bool { return guess(text) != text }) {
		return v
	}
	if blank := d.rows - c.filled; blank > 0 {
		above.note("check: blank in %s; `else` would say what that means", rows(blank))
	}
	if len(values) > most {
		above.note("fill in: %q has %d values, too many to list; add words for them, each %s", c.heading, len(values), want)
		return v
	}
	words, blanks := newObject(), 0
	for _, text := range values {
		words.set(text, guess(text))
		if guess(text) == "" {
			blanks++
		}
	}
	for i := 0; i < len(words.node.Content); i += 2 {
		n := c.values[words.node.Content[i].Value]
		value := words.node.Content[i+1]
		value.LineComment = "# " + rows(n)
		if value.Value == "" {
			value.LineComment = "# fill in: " + rows(n)
		}
	}
	above.note("check: what each value of %q means, %s", c.heading, want)
	if blanks > 0 {
		above.note("fill in: %d of them", blanks)
	}
	v.set("words", words)
	return v
}

// themes drafts the themes, if there are few.
func (d *drafting) themes(a *object) {
	c := d.first(ofThemes)
	if c == nil || len(c.values) > fewValues || c.separator() != "" {
		return
	}
	d.read = append(d.read, c)
	a.set("themes", d.listed(a, c, fewValues, "sdg: and a goal, or a term of lower-case letters, digits and hyphens", func(text string) string {
		theme := strings.Trim(slug.ReplaceAllString(namekey.Of(text), "-"), "-")
		if new(terms.Theme).UnmarshalText([]byte(text)) == nil {
			return text
		}
		if new(terms.Theme).UnmarshalText([]byte(theme)) != nil {
			return ""
		}
		return theme
	}))
}

func rows(n int) string {
	if n == 1 {
		return "1 row"
	}
	return fmt.Sprintf("%d rows", n)
}
