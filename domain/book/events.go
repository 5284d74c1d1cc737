package book

import (
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Event is what a book can hold.
type Event interface{ About() terms.Fact }

// Derived is an event that the decider computed from the others. It states no
// fact of its own: it can be disputed and ruled on, not corrected or voided.
type Derived interface{ DerivedBy() (rule string) }

// Evident is an event that needs no source, because what it rests on is no text
// to be cited: the thing itself, or a decision taken here.
type Evident interface{ Evidence() string }

// Reversible is an event that a later one can take back: of the events that
// share a subject only the last is what the book says, so that linked,
// unlinked and linked again are three events.
type Reversible interface{ Reverses() (subject string) }

// Corrected gives an earlier event new values. The fact is the correction
// itself; the corrected event carries its own.
type Corrected[E Event] struct {
	terms.Fact `json:"fact"`
	// Of is the revision, in the same stream, of the event as first recorded.
	Of es.Revision `json:"of"`
	// As is the whole event as it should have been, of the same type.
	As E `json:"as"`
	// Reason says why, in a sentence.
	Reason string `json:"reason"`
}

// Voided says that an event, or a correction, dispute or ruling, was recorded
// in error: it never happened, or belongs elsewhere.
type Voided struct {
	terms.Fact `json:"fact"`
	// Of is the revision of what was recorded in error.
	Of es.Revision `json:"of"`
	// Reason says why, in a sentence.
	Reason string `json:"reason"`
}

// Disputed says that somebody contests an event. Until a ruling it moves
// nothing.
type Disputed struct {
	terms.Fact `json:"fact"`
	// Of is the revision of the contested event.
	Of es.Revision `json:"of"`
	// By is the party that contests it, if it is known.
	By terms.PartyID `json:"by"`
	// Grounds says why, in a sentence.
	Grounds string `json:"grounds"`
}

// Ruled settles a dispute. Whose ruling it is stands in the fact's authority.
type Ruled struct {
	terms.Fact `json:"fact"`
	// Of is the revision of the dispute.
	Of es.Revision `json:"of"`
	// Stands is true if the contested event holds, false if it is set aside.
	Stands bool `json:"stands"`
	// Reason says why, in a sentence.
	Reason string `json:"reason"`
}

// Reclassified changes who may see the stream. It is no fact about the world:
// it takes effect as it is recorded, and is undone by another one only.
type Reclassified struct {
	terms.Fact `json:"fact"`
	// Visibility is the new one.
	Visibility terms.Visibility `json:"visibility"`
	// Reason says why, in a sentence.
	Reason string `json:"reason"`
}

// FellDue is derived: a day that followed from an earlier event came, or passed
// (see [terms.Due]). It says so to whoever follows the ledger, and changes no
// answer: what follows from time alone is read off the terms.
type FellDue struct {
	terms.Fact `json:"fact"`
	// Rule is what made it fall due: aggregate.snake_case.
	Rule string `json:"rule"`
	// Of is the revision of the event that determined it.
	Of es.Revision `json:"of"`
	// Key tells it from others of the same event and rule, or is empty.
	Key string    `json:"key"`
	On  edtf.Date `json:"on"`
}

// DerivedBy implements [Derived].
func (e FellDue) DerivedBy() string { return e.Rule }

// Fell returns e, so that whatever embeds it can be asked for it.
func (e FellDue) Fell() FellDue { return e }

// DueOn is the day that is said to have come.
func (e FellDue) DueOn() edtf.Date { return e.On }

// Classifies implements [es.Classifier].
func (r Reclassified) Classifies() es.Visibility { return r.Visibility }

// Evidence implements [Evident].
func (Reclassified) Evidence() string { return "the decision to reclassify" }

// Reverses implements [Reversible].
func (Reclassified) Reverses() string { return "visibility" }

// amendment is an event about another event.
type amendment interface {
	about() (of es.Revision, reason string)
}

func (c Corrected[E]) about() (es.Revision, string) { return c.Of, c.Reason }
func (v Voided) about() (es.Revision, string)       { return v.Of, v.Reason }
func (d Disputed) about() (es.Revision, string)     { return d.Of, d.Grounds }
func (r Ruled) about() (es.Revision, string)        { return r.Of, r.Reason }

// The parts of an amendment that a book acts on; an aggregate's own types
// embed the types above and so have these methods.
type (
	correction[E Event] interface{ restated() E }
	voiding             interface{ voids() }
	dispute             interface{ disputes() }
	ruling              interface{ upholds() bool }
)

type reclassification interface{ reclassifies() }

func (c Corrected[E]) restated() E { return c.As }
func (Voided) voids()              {}
func (Disputed) disputes()         {}
func (r Ruled) upholds() bool      { return r.Stands }
func (Reclassified) reclassifies() {}
