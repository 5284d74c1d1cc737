package edtf_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/edtf"
)

// The invariants of the package, each a property of TestLaw_* below:
//
//  1. What was read is written: Parse(s).String() == s, and == holds.
//  2. Earliest <= Latest, for every date.
//  3. Between(lo, hi) has exactly the bounds lo and hi, and so does its text.
//  4. Before(a, a) is never Yes.
//  5. Before(a, b) == Yes implies Before(b, a) == No.
//  6. Before is what every choice of days within the bounds agrees on: Yes if
//     all are before, No if none is, else Maybe.
//  7. HeldBy is the opposite of Before(on, d), and for a day on it agrees with the bounds.
//  8. HeldBy is monotone: a later day never makes it less true.
//  9. Before is transitive, among days and among instants.
//  10. Date-times compare as package time does.
//  11. Or, And and Not are Kleene's; see TestTruth.
//  12. A qualifier never narrows: the bounds contain the unqualified date's.
func TestLaw_texts_and_bounds(t *testing.T) {
	t.Run("01_text_round_trips", rapid.MakeCheck(func(t *rapid.T) {
		text := anyText().Draw(t, "text")
		d, err := edtf.Parse(text)
		require.NoError(t, err)
		require.Equal(t, text, d.String())
		var again edtf.Date
		require.NoError(t, again.UnmarshalText([]byte(text)))
		require.Equal(t, d, again)
	}))
	t.Run("02_bounds_are_ordered", rapid.MakeCheck(func(t *rapid.T) {
		d := anyDate().Draw(t, "date")
		require.LessOrEqual(t, d.Earliest(), d.Latest())
		require.Less(t, d.Earliest(), edtf.MaxDay)
		require.Greater(t, d.Latest(), edtf.MinDay)
	}))
	t.Run("03_between_round_trips", rapid.MakeCheck(func(t *rapid.T) {
		lo, hi := anyBounds(t)
		d := edtf.Between(lo, hi)
		require.Equal(t, lo, d.Earliest())
		require.Equal(t, hi, d.Latest())
		require.Equal(t, d, edtf.MustParse(d.String()))
		require.Equal(t, d, edtf.Between(hi, lo))
	}))
}

func TestLaw_before(t *testing.T) {
	t.Run("04_before_is_irreflexive", rapid.MakeCheck(func(t *rapid.T) {
		d := anyDate().Draw(t, "date")
		require.NotEqual(t, edtf.Yes, edtf.Before(d, d))
	}))
	t.Run("05_before_is_asymmetric", rapid.MakeCheck(func(t *rapid.T) {
		a, b := anyDate().Draw(t, "a"), anyDate().Draw(t, "b")
		if edtf.Before(a, b) == edtf.Yes {
			require.Equal(t, edtf.No, edtf.Before(b, a))
		}
	}))
	t.Run("06_before_is_what_all_days_agree_on", rapid.MakeCheck(func(t *rapid.T) {
		aLo, bLo := rapid.Int32Range(0, 9).Draw(t, "a_lo"), rapid.Int32Range(0, 9).Draw(t, "b_lo")
		aHi, bHi := aLo+rapid.Int32Range(0, 5).Draw(t, "a_len"), bLo+rapid.Int32Range(0, 5).Draw(t, "b_len")
		all, none := true, true
		for x := aLo; x <= aHi; x++ {
			for y := bLo; y <= bHi; y++ {
				all, none = all && x < y, none && x >= y
			}
		}
		want := edtf.Maybe
		if all {
			want = edtf.Yes
		} else if none {
			want = edtf.No
		}
		got := edtf.Before(edtf.Between(edtf.Day(aLo), edtf.Day(aHi)), edtf.Between(edtf.Day(bLo), edtf.Day(bHi)))
		require.Equal(t, want, got)
	}))
}

func TestLaw_held_by(t *testing.T) {
	t.Run("07_held_by_agrees_with_bounds", rapid.MakeCheck(func(t *rapid.T) {
		d, other, on := anyDate().Draw(t, "date"), anyDate().Draw(t, "other"), anyDay().Draw(t, "on")
		require.Equal(t, edtf.Before(other, d).Not(), d.HeldBy(other))
		want := edtf.Maybe
		if d.Latest() <= on {
			want = edtf.Yes
		} else if d.Earliest() > on {
			want = edtf.No
		}
		require.Equal(t, want, d.HeldBy(edtf.OfDay(on)))
	}))
	t.Run("08_held_by_is_monotone", rapid.MakeCheck(func(t *rapid.T) {
		d, on := anyDate().Draw(t, "date"), anyDay().Draw(t, "on")
		later := min(on+edtf.Day(rapid.Int32Range(0, 5000).Draw(t, "days")), edtf.MaxDay-1)
		require.LessOrEqual(t, d.HeldBy(edtf.OfDay(on)), d.HeldBy(edtf.OfDay(later)))
	}))
}

func TestLaw_instants_and_qualifiers(t *testing.T) {
	t.Run("09_before_is_transitive", rapid.MakeCheck(func(t *rapid.T) {
		kind := anyUntimed()
		if rapid.Bool().Draw(t, "timed") {
			kind = anyTimed()
		}
		dates := rapid.SliceOfN(kind, 3, 3).Draw(t, "dates")
		a, b, c := edtf.MustParse(dates[0]), edtf.MustParse(dates[1]), edtf.MustParse(dates[2])
		if edtf.Before(a, b) == edtf.Yes && edtf.Before(b, c) == edtf.Yes {
			require.Equal(t, edtf.Yes, edtf.Before(a, c))
		}
	}))
	t.Run("10_instants_compare_as_time", rapid.MakeCheck(func(t *rapid.T) {
		a, b := instant(t, "a"), instant(t, "b")
		da, db := edtf.MustParse(a.Format(time.RFC3339)), edtf.MustParse(b.Format(time.RFC3339))
		require.Equal(t, a.Before(b), edtf.Before(da, db) == edtf.Yes)
		require.Equal(t, !a.Before(b), edtf.Before(da, db) == edtf.No)
		require.Equal(t, !a.After(b), da.HeldBy(db) == edtf.Yes)
		require.Equal(t, edtf.OfTime(a).Earliest(), da.Earliest())
		require.Equal(t, edtf.OfTime(a).Latest(), da.Latest())
	}))
	t.Run("12_qualifiers_never_narrow", rapid.MakeCheck(func(t *rapid.T) {
		plain := anyPoint("").Draw(t, "plain")
		d := edtf.MustParse(plain)
		one, two := edtf.MustParse(plain+"~"), edtf.MustParse(plain+"%")
		require.Less(t, one.Earliest(), d.Earliest())
		require.Greater(t, one.Latest(), d.Latest())
		require.LessOrEqual(t, two.Earliest(), one.Earliest())
		require.GreaterOrEqual(t, two.Latest(), one.Latest())
	}))
}

func TestTruth(t *testing.T) {
	const n, m, y = edtf.No, edtf.Maybe, edtf.Yes
	for _, c := range []struct{ a, b, and, or edtf.Truth }{
		{n, n, n, n},
		{n, m, n, m},
		{n, y, n, y},
		{m, n, n, m},
		{m, m, m, m},
		{m, y, m, y},
		{y, n, n, y},
		{y, m, m, y},
		{y, y, y, y},
	} {
		t.Run(fmt.Sprintf("%s_%s", c.a, c.b), func(t *testing.T) {
			require.Equal(t, c.and, c.a.And(c.b))
			require.Equal(t, c.or, c.a.Or(c.b))
			require.Equal(t, c.a.And(c.b).Not(), c.a.Not().Or(c.b.Not()), "De Morgan")
		})
	}
	require.Equal(t, []edtf.Truth{y, m, n}, []edtf.Truth{n.Not(), m.Not(), y.Not()})
	require.Equal(t, "no undecidable yes Truth(3)", fmt.Sprint(n, m, y, edtf.Truth(3)))
	var zero edtf.Truth
	require.Equal(t, n, zero)
}

func TestBefore(t *testing.T) {
	for _, c := range []struct {
		name, a, b string
		want       edtf.Truth
	}{
		{"days", "2018-04-24", "2018-04-25", edtf.Yes},
		{"same_day", "2018-04-24", "2018-04-24", edtf.No},
		{"same_month", "2018-04", "2018-04", edtf.Maybe},
		{"day_of_month", "2018-04-24", "2018-04", edtf.Maybe},
		{"last_day_of_month", "2018-04", "2018-04-30", edtf.Maybe},
		{"month_not_before_its_first", "2018-04", "2018-04-01", edtf.No},
		{"last_day_not_before_its_month", "2018-04-30", "2018-04", edtf.No},
		{"approximate", "2018-04~", "2018-05-17", edtf.Maybe},
		{"approximate_far", "2018-04~", "2018-06-01", edtf.Yes},
		{"unknown", "", "2018", edtf.Maybe},
		{"unknown_both", "", "", edtf.Maybe},
		{"open_end", "2018/..", "9999-12-31", edtf.Maybe},
		{"open_start_set", "[..2017]", "2018", edtf.Yes},
		{"after_open_start", "2018", "[..2017]", edtf.No},
		{"instants_same_day", "2015-09-29T16:00-04:00", "2015-09-29T17:00-04:00", edtf.Yes},
		{"instants_by_offset", "2015-09-29T16:00-04:00", "2015-09-29T17:00Z", edtf.No},
		{"instants_against_days", "2015-09-30T01:00+02:00", "2015-09-29T23:30Z", edtf.Yes},
		{"instants_equal", "2015-09-29T16:00-04:00", "2015-09-29T20:00:00Z", edtf.No},
		{"instant_in_interval", "2015-09-29T16:00Z/2015-09-29T18:00Z", "2015-09-29T17:00Z", edtf.Maybe},
		{"instant_after_interval", "2015-09-29T16:00Z/2015-09-29T18:00Z", "2015-09-29T18:01Z", edtf.Yes},
		{"instant_interval_open", "2015-09-29T16:00Z/..", "2015-09-29T18:01Z", edtf.Maybe},
		{"instant_not_after_open", "2015-09-29T16:00Z/..", "2015-09-29T16:00Z", edtf.No},
		{"instant_before_open", "2015-09-29T15:59Z", "2015-09-29T16:00Z/", edtf.Yes},
		{"instant_over_date_line", "2015-09-30T01:00+13:00/2015-09-29T20:00-10:00", "2015-09-30T06:00:01Z", edtf.Yes},
		{"instant_and_day", "2015-09-29T23:59-04:00", "2015-09-30", edtf.Yes},
		{"instant_and_its_day", "2015-09-29T23:59-04:00", "2015-09-29", edtf.No},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := edtf.MustParse(c.a), edtf.MustParse(c.b)
			require.Equal(t, c.want, edtf.Before(a, b))
			require.Equal(t, c.want.Not(), b.HeldBy(a))
		})
	}
}
