package book

import (
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
)

// Dated is a fact reduced to where it stands and from when it counts.
type Dated interface {
	// When returns the revision of the event, 0 if there is no such fact, and
	// the date from which it counts.
	When() (at es.Revision, from edtf.Date)
}

// Follows reports whether b came before a, by the dates or, where they do not
// say, by the order of recording. It has type parameters since it is asked of
// many facts: made into a Dated, each would be allocated.
func Follows[A, B Dated](a A, b B) bool {
	at, on := a.When()
	first, from := b.When()
	return edtf.Before(from, on) == edtf.Yes || first < at && edtf.Before(on, from) != edtf.Yes
}

// One is the fact that stands of those that compete, in the order of recording,
// and the zero D if there is none.
func One[D any](all []D) D {
	if len(all) == 0 {
		var none D
		return none
	}
	return all[0]
}

// ByThen is a date or, if that is unknown, any day up to another by which it
// was so.
func ByThen(date, then edtf.Date) edtf.Date {
	if date.IsUnknown() {
		return edtf.Between(edtf.MinDay, then.Latest())
	}
	return date
}
