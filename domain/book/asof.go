package book

import "github.com/entente-ledger/entente/domain/edtf"

// Span is a state that something is in from some day on, until a later span of
// it begins.
type Span interface {
	// Begun says whether it has begun as of a date.
	Begun(on edtf.Date) edtf.Truth
}

// AsOf returns the span of spans, which are in their order, that certainly
// holds as of a date, and those that perhaps hold instead. The first is the
// zero S if none certainly does.
func AsOf[S Span](spans []S, on edtf.Date) (certain S, perhaps []S) {
	for _, span := range spans {
		switch span.Begun(on) {
		case edtf.Yes:
			certain, perhaps = span, nil
		case edtf.Maybe:
			perhaps = append(perhaps, span)
		case edtf.No:
		}
	}
	return certain, perhaps
}

// Begun says whether what is so from a date on has begun as of another, where
// there may be doubt whether it ever does.
func Begun(from edtf.Date, doubt bool, on edtf.Date) edtf.Truth {
	if doubt {
		return from.HeldBy(on).And(edtf.Maybe)
	}
	return from.HeldBy(on)
}
