package programme

import (
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Event is a fact about one programme; the set is closed.
//
//sumtype:decl
type Event interface {
	book.Event
	programme()
}

// Registered opens the record of a programme. If the fact is announced, the
// programme is no more than that.
type Registered struct {
	terms.Fact `json:"fact"`
	Titles     []terms.Text `json:"titles"`
	// Owner runs the programme; empty if it is not known.
	Owner      terms.PartyRef   `json:"owner"`
	Purpose    Purpose          `json:"purpose"`
	Visibility terms.Visibility `json:"visibility"`
}

// CarriedOver enters a programme in the state an older register gives it,
// without inventing the steps before. The date of the fact is that as of which
// the register says so: what it does not date was so by then.
type CarriedOver struct {
	terms.Fact `json:"fact"`
	Titles     []terms.Text   `json:"titles"`
	Owner      terms.PartyRef `json:"owner"`
	Purpose    Purpose        `json:"purpose"`
	// Phase is its state there, and Since from when.
	Phase      Phase            `json:"phase"`
	Since      edtf.Date        `json:"since"`
	Parts      []CarriedPart    `json:"parts"`
	Visibility terms.Visibility `json:"visibility"`
}

// Launched says that the programme began.
type Launched struct {
	terms.Fact `json:"fact"`
	// Purpose replaces what was said before, unless it is empty.
	Purpose Purpose `json:"purpose"`
}

// PurposeStated says what the programme is for, instead of what was said
// before.
type PurposeStated struct {
	terms.Fact `json:"fact"`
	Purpose    Purpose `json:"purpose"`
}

// OwnerNamed says who runs the programme, from the effective date on.
type OwnerNamed struct {
	terms.Fact `json:"fact"`
	Owner      terms.PartyRef `json:"owner"`
}

// CallOpened opens a call for applications.
type CallOpened struct {
	terms.Fact `json:"fact"`
	Key        Key        `json:"key"`
	Title      terms.Text `json:"title"`
	// Until is the last day for applications; unknown: until it is closed.
	Until edtf.Date `json:"until"`
}

// CallClosed closes a call, whatever the last day for applications was.
type CallClosed struct {
	terms.Fact `json:"fact"`
	Call       Key `json:"call"`
}

// ApplicationReceived says that a party applied.
type ApplicationReceived struct {
	terms.Fact `json:"fact"`
	Party      terms.PartyRef `json:"party"`
	// Unit is the unit of the party that leads the application, or empty.
	Unit terms.PartyRef `json:"unit"`
	// Call is the call it answers, empty if that is not known.
	Call Key `json:"call"`
	// Project is what was applied for, in own words, or empty.
	Project terms.Text `json:"project"`
}

// Selected says that a party was selected.
type Selected struct {
	terms.Fact `json:"fact"`
	Party      terms.PartyRef `json:"party"`
	Call       Key            `json:"call"`
}

// Rejected says that a party was not selected.
type Rejected struct {
	terms.Fact `json:"fact"`
	Party      terms.PartyRef `json:"party"`
	Call       Key            `json:"call"`
	// Reason is in own words, or empty.
	Reason string `json:"reason"`
}

// Counted states how many there are, named or not. Without a call it is about
// the whole programme.
type Counted struct {
	terms.Fact `json:"fact"`
	What       What `json:"what"`
	Number     int  `json:"number"`
	Call       Key  `json:"call"`
}

// Paired says that two parties are to work with each other.
type Paired struct {
	terms.Fact `json:"fact"`
	First      terms.PartyRef `json:"first"`
	Second     terms.PartyRef `json:"second"`
	Call       Key            `json:"call"`
}

// Closed ends the programme.
type Closed struct {
	terms.Fact `json:"fact"`
	// Reason is in own words, or empty.
	Reason string `json:"reason"`
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
	// Reclassified changes who may see the programme.
	Reclassified struct{ book.Reclassified }
	// FellDue says that a day came that follows from the facts.
	FellDue struct{ book.FellDue }
)

// Classifies implements [es.Classifier].
func (e Registered) Classifies() es.Visibility { return e.Visibility }

// Classifies implements [es.Classifier].
func (e CarriedOver) Classifies() es.Visibility { return e.Visibility }

func (Registered) programme()          {}
func (CarriedOver) programme()         {}
func (Launched) programme()            {}
func (PurposeStated) programme()       {}
func (OwnerNamed) programme()          {}
func (CallOpened) programme()          {}
func (CallClosed) programme()          {}
func (ApplicationReceived) programme() {}
func (Selected) programme()            {}
func (Rejected) programme()            {}
func (Counted) programme()             {}
func (Paired) programme()              {}
func (Closed) programme()              {}
func (Corrected) programme()           {}
func (Voided) programme()              {}
func (Disputed) programme()            {}
func (Ruled) programme()               {}
func (Reclassified) programme()        {}
func (FellDue) programme()             {}

// Events ties the events to their stored names, which are permanent.
var Events = es.NewRegistry[Event](
	es.Def[Registered]("programme.registered"),
	es.Def[CarriedOver]("programme.carried_over"),
	es.Def[Launched]("programme.launched"),
	es.Def[PurposeStated]("programme.purpose_stated"),
	es.Def[OwnerNamed]("programme.owner_named"),
	es.Def[CallOpened]("programme.call_opened"),
	es.Def[CallClosed]("programme.call_closed"),
	es.Def[ApplicationReceived]("programme.application_received"),
	es.Def[Selected]("programme.selected"),
	es.Def[Rejected]("programme.rejected"),
	es.Def[Counted]("programme.counted"),
	es.Def[Paired]("programme.paired"),
	es.Def[Closed]("programme.closed"),
	es.Def[Corrected]("programme.corrected"),
	es.Def[Voided]("programme.voided"),
	es.Def[Disputed]("programme.disputed"),
	es.Def[Ruled]("programme.ruled"),
	es.Def[Reclassified]("programme.reclassified"),
	es.Def[FellDue]("programme.fell_due"),
)
