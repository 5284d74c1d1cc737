package booktest

import (
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Subject is an aggregate with commands C, state S and events E.
type Subject[C, S any, E book.Event] struct {
	Decider es.Decider[C, S, E]
	Book    func(s *S) *book.Book[E]
	// Openings are the first events that histories begin with.
	Openings []E
	// Fact draws a command other than those about earlier events, which has f
	// and can follow an opening.
	Fact func(t *rapid.T, f terms.Fact) C
	// Revise, if set, draws other values of an event, which corrections give it;
	// it returns e where there are none. Otherwise they give another fact only.
	Revise func(t *rapid.T, e E) E
	// Answers returns all that the ledger says of a state but for revisions,
	// findings and dues.
	Answers  func(s *S) any
	Findings func(s *S) []terms.Finding

	Correct func(book.Corrected[E]) C
	Void    func(book.Voided) C
	Dispute func(book.Disputed) C
	Rule    func(book.Ruled) C
	// Dated are the errors that only a fact with a date can meet.
	Dated []error

	// Outlasts, if set, reports whether a command of [Subject.Fact] is accepted
	// also of what was opened in error. What it leads to is in no answer.
	Outlasts func(c C) bool
	// Reopen returns the command that leads to an opening. It is set if a stream
	// can be opened again (see [book.Rules.Reopening]).
	Reopen func(opening E) C
	// Dues returns the days that follow, and MarkDue the command that says that
	// one came. They are set if there can be any.
	Dues    func(s *S) []terms.Due
	MarkDue func(book.FellDue) C
}
