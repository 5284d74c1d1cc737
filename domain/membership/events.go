package membership

import (
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Event is a fact about one membership; the set is closed.
//
//sumtype:decl
type Event interface {
	book.Event
	membership()
}

// Registered opens the record of a pair: there is, or may be, such a
// membership. Of one that is only claimed, the fact is claimed.
type Registered struct {
	terms.Fact `json:"fact"`
	Network    terms.PartyID    `json:"network"`
	Party      terms.PartyRef   `json:"party"`
	Visibility terms.Visibility `json:"visibility"`
}

// CarriedOver enters a membership in the standing an older register gives it,
// without inventing the steps before. The date of the fact is that as of which
// the register says so. How many rounds there were before is not known: it
// counts as the first.
type CarriedOver struct {
	terms.Fact `json:"fact"`
	Network    terms.PartyID  `json:"network"`
	Party      terms.PartyRef `json:"party"`
	// Class is as what it is a member, and OwnClass the key of the network's
	// own class; empty: not stated.
	Class    Class `json:"class"`
	OwnClass Key   `json:"ownClass"`
	// Standing is how it stands there, and Since from when; unknown: it stood
	// so by the date of the fact.
	Standing   Standing         `json:"standing"`
	Since      edtf.Date        `json:"since"`
	Visibility terms.Visibility `json:"visibility"`
}

// Invited says that the party was asked to join.
type Invited struct {
	terms.Fact `json:"fact"`
	// By is who asked; empty if it is not known, or was the network.
	By terms.PartyRef `json:"by"`
}

// Applied says that the party asked to be admitted.
type Applied struct {
	terms.Fact `json:"fact"`
	// Class and OwnClass are as what, as in [Admitted].
	Class    Class `json:"class"`
	OwnClass Key   `json:"ownClass"`
}

// ReviewBegun says that the network began to look into it.
type ReviewBegun struct {
	terms.Fact `json:"fact"`
}

// Rejected says that the party was not admitted. It may ask again.
type Rejected struct {
	terms.Fact `json:"fact"`
	// Reason is in own words, or empty.
	Reason string `json:"reason"`
}

// Admitted says that the party was admitted. The decision is the fact's
// authority, as an event of the network: network-<uuid>@revision. Of a founder
// it is the founding.
type Admitted struct {
	terms.Fact `json:"fact"`
	// Class is as what, empty if it is not stated.
	Class Class `json:"class"`
	// OwnClass is the key of the network's own class, or empty.
	OwnClass Key `json:"ownClass"`
}

// Signed says that the party signed what members sign.
type Signed struct {
	terms.Fact `json:"fact"`
	// Instrument is what was signed, or empty.
	Instrument terms.AgreementID `json:"instrument"`
	// By is who signed for the party, or empty.
	By terms.PersonID `json:"by"`
}

// Activated says that the party takes part with all rights.
type Activated struct {
	terms.Fact `json:"fact"`
}

// ClassChanged says that the party is a member as something else from the
// effective date on.
type ClassChanged struct {
	terms.Fact `json:"fact"`
	Class      Class `json:"class"`
	// OwnClass is the key of the network's own class, or empty.
	OwnClass Key `json:"ownClass"`
}

// PutOnHold says that the membership rests.
type PutOnHold struct {
	terms.Fact `json:"fact"`
	// Reason is in own words, or empty.
	Reason string `json:"reason"`
	// Until is the first day on which it does not rest any more; unknown: until
	// it is resumed.
	Until edtf.Date `json:"until"`
	// Duty is the key of the duty for which it rests, or empty: then meeting
	// that ends it.
	Duty Key `json:"duty"`
}

// SuspensionNoticed says that the party was given written notice that its
// membership will be suspended.
type SuspensionNoticed struct {
	terms.Fact `json:"fact"`
	// From is the first day of the suspension; unknown: it is not fixed yet.
	From edtf.Date `json:"from"`
	// Reason is in own words, or empty.
	Reason string `json:"reason"`
	// Duty is the key of the duty because of which, or empty: then meeting
	// that averts it.
	Duty Key `json:"duty"`
}

// Suspended says that the membership was suspended.
type Suspended struct {
	terms.Fact `json:"fact"`
	// Reason is in own words, or empty.
	Reason string `json:"reason"`
	// Duty is the key of the duty because of which, or empty: then meeting
	// that ends it.
	Duty Key `json:"duty"`
}

// Resumed ends a hold or a suspension, and averts one of which notice was given.
type Resumed struct {
	terms.Fact `json:"fact"`
}

// NoticeGiven says that the party gave notice of withdrawal.
type NoticeGiven struct {
	terms.Fact `json:"fact"`
	// Until is the first day on which it is not a member any more; unknown: it
	// follows from the period.
	Until edtf.Date `json:"until"`
	// Period is how long it remains a member from the date of the notice on,
	// where Until is unknown; zero: not known.
	Period edtf.Period `json:"period"`
}

// NoticeRevoked takes a notice of withdrawal back that has not taken effect.
type NoticeRevoked struct {
	terms.Fact `json:"fact"`
}

// Withdrawn says that the party left. The effective date is the first day on
// which it is not a member.
type Withdrawn struct {
	terms.Fact `json:"fact"`
	// Reason is in own words, or empty.
	Reason string `json:"reason"`
}

// Expelled says that the network ended the membership.
type Expelled struct {
	terms.Fact `json:"fact"`
	// Reason is in own words, or empty.
	Reason string `json:"reason"`
}

// Lapsed says that the membership ended because something was not done.
type Lapsed struct {
	terms.Fact `json:"fact"`
	// Reason is in own words, or empty.
	Reason string `json:"reason"`
}

// Succeeded says that another party took the membership over. Its own is
// another record.
type Succeeded struct {
	terms.Fact `json:"fact"`
	// By is the heir, empty if it is not named.
	By terms.PartyRef `json:"by"`
}

// DutySet says what the party owes the network as a member, from then on and
// until the end of that round of participation.
type DutySet struct {
	terms.Fact `json:"fact"`
	Key        Key        `json:"key"`
	Kind       DutyKind   `json:"kind"`
	What       terms.Text `json:"what"`
	// Due is the last day on which it is met in time, the first one if it recurs;
	// unknown: nothing follows.
	Due edtf.Date `json:"due"`
	// Every is after how long it is due again, counted from Due; zero: once.
	Every edtf.Period `json:"every"`
	// Consequence is what follows on the day after Due and Grace if it is not
	// met, waived or extended by then.
	Consequence Consequence `json:"consequence"`
	Grace       edtf.Period `json:"grace"`
}

// DutyMet says that a duty was met.
type DutyMet struct {
	terms.Fact `json:"fact"`
	Duty       Key `json:"duty"`
	// Due is the due date it is for, as set or as extended; unknown: the first
	// that is not settled.
	Due edtf.Date `json:"due"`
}

// DutyWaived says that a duty need not be met.
type DutyWaived struct {
	terms.Fact `json:"fact"`
	Duty       Key `json:"duty"`
	// Due is the due date it is for, as in [DutyMet].
	Due edtf.Date `json:"due"`
	// Reason is in own words, or empty.
	Reason string `json:"reason"`
}

// DutyExtended gives more time for a duty.
type DutyExtended struct {
	terms.Fact `json:"fact"`
	Duty       Key `json:"duty"`
	// Due is the due date it is for, as in [DutyMet].
	Due edtf.Date `json:"due"`
	// To is the new one.
	To edtf.Date `json:"to"`
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
	// Reclassified changes who may see the membership.
	Reclassified struct{ book.Reclassified }
	// FellDue says that a day came that follows from the facts.
	FellDue struct{ book.FellDue }
)

// Classifies implements [es.Classifier].
func (e Registered) Classifies() es.Visibility { return e.Visibility }

// Classifies implements [es.Classifier].
func (e CarriedOver) Classifies() es.Visibility { return e.Visibility }
