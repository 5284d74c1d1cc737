package intake

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// dateRoles are of columns that are read as dates.
var dateRoles = []role{ofInForce, ofConsented, ofUntil, ofWithdrawn, ofSigned, ofSince, ofDate}

// dates drafts how dates are written, of all columns together.
func (d *proposal) dates(root *object) {
	proofs, first := map[string]int{}, map[string]string{}
	var unknown, forever, about []string
	ordered, either := 0, 0
	for _, s := range d.surveys {
		for _, c := range s.columns {
			if !slices.Contains(dateRoles, c.role) {
				continue
			}
			ordered, either = ordered+c.dates.ordered, either+c.dates.either
			unknown, forever = append(unknown, c.dates.unknown...), append(forever, c.dates.forever...)
			for order, n := range c.dates.proofs {
				proofs[order] += n
				if first[order] == "" {
					first[order] = c.dates.first[order]
				}
			}
			for _, cell := range c.distinct() {
				if m := aboutBeginning.FindStringSubmatch(cell); m != nil {
					about = append(about, m[1])
				}
			}
		}
	}
	o := newObject()
	o.set("order", o.order(proofs, first, ordered, either))
	for _, list := range []struct {
		key, note string
		texts     []string
	}{
		{"unknown", "these stand for a date that is not known", unknown},
		{"forever", "these stand for a date that will not come: no end is agreed", forever},
		{"about", "a date that begins so is approximate", about},
	} {
		if len(list.texts) > 0 {
			slices.Sort(list.texts)
			o.note("%s; check that", list.note)
			o.set(list.key, slices.Compact(list.texts))
		}
	}
	root.set("dates", o)
}

// order notes what is known of the order of day, month and year, and returns it
// if the contents prove it.
func (o *object) order(proofs map[string]int, first map[string]string, ordered, either int) string {
	orders := slices.Sorted(maps.Keys(proofs))
	switch {
	case ordered == 0:
		o.note("no date needs it: none has day, month and year in an order of its own")
	case len(orders) == 0:
		o.note("fill in: dmy, mdy or ymd. No date proves it: %d can be read in more than one order", ordered)
	case len(orders) > 1:
		var said []string
		for _, order := range orders {
			said = append(said, fmt.Sprintf("%s by %d (%s)", order, proofs[order], first[order]))
		}
		o.note("fill in: dmy, mdy or ymd. The dates contradict each other, which prove %s; %d could be read either way. Those that do not fit will be refused", strings.Join(said, ", "), either)
	case orders[0] == "ymd" && either > 0:
		o.note("fill in: dmy, mdy or ymd. The dates contradict each other: %d with the year first (%s), %d with the year last", proofs["ymd"], first["ymd"], either)
	default:
		o.note("proved by %d (%s), contradicted by 0, and %d could be read otherwise too", proofs[orders[0]], first[orders[0]], either)
		return orders[0]
	}
	return ""
}

// shown are orders as people write them.
var shown = map[string]string{"dmy": "d.m.y", "mdy": "m/d/y", "ymd": "y-m-d"}

// datesOf drafts a value that is a date, and says of what form the dates are.
func datesOf(o *object, key string, c *column) {
	d := &c.dates
	form := "of day, month and year"
	if orders := slices.Sorted(maps.Keys(d.proofs)); len(orders) == 1 {
		form = "as " + shown[orders[0]]
	}
	var forms []string
	for _, f := range []struct {
		n    int
		what string
	}{
		{d.ordered, form},
		{d.iso, "as ISO 8601 dates"},
		{d.years, "as years"},
		{d.about, "approximate"},
		{d.sentinels, "without an end (" + strings.Join(d.forever, ", ") + ")"},
		{d.others, "not read as dates (" + d.other + ")"},
	} {
		if f.n > 0 {
			forms = append(forms, fmt.Sprintf("%d %s", f.n, f.what))
		}
	}
	if len(forms) == 0 {
		o.note("%s: no cell has a date", c.heading)
	} else {
		o.note("%s: of %d, %s", c.heading, c.filled, strings.Join(forms, ", "))
	}
	if d.others > 0 {
		o.note("fill in: correct the cells that are not dates, or name them under dates.unknown; their rows are refused")
	}
	if d.short > 0 {
		o.note("years of two digits, of which the century is not said: %d", d.short)
	}
	o.set(key, columnValue(c))
}

func columnValue(c *column) *object {
	v := newObject()
	v.set("column", c.heading)
	return v
}
