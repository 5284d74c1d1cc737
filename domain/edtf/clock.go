package edtf

import (
	"errors"
	"fmt"
)

// maxOffsetHours is the hours of the widest offset ever used, -15:56 in Manila
// until 1844.
const maxOffsetHours = 15

var (
	errTime   = errors.New("want a time as in T16:00-04:00, T16:00:30+02:00 or T14:00Z")
	errOffset = errors.New("want Z or an offset as in -04:00 after the time")
)

// readTime reads a day, T, hours, minutes, perhaps seconds, and an offset.
func readTime(s string) (part, error) {
	const day = len("2018-04-24")
	d, ok := plainDay(s[:day])
	if !ok {
		if _, err := readDate(s[:day]); err != nil {
			return part{}, err
		}
		return part{}, fmt.Errorf("%q before the time: want a whole day without qualifiers, as in 2018-04-24", s[:day])
	}
	rest := s[day+1:]
	hour, rest, okH := clock(rest, 23)
	minute, rest, okM := colon(rest)
	if !okH || !okM {
		return part{}, errTime
	}
	second := 0
	if rest != "" && rest[0] == ':' {
		var okS bool
		if second, rest, okS = colon(rest); !okS {
			return part{}, errTime
		}
	}
	offset, err := readOffset(rest)
	if err != nil {
		return part{}, err
	}
	at := int64(d)*secondsPerDay + int64(hour*3600+minute*60+second-offset)
	return part{lo: d, hi: d, first: d, last: d, at: at, timed: true}, nil
}

// readOffset reads Z or ±hh:mm as seconds east of UTC.
func readOffset(s string) (int, error) {
	switch {
	case s == "Z":
		return 0, nil
	case s == "" || s[0] != '+' && s[0] != '-':
		return 0, errOffset
	}
	hour, rest, okH := clock(s[1:], maxOffsetHours)
	minute, rest, okM := colon(rest)
	switch {
	case !okH || !okM || rest != "":
		return 0, fmt.Errorf("offset %s: want hours and minutes up to %d:59, as in -04:00", quote(s), maxOffsetHours)
	case s == "-00:00":
		return 0, errors.New("offset -00:00: want Z or +00:00")
	case s[0] == '-':
		return -hour*3600 - minute*60, nil
	}
	return hour*3600 + minute*60, nil
}

// clock reads two digits off the front of s, up to limit.
func clock(s string, limit int) (n int, rest string, ok bool) {
	if len(s) < 2 {
		return 0, s, false
	}
	n, ok = number(s[:2])
	return n, s[2:], ok && n <= limit
}

// colon reads a colon and two digits up to 59.
func colon(s string) (n int, rest string, ok bool) {
	if s == "" || s[0] != ':' {
		return 0, s, false
	}
	return clock(s[1:], 59)
}
