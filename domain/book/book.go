package book

import (
	"iter"
	"reflect"
	"slices"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Book holds the events of one stream. The zero Book is empty. It is changed
// only by [Book.Add]; to try something out, add to a [Book.Clone].
type Book[E Event] struct {
	entries []entry[E]  // entries[i] is revision i+1
	opening es.Revision // of the last event that opened it, 0 in an empty book
}

type entry[E Event] struct {
	event  E
	voided es.Revision   // by which event, 0 if it is not
	about  []es.Revision // the amendments that name it, in order
}

// Held is a fact as the ledger holds it now.
type Held[E Event] struct {
	Revision es.Revision // of the event that first recorded it
	By       es.Revision // of the event that gave it its present values
	Event    E           // with those values
	Fact     terms.Fact  // that event's
	// Dispute is the revision of an unsettled dispute, 0 if there is none.
	Dispute es.Revision
	// SetAside is the revision of a ruling that it does not hold, or 0.
	SetAside es.Revision
}

// Moves reports whether the fact moves state and satisfies guards: it is
// recorded, not in dispute, and not set aside (rule 5 of the ledger).
func (h Held[E]) Moves() bool {
	return h.Fact.Status == terms.Recorded && h.Dispute == 0 && h.SetAside == 0
}

// Add appends the next event of the stream.
func (b *Book[E]) Add(e E) {
	b.entries = append(b.entries, entry[E]{event: e})
	at := es.Revision(len(b.entries))
	if at == 1 || !b.Exists() && opens(e) {
		b.opening = at
	}
	if a, ok := any(e).(amendment); ok {
		of, _ := a.about()
		if of == 0 || of >= at || e.About().Status != terms.Recorded || !b.restates(a, of) {
			return // no decider lets this happen; a book made from such a stream still reads
		}
		target := &b.entries[of-1]
		target.about = append(target.about, at)
		if _, ok := a.(voiding); ok && target.voided == 0 {
			target.voided = at
		}
	}
}

// opens reports whether e is the kind of event that opens a stream: one that
// says who may see it.
func opens(e any) bool {
	_, classifies := e.(es.Classifier)
	_, again := e.(reclassification)
	return classifies && !again
}

// Exists reports whether there is such an aggregate: it was opened, and the
// opening was not voided. One whose stream follows from what it is about can
// be opened again; what was said before then belongs to the voided opening.
func (b *Book[E]) Exists() bool { return b.opening > 0 && !b.Voided(b.opening) }

// restates reports whether a, if it is a correction, has the type of the event
// at a revision.
func (b *Book[E]) restates(a amendment, of es.Revision) bool {
	c, ok := a.(correction[E])
	return !ok || reflect.TypeOf(c.restated()) == reflect.TypeOf(b.entries[of-1].event)
}

// Clone returns a copy that can be added to while b stays as it is.
func (b *Book[E]) Clone() Book[E] {
	c := Book[E]{slices.Clone(b.entries), b.opening}
	for i := range c.entries {
		c.entries[i].about = slices.Clip(c.entries[i].about)
	}
	return c
}

// Revision returns the number of events added.
func (b *Book[E]) Revision() es.Revision { return es.Revision(len(b.entries)) }

// Held yields, in the order of their recording, the facts that were not
// voided, as they are after the corrections; none if the opening was voided.
// Amendments are not facts.
func (b *Book[E]) Held() iter.Seq[Held[E]] {
	return func(yield func(Held[E]) bool) {
		if !b.Exists() {
			return
		}
		for i := max(b.opening, 1) - 1; int(i) < len(b.entries); i++ {
			if _, ok := any(b.entries[i].event).(amendment); ok || b.entries[i].voided != 0 {
				continue
			}
			if !yield(b.held(i + 1)) {
				return
			}
		}
	}
}

// Fact is [Held] for who does not know E.
type Fact struct {
	Revision es.Revision // of the event that first recorded it
	// Touched is the last event that says something of it (a correction, a
	// dispute, a ruling on one), voided or not; Revision, if there is none.
	Touched es.Revision
	Event   any // as it is now
}

// Facts is [Book.Held] for who does not know E.
func (b *Book[E]) Facts() iter.Seq[Fact] {
	return func(yield func(Fact) bool) {
		for h := range b.Held() {
			if !yield(Fact{h.Revision, b.touched(h.Revision), h.Event}) {
				return
			}
		}
	}
}

// touched returns the last event that says something of that at r, or of what
// was said of it.
func (b *Book[E]) touched(r es.Revision) es.Revision {
	last := r
	for _, at := range b.entries[r-1].about {
		last = max(last, b.touched(at))
	}
	return last
}

// Moving yields those of [Book.Held] that move state.
func (b *Book[E]) Moving() iter.Seq[Held[E]] {
	return func(yield func(Held[E]) bool) {
		for h := range b.Held() {
			if h.Moves() && !yield(h) {
				return
			}
		}
	}
}

// Describing yields those of [Book.Moving], and the opening whatever its status:
// what something is called and about is no state, and is told also of what is
// only announced, or contested.
func (b *Book[E]) Describing() iter.Seq[Held[E]] {
	return func(yield func(Held[E]) bool) {
		for h := range b.Held() {
			if (h.Revision == b.opening || h.Moves()) && !yield(h) {
				return
			}
		}
	}
}

// At returns the fact first recorded at a revision, and whether there is one
// that was not voided.
func (b *Book[E]) At(r es.Revision) (Held[E], bool) {
	if r < max(b.opening, 1) || r > b.Revision() || b.entries[r-1].voided != 0 {
		return Held[E]{}, false
	}
	if _, ok := any(b.entries[r-1].event).(amendment); ok {
		return Held[E]{}, false
	}
	return b.held(r), true
}

// Opening returns the fact that opened the stream, and whether that was not
// voided.
func (b *Book[E]) Opening() (Held[E], bool) { return b.At(b.opening) }

// Voided reports whether there is an event at a revision and it was voided, or
// belongs to an opening that was, after which there was another.
func (b *Book[E]) Voided(r es.Revision) bool {
	return r > 0 && r <= b.Revision() && (r < b.opening || b.entries[r-1].voided != 0)
}

func (b *Book[E]) held(r es.Revision) Held[E] {
	x := &b.entries[r-1]
	h := Held[E]{Revision: r, By: r, Event: x.event}
	for _, at := range x.about {
		if b.Voided(at) {
			continue
		}
		switch a := any(b.entries[at-1].event).(type) {
		case correction[E]:
			h.Event, h.By = a.restated(), at
		case dispute:
			switch settled, upheld := b.ruling(at); {
			case settled == 0:
				h.Dispute = at
			case !upheld:
				h.SetAside = settled
			}
		}
	}
	h.Fact = h.Event.About()
	return h
}

// ruling returns the last ruling on the dispute at a revision, 0 if none.
func (b *Book[E]) ruling(disputed es.Revision) (at es.Revision, upheld bool) {
	for _, r := range b.entries[disputed-1].about {
		if u, ok := any(b.entries[r-1].event).(ruling); ok && !b.Voided(r) {
			at, upheld = r, u.upholds()
		}
	}
	return at, upheld
}
