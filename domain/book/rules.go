package book

import (
	"reflect"
	"slices"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Rules is what the deciders of all aggregates have in common.
type Rules[E Event] struct {
	// Check fails with [es.ErrInvalid] unless an event is complete in itself.
	Check func(e E) error
	// Guard, if set, fails with [es.ErrRejected] if e, which is to be at a
	// revision, would break the structure of what b holds besides it. It is
	// asked of every fact after the first, and of what a correction restates.
	Guard func(b *Book[E], e E, at es.Revision) error
	// Reopens says that the stream can be opened again if its opening was
	// voided, because what it is about gives it its name (see [es.Keyed]).
	Reopens bool
	// ErrUnknown, ErrExists and ErrVoid are what a command meets when there is
	// no such aggregate, when it was opened already, and when its opening was
	// voided.
	ErrUnknown, ErrExists, ErrVoid *es.Error
	// ErrNotDue is what [Rules.Mark] meets when nothing such falls due.
	ErrNotDue *es.Error
}

// NewRules returns the rules of an aggregate kind, which is called noun.
func NewRules[E Event](kind, noun string, check func(E) error) Rules[E] {
	return Rules[E]{
		Check:      check,
		ErrUnknown: es.NotFound(kind+".unknown", "there is no such "+noun),
		ErrExists: es.Rejected(kind+".exists", "this "+noun+" is in the ledger already",
			"a fact about the record that is there, or a correction of its opening"),
		ErrVoid: es.Rejected(kind+".void", "this "+noun+" was recorded in error, and nothing more can be said of it",
			"another record, if there is something to record"),
		ErrNotDue: es.Rejected(kind+".not_due", "nothing of this "+noun+" falls due so",
			"a day that follows from the facts, by the rule and of the event that it follows from"),
	}
}

// Reopening returns r for streams that can be opened again.
func (r Rules[E]) Reopening() Rules[E] {
	r.Reopens = true
	return r
}

// With returns r with a guard.
func (r Rules[E]) With(guard func(b *Book[E], e E, at es.Revision) error) Rules[E] {
	r.Guard = guard
	return r
}

// Open decides on the first event of a stream, and of one that can be opened
// again.
func (r Rules[E]) Open(b *Book[E], e E) ([]E, error) {
	if b.Revision() > 0 && (b.Exists() || !r.Reopens) {
		return nil, r.ErrExists
	}
	if err := r.Check(e); err != nil {
		return nil, err
	}
	return []E{e}, nil
}

// Exists fails with ErrUnknown or ErrVoid unless something can be said of the
// aggregate.
func (r Rules[E]) Exists(b *Book[E]) error {
	switch {
	case b.Revision() == 0:
		return r.ErrUnknown
	case !b.Exists():
		return r.ErrVoid
	}
	return nil
}

// Record decides on a fact, unless the guard stands against it. What the book
// says already is not recorded again.
func (r Rules[E]) Record(b *Book[E], e E) ([]E, error) {
	if err := r.Exists(b); err != nil {
		return nil, err
	}
	if err := r.Check(e); err != nil {
		return nil, err
	}
	if _, ok := any(e).(reclassification); ok {
		if err := unsure(e); err != nil {
			return nil, err
		}
	}
	if b.Says(e) {
		return nil, nil
	}
	if r.Guard != nil {
		if err := r.Guard(b, e, b.Revision()+1); err != nil {
			return nil, err
		}
	}
	return []E{e}, nil
}

// Mark decides on an event that says that one of dues, which are those of the
// aggregate, fell due. Whether its day has come is for the caller to know, who
// has a clock.
func (r Rules[E]) Mark(b *Book[E], e E, dues []terms.Due) ([]E, error) {
	if err := r.Exists(b); err != nil {
		return nil, err
	}
	fell := any(e).(interface{ Fell() FellDue }).Fell()
	is := func(d terms.Due) bool {
		return d.Rule == fell.Rule && d.Of == fell.Of && d.Key == fell.Key && d.On == fell.On && d.Settled == 0
	}
	if fell.Fact != (terms.Fact{Occurred: fell.On}) || !slices.ContainsFunc(dues, is) {
		return nil, r.ErrNotDue
	}
	if b.Says(e) {
		return nil, nil
	}
	return []E{e}, nil
}

// Amend decides on an event about another event. What would leave everything
// as it is, is not recorded.
func (r Rules[E]) Amend(b *Book[E], e E) ([]E, error) {
	if b.repeats(e) {
		return nil, nil
	}
	if err := r.Exists(b); err != nil {
		return nil, err
	}
	if err := b.CheckAmendment(e); err != nil {
		return nil, err
	}
	if c, ok := any(e).(correction[E]); ok {
		of, _ := any(e).(amendment).about()
		return r.restate(b, of, e, c.restated())
	}
	return []E{e}, nil
}

// restate decides on a correction by which the event at a revision is to be as.
func (r Rules[E]) restate(b *Book[E], of es.Revision, correction, as E) ([]E, error) {
	if err := r.Check(as); err != nil {
		return nil, err
	}
	if h, ok := b.At(of); ok && reflect.DeepEqual(h.Event, as) {
		return nil, nil
	}
	if r.Guard != nil && of != b.opening { // no guard is about the opening
		without := b.Clone()
		without.entries[of-1].voided = of
		if err := r.Guard(&without, as, of); err != nil {
			return nil, err
		}
	}
	return []E{correction}, nil
}
