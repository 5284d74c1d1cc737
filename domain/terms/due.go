package terms

import (
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
)

// Due is a day that an aggregate's own facts single out: something is owed by
// then, may be done until then, or begins or ends then of itself. It follows
// from what is recorded; whether the day has come is asked of [Due.Passed].
type Due struct {
	Kind DueKind
	// Rule is what makes it fall due: aggregate.snake_case, permanent.
	Rule string
	// Of is the event that determines it, as first recorded.
	Of es.Revision
	// Key tells it from others that one event determines by the same rule:
	// the key of an undertaking, the party that leaves; or "".
	Key string
	On  edtf.Date
	// By owes it, or is whom it concerns, and To is to whom it is owed; empty:
	// nobody in particular.
	By, To PartyID
	// What says what it is, in own words, or nothing.
	What Text
	// Settled is the event after which nothing is due any more (met, waived,
	// done otherwise), 0 while it is.
	Settled es.Revision
}

// DueKind says what a day means.
type DueKind string

// The kinds of days.
const (
	Duty     DueKind = "duty"     // On is the last day on which it is met in time
	Deadline DueKind = "deadline" // On is the last day on which something can be done
	Effect   DueKind = "effect"   // On is the first day on which something holds, or does not any more
)

// Words returns the kinds.
func (DueKind) Words() []string { return []string{string(Duty), string(Deadline), string(Effect)} }

// Passed says whether the day has passed as of another: of an effect, whether
// it has come; of the others, whether it is over.
func (d Due) Passed(asOf edtf.Date) edtf.Truth {
	if d.Kind == Effect {
		return d.On.HeldBy(asOf)
	}
	return edtf.Before(d.On, asOf)
}

// Reminder says that somebody was reminded of what falls due.
type Reminder struct {
	At es.Revision // the event that says so, as first recorded
	// Of is the event that determines what is due, as in [Due], and Due the day
	// it is about; unknown: each day that the event determines.
	Of  es.Revision
	Due edtf.Date
	On  edtf.Date // from when it counts: when it was sent
}

// MaxOccurrences bounds how often one thing that is due again and again is
// listed: 33 years of months.
const MaxOccurrences = 400

// Occurrences returns the days on which something is due that is first due on
// a date, and again every period after it; a zero period: once. It ends with
// the last that is perhaps not after end, which may be unknown, or with the
// [MaxOccurrences]-th. The n-th is counted from the first, so that months of
// different length do not add up. A first date that is unknown has none.
func Occurrences(first edtf.Date, every edtf.Period, end edtf.Date) []edtf.Date {
	if first.IsUnknown() || first.IsForever() {
		return nil
	}
	all := []edtf.Date{first}
	for n := 1; !every.IsZero() && n < MaxOccurrences; n++ {
		p := edtf.Period{Years: n * every.Years, Months: n * every.Months, Days: n * every.Days}
		next := first.Add(p)
		if next.IsForever() || !end.IsUnknown() && edtf.Before(end, next) == edtf.Yes {
			break
		}
		all = append(all, next)
	}
	return all
}
