package actionplan

import (
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
)

// dateOf is the date from which a fact counts.
func dateOf(d book.Dated) edtf.Date {
	_, from := d.When()
	return from
}

// ordered returns facts by date: each after all but those that it certainly
// comes before, so that what the dates leave open is in the order of recording.
func ordered[D book.Dated](all []D) []D {
	var sorted []D
	for _, d := range all {
		i := len(sorted)
		for i > 0 && edtf.Before(dateOf(d), dateOf(sorted[i-1])) == edtf.Yes {
			i--
		}
		sorted = slices.Insert(sorted, i, d)
	}
	return sorted
}

// stands is what holds of all that is said of a key: what the version in force
// says or, if it is silent, an earlier one; before any approval, the last one.
// Within a version the fact recorded first stands.
func stands[T thing](r *reading, all []said[T]) said[T] {
	weight := func(s said[T]) int {
		if s.version > r.limit {
			return -s.version // of a draft, if nothing else says it
		}
		return s.version
	}
	best := all[0]
	for _, s := range all[1:] {
		if weight(s) > weight(best) {
			best = s
		}
	}
	return best
}

// distinct splits facts that can follow each other from those that compete with
// one recorded before. Each of these is returned with that one.
func distinct[D book.Dated](all []D, same func(a, b edtf.Date) bool) (kept []D, rivals [][2]D) {
next:
	for _, d := range all {
		for _, k := range kept {
			if same(dateOf(k), dateOf(d)) {
				rivals = append(rivals, [2]D{k, d})
				continue next
			}
		}
		kept = append(kept, d)
	}
	return kept, rivals
}

// sameDay reports whether two dates are certainly of one day.
func sameDay(a, b edtf.Date) bool {
	return a.Earliest() == a.Latest() && b.Earliest() == b.Latest() && a.Earliest() == b.Earliest()
}

// sameDate reports whether two dates are the same as written.
func sameDate(a, b edtf.Date) bool { return a == b }

// later is the date on which both of two have come.
func later(a, b edtf.Date) edtf.Date {
	lo, hi := max(a.Earliest(), b.Earliest()), max(a.Latest(), b.Latest())
	for _, d := range []edtf.Date{a, b} {
		if d.Earliest() == lo && d.Latest() == hi {
			return d
		}
	}
	return edtf.Between(lo, hi)
}
