package edtf

import (
	"math"
	"strings"
	"time"
)

// MaxLen is the most bytes a date's text may have.
const MaxLen = 255

// Date is a date as written, perhaps partial, uncertain, open or a date-time.
// The zero Date is unknown. Dates are immutable values and == compares their
// texts: [2017..2017-12] and 2017 are different dates with the same bounds.
type Date struct {
	text   string
	lo, hi Day
	// from and to are the seconds from lo's and hi's midnight UTC to the
	// instants of a date-time, plus timed; 0 where there is none.
	from, to int32
}

// timed keeps from and to of date-times positive: it is twelve days, and lo or
// hi and its instant differ by less than four.
const timed = 1 << 20

const secondsPerDay = 24 * 60 * 60

// Parse reads a date in one of the forms of the package documentation; the
// empty text is unknown. The Date shares s. The error tells what is wrong and
// what would have been right.
func Parse(s string) (Date, error) {
	if d, ok := plainDay(s); ok {
		return Date{text: s, lo: d, hi: d}, nil
	}
	if s == "" {
		return Date{}, nil
	}
	d, err := read(s)
	if err != nil {
		return Date{}, explain(s, err)
	}
	d.text = s
	return d, nil
}

// MustParse is [Parse] for texts in the source; it panics on an error.
func MustParse(s string) Date {
	d, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// OfDay is the date of one day. The unbounded days, which have no date, are
// the sets [..0001-01-01] and [9999-12-31..].
func OfDay(d Day) Date { return Between(d, d) }

// OfTime is the date of the civil day of t in t's own location.
func OfTime(t time.Time) Date { return OfDay(DayOf(t.Date())) }

// Between is the simplest date whose bounds are lo and hi, given in either
// order: a day, a whole month or year, else the set of days [lo..hi], [lo..] or
// [..hi]; unknown if both ends are unbounded.
func Between(lo, hi Day) Date {
	lo, hi = saturate(int64(min(lo, hi))), saturate(int64(max(lo, hi)))
	if lo == MinDay && hi == MaxDay {
		return Date{}
	}
	lo, hi = min(lo, lastDay), max(hi, firstDay) // OfDay of an unbounded day
	return Date{text: between(lo, hi), lo: lo, hi: hi}
}

func between(lo, hi Day) string {
	b := make([]byte, 0, len("[2018-01-02..2018-02-03]"))
	if n := wholes(lo, hi); n > 0 {
		return string(lo.append(b, n))
	}
	b = append(b, '[')
	if lo != MinDay {
		b = lo.append(b, 3)
	}
	b = append(b, ".."...)
	if hi != MaxDay {
		b = hi.append(b, 3)
	}
	return string(append(b, ']'))
}

// wholes is 3 if lo to hi is one day, 2 a whole month, 1 a whole year, else 0.
func wholes(lo, hi Day) int {
	if lo == hi {
		return 3
	}
	if !lo.Bounded() || !hi.Bounded() {
		return 0
	}
	y, m, d := lo.Date()
	switch {
	case d == 1 && hi == DayOf(y, m+1, 0):
		return 2
	case d == 1 && m == time.January && hi == DayOf(y+1, time.January, 0):
		return 1
	}
	return 0
}

// String is exactly the text that was read; "" if d is unknown.
func (d Date) String() string { return d.text }

// Add returns the date a period after d: a partial date, of which both bounds are
// moved. What is unknown stays so.
func (d Date) Add(p Period) Date {
	return Between(d.Earliest().Add(p), d.Latest().Add(p))
}

// IsUnknown says whether d is the zero Date, of which nothing is known.
func (d Date) IsUnknown() bool { return d.text == "" }

// Earliest is the first day d may be, [MinDay] if that is unbounded.
func (d Date) Earliest() Day {
	if d.text == "" {
		return MinDay
	}
	return d.lo
}

// Latest is the last day d may be, [MaxDay] if that is unbounded.
func (d Date) Latest() Day {
	if d.text == "" {
		return MaxDay
	}
	return d.hi
}

// Qualified says whether any part of d is uncertain (?), approximate (~) or
// both (%).
func (d Date) Qualified() bool { return strings.ContainsAny(d.text, "?~%") }

// IsForever says whether d's latest day is unbounded or in year 9999, the
// "forever" of many registers. It holds for the unknown date too: ask
// [Date.IsUnknown] first where that matters.
func (d Date) IsForever() bool { return d.Latest() >= foreverFrom }

// Before says whether a comes before b: Yes if a's latest is before b's
// earliest, No if a's earliest is not before b's latest, else Maybe. It
// compares instants if both are date-times, else days.
func Before(a, b Date) Truth {
	if a.isTimed() && b.isTimed() {
		return before(a.start(), a.end(), b.start(), b.end())
	}
	return before(a.Earliest(), a.Latest(), b.Earliest(), b.Latest())
}

func before[T Day | int64](aLo, aHi, bLo, bHi T) Truth {
	switch {
	case aHi < bLo:
		return Yes
	case aLo >= bHi:
		return No
	}
	return Maybe
}

// HeldBy says whether a fact effective from d has taken effect as of on,
// inclusive: Yes if d's latest is not after on's earliest, No if d's earliest is
// after on's latest, else Maybe. It is the opposite of Before(on, d).
func (d Date) HeldBy(on Date) Truth { return Before(on, d).Not() }

// AppendText appends the text of d to b. It cannot fail.
func (d Date) AppendText(b []byte) ([]byte, error) { return append(b, d.text...), nil }

// MarshalText is the text of d, empty if d is unknown. It cannot fail.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.text), nil }

// UnmarshalText is [Parse] into d, which an error leaves as it was.
func (d *Date) UnmarshalText(text []byte) error {
	read, err := Parse(string(text))
	if err != nil {
		return err
	}
	*d = read
	return nil
}

func (d Date) isTimed() bool { return d.from|d.to != 0 }

// start is d's first instant in Unix seconds, end its last; d is timed.
func (d Date) start() int64 {
	if d.from == 0 {
		return math.MinInt64
	}
	return int64(d.lo)*secondsPerDay + int64(d.from-timed)
}

func (d Date) end() int64 {
	if d.to == 0 {
		return math.MaxInt64
	}
	return int64(d.hi)*secondsPerDay + int64(d.to-timed)
}
