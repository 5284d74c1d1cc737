package intake

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
)

// Dates says how dates are written.
type Dates struct {
	// Order of day, month and year where they are written with points, slashes,
	// hyphens or spaces between them: dmy, mdy or ymd. It is never guessed.
	Order string `yaml:"order"`
	// Unknown are texts for a date that is not known, Forever those for one that
	// will not come. A blank cell says nothing at all.
	Unknown []string `yaml:"unknown"`
	Forever []string `yaml:"forever"`
	// About are beginnings of what is approximate: "ca.".
	About []string `yaml:"about"`
}

func (d Dates) validate() error {
	if !slices.Contains([]string{"", "dmy", "mdy", "ymd"}, d.Order) {
		return bad(fmt.Sprintf("dates.order cannot be %.20q", d.Order), "dmy, mdy or ymd")
	}
	return nil
}

var (
	parts     = regexp.MustCompile(`^(\d{1,4})[./\- ]+(\d{1,2})[./\- ]+(\d{1,4})\.?$`)
	monthYear = regexp.MustCompile(`^(\d{1,2})[./\- ]+(\d{4})$`)
	dayTime   = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}(:\d{2})?$`)
)

// forever is how a date is written that will not come.
var forever = edtf.MustParse("9999-12-31")

// date returns the date of a text, and whether it says anything: a blank says
// nothing, a date that is not known is the zero Date.
func (d Dates) date(text string) (edtf.Date, bool, error) {
	switch {
	case text == "":
		return edtf.Date{}, false, nil
	case slices.Contains(d.Unknown, text):
		return edtf.Date{}, true, nil
	case slices.Contains(d.Forever, text):
		return forever, true, nil
	}
	rest, about := text, ""
	for _, beginning := range d.About {
		if after, ok := strings.CutPrefix(text, beginning); ok && beginning != "" {
			rest, about = strings.TrimSpace(after), "~"
			break
		}
	}
	iso, err := d.iso(rest)
	if err != nil {
		return edtf.Date{}, false, err
	}
	date, err := edtf.Parse(iso + about)
	if err != nil {
		return edtf.Date{}, false, es.Invalid("import.bad_date", fmt.Sprintf("%.40q is not read as a date", text),
			"1993, 2010-05, 2010-05-17, 1981~, 1990..1993, 17.5.2010 with dates.order, or a word of dates.unknown or dates.forever")
	}
	return date, true, nil
}

// iso writes a date that stands for itself as ISO 8601-2 does; what it does not
// know it returns as it is.
func (d Dates) iso(text string) (string, error) {
	if m := dayTime.FindStringSubmatch(text); m != nil {
		return m[1], nil // a workbook's date, of which the time says nothing
	}
	if _, err := edtf.Parse(text); err == nil {
		return text, nil
	}
	if from, to, ok := strings.Cut(text, ".."); ok && from != "" && to != "" {
		from, err := d.iso(strings.TrimSpace(from))
		if err != nil {
			return "", err
		}
		to, err := d.iso(strings.TrimSpace(to))
		return "[" + from + ".." + to + "]", err
	}
	m := parts.FindStringSubmatch(text)
	my := monthYear.FindStringSubmatch(text)
	if (m != nil || my != nil) && d.Order == "" {
		return "", es.Invalid("import.date_order", fmt.Sprintf("whether the day or the month comes first in %.40q is not said", text),
			"dates.order in the mapping: dmy, mdy or ymd")
	}
	switch {
	case m != nil && d.Order == "dmy":
		return pad(m[3], m[2], m[1]), nil
	case m != nil && d.Order == "mdy":
		return pad(m[3], m[1], m[2]), nil
	case m != nil:
		return pad(m[1], m[2], m[3]), nil
	case my != nil && d.Order != "ymd":
		return pad(my[2], my[1]), nil
	}
	return text, nil
}

// pad writes year, month and day with their digits. A year of two digits stays
// as it is, which is no date: the century would be guessed.
func pad(year string, rest ...string) string {
	for _, n := range rest {
		if len(n) == 1 {
			n = "0" + n
		}
		year += "-" + n
	}
	return year
}

// instant returns the instant from which what a text dates is known.
func (d Dates) instant(text string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.UTC(), nil
	}
	date, said, err := d.date(text)
	if err != nil || !said || date.IsUnknown() {
		return time.Time{}, err
	}
	year, month, day := date.Latest().Date()
	if year == 0 {
		return time.Time{}, es.Invalid("import.bad_instant", fmt.Sprintf("%.40q has no end", text), "a date, or an instant such as 2026-03-01T09:30:00Z")
	}
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC), nil
}
