package review

import (
	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Event is a fact about the review of one finding; the set is closed.
//
//sumtype:decl
type Event interface {
	book.Event
	review()
}

// Opened begins the review of a finding, with the first decision about it.
type Opened struct {
	terms.Fact `json:"fact"`
	// Finding is its id, which the code and the events it is about give it.
	Finding uuid.UUID `json:"finding"`
	// Code is what was found, such as memorandum.undated.
	Code string `json:"code"`
	// Stream is the aggregate it was found in.
	Stream     terms.Ref        `json:"stream"`
	Visibility terms.Visibility `json:"visibility"`
}

// CarriedOver enters a review in the state an older register gives it.
type CarriedOver struct {
	terms.Fact `json:"fact"`
	Finding    uuid.UUID `json:"finding"`
	Code       string    `json:"code"`
	Stream     terms.Ref `json:"stream"`
	Standing   Standing  `json:"standing"`
	// Basis is empty unless the finding was accepted.
	Basis Basis `json:"basis"`
	// To is the opaque id of who looks at it, if it was assigned.
	To         string           `json:"to"`
	Reason     string           `json:"reason"`
	Visibility terms.Visibility `json:"visibility"`
}

// Accepted says that the finding is known and needs no change, for as long as
// its events stay as they are.
type Accepted struct {
	terms.Fact `json:"fact"`
	Basis      Basis `json:"basis"`
	// Reason says why, in a sentence.
	Reason string `json:"reason"`
}

// Assigned says who is to look at the finding.
type Assigned struct {
	terms.Fact `json:"fact"`
	// To is the opaque id of who records as that; never a name.
	To string `json:"to"`
	// Due is the last day for it; unknown: none is set.
	Due    edtf.Date `json:"due"`
	Reason string    `json:"reason"`
}

// Reopened takes back that the finding was accepted or assigned.
type Reopened struct {
	terms.Fact `json:"fact"`
	Reason     string `json:"reason"`
}

// What is said of earlier events.
type (
	// Corrected gives an earlier event new values.
	Corrected struct{ book.Corrected[Event] }
	// Voided says that an event was recorded in error.
	Voided struct{ book.Voided }
	// Disputed says that somebody contests an event.
	Disputed struct{ book.Disputed }
	// Ruled settles a dispute.
	Ruled struct{ book.Ruled }
	// Reclassified changes who may see the review.
	Reclassified struct{ book.Reclassified }
	// FellDue says that the day came by which somebody was to look at it.
	FellDue struct{ book.FellDue }
)

// Classifies implements [es.Classifier].
func (e Opened) Classifies() es.Visibility { return e.Visibility }

// Classifies implements [es.Classifier].
func (e CarriedOver) Classifies() es.Visibility { return e.Visibility }

// decision is what a review rests on: not a text, but a decision taken here.
const decision = "the decision about the finding"

// Evidence implements [book.Evident].
func (Opened) Evidence() string { return decision }

// Evidence implements [book.Evident].
func (Accepted) Evidence() string { return decision }

// Evidence implements [book.Evident].
func (Assigned) Evidence() string { return decision }

// Evidence implements [book.Evident].
func (Reopened) Evidence() string { return decision }

// standing is the subject of decisions of which only the last holds.
const standing = "standing"

// Reverses implements [book.Reversible].
func (Accepted) Reverses() string { return standing }

// Reverses implements [book.Reversible].
func (Assigned) Reverses() string { return standing }

// Reverses implements [book.Reversible].
func (Reopened) Reverses() string { return standing }

func (Opened) review()       {}
func (CarriedOver) review()  {}
func (Accepted) review()     {}
func (Assigned) review()     {}
func (Reopened) review()     {}
func (Corrected) review()    {}
func (Voided) review()       {}
func (Disputed) review()     {}
func (Ruled) review()        {}
func (Reclassified) review() {}
func (FellDue) review()      {}

// Events ties the events to their stored names, which are permanent.
var Events = es.NewRegistry[Event](
	es.Def[Opened]("review.opened"),
	es.Def[CarriedOver]("review.carried_over"),
	es.Def[Accepted]("review.accepted"),
	es.Def[Assigned]("review.assigned"),
	es.Def[Reopened]("review.reopened"),
	es.Def[Corrected]("review.corrected"),
	es.Def[Voided]("review.voided"),
	es.Def[Disputed]("review.disputed"),
	es.Def[Ruled]("review.ruled"),
	es.Def[Reclassified]("review.reclassified"),
	es.Def[FellDue]("review.fell_due"),
)
