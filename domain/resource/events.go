package resource

import (
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Event is a fact about one resource; the set is closed.
//
//sumtype:decl
type Event interface {
	book.Event
	resource()
}

// Registered opens the record of a resource, which is at least planned from
// then on. The date of the fact is since when it was. Of what is only said to be
// going to be made the status is announced, and that one event is enough.
type Registered struct {
	terms.Fact  `json:"fact"`
	Description `json:"description"`
	Visibility  terms.Visibility `json:"visibility"`
}

// Classifies implements [es.Classifier].
func (e Registered) Classifies() es.Visibility { return e.Visibility }

// CarriedOver enters a resource in the state an older register gives it, without
// inventing the steps before. The date of the fact is that of the register.
type CarriedOver struct {
	terms.Fact  `json:"fact"`
	Description `json:"description"`
	// Phase is its state there, and Since from when.
	Phase      Phase            `json:"phase"`
	Since      edtf.Date        `json:"since"`
	Copy       Copy             `json:"copy"`
	Visibility terms.Visibility `json:"visibility"`
}

// Classifies implements [es.Classifier].
func (e CarriedOver) Classifies() es.Visibility { return e.Visibility }

// Titled adds a title in another language.
type Titled struct {
	terms.Fact `json:"fact"`
	Title      terms.Text `json:"title"`
}

// ThemesSet says what the resource is about, instead of what was said before.
type ThemesSet struct {
	terms.Fact `json:"fact"`
	Themes     []terms.Theme `json:"themes"`
}

// OwnerNamed says which party answers for the resource, instead of the one
// before.
type OwnerNamed struct {
	terms.Fact `json:"fact"`
	Owner      terms.PartyRef `json:"owner"`
}

// Related says how the resource stands to another, or to what it came out of or
// is provided under.
type Related struct {
	terms.Fact `json:"fact"`
	To         terms.Ref `json:"to"`
	Relation   Relation  `json:"relation"`
}

// Proposed puts the resource forward for publication.
type Proposed struct {
	terms.Fact `json:"fact"`
	// By is who does; its id is empty if that is not known.
	By terms.PartyRef `json:"by"`
}

// Reviewed says what a review of the resource came to.
type Reviewed struct {
	terms.Fact `json:"fact"`
	// By is the party or person who reviewed it, or empty.
	By      terms.Ref `json:"by"`
	Outcome Outcome   `json:"outcome"`
	// Remarks sum the review up, in the registrar's own words; they may be
	// empty.
	Remarks terms.Text `json:"remarks"`
}

// Published makes the resource available.
type Published struct {
	terms.Fact `json:"fact"`
	// Copy is where it can be had; it may be unknown.
	Copy Copy `json:"copy"`
}

// CopyRecorded says where the resource can be had too: elsewhere, in another
// language, or as a file kept here.
type CopyRecorded struct {
	terms.Fact `json:"fact"`
	Copy       Copy `json:"copy"`
}

// Retired says that the resource is not to be used any more, or will not be made.
type Retired struct {
	terms.Fact `json:"fact"`
	// ReplacedBy is the resource to use instead, or empty.
	ReplacedBy terms.Ref `json:"replacedBy"`
	// Reason says why, if that is known.
	Reason terms.Text `json:"reason"`
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
	// Reclassified changes who may see the resource.
	Reclassified struct{ book.Reclassified }
)

func (Registered) resource()   {}
func (CarriedOver) resource()  {}
func (Titled) resource()       {}
func (ThemesSet) resource()    {}
func (OwnerNamed) resource()   {}
func (Related) resource()      {}
func (Proposed) resource()     {}
func (Reviewed) resource()     {}
func (Published) resource()    {}
func (CopyRecorded) resource() {}
func (Retired) resource()      {}
func (Corrected) resource()    {}
func (Voided) resource()       {}
func (Disputed) resource()     {}
func (Ruled) resource()        {}
func (Reclassified) resource() {}
