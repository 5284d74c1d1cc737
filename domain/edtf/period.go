package edtf

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Period is an ISO 8601 duration in whole calendar units. The zero Period is
// none. Its numbers may be negative in [Day.Add], but have no text then.
type Period struct{ Years, Months, Days int }

// maxUnits bounds each number of a period; no more can matter in 9999 years.
const maxUnits = 9_999_999

var errPeriod = errors.New("want P, then numbers of years, months, weeks and days in this order, as in P1Y6M, P6W or P30D")

// ParsePeriod reads P30D, P6W, P3M, P5Y, P1Y6M, P1M2W and so on: each unit at
// most once, the longest first, no times, fractions or signs, and at most
// 9999999 years, months or days. A week is seven days. The empty text and P0D
// are the zero Period.
func ParsePeriod(s string) (Period, error) {
	p, err := readPeriod(s)
	if err != nil {
		return Period{}, fmt.Errorf("parse period %s: %w", quote(s), err)
	}
	return p, nil
}

func readPeriod(s string) (Period, error) {
	if s == "" {
		return Period{}, nil
	}
	rest, ok := strings.CutPrefix(s, "P")
	if !ok || rest == "" {
		return Period{}, errPeriod
	}
	if strings.ContainsRune(rest, 'T') {
		return Period{}, errors.New("a period is of whole days or longer: write it without a time")
	}
	var p Period
	units := "YMWD"
	for rest != "" {
		digits := 0
		n := 0
		for ; digits < len(rest) && isDigit(rest[digits]); digits++ {
			if n = n*10 + int(rest[digits]-'0'); n > maxUnits {
				return Period{}, tooMany()
			}
		}
		if digits == 0 || digits == len(rest) {
			return Period{}, errPeriod
		}
		unit := strings.IndexByte(units, rest[digits])
		if unit < 0 {
			return Period{}, errPeriod
		}
		switch units[unit] {
		case 'Y':
			p.Years = n
		case 'M':
			p.Months = n
		case 'W':
			p.Days = 7 * n
		case 'D':
			p.Days += n
		}
		units, rest = units[unit+1:], rest[digits+1:]
	}
	if p.Days > maxUnits {
		return Period{}, tooMany()
	}
	return p, nil
}

func tooMany() error {
	return fmt.Errorf("want at most %d years, months or days", maxUnits)
}

// IsZero says whether p is the zero Period.
func (p Period) IsZero() bool { return p == Period{} }

// String is p in canonical form: years, months and days, each unless it is
// zero. It is "" for the zero Period. Weeks are written as days.
func (p Period) String() string {
	if p.IsZero() {
		return ""
	}
	return string(p.append(nil))
}

func (p Period) append(b []byte) []byte {
	if p.IsZero() {
		return b
	}
	b = append(b, 'P')
	for _, part := range [...]struct {
		n    int
		unit byte
	}{{p.Years, 'Y'}, {p.Months, 'M'}, {p.Days, 'D'}} {
		if part.n != 0 {
			b = append(strconv.AppendInt(b, int64(part.n), 10), part.unit)
		}
	}
	return b
}

// AppendText appends [Period.String] to b. It fails, as does MarshalText, on a
// number that ParsePeriod would not read: negative, or above 9999999.
func (p Period) AppendText(b []byte) ([]byte, error) {
	for _, n := range [...]int{p.Years, p.Months, p.Days} {
		if n < 0 || n > maxUnits {
			return b, fmt.Errorf("marshal period %s: want numbers from 0 to %d", p, maxUnits)
		}
	}
	return p.append(b), nil
}

// MarshalText is p in canonical form, empty if p is zero.
func (p Period) MarshalText() ([]byte, error) { return p.AppendText(nil) }

// UnmarshalText is [ParsePeriod] into p, which an error leaves as it was.
func (p *Period) UnmarshalText(text []byte) error {
	read, err := ParsePeriod(string(text))
	if err != nil {
		return err
	}
	*p = read
	return nil
}
