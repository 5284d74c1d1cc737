package membership

import (
	"cmp"
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
)

// mark is a point in a member's life: a step, a change of class, the beginning
// or the end of a pause.
type mark struct {
	step
	key   edtf.Day // by which marks are ordered
	pause int      // 1 and up: of that pause, less one
	turn  turn
}

// turn is what a mark says of a pause.
type turn int

const (
	begins turn = iota
	mayEnd      // from then on it has perhaps ended
	ends
)

// life returns the spans of a round in which the party is a member: none unless
// a fact says that it came to be one.
func (x *round) life() []Span {
	if len(x.evidence()) == 0 {
		return nil
	}
	pauses := x.pauses()
	t := timeline{pauses: pauses, open: make([]bool, len(pauses))}
	for _, m := range x.marks(pauses) {
		t.add(m)
	}
	return t.spans
}

// marks returns the marks in their order: the steps in that of a membership's
// life, whatever their dates; the rest by date, and where that is undecidable
// after the steps. A pause goes on until its end is certain.
func (x *round) marks(pauses []pause) []mark {
	var marks []mark
	key := edtf.MinDay
	for _, s := range []step{cmp.Or(book.One(x.admitted), x.vouchedFor()), book.One(x.signed), book.One(x.activated)} {
		if s.at != 0 {
			key = max(key, s.from.Earliest())
			marks = append(marks, mark{step: s, key: key})
		}
	}
	steps := marks
	after := func(d dated) edtf.Day {
		key := d.from.Earliest()
		for _, s := range steps {
			if edtf.Before(d.from, s.from) != edtf.Yes {
				key = max(key, s.key)
			}
		}
		return key
	}
	for _, c := range x.classes {
		marks = append(marks, mark{step: c, key: after(c.dated)})
	}
	for i, p := range pauses {
		begun := mark{step: step{dated: p.dated}, key: after(p.dated), pause: i + 1}
		if v := book.One(x.vouched); v.at == p.at {
			begun.class, begun.own = v.class, v.own
		}
		marks = append(marks, begun)
		if p.end.at == 0 {
			continue
		}
		end := mark{step: step{dated: p.end}, key: max(begun.key, p.end.from.Latest()), pause: i + 1, turn: ends}
		if p.end.vague() {
			perhaps := end
			perhaps.turn, perhaps.key = mayEnd, max(begun.key, p.end.from.Earliest())
			marks = append(marks, perhaps)
		}
		marks = append(marks, end)
	}
	slices.SortStableFunc(marks, func(a, b mark) int { return cmp.Compare(a.key, b.key) })
	return marks
}

// vouchedFor is what an older register says of a member, as a step unless it
// says that the membership rests.
func (x *round) vouchedFor() step {
	s := book.One(x.vouched)
	if s.standing == StandingOnHold || s.standing == StandingSuspended {
		return step{}
	}
	return s
}

// timeline is a member's life as far as it was gone through.
type timeline struct {
	pauses  []pause
	open    []bool // of pauses
	reached Standing
	class   Class
	own     Key
	spans   []Span
}

func (t *timeline) add(m mark) {
	if m.class != "" || m.own != "" {
		t.class, t.own = m.class, m.own
	}
	switch {
	case m.pause > 0:
		t.turn(m)
	case m.standing == "":
		t.reclass(m)
	case m.standing.rank() > t.reached.rank():
		t.reached = m.standing
		if resting, _ := t.resting(); resting == "" {
			t.emit(m.standing, m.dated, false)
		}
	}
}

// turn begins or ends a pause. Who has rested is active then.
func (t *timeline) turn(m mark) {
	p, open := t.pauses[m.pause-1], &t.open[m.pause-1]
	*open = m.turn == begins
	then := StandingActive
	if p.doubt {
		then = t.reached
	}
	resting, perhaps := t.resting()
	switch {
	case m.turn == begins && p.doubt:
		perhaps = []pause{p} // what is certain stays
	case resting != "":
		if m.turn != ends || !m.vague() {
			t.emit(resting, m.dated, false)
		}
	default:
		t.emit(then, m.dated, false)
	}
	if m.turn == mayEnd {
		*open = true
		return
	}
	if m.turn == ends {
		t.reached = then
	}
	for _, q := range perhaps {
		if q.standing.rank() > resting.rank() {
			t.emit(q.standing, dated{q.at, later(q.from, m.from)}, true)
		}
	}
}

// resting is the gravest pause that certainly goes on, and those that perhaps
// do.
func (t *timeline) resting() (certain Standing, perhaps []pause) {
	for i, p := range t.pauses {
		switch {
		case !t.open[i]:
		case p.doubt:
			perhaps = append(perhaps, p)
		case p.standing.rank() > certain.rank():
			certain = p.standing
		}
	}
	return certain, perhaps
}

// reclass repeats the standings that hold, or perhaps hold, when the class
// changes.
func (t *timeline) reclass(m mark) {
	certain, perhaps := book.AsOf(t.spans, m.from)
	if certain.Standing != "" {
		perhaps = append([]Span{certain}, perhaps...)
	} else if len(t.spans) > 0 {
		perhaps = t.spans[len(t.spans)-1:]
	}
	for _, s := range slices.Clone(perhaps) {
		t.emit(s.Standing, dated{m.at, later(s.From, m.from)}, s.Doubt)
	}
}

// emit adds a span, unless the one before it says the same by then.
func (t *timeline) emit(standing Standing, d dated, doubt bool) {
	span := Span{Standing: standing, Class: t.class, OwnClass: t.own, From: d.from, By: d.at, Doubt: doubt}
	if n := len(t.spans); n > 0 {
		last := t.spans[n-1]
		same := last.Standing == standing && last.Class == t.class && last.OwnClass == t.own
		if same && !last.Doubt && (last.From.HeldBy(d.from) == edtf.Yes || last.From == d.from) {
			return
		}
	}
	t.spans = append(t.spans, span)
}

// early returns the spans of a round before the admission. A refusal begins
// another attempt.
func (x *round) early() []Span {
	var spans []Span
	add := func(all ...step) {
		if s := book.One(all); s.at != 0 {
			spans = append(spans, Span{Standing: s.standing, Class: s.class, OwnClass: s.own, From: s.from, By: s.at})
		}
	}
	add(x.opened...)
	for _, a := range x.attempts() {
		add(a.refused...)
		for _, standing := range asking {
			add(a.of(standing)...)
		}
	}
	return spans
}

// attempt is the time from one refusal to the next.
type attempt struct{ refused, asked []step }

// asking are the standings of who asks to be admitted, or is asked.
var asking = []Standing{StandingInvited, StandingApplied, StandingUnderReview}

// of returns the steps of an attempt to one standing.
func (a attempt) of(standing Standing) []step {
	return slices.DeleteFunc(slices.Clone(a.asked), func(s step) bool { return s.standing != standing })
}

// attempts sorts what was asked by the refusals between. Refusals with nothing
// asked between them compete.
func (x *round) attempts() []attempt {
	refused := slices.Clone(x.refused)
	slices.SortStableFunc(refused, func(a, b step) int { return compare(a.dated, b.dated) })
	at := stretch(x.asked, len(refused), func(d dated, i int) bool { return book.Follows(d, refused[i]) })
	all := make([]attempt, at.count()+1)
	for _, s := range x.asked {
		i := at.of(s.dated)
		all[i].asked = append(all[i].asked, s)
	}
	for i, s := range refused {
		next := at.group[i] + 1
		all[next].refused = append(all[next].refused, s)
	}
	if last := all[len(all)-1]; len(last.refused)+len(last.asked) == 0 {
		all = all[:len(all)-1]
	}
	for _, a := range all {
		slices.SortFunc(a.refused, func(a, b step) int { return cmp.Compare(a.at, b.at) })
	}
	return all
}
