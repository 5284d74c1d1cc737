package memorandum

import (
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// A guard fails with [es.ErrRejected] if a fact that takes effect on a date
// would break the structure of the agreement. What the dates leave undecided
// passes, and becomes a finding.
type guard func(s *State, r *reading, on edtf.Date) error

// record records a fact unless a guard stands against it. Guards ask only of
// recorded facts: an announced signature binds nobody (rule 5 of the ledger).
func (s *State) record(e Event, guards ...guard) ([]Event, error) {
	if e.About().Status != terms.Recorded {
		return rules.Record(&s.book, e)
	}
	return s.recordAny(e, guards...)
}

// recordAny is record with guards that ask of facts of any status.
func (s *State) recordAny(e Event, guards ...guard) ([]Event, error) {
	events, err := rules.Record(&s.book, e)
	if err != nil || len(events) == 0 {
		return nil, err
	}
	r := s.read()
	for _, g := range guards {
		if err := g(s, r, e.About().From()); err != nil {
			return nil, err
		}
	}
	return events, nil
}

// carryOver opens the record, or adds what a second register says.
func (s *State) carryOver(e CarriedOver) ([]Event, error) {
	if s.book.Revision() == 0 {
		return rules.Open(&s.book, e)
	}
	return rules.Record(&s.book, e)
}

// mayJoin fails unless the agreement is open to any party, or id is invited.
func mayJoin(id terms.PartyID) guard {
	return func(_ *State, r *reading, _ edtf.Date) error {
		p := r.parties[id]
		if r.open || p != nil && (len(p.invited) > 0 || p.carried != nil) {
			return nil
		}
		return ErrNotInvited
	}
}

// notClosed fails if the time for signature had certainly run out.
func notClosed(_ *State, r *reading, on edtf.Date) error {
	if len(r.opened) > 0 && edtf.Before(r.until, on) == edtf.Yes {
		return ErrNotOpen
	}
	for _, c := range r.closed {
		if edtf.Before(c.from, on) == edtf.Yes {
			return ErrNotOpen
		}
	}
	return nil
}

// notEnded fails if the agreement had certainly ended.
func notEnded(s *State, _ *reading, on edtf.Date) error {
	for _, span := range s.Phases() {
		if span.Rank == rankEnded && !span.Doubt && edtf.Before(span.From, on) == edtf.Yes {
			return ErrEnded
		}
	}
	return nil
}

// notInForce fails if the agreement was certainly in force.
func notInForce(s *State, _ *reading, on edtf.Date) error {
	for _, span := range s.Phases() {
		if span.Phase == PhaseInForce && !span.Doubt && edtf.Before(span.From, on) == edtf.Yes {
			return ErrInForce
		}
	}
	return nil
}

// notTwice fails if the party has consented by other means in the same round
// of participation. By the same means it is a competing assertion.
func notTwice(e Consented) guard {
	return func(s *State, r *reading, on edtf.Date) error {
		p := r.parties[e.Party.ID]
		if p == nil || (e.Means != "accession" && e.Means != "succession") {
			return nil
		}
		probe := dated{at: s.book.Revision() + 1, from: on}
		trial := *p
		trial.consented = append(trial.consented[:len(trial.consented):len(trial.consented)], probe)
		for _, round := range trial.rounds(r.terms.Notice) {
			if n := len(round.consented); n < 2 || round.consented[n-1].at != probe.at {
				continue
			}
			if p.means[round.consented[0].at] != e.Means {
				return ErrAlreadyParty
			}
		}
		return nil
	}
}

// party fails unless all ids take part: they signed or consented.
func party(ids ...terms.PartyID) guard {
	return func(_ *State, r *reading, _ edtf.Date) error {
		for _, id := range ids {
			p := r.parties[id]
			if p == nil || len(p.signed) == 0 && len(p.consented) == 0 && p.carried == nil {
				return ErrNotParty
			}
		}
		return nil
	}
}

// known fails unless the party is mentioned at all.
func known(id terms.PartyID) guard {
	return func(_ *State, r *reading, _ edtf.Date) error {
		if r.parties[id] == nil {
			return ErrNotInvited
		}
		return nil
	}
}

func noticed(id terms.PartyID) guard {
	return func(_ *State, r *reading, _ edtf.Date) error {
		if p := r.parties[id]; p == nil || len(p.notices) == 0 {
			return ErrNoNotice
		}
		return nil
	}
}

func suspended(_ *State, r *reading, _ edtf.Date) error {
	if len(r.suspension) == 0 && (len(r.carried) == 0 || r.carried[0].phase != PhaseSuspended) {
		return ErrNotSuspended
	}
	return nil
}

func provisional(_ *State, r *reading, _ edtf.Date) error {
	if len(r.provisional) == 0 && (len(r.carried) == 0 || r.carried[0].phase != PhaseProvisional) {
		return ErrNotProvisional
	}
	return nil
}

// unused fails if the key is that of another such fact, whatever its status.
func unused(e Event) guard {
	return func(s *State, _ *reading, _ edtf.Date) error {
		if s.has(e) {
			return ErrKeyTaken
		}
		return nil
	}
}

// has reports whether there is a fact of the type and with the key of e.
func (s *State) has(e Event) bool {
	for h := range s.book.Held() {
		if key(e) != "" && key(h.Event) == key(e) {
			return true
		}
	}
	return false
}

// key returns what names a reservation, an amendment or an undertaking within
// the agreement, "" for other events.
func key(e Event) string {
	switch e := e.(type) {
	case Reserved:
		return "reservation/" + string(e.Key)
	case AmendmentAdopted:
		return "amendment/" + string(e.Key)
	case Undertaken:
		return "undertaking/" + string(e.Key)
	default:
		return ""
	}
}

// reserved, amended and undertaken fail unless there is such a thing.
func reserved(k Key) guard   { return there(Reserved{Key: k}, ErrNoReservation) }
func amended(k Key) guard    { return there(AmendmentAdopted{Key: k}, ErrNoAmendment) }
func undertaken(k Key) guard { return there(Undertaken{Key: k}, ErrNoUndertaking) }

func there(e Event, missing *es.Error) guard {
	return func(s *State, _ *reading, _ edtf.Date) error {
		if !s.has(e) {
			return missing
		}
		return nil
	}
}
