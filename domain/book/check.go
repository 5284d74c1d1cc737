package book

import (
	"fmt"
	"reflect"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Says reports whether the book holds e already: the same fact, with the same
// values, from the same source. Recording it again would change nothing.
func (b *Book[E]) Says(e E) bool {
	reversible, ok := any(e).(Reversible)
	said := false
	for h := range b.Held() {
		if !ok {
			if reflect.DeepEqual(h.Event, e) {
				return true
			}
			continue
		}
		r, rival := any(h.Event).(Reversible)
		if rival && r.Reverses() == reversible.Reverses() && h.Fact.Status == e.About().Status {
			said = reflect.DeepEqual(h.Event, e)
		}
	}
	return said
}

// repeats reports whether e, a voiding, dispute or ruling, is the one that has
// effect already, in the same words.
func (b *Book[E]) repeats(e E) bool {
	a, ok := any(e).(amendment)
	if !ok {
		return false
	}
	of, _ := a.about()
	if of == 0 || of > b.Revision() {
		return false
	}
	same := func(at es.Revision) bool { return at != 0 && reflect.DeepEqual(b.entries[at-1].event, e) }
	switch a.(type) {
	case voiding:
		return same(b.entries[of-1].voided)
	case ruling:
		at, _ := b.ruling(of)
		return same(at)
	case dispute:
		for _, at := range b.entries[of-1].about {
			if settled, _ := b.ruling(at); settled == 0 && !b.Voided(at) && same(at) {
				return true
			}
		}
	}
	return false
}

// unsure is what an event meets that acts on the book, and so is either
// recorded or not made at all (rule 5 of the ledger).
func unsure(e Event) error {
	if e.About().Status == terms.Recorded {
		return nil
	}
	return es.Invalid("book.not_recorded", "what is said of earlier events is recorded or not said at all", "recorded").At("/fact/status")
}

// CheckAmendment fails with [es.ErrInvalid] or [es.ErrRejected] unless e, an
// amendment of this book's own types, names an event it can be about.
func (b *Book[E]) CheckAmendment(e E) error {
	a, ok := any(e).(amendment)
	if !ok {
		return nil
	}
	of, reason := a.about()
	field := "/reason"
	if _, ok := a.(dispute); ok {
		field = "/grounds"
	}
	if err := terms.First(terms.CheckText(field, reason), unsure(e)); err != nil {
		return err
	}
	if of == 0 || of > b.Revision() {
		return es.Invalid("book.no_such_event", fmt.Sprintf("the stream has no event at revision %d", of),
			fmt.Sprintf("a revision from 1 to %d", b.Revision())).At("/of")
	}
	if b.Voided(of) {
		return es.Rejected("book.voided", fmt.Sprintf("the event at revision %d is void already", of),
			"an event that is not void; what was voided by mistake is recorded again")
	}
	return b.checkTarget(a, b.entries[of-1].event)
}

func (b *Book[E]) checkTarget(a amendment, target E) error {
	_, derived := any(target).(Derived)
	_, amends := any(target).(amendment)
	_, voids := any(target).(voiding)
	_, disputes := any(target).(dispute)
	_, reclassifies := any(target).(reclassification)
	switch a := a.(type) {
	case correction[E]:
		if derived || amends {
			return es.Invalid("book.not_a_fact", "only a fact as first recorded can be corrected", "the revision of that event").At("/of")
		}
		if as := reflect.TypeOf(a.restated()); as != reflect.TypeOf(target) {
			return es.Invalid("book.other_type", "a correction restates an event of the same type", "the type of the event at that revision").At("/as")
		}
		if was, ok := any(target).(es.Classifier); ok && any(a.restated()).(es.Classifier).Classifies() != was.Classifies() {
			return es.Invalid("book.other_visibility", "a correction does not change who may see the stream",
				"the visibility as it was recorded, and a reclassification").At("/as/data/visibility")
		}
	case voiding:
		if derived || voids || reclassifies {
			return es.Invalid("book.not_voidable", "what was derived, a voiding and a reclassification cannot be voided",
				"the revision of a fact, correction, dispute or ruling").At("/of")
		}
	case dispute:
		if amends || reclassifies {
			return es.Invalid("book.not_a_fact", "only a fact can be disputed", "the revision of that event").At("/of")
		}
	case ruling:
		if !disputes {
			return es.Invalid("book.not_a_dispute", "a ruling settles a dispute", "the revision of the dispute").At("/of")
		}
	}
	return nil
}
