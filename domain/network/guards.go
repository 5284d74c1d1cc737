package network

import (
	"slices"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// breach is a broken part of the structure, and of what.
type breach struct {
	err *es.Error
	of  string
}

// broken is a breach with how far it goes, and the events it rests on.
type broken struct {
	breach
	by     int
	events []es.Revision
}

// guard fails with [es.ErrRejected] if e, a fact or a correction, would break
// the structure of the network, or break it further. What a voiding or a ruling
// broke already does not stand against anything else.
func (s *State) guard(e Event) error {
	after := State{book: s.book.Clone()}
	after.book.Add(e)
	c, corrects := e.(Corrected)
	if corrects {
		e = c.As
	}
	_, charters := e.(BodyEstablished)
	before := map[breach]int{}
	for _, b := range s.broken() {
		before[b.breach] = b.by
	}
	for _, b := range after.broken() {
		excused := corrects && charters && b.err == ErrNoSeat
		if b.by > before[b.breach] && !excused {
			return b.err
		}
	}
	return s.notDissolved(e)
}

// notDissolved fails if the network had certainly been dissolved before a
// recorded fact, unless that is about winding it up.
func (s *State) notDissolved(e Event) error {
	f := e.About()
	if f.Status != terms.Recorded || windsUp(e) {
		return nil
	}
	if end, ok := s.read().ended(); ok && edtf.Before(end.from, f.From()) == edtf.Yes {
		return ErrDissolved
	}
	return nil
}

// windsUp reports whether a fact can follow the dissolution, or is none about
// the life of the network.
func windsUp(e Event) bool {
	switch e.(type) {
	case SupporterEnded, SeatVacated, SecretariatEnded, DecisionRecorded:
		return true
	case Registered, CarriedOver, Dissolved, Reclassified, FellDue, Corrected, Voided, Disputed, Ruled:
		return true
	default:
		return false
	}
}

// broken returns what is broken of the network's structure, keys first.
func (s *State) broken() []broken {
	if !s.Exists() {
		return nil
	}
	t := &tally{}
	s.brokenKeys(t)
	r := s.read()
	r.brokenSeats(t)
	r.brokenOffice(t)
	for _, l := range r.astray {
		switch l.what {
		case aSeat:
			t.add(ErrNotSeated, string(l.body), l.By)
		case anOffice:
			t.add(ErrNotInOffice, "", l.By)
		}
	}
	return t.all
}

// tally adds breaches up.
type tally struct{ all []broken }

func (t *tally) add(err *es.Error, of string, events ...es.Revision) {
	t.addBy(1, err, of, events...)
}

func (t *tally) addBy(n int, err *es.Error, of string, events ...es.Revision) {
	b := breach{err, of}
	i := slices.IndexFunc(t.all, func(x broken) bool { return x.breach == b })
	if i < 0 {
		i, t.all = len(t.all), append(t.all, broken{breach: b})
	}
	t.all[i].by += n
	t.all[i].events = append(t.all[i].events, events...)
}

// name is what a key stands for: a body of a kind, or a class of members.
type name struct {
	key   Key
	kind  BodyKind
	title terms.Text // of a class
}

// clashes reports whether two names with one key are of different things. The
// same body from another source, or with another capacity, competes.
func (n name) clashes(m name) bool {
	return n.key == m.key && (n.kind != m.kind || n.title.Lang == m.title.Lang && n.title.Value != m.title.Value)
}

// names returns the keys that a fact gives.
func names(e Event) []name {
	var all []name
	switch e := e.(type) {
	case BodyEstablished:
		all = append(all, name{key: e.Key, kind: e.Charter.Kind})
	case CarriedOver:
		for _, b := range e.Bodies {
			all = append(all, name{key: b.Key, kind: b.Charter.Kind})
		}
	default:
	}
	for _, c := range classesOf(e) {
		all = append(all, name{key: c.Key, title: c.Title})
	}
	return all
}

// bodyOf returns the body that a fact names and does not set up, or "".
func bodyOf(e Event) Key {
	switch e := e.(type) {
	case BodyDissolved:
		return e.Body
	case SeatNominated:
		return e.Body
	case SeatFilled:
		return e.Body
	case SeatVacated:
		return e.Body
	case Counted:
		return e.Body
	case DecisionRecorded:
		return e.Body
	default:
		return ""
	}
}

// brokenKeys finds keys that are of several things, or of no body. They are
// asked of facts of any status: an announced seat too is in a body, which may be
// announced.
func (s *State) brokenKeys(t *tally) {
	var known []name
	bodies := map[Key]bool{"": true}
	for h := range s.book.Held() {
		for _, n := range names(h.Event) {
			if slices.ContainsFunc(known, n.clashes) {
				t.add(ErrKeyTaken, string(n.key), h.Revision)
			}
			known = append(known, n)
			bodies[n.key] = bodies[n.key] || n.kind != ""
		}
	}
	for h := range s.book.Held() {
		if key := bodyOf(h.Event); !bodies[key] {
			t.add(ErrNoBody, string(key), h.Revision)
		}
	}
}

// brokenSeats finds parties with two seats in a body at once, and bodies in
// which more seats are held at once than there are.
func (r *reading) brokenSeats(t *tally) {
	of := map[whose][]*stay{}
	for _, s := range r.seats {
		if !s.Moves {
			continue
		}
		for _, other := range of[s.whose()] {
			if overlap(other.tenure(), s.tenure()) == edtf.Yes {
				t.add(ErrSeated, string(s.says.Body)+"/"+string(s.party), other.By, s.By)
			}
		}
		of[s.whose()] = append(of[s.whose()], &s.stay)
	}
	for _, key := range r.order {
		b := r.bodies[key]
		limit, ok := b.limit()
		if !ok || !b.shown.Moves || b.shown.Charter.Capacity.Kind == approximate {
			continue
		}
		if n, events := r.peak(key, Tenure.certain); n > limit {
			t.addBy(n-limit, ErrNoSeat, string(key), append(events, b.shown.By)...)
		}
	}
}

// limit returns how many seats a body has, and whether that is stated.
func (b *body) limit() (int, bool) {
	if b.shown.By == 0 || b.shown.Charter.Capacity == nil {
		return 0, false
	}
	return b.shown.Charter.Capacity.Number, true
}

// peak returns the most parties that have seats in a body on one day, by those
// days of their tenure that count, and the events that gave them.
func (r *reading) peak(key Key, counting func(Tenure) days) (most int, events []es.Revision) {
	type held struct {
		days
		s *seat
	}
	var all []held
	for _, s := range r.seats {
		if s.says.Body == key && s.counts() {
			all = append(all, held{counting(s.tenure()), s})
		}
	}
	for _, first := range all {
		if first.hi < first.lo {
			continue
		}
		parties := map[terms.PartyID]bool{}
		var by []es.Revision
		for _, h := range all {
			if h.has(first.lo) {
				parties[h.s.party] = true
				by = append(by, h.s.By)
			}
		}
		if len(parties) > most {
			most, events = len(parties), by
		}
	}
	return most, events
}

// brokenOffice finds two who are the secretariat at once.
func (r *reading) brokenOffice(t *tally) {
	r.pairs(func(a, b *office, at edtf.Truth) {
		if at == edtf.Yes {
			t.add(ErrInOffice, "", a.By, b.By)
		}
	})
}

// pairs calls visit for every two stays in office, in order of recording, that
// certainly or perhaps overlap. Who was replaced left as the other came.
func (r *reading) pairs(visit func(a, b *office, at edtf.Truth)) {
	for i, b := range r.offices {
		for _, a := range r.offices[:i] {
			if !a.Moves || !b.Moves || a.left.By == b.By || b.left.By == a.By {
				continue
			}
			if at := overlap(a.tenure(), b.tenure()); at != edtf.No {
				visit(a, b, at)
			}
		}
	}
}
