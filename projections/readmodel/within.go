package readmodel

import (
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
)

// Within asks for what happened within a span of days.
type Within struct {
	At At
	// From and To are the first and the last day of the span.
	From, To edtf.Day
	// About is the stream of the party or network that it is about; "": any.
	About string
}

// Check fails with [es.ErrInvalid] if what w asks for cannot be meant.
func (w Within) Check() error {
	if w.From > w.To {
		return es.Invalid("readmodel.bad_span", "the span ends before it begins", "a first day that is not after the last")
	}
	return w.At.Check()
}

// Is says whether what happened on a date happened within the span; of what is
// in doubt it is at most undecidable.
func (w Within) Is(on edtf.Date, doubt bool) edtf.Truth {
	is := edtf.Yes
	switch {
	case on.Earliest() > w.To || on.Latest() < w.From:
		return edtf.No
	case doubt || on.Earliest() < w.From || on.Latest() > w.To:
		is = edtf.Maybe
	}
	return is
}

// Overlaps returns the condition that the days from an expression to another
// are perhaps within the span.
func (w Within) Overlaps(earliest, latest string) string {
	return "(" + earliest + " <= $last_day AND " + latest + " >= $first_day)"
}

// Of returns the condition that a number is that of the stream that is asked
// for; it holds if none is.
func (w Within) Of(number string) string {
	if w.About == "" {
		return "TRUE"
	}
	return number + " = (SELECT id FROM stream WHERE name = $about)"
}

// Arguments returns those of [Within.Overlaps], [Within.Of] and [At.Clause],
// which must all be in the query.
func (w Within) Arguments() Arguments {
	args := w.At.Arguments()
	args["$first_day"], args["$last_day"] = int64(w.From), int64(w.To)
	if w.About != "" {
		args["$about"] = w.About
	}
	return args
}
