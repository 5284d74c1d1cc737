package intake

import (
	"cmp"
	"context"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/infra/tabular"
	"github.com/entente-ledger/entente/projections/namekey"
)

// surveyedRows is how many rows of a sheet a mapping is drafted from.
const surveyedRows = 5_000

// fewValues is how many different values a column may have for them to be
// listed as words.
const fewValues = 20

// fewCountries is the same for countries, of which most names are known.
const fewCountries = 250

// survey is what a sheet holds, as far as it was read.
type survey struct {
	sheet   string
	rows    int
	more    bool // there are more rows than were read
	bad     int  // rows that could not be read
	problem error
	columns []*column
}

// column is what stands in a column.
type column struct {
	heading string
	role    role
	filled  int
	values  map[string]int // how often each value stands there
	dates   dateForms

	countries, wikidata, numbers, locodes int            // cells of these forms
	splits                                map[string]int // cells by the separator in them
}

// dateForms counts the cells of a column by the dates in them.
type dateForms struct {
	iso, years, about, short int
	ordered                  int // day, month and year in some order
	proofs                   map[string]int
	first                    map[string]string // proof of an order
	either                   int
	unknown, forever         []string
	sentinels                int
	others                   int
	other                    string // the first of them
}

func (d *dateForms) all() int {
	return d.iso + d.years + d.about + d.ordered + d.sentinels
}

// foreverSyntax is a date that stands for none: 9999 with any day.
var foreverSyntax = regexp.MustCompile(`^(9999|(31[./-]12|12[./-]31)[./-]9999|9999-12-31)$`)

var (
	unknownWords   = []string{"?", "??", "n/a", "n.a.", "n. a.", "nd", "n.d.", "unknown", "sconosciuta", "sconosciuto", "αγνωστη", "αγνωστο", "unbekannt", "inconnue", "inconnu", "desconocida", "desconocido", "s.d.", "-"}
	aboutBeginning = regexp.MustCompile(`(?i)^(circa|ca\.?|c\.|about|um|vers|περίπου|περ\.|hacia|verso il|approx\.?)\s*(\d.*)$`)
	wikidataSyntax = regexp.MustCompile(`^Q\d+$`)
	numberSyntax   = regexp.MustCompile(`^\d+$`)
	locodeSyntax   = regexp.MustCompile(`^[A-Z]{2} ?[A-Z2-9]{3}$`)
)

// separators are between several values of a cell.
var separators = []string{"; ", " / "}

// surveyOf reads the beginning of a sheet.
func surveyOf(ctx context.Context, sheet tabular.Sheet) (*survey, error) {
	s := &survey{sheet: sheet.Name()}
	for _, h := range sheet.Headings() {
		s.columns = append(s.columns, &column{
			heading: h, role: roleOf(h), values: map[string]int{}, splits: map[string]int{},
			dates: dateForms{proofs: map[string]int{}, first: map[string]string{}},
		})
	}
	for row, err := range sheet.Rows(ctx) {
		switch {
		case err != nil:
			return nil, err
		case s.rows+s.bad == surveyedRows:
			s.more = true
			return s, nil
		case row.Err != nil:
			s.bad++
			s.problem = cmp.Or(s.problem, row.Err)
			continue
		}
		s.rows++
		for i, c := range s.columns {
			c.add(row.Cells[i], row.Number)
		}
	}
	return s, nil
}

func (c *column) add(cell string, row int) {
	if cell == "" {
		return
	}
	c.filled++
	c.values[cell]++
	c.dates.add(cell, row)
	count := func(n *int, is bool) {
		if is {
			*n++
		}
	}
	count(&c.countries, isCountry(cell))
	count(&c.wikidata, wikidataSyntax.MatchString(cell))
	count(&c.numbers, numberSyntax.MatchString(cell))
	count(&c.locodes, locodeSyntax.MatchString(cell))
	for _, s := range separators {
		if strings.Contains(cell, s) {
			c.splits[s]++
		}
	}
}

func (d *dateForms) add(cell string, row int) {
	if foreverSyntax.MatchString(cell) {
		d.sentinels++
		if !slices.Contains(d.forever, cell) {
			d.forever = append(d.forever, cell)
		}
		return
	}
	if slices.Contains(unknownWords, namekey.Of(cell)) {
		if !slices.Contains(d.unknown, cell) {
			d.unknown = append(d.unknown, cell)
		}
		return
	}
	if aboutBeginning.MatchString(cell) {
		d.about++
		return
	}
	if m := parts.FindStringSubmatch(cell); m != nil && !dayTime.MatchString(cell) && !isISO(cell) {
		d.addOrdered(m[1], m[2], m[3], cell, row)
		return
	}
	switch {
	case monthYear.MatchString(cell):
		d.ordered++
		d.either++
	case numberSyntax.MatchString(cell) && len(cell) == 4:
		d.years++
	case isISO(cell) && strings.ContainsAny(cell, "~?%"):
		d.about++
	case isISO(cell), dayTime.MatchString(cell), isSpan(cell):
		d.iso++
	default:
		d.others++
		d.other = cmp.Or(d.other, cell)
	}
}

// isSpan reports whether a cell is one of the dates in a span: 1990..1993.
func isSpan(cell string) bool {
	from, to, ok := strings.Cut(cell, "..")
	return ok && isISO(strings.TrimSpace(from)) && isISO(strings.TrimSpace(to))
}

func isISO(cell string) bool {
	date, err := edtf.Parse(cell)
	return err == nil && !date.IsUnknown()
}

// addOrdered counts a date of three numbers by the orders that it proves.
func (d *dateForms) addOrdered(first, second, third, cell string, row int) {
	a, _ := strconv.Atoi(first)
	b, _ := strconv.Atoi(second)
	order := ""
	switch {
	case len(first) == 4 && b <= 12:
		order = "ymd"
	case len(third) != 4:
		d.short++
		d.others++
		d.other = cmp.Or(d.other, cell)
		return
	case a > 12 && b <= 12:
		order = "dmy"
	case b > 12 && a <= 12:
		order = "mdy"
	case a > 12:
		d.others++
		d.other = cmp.Or(d.other, cell)
		return
	}
	d.ordered++
	if order == "" {
		d.either++
		return
	}
	d.proofs[order]++
	if d.first[order] == "" {
		d.first[order] = cell + " in row " + strconv.Itoa(row)
	}
}

// is reports whether most of the filled cells are something.
func (c *column) is(n int) bool { return c.filled > 0 && 2*n > c.filled }

// isDate reports whether the column has dates.
func (c *column) isDate() bool { return c.is(c.dates.all()) }

// inCountries counts the cells that are countries, by code or name.
func (c *column) inCountries(names map[string]string) int {
	n := 0
	for text, times := range c.values {
		if countryOf(text, names) != "" {
			n += times
		}
	}
	return n
}

// distinct are the values, in alphabetical order.
func (c *column) distinct() []string { return slices.Sorted(maps.Keys(c.values)) }

// unique reports whether no value is there twice.
func (c *column) unique() bool { return len(c.values) == c.filled }

// separator returns what is between the values of most cells, "" if most have
// one value.
func (c *column) separator() string {
	for _, s := range separators {
		if c.is(c.splits[s]) {
			return s
		}
	}
	return ""
}

// all returns the columns with a role, from left to right.
func (s *survey) all(r role) []*column {
	var all []*column
	for _, c := range s.columns {
		if c.role == r {
			all = append(all, c)
		}
	}
	return all
}

// first returns the first column with one of some roles, in the order of the
// roles, or nil.
func (s *survey) first(roles ...role) *column {
	for _, r := range roles {
		if all := s.all(r); len(all) > 0 {
			return all[0]
		}
	}
	return nil
}

// settle corrects the roles by what stands in the columns.
func (s *survey) settle(countries map[string]string) {
	for _, c := range s.columns {
		switch {
		case c.role != ofWikidata && c.is(c.wikidata) && c.filled > 1:
			c.role = ofWikidata
		case (c.role == ofName || c.role == ofPartner) && c.is(c.numbers) && !c.isDate():
			c.role = ofKey
		case (c.role == ofStateOrNot || c.role == "") && c.is(c.inCountries(countries)):
			c.role = ofCountry
		case c.role == ofStateOrNot && len(c.values) <= fewValues:
			c.role = ofStanding
		case c.role == ofStateOrNot:
			c.role = ofName
		case slices.Contains([]role{ofName, ofPartner, ofAgreement, ofStanding}, c.role) && c.isDate():
			c.role = ofSince
		}
	}
	if s.first(ofName) == nil && s.first(ofPartner, ofTitle, ofAgreement) == nil {
		for _, c := range s.columns { // the first that has texts of its own
			if c.role == "" && !c.isDate() && !c.is(c.numbers) && 2*len(c.values) > c.filled {
				c.role = ofName
				return
			}
		}
	}
}
