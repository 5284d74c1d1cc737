package edtf

import (
	"errors"
	"fmt"
	"strings"
)

// part is what stands alone, at one end of an interval or in a set.
type part struct {
	lo, hi      Day   // bounds, widened by qualifiers
	first, last Day   // bounds as written, by which order is judged
	at          int64 // Unix seconds of a date-time
	timed       bool  // a date-time
}

var errTooLong = fmt.Errorf("want at most %d bytes", MaxLen)

// read reads any form but the empty one, without its text.
func read(s string) (Date, error) {
	if len(s) > MaxLen {
		return Date{}, errTooLong
	}
	if s[0] == '[' {
		return readSet(s)
	}
	if from, to, ok := strings.Cut(s, "/"); ok {
		return readInterval(from, to)
	}
	p, err := readPart(s)
	if err != nil {
		return Date{}, err
	}
	return span(p, p), nil
}

// span is the date from one part to another, without its text. The civil days
// of two date-times may stand in the other order than their instants.
func span(a, b part) Date {
	d := Date{lo: a.lo, hi: b.hi}
	if a.timed && b.timed {
		d.lo, d.hi = min(a.lo, b.lo), max(a.hi, b.hi)
	}
	if a.timed {
		d.from = int32(a.at-int64(d.lo)*secondsPerDay) + timed
	}
	if b.timed {
		d.to = int32(b.at-int64(d.hi)*secondsPerDay) + timed
	}
	return d
}

func readPart(s string) (part, error) {
	if len(s) > len("2018-04-24") && s[len("2018-04-24")] == 'T' {
		return readTime(s)
	}
	if d, ok := plainDay(s); ok {
		return part{lo: d, hi: d, first: d, last: d}, nil
	}
	return readDate(s)
}

// plainDay reads the form most dates have, quickly.
func plainDay(s string) (Day, bool) {
	if len(s) != len("2018-04-24") || s[4] != '-' || s[7] != '-' {
		return 0, false
	}
	y, okY := number(s[:4])
	m, okM := number(s[5:7])
	d, okD := number(s[8:])
	if !okY || !okM || !okD || y < 1 || m < 1 || m > 12 || d < 1 || d > daysIn(int64(y), m) {
		return 0, false
	}
	return Day(daysTo(int64(y), int64(m), int64(d))), true
}

// number reads digits only; s is short.
func number(s string) (n int, ok bool) {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// readDate reads a year, month or day with qualifiers and unspecified digits.
func readDate(s string) (part, error) {
	r := reader{rest: s}
	year, err := r.year()
	if err != nil {
		return part{}, err
	}
	month, day := component{lo: 1, hi: 12}, component{lo: 1, hi: 31}
	if r.rest != "" {
		if month, err = r.month(year); err != nil {
			return part{}, err
		}
	}
	if r.rest != "" {
		if day, err = r.day(year, month); err != nil {
			return part{}, err
		}
	}
	if r.rest != "" {
		return part{}, fmt.Errorf("unexpected %s after the day: want nothing, or T and a time after a day without qualifiers", quote(r.rest))
	}
	p := part{
		first: shift(year.lo, month.lo, day.lo, 0, 0),
		last:  shift(year.hi, month.hi, day.hi, 0, 0),
	}
	months, days := int64(12*year.widen+month.widen), int64(day.widen)
	p.lo = shift(year.lo, month.lo, day.lo, -months, -days)
	p.hi = shift(year.hi, month.hi, day.hi, months, days)
	return p, nil
}

// component is a year, month or day, from lo to hi if digits are unspecified.
type component struct {
	lo, hi int
	xs     int // unspecified digits, at the right
	widen  int // units its qualifier widens by
}

// reader reads components off the front of a text.
type reader struct{ rest string }

func (r *reader) year() (component, error) {
	c, err := r.component(4)
	switch {
	case err != nil:
		return c, fmt.Errorf("year: %w, as in 2018 or 201X", err)
	case c.xs == 4:
		return c, errors.New("year XXXX: want the empty text for an unknown date")
	case c.hi == 0:
		return c, errors.New("year 0000: want 0001 to 9999")
	case c.xs > 0 && r.rest != "":
		return c, errors.New("a year with unspecified digits stands alone: want as in 201X")
	}
	c.lo = max(c.lo, 1)
	return c, nil
}

func (r *reader) month(year component) (component, error) {
	if !r.dash() {
		return component{}, fmt.Errorf("unexpected %s after the year: want - and a month, as in %04d-05", quote(r.rest), year.lo)
	}
	c, err := r.component(2)
	switch {
	case err != nil:
		return c, fmt.Errorf("month: %w, as in %04d-05 or %04d-XX", err, year.lo, year.lo)
	case c.xs == 1:
		return c, errors.New("month: want an unspecified month as XX")
	case c.xs == 2:
		c.lo, c.hi = 1, 12
	case c.lo > 20 && c.lo < 42: // ISO 8601-2, 4.8
		return c, fmt.Errorf("season %d: want its months, as in [%04d-03..%04d-05]", c.lo, year.lo, year.lo)
	case c.lo < 1 || c.lo > 12:
		return c, fmt.Errorf("month %02d: want 01 to 12", c.lo)
	}
	return c, nil
}

func (r *reader) day(year, month component) (component, error) {
	if !r.dash() {
		return component{}, fmt.Errorf("unexpected %s after the month: want - and a day, as in %04d-05-17", quote(r.rest), year.lo)
	}
	c, err := r.component(2)
	if err != nil {
		return c, fmt.Errorf("day: %w, as in %04d-05-17 or %04d-05-XX", err, year.lo, year.lo)
	}
	last := daysIn(int64(year.lo), month.hi)
	switch {
	case c.xs == 1:
		return c, errors.New("day: want an unspecified day as XX")
	case c.xs == 2:
		c.lo, c.hi = 1, 31
	case month.xs > 0:
		return c, fmt.Errorf("day of an unspecified month: want as in %04d-XX or %04d-XX-XX", year.lo, year.lo)
	case c.lo < 1 || c.lo > last:
		return c, fmt.Errorf("no day %02d in %04d-%02d: want 01 to %d", c.lo, year.lo, month.lo, last)
	}
	return c, nil
}

func (r *reader) dash() bool {
	rest, ok := strings.CutPrefix(r.rest, "-")
	r.rest = rest
	return ok
}

// component reads digits, then X for those unspecified, width in all, with a
// qualifier on either side.
func (r *reader) component(width int) (component, error) {
	var c component
	left, err := r.qualifier()
	if err != nil {
		return c, err
	}
	if len(r.rest) < width {
		return c, fmt.Errorf("%q is too short: want %d digits", r.rest, width)
	}
	text := r.rest[:width]
	r.rest = r.rest[width:]
	for i := range width {
		switch ch := text[i]; {
		case ch == 'X':
			c.xs++
			c.lo, c.hi = c.lo*10, c.hi*10+9
		case isDigit(ch) && c.xs == 0:
			c.lo = c.lo*10 + int(ch-'0')
			c.hi = c.lo
		default:
			return c, fmt.Errorf("%q: want %d digits, or X for those unspecified at the right", text, width)
		}
	}
	right, err := r.qualifier()
	if err != nil {
		return c, err
	}
	if left > 0 && right > 0 {
		return c, fmt.Errorf("%q has two qualifiers: want one, to its left or right", text)
	}
	c.widen = left + right
	return c, nil
}

// qualifier reads a qualifier, if there is one, as the units it widens by.
func (r *reader) qualifier() (units int, err error) {
	if r.rest == "" {
		return 0, nil
	}
	switch r.rest[0] {
	case '?', '~':
		units = 1
	case '%':
		units = 2
	default:
		return 0, nil
	}
	r.rest = r.rest[1:]
	if r.rest != "" && strings.IndexByte("?~%", r.rest[0]) >= 0 {
		return 0, errors.New("two qualifiers in a row: want % for both uncertain and approximate")
	}
	return units, nil
}
