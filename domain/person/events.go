package person

import (
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Event is a fact about one person; the set is closed.
//
//sumtype:decl
type Event interface {
	book.Event
	person()
}

// Registered opens the record of a person whose data are in the vault.
type Registered struct {
	terms.Fact `json:"fact"`
	Commitment Commitment       `json:"commitment"`
	Visibility terms.Visibility `json:"visibility"`
}

// Classifies implements [es.Classifier].
func (e Registered) Classifies() es.Visibility { return e.Visibility }

// CarriedOver enters a person with the functions an older register gives.
type CarriedOver struct {
	terms.Fact `json:"fact"`
	Commitment Commitment       `json:"commitment"`
	Functions  []Function       `json:"functions"`
	Visibility terms.Visibility `json:"visibility"`
}

// Classifies implements [es.Classifier].
func (e CarriedOver) Classifies() es.Visibility { return e.Visibility }

// FunctionHeld says that the person held an office or task from the effective
// date on.
type FunctionHeld struct {
	terms.Fact `json:"fact"`
	// Function is the office, "mayor", never a name.
	Function terms.Text `json:"function"`
	// At is the party where it is held, or empty.
	At terms.PartyID `json:"at"`
	// Until is when it was no longer held; unknown if it is held or that is
	// not known.
	Until edtf.Date `json:"until"`
}

// Erased says that the person's data are gone from the vault, or go as soon as
// the vault reads this.
type Erased struct {
	terms.Fact `json:"fact"`
	Reason     Ground `json:"reason"`
}

// Evidence implements [book.Evident]: a letter asking for it would name the
// person.
func (Erased) Evidence() string { return "the erasure itself" }

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
	// Reclassified changes who may see the person.
	Reclassified struct{ book.Reclassified }
)

func (Registered) person()   {}
func (CarriedOver) person()  {}
func (FunctionHeld) person() {}
func (Erased) person()       {}
func (Corrected) person()    {}
func (Voided) person()       {}
func (Disputed) person()     {}
func (Ruled) person()        {}
func (Reclassified) person() {}

// Events ties the events to their stored names, which are permanent.
var Events = es.NewRegistry[Event](
	es.Def[Registered]("person.registered"),
	es.Def[CarriedOver]("person.carried_over"),
	es.Def[FunctionHeld]("person.function_held"),
	es.Def[Erased]("person.erased"),
	es.Def[Corrected]("person.corrected"),
	es.Def[Voided]("person.voided"),
	es.Def[Disputed]("person.disputed"),
	es.Def[Ruled]("person.ruled"),
	es.Def[Reclassified]("person.reclassified"),
)
