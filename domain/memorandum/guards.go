package memorandum

import (
	"reflect"
	"slices"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// A guard fails with [es.ErrRejected] if a fact, which is or will be at a
// revision and takes effect on a date, would break the structure of the
// agreement. What the dates leave undecided passes, and becomes a finding.
type guard func(s *State, r *reading, d dated) error

// guard runs the guards of e, which is or will be at a revision.
func (s *State) guard(e Event, at es.Revision) error {
	r, d := s.read(), dated{at: at, from: e.About().From()}
	for _, g := range append(keyGuards(e), guards(e)...) {
		if err := g(s, r, d); err != nil {
			return err
		}
	}
	return nil
}

// keyGuards returns the guards of an event of any status that has or names a
// key: an announced objection too is to a reservation.
func keyGuards(e Event) []guard {
	switch e := e.(type) {
	case Reserved, AmendmentAdopted, Undertaken:
		return []guard{unused(e)}
	case Objected:
		return []guard{there(Reserved{Key: e.Reservation}, ErrNoReservation)}
	case Unreserved:
		return []guard{there(Reserved{Key: e.Reservation}, ErrNoReservation)}
	case AmendmentAccepted:
		return []guard{there(AmendmentAdopted{Key: e.Amendment}, ErrNoAmendment)}
	case Met:
		return []guard{there(Undertaken{Key: e.Undertaking}, ErrNoUndertaking)}
	case Waived:
		return []guard{there(Undertaken{Key: e.Undertaking}, ErrNoUndertaking)}
	case Extended:
		return []guard{there(Undertaken{Key: e.Undertaking}, ErrNoUndertaking)}
	default:
		return nil
	}
}

// guards returns the other guards of an event. They ask only of recorded
// facts: an announced signature binds nobody (rule 5 of the ledger).
func guards(e Event) []guard {
	if e.About().Status != terms.Recorded {
		return nil
	}
	switch e := e.(type) {
	case UnitNamed:
		return []guard{known(e.Party)}
	case Adopted, Invited, Opened:
		return []guard{notEnded}
	case Signed:
		return []guard{mayJoin(e.Party.ID), notClosed, notEnded}
	case Consented:
		all := []guard{mayJoin(e.Party.ID), notTwice(e), notEnded}
		if e.Means == "signature" {
			all = append(all, notClosed)
		}
		return all
	case Provisional:
		return []guard{known(e.Parties...), notEnded}
	case ProvisionalEnded:
		return []guard{provisional}
	case Reserved:
		return []guard{mayJoin(e.Party)}
	case Objected:
		return []guard{mayJoin(e.Party)}
	case AmendmentAccepted:
		return []guard{party(e.Party)}
	case RenewalDeclined:
		return []guard{party(e.Party)}
	case Suspended:
		return []guard{party(e.Parties...), notEnded}
	case Resumed:
		return []guard{suspended(e.Parties)}
	case NoticeGiven:
		return []guard{party(e.Party)}
	case NoticeRevoked:
		return []guard{noticed(e.Party)}
	case Withdrawn:
		return []guard{party(e.Party)}
	case Abandoned:
		return []guard{notInForce}
	case Notified:
		return []guard{recorded(e.Concerning)}
	default:
		return nil
	}
}

// mayJoin fails unless the agreement is open to any party, or id is invited.
func mayJoin(id terms.PartyID) guard {
	return func(_ *State, r *reading, _ dated) error {
		if p := r.parties[id]; r.open || p != nil && p.mayJoin() {
			return nil
		}
		return ErrNotInvited
	}
}

// notClosed fails if the time for signature had certainly run out.
func notClosed(_ *State, r *reading, d dated) error {
	if r.closedBy(d.from) == edtf.Yes {
		return ErrNotOpen
	}
	return nil
}

// notEnded fails if the agreement had certainly ended.
func notEnded(s *State, r *reading, d dated) error {
	for _, span := range r.phases(s.recorded()) {
		if span.Rank == rankEnded && !span.Doubt && edtf.Before(span.From, d.from) == edtf.Yes {
			return ErrEnded
		}
	}
	return nil
}

// notInForce fails if the agreement was certainly in force.
func notInForce(s *State, r *reading, d dated) error {
	for _, span := range r.phases(s.recorded()) {
		if span.Phase == PhaseInForce && !span.Doubt && span.From.HeldBy(d.from) == edtf.Yes {
			return ErrInForce
		}
	}
	return nil
}

// notTwice fails if a party accedes or succeeds that is bound otherwise in the
// same round of participation. By the same means it is a competing assertion.
func notTwice(e Consented) guard {
	return func(_ *State, r *reading, d dated) error {
		p := r.parties[e.Party.ID]
		if p == nil || e.Means != "accession" && e.Means != "succession" {
			return nil
		}
		trial := *p
		trial.consented = append(slices.Clip(trial.consented), d)
		for _, round := range trial.rounds(r.terms.notice()) {
			if !slices.ContainsFunc(round.consented, func(c dated) bool { return c.at == d.at }) {
				continue
			}
			other := func(c dated) bool { return c.at != d.at && c.means != e.Means }
			if slices.ContainsFunc(round.consented, other) || slices.ContainsFunc(round.signed, r.binds) {
				return ErrAlreadyParty
			}
		}
		return nil
	}
}

// party fails unless all ids take part: they signed or consented.
func party(ids ...terms.PartyID) guard {
	return func(_ *State, r *reading, _ dated) error {
		for _, id := range ids {
			if p := r.parties[id]; p == nil || !p.takesPart() {
				return ErrNotParty
			}
		}
		return nil
	}
}

// known fails unless the parties are mentioned at all.
func known(ids ...terms.PartyID) guard {
	return func(_ *State, r *reading, _ dated) error {
		for _, id := range ids {
			if r.parties[id] == nil && !r.open {
				return ErrNotInvited
			}
		}
		return nil
	}
}

func noticed(id terms.PartyID) guard {
	return func(_ *State, r *reading, _ dated) error {
		if p := r.parties[id]; p == nil || len(p.notices) == 0 {
			return ErrNoNotice
		}
		return nil
	}
}

// suspended fails unless the agreement was ever suspended for the parties; none
// stands for all.
func suspended(ids []terms.PartyID) guard {
	return func(_ *State, r *reading, _ dated) error {
		if len(r.carried) > 0 && r.carried[0].says.Phase == PhaseSuspended {
			return nil
		}
		is := func(id terms.PartyID) bool {
			p := r.parties[id]
			return p != nil && p.carried != nil && p.carried.State == PartSuspended ||
				slices.ContainsFunc(r.suspension, func(t toggle) bool { return t.on && t.covers(id) })
		}
		if len(ids) == 0 && len(r.suspension) == 0 && !slices.ContainsFunc(r.order, is) ||
			slices.ContainsFunc(ids, func(id terms.PartyID) bool { return !is(id) }) {
			return ErrNotSuspended
		}
		return nil
	}
}

func provisional(_ *State, r *reading, _ dated) error {
	if len(r.provisional) == 0 && (len(r.carried) == 0 || r.carried[0].says.Phase != PhaseProvisional) {
		return ErrNotProvisional
	}
	return nil
}

// recorded fails unless there is an event at a revision; 0 stands for none.
func recorded(at es.Revision) guard {
	return func(s *State, _ *reading, _ dated) error {
		if at > s.book.Revision() {
			return es.Invalid("book.no_such_event", "what was sent concerns an event that is not there", "a revision of this agreement").At("/concerning")
		}
		return nil
	}
}

// key returns what names a reservation, an amendment or an undertaking within
// the agreement, "" for other events, and what it is but for the fact about it.
func key(e Event) (name string, what Event) {
	switch e := e.(type) {
	case Reserved:
		e.Fact = terms.Fact{}
		return "reservation/" + string(e.Key), e
	case AmendmentAdopted:
		e.Fact = terms.Fact{}
		return "amendment/" + string(e.Key), e
	case Undertaken:
		e.Fact = terms.Fact{}
		return "undertaking/" + string(e.Key), e
	default:
		return "", nil
	}
}

// unused fails if the key is that of something else, whatever its status. The
// same from another source or with another date competes with the first.
func unused(e Event) guard {
	return func(s *State, _ *reading, _ dated) error {
		name, what := key(e)
		for h := range s.book.Held() {
			if n, w := key(h.Event); n == name && !reflect.DeepEqual(w, what) {
				return ErrKeyTaken
			}
		}
		return nil
	}
}

// there fails unless something has the key of e.
func there(e Event, missing *es.Error) guard {
	return func(s *State, _ *reading, _ dated) error {
		name, _ := key(e)
		for h := range s.book.Held() {
			if n, _ := key(h.Event); n == name {
				return nil
			}
		}
		return missing
	}
}
