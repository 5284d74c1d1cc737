package edtf

import (
	"errors"
	"fmt"
	"strings"
)

// open is a part without bounds: an open or unknown end.
var open = part{lo: MinDay, hi: MaxDay, first: MinDay, last: MaxDay}

func isOpen(s string) bool { return s == ".." || s == "" }

func readInterval(from, to string) (Date, error) {
	if strings.Contains(to, "/") {
		return Date{}, errors.New("two slashes: want one, between the ends of an interval; a day is written 2018-04-24")
	}
	if isOpen(from) && isOpen(to) {
		return Date{}, errors.New("an interval without ends: want the empty text for an unknown date")
	}
	a, b := open, open
	var err error
	if !isOpen(from) {
		if a, err = readPart(from); err != nil {
			return Date{}, fmt.Errorf("start: %w", err)
		}
	}
	if !isOpen(to) {
		if b, err = readPart(to); err != nil {
			return Date{}, fmt.Errorf("end: %w", err)
		}
	}
	switch {
	case isOpen(from) || isOpen(to):
	case a.timed != b.timed:
		return Date{}, errors.New("one end is a date-time, one is not: want both alike")
	case a.timed && a.at > b.at || !a.timed && a.first > b.last:
		return Date{}, fmt.Errorf("the interval ends before it starts: want %s/%s", to, from)
	}
	return span(a, b), nil
}

// readSet reads a set of which one is meant: dates and ranges of them, in order
// and apart.
func readSet(s string) (Date, error) {
	list, ok := strings.CutSuffix(s[1:], "]")
	if !ok {
		return Date{}, errors.New("a set without its end: want ], as in [2017..2018]")
	}
	if !strings.Contains(list, ",") && !strings.Contains(list, "..") {
		return Date{}, errors.New("a set of one: want it without [ and ]")
	}
	var all part
	for i, more := 0, true; more; i++ {
		var text string
		text, list, more = strings.Cut(list, ",")
		m, err := readMember(text)
		switch {
		case err != nil:
			return Date{}, fmt.Errorf("member %d: %w", i+1, err)
		case i == 0:
			all = m
			continue
		case m.first <= all.last:
			return Date{}, fmt.Errorf("member %d does not come after the one before: want members in order and apart", i+1)
		}
		all.lo, all.hi, all.last = min(all.lo, m.lo), max(all.hi, m.hi), m.last
	}
	return Date{lo: all.lo, hi: all.hi}, nil
}

// readMember reads a date, or a range of dates as one part.
func readMember(s string) (part, error) {
	from, to, ok := strings.Cut(s, "..")
	if !ok {
		return readUntimed(s)
	}
	if from == "" && to == "" {
		return part{}, errors.New("a range without ends: want the empty text for an unknown date")
	}
	a, b := open, open
	var err error
	if from != "" {
		if a, err = readUntimed(from); err != nil {
			return part{}, err
		}
	}
	if to != "" {
		if b, err = readUntimed(to); err != nil {
			return part{}, err
		}
	}
	if a.first > b.last {
		return part{}, fmt.Errorf("the range ends before it starts: want %s..%s", to, from)
	}
	return part{lo: a.lo, hi: b.hi, first: a.first, last: b.last}, nil
}

func readUntimed(s string) (part, error) {
	p, err := readPart(s)
	if err == nil && p.timed {
		return p, errors.New("a date-time in a set: want days, months or years there")
	}
	return p, err
}
