package actionplan

import (
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
)

// Aggregate is the action plan as the ledger runs it.
var Aggregate = es.NewAggregate("actionplan", Decider, Commands, Events)

// Decider decides commands on one plan.
var Decider = es.Decider[Command, State, Event]{Decide: decide, Evolve: evolve}

var rules = book.NewRules("actionplan", "action plan", check).With(guarded)

// Errors of the decider, besides those of [book.Rules].
var (
	ErrKeyTaken = es.Rejected("actionplan.key_taken", "the key is used already in this version for something else",
		"a key of its own; a later version may set it anew")
	ErrNoAction    = es.Rejected("actionplan.no_action", "there is no action with this key", "the action added first (`actionplan.add_action`)")
	ErrNoMilestone = es.Rejected("actionplan.no_milestone", "there is no milestone with this key",
		"the milestone set first (`actionplan.set_milestone`)")
	ErrNoIndicator = es.Rejected("actionplan.no_indicator", "there is no indicator with this key",
		"the indicator set first (`actionplan.set_indicator`)")
	ErrNoLine = es.Rejected("actionplan.no_line", "there is no budget line with this key",
		"the budget line set first (`actionplan.set_budget_line`)")
	ErrNoReport = es.Rejected("actionplan.no_report", "no report with this key is owed",
		"the report set as owed first (`actionplan.set_report_due`)")
	ErrEnded = es.Rejected("actionplan.ended", "the plan was completed or abandoned by then",
		"a date no later than the end; or, if it did not end then, that fact corrected or voided first")
	ErrVersion = es.Rejected("actionplan.wrong_version", "a revision opens the version after the last one",
		"the number of the last version plus 1")
	ErrExtended = es.Rejected("actionplan.extended_already", "the report was extended already for this due date",
		"the report itself, or the extension corrected")
)

func decide(c Command, s State) ([]Event, error) {
	switch e := c.event().(type) {
	case Drafted, CarriedOver:
		return rules.Open(&s.book, e)
	case Corrected, Voided, Disputed, Ruled:
		return rules.Amend(&s.book, e)
	case FellDue:
		return rules.Mark(&s.book, e, s.Dues())
	default:
		return rules.Record(&s.book, e)
	}
}

// guarded runs the guards of e, at a revision, on what b holds besides it.
func guarded(b *book.Book[Event], e Event, at es.Revision) error {
	s := State{book: *b}
	return s.guard(e, at)
}

func evolve(s State, _ es.Revision, e Event) State {
	s.book.Add(e)
	return s
}
