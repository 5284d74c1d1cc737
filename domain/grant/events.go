package grant

import (
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Event is a fact about one grant; the set is closed.
//
//sumtype:decl
type Event interface {
	book.Event
	grant()
}

// Registered opens the record of a grant. If the fact is announced, the grant
// is no more than that.
type Registered struct {
	terms.Fact `json:"fact"`
	Titles     []terms.Text `json:"titles"`
	// Funder is who pays; empty if it is not known.
	Funder terms.PartyRef `json:"funder"`
	// Under is the programme or network it belongs to, or empty.
	Under terms.Ref `json:"under"`
	// Envelope is the most that can be awarded; null if it is not known.
	Envelope   *terms.Money     `json:"envelope"`
	Visibility terms.Visibility `json:"visibility"`
}

// CarriedOver enters a grant with the awards and sums that an older register
// gives it, as of the date of the fact, without inventing the payments.
type CarriedOver struct {
	terms.Fact `json:"fact"`
	Titles     []terms.Text     `json:"titles"`
	Funder     terms.PartyRef   `json:"funder"`
	Under      terms.Ref        `json:"under"`
	Envelope   *terms.Money     `json:"envelope"`
	Awards     []CarriedAward   `json:"awards"`
	Visibility terms.Visibility `json:"visibility"`
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

// Awarded promises a party money.
type Awarded struct {
	terms.Fact `json:"fact"`
	Key        Key            `json:"key"`
	Party      terms.PartyRef `json:"party"`
	Amount     terms.Money    `json:"amount"`
	// Call is the call it answers, empty if that is not known.
	Call Key `json:"call"`
}

// Disbursed says that a part of an award was paid.
type Disbursed struct {
	terms.Fact `json:"fact"`
	// Key names the payment.
	Key    Key         `json:"key"`
	Award  Key         `json:"award"`
	Amount terms.Money `json:"amount"`
}

// Reported says that the party reported on the use of an award.
type Reported struct {
	terms.Fact `json:"fact"`
	Award      Key `json:"award"`
	// Period is what the report covers, Due by when it was owed; either may be
	// unknown.
	Period edtf.Date `json:"period"`
	Due    edtf.Date `json:"due"`
}

// AwardClosed says that nothing more is paid of an award.
type AwardClosed struct {
	terms.Fact `json:"fact"`
	Award      Key `json:"award"`
	// Reason is in own words, or empty.
	Reason string `json:"reason"`
}

// ClawedBack says that a part of what was disbursed was paid back.
type ClawedBack struct {
	terms.Fact `json:"fact"`
	// Key names the payment.
	Key    Key         `json:"key"`
	Award  Key         `json:"award"`
	Amount terms.Money `json:"amount"`
	Reason string      `json:"reason"`
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
	// Reclassified changes who may see the grant.
	Reclassified struct{ book.Reclassified }
	// FellDue says that a day came that follows from the facts.
	FellDue struct{ book.FellDue }
)

// Classifies implements [es.Classifier].
func (e Registered) Classifies() es.Visibility { return e.Visibility }

// Classifies implements [es.Classifier].
func (e CarriedOver) Classifies() es.Visibility { return e.Visibility }

func (Registered) grant()   {}
func (CarriedOver) grant()  {}
func (CallOpened) grant()   {}
func (CallClosed) grant()   {}
func (Awarded) grant()      {}
func (Disbursed) grant()    {}
func (Reported) grant()     {}
func (AwardClosed) grant()  {}
func (ClawedBack) grant()   {}
func (Corrected) grant()    {}
func (Voided) grant()       {}
func (Disputed) grant()     {}
func (Ruled) grant()        {}
func (Reclassified) grant() {}
func (FellDue) grant()      {}

// Events ties the events to their stored names, which are permanent.
var Events = es.NewRegistry[Event](
	es.Def[Registered]("grant.registered"),
	es.Def[CarriedOver]("grant.carried_over"),
	es.Def[CallOpened]("grant.call_opened"),
	es.Def[CallClosed]("grant.call_closed"),
	es.Def[Awarded]("grant.awarded"),
	es.Def[Disbursed]("grant.disbursed"),
	es.Def[Reported]("grant.reported"),
	es.Def[AwardClosed]("grant.award_closed"),
	es.Def[ClawedBack]("grant.clawed_back"),
	es.Def[Corrected]("grant.corrected"),
	es.Def[Voided]("grant.voided"),
	es.Def[Disputed]("grant.disputed"),
	es.Def[Ruled]("grant.ruled"),
	es.Def[Reclassified]("grant.reclassified"),
	es.Def[FellDue]("grant.fell_due"),
)
