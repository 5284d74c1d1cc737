package membership

import (
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
)

// guard fails with [es.ErrRejected] if e would break the structure of the
// membership: keys are asked of facts of any status, the rest only of recorded
// ones (rules 5 and 6 of the ledger). What dates leave undecided passes, and
// becomes a finding.
func (s *State) guard(e Event) error {
	if set, ok := e.(DutySet); ok && s.taken(set) {
		return ErrKeyTaken
	}
	if key := dutyOf(e); key != "" && !s.hasDuty(key) {
		return ErrNoDuty
	}
	if e.About().Status != terms.Recorded {
		return nil
	}
	switch e := e.(type) {
	case Admitted:
		if s.takesPart(e.About().From()) && !s.competes(e) {
			return ErrMember
		}
	case Signed, Activated, ClassChanged, PutOnHold, SuspensionNoticed, Suspended, Resumed, NoticeGiven, NoticeRevoked,
		Withdrawn, Expelled, Lapsed, Succeeded, DutySet:
		return s.ofMember(e)
	case DutyMet, DutyWaived, DutyExtended: // also of who has left, late as it is
		if !s.wasMember() {
			return ErrNotMember
		}
	default: // nobody need be a member for it
	}
	return nil
}

// takesPart reports whether the party certainly is a member as of a date, and
// was before it in the same round: two admissions on one day are one.
func (s *State) takesPart(on edtf.Date) bool {
	spans := s.Spans()
	now, _ := AsOf(spans, on)
	return member(spans, on) == edtf.Yes && slices.ContainsFunc(spans, func(span Span) bool {
		return span.Round == now.Round && span.Standing.Member() && edtf.Before(span.From, on) == edtf.Yes
	})
}

// ofMember fails unless e, which only a member can do or meet, may have found
// one.
func (s *State) ofMember(e Event) error {
	r := s.read()
	switch _, revokes := e.(NoticeRevoked); {
	case !s.wasMember():
		return ErrNotMember
	case s.endedBy(r, e):
		return ErrEnded
	case revokes && len(r.notices) == 0:
		return ErrNoNotice
	}
	return nil
}

// wasMember reports whether any fact that moves state says that the party came
// to be a member.
func (s *State) wasMember() bool {
	for h := range s.book.Moving() {
		if saysMember(h.Event) {
			return true
		}
	}
	return false
}

// endedBy reports whether the membership had certainly ended before e, and it is
// no other assertion of that end.
func (s *State) endedBy(r *reading, e Event) bool {
	on := e.About().From()
	spans := r.spans()
	last, _ := AsOf(spans, on)
	switch {
	case member(spans, on) != edtf.No:
		return false
	case !last.Standing.Ended():
		return last.Round > 1 // asked to come back
	case edtf.Before(last.From, on) != edtf.Yes:
		return false
	}
	end, ok := s.book.At(last.By)
	leaves := standingAfter(e)
	switch {
	case leaves == "" || !ok:
		return true
	case standingAfter(end.Event) == "" && !isOpening(end.Event):
		return leaves != last.Standing // what follows by itself is also recorded
	}
	return end.Fact.Source == e.About().Source
}

// standingAfter is the standing that an event ends the membership with, or "".
func standingAfter(e Event) Standing {
	switch e.(type) {
	case Withdrawn:
		return StandingWithdrawn
	case Expelled:
		return StandingExpelled
	case Lapsed:
		return StandingLapsed
	case Succeeded:
		return StandingSucceeded
	default:
		return ""
	}
}

// competes reports whether e, of who is a member on its date, is another
// assertion of an admission that is recorded: from another source, and not as
// something else or by another decision. From the same source it would be a
// second participation.
func (s *State) competes(e Admitted) bool {
	for h := range s.book.Moving() {
		other, is := asAdmission(h)
		if is && other.Source.ID != e.Source.ID && alike(other.Class, e.Class) && alike(other.OwnClass, e.OwnClass) &&
			alike(other.Authority, e.Authority) {
			return true
		}
	}
	return false
}

// asAdmission returns the admission that a fact is or, from an older register,
// implies.
func asAdmission(h book.Held[Event]) (Admitted, bool) {
	switch e := h.Event.(type) {
	case Admitted:
		return e, true
	case CarriedOver:
		return Admitted{Fact: h.Fact, Class: e.Class, OwnClass: e.OwnClass}, e.Standing.Member()
	default:
		return Admitted{}, false
	}
}

// alike reports whether two values do not contradict each other: one that is
// not stated contradicts none.
func alike[T ~string](a, b T) bool { return a == "" || b == "" || a == b }

// dutyOf returns the key of the duty that an event names and does not set, or
// "".
func dutyOf(e Event) Key {
	switch e := e.(type) {
	case PutOnHold:
		return e.Duty
	case SuspensionNoticed:
		return e.Duty
	case Suspended:
		return e.Duty
	case DutyMet:
		return e.Duty
	case DutyWaived:
		return e.Duty
	case DutyExtended:
		return e.Duty
	default:
		return ""
	}
}

// taken reports whether the key of e is that of another duty, whatever its
// status. The same duty from another source or with another date competes with
// the first, or is set again in another round.
func (s *State) taken(e DutySet) bool {
	e.Fact = terms.Fact{}
	for h := range s.book.Held() {
		if o, ok := h.Event.(DutySet); ok && o.Key == e.Key {
			if o.Fact = (terms.Fact{}); o != e {
				return true
			}
		}
	}
	return false
}

func (s *State) hasDuty(key Key) bool {
	for h := range s.book.Held() {
		if o, ok := h.Event.(DutySet); ok && o.Key == key {
			return true
		}
	}
	return false
}
