package edtf_test

import (
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/edtf"
)

func anyDay() *rapid.Generator[edtf.Day] {
	near := rapid.Int32Range(int32(edtf.DayOf(2015, 1, 1)), int32(edtf.DayOf(2019, 12, 31)))
	all := rapid.Int32Range(int32(edtf.MinDay)+1, int32(edtf.MaxDay)-1)
	return rapid.Map(rapid.OneOf(near, all), func(n int32) edtf.Day { return edtf.Day(n) })
}

// anyBounds draws bounds with a whole month, a whole year or an open end among
// them often enough.
func anyBounds(t *rapid.T) (lo, hi edtf.Day) {
	a, b := anyDay().Draw(t, "a"), anyDay().Draw(t, "b")
	lo, hi = min(a, b), max(a, b)
	y, m, _ := lo.Date()
	switch rapid.SampledFrom([]string{"days", "day", "month", "year", "from", "to"}).Draw(t, "bounds") {
	case "day":
		return lo, lo
	case "month":
		return edtf.DayOf(y, m, 1), edtf.DayOf(y, m+1, 0)
	case "year":
		return edtf.DayOf(y, 1, 1), edtf.DayOf(y, 12, 31)
	case "from":
		return lo, edtf.MaxDay
	case "to":
		return edtf.MinDay, hi
	}
	return lo, hi
}

// pointOf writes a day with some precision, qualified by one of marks (bytes)
// if there are any.
func pointOf(t *rapid.T, d edtf.Day, marks string) string {
	y, m, dd := d.Date()
	parts := []string{fmt.Sprintf("%04d", y), fmt.Sprintf("%02d", m), fmt.Sprintf("%02d", dd)}
	parts = parts[:rapid.IntRange(1, 3).Draw(t, "precision")]
	switch rapid.IntRange(0, 5).Draw(t, "unspecified") {
	case 0:
		if len(parts) == 1 {
			parts[0] = parts[0][:3] + "X"
		} else {
			parts[len(parts)-1] = "XX"
		}
	case 1:
		for i := range parts[1:] {
			parts[i+1] = "XX"
		}
	}
	for i := range parts {
		if marks == "" || rapid.IntRange(0, 3).Draw(t, "qualified") > 0 {
			continue
		}
		mark := string(marks[rapid.IntRange(0, len(marks)-1).Draw(t, "mark")])
		if rapid.Bool().Draw(t, "left") {
			parts[i] = mark + parts[i]
		} else {
			parts[i] += mark
		}
	}
	return strings.Join(parts, "-")
}

func anyPoint(marks string) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return pointOf(t, anyDay().Draw(t, "day"), marks)
	})
}

// anyUntimed is any form but a date-time.
func anyUntimed() *rapid.Generator[string] {
	const marks = "?~%"
	return rapid.Custom(func(t *rapid.T) string {
		a, b := anyDay().Draw(t, "a"), anyDay().Draw(t, "b")
		from, to := pointOf(t, min(a, b), marks), pointOf(t, max(a, b), marks)
		between := edtf.Between(a, b).String()
		return rapid.SampledFrom([]string{
			"", from, from, to, from + "/" + to, from + "/..", "../" + to, from + "/", "/" + to,
			"[" + from + ".." + to + "]", "[" + from + "..]", "[.." + to + "]", "[0001," + between0(between) + "]", between,
		}).Draw(t, "text")
	})
}

// between0 is a member of a set that is not in year 1.
func between0(text string) string {
	text = strings.Trim(text, "[]")
	if strings.HasPrefix(text, "0001") {
		return "0002"
	}
	return text
}

func instant(t *rapid.T, label string) time.Time {
	zone := time.FixedZone("", 60*rapid.IntRange(-959, 959).Draw(t, label+"_offset"))
	at := rapid.Int64Range(1443484800-100000, 1443484800+100000)
	return time.Unix(at.Draw(t, label), 0).In(zone)
}

// anyTimed is a date-time or an interval with date-times.
func anyTimed() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		a, b := instant(t, "a"), instant(t, "b")
		if b.Before(a) {
			a, b = b, a
		}
		from, to := a.Format(time.RFC3339), b.Format(time.RFC3339)
		if a.Second() == 0 {
			from = a.Format("2006-01-02T15:04Z07:00")
		}
		return rapid.SampledFrom([]string{from, to, from + "/" + to, from + "/..", "/" + to}).Draw(t, "text")
	})
}

func anyText() *rapid.Generator[string] { return rapid.OneOf(anyUntimed(), anyTimed()) }

func anyDate() *rapid.Generator[edtf.Date] { return rapid.Map(anyText(), edtf.MustParse) }
