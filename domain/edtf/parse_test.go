package edtf_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/edtf"
)

// forms has every form with its bounds; ".." is unbounded.
var forms = []struct{ name, text, lo, hi string }{
	{"unknown", "", "..", ".."},
	{"year", "2018", "2018-01-01", "2018-12-31"},
	{"year_first", "0001", "0001-01-01", "0001-12-31"},
	{"year_last", "9999", "9999-01-01", "9999-12-31"},
	{"month", "2019-05", "2019-05-01", "2019-05-31"},
	{"month_leap", "2024-02", "2024-02-01", "2024-02-29"},
	{"month_not_leap", "1900-02", "1900-02-01", "1900-02-28"},
	{"day", "2019-05-17", "2019-05-17", "2019-05-17"},
	{"day_leap", "2000-02-29", "2000-02-29", "2000-02-29"},
	{"day_forever", "9999-12-31", "9999-12-31", "9999-12-31"},

	{"unspecified_day", "2004-06-XX", "2004-06-01", "2004-06-30"},
	{"unspecified_day_leap", "2004-02-XX", "2004-02-01", "2004-02-29"},
	{"unspecified_month", "2004-XX", "2004-01-01", "2004-12-31"},
	{"unspecified_month_day", "2004-XX-XX", "2004-01-01", "2004-12-31"},
	{"unspecified_decade", "201X", "2010-01-01", "2019-12-31"},
	{"unspecified_century", "20XX", "2000-01-01", "2099-12-31"},
	{"unspecified_millennium", "2XXX", "2000-01-01", "2999-12-31"},
	{"unspecified_first_decade", "000X", "0001-01-01", "0009-12-31"},

	{"year_approximate", "1981~", "1980-01-01", "1982-12-31"},
	{"year_uncertain", "2017?", "2016-01-01", "2018-12-31"},
	{"year_both", "1981%", "1979-01-01", "1983-12-31"},
	{"decade_approximate", "201X~", "2009-01-01", "2020-12-31"},
	{"month_approximate", "2022-06~", "2022-05-01", "2022-07-31"},
	{"month_approximate_over_year", "2022-12~", "2022-11-01", "2023-01-31"},
	{"month_both", "2022-01%", "2021-11-01", "2022-03-31"},
	{"month_approximate_february", "2024-01~", "2023-12-01", "2024-02-29"},
	{"day_approximate", "2018-10-01~", "2018-09-30", "2018-10-02"},
	{"day_uncertain", "2018-12-31?", "2018-12-30", "2019-01-01"},
	{"day_both", "2018-10-01%", "2018-09-29", "2018-10-03"},
	{"year_of_day_uncertain", "2023?-04-24", "2022-04-24", "2024-04-24"},
	{"year_of_leap_day_uncertain", "2024?-02-29", "2023-02-28", "2025-02-28"},
	{"year_of_month_both", "2023%-04", "2021-04-01", "2025-04-30"},
	{"month_of_day_approximate", "2004-06~-11", "2004-05-11", "2004-07-11"},
	{"month_of_last_day_approximate", "2004-05~-31", "2004-04-30", "2004-06-30"},
	{"left_of_year", "?2004-06-11", "2003-06-11", "2005-06-11"},
	{"left_of_month", "2004-~06-11", "2004-05-11", "2004-07-11"},
	{"left_of_day", "2004-06-%11", "2004-06-09", "2004-06-13"},
	{"left_of_unspecified_day", "2004-06-~XX", "2004-05-31", "2004-07-01"},
	{"several_add_up", "2004?-06-11~", "2003-06-10", "2005-06-12"},
	{"several_add_up_each", "2004?-~06-%11", "2003-05-09", "2005-07-13"},
	{"widened_past_first_year", "0001~", "..", "0002-12-31"},
	{"widened_past_last_year", "9999~", "9998-01-01", ".."},
	{"widened_past_first_day", "0001-01-01?", "..", "0001-01-02"},
	{"widened_past_last_day", "9999-12-31?", "9999-12-30", ".."},

	{"interval_of_days", "2018-10-01/2018-10-07", "2018-10-01", "2018-10-07"},
	{"interval_of_one_day", "2018-10-01/2018-10-01", "2018-10-01", "2018-10-01"},
	{"interval_of_years", "2017/2018", "2017-01-01", "2018-12-31"},
	{"interval_mixed", "2018-10/2019-02-03", "2018-10-01", "2019-02-03"},
	{"interval_day_to_its_month", "2018-10-07/2018-10", "2018-10-07", "2018-10-31"},
	{"interval_approximate", "2018-10-01~/2018-10-07~", "2018-09-30", "2018-10-08"},
	{"interval_year_uncertain", "2023?-04-24/2023?-04-30", "2022-04-24", "2024-04-30"},
	{"interval_unspecified", "201X/2021-XX", "2010-01-01", "2021-12-31"},
	{"interval_open_end", "2015/..", "2015-01-01", ".."},
	{"interval_open_start", "../2019-11", "..", "2019-11-30"},
	{"interval_unknown_end", "2015/", "2015-01-01", ".."},
	{"interval_unknown_start", "/2019", "..", "2019-12-31"},
	{"interval_open_end_qualified", "2015?/..", "2014-01-01", ".."},

	{"set_range_of_years", "[2017..2018]", "2017-01-01", "2018-12-31"},
	{"set_range_of_days", "[2018-01-02..2018-02-03]", "2018-01-02", "2018-02-03"},
	{"set_range_mixed", "[2018..2018-05]", "2018-01-01", "2018-05-31"},
	{"set_open_start", "[..2018]", "..", "2018-12-31"},
	{"set_open_end", "[2018..]", "2018-01-01", ".."},
	{"set_list", "[2016,2017]", "2016-01-01", "2017-12-31"},
	{"set_list_apart", "[2012-05,2014-02-03,2016..2017]", "2012-05-01", "2017-12-31"},
	{"set_list_open", "[..1999,2001,2003..]", "..", ".."},
	{"set_qualified", "[2017~..2018]", "2016-01-01", "2018-12-31"},
	{"set_qualified_second", "[2017-06-01,2017-06-02%]", "2017-05-31", "2017-06-04"},
	{"set_qualified_list", "[2017-06,2017-07-01%,2017-07-02]", "2017-06-01", "2017-07-03"},

	{"time", "2015-09-29T16:00-04:00", "2015-09-29", "2015-09-29"},
	{"time_with_seconds", "2015-09-29T16:00:59-04:00", "2015-09-29", "2015-09-29"},
	{"time_utc", "2015-09-29T23:59Z", "2015-09-29", "2015-09-29"},
	{"time_plus_zero", "2015-09-29T00:00+00:00", "2015-09-29", "2015-09-29"},
	{"time_own_day", "2015-09-29T23:00-15:56", "2015-09-29", "2015-09-29"},
	{"time_interval", "2015-09-29T16:00-04:00/2015-09-29T17:30-04:00", "2015-09-29", "2015-09-29"},
	{"time_interval_of_days", "2015-09-29T16:00Z/2015-10-01T17:30Z", "2015-09-29", "2015-10-01"},
	{"time_interval_open", "2015-09-29T16:00Z/..", "2015-09-29", ".."},
	{"time_interval_unknown_start", "/2015-09-29T16:00Z", "..", "2015-09-29"},
	{"time_interval_over_date_line", "2015-09-30T01:00+13:00/2015-09-29T20:00-10:00", "2015-09-29", "2015-09-30"},
}

func TestParse(t *testing.T) {
	for _, f := range forms {
		t.Run(f.name, func(t *testing.T) {
			d, err := edtf.Parse(f.text)
			require.NoError(t, err)
			require.Equal(t, f.text, d.String())
			require.Equal(t, f.lo, d.Earliest().String(), "earliest")
			require.Equal(t, f.hi, d.Latest().String(), "latest")
			require.LessOrEqual(t, d.Earliest(), d.Latest())
			require.Equal(t, f.text == "", d.IsUnknown())
			require.Equal(t, strings.ContainsAny(f.text, "?~%"), d.Qualified())
			again := edtf.MustParse(strings.Clone(f.text))
			require.Equal(t, d, again, "== is by text")
		})
	}
}

// mistakes has what is not read, each with the part of its error that tells what
// would have been right.
var mistakes = []struct{ name, text, want string }{
	{"space", " ", "no spaces"},
	{"trailing_space", "2018-04-24 ", "no spaces"},
	{"leading_space", " 2018-04-24", "no spaces"},
	{"word", "unknown", "year: \"unkn\": want 4 digits"},
	{"short_year", "18", "want 4 digits, as in 2018"},
	{"long_year", "12018", `unexpected "8" after the year`},
	{"negative_year", "-0500", "want 4 digits"},
	{"year_zero", "0000", "want 0001 to 9999"},
	{"year_zero_day", "0000-05-17", "want 0001 to 9999"},
	{"year_unspecified", "XXXX", "want the empty text"},
	{"year_unspecified_left", "X018", "unspecified at the right"},
	{"lower_case_x", "201x", "capitals"},
	{"lower_case_xx", "2004-06-xx", "capitals"},
	{"decade_with_month", "201X-05", "stands alone"},
	{"basic_format", "20180424", "write 2018-04-24"},
	{"dot", "24.04.2018", "want 4 digits"},
	{"en_dash", "2018–2019", "plain hyphen"},
	{"month_zero", "2018-00", "want 01 to 12"},
	{"month_thirteen", "2018-13", "want 01 to 12"},
	{"season", "2018-21", "want its months, as in [2018-03..2018-05]"},
	{"short_month", "2018-4", "as in 2018-05 or 2018-XX"},
	{"half_month", "2018-1X", "as XX"},
	{"no_month", "2018-", "want 2 digits"},
	{"long_month", "2018-042", `unexpected "2" after the month`},
	{"impossible_day", "2018-02-30", "want 01 to 28"},
	{"impossible_leap_day", "1900-02-29", "want 01 to 28"},
	{"day_zero", "2018-04-00", "want 01 to 30"},
	{"day_31", "2018-04-31", "want 01 to 30"},
	{"short_day", "2018-04-4", "as in 2018-05-17"},
	{"half_day", "2018-04-2X", "as XX"},
	{"day_of_unspecified_month", "2004-XX-11", "2004-XX or 2004-XX-XX"},
	{"trailing", "2018-04-24x", "want nothing"},
	{"trailing_dash", "2018-04-24-", "want nothing"},
	{"qualifier_alone", "?", "want 4 digits"},
	{"two_qualifiers", "2018?~", "want %"},
	{"same_qualifier_twice", "2018??", "want %"},
	{"two_qualifiers_left", "?~2018", "want %"},
	{"qualifiers_on_both_sides", "2018-~06~", "want one"},

	{"interval_reversed", "2018-10-07/2018-10-01", "want 2018-10-01/2018-10-07"},
	{"interval_reversed_years", "2019/2018", "want 2018/2019"},
	{"interval_reversed_mixed", "2018-05/2018-04-30", "ends before it starts"},
	{"interval_reversed_as_written", "2018-10-02~/2018-10-01~", "ends before it starts"},
	{"interval_three", "2018/2019/2020", "want one"},
	{"interval_of_slashes", "24/04/2018", "a day is written 2018-04-24"},
	{"interval_open", "../..", "want the empty text"},
	{"interval_unknown", "/", "want the empty text"},
	{"interval_open_unknown", "../", "want the empty text"},
	{"interval_bad_start", "2018-13/2019", "start: month 13"},
	{"interval_bad_end", "2018/2019-13", "end: month 13"},
	{"interval_of_set", "[2017..2018]/2019", "want ]"},
	{"interval_half_timed", "2015-09-29T16:00Z/2015-09-30", "want both alike"},
	{"open", "..", "want 4 digits"},

	{"set_empty", "[]", "a set of one"},
	{"set_of_one", "[2018]", "without [ and ]"},
	{"set_unclosed", "[2017..2018", "want ]"},
	{"set_bracket", "[", "want ]"},
	{"set_open", "[..]", "want the empty text"},
	{"set_reversed", "[2018..2017]", "want 2017..2018"},
	{"set_list_reversed", "[2017,2016]", "in order"},
	{"set_list_repeats", "[2017,2017]", "in order and apart"},
	{"set_list_repeats_day", "[2017-05-01,2017-05-01]", "in order and apart"},
	{"set_list_overlaps", "[2017,2017-12]", "in order and apart"},
	{"set_list_after_open", "[2017..,2019]", "in order and apart"},
	{"set_list_open_inside", "[2017,..2019]", "in order and apart"},
	{"set_list_gap", "[2017,,2019]", "member 2"},
	{"set_list_trailing_comma", "[2017,]", "member 2"},
	{"set_list_space", "[2017, 2018]", "no spaces"},
	{"set_bad_start", "[17..2018]", "want 4 digits"},
	{"set_bad_end", "[2017..18]", "want 4 digits"},
	{"set_three_dots", "[2017...2018]", "want 4 digits"},
	{"set_two_ranges", "[2016..2017..2018]", "after the year"},
	{"set_of_times", "[2015-09-29T16:00Z..]", "want days"},
	{"set_of_all", "{2017,2018}", "[ and ]"},

	{"time_without_offset", "2015-09-29T16:00", "want Z or an offset"},
	{"time_seconds_without_offset", "2015-09-29T16:00:00", "want Z or an offset"},
	{"time_lower_case_z", "2015-09-29T16:00z", "capitals"},
	{"time_lower_case_t", "2015-09-29t16:00Z", "capitals"},
	{"time_with_space", "2015-09-29 16:00Z", "no spaces"},
	{"time_hour_only", "2015-09-29T16Z", "as in T16:00-04:00"},
	{"time_empty", "2015-09-29T", "as in T16:00-04:00"},
	{"time_hour_24", "2015-09-29T24:00Z", "want a time"},
	{"time_minute_60", "2015-09-29T16:60Z", "want a time"},
	{"time_leap_second", "2015-09-29T23:59:60Z", "want a time"},
	{"time_fraction", "2015-09-29T23:59:59.5Z", "want Z or an offset"},
	{"time_basic_offset", "2015-09-29T16:00-0400", "as in -04:00"},
	{"time_hour_offset", "2015-09-29T16:00-04", "as in -04:00"},
	{"time_minus_zero", "2015-09-29T16:00-00:00", "want Z or +00:00"},
	{"time_wide_offset", "2015-09-29T16:00+16:00", "up to 15:59"},
	{"time_offset_minute_60", "2015-09-29T16:00+04:60", "up to 15:59"},
	{"time_trailing", "2015-09-29T16:00Z?", "want Z or an offset"},
	{"time_impossible_day", "2018-02-30T16:00Z", "want 01 to 28"},
	{"time_unspecified_day", "2018-02-XXT16:00Z", "want a whole day"},
	{"time_qualified", "2018?-02-03T16:00Z", "without qualifiers"},
	{"time_interval_reversed", "2015-09-29T16:00Z/2015-09-29T15:59Z", "ends before it starts"},
	{"time_interval_reversed_instants", "2015-09-29T10:00-04:00/2015-09-29T13:00Z", "ends before it starts"},

	{"nul", "2018\x00", "after the year"},
	{"not_utf8", "\xff\xfe\xfd\xfc", "want 4 digits"},
	{"too_long", "[2016," + strings.Repeat("2017,", 50) + "2018]", "want at most 255 bytes"},
}

func TestParse_errors(t *testing.T) {
	for _, c := range mistakes {
		t.Run(c.name, func(t *testing.T) {
			d, err := edtf.Parse(c.text)
			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, err, "parse date ")
			require.True(t, d.IsUnknown())

			kept := edtf.MustParse("1999")
			require.EqualError(t, kept.UnmarshalText([]byte(c.text)), err.Error())
			require.Equal(t, "1999", kept.String(), "an error leaves the date")
			require.Panics(t, func() { edtf.MustParse(c.text) })
		})
	}
}

func TestDate_text(t *testing.T) {
	type doc struct{ On edtf.Date }
	for _, f := range forms {
		t.Run(f.name, func(t *testing.T) {
			in := doc{edtf.MustParse(f.text)}
			data, err := json.Marshal(in)
			require.NoError(t, err)
			require.JSONEq(t, `{"On":"`+f.text+`"}`, string(data))
			out := doc{edtf.MustParse("1999")}
			require.NoError(t, json.Unmarshal(data, &out))
			require.Equal(t, in, out)

			appended, err := in.On.AppendText([]byte("on "))
			require.NoError(t, err)
			require.Equal(t, "on "+f.text, string(appended))
		})
	}
	t.Run("keeps_no_buffer", func(t *testing.T) {
		var d edtf.Date
		buffer := []byte("2018-04-24")
		require.NoError(t, d.UnmarshalText(buffer))
		copy(buffer, "1999")
		require.Equal(t, "2018-04-24", d.String())
	})
	t.Run("number_is_no_date", func(t *testing.T) {
		require.Error(t, json.Unmarshal([]byte(`{"On":2018}`), &doc{}))
	})
}

func TestDate_IsForever(t *testing.T) {
	for text, want := range map[string]bool{
		"9999-12-31": true, "9999": true, "9999-01-01": true, "9998-12-31": false, "9998~": true,
		"2018/..": true, "2018/": true, "[2018..]": true, "../2018": false, "2018": false, "": true,
		"2018-01-01/9999-12-31": true, "9999-12-31T00:00Z": true,
	} {
		require.Equal(t, want, edtf.MustParse(text).IsForever(), text)
	}
}
