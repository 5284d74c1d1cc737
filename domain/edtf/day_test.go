package edtf_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/edtf"
)

// Every day there is agrees with package time, both ways.
func TestDay_every_day(t *testing.T) {
	d := edtf.DayOf(1, time.January, 1)
	require.Equal(t, edtf.MinDay+1, d)
	at := time.Date(1, time.January, 1, 0, 0, 0, 0, time.UTC)
	for ; at.Year() < 10000; at, d = at.AddDate(0, 0, 1), d+1 {
		y, m, day := at.Date()
		gotY, gotM, gotDay := d.Date()
		if edtf.DayOf(y, m, day) != d || gotY != y || gotM != m || gotDay != day {
			t.Fatalf("%s: got %s (%d)", at.Format(time.DateOnly), d, d)
		}
	}
	require.Equal(t, edtf.MaxDay, d)
	require.Equal(t, edtf.Day(0), edtf.DayOf(1970, time.January, 1))
}

func TestDay_unbounded(t *testing.T) {
	for _, d := range []edtf.Day{math.MinInt32, edtf.MinDay - 1, edtf.MinDay, edtf.MaxDay, edtf.MaxDay + 1, math.MaxInt32} {
		want := edtf.MinDay
		if d > 0 {
			want = edtf.MaxDay
		}
		require.False(t, d.Bounded())
		require.Equal(t, "..", d.String())
		y, m, day := d.Date()
		require.Zero(t, y)
		require.Zero(t, m)
		require.Zero(t, day)
		require.Equal(t, want, d.Add(edtf.Period{Years: 5, Days: -90000}))
		require.Equal(t, want, d.FirstOfNextMonth())
		require.Equal(t, edtf.OfDay(d), edtf.OfDay(want))
	}
	require.Equal(t, "[..0001-01-01]", edtf.OfDay(edtf.MinDay).String())
	require.Equal(t, "[9999-12-31..]", edtf.OfDay(edtf.MaxDay).String())
}

func TestDayOf(t *testing.T) {
	for _, c := range []struct {
		name string
		y, m int
		d    int
		want string
	}{
		{"plain", 2018, 4, 24, "2018-04-24"},
		{"day_carries_over", 2018, 2, 30, "2018-03-02"},
		{"day_zero_is_last_of_month_before", 2024, 3, 0, "2024-02-29"},
		{"month_carries_over", 2018, 14, 1, "2019-02-01"},
		{"month_zero", 2018, 0, 1, "2017-12-01"},
		{"month_negative", 2018, -12, 1, "2016-12-01"},
		{"last_day_by_carrying", 9999, 13, 0, "9999-12-31"},
		{"first_day_by_carrying", 0, 13, 1, "0001-01-01"},
		{"leap_year_zero_by_carrying", 0, 1, 367, "0001-01-01"},
		{"year_zero", 0, 12, 31, ".."},
		{"year_10000", 10000, 1, 1, ".."},
		{"extremes_low", math.MinInt, math.MinInt, math.MinInt, ".."},
		{"extremes_high", math.MaxInt, math.MaxInt, math.MaxInt, ".."},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, edtf.DayOf(c.y, time.Month(c.m), c.d).String())
		})
	}
}

func TestParseDay(t *testing.T) {
	d, err := edtf.ParseDay("2018-04-24")
	require.NoError(t, err)
	require.Equal(t, edtf.DayOf(2018, time.April, 24), d)
	for text, want := range map[string]string{
		"": "want one whole day", "2018-04": "want one whole day", "2018-04-24~": "want one whole day",
		"2018-04-31": "want 01 to 30", "..": "want 4 digits", "2018-04-24T10:00Z": "want one whole day",
	} {
		_, err := edtf.ParseDay(text)
		require.ErrorContains(t, err, want, text)
	}
}

func TestDay_Add(t *testing.T) {
	for _, c := range []struct {
		name, day, period, want string
	}{
		{"nothing", "2024-01-31", "", "2024-01-31"},
		{"days", "2024-01-31", "P30D", "2024-03-01"},
		{"weeks", "2024-01-31", "P6W", "2024-03-13"},
		{"month_clamped_leap", "2024-01-31", "P1M", "2024-02-29"},
		{"month_clamped", "2023-01-31", "P1M", "2023-02-28"},
		{"month_over_year", "2023-12-15", "P3M", "2024-03-15"},
		{"year_clamped", "2024-02-29", "P1Y", "2025-02-28"},
		{"years_keep_leap_day", "2024-02-29", "P4Y", "2028-02-29"},
		{"years_and_months_at_once", "2024-02-29", "P1Y12M", "2026-02-28"},
		{"months_before_days", "2024-01-31", "P1M1D", "2024-03-01"},
		{"to_last_day", "9998-12-31", "P1Y", "9999-12-31"},
		{"past_last_day", "9999-12-31", "P1D", ".."},
		{"past_last_year", "2018-04-24", "P9999999Y9999999M9999999D", ".."},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := edtf.ParsePeriod(c.period)
			require.NoError(t, err)
			require.Equal(t, c.want, day(t, c.day).Add(p).String())
		})
	}
	t.Run("negative", func(t *testing.T) {
		d := day(t, "2024-03-31")
		require.Equal(t, "2024-02-29", d.Add(edtf.Period{Months: -1}).String())
		require.Equal(t, "2024-03-01", d.Add(edtf.Period{Days: -30}).String())
		require.Equal(t, edtf.MinDay, d.Add(edtf.Period{Years: -2024}))
		require.Equal(t, edtf.MinDay, d.Add(edtf.Period{Years: math.MinInt, Months: math.MinInt, Days: math.MinInt}))
		require.Equal(t, edtf.MaxDay, d.Add(edtf.Period{Years: math.MaxInt, Months: math.MaxInt, Days: math.MaxInt}))
	})
	// Where the month has the day, package time says the same.
	t.Run("as_time_AddDate", rapid.MakeCheck(func(t *rapid.T) {
		d := anyDay().Draw(t, "day")
		p := edtf.Period{
			Years:  rapid.IntRange(-200, 200).Draw(t, "years"),
			Months: rapid.IntRange(-50, 50).Draw(t, "months"),
			Days:   rapid.IntRange(-9000, 9000).Draw(t, "days"),
		}
		y, m, dom := d.Date()
		if dom > 28 {
			y, m, dom = (d - 3).Date()
			d -= 3
		}
		if dom > 28 {
			t.Skip("the month may lack the day")
		}
		want := time.Date(y, m, dom, 0, 0, 0, 0, time.UTC).AddDate(p.Years, p.Months, p.Days)
		switch {
		case want.Year() < 1:
			require.Equal(t, edtf.MinDay, d.Add(p))
		case want.Year() > 9999:
			require.Equal(t, edtf.MaxDay, d.Add(p))
		default:
			require.Equal(t, want.Format(time.DateOnly), d.Add(p).String())
		}
	}))
}

func TestDay_FirstOfNextMonth(t *testing.T) {
	for from, want := range map[string]string{
		"2024-01-01": "2024-02-01", "2024-01-31": "2024-02-01", "2023-12-31": "2024-01-01",
		"9999-11-30": "9999-12-01", "9999-12-01": "..",
	} {
		require.Equal(t, want, day(t, from).FirstOfNextMonth().String(), from)
	}
}

func TestBetween(t *testing.T) {
	for _, c := range []struct{ name, lo, hi, want string }{
		{"day", "2019-11-05", "2019-11-05", "2019-11-05"},
		{"month", "2019-11-01", "2019-11-30", "2019-11"},
		{"month_leap", "2024-02-01", "2024-02-29", "2024-02"},
		{"almost_month", "2024-02-01", "2024-02-28", "[2024-02-01..2024-02-28]"},
		{"year", "2019-01-01", "2019-12-31", "2019"},
		{"last_month", "9999-12-01", "9999-12-31", "9999-12"},
		{"last_year", "9999-01-01", "9999-12-31", "9999"},
		{"from_february", "2019-02-01", "2019-12-31", "[2019-02-01..2019-12-31]"},
		{"two_years", "2017-01-01", "2018-12-31", "[2017-01-01..2018-12-31]"},
		{"swapped", "2018-02-03", "2018-01-02", "[2018-01-02..2018-02-03]"},
		{"open_end", "2019-01-01", "..", "[2019-01-01..]"},
		{"open_start", "..", "2019-12-31", "[..2019-12-31]"},
		{"first_day_or_before", "..", "0001-01-01", "[..0001-01-01]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			lo, hi := edtf.MinDay, edtf.MaxDay
			if c.lo != ".." {
				lo = day(t, c.lo)
			}
			if c.hi != ".." {
				hi = day(t, c.hi)
			}
			require.Equal(t, c.want, edtf.Between(lo, hi).String())
		})
	}
	t.Run("unknown", func(t *testing.T) {
		require.Equal(t, edtf.Date{}, edtf.Between(edtf.MinDay, edtf.MaxDay))
		require.Equal(t, edtf.Date{}, edtf.Between(math.MinInt32, math.MaxInt32))
	})
}

func TestOfTime(t *testing.T) {
	at := time.Date(2015, time.September, 29, 23, 30, 0, 0, time.FixedZone("", -4*60*60))
	require.Equal(t, "2015-09-29", edtf.OfTime(at).String())
	require.Equal(t, "2015-09-30", edtf.OfTime(at.UTC()).String())
}

func day(t *testing.T, s string) edtf.Day {
	t.Helper()
	d, err := edtf.ParseDay(s)
	require.NoError(t, err)
	return d
}

func TestDateAdd(t *testing.T) {
	for _, c := range []struct{ date, period, want string }{
		{"2020-01-31", "P1M", "2020-02-29"},
		{"2020-02", "P1M", "[2020-03-01..2020-03-29]"},
		{"2020", "P1Y", "2021"},
		{"2020-05-01", "P30D", "2020-05-31"},
		{"2020/..", "P1Y", "[2021-01-01..]"},
		{"", "P1Y", ""},
	} {
		p, err := edtf.ParsePeriod(c.period)
		require.NoError(t, err)
		require.Equal(t, c.want, edtf.MustParse(c.date).Add(p).String(), c)
	}
}
