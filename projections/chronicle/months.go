package chronicle

import (
	"maps"
	"slices"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Month is what happened in a month.
type Month struct {
	First edtf.Day // of the month
	// Counts are by heading; what did not happen is not there.
	Counts map[Heading]int
	// Events is how many events were recorded in it, UTC.
	Events int
}

// Series is a series of months.
type Series struct {
	Months []Month // in their order
	// Perhaps counts what dates or disputes leave open: what perhaps happened from
	// the first of the months to the last, and what certainly did in one of them,
	// nobody knows which. Each is counted once, and in no month.
	Perhaps map[Heading]int
}

// Counted returns the headings that a series counts, in the order of its
// columns.
func Counted() []Heading { return []Heading{Signed, InForce, Ended, Joined, Left, Held} }

// Monthly returns every month of a span of whole months or, if last is not 0,
// the last so many that have anything.
func Monthly(conn *sqlite.Conn, w readmodel.Within, last int) (Series, error) {
	found, err := List(conn, w, Counted()...)
	if err != nil {
		return Series{}, err
	}
	events, err := history.Monthly(conn, w.At)
	if err != nil {
		return Series{}, err
	}
	months := map[edtf.Day]*Month{}
	month := func(first edtf.Day) *Month {
		if months[first] == nil {
			months[first] = &Month{First: first, Counts: map[Heading]int{}}
		}
		return months[first]
	}
	for _, e := range found {
		if first, certain := e.month(); certain {
			month(first).Counts[e.Heading]++
		}
	}
	for first, n := range events {
		if w.From <= first && first <= w.To {
			month(first).Events = n
		}
	}
	for first := w.From; last == 0 && first.Bounded() && first <= w.To; first = first.FirstOfNextMonth() {
		month(first)
	}
	shown := slices.Sorted(maps.Keys(months))
	if last > 0 {
		shown = shown[max(0, len(shown)-last):]
	}
	s := Series{Perhaps: map[Heading]int{}}
	for _, first := range shown {
		s.Months = append(s.Months, *months[first])
	}
	if len(shown) > 0 {
		w.From, w.To = shown[0], shown[len(shown)-1].FirstOfNextMonth()-1
	}
	for _, e := range found {
		if _, certain := e.month(); !certain && w.Is(e.On, true) != edtf.No {
			s.Perhaps[e.Heading]++
		}
	}
	return s, nil
}

// month returns the month in which e certainly happened, if there is one.
func (e Entry) month() (first edtf.Day, certain bool) {
	lo, hi := e.On.Earliest(), e.On.Latest()
	if e.Is != edtf.Yes || !lo.Bounded() || hi >= lo.FirstOfNextMonth() {
		return 0, false
	}
	year, month, _ := lo.Date()
	return edtf.DayOf(year, month, 1), true
}
