package booktest_test

import (
	"errors"

	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/book/booktest"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// The aggregate of these tests is opened with a value, and other values are
// stated of it. A value is due in the year 2030; from 3 on, that is settled.
type (
	event  interface{ book.Event }
	opened struct {
		terms.Fact
		Value int
	}
	stated struct {
		terms.Fact
		Value int
	}
	corrected struct{ book.Corrected[event] }
	voided    struct{ book.Voided }
	disputed  struct{ book.Disputed }
	ruled     struct{ book.Ruled }
	fellDue   struct{ book.FellDue }
)

func (opened) Classifies() es.Visibility { return es.Public }

// state is a book; what else it holds, a good aggregate does not use.
type state struct {
	book  book.Book[event]
	added map[string]int // how many events of a type
}

type subject = booktest.Subject[event, state, event]

var (
	rules      = book.NewRules("made", "thing", func(event) error { return nil }).Reopening()
	errUndated = errors.New("it is not known when")
)

// made returns an aggregate that keeps the laws.
func made() *subject {
	return &subject{
		Decider:  es.Decider[event, state, event]{Decide: decide, Evolve: evolve},
		Book:     func(s *state) *book.Book[event] { return &s.book },
		Openings: []event{opened{Value: 1}, opened{Value: 2}, opened{Fact: terms.Fact{Status: terms.Announced}}},
		Fact: func(t *rapid.T, f terms.Fact) event {
			return stated{f, rapid.IntRange(0, 4).Draw(t, "value")}
		},
		Revise:   revise,
		Answers:  func(s *state) any { return values(s, book.Held[event].Moves) },
		Findings: findings,
		Correct:  func(c book.Corrected[event]) event { return corrected{c} },
		Void:     func(v book.Voided) event { return voided{v} },
		Dispute:  func(d book.Disputed) event { return disputed{d} },
		Rule:     func(r book.Ruled) event { return ruled{r} },
		Dated:    []error{errUndated},
		Reopen:   func(e event) event { return e },
		Dues:     dues,
		MarkDue:  func(f book.FellDue) event { return fellDue{f} },
	}
}

func decide(e event, s state) ([]event, error) {
	switch e := e.(type) {
	case opened:
		return rules.Open(&s.book, e)
	case corrected, voided, disputed, ruled:
		return rules.Amend(&s.book, e)
	case fellDue:
		return rules.Mark(&s.book, e, dues(&s))
	default:
		return rules.Record(&s.book, e)
	}
}

func evolve(s state, _ es.Revision, e event) state {
	s.book.Add(e)
	return s
}

func revise(t *rapid.T, e event) event {
	if e, ok := e.(stated); ok {
		e.Value = rapid.IntRange(0, 4).Draw(t, "other value")
		return e
	}
	return e
}

func findings(s *state) []terms.Finding {
	if !s.book.Exists() {
		return nil
	}
	return book.Findings("made", &s.book)
}

// values are those stated by the facts of which counts is true.
func values(s *state, counts func(book.Held[event]) bool) []int {
	var all []int
	for h := range s.book.Held() {
		if e, ok := h.Event.(stated); ok && s.book.Exists() && counts(h) {
			all = append(all, e.Value)
		}
	}
	return all
}

func dues(s *state) []terms.Due {
	var all []terms.Due
	for h := range s.book.Moving() {
		if e, ok := h.Event.(stated); ok && s.book.Exists() {
			due := terms.Due{Rule: "made.value", Of: h.Revision, On: edtf.MustParse("2030")}
			if e.Value >= 3 {
				due.Settled = h.Revision
			}
			all = append(all, due)
		}
	}
	return all
}
