package edtf

import (
	"fmt"
	"time"
)

// Day is a civil day of the proleptic Gregorian calendar, in days since
// 1970-01-01. Days from 0001-01-01 to 9999-12-31 are bounded; every value
// outside is unbounded, and functions here return only MinDay or MaxDay for it.
// Days order with <; adding a small number to any Day cannot overflow.
type Day int32

const (
	// MinDay is unbounded in the past. It sorts just before 0001-01-01.
	MinDay Day = firstDay - 1
	// MaxDay is unbounded in the future. It sorts just after 9999-12-31.
	MaxDay Day = lastDay + 1

	firstDay    Day = -719162 // 0001-01-01
	lastDay     Day = 2932896 // 9999-12-31
	foreverFrom Day = 2932532 // 9999-01-01

	daysPerEra  = 146097 // 400 years
	epochOffset = 719468 // days from 0000-03-01, where eras begin, to 1970-01-01
)

// DayOf is the day of a civil date. As in [time.Date] a month or day outside
// its usual range carries over: day 0 is the last of the month before. What
// falls outside years 1 to 9999 is [MinDay] or [MaxDay].
func DayOf(year int, month time.Month, day int) Day {
	return shift(year, int(month), 1, 0, tame(day)-1)
}

// ParseDay reads a plain day, as in 2018-04-24, and nothing else.
func ParseDay(s string) (Day, error) {
	if d, ok := plainDay(s); ok {
		return d, nil
	}
	if _, err := Parse(s); err != nil {
		return 0, err
	}
	return 0, fmt.Errorf("parse day %s: want one whole day, as in 2018-04-24", quote(s))
}

// Bounded says whether d is a day of the years 1 to 9999.
func (d Day) Bounded() bool { return MinDay < d && d < MaxDay }

// Date is the civil date of d, or 0, 0, 0 if d is unbounded.
func (d Day) Date() (year int, month time.Month, day int) {
	if !d.Bounded() {
		return 0, 0, 0
	}
	// Eras of 400 years and years both begin on 1 March, so that a leap day is
	// the last of either.
	z := int(d) + epochOffset
	era := z / daysPerEra
	doe := z % daysPerEra
	yoe := (doe - doe/1460 + doe/36524 - doe/(daysPerEra-1)) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	day = doy - (153*mp+2)/5 + 1
	month = time.Month(mp + 3)
	year = yoe + era*400
	if month > time.December {
		month -= 12
		year++
	}
	return year, month, day
}

// String is d as in 2018-04-24, or ".." if d is unbounded.
func (d Day) String() string {
	if !d.Bounded() {
		return ".."
	}
	return string(d.append(make([]byte, 0, len("2018-04-24")), 3))
}

// Add is d after p: years and months first, on the last of the month where
// the month has no such day (2024-01-31 and P1M is 2024-02-29), then days. An
// unbounded day stays as it is; past year 1 or 9999 it becomes unbounded.
func (d Day) Add(p Period) Day {
	if d.Bounded() {
		y, m, day := d.Date()
		return shift(y, int(m), day, 12*tame(p.Years)+tame(p.Months), tame(p.Days))
	}
	return saturate(int64(d))
}

// FirstOfNextMonth is the first day of the month after d's. An unbounded day
// stays as it is; after December 9999 comes [MaxDay].
func (d Day) FirstOfNextMonth() Day {
	if d.Bounded() {
		y, m, _ := d.Date()
		return DayOf(y, m+1, 1)
	}
	return saturate(int64(d))
}

// append appends the first n of d's year, month and day; d is bounded.
func (d Day) append(b []byte, n int) []byte {
	y, m, day := d.Date()
	b = append(b, byte('0'+y/1000), byte('0'+y/100%10), byte('0'+y/10%10), byte('0'+y%10))
	if n > 1 {
		b = append(b, '-', byte('0'+m/10), byte('0'+m%10))
	}
	if n > 2 {
		b = append(b, '-', byte('0'+day/10), byte('0'+day%10))
	}
	return b
}

// shift moves a civil date by months, then to the month's last day if it has
// no such day, then by days. The month may be any number, the day 1 to 31.
func shift(year, month, day int, months, days int64) Day {
	n := tame(year)*12 + tame(month) - 1 + months
	y, m := n/12, n%12
	if m < 0 {
		y, m = y-1, m+12
	}
	d := min(int64(day), int64(daysIn(y, int(m)+1)))
	return saturate(daysTo(y, m+1, d) + days)
}

// daysTo counts the days from 1970-01-01 to a civil date of any year.
func daysTo(y, m, d int64) int64 {
	if m <= 2 {
		y, m = y-1, m+12
	}
	era := y / 400
	if y%400 < 0 {
		era--
	}
	yoe := y - era*400
	return era*daysPerEra + yoe*365 + yoe/4 - yoe/100 + (153*(m-3)+2)/5 + d - 1 - epochOffset
}

func daysIn(year int64, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// tame keeps sums and products of n far from overflow; anything near its
// limits is unbounded as a day.
func tame(n int) int64 { return min(max(int64(n), -1e9), 1e9) }

func saturate(n int64) Day {
	return Day(min(max(n, int64(MinDay)), int64(MaxDay)))
}
