package network

import (
	"cmp"
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
)

// stay is a tenure as the facts about it make it.
type stay struct {
	dated
	party terms.PartyID
	// limit is the first day after the term it was given, unknown if there is
	// none.
	limit edtf.Date
	left  dated // what ended it, zero if nothing did
	// closed is what ended that which it was part of, zero if nothing did.
	closed dated
	rivals []dated // what else is said to have ended it; the first stands
}

// endings returns all that ends the stay.
func (s *stay) endings() []dated {
	var all []dated
	if !s.limit.IsUnknown() {
		all = append(all, dated{s.Said, s.limit})
	}
	for _, d := range []dated{s.left, s.closed} {
		if d.By != 0 {
			all = append(all, d)
		}
	}
	return all
}

// tenure returns the stay as it is seen from outside: of several ends, that
// which comes first, or the days on which one of them first came.
func (s *stay) tenure() Tenure {
	t := Tenure{From: s.from}
	for i, end := range s.endings() {
		if i == 0 {
			t.Until, t.EndedBy = end.from, end.By
			continue
		}
		lo, hi := min(t.Until.Earliest(), end.from.Earliest()), min(t.Until.Latest(), end.from.Latest())
		if end.from.Latest() < t.Until.Latest() {
			t.Until, t.EndedBy = end.from, end.By
		}
		if lo != t.Until.Earliest() {
			t.Until = edtf.Between(lo, hi)
		}
	}
	return t
}

// livesAt reports whether the stay has perhaps begun as of a date, and is not
// certainly over by its term or the end of what it is part of.
func (s *stay) livesAt(on edtf.Date) bool {
	over := s.closed.By != 0 && edtf.Before(s.closed.from, on) == edtf.Yes ||
		!s.limit.IsUnknown() && edtf.Before(s.limit, on) == edtf.Yes
	return s.from.HeldBy(on) != edtf.No && !over
}

// leave has v end the last of stays, or all of them, which are of one party and
// in their order. It reports whether there was anything to end.
func leave(stays []*stay, v dated, all bool) bool {
	live := endedBy(stays, v)
	open := pick(live, func(s *stay) bool { return s.left.By == 0 })
	switch {
	case len(live) == 0:
		return false
	case len(open) == 0:
		return live[len(live)-1].contest(v)
	case !all:
		open = open[len(open)-1:]
	}
	for _, s := range open {
		s.left = v
	}
	return true
}

// endedBy returns the stays that v may end. Where dates leave it open which those
// are, they are recorded before v, so that what is recorded later without a date
// changes nothing. An end before the beginning is an end too, and a
// contradiction.
func endedBy(stays []*stay, v dated) []*stay {
	before := func(s *stay) bool { return s.By < v.By }
	lives := func(s *stay) bool { return s.livesAt(v.from) }
	begun := func(s *stay) bool { return s.from.HeldBy(v.from) == edtf.Yes }
	early := func(s *stay) bool { return edtf.Before(v.from, s.from) == edtf.Yes }
	first := func(from []*stay) []*stay { return from[:min(1, len(from))] }
	for _, some := range [][]*stay{
		pick(stays, before, lives), pick(stays, lives, begun), first(pick(stays, before, early)), pick(stays, lives), first(pick(stays, early)),
	} {
		if len(some) > 0 {
			return some
		}
	}
	return nil
}

// pick returns the stays of which all is true.
func pick(stays []*stay, all ...func(s *stay) bool) []*stay {
	return slices.DeleteFunc(slices.Clone(stays), func(s *stay) bool {
		return slices.ContainsFunc(all, func(ok func(s *stay) bool) bool { return !ok(s) })
	})
}

// contest keeps v as another assertion of what ended the stay, unless it
// certainly came after that.
func (s *stay) contest(v dated) bool {
	if edtf.Before(s.left.from, v.from) == edtf.Yes {
		return false
	}
	s.rivals = append(s.rivals, v)
	return true
}

// settle gives the stays their ends.
func (r *reading) settle() {
	for _, key := range r.order {
		b := r.bodies[key]
		if end := book.One(b.dissolved); end.By != 0 && b.shown.Moves {
			b.shown.Until, b.shown.EndedBy = end.from, end.By
		}
	}
	stays := map[whose][]*stay{}
	group := func(w whose, s *stay) {
		if s.Moves {
			stays[w] = append(stays[w], s)
		}
	}
	for _, s := range r.seats {
		if b := r.bodies[s.says.Body]; b != nil && s.Moves {
			s.within(b)
		}
		group(s.whose(), &s.stay)
	}
	for _, o := range r.offices {
		group(o.whose(), &o.stay)
	}
	for _, s := range r.supports {
		group(s.whose(), &s.stay)
	}
	for _, of := range stays {
		inTime(of)
	}
	for _, l := range r.left {
		if !leave(stays[l.whose], l.dated, l.what == aSupport) {
			r.astray = append(r.astray, l)
		}
	}
	r.close()
}

// within limits a seat by what is recorded of its body.
func (s *seat) within(b *body) {
	s.closed = book.One(b.dissolved)
	if b.shown.Moves && s.limit.IsUnknown() && !b.shown.Charter.Term.IsZero() {
		s.limit = s.from.Add(b.shown.Charter.Term)
	}
}

// close ends the openings to join, by a closing or the end of the network.
func (r *reading) close() {
	var open []*stay
	for _, o := range r.openings {
		if o.Moves {
			open = append(open, &o.stay)
			o.closed, _ = r.ended()
		}
	}
	inTime(open)
	for _, c := range r.closings {
		leave(open, c, true)
	}
}

// inTime orders stays; those that may have begun on the same day stay in the
// order of recording.
func inTime(stays []*stay) {
	slices.SortStableFunc(stays, func(a, b *stay) int { return cmp.Compare(a.from.Earliest(), b.from.Earliest()) })
}
