package proposal

import (
	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Event is a fact about one proposal; the set is closed.
//
//sumtype:decl
type Event interface {
	book.Event
	proposal()
}

// Made says that somebody proposed a command.
type Made struct {
	terms.Fact `json:"fact"`
	Proposed   Proposed `json:"proposed"`
	// By is the opaque id of who proposes it.
	By string `json:"by"`
	// Why says why, in a sentence.
	Why string `json:"why"`
	// Visibility is at least as restricted as that of what the command is about.
	Visibility terms.Visibility `json:"visibility"`
}

// Withdrawn says that who made the proposal took it back.
type Withdrawn struct {
	terms.Fact `json:"fact"`
	// By is the opaque id of who made it.
	By string `json:"by"`
	// Why may be empty.
	Why string `json:"why"`
}

// Approved says that a second person agreed.
type Approved struct {
	terms.Fact `json:"fact"`
	// By is the opaque id of who approves; never that of who made the proposal.
	By string `json:"by"`
	// Why may be empty.
	Why string `json:"why"`
}

// Refused says that a second person did not agree.
type Refused struct {
	terms.Fact `json:"fact"`
	// By is the opaque id of who refuses; never that of who made the proposal.
	By string `json:"by"`
	// Why says why, in a sentence.
	Why string `json:"why"`
}

// CarriedOut says what the command led to.
type CarriedOut struct {
	terms.Fact `json:"fact"`
	// Stream is what it was recorded in, and Revision the revision of that after
	// it.
	Stream   terms.Ref   `json:"stream"`
	Revision es.Revision `json:"revision"`
	// Events are the ids of the events; none if it changed nothing.
	Events []uuid.UUID `json:"events"`
}

// Failed says that the command was not carried out, because it was rejected.
type Failed struct {
	terms.Fact `json:"fact"`
	// Code and Message say how it was rejected.
	Code    string `json:"code"`
	Message string `json:"message"`
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
	// Reclassified changes who may see the proposal.
	Reclassified struct{ book.Reclassified }
)

// Classifies implements [es.Classifier].
func (e Made) Classifies() es.Visibility { return e.Visibility }

// decision is what a proposal rests on: not a text, but a decision taken here.
const decision = "the decision taken here"

// Evidence implements [book.Evident].
func (Made) Evidence() string { return decision }

// Evidence implements [book.Evident].
func (Withdrawn) Evidence() string { return decision }

// Evidence implements [book.Evident].
func (Approved) Evidence() string { return decision }

// Evidence implements [book.Evident].
func (Refused) Evidence() string { return decision }

// Evidence implements [book.Evident].
func (CarriedOut) Evidence() string { return "the events that were recorded" }

// Evidence implements [book.Evident].
func (Failed) Evidence() string { return "the answer of the ledger" }

func (Made) proposal()         {}
func (Withdrawn) proposal()    {}
func (Approved) proposal()     {}
func (Refused) proposal()      {}
func (CarriedOut) proposal()   {}
func (Failed) proposal()       {}
func (Corrected) proposal()    {}
func (Voided) proposal()       {}
func (Disputed) proposal()     {}
func (Ruled) proposal()        {}
func (Reclassified) proposal() {}

// Events ties the events to their stored names, which are permanent.
var Events = es.NewRegistry[Event](
	es.Def[Made]("proposal.made"),
	es.Def[Withdrawn]("proposal.withdrawn"),
	es.Def[Approved]("proposal.approved"),
	es.Def[Refused]("proposal.refused"),
	es.Def[CarriedOut]("proposal.carried_out"),
	es.Def[Failed]("proposal.failed"),
	es.Def[Corrected]("proposal.corrected"),
	es.Def[Voided]("proposal.voided"),
	es.Def[Disputed]("proposal.disputed"),
	es.Def[Ruled]("proposal.ruled"),
	es.Def[Reclassified]("proposal.reclassified"),
)
