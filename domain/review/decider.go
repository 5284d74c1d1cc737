package review

import (
	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Aggregate is the review as the ledger runs it.
var Aggregate = es.NewAggregate("review", Decider, Commands, Events)

// Decider decides commands on the review of one finding.
var Decider = es.Decider[Command, State, Event]{Decide: decide, Evolve: evolve}

var rules = book.NewRules("review", "review", check).With(guarded).Reopening()

// Errors of the decider, besides those of [book.Rules].
var (
	ErrNotClosed    = es.Rejected("review.not_closed", "the finding is neither accepted nor assigned", "a finding that is accepted or assigned")
	ErrOtherFinding = es.Rejected("review.other_finding", "a correction cannot make it the review of another finding",
		"the same finding; another one has a review of its own")
)

func decide(c Command, s State) ([]Event, error) {
	if o, ok := c.(opening); ok && !s.Exists() {
		opened, err := rules.Open(&s.book, o.opens())
		if err = terms.First(err, rules.Check(c.event())); err != nil {
			return nil, err
		}
		return append(opened, c.event()), nil
	}
	switch e := c.event().(type) {
	case CarriedOver:
		return rules.Open(&s.book, e)
	case Corrected:
		if finding(e.As) != uuid.Nil && finding(e.As) != s.Describe().Finding {
			return nil, ErrOtherFinding
		}
		return rules.Amend(&s.book, e)
	case Voided, Disputed, Ruled:
		return rules.Amend(&s.book, e)
	case FellDue:
		return rules.Mark(&s.book, e, s.Dues())
	default:
		return rules.Record(&s.book, e)
	}
}

// finding is the finding that an opening names.
func finding(e Event) uuid.UUID {
	switch e := e.(type) {
	case Opened:
		return e.Finding
	case CarriedOver:
		return e.Finding
	default:
		return uuid.Nil
	}
}

// guarded fails with [es.ErrRejected] if e would take back what is not so.
func guarded(b *book.Book[Event], e Event, at es.Revision) error {
	if _, ok := e.(Reopened); !ok {
		return nil
	}
	before := State{book: *b}
	if before.standingBefore(at).Standing == StandingOpen {
		return ErrNotClosed
	}
	return nil
}

func evolve(s State, _ es.Revision, e Event) State {
	s.book.Add(e)
	return s
}

// check fails with [es.ErrInvalid] unless e is complete in itself.
func check(e Event) error {
	switch e := e.(type) {
	case Opened:
		return checkFinding(e.Finding, e.Code, e.Stream)
	case CarriedOver:
		return e.check()
	case Accepted:
		return terms.First(decided(e.Fact), terms.CheckText("/reason", e.Reason), e.Basis.check("/basis"))
	case Assigned:
		return terms.First(decided(e.Fact), checkActor("/to", e.To), terms.CheckOptional("/reason", e.Reason))
	case Reopened:
		return terms.First(decided(e.Fact), terms.CheckText("/reason", e.Reason))
	case Reclassified:
		return terms.CheckText("/reason", e.Reason)
	case Corrected, Voided, Disputed, Ruled, FellDue:
	}
	return nil
}

// decided fails unless a decision is one: it is taken here, or not at all.
func decided(f terms.Fact) error {
	if f.Status != terms.Recorded {
		return es.Invalid("review.not_recorded", "a decision about a finding is recorded or not made at all", "recorded").At("/fact/status")
	}
	return nil
}

func checkFinding(id uuid.UUID, code string, stream terms.Ref) error {
	if id == uuid.Nil {
		return es.Invalid("terms.missing", "the id of the finding is missing", "one of those that `entente findings --json` shows").At("/finding")
	}
	return terms.First(terms.CheckText("/code", code), terms.CheckRef("/stream", stream))
}

func checkActor(field, actor string) error {
	if actor == "" || len(actor) > es.MaxNameBytes {
		return es.Invalid("review.bad_actor", "it is not said who is to look at the finding", "the opaque id under which somebody records").At(field)
	}
	return nil
}

func (e CarriedOver) check() error {
	err := terms.First(checkFinding(e.Finding, e.Code, e.Stream), terms.CheckWord("/standing", e.Standing), terms.CheckOptional("/reason", e.Reason))
	switch e.Standing {
	case StandingAccepted:
		return terms.First(err, e.Basis.check("/basis"))
	case StandingAssigned:
		return terms.First(err, checkActor("/to", e.To))
	case StandingOpen:
	}
	return err
}
