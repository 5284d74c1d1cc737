package proposal

import (
	"reflect"
	"slices"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Aggregate is the proposal as the ledger runs it.
var Aggregate = es.NewAggregate("proposal", Decider, Commands, Events)

// Decider decides commands on one proposal.
var Decider = es.Decider[Command, State, Event]{Decide: decide, Evolve: evolve}

var rules = book.NewRules("proposal", "proposal", check).With(guard)

// Errors of the decider, besides those of [book.Rules].
var (
	ErrNotOpen     = es.Rejected("proposal.not_open", "the proposal was decided already, or withdrawn", "a proposal that is open")
	ErrNotApproved = es.Rejected("proposal.not_approved", "the proposal is not approved, or it is known already what came of it",
		"a proposal that is approved, and no more")
	ErrSamePerson = es.Rejected("proposal.same_person", "who made a proposal cannot decide about it", "another person; who made it can withdraw it")
	ErrNotTheirs  = es.Rejected("proposal.not_theirs", "only who made a proposal can withdraw it", "who made it; others can refuse it")
	ErrBinding    = es.Rejected("proposal.binding", "a correction cannot change what was proposed, who decided, or what came of it",
		"another date, reason or source; or another proposal")
	ErrTookEffect = es.Rejected("proposal.took_effect", "an approval and what came of it took effect at once, and cannot be taken back",
		"a correction of what was recorded in consequence")
)

func decide(c Command, s State) ([]Event, error) {
	switch e := c.event().(type) {
	case Made:
		return rules.Open(&s.book, e)
	case Corrected:
		if h, ok := s.book.At(e.Of); ok && reflect.TypeOf(h.Event) == reflect.TypeOf(e.As) && !reflect.DeepEqual(binding(h.Event), binding(e.As)) {
			return nil, ErrBinding
		}
		return rules.Amend(&s.book, e)
	case Voided:
		if s.tookEffect(e.Of, false) {
			return nil, ErrTookEffect
		}
		return rules.Amend(&s.book, e)
	case Disputed:
		if s.tookEffect(e.Of, true) {
			return nil, ErrTookEffect
		}
		return rules.Amend(&s.book, e)
	case Ruled:
		return rules.Amend(&s.book, e)
	default:
		return rules.Record(&s.book, e)
	}
}

// tookEffect reports whether what was recorded at a revision cannot be taken
// back, and if contested not be contested either: then that is so of the
// proposal itself, which is refused or withdrawn instead.
func (s *State) tookEffect(of es.Revision, contested bool) bool {
	h, ok := s.book.At(of)
	switch h.Event.(type) {
	case Approved, CarriedOut, Failed:
		return ok
	case Made:
		return ok && contested
	default:
		return false
	}
}

// binding is what of an event a correction cannot change.
func binding(e Event) any {
	switch e := e.(type) {
	case Made:
		return [...]any{e.Proposed, e.By}
	case Withdrawn:
		return e.By
	case Approved:
		return e.By
	case Refused:
		return e.By
	case CarriedOut:
		e.Fact = terms.Fact{}
		return e
	case Failed:
		return e.Code
	default:
		return nil
	}
}

// guard fails with [es.ErrRejected] if e cannot follow what was before.
func guard(b *book.Book[Event], e Event, at es.Revision) error {
	s := State{book: *b}
	before := s.standingBefore(at)
	switch e := e.(type) {
	case Approved:
		return decides(before, e.By)
	case Refused:
		return decides(before, e.By)
	case Withdrawn:
		switch {
		case before.Phase != PhaseOpen:
			return ErrNotOpen
		case e.By != s.Describe().By:
			return ErrNotTheirs
		}
	case CarriedOut, Failed:
		if before.Phase != PhaseApproved {
			return ErrNotApproved
		}
	case Made, Corrected, Voided, Disputed, Ruled, Reclassified:
	}
	return nil
}

// decides fails unless somebody can approve or refuse what stands so.
func decides(before Standing, by string) error {
	switch {
	case before.Phase != PhaseOpen:
		return ErrNotOpen
	case by == before.MadeBy:
		return ErrSamePerson
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
	case Made:
		return terms.First(decided(e.Fact), e.Proposed.check(), checkActor(e.By), terms.CheckText("/why", e.Why))
	case Withdrawn:
		return terms.First(decided(e.Fact), checkActor(e.By), terms.CheckOptional("/why", e.Why))
	case Approved:
		return terms.First(decided(e.Fact), checkActor(e.By), terms.CheckOptional("/why", e.Why))
	case Refused:
		return terms.First(decided(e.Fact), checkActor(e.By), terms.CheckText("/why", e.Why))
	case CarriedOut:
		return terms.First(decided(e.Fact), terms.CheckRef("/stream", e.Stream), checkEvents(e.Events))
	case Failed:
		return terms.First(decided(e.Fact), terms.CheckText("/code", e.Code), terms.CheckText("/message", e.Message))
	case Reclassified:
		return terms.CheckText("/reason", e.Reason)
	case Corrected, Voided, Disputed, Ruled:
	}
	return nil
}

// decided fails unless a decision is one: it is taken here, or not at all.
func decided(f terms.Fact) error {
	if f.Status != terms.Recorded {
		return es.Invalid("proposal.not_recorded", "a proposal and a decision about it are recorded or not made at all", "recorded").At("/fact/status")
	}
	return nil
}

func checkActor(by string) error {
	if by == "" || len(by) > es.MaxNameBytes {
		return es.Invalid("proposal.bad_actor", "it is not said who proposes or decides", "the opaque id under which somebody records").At("/by")
	}
	return nil
}

func checkEvents(ids []uuid.UUID) error {
	if slices.Contains(ids, uuid.Nil) {
		return es.Invalid("terms.missing", "the id of an event is missing", "the ids of the events that were recorded").At("/events")
	}
	return nil
}
