// Package edtf reads partial and uncertain dates, a strict subset of the
// Extended Date/Time Format (ISO 8601-2:2019), and compares them with three
// answers: yes, no and undecidable.
//
// It is pure: no clock, no I/O, the standard library only. It must not know
// what a date is the date of.
//
// # Forms
//
//	(empty)                                    unknown
//	2018  2019-05  2019-05-17                  a year, a month, a day
//	201X  20XX  2004-XX  2004-06-XX 2004-XX-XX unspecified from the right
//	1981~  2022-06?  2018-10-01%  2023?-04-24  qualified, and all to the left of it
//	2004-~06-11  2004-06-~11                   qualified, that component only
//	2018-10/2019-02-03  2015/..  ../2019-11    an interval, open at one end (..)
//	2015/  /2019                               an interval with one unknown end
//	[2017..2018]  [..2018]  [2018..]           one of the dates in a range
//	[2016,2017]  [2012-05,2016..2017]          one of those listed, in order
//	2015-09-29T16:00-04:00  ...T16:00:30Z      a date-time, with its offset
//	2015-09-29T16:00-04:00/2015-09-29T17:30-04:00
//
// Years are 0001 to 9999, in four digits. Impossible days, reversed intervals
// and sets, spaces, a lower-case x, t or z, and a date-time without an offset
// are errors. Not read: seasons, years beyond four digits, sets of all members
// ({}), fractions of a second, hour 24, leap seconds, and X anywhere but at the
// right. A text is at most [MaxLen] bytes.
//
// # Bounds
//
// Every date has an earliest and a latest day, both inclusive, and compares by
// them, so that an index over the two answers what a comparison answers.
//
//   - An interval bounds from its start's earliest to its end's latest day. An
//     open and an unknown end are both unbounded. An interval says when
//     something went on, a set names one day out of several; they bound and
//     compare alike.
//   - A qualifier widens the bounds on each side by one unit (year, month, day)
//     of the component it stands next to, % by two, because the standard leaves
//     the width open. 2022-06~ is May to July 2022; 2023?-04-24 is 2022-04-24
//     to 2024-04-24. Several qualifiers add up. A day the widened month lacks is
//     the month's last.
//   - What widens past year 0001 or 9999 is unbounded there.
//   - Whether an interval or set is reversed is judged as written, not widened.
//   - Year 9999, the "forever" of many registers, is an ordinary year here; see
//     [Date.IsForever].
//
// # Date-times
//
// The civil day of a date-time is the day in its own offset. Two date-times (or
// intervals of them) compare as instants, a date-time to the minute being that
// minute's first second; against anything else a date-time is its civil day.
// So an index over days may disagree with a comparison of two date-times of
// different offsets, by a day or two, and mixing days with date-times more than
// half a day apart in offset is not transitive.
package edtf
